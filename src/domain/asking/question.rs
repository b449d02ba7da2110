//! What is asked of the radio about a phone that keeps its id, and what it answers. Plain values.

use std::fmt;
use std::time::Duration;

use crate::domain::advert::Address;
use crate::domain::network::Network;

/// What the radio is asked to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ask {
    /// Connect, read one of [`Network::reads`], disconnect. Answered with one [`Reading`].
    Read(Question),
    /// End the reading under way at once. That too is answered, with what came of it.
    Stop,
}

/// A phone to be asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Question {
    /// The address it advertises under.
    pub address: Address,
    /// The network whose app it seems to have.
    pub network: Network,
    /// The reading ends after this long, whatever has come of it.
    pub within: Duration,
    /// Where an adapter of its own asks, which keeps no scan off, it may take this long instead.
    pub within_apart: Duration,
    /// And it ends as soon as it has kept the scan off for this long, where that can be measured.
    pub scan_off_max: Duration,
}

impl Question {
    /// How long a reading may take, whoever asks.
    #[must_use]
    pub fn longest(&self) -> Duration {
        self.within.max(self.within_apart)
    }
}

/// The answer to a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// Who was asked.
    pub address: Address,
    /// What came of it.
    pub outcome: Outcome,
    /// For how long the controller did not scan; where nobody measures that, how long it took. Nothing
    /// where an adapter of its own has asked.
    pub scan_off: Duration,
}

/// What came of a reading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The phone has handed this out.
    Value(Value),
    /// The phone does not want to be read, or only by somebody it is paired with.
    Refused,
    /// The phone has nothing of the network's.
    NoService,
    /// The phone did not answer in time, was out of reach, or could not just then.
    TimedOut,
    /// The radio could not try.
    Busy,
    /// The reading was ended as it was asked to be.
    Stopped,
}

/// The bytes a phone has handed out: an id, so they are shown to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Value(pub Vec<u8>);

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(…)")
    }
}
