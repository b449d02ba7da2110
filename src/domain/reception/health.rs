//! Which organs are unwell, and what becomes of the house while the book is.

use super::Reception;
use crate::domain::fault::{Fault, Organ, Trouble};
use crate::domain::guard::PinState;
use crate::domain::moment::Now;
use crate::domain::roster::Roster;

impl Reception {
    /// The book has been opened, at the start or when it is well again.
    pub fn handle_book_opened(&mut self, roster: Roster, pins: PinState, now: Now) {
        self.roster = roster;
        self.turn_day(now);
        self.rounds.note_book_opened();
        self.guard.handle_book_opened(pins);
        self.set_trouble(Organ::Store, None);
        self.write_what_is_due(now);
    }

    /// The organ that is unwell, the gravest first.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        Organ::ALL
            .iter()
            .zip(self.faults)
            .find_map(|(&organ, trouble)| trouble.map(|trouble| Fault { organ, trouble }))
    }

    /// What is wrong with one organ.
    #[must_use]
    pub fn trouble(&self, organ: Organ) -> Option<Trouble> {
        Organ::ALL.iter().zip(self.faults).find(|&(&each, _)| each == organ)?.1
    }

    /// An organ is unwell.
    pub fn handle_fault(&mut self, fault: Fault, now: Now) {
        self.set_trouble(fault.organ, Some(fault.trouble));
        self.face_changed(now);
    }

    /// An organ is well again.
    pub fn handle_mended(&mut self, organ: Organ, now: Now) {
        if organ == Organ::Radio && self.trouble(organ).is_some() {
            self.presence.handle_hearing_again(now.mono);
        }
        self.set_trouble(organ, None);
        self.write_what_is_due(now);
        self.face_changed(now);
    }

    pub(super) fn set_trouble(&mut self, organ: Organ, trouble: Option<Trouble>) {
        for (&each, slot) in Organ::ALL.iter().zip(&mut self.faults) {
            if each == organ {
                *slot = trouble;
            }
        }
        self.changed = true;
    }
}
