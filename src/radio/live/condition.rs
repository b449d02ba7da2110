//! How the radio works, and what somebody should be told of that.

use std::time::Duration;

use crate::domain::fault::Trouble;

/// Which way adverts come.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Way {
    /// The kernel's monitor channel: every report, as the controller gave it.
    Monitor,
    /// BlueZ's signals on D-Bus: every report, as far as BlueZ tells it.
    Signals,
}

/// How the radio works, for people who look after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Condition {
    /// Which way adverts come.
    pub way: Way,
    /// Reports that found no room; `None` where nobody counts them.
    pub dropped: Option<u64>,
    /// Adverts that did not come over D-Bus, at least and at most; `None` where all come.
    pub missed: Option<(u64, u64)>,
    /// For how long the controller has not scanned since the start, and whether it keeps repeated
    /// adverts to itself; only the monitor channel shows that.
    pub scan: Option<(Duration, bool)>,
}

/// Something that somebody should be told of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// What is wrong with the radio now; `None` when it is well again.
    Health(Option<Trouble>),
    /// The controller was told a new address to send from; only the monitor channel shows that.
    Address {
        /// Whether it took it.
        taken: bool,
    },
    /// For the journal; it names no phone.
    Remark(String),
}
