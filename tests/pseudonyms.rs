//! What is given away in a capture: nothing of an id or an address, and everything that counts.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests stop at the first surprise"
)]

use kiosk::domain::advert::{AdStructures, Address, AdvertData, Advertisement, ad_type};
use kiosk::domain::network::{DecodeError, Network};
use kiosk::domain::pseudonym::Pseudonyms;
use kiosk::domain::sighting::Evidence;
use proptest::collection::vec;
use proptest::prelude::*;

/// Something that tells a phone, and letters that do.
type Secret = [u8; 16];

fn structure(ad_type: u8, parts: &[&[u8]]) -> Vec<u8> {
    let payload = parts.concat();
    [&[u8::try_from(payload.len() + 1).unwrap(), ad_type][..], &payload].concat()
}

fn listed(service: u128) -> Vec<u8> {
    structure(ad_type::UUID128_ALL, &[&service.to_le_bytes()])
}

/// Every form in which a network, or anything else, puts a secret on the air.
fn forms(secret: Secret, letters: [u8; 6]) -> Vec<Vec<u8>> {
    let service_data = |number: [u8; 2], rest: &[u8]| {
        structure(ad_type::SERVICE_DATA16, &[&number, &secret, rest])
    };
    let of_company =
        |number: [u8; 2], rest: &[u8]| structure(ad_type::MANUFACTURER, &[&number, rest]);
    let all16 = |number: [u8; 2]| structure(ad_type::UUID16_ALL, &[&number]);
    let mut overflow = vec![0x01];
    overflow.extend(secret);
    vec![
        [all16([0x6F, 0xFD]), service_data([0x6F, 0xFD], &[1, 2, 3, 4])].concat(),
        [structure(ad_type::TX_POWER, &[&[0xF1]]), service_data([0x68, 0xFD], &[])].concat(),
        [all16([0x64, 0xFD]), service_data([0x64, 0xFD], &[2, 0xF1])].concat(),
        service_data([0x64, 0xFD], &[2, 0xF1, 0xC4]),
        [all16([0xFF, 0xFF]), service_data([0xFF, 0xFF], &[0, 0, 0x38, 0x33])].concat(),
        [of_company([0xB5, 0x22], &secret[..12]), all16([0x56, 0x4E])].concat(),
        [of_company([0xB5, 0x22], &letters), listed(0xE20A_39F4_73F5_4BC4_A12F_17D1_AD07_A889)]
            .concat(),
        [all16([0xF6, 0xFC]), of_company([0xF1, 0x05], &secret[..6])].concat(),
        [listed(0xB82A_B3FC_1595_4F6A_80F0_FE09_4CC2_18F9), of_company([0xFA, 0xFF], &secret[..6])]
            .concat(),
        [listed(0xC1F5_983C_FA94_4AC8_8E2E_BB86_D6DE_9B21), of_company([0xE0, 0], &[])].concat(),
        [structure(ad_type::NAME, &[&letters]), listed(0xE20A_39F4_73F5_4BC4_A12F_17D1_AD07_A667)]
            .concat(),
        of_company([0x4C, 0], &[&[0x10, 16][..], &secret, &[0x01, 0x08], &[0; 15]].concat()),
        of_company([0x4C, 0], &[&[0x02, 21][..], &secret, &[0, 1, 0, 2, 0xC5]].concat()),
        of_company([0x4C, 0], &[&[0x12, 25][..], &secret].concat()),
        of_company([0x4C, 0], &overflow[..9]),
        of_company([0x34, 0x12], &secret),
        service_data([0x34, 0x12], &[]),
        structure(ad_type::SERVICE_DATA32, &[&[1, 2, 3, 4], &secret]),
        structure(ad_type::SERVICE_DATA128, &[&[7; 16], &secret]),
        structure(ad_type::NAME_SHORT, &[&secret]),
        structure(ad_type::FLAGS, &[&[0x1A], &secret]),
        structure(0x18, &[&secret[..6]]),
        structure(0x2E, &[&secret]),
        // Broken off, and behind the end.
        [&[31, 0x16, 0x6F, 0xFD][..], &secret].concat(),
        [&[2, 1, 6, 0][..], &secret].concat(),
    ]
}

/// No five bytes in a row are left: fewer may come up by chance.
fn is_left(secret: &[u8], data: &[u8]) -> bool {
    secret.windows(5).any(|part| data.windows(5).any(|other| other == part))
}

fn replaced(pseudonyms: &Pseudonyms, data: &[u8]) -> Vec<u8> {
    let mut other = data.to_vec();
    pseudonyms.data(&mut other);
    other
}

/// Types and lengths, up to where it breaks off.
fn skeleton(data: &[u8]) -> Vec<Option<(u8, usize)>> {
    AdStructures::new(data)
        .map(|structure| structure.ok().map(|found| (found.ad_type, found.payload.len())))
        .collect()
}

/// What a network finds, without the id.
fn found(network: Network, data: &[u8]) -> Result<Option<String>, DecodeError> {
    let address = Address { bytes: [0; 6], random: true };
    let data = AdvertData::new(data);
    let advert = Advertisement { address, rssi: None, connectable: false, data };
    // `Debug` of an id shows its kind only.
    network.decode(&advert).map(|evidence| evidence.map(|found| format!("{found:?}")))
}

fn id(data: &[u8]) -> Option<Vec<u8>> {
    let address = Address { bytes: [0; 6], random: true };
    let data = AdvertData::new(data);
    let advert = Advertisement { address, rssi: None, connectable: false, data };
    match kiosk::domain::network::decode(&advert, &Network::ALL)? {
        Evidence::Id { id, .. } => Some(id.as_bytes().to_vec()),
        Evidence::Candidate { .. } | Evidence::WakeBeacon { .. } => None,
    }
}

proptest! {
    #[test]
    fn nothing_of_a_secret_is_left_and_every_form_is(
        key in any::<[u8; 32]>(),
        secret in any::<Secret>(),
        letters in "[A-Za-z0-9]{6}",
    ) {
        let pseudonyms = Pseudonyms::new(key);
        let letters: [u8; 6] = letters.as_bytes().try_into().unwrap();
        for (number, data) in forms(secret, letters).iter().enumerate() {
            let other = replaced(&pseudonyms, data);
            prop_assert_eq!(skeleton(&other), skeleton(data), "form {}", number);
            prop_assert!(!is_left(&secret, &other), "form {}", number);
            prop_assert!(!is_left(&letters, &other), "form {}", number);
            for network in Network::ALL {
                prop_assert_eq!(found(network, &other), found(network, data), "form {}", number);
            }
            prop_assert_eq!(&replaced(&pseudonyms, data), &other, "one phone stays one");
        }
    }

    #[test]
    fn two_phones_stay_two_and_another_capture_tells_others(
        (one, two) in any::<(Secret, Secret)>(),
        keys in any::<([u8; 32], [u8; 32])>(),
    ) {
        prop_assume!(one[..6] != two[..6] && keys.0 != keys.1);
        let (pseudonyms, of_another_capture) = (Pseudonyms::new(keys.0), Pseudonyms::new(keys.1));
        let pairs = forms(one, *b"abcdef").into_iter().zip(forms(two, *b"ghijkl"));
        for (one, two) in pairs.filter(|(one, _)| id(one).is_some()) {
            let (one_there, two_there) = (replaced(&pseudonyms, &one), replaced(&pseudonyms, &two));
            prop_assert!(id(&one_there).is_some() && id(&one_there) != id(&two_there));
            prop_assert_ne!(id(&replaced(&of_another_capture, &one)), id(&one_there));
        }
    }

    /// ROBERT's greeting has a new time and signature each time.
    #[test]
    fn an_id_stays_the_same_whatever_changes_beside_it(
        secret in any::<[u8; 9]>(),
        beside in any::<([u8; 7], [u8; 7])>(),
    ) {
        let pseudonyms = Pseudonyms::new([7; 32]);
        let greeting = |beside: [u8; 7]| {
            let parts: [&[u8]; 4] = [&[0x64, 0xFD], &secret, &beside, &[2, 0xF1]];
            id(&replaced(&pseudonyms, &structure(ad_type::SERVICE_DATA16, &parts)))
        };
        prop_assert!(greeting(beside.0).is_some());
        prop_assert_eq!(greeting(beside.0), greeting(beside.1));
    }

    #[test]
    fn any_bytes_keep_their_skeleton_and_what_networks_find(data in vec(any::<u8>(), 0..254)) {
        let other = replaced(&Pseudonyms::new([7; 32]), &data);
        prop_assert_eq!(skeleton(&other), skeleton(&data));
        for network in Network::ALL {
            prop_assert_eq!(found(network, &other), found(network, &data));
        }
    }

    #[test]
    fn an_address_stays_of_its_kind(bytes in any::<[u8; 6]>(), random in any::<bool>()) {
        let pseudonyms = Pseudonyms::new([7; 32]);
        let address = Address { bytes, random };
        let other = pseudonyms.address(address);
        prop_assert_eq!(pseudonyms.address(address), other);
        prop_assert!(!is_left(&bytes, &other.bytes));
        prop_assert_eq!(other.random, random);
        if random {
            prop_assert_eq!(other.bytes[0] & 0xC0, bytes[0] & 0xC0);
        }
        let mut neighbour = address;
        neighbour.bytes[5] ^= 1;
        prop_assert_ne!(pseudonyms.address(neighbour), other);
    }
}
