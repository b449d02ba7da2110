//! The quarters of an hour in which an id was heard. Its times are no finer than that, so an id
//! counts as heard in the whole of each quarter.

use crate::domain::exposure::heard::{Heard, SLOT_SECONDS};
use crate::domain::moment::Wall;

/// Quarters of a day.
pub(super) const QUARTERS_PER_DAY: u32 = 96;

/// Seconds of a day.
pub(super) const DAY_SECONDS: i64 = 86_400;

/// The longest that one visit to the door is believed to have lasted: two days. Where it seems to
/// be longer, the clock was set in between, and only the last two days before its end are looked
/// at. It bounds what one row costs.
const QUARTERS_MAX: u32 = 2 * QUARTERS_PER_DAY;

/// The last quarter of the year 9999. No calendar here has a later one, and sums stay small.
const QUARTER_MAX: i64 = 253_402_300_799 / SLOT_SECONDS;

/// From the first quarter to the last, both included, counted since 1970.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    first: u32,
    last: u32,
}

impl Stretch {
    /// When `heard` was at the door; `None` where all of it lies before 1970 or after the
    /// year 9999. Times within a quarter count as its beginning,
    /// and where they stand the wrong way round, they are turned.
    pub(super) fn of(heard: &Heard) -> Option<Self> {
        let quarter = |wall: Wall| wall.0.div_euclid(SLOT_SECONDS);
        let (first, last) = (quarter(heard.first), quarter(heard.last));
        let (first, last) = (first.min(last), first.max(last));
        let last = u32::try_from(last.min(QUARTER_MAX)).ok()?;
        let first = u32::try_from(first.max(0)).ok().filter(|first| *first <= last)?;
        Some(Self { first: first.max(last.saturating_sub(QUARTERS_MAX - 1)), last })
    }

    /// The quarters.
    pub(super) fn quarters(self) -> impl Iterator<Item = u32> {
        self.first..=self.last
    }

    /// The first second, and the one after the last.
    pub(super) fn seconds(self) -> (i64, i64) {
        (i64::from(self.first) * SLOT_SECONDS, (i64::from(self.last) + 1) * SLOT_SECONDS)
    }

    /// Whether it has a second in common with the time from `begin` to before `end`.
    pub(super) fn overlaps(self, begin: i64, end: i64) -> bool {
        let (first, after) = self.seconds();
        first < end && begin < after
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sighting::ProximityId;

    fn stretch(first: i64, last: i64) -> Option<(i64, i64)> {
        let id = ProximityId::Rpi([0; 16]);
        let heard = Heard { row: 1, id, first: Wall(first), last: Wall(last) };
        Stretch::of(&heard).map(Stretch::seconds)
    }

    #[test]
    fn whole_quarters_are_meant() {
        assert_eq!(stretch(900, 900), Some((900, 1_800)));
        assert_eq!(stretch(900, 2_700), Some((900, 3_600)));
        assert_eq!(stretch(1_799, 1_800), Some((900, 2_700)), "times within a quarter");
        assert_eq!(stretch(2_700, 900), Some((900, 3_600)), "the wrong way round");
    }

    #[test]
    fn a_clock_that_was_wrong_costs_no_more_than_two_days() {
        assert_eq!(stretch(-1_800, -900), None);
        assert_eq!(stretch(-1_800, 0), Some((0, 900)));
        assert_eq!(stretch(0, 1_622_548_800), Some((1_622_376_900, 1_622_549_700)));
        assert_eq!(stretch(253_402_300_800, i64::MAX), None);
        let last = 253_402_300_800;
        assert_eq!(stretch(i64::MIN, i64::MAX), Some((last - 2 * DAY_SECONDS, last)));
    }

    #[test]
    fn an_overlap_is_a_second_in_common() {
        let heard = Stretch { first: 1, last: 1 };
        assert!(heard.overlaps(900, 901) && heard.overlaps(1_799, 1_800) && heard.overlaps(0, 901));
        assert!(!heard.overlaps(0, 900) && !heard.overlaps(1_800, 9_000));
    }
}
