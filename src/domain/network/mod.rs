//! The contact networks, one file each: what is on the air → [`super::sighting::Evidence`], and how a key gives
//! the rotating ids.
//!
//! To add a network: a file beside this one, a variant of [`Network`], a place in
//! [`Network::ALL`], and a line in each `match` the compiler then names.

use std::fmt;
use std::str::FromStr;

use super::advert::Advertisement;
use super::moment::Wall;
use super::sighting::{Evidence, ProximityId};

pub mod apple;
pub mod bluezone;
pub mod gaen;

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
}

/// What the first of the `enabled` networks that knows this form makes of an advert; `None` when
/// none does. What is damaged is nobody's: [`Network::decode`] says why.
#[must_use]
pub fn decode(advert: &Advertisement, enabled: &[Network]) -> Option<Evidence> {
    enabled.iter().find_map(|network| network.decode(advert).ok().flatten())
}

impl Network {
    /// Every network, in the order they are asked.
    pub const ALL: [Self; 2] = [Self::Bluezone, Self::Gaen];

    /// The name in configurations and commands.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bluezone => "bluezone",
            Self::Gaen => "gaen",
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
        }
    }

    /// The id a phone with `key` broadcasts at the moment `at`.
    ///
    /// The key is 32 bytes for Bluezone and 16 for Exposure Notification; `key_time` is the
    /// moment from which it counts. Only Bluezone has `slots` that differ.
    ///
    /// # Errors
    ///
    /// When the key has another length, or gives no id at that moment.
    pub fn derive(
        self,
        key: &[u8],
        key_time: Wall,
        at: Wall,
        slots: bluezone::SlotsPerDay,
    ) -> Result<RollingId, DeriveError> {
        match self {
            Self::Bluezone => bluezone::derive(self.sized(key)?, key_time, at, slots),
            Self::Gaen => gaen::derive(self.sized(key)?, key_time, at),
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

/// A name that is no network's.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("no network is called {text:?}; the networks are {}", Network::ALL.map(Network::name).join(", "))]
pub struct UnknownNetwork {
    /// The name.
    pub text: String,
}

/// Why no id can be read from an advert that has the form of a network.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DecodeError {
    /// The bytes of the id are too few or too many.
    #[error("read the id: it has {got} bytes, and needs {}", span(*least, *most))]
    IdLength {
        /// The fewest that will do.
        least: usize,
        /// The most that will do.
        most: usize,
        /// What there is.
        got: usize,
    },
    /// The service is named, and no id goes with it.
    #[error("read the id: the service is there, but the bytes of the id are not")]
    IdMissing,
    /// An id is there, and the service it belongs to is not named.
    #[error("read the id: its bytes are there, but the service's UUID is not")]
    ServiceMissing,
    /// An id of letters and digits holds something else.
    #[error("read the id: it holds something other than the letters A to Z, a to z and digits")]
    IdAlphabet,
}

/// "12", or "16 to 24".
fn span(least: usize, most: usize) -> String {
    if least == most { least.to_string() } else { format!("{least} to {most}") }
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

/// Why a key gives no id.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DeriveError {
    /// The key is too short or too long.
    #[error("use the key: {network} needs {need} bytes ({} hex digits), and it has {got}", need * 2)]
    KeyLength {
        /// Whose key it should be.
        network: Network,
        /// The bytes it should have.
        need: usize,
        /// The bytes it has.
        got: usize,
    },
    /// A moment before 1970 or after the year 9999.
    #[error("use {} as seconds since 1970: it must be 0 to {MOMENT_MAX}", moment.0)]
    Moment {
        /// The moment.
        moment: Wall,
    },
    /// The key did not exist yet.
    #[error("derive an id for {}: the key gives ids from {} on", at.0, begin.0)]
    BeforeKey {
        /// The moment asked for.
        at: Wall,
        /// The first second with an id.
        begin: Wall,
    },
    /// The key had been replaced, or lies so far back that following it is refused.
    #[error("derive an id for {}: with this key only ids before {} are known", at.0, end.0)]
    AfterKey {
        /// The moment asked for.
        at: Wall,
        /// The first second without an id.
        end: Wall,
    },
}

/// The last second of the year 9999.
const MOMENT_MAX: i64 = 253_402_300_799;

/// Seconds since 1970, checked so that sums with them cannot overflow.
fn seconds(moment: Wall) -> Result<i64, DeriveError> {
    if (0..=MOMENT_MAX).contains(&moment.0) {
        Ok(moment.0)
    } else {
        Err(DeriveError::Moment { moment })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::advert::{Address, AdvertData};

    /// An advert of `bytes` from nobody in particular.
    pub(super) fn advert(bytes: &[u8]) -> Advertisement {
        let address = Address { bytes: [0; 6], random: true };
        Advertisement { address, rssi: None, connectable: false, data: AdvertData::new(bytes) }
    }

    #[test]
    fn names_round_trip_and_an_error_lists_them() {
        for network in Network::ALL {
            assert_eq!(network.to_string().to_uppercase().parse(), Ok(network));
        }
        let error = "bluezon".parse::<Network>().unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"no network is called "bluezon"; the networks are bluezone, gaen"#
        );
    }

    #[test]
    fn the_first_enabled_network_that_knows_the_form_wins() {
        let mut bytes = vec![3, 0x03, 0x56, 0x4E, 15, 0xFF, 0xB5, 0x22];
        bytes.extend([1; 12]);
        bytes.extend([19, 0x16, 0x6F, 0xFD]);
        bytes.extend([2; 16]);
        let both = advert(&bytes);
        let asked = |networks: &[Network]| decode(&both, networks).map(|found| found.network());
        assert_eq!(asked(&Network::ALL), Some(Network::Bluezone));
        assert_eq!(asked(&[Network::Gaen, Network::Bluezone]), Some(Network::Gaen));
        assert_eq!(asked(&[]), None);
    }

    #[test]
    fn a_key_of_another_length_is_named() {
        let slots = bluezone::SlotsPerDay::DEFAULT;
        let error = Network::Gaen.derive(&[0; 32], Wall(0), Wall(0), slots).unwrap_err();
        assert_eq!(
            error.to_string(),
            "use the key: gaen needs 16 bytes (32 hex digits), and it has 32"
        );
    }
}
