//! Archives made here, whole and spoilt in every way, and the texts of the other formats.

mod archives;
mod hostile;
mod lists;
mod texts;

use std::io::{Cursor, Write};

use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::EncodePublicKey;
use prost::Message;
use sha2::{Digest, Sha256, Sha512};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::message::{ExposureKey, Signature, Signatures, Signer};
use super::*;
use crate::domain::exposure::authority::Authority;
use crate::domain::exposure::published::PublishedKey;
use crate::domain::moment::Wall;

/// 2021-06-02T01:42:00Z.
const NOW: Wall = Wall(1_622_598_120);
/// The interval with which that day began.
const TODAY: i32 = 2_704_320;

const WITH_SHA256: &str = "1.2.840.10045.4.3.2";

/// An export as a server writes it.
#[derive(Clone, PartialEq, Message)]
struct Export {
    #[prost(fixed64, tag = "1")]
    start: u64,
    #[prost(fixed64, tag = "2")]
    end: u64,
    #[prost(string, tag = "3")]
    region: String,
    #[prost(int32, tag = "4")]
    batch_num: i32,
    #[prost(int32, tag = "5")]
    batch_size: i32,
    #[prost(message, repeated, tag = "6")]
    signers: Vec<Signer>,
    #[prost(message, repeated, tag = "7")]
    keys: Vec<ExposureKey>,
    #[prost(message, repeated, tag = "8")]
    revised: Vec<ExposureKey>,
    /// What a later version of the format may add.
    #[prost(string, tag = "99")]
    later: String,
}

fn signer() -> Signer {
    let text = str::to_owned;
    Signer { version: text("v1"), id: text("452"), algorithm: text(WITH_SHA256) }
}

fn exposure_key(number: u8) -> ExposureKey {
    ExposureKey {
        key: vec![number; 16],
        transmission_risk: 3,
        rolling_start: TODAY - 144,
        report: 1,
        onset_days: Some(-2),
        ..ExposureKey::default()
    }
}

fn export() -> Export {
    Export {
        start: 1_622_505_600,
        end: 1_622_592_000,
        region: "VN".to_owned(),
        batch_num: 1,
        batch_size: 1,
        signers: vec![signer()],
        keys: (1..=3).map(exposure_key).collect(),
        ..Export::default()
    }
}

fn authority_key() -> SigningKey {
    SigningKey::from_slice(&[7; 32]).expect("a scalar of the curve")
}

fn trust() -> Trust {
    let public_key = authority_key().verifying_key().to_public_key_der().expect("it has a form");
    let authority = Authority {
        id: "452".to_owned(),
        version: "v1".to_owned(),
        public_key: public_key.as_bytes().to_vec(),
    };
    Trust::new(&[authority]).expect("it is a key")
}

/// What stands in `export.bin`.
fn bin(export: &Export) -> Vec<u8> {
    [&b"EK Export v1    "[..], &export.encode_to_vec()].concat()
}

fn signature(bin: &[u8], key: &SigningKey, signer: Signer) -> Signature {
    let digest = if signer.algorithm == WITH_SHA256 {
        Sha256::digest(bin).to_vec()
    } else {
        Sha512::digest(bin).to_vec()
    };
    let bytes: DerSignature = key.sign_prehash(&digest).expect("it is long enough");
    Signature {
        signer: Some(signer),
        batch_num: None,
        batch_size: None,
        bytes: bytes.as_bytes().to_vec(),
    }
}

fn sig(signatures: Vec<Signature>) -> Vec<u8> {
    Signatures { signatures }.encode_to_vec()
}

/// A zip of these entries.
fn zip(entries: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(vec![]));
    for (name, bytes) in entries {
        let options = SimpleFileOptions::default().compression_method(method);
        archive.start_file(*name, options).expect("it is a name");
        archive.write_all(bytes).expect("there is room");
    }
    archive.finish().expect("it is whole").into_inner()
}

/// The archive of an `export.bin`, signed by the authority.
fn signed_bin(bin: &[u8]) -> Vec<u8> {
    let sig = sig(vec![signature(bin, &authority_key(), signer())]);
    zip(&[("export.bin", bin), ("export.sig", &sig)], CompressionMethod::Deflated)
}

fn signed(export: &Export) -> Vec<u8> {
    signed_bin(&bin(export))
}

/// What a file hands out.
fn taken(file: &[u8]) -> Result<(Summary, Vec<PublishedKey>), PublishedError> {
    let mut keys = vec![];
    let mut published = Published::over(Cursor::new(file), &trust(), NOW)?;
    let counts = published.keys(&mut |piece| {
        keys.extend_from_slice(piece);
        Ok(())
    })?;
    Ok((Summary { counts, ..published.summary().clone() }, keys))
}

fn refused(file: &[u8]) -> PublishedError {
    match taken(file) {
        Ok((summary, _)) => panic!("it was taken: {summary:?}"),
        Err(error) => error,
    }
}
