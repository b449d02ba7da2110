//! Real captures and published vectors, which lie beside the project and never in it. Without
//! them each test says so and passes.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "helpers of tests say what they skip, and stop at the first surprise"
)]

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::PathBuf;

use kiosk::clock::Clock;
use kiosk::command::Form;
use kiosk::command::radio::{self, RadioArgs};
use kiosk::command::record::{self, RecordArgs};
use kiosk::command::source::SourceArgs;
use kiosk::command::survey::Survey;
use kiosk::config::Config;
use kiosk::domain::advert::{Address, AdvertData, Advertisement};
use kiosk::domain::moment::{Mono, Wall};
use kiosk::domain::network::apple::overflow_bit;
use kiosk::domain::network::{Network, decode, dp3t, gaen, herald};
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
fn a_capture_that_is_given_away_counts_the_same_and_tells_nobody() {
    for path in [LEGACY, EXTENDED] {
        let Some(original) = shared(path) else { return };
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("hall.btsnoop");
        let replay = Some(whole_path(path));
        let args = RecordArgs {
            file: file.clone(),
            minutes: None,
            megabytes: 100,
            raw: false,
            source: SourceArgs { replay, sim: None },
            config: None,
        };
        let clock = Clock::at(Wall(1_772_413_200));
        record::record(&args, &Config::default(), clock, &mut std::io::sink()).unwrap();
        let (was, is) = (Survey::of(original).unwrap(), Survey::of(File::open(&file).unwrap()));
        let is = is.unwrap();
        // Packets that are no events are not recorded.
        assert_eq!(Survey { records: was.records, ..is }, was);
        let addresses = |file| addresses(file).collect::<BTreeSet<_>>();
        let (was, is) = (addresses(shared(path).unwrap()), addresses(File::open(&file).unwrap()));
        assert!(was.len() > 500 && was.len() == is.len() && was.is_disjoint(&is));
    }
}

#[test]
fn every_advert_of_a_capture_of_hours_is_watched() {
    for (path, reports) in [(LEGACY, 16_062), (EXTENDED, 15_041)] {
        if shared(path).is_none() {
            return;
        }
        let source = SourceArgs { replay: Some(whole_path(path)), sim: None };
        let args = RadioArgs { source, ..RadioArgs::default() };
        let clock = Clock::at(Wall(1_772_413_200));
        let mut out = vec![];
        radio::watch(&args, &Config::default(), clock, radio::Form::Lines, &mut out).unwrap();
        let lines = String::from_utf8(out).unwrap();
        let lines: Vec<Value> =
            lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let last = lines.last().unwrap();
        assert_eq!(last["adverts"].as_u64(), Some(reports));
        assert!(last["seconds"].as_u64().unwrap() > 8 * 3_600, "{last}");
        assert!(lines.len() < 600, "{} seconds are waited for", lines.len());
    }
}

#[cfg(feature = "store")]
#[test]
fn the_whole_kiosk_hears_every_advert_of_a_capture_of_hours() {
    use kiosk::command::playing;
    for (path, reports) in [(LEGACY, 16_062), (EXTENDED, 15_041)] {
        let Some(file) = shared(path) else { return };
        let directory = tempfile::tempdir().unwrap();
        let source = SourceArgs { replay: Some(whole_path(path)), sim: None };
        let (site, book) = (Config::default().site(), directory.path().join("logbook.db"));
        let played = playing::play(&source, site, &book, &mut |_, _| {}).unwrap();
        assert_eq!(played.rehearsal.adverts(), reports);
        let heard = played.capture.unwrap();
        assert!(heard.failure.is_none(), "{:?}", heard.failure);
        let survey = Survey::of(file).unwrap();
        assert_eq!(heard.survey, Survey { records: 0, ..survey });
    }
}

fn addresses(file: File) -> impl Iterator<Item = Address> {
    let mut reader = Reader::new(BufReader::new(MaybeGzip::new(file).unwrap())).unwrap();
    std::iter::from_fn(move || {
        let record = reader.next_record().unwrap()?;
        let reports = record.event().into_iter().flat_map(|event| hci::reports(event).unwrap());
        Some(reports.flatten().map(|report| report.address).collect::<Vec<_>>())
    })
    .flatten()
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
        let network = match uuid {
            "428132AF-4746-42D3-801E-4572D65BFD9B" => Some(Network::Herald),
            // One of the 1 in 128: ROBERT's service has this beacon's bit.
            "2F234454-CF6D-4A0F-ADF2-F4911BA9FFA6" => Some(Network::Robert),
            _ if uuid.ends_with("73F5-4BC4-A12F-17D1AD07A667") => Some(Network::Bluezone),
            _ => None,
        };
        let hint = network.map(|network| {
            let own = network == Network::Bluezone;
            let strength = if own { Strength::Hint } else { Strength::Trace };
            Evidence::Candidate { network, strength, tx_class: TxClass::Full }
        });
        assert_eq!(found, hint, "{uuid}");
    }
}

#[test]
fn all_96_ids_of_each_day_of_dp3t() {
    let Some(file) = shared("vectors/dp3t/lowcost_vectors.json") else { return };
    let vectors: Value = serde_json::from_reader(file).unwrap();
    let days = vectors["lowcost"].as_array().unwrap();
    let mut following = None;
    for day in days {
        let key: [u8; 32] = bytes(&day["sk"])[..].try_into().unwrap();
        assert!(following.is_none_or(|following| following == key), "each key gives the next");
        following = Some(dp3t::next_day_key(&key));
        let ids: Vec<_> = day["ephids_unshuffled"].as_array().unwrap().iter().map(bytes).collect();
        assert_eq!(dp3t::ephids(&key).map(Vec::from)[..], ids);
    }
    assert_eq!(days.len(), 3);
}

#[test]
fn every_id_of_heralds_first_days() {
    let Some(file) = shared("vectors/herald/contactIdentifier.csv.gz") else { return };
    let mut text = String::new();
    MaybeGzip::new(file).unwrap().read_to_string(&mut text).unwrap();
    let mut ids = 0;
    for line in text.lines().skip(1) {
        let [day, period, _, key, _, _, id] = line.split(',').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let (day, period): (i64, i64) = (day.parse().unwrap(), period.parse().unwrap());
        // The list ends each day with the seed of its last period, which nobody broadcasts.
        if period == 240 {
            continue;
        }
        let begin = HERALD_BEGAN + day * 86_400;
        let at = Wall(begin + period * herald::PERIOD_SECONDS);
        let key: [u8; 32] = base64(key).try_into().unwrap();
        let rolling = herald::derive(&key, Wall(begin), at).unwrap();
        assert_eq!((rolling.id.as_bytes(), rolling.begin), (&base64(id)[..], at));
        ids += 1;
    }
    assert_eq!(ids, 11 * 240);
}

/// 2020-09-24T00:00:00Z, the day 0 of Herald.
const HERALD_BEGAN: i64 = 1_600_905_600;

fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.bytes().filter_map(|c| LETTERS.iter().position(|&letter| letter == c));
    let bits: Vec<_> =
        digits.flat_map(|digit| (0..6).rev().map(move |bit| digit >> bit & 1)).collect();
    let byte = |bits: &[usize]| bits.iter().fold(0_u8, |byte, bit| byte << 1 | u8::from(*bit == 1));
    bits.chunks_exact(8).map(byte).collect()
}

/// A file that lies beside the project, or a message that it is not there.
fn shared(path: &str) -> Option<File> {
    let file = File::open(whole_path(path)).ok();
    if file.is_none() {
        println!("skipped: ../shared/{path} is not there");
    }
    file
}

fn whole_path(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path)
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
