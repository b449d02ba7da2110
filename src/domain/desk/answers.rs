//! What comes back from the book to the visitor who waits for it. An answer that comes when the
//! visitor has gone changes nothing here.

use super::Desk;
use super::step::{Recall, Step};
use crate::domain::badge::Badge;
use crate::domain::complaint::Complaint;
use crate::domain::moment::{Now, Wall};
use crate::domain::request::Digits;
use crate::domain::visit::Personal;

impl Desk {
    /// The book has answered who has this number, if it still is the one that stands here.
    pub fn handle_recalled(&mut self, asked: &Digits, known: Option<Personal>) {
        let Step::Phone(phone) = &mut self.step else { return };
        if phone.awaits(asked) {
            self.complaint = known.is_none().then_some(Complaint::PhoneUnknown);
            phone.recall = known.map_or(Recall::Unknown, |known| Recall::Known(Box::new(known)));
        }
    }

    /// The book could not answer; it may be asked again.
    pub fn handle_not_recalled(&mut self, asked: &Digits) {
        if let Step::Phone(phone) = &mut self.step
            && phone.awaits(asked)
        {
            phone.recall = Recall::NotAsked;
        }
    }

    /// The entry is on disk. Returns whether the visitor still waits for it.
    #[must_use]
    pub fn handle_written(
        &mut self,
        turn: u32,
        now: Now,
        badge: Badge,
        entered: Wall,
        updated: bool,
    ) -> bool {
        let is_awaited = turn == self.turn && self.step == Step::Writing;
        if is_awaited {
            self.step = Step::Done { shown: now.mono, badge, entered, updated };
        }
        is_awaited
    }

    /// The departure is on disk. Returns whether the visitor still waits for it.
    #[must_use]
    pub fn handle_left(&mut self, turn: u32, now: Now) -> bool {
        let is_awaited = turn == self.turn && self.step == Step::WritingLeave;
        if is_awaited {
            self.step = Step::Left { shown: now.mono };
        }
        is_awaited
    }

    /// Nothing was written; what was typed is still there, if the visitor is.
    pub fn handle_not_written(&mut self, turn: u32, complaint: Option<Complaint>) {
        if turn != self.turn {
            return;
        }
        self.complaint = complaint;
        match self.step {
            Step::Writing => self.step = Step::Visit,
            Step::WritingLeave => self.step = Step::Leave { digits: Digits::default() },
            Step::Welcome
            | Step::Notice(_)
            | Step::Identify
            | Step::Typing(_)
            | Step::Phone(_)
            | Step::Visit
            | Step::Install(_)
            | Step::Done { .. }
            | Step::Leave { .. }
            | Step::Left { .. } => {}
        }
    }
}
