//! What the reception wants done, and why it wants to be woken. Nothing is done here.

use crate::domain::asking::Ask;
use crate::domain::beacon::Plan;
use crate::domain::exposure::reason::Reason;
use crate::domain::request::Request;
use crate::domain::signal::{Buzz, Lamp};

/// What should happen, for an edge to carry out.
#[derive(Clone, PartialEq, Eq, Debug)]
#[must_use]
pub enum Effect {
    /// Ask the store. Answers come back through [`super::Reception::handle_reply`], in order.
    Request(Request),
    /// Light the lamp.
    Lamp(Lamp),
    /// Sound the buzzer.
    Buzz(Buzz),
    /// Open the gate.
    OpenGate,
    /// Ask a phone for its id. Answers come back through [`super::Reception::handle_reading`].
    Ask(Ask),
    /// Write the exposures out for the health officer. How it went comes back through
    /// [`super::Reception::handle_exported`].
    Export {
        /// Who asked for it, as far as the guard's screen knows.
        session: u32,
        /// Why.
        reason: Reason,
        /// The number of the entry that says so.
        entry: u64,
    },
    /// This is on the air from now on.
    Broadcast(Plan),
    /// Match the published keys in the inbox against what was heard. News come back through
    /// [`super::Reception::handle_matching`].
    Match {
        /// On one core, because it is day and somebody may stand at the screen.
        gently: bool,
    },
}

/// Why the reception wants to be woken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Why {
    /// Something on the visitor's screen.
    Desk,
    /// The face of the bar.
    Face,
    /// The last visitor's phone is no longer awaited.
    Amend,
    /// The guard's screen.
    Guard,
    /// The store owes an answer, or is asked whether it is well again.
    Store,
    /// What was heard is to be written.
    Remembering,
    /// The clock on the screen, the closing sweep, the end of keeping.
    Rounds,
    /// What the kiosk sends.
    Beacon,
    /// The screen goes dark.
    Sleep,
}
