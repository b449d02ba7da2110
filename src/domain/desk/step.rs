//! Where a visitor is on the way from the welcome to the book, or out of the door.

use std::time::Duration;

use super::form::TypedField;
use crate::domain::badge::Badge;
use crate::domain::moment::{Mono, Wall};
use crate::domain::phone::Phone;
use crate::domain::policy;
use crate::domain::request::Digits;
use crate::domain::typing::Line;
use crate::domain::visit::Personal;

/// One step. What has been typed in the steps before is in the form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// At rest.
    Welcome,
    /// Reading the notice, from another step.
    Notice(Box<Step>),
    /// Choosing how to say who one is.
    Identify,
    /// Typing a line.
    Typing(Line),
    /// Typing a phone number.
    Phone(PhoneStep),
    /// Saying whom to see and what for.
    Visit,
    /// Looking at the install code, from another step.
    Install(Box<Step>),
    /// The entry is on its way to the disk.
    Writing,
    /// It is on disk.
    Done {
        /// Since when this is shown.
        shown: Mono,
        /// The number given.
        badge: Badge,
        /// When the visit began, or was brought up to date.
        entered: Wall,
        /// Whether an open visit was brought up to date.
        updated: bool,
    },
    /// Typing a number on the way out.
    Leave {
        /// The digits so far.
        digits: Digits,
    },
    /// The departure is on its way to the disk.
    WritingLeave,
    /// Good-bye.
    Left {
        /// Since when this is shown.
        shown: Mono,
    },
}

/// Typing a phone number.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct PhoneStep {
    /// The digits so far.
    pub digits: String,
    /// Whether to be recalled by it, or only to be reached at it.
    pub to_recall: bool,
    /// What the book said.
    pub recall: Recall,
}

impl PhoneStep {
    /// Whether the book was asked about this number, and has not answered.
    pub(super) fn awaits(&self, asked: &Digits) -> bool {
        self.recall == Recall::Asked
            && Phone::parse(&self.digits).is_ok_and(|number| number.digits() == asked.0)
    }
}

impl std::fmt::Debug for PhoneStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PhoneStep(…)")
    }
}

/// What the book said to a phone number.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum Recall {
    /// Not asked.
    #[default]
    NotAsked,
    /// Asked, no answer yet.
    Asked,
    /// It does not know the number.
    Unknown,
    /// It knows this visitor.
    Known(Box<Personal>),
}

impl std::fmt::Debug for Recall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recall(…)")
    }
}

impl Step {
    /// Whether a visitor who has begun to sign in stands before it.
    #[must_use]
    pub fn is_signing_in(&self) -> bool {
        match self {
            Self::Welcome | Self::Leave { .. } | Self::WritingLeave | Self::Left { .. } => false,
            Self::Notice(from) | Self::Install(from) => from.is_signing_in(),
            Self::Identify
            | Self::Typing(_)
            | Self::Phone(_)
            | Self::Visit
            | Self::Writing
            | Self::Done { .. } => true,
        }
    }

    /// How long a touch is awaited here before "are you still there?"; `None` where nothing has
    /// been begun or nothing can be lost.
    #[must_use]
    pub const fn idle_after(&self) -> Option<Duration> {
        match self {
            Self::Welcome
            | Self::Writing
            | Self::WritingLeave
            | Self::Done { .. }
            | Self::Left { .. } => None,
            Self::Install(_) => Some(policy::IDLE_QUESTION_AFTER_INSTALL),
            Self::Notice(_)
            | Self::Identify
            | Self::Typing(_)
            | Self::Phone(_)
            | Self::Visit
            | Self::Leave { .. } => Some(policy::IDLE_QUESTION_AFTER),
        }
    }

    /// The line being typed, if one is.
    #[must_use]
    pub fn typed_field(&self) -> Option<TypedField> {
        match self {
            Self::Typing(line) => Some(line.field()),
            Self::Welcome
            | Self::Notice(_)
            | Self::Identify
            | Self::Phone(_)
            | Self::Visit
            | Self::Install(_)
            | Self::Writing
            | Self::Done { .. }
            | Self::Leave { .. }
            | Self::WritingLeave
            | Self::Left { .. } => None,
        }
    }
}
