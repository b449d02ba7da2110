//! How much of what the controller reports does not come over D-Bus. Nobody tells the kiosk: the
//! kernel drops reports that bluetoothd is too slow to take, and bluetoothd makes one signal of two
//! adverts of a phone when it is late. But the kernel counts the controller's events, and anybody may
//! ask for that. From it follow two bounds. Pure.

use std::time::Duration;

use crate::domain::moment::Mono;

/// What the kernel has counted for an adapter since it was plugged in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counters {
    /// Events of the controller: reports, and the answers to commands.
    pub events: u32,
    /// Commands to it.
    pub commands: u32,
}

/// How often somebody is told.
pub const TELL_EVERY: Duration = Duration::from_mins(1);
/// How often the counters are looked at, at most.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Adds up what the controller has reported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Missed {
    before: Option<Counters>,
    reports: u64,
    look: Mono,
    /// When somebody is told next, and what they know.
    tell: Mono,
    known: Known,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Known {
    reports: u64,
    told: u64,
    dropped: u64,
}

impl Missed {
    /// Nothing yet.
    #[must_use]
    pub fn new(now: Mono) -> Self {
        let known = Known::default();
        Self { before: None, reports: 0, look: now, tell: now + TELL_EVERY, known }
    }

    /// Whether the counters are to be looked at.
    pub fn poll_look(&mut self, now: Mono) -> bool {
        let is_due = now >= self.look;
        if is_due {
            self.look = now + LOOK_EVERY;
        }
        is_due
    }

    /// Takes in the kernel's counters as they are now. Where they have gone back the adapter was
    /// plugged in again and they began anew.
    pub fn count(&mut self, counters: Counters) {
        if let Some(before) = self.before.replace(counters) {
            let events = counters.events.checked_sub(before.events).unwrap_or(counters.events);
            let commands = counters.commands.wrapping_sub(before.commands);
            let commands = if commands > events { 0 } else { commands };
            self.reports += u64::from(events - commands);
        }
    }

    /// When somebody is to be told.
    #[must_use]
    pub const fn tell_at(&self) -> Mono {
        self.tell
    }

    /// How many adverts were missed at least and at most, if so many were `told`. An advert and the
    /// answer to the scan are two reports, and BlueZ tells of them at once; which phones answer it
    /// does not tell. So it may be all of them, or none.
    #[must_use]
    pub const fn bounds(&self, told: u64) -> (u64, u64) {
        between(self.reports, told)
    }

    /// What there is to say once a minute, in words; `None` when nothing was missed for certain.
    /// `told` and `dropped` count from the beginning.
    pub fn poll_words(&mut self, told: u64, dropped: u64, now: Mono) -> Option<String> {
        if now < self.tell {
            return None;
        }
        self.tell = now + TELL_EVERY;
        let known =
            std::mem::replace(&mut self.known, Known { reports: self.reports, told, dropped });
        let (told, dropped) = (told - known.told, dropped - known.dropped);
        let (least, most) = between(self.reports - known.reports, told);
        (least + dropped > 0).then(|| {
            format!(
                "D-Bus brought {told} adverts in a minute; at least {least} and at most {most} \
                 more were heard, and {dropped} of these found no room: give the kiosk CAP_NET_RAW"
            )
        })
    }
}

const fn between(reports: u64, told: u64) -> (u64, u64) {
    ((reports / 2).saturating_sub(told), reports.saturating_sub(told))
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Mono = Mono::from_millis(0);

    fn counters(events: u32, commands: u32) -> Counters {
        Counters { events, commands }
    }

    #[test]
    fn the_truth_is_between_the_bounds_whoever_answers() {
        for (adverts, answers, told) in
            [(1_000, 0, 1_000), (1_000, 0, 300), (1_000, 1_000, 1_000), (1_000, 700, 450)]
        {
            let mut missed = Missed::new(START);
            missed.count(counters(50, 40));
            missed.count(counters(50 + adverts + answers + 6, 46));
            let (least, most) = missed.bounds(u64::from(told));
            let truth = u64::from(adverts - told);
            assert!(least <= truth && truth <= most, "{least} to {most}, not {truth}");
        }
    }

    #[test]
    fn an_adapter_that_is_plugged_in_again_counts_anew() {
        let mut missed = Missed::new(START);
        missed.count(counters(9_000, 100));
        missed.count(counters(9_400, 100));
        missed.count(counters(130, 30));
        assert_eq!(missed.bounds(0), (265, 530), "setting it up is taken for reports");
        missed.count(counters(230, 30));
        assert_eq!(missed.bounds(0), (315, 630));
    }

    #[test]
    fn once_a_minute_and_only_where_something_was_missed_for_certain() {
        let mut missed = Missed::new(START);
        missed.count(counters(0, 0));
        missed.count(counters(1_000, 0));
        assert_eq!(missed.poll_words(100, 0, START), None, "not yet");
        let words = missed.poll_words(100, 3, START + TELL_EVERY).unwrap();
        assert!(words.contains("at least 400 and at most 900"), "{words}");
        missed.count(counters(2_000, 0));
        assert_eq!(missed.poll_words(700, 3, START + TELL_EVERY * 2), None);
        assert!(missed.poll_words(700, 4, START + TELL_EVERY * 3).is_some(), "one had no room");
    }
}
