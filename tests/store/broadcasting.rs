//! `kiosk beacon show`: what it says of the book's kiosk, and that it shows no secret.

use super::*;
use kiosk::command::beacon::{ShowArgs, show};
use kiosk::domain::advert::{Address, AdvertData, Advertisement};
use kiosk::domain::beacon::Setup;
use kiosk::domain::beacon::keys::JOINABLE;
use kiosk::domain::moment::{Mono, Now, Zone};
use kiosk::domain::network::Network;

fn shown(place: &Place, networks: &[Network], at: i64, json: bool) -> String {
    let setup = Setup { networks: networks.to_vec(), ..Setup::default() };
    let now = Now { mono: Mono::default(), wall: Wall(at), wall_trusted: true };
    let args = ShowArgs { json, config: None };
    let mut out = Vec::new();
    show(&args, &setup, &place.path(), Zone::VIET_NAM, now, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A book whose Bluezone secret is that of the vectors: the bytes 0 to 31 from 2021-06-01 on.
fn with_a_known_secret() -> Place {
    let place = Place::new();
    drop(place.book());
    let base: Vec<u8> = (0..32).collect();
    raw(&place.path())
        .execute(
            "UPDATE beacon_key SET base = ?, begins = 1622505600 WHERE network = 'bluezone'",
            [base],
        )
        .unwrap();
    place
}

#[test]
fn what_is_on_the_air_taken_apart() {
    let place = with_a_known_secret();
    let text = shown(&place, &[Network::Bluezone], 1_622_967_301, false);
    let expected = "\
No kiosk is running with this book, so nothing is on the air. At 15:15:01 it would be:

bluezone, can be connected to, 8 of 9 s where things take turns
  03  16-bit services, all  4E56 (Bluezone, Android)
  FF  manufacturer data     22B5 (Bluezone, Android): 1B26BA71E3127256F046BB1E
  changes at 15:30:00, in 899 s

wake, can be connected to, 1 of 9 s where things take turns
  FF  manufacturer data  004C (Apple): iBeacon C7AFEF7B-1788-4F4A-A87D-691D53BF21C4

read by whoever connects
  00004E56-73F5-4BC4-A12F-17D1AD07A689  1B26BA71E3127256F046BB1E

the next change is at 15:30:00
";
    assert_eq!(text, expected);
}

#[test]
fn a_kiosk_that_runs_a_book_without_networks_and_a_clock_that_is_wrong() {
    let place = with_a_known_secret();
    let book = place.book();
    let text = shown(&place, &[Network::Bluezone], 1_622_967_301, false);
    assert!(text.starts_with("on the air at 15:15:01\n"), "{text}");
    assert!(shown(&place, &[], 1_622_967_301, false).contains("no network is named"));
    let early = shown(&place, &[Network::Gaen], 0, false);
    assert!(early.contains("gaen is silent: the clock stands before"), "{early}");
    drop(book);
    std::fs::remove_file(place.directory.path().join("logbook.db-lock")).unwrap();
    assert!(shown(&place, &[], 0, false).starts_with("No kiosk is running"));
}

#[test]
fn in_json_with_the_bytes_of_every_part_and_no_secret() {
    let place = with_a_known_secret();
    let secrets = secrets(&place.path());
    let text = shown(&place, &JOINABLE, 1_622_967_301, true);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["running"], false);
    let parts = value["on_air"].as_array().unwrap();
    assert_eq!(parts.len(), 5);
    let bytes = |hex: &str| -> Vec<u8> {
        let digits: Vec<_> = hex.chars().map(|digit| digit.to_digit(16).unwrap()).collect();
        digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
    };
    for (network, part) in [("bluezone", 0), ("gaen", 2), ("dp3t", 3), ("herald", 4)] {
        assert_eq!(parts[part]["part"], serde_json::json!({ "member": network }));
        let data = AdvertData::new(&bytes(parts[part]["bytes"].as_str().unwrap()));
        let address = Address { bytes: [0; 6], random: true };
        let advert = Advertisement { address, rssi: None, connectable: false, data };
        let network: Network = network.parse().unwrap();
        assert!(network.decode(&advert).unwrap().is_some(), "{network}");
    }
    for (_, base, _) in secrets {
        let hex: Vec<String> = base.iter().map(|byte| format!("{byte:02X}")).collect();
        assert!(!text.contains(&hex.concat()), "a secret is shown");
    }
}
