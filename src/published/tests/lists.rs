//! The formats that are protobufs by themselves.

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt, KeyIvInit};
use hmac::{Hmac, KeyInit, Mac};

use super::super::message::{Exposee, SealedWarning};
use super::*;
use crate::domain::exposure::published::Dp3tExposee;
use crate::domain::venue::LocationId;
use crate::domain::venue::warning::Warning;

const MIDNIGHT: i64 = 1_622_592_000;

#[derive(Clone, PartialEq, Message)]
struct List {
    #[prost(int64, tag = "1")]
    released_ms: i64,
    #[prost(message, repeated, tag = "2")]
    exposed: Vec<Exposee>,
}

#[derive(Clone, PartialEq, Message)]
struct Package {
    #[prost(uint32, tag = "1")]
    hour: u32,
    #[prost(string, tag = "2")]
    region: String,
    #[prost(message, repeated, tag = "4")]
    sealed: Vec<SealedWarning>,
}

fn exposee(number: u8, key_date_ms: i64) -> Exposee {
    Exposee { key: vec![number; 32], key_date_ms }
}

#[test]
fn a_list_hands_out_its_keys() {
    let mut exposed = vec![exposee(1, MIDNIGHT * 1_000), exposee(2, (MIDNIGHT - 86_400) * 1_000)];
    // Not a midnight, in days to come, not said, too short.
    exposed.push(exposee(3, (MIDNIGHT + 1) * 1_000));
    exposed.push(exposee(3, (MIDNIGHT + 2 * 86_400) * 1_000));
    exposed.push(exposee(3, 0));
    exposed.push(Exposee { key: vec![3; 31], key_date_ms: MIDNIGHT * 1_000 });
    let released_ms = (MIDNIGHT + 1_200) * 1_000;
    let list = List { released_ms, exposed }.encode_to_vec();
    let (summary, keys) = taken(&list).expect("it is good");
    assert_eq!((summary.format, summary.signed), (Format::Dp3tList, false));
    assert_eq!(summary.counts, Counts { taken: 2, revised: 0, skipped: 4 });
    let (begin, released) = (Wall(MIDNIGHT), Wall(MIDNIGHT + 1_200));
    assert!(keys[0] == PublishedKey::Dp3t(Dp3tExposee { key: [1; 32], begin, released }));
    // It ends within its last key.
    let ends = list.len() - 33;
    assert!(matches!(refused(&list[..ends]), PublishedError::CutShort));
}

#[test]
fn a_list_from_days_to_come_is_refused() {
    let released_ms = (NOW.0 + 2 * 86_400) * 1_000;
    let list = List { released_ms, exposed: vec![] }.encode_to_vec();
    assert!(matches!(refused(&list), PublishedError::Ahead));
}

fn seal(place: &LocationId, start: u32, period: u32) -> SealedWarning {
    let key = |word: &[u8]| -> [u8; 32] { Sha256::digest([word, &place.0].concat()).into() };
    let iv = [9; 16];
    let mut plain = vec![0x08];
    prost::encoding::encode_varint(start.into(), &mut plain);
    plain.push(0x10);
    prost::encoding::encode_varint(period.into(), &mut plain);
    plain.extend([0x18, 5]);
    let cipher = cbc::Encryptor::<aes::Aes256>::new(&key(b"CWA-ENCRYPTION-KEY").into(), &iv.into());
    let mut record = [0; 32];
    let record = cipher.encrypt_padded_b2b::<Pkcs7>(&plain, &mut record).expect("room").to_vec();
    let mac = Hmac::<Sha256>::new_from_slice(&key(b"CWA-MAC-KEY")).expect("any length");
    let mac = mac.chain_update(iv).chain_update(&record).finalize().into_bytes().to_vec();
    SealedWarning { location_hash: place.published_hash().to_vec(), iv: iv.to_vec(), record, mac }
}

/// What a file says to the places with these ids.
fn warned(file: &[u8], places: &[LocationId]) -> (Summary, Vec<Warning>) {
    let mut warnings = vec![];
    let mut published = Published::over(Cursor::new(file), &trust(), NOW).expect("it is good");
    assert_eq!(published.keys(&mut |_| Err(Stop)).expect("it has none"), Counts::default());
    let counts = published.warnings(places, &mut |piece| {
        warnings.extend_from_slice(piece);
        Ok(())
    });
    let counts = counts.expect("it is good");
    (Summary { counts, ..published.summary().clone() }, warnings)
}

#[test]
fn a_place_finds_its_own_warnings_and_no_others() {
    let (ours, yesterdays, theirs) =
        (LocationId([1; 32]), LocationId([2; 32]), LocationId([3; 32]));
    let start = u32::try_from(TODAY).expect("positive");
    let mut forged = seal(&ours, start, 6);
    forged.mac[0] ^= 1;
    let sealed = vec![
        seal(&theirs, start, 6),
        seal(&ours, start, 6),
        forged,
        seal(&yesterdays, start - 144, 12),
        seal(&ours, start + 1_000, 6),
    ];
    let package = Package { hour: 450_720, region: "DE".to_owned(), sealed };
    let bare = package.encode_to_vec();
    let begin = i64::from(TODAY) * 600;
    let known = [
        Warning { begin: Wall(begin), end: Wall(begin + 3_600), transmission_risk: 5 },
        Warning { begin: Wall(begin - 86_400), end: Wall(begin - 79_200), transmission_risk: 5 },
    ];
    for (file, signed) in [(bare.clone(), false), (signed_bin(&bare), true)] {
        let (summary, warnings) = warned(&file, &[ours, yesterdays]);
        assert_eq!((summary.format, summary.signed), (Format::CwaWarnings, signed));
        assert_eq!((summary.region.as_str(), summary.span.0), ("DE", Wall(450_720 * 3_600)));
        assert_eq!(summary.counts, Counts { taken: 2, revised: 0, skipped: 2 });
        assert_eq!(warnings, known);
        assert_eq!(warned(&file, &[]).1, []);
    }
}

#[test]
fn a_package_in_an_archive_must_be_signed_by_somebody_known() {
    let bare = Package { hour: 450_720, ..Package::default() }.encode_to_vec();
    let stranger = SigningKey::from_slice(&[8; 32]).expect("a scalar of the curve");
    let wrong = sig(vec![signature(&bare, &stranger, signer())]);
    let file = zip(&[("export.bin", &bare), ("export.sig", &wrong)], CompressionMethod::Deflated);
    assert!(matches!(refused(&file), PublishedError::WrongSignature { .. }));
    let none = zip(&[("export.bin", &bare), ("export.sig", &[])], CompressionMethod::Deflated);
    assert!(matches!(refused(&none), PublishedError::Unsigned));
}

#[test]
fn a_package_of_days_to_come_is_refused() {
    let package = |hour| Package { hour, ..Package::default() }.encode_to_vec();
    assert!(taken(&package(450_720 + 24)).is_ok(), "it may be a day ahead");
    assert!(matches!(refused(&package(450_720 + 26)), PublishedError::Ahead));
}

#[test]
fn a_long_warning_is_refused() {
    let sealed = vec![SealedWarning { record: vec![0; 300], ..SealedWarning::default() }];
    let package = Package { hour: 1, region: String::new(), sealed }.encode_to_vec();
    assert!(matches!(refused(&package), PublishedError::Malformed { .. }));
}
