//! One visitor at the desk: each touch leads from one step to the next, and may wish for
//! something that only the reception can do.
//!
//! The desk does not write, does not know who is inside, and does not hear the radio.

pub mod form;
pub mod step;
mod touches;

use self::form::{Form, TypedField};
use self::step::{Recall, Step};
use super::badge::Badge;
use super::complaint::Complaint;
use super::language::Language;
use super::moment::{Mono, Now, Wall};
use super::policy;
use super::request::Digits;
use super::site::Site;
use super::touch::Key;
use super::typing::Line;
use super::visit::{Personal, VisitFacts};

/// For whom the form is filled in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Errand {
    /// The visitor does it.
    #[default]
    Visitor,
    /// The guard does it for a visitor.
    Guard,
    /// The guard corrects a visit that is in the book.
    Correction {
        /// The visit as it stands.
        facts: VisitFacts,
        /// The entry whose personal part is replaced.
        replaces_seq: u64,
        /// When the visit began.
        entered: Wall,
    },
}

/// What the desk asks of the reception.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wish {
    /// A visitor has begun: look for their phone.
    Begin,
    /// The visitor has gone without being written in.
    End,
    /// Write the form into the book.
    Write,
    /// Ask the book who has this number.
    Recall(Digits),
    /// Sign out whoever holds this badge number.
    LeaveByBadge(u16),
    /// Sign out whoever gave this phone number.
    LeaveByPhone(Digits),
    /// Show the guard's screen: the PIN pad, or the list after an errand of the guard's.
    ShowGuard,
}

/// The desk.
#[derive(Debug)]
pub struct Desk {
    step: Step,
    form: Form,
    errand: Errand,
    language: Language,
    large_text: bool,
    complaint: Option<Complaint>,
    last_touch: Mono,
    still_there: bool,
}

impl Desk {
    /// A desk at rest.
    #[must_use]
    pub fn new(site: &Site) -> Self {
        Self {
            step: Step::Welcome,
            form: Form::new(site),
            errand: Errand::Visitor,
            language: Language::default(),
            large_text: false,
            complaint: None,
            last_touch: Mono::default(),
            still_there: false,
        }
    }

    /// Where the visitor is.
    #[must_use]
    pub const fn step(&self) -> &Step {
        &self.step
    }

    /// What has been told so far.
    #[must_use]
    pub const fn form(&self) -> &Form {
        &self.form
    }

    /// For whom.
    #[must_use]
    pub const fn errand(&self) -> Errand {
        self.errand
    }

    /// The language of the screen.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// Whether letters are larger.
    #[must_use]
    pub const fn large_text(&self) -> bool {
        self.large_text
    }

    /// What is wrong with what was typed.
    #[must_use]
    pub const fn complaint(&self) -> Option<Complaint> {
        self.complaint
    }

    /// Whether "are you still there?" lies over the screen.
    #[must_use]
    pub const fn still_there(&self) -> bool {
        self.still_there
    }

    /// Clears everything typed and rests.
    pub fn rest(&mut self, site: &Site) {
        *self = Self { last_touch: self.last_touch, ..Self::new(site) };
    }

    /// The guard writes somebody down.
    pub fn begin_for_guard(&mut self, site: &Site, now: Now) {
        self.rest(site);
        self.last_touch = now.mono;
        self.errand = Errand::Guard;
        self.type_line(TypedField::Name);
    }

    /// The guard corrects a visit.
    pub fn begin_correction(
        &mut self,
        site: &Site,
        now: Now,
        correction: Errand,
        facts: &VisitFacts,
        personal: &Personal,
    ) {
        self.rest(site);
        self.last_touch = now.mono;
        self.errand = correction;
        self.form.recall(personal, site);
        self.form.companions = facts.companions;
        self.form.no_phone = facts.no_phone;
        self.form.install_shown = facts.install_shown;
        self.step = Step::Visit;
    }

    /// The book has answered a recall.
    pub fn handle_recalled(&mut self, known: Option<Personal>) {
        if let Step::Phone(phone) = &mut self.step
            && phone.recall == Recall::Asked
        {
            self.complaint = known.is_none().then_some(Complaint::PhoneUnknown);
            phone.recall = known.map_or(Recall::Unknown, |known| Recall::Known(Box::new(known)));
        }
    }

    /// The entry is on disk.
    pub fn handle_written(&mut self, now: Now, badge: Badge, entered: Wall, updated: bool) {
        self.step = Step::Done { shown: now.mono, badge, entered, updated };
    }

    /// The departure is on disk.
    pub fn handle_left(&mut self, now: Now) {
        self.step = Step::Left { shown: now.mono };
    }

    /// Nothing was written; what was typed is still there.
    pub fn handle_not_written(&mut self, complaint: Option<Complaint>) {
        self.complaint = complaint;
        match self.step {
            Step::Writing => self.step = Step::Visit,
            Step::WritingLeave => self.step = Step::Leave { digits: String::new() },
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

    /// The next moment at which something happens without a touch.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Mono> {
        if let Step::Done { shown, .. } | Step::Left { shown } = self.step {
            return Some(shown + policy::DONE_SHOWN_FOR);
        }
        let asked = self.last_touch + self.step.idle_after()?;
        Some(if self.still_there { asked + policy::IDLE_CLEAR_AFTER } else { asked })
    }

    /// Time has passed. Says what the reception must do about it.
    pub fn handle_timeout(&mut self, now: Now, site: &Site) -> Option<Wish> {
        if self.poll_timeout().is_none_or(|due| now.mono < due) {
            return None;
        }
        if matches!(self.step, Step::Done { .. } | Step::Left { .. }) {
            return Some(self.finish(site));
        }
        if self.still_there {
            // Whoever it was has gone, the guard too: nothing stays open.
            self.rest(site);
            return Some(Wish::End);
        }
        self.still_there = true;
        None
    }

    /// Ends the visitor's turn: nothing typed stays.
    fn finish(&mut self, site: &Site) -> Wish {
        let for_guard = self.errand != Errand::Visitor;
        self.rest(site);
        if for_guard { Wish::ShowGuard } else { Wish::End }
    }

    fn type_line(&mut self, field: TypedField) {
        self.step = Step::Typing(Line::with_text(field, self.language, self.form.text(field)));
    }
}

/// A key on a number being typed. Returns whether the number changed.
pub(super) fn edit_digits(digits: &mut String, key: Key, max: usize) -> bool {
    match key {
        Key::Char(digit) if digit.is_ascii_digit() && digits.len() < max => {
            digits.push(digit);
            true
        }
        Key::Backspace => digits.pop().is_some(),
        Key::Char(_) | Key::Tone(_) | Key::Shift | Key::Layout(_) | Key::Telex => false,
    }
}
