//! What the kiosk itself sends: the section `[beacon]`.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, Unexpected};

use super::value;
use crate::domain::advert::Dbm;
use crate::domain::beacon::keys::JOINABLE;
use crate::domain::beacon::{BaseKey, Setup, Sister, Venue};
use crate::domain::moment::{Wall, Zone};
use crate::domain::network::Network;

/// More doors than a market has.
const MOST_SISTERS: usize = 64;

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct BeaconSection {
    #[serde(deserialize_with = "networks")]
    networks: Vec<Network>,
    wake: bool,
    #[serde(deserialize_with = "value::optional_adapter")]
    pub(super) adapter: Option<String>,
    #[serde(deserialize_with = "value::within::<_, _, -50, 20>")]
    tx_power_dbm: i8,
    #[serde(deserialize_with = "value::within::<_, _, 0, 65535>")]
    venue_state: u16,
    #[serde(deserialize_with = "value::within::<_, _, 0, 4294967295>")]
    venue_location: u32,
    #[serde(deserialize_with = "sisters")]
    sisters: Vec<Sister>,
}

impl Default for BeaconSection {
    fn default() -> Self {
        Self {
            networks: vec![Network::Bluezone],
            wake: true,
            adapter: None,
            tx_power_dbm: 0,
            venue_state: 0,
            venue_location: 0,
            sisters: Vec::new(),
        }
    }
}

impl BeaconSection {
    /// What the core needs to know of it.
    pub(super) fn setup(&self, premises: &str, door: &str, listens: &str) -> Setup {
        Setup {
            networks: self.networks.clone(),
            wake: self.wake,
            tx_power: Dbm(self.tx_power_dbm),
            own_adapter: self.adapter.as_deref().is_some_and(|sends| sends != listens),
            venue: Venue {
                state: self.venue_state,
                location: self.venue_location,
                premises: premises.to_owned(),
                door: door.to_owned(),
            },
            sisters: self.sisters.clone(),
        }
    }
}

fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Network>, D::Error> {
    let networks = Vec::<Network>::deserialize(deserializer)?;
    let once = |(place, network): (usize, &Network)| {
        JOINABLE.contains(network) && !networks.iter().take(place).any(|other| other == network)
    };
    if networks.iter().enumerate().all(once) {
        return Ok(networks);
    }
    let expected =
        "a list of \"bluezone\", \"gaen\", \"dp3t\" and \"herald\", each of them once at most";
    Err(de::Error::invalid_value(Unexpected::Seq, &expected))
}

/// A sister door as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SisterValue {
    network: Network,
    day: String,
    key: String,
}

fn sisters<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Sister>, D::Error> {
    let written = Vec::<SisterValue>::deserialize(deserializer)?;
    if written.len() > MOST_SISTERS {
        return Err(de::Error::invalid_length(written.len(), &"at most 64 keys of sister doors"));
    }
    // A key is no matter for an error text, so only what it should be is said.
    let expected = "network = one that can be joined, day = \"2026-11-26\" and key = 64 hex digits";
    let wrong = || de::Error::invalid_value(Unexpected::Other("a key of a sister door"), &expected);
    written.iter().map(|sister| sister.parse().ok_or_else(wrong)).collect()
}

impl SisterValue {
    fn parse(&self) -> Option<Sister> {
        let day: jiff::civil::Date = self.day.parse().ok()?;
        let midnight = Wall::from_civil(day.to_datetime(jiff::civil::Time::midnight()), utc()?);
        let key = BaseKey::new(key(&self.key)?, midnight);
        JOINABLE.contains(&self.network).then_some(Sister { network: self.network, key })
    }
}

fn utc() -> Option<Zone> {
    Zone::from_minutes(0)
}

/// 64 hex digits.
fn key(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
    let (pairs, []) = digits.as_deref()?.as_chunks::<2>() else { return None };
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    bytes.try_into().ok()
}

impl fmt::Debug for SisterValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SisterValue({})", self.network)
    }
}
