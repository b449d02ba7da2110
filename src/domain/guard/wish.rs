//! What the guard's screen asks of the reception.

use crate::domain::exposure::reason::Reason;
use crate::domain::exposure::windows::ExposureId;
use crate::domain::request::{Digits, SearchText};
use crate::domain::visit::VisitId;

/// Something asked of the reception.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GuardWish {
    /// Whose PIN is this?
    CheckPin(Digits),
    /// Keep these PINs.
    SetPins {
        /// The administrator's.
        administrator: Digits,
        /// The guards'.
        guard: Digits,
    },
    /// Look for visits.
    Search(SearchText),
    /// Write a visitor down.
    WriteDown,
    /// Sign a visitor out.
    SendOut(VisitId),
    /// Correct a visit.
    Correct(VisitId),
    /// Erase a person.
    Erase(VisitId),
    /// Sign everybody out.
    Sweep,
    /// Open the gate.
    OpenGate,
    /// Show who was inside around an exposure; the reason goes into the book.
    OpenOverlap(ExposureId, Reason),
    /// An exposure has been passed on to whoever looks after health.
    PassOn(ExposureId),
    /// Write the exposures out for the health officer; the reason goes into the book.
    Export(Reason),
    /// Match the published keys in the inbox now.
    Match,
    /// Back to the visitors' welcome.
    Close,
}
