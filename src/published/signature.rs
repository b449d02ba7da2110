//! Who may publish: the authorities' public keys, and whether a file was signed with one of them.
//!
//! ECDSA over P-256, as Google's `export.proto` has it. A key is found by its id and version, as
//! phones do. No private key is known here.

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::ecdsa::{DerSignature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;

use super::PublishedError;
use super::archive::Digests;
use super::error::shown;
use super::message::{Signature, Signatures, Signer};
use crate::domain::exposure::authority::Authority;

/// ECDSA with SHA-256, and with SHA-512 (RFC 5758, 3.2).
pub(super) const WITH_SHA256: &str = "1.2.840.10045.4.3.2";
const WITH_SHA512: &str = "1.2.840.10045.4.3.4";

/// The authorities whose files are taken.
#[derive(Clone, Default)]
pub struct Trust {
    keys: Vec<(String, String, VerifyingKey)>,
}

/// A public key that is none.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "the public key of authority \"{id}\", version \"{version}\", is no point of P-256: copy it again \
     from what the authority publishes"
)]
pub struct TrustError {
    /// The key's id.
    pub id: String,
    /// The key's version.
    pub version: String,
}

impl Trust {
    /// Trust in these authorities and nobody else. Without any, no signed file is taken.
    ///
    /// # Errors
    /// When one of the keys is no public key of the curve.
    pub fn new(authorities: &[Authority]) -> Result<Self, TrustError> {
        let key = |authority: &Authority| {
            let Authority { id, version, public_key } = authority.clone();
            match VerifyingKey::from_public_key_der(&public_key) {
                Ok(key) => Ok((id, version, key)),
                Err(_) => Err(TrustError { id, version }),
            }
        };
        Ok(Self { keys: authorities.iter().map(key).collect::<Result<_, _>>()? })
    }

    /// Whether the file with these `digests` is signed by somebody who is known. One good signature
    /// is enough; a wrong one of somebody who is known is too many.
    pub(super) fn check(
        &self,
        signatures: &Signatures,
        digests: &Digests,
    ) -> Result<(), PublishedError> {
        let mut good = false;
        for signature in &signatures.signatures {
            let signer = signature.signer.clone().unwrap_or_default();
            let mut known = self.keys.iter().filter(|(id, version, _)| {
                (id.as_str(), version.as_str()) == (signer.id.as_str(), signer.version.as_str())
            });
            if let Some((_, _, key)) = known.next() {
                fits(key, signature, &signer, digests)?;
                good = true;
            }
        }
        match signatures.signatures.first() {
            _ if good => Ok(()),
            None => Err(PublishedError::Unsigned),
            Some(first) => {
                let signer = first.signer.clone().unwrap_or_default();
                let (id, version) = (shown(&signer.id), shown(&signer.version));
                Err(PublishedError::UnknownSigner { id, version })
            }
        }
    }
}

impl std::fmt::Debug for Trust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Trust({} keys)", self.keys.len())
    }
}

/// Whether some signature needs the longer hash.
pub(super) fn needs_sha512(signatures: &Signatures) -> bool {
    let algorithm = |signature: &Signature| {
        signature.signer.as_ref().is_some_and(|signer| signer.algorithm == WITH_SHA512)
    };
    signatures.signatures.iter().any(algorithm)
}

fn fits(
    key: &VerifyingKey,
    signature: &Signature,
    signer: &Signer,
    digests: &Digests,
) -> Result<(), PublishedError> {
    let digest = match (signer.algorithm.as_str(), &digests.sha512) {
        (WITH_SHA256, _) => &digests.sha256[..],
        (WITH_SHA512, Some(sha512)) => &sha512[..],
        (other, _) => return Err(PublishedError::Algorithm { algorithm: shown(other) }),
    };
    DerSignature::from_bytes(&signature.bytes)
        .and_then(|signature| key.verify_prehash(digest, &signature))
        .map_err(|_| PublishedError::WrongSignature {
            id: shown(&signer.id),
            version: shown(&signer.version),
        })
}
