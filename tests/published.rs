//! Files of published keys as others have published them, and one large enough that it must not be
//! held in memory. What others have published lies beside the package; without it those tests are
//! skipped.
#![expect(unsafe_code, reason = "an allocator that counts has to be one")]
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::as_conversions,
    reason = "helpers of tests say what they skip, and stop at the first surprise"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kiosk::domain::exposure::authority::Authority;
use kiosk::domain::exposure::published::{PublishedKey, TemporaryExposureKey};
use kiosk::domain::moment::Wall;
use kiosk::domain::network::gaen::IdKey;
use kiosk::domain::venue::LocationId;
use kiosk::domain::venue::warning::Sealed;
use kiosk::published::{Counts, Format, PublishedError, Summary, Trust, read};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::EncodePublicKey;
use zip::write::SimpleFileOptions;

thread_local! {
    static HELD: Cell<i64> = const { Cell::new(0) };
    static MOST_HELD: Cell<i64> = const { Cell::new(0) };
}

struct Weighing;

fn weigh(bytes: usize, sign: i64) {
    let held = HELD.get() + sign * i64::try_from(bytes).unwrap_or(i64::MAX);
    HELD.set(held);
    MOST_HELD.set(MOST_HELD.get().max(held));
}

// SAFETY: every call goes on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Weighing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        weigh(layout.size(), 1);
        // SAFETY: the caller keeps to the contract, which is the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        weigh(layout.size(), -1);
        // SAFETY: the block came from the system's allocator with this layout.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static WEIGHING: Weighing = Weighing;

/// Later than any of the keys.
const NOW: Wall = Wall(1_800_000_000);

/// A file beside the package, if it is there.
fn vector(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors").join(path);
    if !path.exists() {
        println!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

/// Trust in the key that a file holds.
fn trust(pem: &Path, id: &str, version: &str) -> Trust {
    let text = fs::read_to_string(pem).unwrap();
    let base64: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
    let public_key = STANDARD.decode(base64).unwrap();
    Trust::new(&[Authority { id: id.to_owned(), version: version.to_owned(), public_key }]).unwrap()
}

fn take(
    path: &Path,
    trust: &Trust,
) -> Result<(Summary, Vec<TemporaryExposureKey>), PublishedError> {
    let mut keys = vec![];
    let summary = read(path, trust, NOW, &mut |piece| {
        keys.extend(piece.iter().filter_map(|key| match key {
            PublishedKey::Gaen(key) => Some(*key),
            PublishedKey::Bluezone(_) | PublishedKey::Dp3t(_) | PublishedKey::Herald(_) => None,
        }));
        Ok(())
    })?;
    Ok((summary, keys))
}

#[test]
fn an_archive_of_the_servers_own_example() {
    let folder = "gaen/google-server-example";
    let name = "testExport-2-records-1-of-1.zip";
    let Some(path) = vector(&format!("{folder}/{name}")) else { return };
    let pem = vector(&format!("{folder}/public.pem")).unwrap();
    let (summary, mut keys) = take(&path, &trust(&pem, "some_id", "1")).unwrap();
    assert_eq!((summary.format, summary.region.as_str()), (Format::GaenExport, "US"));
    assert!(summary.signed);
    keys.sort_by_key(|key| key.rolling_period);
    let said: Vec<_> = keys
        .iter()
        .map(|key| (key.rolling_start, key.rolling_period, key.transmission_risk))
        .collect();
    assert_eq!(said, [(2_649_980, 1, 8), (2_649_866, 114, 1)]);
    let text = fs::read_to_string(path.with_file_name("keys.json")).unwrap();
    for key in &keys {
        assert!(text.contains(&STANDARD.encode(key.key)));
    }
}

#[test]
fn an_archive_from_a_phones_sources_and_whoever_did_not_sign_it() {
    let folder = "gaen/google-internals";
    let Some(path) = vector(&format!("{folder}/sample_diagnosis_key_file.zip")) else { return };
    let right = vector(&format!("{folder}/pub_310-v1.pem")).unwrap();
    let wrong = vector(&format!("{folder}/pub_ExampleServer-v1.pem")).unwrap();
    let (summary, keys) = take(&path, &trust(&right, "310", "v1")).unwrap();
    assert_eq!(summary.counts, Counts { taken: 140, revised: 0, skipped: 0 });
    assert!(keys.iter().all(|key| key.rolling_period == 144));
    let refused = take(&path, &trust(&wrong, "310", "v1"));
    assert!(matches!(refused, Err(PublishedError::WrongSignature { .. })));
    let refused = take(&path, &trust(&wrong, "ExampleServer", "v1"));
    assert!(matches!(refused, Err(PublishedError::UnknownSigner { .. })));
}

/// Their keys are good, and nobody has signed them.
#[test]
fn exports_without_their_archive() {
    for name in ["export.bin", "cpp_testdata_export.bin"] {
        let Some(path) = vector(&format!("gaen/google-internals/{name}")) else { return };
        assert!(matches!(take(&path, &Trust::default()), Err(PublishedError::Unsigned)));
        let folder = tempfile::tempdir().unwrap();
        let signed = folder.path().join("signed.zip");
        sign(&fs::read(path).unwrap(), &signed, "");
        let (summary, keys) = take(&signed, &own_trust("")).unwrap();
        assert_eq!(summary.counts.skipped, 0);
        // The id that is known to follow from one of the keys.
        let id = 0x3D37_CAF5_1D1B_F4BA_54E7_58E0_AC74_C892_u128.to_be_bytes();
        let found = keys.iter().filter(|key| IdKey::new(&key.key).rpi(2_646_801) == id).count();
        assert_eq!((keys.len(), found), if name == "export.bin" { (110, 1) } else { (200, 0) });
    }
}

#[test]
fn warnings_from_the_apps_tests() {
    let Some(path) = vector("cwa/vectors.json") else { return };
    let vectors: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let mut opened = 0;
    for report in vectors["checkin_protected_report"].as_array().unwrap() {
        let bytes = |name: &str| STANDARD.decode(report[name].as_str().unwrap()).unwrap();
        let number = |name: &str| report[name].as_i64().unwrap();
        let place = LocationId(bytes("locationId").try_into().unwrap());
        let (hash, iv) = (bytes("locationIdHash"), bytes("iv"));
        let (record, mac) = (bytes("encryptedCheckInRecord"), bytes("mac"));
        let sealed = Sealed { location_hash: &hash, iv: &iv, record: &record, mac: &mac };
        let warning = sealed.open(&place).unwrap();
        assert_eq!(warning.begin.0, number("startIntervalNumber") * 600);
        assert_eq!(warning.end.0 - warning.begin.0, number("period") * 600);
        assert_eq!(i64::from(warning.transmission_risk), number("transmissionRiskLevel"));
        opened += 1;
    }
    assert_eq!(opened, 2);
}

fn own_key() -> SigningKey {
    SigningKey::from_slice(&[7; 32]).unwrap()
}

fn own_trust(id: &str) -> Trust {
    let public_key = own_key().verifying_key().to_public_key_der().unwrap().as_bytes().to_vec();
    Trust::new(&[Authority { id: id.to_owned(), version: String::new(), public_key }]).unwrap()
}

/// Puts an `export.bin` into an archive, signed by our own key under this id.
fn sign(bin: &[u8], path: &Path, id: &str) {
    let signature: DerSignature = own_key().sign(bin);
    let mut signer = vec![0x22, id.len() as u8];
    signer.extend(id.as_bytes());
    signer.extend(b"\x2A\x131.2.840.10045.4.3.2");
    let mut whole = vec![0x0A, signer.len() as u8];
    whole.extend(&signer);
    whole.extend([0x22, signature.as_bytes().len() as u8]);
    whole.extend(signature.as_bytes());
    let sig = [&[0x0A, whole.len() as u8][..], &whole].concat();
    let mut archive = zip::ZipWriter::new(fs::File::create(path).unwrap());
    for (name, bytes) in [("export.bin", bin), ("export.sig", &sig)] {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
}

/// A hundred thousand keys take no more memory than a thousand.
#[test]
fn the_size_of_a_file_does_not_matter_to_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.zip");
    let mut held = vec![];
    for count in [1_000_u32, 100_000] {
        let mut bin = b"EK Export v1    ".to_vec();
        bin.extend(b"\x32\x00");
        let random = &mut fastrand::Rng::with_seed(count.into());
        for _ in 0..count {
            bin.extend([0x3A, 23, 0x0A, 16]);
            bin.extend((0..16).map(|_| random.u8(..)));
            // From interval 2,649,888 on.
            bin.extend([0x18, 0xA0, 0xDE, 0xA1, 0x01]);
        }
        sign(&bin, &path, "");
        let trust = own_trust("");
        let (before, mut taken) = (HELD.get(), 0);
        MOST_HELD.set(before);
        let summary = read(&path, &trust, NOW, &mut |piece| {
            taken += piece.len();
            Ok(())
        });
        assert_eq!(summary.unwrap().counts.taken, u64::from(count));
        assert_eq!(taken, count as usize);
        held.push(MOST_HELD.get() - before);
    }
    assert!(held[1] < held[0] + 64 * 1024 && held[1] < 2 << 20, "{held:?} bytes");
}
