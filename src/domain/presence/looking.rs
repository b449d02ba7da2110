//! The search for the phone of one visitor: what has come of it so far. What is done with it is the
//! business of the presence it belongs to.

use super::found::Found;
use super::rivals::{Rival, Rivals};
use super::rule::Features;
use crate::domain::moment::Mono;
use crate::domain::sighting::Subject;

/// The search for the phone of one visitor.
#[derive(Debug)]
pub(super) struct Looking {
    /// Since when it is looked for: the touch, or what the radio hears again since.
    pub(super) since: Mono,
    /// When they first touched the screen, if they have gone back and begun again.
    pub(super) came: Mono,
    /// Whether they are in the book, and whoever steps up now may be the next.
    pub(super) written: bool,
    pub(super) found: Option<Found>,
    pub(super) rivals: Rivals,
    /// Who was judged last, and by what.
    pub(super) judged: Option<Weighed>,
}

/// One subject, and what speaks for it.
#[derive(Clone, Copy)]
pub(super) struct Weighed {
    pub(super) features: Features,
    pub(super) rival: Rival,
}

impl std::fmt::Debug for Weighed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.rival.fmt(f)
    }
}

/// What the rule made of one subject: for measurements, never for a screen or a log.
#[derive(Clone, Copy, PartialEq)]
pub struct Judged {
    /// Which subject.
    pub subject: Subject,
    /// What was known of it.
    pub features: Features,
    /// Its odds against all others and nobody, as a natural logarithm.
    pub odds: f32,
}

impl std::fmt::Debug for Judged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Judged({:.1})", self.odds)
    }
}
