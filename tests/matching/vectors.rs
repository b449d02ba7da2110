//! Vectors that were published, which lie beside the project and never in it. Without them each
//! test says so and passes.

use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;

use kiosk::domain::exposure::heard::{Heard, SLOT_SECONDS};
use kiosk::domain::exposure::published::{
    BluezoneCase, Dp3tExposee, MatchingKey, PublishedKey, TemporaryExposureKey,
};
use kiosk::domain::moment::Wall;
use kiosk::domain::network::bluezone::{self, SlotsPerDay};
use kiosk::domain::network::herald::PERIOD_SECONDS;
use kiosk::domain::sighting::ProximityId;
use kiosk::radio::gzip::MaybeGzip;
use serde_json::Value;

use crate::{matches, tek};

const DAY: i64 = 86_400;

/// Heard in the quarter in which `at` lies.
fn heard(row: i64, id: ProximityId, at: i64) -> Heard {
    let quarter = Wall(at / SLOT_SECONDS * SLOT_SECONDS);
    Heard { row, id, first: quarter, last: quarter }
}

fn id16(bytes: &[u8]) -> [u8; 16] {
    bytes.try_into().unwrap()
}

#[test]
fn the_round_trip_of_the_reference_implementation_has_one_match() {
    let Some(export) = shared("vectors/gaen/google-internals/export.bin") else { return };
    let keys = exported_keys(&export);
    assert_eq!(keys.len(), 110);
    let rpi = 0x3D37_CAF5_1D1B_F4BA_54E7_58E0_AC74_C892_u128;
    let id = ProximityId::Rpi(rpi.to_be_bytes());
    let found = matches(&[heard(1, id, 2_646_801 * 600)], &keys);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].row, found[0].begin), (1, Wall(2_646_801 * 600)));
    let PublishedKey::Gaen(key) = keys[found[0].key] else { panic!("another network") };
    let tek = 0x2B71_4D3E_C93C_14E5_D345_003E_5902_7AEA_u128;
    assert!(key.key == tek.to_be_bytes());
}

#[test]
fn all_144_ids_of_the_official_key_are_found() {
    let Some(file) = shared("vectors/gaen/crypto_vectors.json") else { return };
    let vectors: Value = serde_json::from_slice(&file).unwrap();
    let start = vectors["key_generation_unix"].as_i64().unwrap() / 600;
    let rolling_start = u32::try_from(start).unwrap();
    let key = TemporaryExposureKey { key: id16(&hex(&vectors["tek"])), rolling_start, ..tek(144) };
    let advertised = vectors["advertised"].as_array().unwrap();
    let rows: Vec<_> = advertised
        .iter()
        .map(|vector| {
            let interval = vector["eninterval"].as_i64().unwrap();
            heard(interval, ProximityId::Rpi(id16(&hex(&vector["rpi"]))), interval * 600)
        })
        .collect();
    let found = matches(&rows, &[PublishedKey::Gaen(key)]);
    assert_eq!(found.len(), 144);
    assert!(found.iter().all(|found| found.begin.0 == found.row * 600));
}

#[test]
fn two_days_of_bluezone_are_193_ids() {
    let begin = 1_622_505_600;
    let day_key = std::array::from_fn(|place| u8::try_from(place).unwrap());
    let slots = SlotsPerDay::DEFAULT;
    let id = |slot: i64| bluezone::derive(&day_key, Wall(begin), Wall(begin + slot * 900), slots);
    let rows: Vec<_> =
        (0..200).map(|slot| heard(slot, id(slot).unwrap().id, begin + slot * 900)).collect();
    for (slot, expected) in [
        (0, "130CEA6472130C185D8643DF"),
        (96, "970E23C0E19DE93F8CC4057B"),
        (192, "BEF6CA7A48D6DB7DD0BE0B53"),
    ] {
        assert_eq!(rows[slot].id.as_bytes(), hex(&Value::from(expected)), "{slot}");
    }
    for (lasts, ids) in [(2 * DAY, 193), (899, 1), (900, 2)] {
        let end = Wall(begin + lasts);
        let case = BluezoneCase { day_key, begin: Wall(begin), end, slots };
        let found = matches(&rows, &[PublishedKey::Bluezone(case)]);
        let rows: Vec<_> = found.iter().map(|found| found.row).collect();
        assert_eq!(rows, (0..ids).collect::<Vec<_>>(), "{lasts} s");
    }
}

#[test]
fn what_the_android_app_of_dp3t_finds_and_does_not_find() {
    let Some(file) = shared("vectors/dp3t/lowcost_vectors.json") else { return };
    let vectors: Value = serde_json::from_slice(&file).unwrap();
    let begin = 1_600_000_000 / DAY * DAY;
    let found = |vector: &str, after_days: i64| {
        let key = base64(vectors[vector]["sk"].as_str().unwrap()).try_into().unwrap();
        let released = Wall(begin + 5 * DAY);
        let exposee = Dp3tExposee { key, begin: Wall(begin), released };
        let id = id16(&base64(vectors[vector]["ephid"].as_str().unwrap()));
        let row = heard(1, ProximityId::EphId(id), begin + after_days * DAY + 40_000);
        matches(&[row], &[PublishedKey::Dp3t(exposee)]).len()
    };
    assert_eq!(found("android_positive_same_day", 0), 1);
    assert_eq!(found("android_positive_same_day", 1), 0);
    assert_eq!(found("android_positive_next_day", 1), 1);
    assert_eq!(found("android_positive_next_day", 0), 0);
    assert!((0..5).all(|day| found("android_negative", day) == 0));
}

#[test]
fn every_id_of_heralds_first_days_is_found() {
    let Some(file) = shared("vectors/herald/contactIdentifier.csv.gz") else { return };
    let mut text = String::new();
    MaybeGzip::new(&file[..]).unwrap().read_to_string(&mut text).unwrap();
    let (mut keys, mut rows) = (Vec::new(), Vec::new());
    for line in text.lines().skip(1) {
        let [day, period, _, key, _, _, id] = line.split(',').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let (day, period): (i64, i64) = (day.parse().unwrap(), period.parse().unwrap());
        // 2020-09-24T00:00:00Z is Herald's first day.
        let begin = 1_600_905_600 + day * DAY;
        if period == 0 {
            let key = base64(key).try_into().unwrap();
            keys.push(PublishedKey::Herald(MatchingKey { key, begin: Wall(begin) }));
        }
        // The list ends each day with the seed of its last period, which nobody broadcasts.
        if period < 240 {
            let at = begin + period * PERIOD_SECONDS;
            rows.push(heard(at, ProximityId::Herald(id16(&base64(id))), at));
        }
    }
    let found = matches(&rows, &keys);
    assert_eq!((keys.len(), found.len()), (11, 11 * 240));
    assert!(found.iter().all(|found| found.begin.0 == found.row));
}

/// The keys in an export, read as far as these tests need it.
fn exported_keys(export: &[u8]) -> Vec<PublishedKey> {
    let mut keys = Vec::new();
    for (field, message) in fields(export.strip_prefix(b"EK Export v1    ").unwrap()) {
        let Part::Bytes(message) = message else { continue };
        if field != 7 {
            continue;
        }
        let mut key = tek(144);
        for (field, part) in fields(message) {
            match (field, part) {
                (1, Part::Bytes(bytes)) => key.key = id16(bytes),
                (3, Part::Number(start)) => key.rolling_start = u32::try_from(start).unwrap(),
                (4, Part::Number(period)) => key.rolling_period = u8::try_from(period).unwrap(),
                _ => {}
            }
        }
        keys.push(PublishedKey::Gaen(key));
    }
    keys
}

enum Part<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The fields of a protobuf message.
fn fields(mut rest: &[u8]) -> Vec<(u64, Part<'_>)> {
    let mut found = Vec::new();
    while !rest.is_empty() {
        let tag = varint(&mut rest);
        let part = match tag & 7 {
            0 => Part::Number(varint(&mut rest)),
            kind => {
                let length = if kind == 1 { 8 } else { varint(&mut rest) };
                let (bytes, after) = rest.split_at(usize::try_from(length).unwrap());
                rest = after;
                Part::Bytes(bytes)
            }
        };
        found.push((tag >> 3, part));
    }
    found
}

fn varint(rest: &mut &[u8]) -> u64 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let (byte, after) = rest.split_first().unwrap();
        *rest = after;
        value |= u64::from(byte & 0x7F) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return value;
        }
    }
}

fn hex(text: &Value) -> Vec<u8> {
    let digits = text.as_str().unwrap().as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.bytes().filter_map(|c| LETTERS.iter().position(|&letter| letter == c));
    let bits: Vec<_> =
        digits.flat_map(|digit| (0..6).rev().map(move |bit| digit >> bit & 1)).collect();
    let byte = |bits: &[usize]| bits.iter().fold(0_u8, |byte, bit| byte << 1 | u8::from(*bit == 1));
    bits.chunks_exact(8).map(byte).collect()
}

/// A file that lies beside the project, or a message that it is not there.
fn shared(path: &str) -> Option<Vec<u8>> {
    let whole = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    let file = File::open(&whole).is_ok().then(|| fs::read(&whole).unwrap());
    if file.is_none() {
        println!("skipped: ../shared/{path} is not there");
    }
    file
}
