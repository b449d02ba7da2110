//! What is on the air now, as AD structures, and what whoever connects is answered.
//!
//! Flags and the level of sending are added by the Bluetooth stack, which knows them; so there are
//! none in the data here, only room for them.

use std::fmt;

use super::keys::{BaseKey, gaen_day_key};
use super::mark::{self, Mark};
use super::setup::Setup;
use crate::domain::advert::{AdvertData, ad_type};
use crate::domain::moment::Wall;
use crate::domain::network::gatt::GattId;
use crate::domain::network::{Network, apple, bluezone, dp3t, gaen, herald};

/// One thing that is sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// What a phone of the network sends, or a venue of Herald's.
    Member(Network),
    /// The beacon that wakes iPhones with Bluezone.
    Wake,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(network) => network.fmt(f),
            Self::Wake => f.pad("wake"),
        }
    }
}

/// One part on the air.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Airing {
    /// Which.
    pub part: Part,
    /// Whether a phone may connect; then the stack adds flags (3 bytes).
    pub connectable: bool,
    /// Whether the level of sending is to be stated (3 bytes).
    pub states_power: bool,
    /// The AD structures.
    pub data: AdvertData,
    /// Where a controller sends one thing at a time, for how many seconds it is this one's turn.
    pub turn_seconds: u16,
}

/// What a phone reads that connects. `Debug` shows only its length.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// Where.
    pub gatt: GattId,
    /// What it reads now.
    pub value: Vec<u8>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({} bytes)", self.value.len())
    }
}

/// Everything the kiosk sends now.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Plan {
    /// What is on the air, the most important first.
    pub airings: Vec<Airing>,
    /// What whoever connects may read.
    pub answers: Vec<Answer>,
}

/// What the kiosk is in one network at a moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// What is sent.
    pub airing: Airing,
    /// What is answered, where phones of the network ask.
    pub answer: Option<Answer>,
    /// When both change.
    pub until: Wall,
}

/// What the kiosk is in `network` at `at`; `None` before the secret begins, and where the network
/// cannot be joined.
#[must_use]
pub fn member(network: Network, base: &BaseKey, setup: &Setup, at: Wall) -> Option<Member> {
    let slot = mark::at(network, base, at)?;
    let mut data = AdvertData::EMPTY;
    let mut power = false;
    let answer = match (network, &slot.mark) {
        (Network::Bluezone, Mark::Id(id)) => {
            // Whoever looks for the service has to find the id in the same advert.
            put(&mut data, ad_type::UUID16_ALL, &[&bluezone::ANDROID_SERVICE.to_le_bytes()]);
            let company = bluezone::COMPANY.to_le_bytes();
            put(&mut data, ad_type::MANUFACTURER, &[&company, id.as_bytes()]);
            Some(id.as_bytes().to_vec())
        }
        (Network::Gaen, Mark::Id(id)) => {
            let key = gaen_day_key(base, at)?;
            let rpi = id.as_bytes().try_into().ok()?;
            let [level] = setup.tx_power.0.to_be_bytes();
            let metadata =
                gaen::associated_metadata(&key, rpi, [gaen::METADATA_VERSION, level, 0, 0]);
            let service = gaen::SERVICE.to_le_bytes();
            put(&mut data, ad_type::UUID16_ALL, &[&service]);
            put(&mut data, ad_type::SERVICE_DATA16, &[&service, rpi, &metadata]);
            None
        }
        (Network::Dp3t, Mark::Id(id)) => {
            let service = dp3t::SERVICE.to_le_bytes();
            put(&mut data, ad_type::UUID16_ALL, &[&service]);
            put(&mut data, ad_type::SERVICE_DATA16, &[&service, id.as_bytes()]);
            power = true;
            Some(id.as_bytes().to_vec())
        }
        (Network::Herald, Mark::PseudoAddress(address)) => {
            put(&mut data, ad_type::UUID16_ALL, &[&herald::SERVICE.to_le_bytes()]);
            put(&mut data, ad_type::MANUFACTURER, &[&herald::COMPANY.to_le_bytes(), address]);
            Some(setup.venue.payload())
        }
        _ => return None,
    };
    let gatt = network.reads().first().copied();
    let answer = answer.zip(gatt).map(|(value, gatt)| Answer { gatt, value });
    let (part, connectable) = (Part::Member(network), answer.is_some());
    let airing = Airing { part, connectable, states_power: power, data, turn_seconds: 0 };
    Some(Member { airing, answer, until: slot.end })
}

/// The beacon that wakes iPhones with Bluezone, byte for byte as the Android app sends it since
/// 3.0.7 (`IbeaconUtils.java`): both numbers 20, and -59 dBm at a metre. The app's cannot be connected
/// to; this one can, as many an iBeacon, because Linux then needs no new address for it, which a
/// controller that scans may refuse (`docs/adr/0016-the-beacon.md`).
#[must_use]
pub fn wake() -> Airing {
    let mut data = AdvertData::EMPTY;
    let uuid = bluezone::WAKE_BEACON.to_be_bytes();
    let [number_high, number_low] = 20_u16.to_be_bytes();
    let [level] = (-59_i8).to_be_bytes();
    put(
        &mut data,
        ad_type::MANUFACTURER,
        &[
            &apple::COMPANY.to_le_bytes(),
            &[apple::KIND_BEACON, 21],
            &uuid,
            &[number_high, number_low, number_high, number_low, level],
        ],
    );
    Airing { part: Part::Wake, connectable: true, states_power: false, data, turn_seconds: 0 }
}

/// Appends one AD structure.
fn put(data: &mut AdvertData, ad_type: u8, parts: &[&[u8]]) {
    let len: usize = parts.iter().map(|part| part.len()).sum();
    // Nothing here is as long as the 30 bytes an advert has room for.
    data.extend(&[u8::try_from(len + 1).unwrap_or(u8::MAX), ad_type]);
    for part in parts {
        data.extend(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::beacon::keys::JOINABLE;
    use crate::domain::beacon::setup::Venue;
    use crate::domain::network::tests::{advert, bytes};
    use crate::domain::sighting::Evidence;

    const BEGINS: Wall = Wall(1_622_505_600);

    fn of(network: Network) -> Member {
        let base = BaseKey::new(std::array::from_fn(|place| u8::try_from(place).unwrap()), BEGINS);
        let venue = Venue { location: 7, ..Venue::default() };
        let setup = Setup { venue, ..Setup::default() };
        member(network, &base, &setup, BEGINS).unwrap()
    }

    /// What the network's own reader makes of it.
    fn found(airing: &Airing, network: Network) -> Option<Evidence> {
        network.decode(&advert(airing.data.as_bytes())).unwrap()
    }

    #[test]
    fn bluezone_as_an_android_phone_and_as_an_iphone() {
        let member = of(Network::Bluezone);
        let id = bytes("130CEA6472130C185D8643DF");
        let expected = bytes("0303564E 0FFFB522 130CEA6472130C185D8643DF");
        assert_eq!(member.airing.data.as_bytes(), expected);
        assert!(member.airing.connectable && !member.airing.states_power);
        let answer = member.answer.unwrap();
        assert_eq!((answer.gatt, answer.value), (bluezone::READS[0], id));
        assert_eq!(member.until, Wall(BEGINS.0 + 900));
    }

    #[test]
    fn the_wake_beacon_byte_for_byte() {
        let expected = "1AFF4C000215C7AFEF7B17884F4AA87D691D53BF21C400140014C5";
        assert_eq!(wake().data.as_bytes(), bytes(expected));
        assert!(wake().connectable, "with the stack's flags it has 30 bytes");
        let network = Network::Bluezone;
        assert_eq!(found(&wake(), network), Some(Evidence::WakeBeacon { network }));
    }

    #[test]
    fn exposure_notification_says_its_level() {
        let base = BaseKey::new([9; 32], BEGINS);
        let setup = Setup { tx_power: crate::domain::advert::Dbm(-8), ..Setup::default() };
        let member = member(Network::Gaen, &base, &setup, BEGINS).unwrap();
        let data = member.airing.data.as_bytes();
        assert_eq!(data[..8], bytes("03036FFD 17166FFD"));
        let rpi: [u8; 16] = data[8..24].try_into().unwrap();
        let key = gaen_day_key(&base, BEGINS).unwrap();
        let metadata = gaen::associated_metadata(&key, &rpi, data[24..].try_into().unwrap());
        assert_eq!(metadata, [0x40, 0xF8, 0, 0]);
        assert!(!member.airing.connectable && member.answer.is_none());
        assert_eq!(member.until, Wall(BEGINS.0 + 600));
    }

    #[test]
    fn every_part_fits_an_advert_and_is_read_as_what_it_is() {
        for network in JOINABLE {
            let Member { airing, answer, .. } = of(network);
            let stack = 3 * (usize::from(airing.connectable) + usize::from(airing.states_power));
            assert!(airing.data.as_bytes().len() + stack <= 31, "{network}");
            let found = found(&airing, network).unwrap();
            assert_eq!(found.network(), network);
            assert_eq!(matches!(found, Evidence::Candidate { .. }), network == Network::Herald);
            if let Some(answer) = answer {
                let lengths = answer.gatt.least..=answer.gatt.most;
                let is_venue = network == Network::Herald;
                assert!(is_venue || lengths.contains(&answer.value.len()), "{network}");
                assert_eq!(format!("{answer:?}"), format!("Answer({} bytes)", answer.value.len()));
            }
        }
    }
}
