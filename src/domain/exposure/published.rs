//! A published key: from when to when somebody infected broadcast which ids.

use std::fmt;

use crate::domain::moment::Wall;
use crate::domain::network::Network;
use crate::domain::network::bluezone::SlotsPerDay;

/// A key, in the form of its network.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PublishedKey {
    /// Exposure Notification: one day of one phone.
    Gaen(TemporaryExposureKey),
    /// Bluezone: a phone from one day on.
    Bluezone(BluezoneCase),
    /// DP-3T's own apps: a phone from one day on.
    Dp3t(Dp3tExposee),
    /// Herald's Simple payload: one day of one phone.
    Herald(MatchingKey),
}

impl PublishedKey {
    /// Whose key it is.
    #[must_use]
    pub const fn network(&self) -> Network {
        match self {
            Self::Gaen(_) => Network::Gaen,
            Self::Bluezone(_) => Network::Bluezone,
            Self::Dp3t(_) => Network::Dp3t,
            Self::Herald(_) => Network::Herald,
        }
    }
}

impl fmt::Debug for PublishedKey {
    /// Only the network: a key is an infected person's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublishedKey({})", self.network())
    }
}

/// A temporary exposure key (`TemporaryExposureKey` of Google's `export.proto`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TemporaryExposureKey {
    /// The key.
    pub key: [u8; 16],
    /// The interval of 10 minutes since 1970 in which it begins.
    pub rolling_start: u32,
    /// How many intervals it lasts, 1 to 144.
    pub rolling_period: u8,
    /// What is known of the illness.
    pub report: ReportKind,
    /// The authority's risk level, 0 to 8.
    pub transmission_risk: u8,
    /// Days from the first symptoms to the key's day, -14 to 14, where they are known.
    pub onset_days: Option<i8>,
}

/// What is known of the illness (`ReportType` of Google's `export.proto`).
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// Nothing was said.
    Unknown,
    /// A test has found it.
    ConfirmedTest,
    /// A physician has found it.
    ClinicalDiagnosis,
    /// The person says so.
    SelfReport,
    /// Kept for later by the format.
    Recursive,
    /// Taken back: an earlier match of this key no longer counts.
    Revoked,
}

/// What Bluezone's server tells phones to look for (an entry of `InfoF`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BluezoneCase {
    /// The key of the first day.
    pub day_key: [u8; 32],
    /// The midnight UTC with which that day begins (`time_start`).
    pub begin: Wall,
    /// The last moment to be looked for, itself included (`time_end`).
    pub end: Wall,
    /// How many ids a day has (`max`).
    pub slots: SlotsPerDay,
}

/// An entry of DP-3T's `ProtoExposedList`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Dp3tExposee {
    /// The secret key of its first day.
    pub key: [u8; 32],
    /// The midnight UTC with which that day begins.
    pub begin: Wall,
    /// When the list was released: what was heard later does not count.
    pub released: Wall,
}

/// A matching key of Herald's Simple payload.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MatchingKey {
    /// The key.
    pub key: [u8; 32],
    /// The midnight UTC with which its day begins.
    pub begin: Wall,
}

/// A key is an infected person's, so nothing of it is shown.
macro_rules! shows_nothing {
    ($($kind:ident),+) => {$(
        impl fmt::Debug for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($kind), "(…)"))
            }
        }
    )+};
}
shows_nothing!(TemporaryExposureKey, BluezoneCase, Dp3tExposee, MatchingKey);
