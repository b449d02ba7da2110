//! The codes that apps for venues read, held against the vectors of those apps where they lie
//! beside the project. What the unit tests need of them is retyped there.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "it says what it skips, and a vector that cannot be read should fail"
)]

use std::fs;
use std::path::Path;

use kiosk::domain::moment::Wall;
use kiosk::domain::venue::LocationId;
use kiosk::domain::venue::code::{Code, CoronaWarn, PlaceKind};
use kiosk::domain::venue::crowd_notifier::Secrets;
use kiosk::domain::venue::door::Place;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A file of vectors beside the project, if it is there.
fn shared(path: &str) -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors").join(path);
    let Ok(text) = fs::read_to_string(&path) else {
        println!("skipped: {} is not there", path.display());
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

fn hex(text: &Value) -> Vec<u8> {
    let digits = text.as_str().unwrap().as_bytes();
    let digit = |digit: u8| char::from(digit).to_digit(16).unwrap();
    let byte =
        |pair: &[u8]| u8::try_from(pair.iter().fold(0, |byte, d| byte * 16 + digit(*d))).unwrap();
    digits.chunks(2).map(byte).collect()
}

/// Bytes as Java writes them, with a sign or without.
fn bytes(numbers: &Value) -> Vec<u8> {
    let byte = |number: &Value| u8::try_from(number.as_i64().unwrap().rem_euclid(256)).unwrap();
    numbers.as_array().unwrap().iter().map(byte).collect()
}

#[test]
fn codes_of_the_corona_warn_app() {
    let Some(vectors) = shared("cwa/vectors.json") else { return };
    for vector in vectors["qr"].as_array().unwrap() {
        let fields = &vector["fields"];
        let text = |name: &str| fields[name].as_str().unwrap().to_owned();
        let place = Place { description: text("description"), address: text("address") };
        assert_eq!(fields["type"], 5);
        let minutes = fields["defaultCheckInLengthInMinutes"].as_u64().unwrap();
        let what =
            CoronaWarn { kind: PlaceKind::Craft, default_minutes: u16::try_from(minutes).unwrap() };
        // The seed is what stands before the last field, which is 8 bytes long.
        let payload = hex(&vector["payload_hex"]);
        let seed = payload[payload.len() - 24..payload.len() - 8].try_into().unwrap();
        let code = Code::new(&place, what, seed);
        assert_eq!(code.link(), vector["url"].as_str().unwrap());
        let LocationId(id) = code.location_id();
        assert_eq!(id, *hex(&vector["locationId"]));
        assert_eq!(*Sha256::digest(id), *hex(&vector["locationIdHash"]));
    }
}

#[test]
fn secrets_and_ids_of_crowd_notifier() {
    let Some(vectors) = shared("crowdnotifier/v3_vectors.json") else { return };
    let identities = vectors["identity"].as_array().unwrap();
    for vector in identities {
        let start = Wall(vector["startOfInterval"].as_i64().unwrap());
        let id = Secrets::of(&hex(&vector["qrCodePayload"])).id_at(start);
        assert_eq!(id, *hex(&vector["identity"]));
    }
    let derived = vectors["hkdf"].as_array().unwrap();
    for vector in derived {
        let secrets = Secrets::of(&hex(&vector["qrCodePayload"]));
        assert_eq!(secrets.key_of_messages(), *hex(&vector["notificationKey"]));
    }
    assert_eq!((identities.len(), derived.len()), (2, 2));
}

#[test]
fn the_same_of_the_library_for_phones() {
    let Some(vectors) = shared("crowdnotifier/crowd_notifier_test_vectors.json") else { return };
    let identities = vectors["identityTestVector"].as_array().unwrap();
    for vector in identities {
        let start = Wall(vector["startOfInterval"].as_i64().unwrap());
        let id = Secrets::of(&bytes(&vector["qrCodePayload"])).id_at(start);
        assert_eq!(id, *bytes(&vector["identity"]));
    }
    let derived = vectors["hkdfTestVector"].as_array().unwrap();
    for vector in derived {
        let secrets = Secrets::of(&bytes(&vector["qrCodePayload"]));
        assert_eq!(secrets.key_of_messages(), *bytes(&vector["notificationKey"]));
    }
    assert_eq!((identities.len(), derived.len()), (2, 2));
}
