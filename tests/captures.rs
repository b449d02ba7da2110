//! Real captures and published vectors, which lie beside the project and never in it. Without
//! them each test says so and passes.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "helpers of tests say what they skip, and stop at the first surprise"
)]

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use kiosk::command::Form;
use kiosk::command::survey::Survey;
use kiosk::domain::advert::{Address, AdvertData, Advertisement};
use kiosk::domain::moment::{Mono, Wall};
use kiosk::domain::network::apple::overflow_bit;
use kiosk::domain::network::{Network, decode, gaen};
use kiosk::domain::sighting::{Evidence, Strength, TxClass};
use kiosk::radio::btsnoop::Reader;
use kiosk::radio::gzip::MaybeGzip;
use kiosk::radio::hci;
use kiosk::radio::join::{JoinCounts, Joiner};
use serde_json::Value;

const LEGACY: &str = "ble/dp3t/exp34-epfl-soldiers__pcaps__10.btsnoop.gz";
const EXTENDED: &str = "ble/dp3t/exp34-epfl-soldiers__pcaps__01.btsnoop.gz";

#[test]
fn a_capture_of_legacy_reports_is_counted() {
    let Some(file) = shared(LEGACY) else { return };
    let survey = Survey::of(file).unwrap();
    assert_eq!((survey.reports, survey.addresses), (16_062, 579));
    assert_eq!((survey.reports_legacy, survey.reports_extended), (16_062, 0));
    assert_eq!(found(&survey, Network::Gaen), (11_104, Some(11_104)));
    assert_eq!(found(&survey, Network::Bluezone).0, 0);
    assert_eq!((survey.events_unreadable, survey.broken), (0, None));
}

#[test]
fn a_capture_of_extended_reports_is_counted() {
    let Some(file) = shared(EXTENDED) else { return };
    let survey = Survey::of(file).unwrap();
    assert_eq!((survey.reports, survey.addresses), (15_041, 554));
    assert_eq!((survey.reports_legacy, survey.reports_extended), (0, 15_041));
    assert_eq!(found(&survey, Network::Gaen), (9_957, Some(9_957)));
    assert_eq!(found(&survey, Network::Bluezone).0, 0);
    assert_eq!((survey.events_unreadable, survey.broken), (0, None));
}

#[test]
fn every_scan_response_in_the_captures_finds_its_advert() {
    for (path, reports, responses) in [(LEGACY, 16_062, 3_420), (EXTENDED, 15_041, 3_912)] {
        let Some(file) = shared(path) else { return };
        let mut reader = Reader::new(BufReader::new(MaybeGzip::new(file).unwrap())).unwrap();
        let mut joiner = Joiner::default();
        let mut heard = 0;
        while let Some(record) = reader.next_record().unwrap() {
            let now = Mono::from_millis(u64::try_from(record.at_us / 1_000).unwrap());
            for report in record.event().into_iter().flat_map(|event| hci::reports(event).unwrap())
            {
                let report = report.unwrap();
                let advert = joiner.accept(report, now).unwrap();
                assert!(advert.data.as_bytes().ends_with(report.data));
                heard += 1;
            }
        }
        assert_eq!(heard, reports);
        assert_eq!(joiner.counts(), JoinCounts { joined: responses, alone: 0 });
    }
}

#[test]
fn all_144_ids_of_the_official_key() {
    let Some(file) = shared("vectors/gaen/crypto_vectors.json") else { return };
    let vectors: Value = serde_json::from_reader(file).unwrap();
    let key = bytes(&vectors["tek"]);
    let key_time = Wall(vectors["key_generation_unix"].as_i64().unwrap());
    let advertised = vectors["advertised"].as_array().unwrap();
    assert_eq!(advertised.len(), 144);
    for vector in advertised {
        let at = Wall(vector["eninterval"].as_i64().unwrap() * gaen::INTERVAL_SECONDS);
        let rolling = gaen::derive(key[..].try_into().unwrap(), key_time, at).unwrap();
        assert_eq!(rolling.id.as_bytes(), bytes(&vector["rpi"]));
        assert_eq!((rolling.begin, rolling.end.0 - rolling.begin.0), (at, 600));
        let metadata = gaen::associated_metadata(
            key[..].try_into().unwrap(),
            rolling.id.as_bytes().try_into().unwrap(),
            bytes(&vectors["bluetooth_metadata"])[..].try_into().unwrap(),
        );
        assert_eq!(metadata[..], bytes(&vector["aem"]));
    }
}

#[test]
fn overflow_areas_of_public_captures() {
    let Some(file) = shared("ble/ios_overflow_vectors.json") else { return };
    let vectors: Value = serde_json::from_reader(file).unwrap();
    let captures = vectors["captures"].as_array().unwrap();
    assert_eq!(captures.len(), 9);
    for capture in captures {
        let uuid = capture["uuid"].as_str().unwrap();
        let number = u128::from_str_radix(&uuid.replace('-', ""), 16).unwrap();
        let bit = overflow_bit(number);
        assert_eq!(capture["bit_lsb_first"].as_u64(), Some(bit.into()), "{uuid}");
        let found = decode(&advert(&bytes(&capture["ad_structure_hex"])), &Network::ALL);
        let bluezone = uuid.ends_with("73F5-4BC4-A12F-17D1AD07A667");
        let hint = Evidence::Candidate {
            network: Network::Bluezone,
            strength: Strength::Hint,
            tx_class: TxClass::Full,
        };
        assert_eq!(found, bluezone.then_some(hint), "{uuid}");
    }
}

/// A file that lies beside the project, or a message that it is not there.
fn shared(path: &str) -> Option<File> {
    let whole = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    let file = File::open(whole).ok();
    if file.is_none() {
        println!("skipped: ../shared/{path} is not there");
    }
    file
}

fn found(survey: &Survey, network: Network) -> (u64, Option<u64>) {
    let found = survey.networks.get(&network).unwrap();
    (found.reports, found.forms.get(&Form::RollingId).copied())
}

fn bytes(hex: &Value) -> Vec<u8> {
    let digits = hex.as_str().unwrap().as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn advert(bytes: &[u8]) -> Advertisement {
    let address = Address { bytes: [0; 6], random: true };
    Advertisement { address, rssi: None, connectable: false, data: AdvertData::new(bytes) }
}
