//! What one advert says about a phone nearby: a rotating id, or a reason to ask for one.

use super::advert::{Address, Dbm};
use super::network::Network;

/// The rotating identifier a tracing app broadcasts. It is not a name and does not last.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProximityId {
    /// Exposure Notification's rolling proximity identifier.
    Rpi([u8; 16]),
    /// Bluezone since May 2020: 12 bytes, a new one each slot.
    Bluezone([u8; 12]),
    /// Bluezone's first generation: six letters and digits that never changed.
    BluezoneV1([u8; 6]),
}

impl std::fmt::Debug for ProximityId {
    /// Only the kind: no rotating id may reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Rpi(_) => "Rpi(…)",
            Self::Bluezone(_) => "Bluezone(…)",
            Self::BluezoneV1(_) => "BluezoneV1(…)",
        })
    }
}

impl ProximityId {
    /// The bytes in the order they go over the air.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Rpi(bytes) => bytes,
            Self::Bluezone(bytes) => bytes,
            Self::BluezoneV1(bytes) => bytes,
        }
    }
}

/// What a network makes of one advert.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Evidence {
    /// The app broadcasts its id in the open: it is running.
    Id {
        /// Whose form the advert has.
        network: Network,
        /// The id.
        id: ProximityId,
        /// What the sender says it sends at, where the form carries it.
        tx_power: Option<Dbm>,
        /// The class of power at which the network's app sends this form.
        tx_class: TxClass,
    },
    /// The app is there, or likely there, but keeps its id for whoever connects.
    Candidate {
        /// Whose form the advert has.
        network: Network,
        /// How sure the form is.
        strength: Strength,
        /// The class of power at which the network's app sends this form.
        tx_class: TxClass,
    },
    /// A fixed beacon that wakes phones. Not a person.
    WakeBeacon {
        /// Whose beacon it is.
        network: Network,
    },
}

impl Evidence {
    /// The network whose form the advert has.
    #[must_use]
    pub const fn network(&self) -> Network {
        match self {
            Self::Id { network, .. }
            | Self::Candidate { network, .. }
            | Self::WakeBeacon { network } => *network,
        }
    }
}

/// How sure an advert without an id is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// One bit of a hash that 1 in 128 other services share: an iPhone in the background.
    Hint,
    /// The app's own service UUID: an iPhone with the app on screen, or, in networks that keep
    /// the id back on every phone, one of either make.
    Named,
}

/// The class of power at which an advert was sent: only levels of one class can be compared. What
/// is not known to be low counts as full, so that the phone has to be nearer before it is taken
/// for the one at the desk.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TxClass {
    /// About Android's setting LOW, nominally -15 dBm.
    Low,
    /// As an iPhone, whose apps cannot lower it, or Android's setting HIGH.
    Full,
}

impl TxClass {
    /// The class of what the sender says it sends at.
    #[must_use]
    pub const fn stated(tx_power: Option<Dbm>) -> Self {
        match tx_power {
            Some(level) if level.0 <= TX_LOW_MAX.0 => Self::Low,
            Some(_) | None => Self::Full,
        }
    }
}

/// Halfway between Android's settings LOW and MEDIUM, nominally -15 and -7 dBm
/// (`AdvertiseSettings` of the Android Open Source Project).
const TX_LOW_MAX: Dbm = Dbm(-11);

/// What an encounter is kept under: the rotating id, never the address, except for a candidate
/// that has shown no id yet; that one lives in memory only.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Subject {
    /// A rotating id of a network.
    Id(Network, ProximityId),
    /// A phone that has not told its id.
    Candidate(Network, Address),
}

/// One subject heard once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sighting {
    /// Who was heard.
    pub subject: Subject,
    /// How sure the advert is; `None` when it carries the id itself.
    pub strength: Option<Strength>,
    /// At which power it was sent, as far as is known.
    pub tx_class: TxClass,
    /// How loud.
    pub rssi: Dbm,
}

impl Sighting {
    /// The sighting in `evidence` from `address` at `rssi`; `None` for a beacon that is nobody.
    #[must_use]
    pub const fn new(evidence: Evidence, address: Address, rssi: Dbm) -> Option<Self> {
        let (subject, strength, tx_class) = match evidence {
            Evidence::Id { network, id, tx_class, .. } => {
                (Subject::Id(network, id), None, tx_class)
            }
            Evidence::Candidate { network, strength, tx_class } => {
                (Subject::Candidate(network, address), Some(strength), tx_class)
            }
            Evidence::WakeBeacon { .. } => return None,
        };
        Some(Self { subject, strength, tx_class, rssi })
    }
}
