//! What holds for every network.

use std::collections::BTreeSet;

use super::*;
use crate::domain::advert::{Address, AdvertData};

/// The bytes that the hex digits among other characters spell.
pub(in crate::domain) fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<_> = hex.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

/// An advert of `bytes` from nobody in particular.
pub(in crate::domain) fn advert(bytes: &[u8]) -> Advertisement {
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
        r#"no network is called "bluezon"; the networks are bluezone, gaen, dp3t, robert, token, sonar, herald, bluetrace"#
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

#[test]
fn the_surest_wins_and_the_first_of_two_as_sure() {
    let hint = "14FF4C000108000000000000000000000000000000";
    let sonar = "1107219BDED686BB2E8EC84A94FA3C98F5C1";
    let found = decode(&advert(&bytes(&format!("{hint} {sonar}"))), &Network::ALL);
    assert_eq!(found.map(|found| found.network()), Some(Network::Sonar), "a name before a hint");
    let id = "131668FD EB0958C011492732C59E3ED2A5EEF01D";
    let found = decode(&advert(&bytes(&format!("{sonar} {id}"))), &Network::ALL);
    assert_eq!(found.map(|found| found.network()), Some(Network::Dp3t), "an id before a name");
    let covidsafe = "1107F918C24C09FEF0806A4F9515FCB32AB8 09FFFAFF010203040506";
    let found = decode(&advert(&bytes(covidsafe)), &Network::ALL);
    assert_eq!(found.map(|found| found.network()), Some(Network::Herald));
    let found = decode(&advert(&bytes(covidsafe)), &[Network::BlueTrace]);
    assert_eq!(found.map(|found| found.network()), Some(Network::BlueTrace), "it is that as well");
}

#[test]
fn no_two_services_of_iphones_share_a_bit() {
    let reads = Network::ALL.iter().flat_map(|network| network.reads());
    let services: BTreeSet<_> = reads.map(|read| read.service).collect();
    let bits: BTreeSet<_> = services.iter().map(|&uuid| apple::overflow_bit(uuid)).collect();
    assert_eq!((services.len(), bits.len()), (12, 12));
}

#[test]
fn a_network_without_anything_to_read_says_so() {
    for network in Network::ALL {
        let nothing = Err(DecodeError::NothingToRead { network });
        assert_eq!(network.decode_read(&[]) == nothing, network.reads().is_empty(), "{network}");
    }
    let error = Network::Gaen.decode_read(&[0; 16]).unwrap_err();
    let words = "read the id: a phone of gaen has none to hand out, it broadcasts it";
    assert_eq!(error.to_string(), words);
}

#[test]
fn a_network_whose_ids_no_key_gives_says_so() {
    let slots = bluezone::SlotsPerDay::DEFAULT;
    let error = Network::Robert.derive(&[0; 32], Wall(0), Wall(0), slots).unwrap_err();
    let words = "derive an id of robert: a server seals its ids, and nobody else has the key; \
                 use bluezone, gaen or herald";
    assert_eq!(error.to_string(), words);
}
