//! The contact networks, one file each: what is on the air → [`super::sighting::Evidence`], what
//! is to be read from a phone that keeps its id, and how a key gives the rotating ids.
//!
//! | file | network | an Android phone | an iPhone |
//! |---|---|---|---|
//! | [`bluezone`] | Viet Nam's Bluezone, all generations | broadcasts its id | keeps it |
//! | [`gaen`] | Exposure Notification by Apple and Google | broadcasts its id | broadcasts its id |
//! | [`dp3t`] | DP-3T's own apps, before Exposure Notification | broadcasts its id | keeps it |
//! | [`robert`] | France's StopCovid and TousAntiCovid | broadcasts its id | keeps it |
//! | [`token`] | Singapore's TraceTogether Token | broadcasts its id (the Token) | – |
//! | [`sonar`] | England's first app, Isle of Wight 2020 | keeps it | keeps it |
//! | [`herald`] | apps on Herald, COVIDSafe since 2.0 | keeps it | keeps it |
//! | [`bluetrace`] | TraceTogether, COVIDSafe, ABTraceTogether, OpenTrace | keeps it | keeps it |
//!
//! A phone that keeps its id is a candidate: [`Network::reads`] says where it hands the id out. An
//! iPhone whose app is in the background shows one bit in 128 of it ([`apple`]).
//!
//! To add a network: a file beside this one, a variant of [`Network`], a place in
//! [`Network::ALL`], and a line in each `match` the compiler then names.

use std::fmt;
use std::str::FromStr;

use super::advert::Advertisement;
use super::moment::Wall;
use super::sighting::{Evidence, ProximityId, Strength};

pub mod apple;
pub mod bluetrace;
pub mod bluezone;
pub mod dp3t;
mod error;
pub mod gaen;
pub mod gatt;
pub mod herald;
pub mod robert;
mod services;
pub mod sonar;
pub mod token;

pub use error::{DecodeError, DeriveError, UnknownNetwork};
use error::{exactly, seconds};
use gatt::GattId;

/// A contact network.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// Viet Nam's Bluezone.
    Bluezone,
    /// Exposure Notification by Apple and Google.
    Gaen,
    /// DP-3T's own apps, before Exposure Notification.
    Dp3t,
    /// ROBERT: France's StopCovid and TousAntiCovid.
    Robert,
    /// Singapore's TraceTogether Token.
    Token,
    /// England's first app.
    Sonar,
    /// Apps on Herald, COVIDSafe since version 2 among them.
    Herald,
    /// BlueTrace: TraceTogether, COVIDSafe, ABTraceTogether, OpenTrace.
    BlueTrace,
}

/// What the `enabled` networks make of an advert: the surest that any of them finds, and the first
/// one's where two are as sure; `None` when none knows its form. The first is the place's own: of
/// the others a hint is but a [`Strength::Trace`]. What is damaged is nobody's:
/// [`Network::decode`] says why.
#[must_use]
pub fn decode(advert: &Advertisement, enabled: &[Network]) -> Option<Evidence> {
    let mut surest: Option<Evidence> = None;
    for network in enabled {
        let Ok(Some(mut evidence)) = network.decode(advert) else { continue };
        if let Evidence::Candidate { strength: strength @ Strength::Hint, .. } = &mut evidence
            && enabled.first() != Some(network)
        {
            *strength = Strength::Trace;
        }
        if matches!(evidence, Evidence::Id { .. }) {
            return Some(evidence);
        }
        if surest.is_none_or(|so_far| sureness(&so_far) < sureness(&evidence)) {
            surest = Some(evidence);
        }
    }
    surest
}

/// An id proves an app, so nothing is surer; a name does very nearly; a beacon is known for what it
/// is; a hint may be wrong, and a trace most likely is.
const fn sureness(evidence: &Evidence) -> u8 {
    match evidence {
        Evidence::Id { .. } => 4,
        Evidence::Candidate { strength: Strength::Named, .. } => 3,
        Evidence::WakeBeacon { .. } => 2,
        Evidence::Candidate { strength: Strength::Hint, .. } => 1,
        Evidence::Candidate { strength: Strength::Trace, .. } => 0,
    }
}

impl Network {
    /// Every network, in the order they are asked. Herald is asked before BlueTrace, because
    /// COVIDSafe has the forms of both and the newer one says more.
    pub const ALL: [Self; 8] = [
        Self::Bluezone,
        Self::Gaen,
        Self::Dp3t,
        Self::Robert,
        Self::Token,
        Self::Sonar,
        Self::Herald,
        Self::BlueTrace,
    ];

    /// The name in configurations and commands.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bluezone => "bluezone",
            Self::Gaen => "gaen",
            Self::Dp3t => "dp3t",
            Self::Robert => "robert",
            Self::Token => "token",
            Self::Sonar => "sonar",
            Self::Herald => "herald",
            Self::BlueTrace => "bluetrace",
        }
    }

    /// What this network makes of an advert; `None` when it has nothing of the network's form.
    ///
    /// # Errors
    ///
    /// When a part has the network's form and no id can be read from it.
    pub fn decode(self, advert: &Advertisement) -> Result<Option<Evidence>, DecodeError> {
        match self {
            Self::Bluezone => bluezone::decode(advert),
            Self::Gaen => gaen::decode(advert),
            Self::Dp3t => dp3t::decode(advert),
            Self::Robert => robert::decode(advert),
            Self::Token => Ok(token::decode(advert)),
            Self::Sonar => Ok(sonar::decode(advert)),
            Self::Herald => Ok(herald::decode(advert)),
            Self::BlueTrace => Ok(bluetrace::decode(advert)),
        }
    }

    /// Where a phone of this network that keeps its id hands it out, the likeliest first: the
    /// first whose service and characteristic the phone has is to be read. None where every phone
    /// broadcasts.
    #[must_use]
    pub const fn reads(self) -> &'static [GattId] {
        match self {
            Self::Bluezone => &bluezone::READS,
            Self::Dp3t => &dp3t::READS,
            Self::Robert => &robert::READS,
            Self::Sonar => &sonar::READS,
            Self::Herald => &herald::READS,
            Self::BlueTrace => &bluetrace::READS,
            Self::Gaen | Self::Token => &[],
        }
    }

    /// For how many seconds what a phone hands out stays the same; the first begin at midnight UTC.
    #[must_use]
    pub const fn slot_seconds(self) -> i64 {
        match self {
            Self::Herald => herald::PERIOD_SECONDS,
            Self::Gaen => gaen::INTERVAL_SECONDS,
            Self::Sonar => 86_400,
            Self::Bluezone | Self::Dp3t | Self::Robert | Self::Token | Self::BlueTrace => 900,
        }
    }

    /// The id in what a phone has handed out at one of [`Self::reads`].
    ///
    /// # Errors
    ///
    /// When there is no id in it.
    pub fn decode_read(self, bytes: &[u8]) -> Result<ProximityId, DecodeError> {
        match self {
            Self::Bluezone => bluezone::decode_read(bytes),
            Self::Dp3t => dp3t::decode_read(bytes),
            Self::Robert => robert::decode_read(bytes),
            Self::Sonar => sonar::decode_read(bytes),
            Self::Herald => herald::decode_read(bytes),
            Self::BlueTrace => bluetrace::decode_read(bytes),
            Self::Gaen | Self::Token => Err(DecodeError::NothingToRead { network: self }),
        }
    }

    /// The id a phone with `key` broadcasts at the moment `at`.
    ///
    /// The key is 32 bytes for Bluezone and Herald (the matching key of a day) and 16 for Exposure
    /// Notification; `key_time` is the moment from which it counts. Only Bluezone has `slots` that
    /// differ.
    ///
    /// # Errors
    ///
    /// When the key has another length, gives no id at that moment, or no key of this network does.
    pub fn derive(
        self,
        key: &[u8],
        key_time: Wall,
        at: Wall,
        slots: bluezone::SlotsPerDay,
    ) -> Result<RollingId, DeriveError> {
        let not_by_moment = |why| Err(DeriveError::NotByMoment { network: self, why });
        match self {
            Self::Bluezone => bluezone::derive(self.sized(key)?, key_time, at, slots),
            Self::Gaen => gaen::derive(self.sized(key)?, key_time, at),
            Self::Herald => herald::derive(self.sized(key)?, key_time, at),
            Self::Dp3t => not_by_moment("a phone uses the ids of a day in an order of its own"),
            Self::Robert | Self::Token | Self::Sonar | Self::BlueTrace => {
                not_by_moment("a server seals its ids, and nobody else has the key")
            }
        }
    }

    fn sized<const N: usize>(self, key: &[u8]) -> Result<&[u8; N], DeriveError> {
        key.try_into().map_err(|_| DeriveError::KeyLength {
            network: self,
            need: N,
            got: key.len(),
        })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Network {
    type Err = UnknownNetwork;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|network| network.name().eq_ignore_ascii_case(text));
        known.ok_or_else(|| UnknownNetwork { text: text.to_owned() })
    }
}

/// An id and the time in which a phone broadcasts it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RollingId {
    /// The id.
    pub id: ProximityId,
    /// The first second.
    pub begin: Wall,
    /// The second after the last.
    pub end: Wall,
}

#[cfg(test)]
pub(super) mod tests;
