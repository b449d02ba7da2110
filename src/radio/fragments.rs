//! Puts together extended adverts that a controller reports in pieces. Adverts of Bluetooth 4,
//! which are nearly all, pass straight through.

use crate::domain::advert::{Address, AdvertData};
use crate::domain::moment::Mono;
use crate::domain::policy::{FRAGMENT_AWAITS_NEXT_MAX, FRAGMENTED_ADVERTS_MAX};

use super::hci::{DataStatus, Kind, Report};

/// The adverts of which a part has come. Holds at most [`FRAGMENTED_ADVERTS_MAX`], each for at
/// most [`FRAGMENT_AWAITS_NEXT_MAX`], and allocates nothing.
#[derive(Clone, Debug)]
pub struct Fragments {
    slots: [Option<Begun>; FRAGMENTED_ADVERTS_MAX],
    /// Where the last whole advert is lent from.
    whole: AdvertData,
    dropped: u64,
}

#[derive(Clone, Copy, Debug)]
struct Begun {
    address: Address,
    set: u8,
    kind: Kind,
    at: Mono,
    data: AdvertData,
}

impl Default for Fragments {
    fn default() -> Self {
        Self { slots: [None; FRAGMENTED_ADVERTS_MAX], whole: AdvertData::EMPTY, dropped: 0 }
    }
}

impl Fragments {
    /// The whole advert, when `report` is one or completes one. Data beyond what an
    /// [`AdvertData`] holds is cut.
    pub fn accept<'a>(&'a mut self, report: Report<'a>, now: Mono) -> Option<Report<'a>> {
        if report.legacy {
            return Some(report);
        }
        let begun = self.slots.iter_mut().find(|slot| {
            slot.as_ref().is_some_and(|begun| begun.is_of(&report) && !begun.is_stale(now))
        });
        match (report.status, begun) {
            (DataStatus::More, Some(begun)) => {
                if let Some(begun) = begun {
                    begun.data.extend(report.data);
                    begun.at = now;
                }
                None
            }
            (DataStatus::More, None) => {
                self.begin(&report, now);
                None
            }
            (DataStatus::Complete | DataStatus::Truncated, None) => Some(report),
            (DataStatus::Complete | DataStatus::Truncated, Some(begun)) => {
                let mut data = begun.take()?.data;
                data.extend(report.data);
                self.whole = data;
                Some(Report { data: self.whole.as_bytes(), ..report })
            }
        }
    }

    /// How many adverts were given up because their rest did not come in time or there were too
    /// many at once.
    #[must_use]
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    fn begin(&mut self, report: &Report<'_>, now: Mono) {
        // An empty slot goes before the one that has waited longest.
        let slot = self.slots.iter_mut().min_by_key(|slot| slot.as_ref().map(|begun| begun.at));
        let begun = Begun {
            address: report.address,
            set: report.set,
            kind: report.kind,
            at: now,
            data: AdvertData::new(report.data),
        };
        if slot.and_then(|slot| slot.replace(begun)).is_some() {
            self.dropped = self.dropped.saturating_add(1);
        }
    }
}

impl Begun {
    fn is_of(&self, report: &Report<'_>) -> bool {
        self.address == report.address && self.set == report.set && self.kind == report.kind
    }

    fn is_stale(&self, now: Mono) -> bool {
        now.since(self.at) > FRAGMENT_AWAITS_NEXT_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::radio::hci::Form;

    fn piece(sender: u8, status: DataStatus, data: &[u8]) -> Report<'_> {
        Report {
            form: Form::Extended,
            kind: Kind::Advert,
            address: Address { bytes: [sender; 6], random: true },
            rssi: None,
            connectable: false,
            scannable: false,
            legacy: false,
            set: 1,
            status,
            data,
        }
    }

    #[test]
    fn pieces_of_two_senders_are_kept_apart() {
        let mut fragments = Fragments::default();
        let now = Mono::from_millis(0);
        assert_eq!(fragments.accept(piece(1, DataStatus::More, &[1, 2]), now), None);
        assert_eq!(fragments.accept(piece(2, DataStatus::More, &[7]), now), None);
        assert_eq!(fragments.accept(piece(1, DataStatus::More, &[3]), now), None);
        let whole = fragments.accept(piece(1, DataStatus::Complete, &[4]), now).unwrap();
        assert_eq!(whole.data, [1, 2, 3, 4]);
        let whole = fragments.accept(piece(2, DataStatus::Truncated, &[8]), now).unwrap();
        assert_eq!((whole.data, whole.status), (&[7, 8][..], DataStatus::Truncated));
        let whole = fragments.accept(piece(2, DataStatus::Complete, &[9]), now).unwrap();
        assert_eq!(whole.data, [9], "nothing is left over");
        assert_eq!(fragments.dropped(), 0);
    }

    #[test]
    fn a_rest_that_comes_too_late_stands_alone() {
        let mut fragments = Fragments::default();
        fragments.accept(piece(1, DataStatus::More, &[1]), Mono::from_millis(0));
        let late = Mono::from_millis(1) + FRAGMENT_AWAITS_NEXT_MAX;
        let whole = fragments.accept(piece(1, DataStatus::Complete, &[2]), late).unwrap();
        assert_eq!(whole.data, [2]);
    }

    #[test]
    fn an_advert_whose_rest_was_lost_is_no_part_of_the_next_one() {
        let mut fragments = Fragments::default();
        fragments.accept(piece(1, DataStatus::More, &[1]), Mono::from_millis(0));
        let next = Mono::from_millis(270);
        fragments.accept(piece(1, DataStatus::More, &[1]), next);
        let whole = fragments.accept(piece(1, DataStatus::Complete, &[2]), next).unwrap();
        assert_eq!(whole.data, [1, 2]);
    }

    #[test]
    fn the_one_that_waited_longest_makes_room() {
        let mut fragments = Fragments::default();
        for sender in 0..=u8::try_from(FRAGMENTED_ADVERTS_MAX).unwrap() {
            let now = Mono::from_millis(u64::from(sender));
            fragments.accept(piece(sender, DataStatus::More, &[sender]), now);
        }
        assert_eq!(fragments.dropped(), 1);
        let now = Mono::from_millis(20);
        let first = fragments.accept(piece(0, DataStatus::Complete, &[9]), now).unwrap();
        assert_eq!(first.data, [9]);
        let second = fragments.accept(piece(1, DataStatus::Complete, &[9]), now).unwrap();
        assert_eq!(second.data, [1, 9]);
    }

    #[test]
    fn an_endless_advert_is_cut() {
        let mut fragments = Fragments::default();
        let now = Mono::from_millis(0);
        for _ in 0..100 {
            fragments.accept(piece(1, DataStatus::More, &[1; 200]), now);
        }
        let whole = fragments.accept(piece(1, DataStatus::Complete, &[2]), now).unwrap();
        assert_eq!(whole.data, [1; 254]);
    }
}
