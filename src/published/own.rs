//! The kiosk's own keys as an export of Exposure Notification, signed with a key of its own: what a
//! health officer can have read by whoever reads such exports.
//!
//! Whoever takes it has to be told the public key, which [`public_key_der`] gives.

use std::io::{self, Seek, Write};

use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::EncodePublicKey;
use prost::Message;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::export::HEADER;
use super::message::{ExposureKey, Signature, Signatures, Signer};
use super::signature::WITH_SHA256;
use crate::domain::exposure::published::{ReportKind, TemporaryExposureKey};
use crate::domain::moment::Wall;

/// What the signer is called in the file.
pub const SIGNER_ID: &str = "kiosk";

/// Which of its keys it is: there is one for each book.
pub const SIGNER_VERSION: &str = "v1";

/// Why an export cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum OwnExportError {
    /// The secret is no number of a point.
    #[error("sign with this kiosk's key: its secret is none")]
    Secret,
    /// The file cannot be written.
    #[error("write the archive: {0}")]
    Archive(#[from] zip::result::ZipError),
    /// The same.
    #[error("write the archive: {0}")]
    Io(#[from] io::Error),
}

/// `TemporaryExposureKeyExport` of Google's `export.proto`, as far as it is filled.
#[derive(Clone, PartialEq, Eq, Message)]
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
}

/// Writes the archive. `span` is from when to when the keys count.
///
/// # Errors
/// [`OwnExportError`]; then what was written is no archive.
pub fn write_export(
    out: impl Write + Seek,
    keys: &[TemporaryExposureKey],
    span: (Wall, Wall),
    secret: &[u8; 32],
) -> Result<(), OwnExportError> {
    let seconds = |wall: Wall| u64::try_from(wall.0).unwrap_or(0);
    let signer = Signer {
        version: SIGNER_VERSION.to_owned(),
        id: SIGNER_ID.to_owned(),
        algorithm: WITH_SHA256.to_owned(),
    };
    let export = Export {
        start: seconds(span.0),
        end: seconds(span.1),
        region: String::new(),
        batch_num: 1,
        batch_size: 1,
        signers: vec![signer.clone()],
        keys: keys.iter().map(message).collect(),
    };
    let mut bytes = HEADER.to_vec();
    bytes.extend(export.encode_to_vec());
    let signature: DerSignature = signing_key(secret)?
        .sign_prehash(&Sha256::digest(&bytes))
        .map_err(|_| OwnExportError::Secret)?;
    let signature = Signature {
        signer: Some(signer),
        batch_num: Some(1),
        batch_size: Some(1),
        bytes: signature.as_bytes().to_vec(),
    };
    let list = Signatures { signatures: vec![signature] };
    let mut archive = ZipWriter::new(out);
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    archive.start_file("export.bin", options)?;
    archive.write_all(&bytes)?;
    archive.start_file("export.sig", options)?;
    archive.write_all(&list.encode_to_vec())?;
    archive.finish()?.flush()?;
    Ok(())
}

/// The public key that belongs to the secret: an X.509 `SubjectPublicKeyInfo` in DER.
///
/// # Errors
/// [`OwnExportError::Secret`].
pub fn public_key_der(secret: &[u8; 32]) -> Result<Vec<u8>, OwnExportError> {
    let key = signing_key(secret)?;
    let der = key.verifying_key().to_public_key_der().map_err(|_| OwnExportError::Secret)?;
    Ok(der.into_vec())
}

fn signing_key(secret: &[u8; 32]) -> Result<SigningKey, OwnExportError> {
    SigningKey::from_slice(secret).map_err(|_| OwnExportError::Secret)
}

fn message(key: &TemporaryExposureKey) -> ExposureKey {
    ExposureKey {
        key: key.key.to_vec(),
        transmission_risk: key.transmission_risk.into(),
        rolling_start: i32::try_from(key.rolling_start).unwrap_or(i32::MAX),
        rolling_period: Some(key.rolling_period.into()),
        report: match key.report {
            ReportKind::Unknown => 0,
            ReportKind::ConfirmedTest => 1,
            ReportKind::ClinicalDiagnosis => 2,
            ReportKind::SelfReport => 3,
            ReportKind::Recursive => 4,
            ReportKind::Revoked => 5,
        },
        onset_days: key.onset_days.map(i32::from),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::domain::exposure::authority::Authority;
    use crate::domain::exposure::published::PublishedKey;
    use crate::published::{Published, PublishedError, Trust};

    const SECRET: [u8; 32] = [7; 32];
    const NOW: Wall = Wall(1_622_764_800);

    fn trust(secret: &[u8; 32]) -> Trust {
        let public_key = public_key_der(secret).unwrap();
        let (id, version) = (SIGNER_ID.to_owned(), SIGNER_VERSION.to_owned());
        Trust::new(&[Authority { id, version, public_key }]).unwrap()
    }

    #[test]
    fn it_is_read_back_by_whoever_was_told_the_public_key() {
        let key = |day: u32| TemporaryExposureKey {
            key: [u8::try_from(day).unwrap(); 16],
            rolling_start: 2_704_176 + 144 * day,
            rolling_period: 144,
            report: ReportKind::Unknown,
            transmission_risk: 0,
            onset_days: None,
        };
        let keys = [key(0), key(1)];
        let mut file = Cursor::new(Vec::new());
        let span = (Wall(1_622_505_600), Wall(1_622_678_400));
        write_export(&mut file, &keys, span, &SECRET).unwrap();
        let trusted = trust(&SECRET);
        let mut read = Published::over(file.clone(), &trusted, NOW).unwrap();
        assert_eq!(read.summary().span, span);
        let mut found = Vec::new();
        read.keys(&mut |piece| {
            found.extend_from_slice(piece);
            Ok(())
        })
        .unwrap();
        assert!(found == keys.map(PublishedKey::Gaen));
        let other = trust(&[8; 32]);
        let refused = Published::over(file, &other, NOW).unwrap_err();
        assert!(matches!(refused, PublishedError::WrongSignature { .. }), "{refused}");
    }
}
