//! What one advert says about a phone nearby: a rotating id, or a reason to ask for one.

use super::advert::{Address, Dbm};
use super::network::Network;

/// The rotating identifier a tracing app broadcasts. It is not a name and does not last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProximityId {
    /// Exposure Notification's rolling proximity identifier.
    Rpi([u8; 16]),
    /// Bluezone since May 2020: 12 bytes, a new one each slot.
    Bluezone([u8; 12]),
    /// Bluezone's first generation: six letters and digits that never changed.
    BluezoneV1([u8; 6]),
    /// DP-3T's ephemeral id.
    EphId([u8; 16]),
    /// ROBERT's country and id, the part of a greeting that stays for a quarter of an hour.
    Robert([u8; 9]),
    /// A TraceTogether Token's signature and id.
    Token([u8; 16]),
    /// What begins Sonar's cryptogram of the day.
    Sonar([u8; 16]),
    /// Herald's contact identifier.
    Herald([u8; 16]),
    /// Half of the SHA-256 of a BlueTrace id, which is longer and sealed for a server.
    BlueTrace([u8; 16]),
}

impl std::fmt::Debug for ProximityId {
    /// Only the kind: no rotating id may reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Rpi(_) => "Rpi(…)",
            Self::Bluezone(_) => "Bluezone(…)",
            Self::BluezoneV1(_) => "BluezoneV1(…)",
            Self::EphId(_) => "EphId(…)",
            Self::Robert(_) => "Robert(…)",
            Self::Token(_) => "Token(…)",
            Self::Sonar(_) => "Sonar(…)",
            Self::Herald(_) => "Herald(…)",
            Self::BlueTrace(_) => "BlueTrace(…)",
        })
    }
}

impl std::hash::Hash for ProximityId {
    /// By the bytes alone, which are random in every network: ids of two kinds are hardly ever the
    /// same, and a table tells them apart.
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write(self.as_bytes());
    }
}

impl ProximityId {
    /// The bytes, in the order they go over the air where they do.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Bluezone(bytes) => bytes,
            Self::BluezoneV1(bytes) => bytes,
            Self::Robert(bytes) => bytes,
            Self::Rpi(bytes)
            | Self::EphId(bytes)
            | Self::Token(bytes)
            | Self::Sonar(bytes)
            | Self::Herald(bytes)
            | Self::BlueTrace(bytes) => bytes,
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
        /// What the sender says it sends at.
        tx_power: SendingPower,
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

/// What a sender says of the power at which it sends. `Debug` shows nothing that is sealed.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub enum SendingPower {
    /// Nothing.
    #[default]
    Unsaid,
    /// So much, in the open.
    Stated(Dbm),
    /// Exposure Notification's metadata beside the id: whoever has the key of that day can read it
    /// ([`gaen::sending_power`](super::network::gaen::sending_power)).
    Sealed([u8; 4]),
    /// One id came with metadata of several kinds. A phone has one for an id, so somebody has sent
    /// it again, and which is the phone's own nobody can tell.
    Contradicted,
}

impl SendingPower {
    /// What is said of one id altogether, where this was said and then `more`. What is sealed comes
    /// to the same in whichever order it is heard; of what is stated the last counts.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        match (self, more) {
            (said, Self::Unsaid) => said,
            (Self::Unsaid | Self::Stated(_), Self::Stated(_)) | (Self::Unsaid, _) => more,
            (said, more) if said == more => said,
            _ => Self::Contradicted,
        }
    }

    /// What is stated in the open.
    #[must_use]
    pub const fn stated(self) -> Option<Dbm> {
        match self {
            Self::Stated(level) => Some(level),
            Self::Unsaid | Self::Sealed(_) | Self::Contradicted => None,
        }
    }
}

impl From<Option<Dbm>> for SendingPower {
    fn from(stated: Option<Dbm>) -> Self {
        stated.map_or(Self::Unsaid, Self::Stated)
    }
}

impl std::fmt::Debug for SendingPower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unsaid => f.write_str("Unsaid"),
            Self::Stated(level) => write!(f, "Stated({level:?})"),
            Self::Sealed(_) => f.write_str("Sealed(…)"),
            Self::Contradicted => f.write_str("Contradicted"),
        }
    }
}

/// How sure an advert without an id is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// A hint of a network that is not the place's own. All networks together have a twelfth of the
    /// bits, so it says nothing before the id was read.
    Trace,
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

impl Subject {
    /// The network whose app it shows.
    #[must_use]
    pub const fn network(&self) -> Network {
        match self {
            Self::Id(network, _) | Self::Candidate(network, _) => *network,
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    const SEALED: SendingPower = SendingPower::Sealed([0xC1, 2, 3, 4]);
    const OTHER: SendingPower = SendingPower::Sealed([0xC1, 2, 3, 5]);

    #[test]
    fn what_is_sealed_comes_to_the_same_in_any_order() {
        let said = [SendingPower::Unsaid, SEALED, OTHER, SendingPower::Contradicted];
        for (one, other, third) in
            said.iter().flat_map(|a| said.iter().flat_map(|b| said.iter().map(|c| (*a, *b, *c))))
        {
            assert_eq!(one.and(other), other.and(one));
            assert_eq!(one.and(other).and(third), one.and(other.and(third)));
            assert_eq!(one.and(one), one);
        }
        assert_eq!(SEALED.and(SendingPower::Unsaid), SEALED);
        assert_eq!(SEALED.and(OTHER).and(SEALED), SendingPower::Contradicted);
    }

    #[test]
    fn of_what_is_stated_the_last_counts() {
        let [one, other] = [-15, -7].map(|level| SendingPower::Stated(Dbm(level)));
        assert_eq!(one.and(other), other);
        assert_eq!(one.and(SendingPower::Unsaid), one);
        assert_eq!(SendingPower::from(one.stated()), one);
        assert_eq!(SendingPower::from(None), SendingPower::Unsaid);
    }

    #[test]
    fn nothing_that_is_sealed_is_shown() {
        assert_eq!(format!("{SEALED:?}"), "Sealed(…)");
    }
}
