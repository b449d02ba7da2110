//! What the health of the radio asks of the edge, and what the edge has to say.

use crate::domain::fault::Trouble;

/// Something to be done about the radio. The edge answers each with one [`News`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Remedy {
    /// Connect, switch the adapter on, begin to listen.
    Start,
    /// Stop listening and begin again.
    RestartDiscovery,
    /// Switch the adapter off and on.
    PowerCycle,
    /// Take the adapter from its driver and give it back.
    Rebind,
}

/// What the edge has to say: the answer to a [`Remedy`], or that something has changed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum News {
    /// It listens.
    Listening,
    /// It listens, but the remedy could not be carried out.
    Unable,
    /// It does not listen.
    Down(Obstacle),
}

/// Why it does not listen.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Obstacle {
    /// The system bus is away.
    NoBus,
    /// BlueZ is away.
    NoBluez,
    /// There is no such adapter.
    NoAdapter,
    /// Somebody has switched it off (rfkill).
    SwitchedOff,
    /// The adapter does not do as it is told.
    Refused,
}

impl Obstacle {
    /// What is wrong, as the screen says it.
    #[must_use]
    pub const fn trouble(self) -> Trouble {
        match self {
            Self::NoBus | Self::NoBluez | Self::Refused => Trouble::Gone,
            Self::NoAdapter => Trouble::Unplugged,
            Self::SwitchedOff => Trouble::SwitchedOff,
        }
    }
}
