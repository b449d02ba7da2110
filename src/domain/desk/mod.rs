//! One visitor at the desk: each touch leads from one step to the next, and may wish for
//! something that only the reception can do.
//!
//! The desk does not write, does not know who is inside, and does not hear the radio.

mod answers;
pub mod form;
mod install;
pub mod step;
mod touches;

use self::form::{Form, TypedField};
use self::step::Step;
use super::complaint::Complaint;
use super::language::Language;
use super::moment::{Mono, Now, Wall};
use super::policy;
use super::request::Digits;
use super::site::{PhoneMake, Site};
use super::touch::Key;
use super::typing::Line;
use super::venue::door::Scheme;
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
    install_for: Option<PhoneMake>,
    venue_code: Option<Scheme>,
    last_touch: Mono,
    still_there: bool,
    /// Counts the rests: an answer to what was asked before the last one is nobody's here.
    turn: u32,
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
            install_for: None,
            venue_code: None,
            last_touch: Mono::default(),
            still_there: false,
            turn: 0,
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

    /// Whose turn it is, from one rest to the next. Whatever is asked of the store carries it
    /// along.
    #[must_use]
    pub const fn turn(&self) -> u32 {
        self.turn
    }

    /// Clears everything typed and rests.
    pub fn rest(&mut self, site: &Site) {
        let turn = self.turn.wrapping_add(1);
        *self = Self { last_touch: self.last_touch, turn, ..Self::new(site) };
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

    /// The next moment at which something happens without a touch.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Mono> {
        match self.step {
            Step::Done { shown, .. } | Step::Left { shown } => {
                return Some(shown + policy::DONE_SHOWN_FOR);
            }
            Step::Writing | Step::WritingLeave => {
                return Some(self.last_touch + policy::WRITING_GIVEN_UP_AFTER);
            }
            Step::Welcome => {
                let as_it_rests = self.language == Language::default() && !self.large_text;
                return (!as_it_rests).then(|| self.last_touch + policy::IDLE_QUESTION_AFTER);
            }
            Step::Notice(_)
            | Step::Identify
            | Step::Typing(_)
            | Step::Phone(_)
            | Step::Visit
            | Step::Install(_)
            | Step::Leave { .. } => {}
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
        if self.step == Step::Welcome {
            // Somebody has only looked at another language.
            self.rest(site);
            return None;
        }
        if self.still_there || matches!(self.step, Step::Writing | Step::WritingLeave) {
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
