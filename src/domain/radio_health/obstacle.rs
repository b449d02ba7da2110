//! Why the radio does not listen, and what the screen says of that.

use crate::domain::fault::Trouble;

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
