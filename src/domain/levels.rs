//! Whether the radio says how loud phones are. Some adapters do not: all their reports come without
//! a level, and then nobody can be found at the desk, however much is heard. It only counts; what a
//! level is was decided before, and what is done about it is the reception's business.

use super::moment::Mono;
use super::policy::{LEVELS_BACK_PERCENT, LEVELS_LACK_PERCENT, LEVELS_REPORTS_MIN, LEVELS_WITHIN};

/// Counts reports with and without a level.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Levels {
    since: Mono,
    reports: u32,
    without: u32,
    lack: bool,
}

impl Levels {
    /// A report has come. Returns whether that has changed what [`Self::lack`] says.
    pub fn note(&mut self, has_level: bool, now: Mono) -> bool {
        if now.since(self.since) >= LEVELS_WITHIN {
            (self.since, self.reports, self.without) = (now, 0, 0);
        }
        self.reports = self.reports.saturating_add(1);
        if !has_level {
            self.without = self.without.saturating_add(1);
        }
        if !self.can_judge() {
            return false;
        }
        let percent = u64::from(self.without) * 100 / u64::from(self.reports);
        let lack = percent >= if self.lack { LEVELS_BACK_PERCENT } else { LEVELS_LACK_PERCENT };
        std::mem::replace(&mut self.lack, lack) != lack
    }

    /// Whether the radio hears and says of next to nothing how loud it is. Too few reports to judge
    /// by leave it as it was.
    #[must_use]
    pub const fn lack(&self) -> bool {
        self.lack
    }

    /// Whether enough reports have come in the minute under way.
    #[must_use]
    pub const fn can_judge(&self) -> bool {
        self.reports >= LEVELS_REPORTS_MIN
    }

    /// Reports of the minute under way, and how many of them came without a level.
    #[must_use]
    pub const fn counts(&self) -> (u32, u32) {
        (self.reports, self.without)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many reports, one each 100 ms from `from_ms` on, of which every `nth` has a level.
    fn hear(levels: &mut Levels, from_ms: u64, reports: u64, nth: u64) -> Vec<u64> {
        let at = |report: u64| from_ms + report * 100;
        let noted = |report: u64| (report + 1).is_multiple_of(nth);
        let changed = |report: &u64| levels.note(noted(*report), Mono::from_millis(at(*report)));
        (0..reports).filter(changed).collect()
    }

    #[test]
    fn an_adapter_without_levels_is_found_out_after_fifty_reports() {
        let mut levels = Levels::default();
        assert!(hear(&mut levels, 0, 49, u64::MAX).is_empty());
        assert!(!levels.lack(), "too few to judge by");
        assert_eq!(hear(&mut levels, 4_900, 600, u64::MAX), [0], "told once");
        assert!(levels.lack());
    }

    #[test]
    fn one_in_ten_is_none_and_one_in_five_is_enough() {
        let mut levels = Levels::default();
        hear(&mut levels, 0, 600, 10);
        assert!(levels.lack());
        assert_eq!(levels.counts(), (600, 540));
        let mut levels = Levels::default();
        assert!(hear(&mut levels, 0, 600, 5).is_empty());
        assert!(!levels.lack());
    }

    #[test]
    fn it_ends_when_levels_come_back_and_not_by_silence() {
        let mut levels = Levels::default();
        hear(&mut levels, 0, 300, u64::MAX);
        // An hour later a phone passes by: too few reports to judge by.
        assert!(hear(&mut levels, 3_600_000, 20, 1).is_empty());
        assert!(levels.lack());
        assert_eq!(hear(&mut levels, 3_602_000, 60, 1), [29]);
        assert!(!levels.lack());
        // In the middle of a minute that had none it takes a third as long again.
        hear(&mut levels, 7_200_000, 300, u64::MAX);
        assert!(levels.lack());
        assert_eq!(hear(&mut levels, 7_230_000, 200, 1), [100]);
    }

    #[test]
    fn at_the_threshold_it_does_not_waver() {
        let mut levels = Levels::default();
        let mut changes = 0;
        for minute in 0..60 {
            changes += hear(&mut levels, minute * 60_000, 600, 8).len();
        }
        assert!(changes <= 2, "{changes}");
    }
}
