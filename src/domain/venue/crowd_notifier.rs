//! The code of a place as `CrowdNotifier`'s third version has it (Switzerland's `NotifyMe`), and what
//! is derived from it: the secrets of the place and its id in each hour.
//!
//! ```text
//! https://qr.notify-me.ch?v=3#<QRCodePayload in base64url>
//! HKDF-SHA256(QRCodePayload, no salt, "CrowdNotifier_v3") = nonce of the place | of its time | key of messages
//! ```
//!
//! A visitor's phone encrypts its visit to a public key in the code. It is the authority's own here
//! (the protocol's server-based mode) and stands in the configuration as the authority hands it
//! out. The protocol has another mode, in which the place holds half of the secret key; that asks for
//! arithmetic on the curve BLS12-381 in the form of the library mcl, which this program has not.
//! So the kiosk shows the code, and a visitor is warned by the authority without it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use prost::Message;
use sha2::{Digest, Sha256};

use super::door::Place;
use super::wire::{CrowdNotifierData, QrCodePayload, TimedLocation};
use crate::domain::moment::Wall;

/// What stands before the payload.
const LINK: &str = "https://qr.notify-me.ch?v=3#";

/// The version of each message.
const VERSION: u32 = 3;

/// The only kind of place that `setupLocation` of `libcrowdnotifier` writes.
const KIND: u32 = 1;

/// The length of a public key: a point of BLS12-381's second group, compressed.
pub const PUBLIC_KEY_BYTES: usize = 96;

/// The seed's length.
pub const SEED_BYTES: usize = 32;

/// An id counts for an hour; the protocol has no other length.
const HOUR_SECONDS: i32 = 3_600;

/// A public key of the authority, in mcl's form. Whether it is a point of the curve is not
/// looked at.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct PublicKey(pub [u8; PUBLIC_KEY_BYTES]);

/// A code, ready to be drawn. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    payload: Vec<u8>,
}

impl Code {
    /// The code of a place, for visits that begin from `start` until `end`.
    #[must_use]
    pub fn new(
        place: &Place,
        (start, end): (Wall, Wall),
        key: PublicKey,
        seed: [u8; SEED_BYTES],
    ) -> Self {
        let seconds = |wall: Wall| u64::try_from(wall.0).unwrap_or(0);
        let location = TimedLocation {
            version: VERSION,
            description: place.description.clone(),
            address: place.address.clone(),
            start: seconds(start),
            end: seconds(end),
        };
        let crowd_notifier = CrowdNotifierData {
            version: VERSION,
            public_key: key.0.to_vec(),
            seed: seed.to_vec(),
            kind: KIND,
        };
        let payload = QrCodePayload {
            version: VERSION,
            location: location.encode_to_vec(),
            crowd_notifier: Some(crowd_notifier),
            country: Vec::new(),
        };
        Self { payload: payload.encode_to_vec() }
    }

    /// What the QR code holds.
    #[must_use]
    pub fn link(&self) -> String {
        let mut link = LINK.to_owned();
        URL_SAFE_NO_PAD.encode_string(&self.payload, &mut link);
        link
    }

    /// What is derived from it.
    #[must_use]
    pub fn secrets(&self) -> Secrets {
        Secrets::of(&self.payload)
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code(…)")
    }
}

/// What everybody who has scanned a code can derive from it. `Debug` shows nothing of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secrets {
    /// SHA-256("CN-PREID" | payload | first nonce).
    place: [u8; 32],
    nonce_of_time: [u8; 32],
    key_of_messages: [u8; 32],
}

impl Secrets {
    /// What follows from the payload of a code.
    #[must_use]
    pub fn of(payload: &[u8]) -> Self {
        let mut derived = [[0; 32]; 3];
        #[expect(clippy::expect_used, reason = "HKDF-SHA256 gives any length up to 8,160 bytes")]
        Hkdf::<Sha256>::new(None, payload)
            .expand(b"CrowdNotifier_v3", derived.as_flattened_mut())
            .expect("96 bytes are within HKDF's reach");
        let [nonce_of_place, nonce_of_time, key_of_messages] = derived;
        Self {
            place: hash(&[b"CN-PREID", payload, &nonce_of_place]),
            nonce_of_time,
            key_of_messages,
        }
    }

    /// The id of the place in the hour that begins at `start`: for `start` at any moment, the ids
    /// of a visit are those of every whole hour it touches.
    #[must_use]
    pub fn id_at(&self, start: Wall) -> [u8; 32] {
        let (length, start) = (HOUR_SECONDS.to_be_bytes(), start.0.to_be_bytes());
        let of_hour = hash(&[b"CN-TIMEKEY", &length, &start, &self.nonce_of_time]);
        hash(&[b"CN-ID", &self.place, &length, &start, &of_hour])
    }

    /// The key under which the authority writes its messages to visitors of the place.
    #[must_use]
    pub const fn key_of_messages(&self) -> [u8; 32] {
        self.key_of_messages
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

fn hash(parts: &[&[u8]]) -> [u8; 32] {
    parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part)).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_of_the_reference_implementation() {
        let secrets = Secrets::of(b"Parse this as bytes");
        assert_eq!(secrets.nonce_of_time.first_chunk(), Some(&[0x9A, 0x5F, 0x04, 0x14]));
        assert_eq!(secrets.key_of_messages().first_chunk(), Some(&[0x27, 0x62, 0x08, 0xF2]));
        assert_eq!(secrets.place.first_chunk(), Some(&[0xC7, 0x43, 0x76, 0xA9]));
        let id = secrets.id_at(Wall(12));
        assert_eq!(
            (id.first_chunk(), id.last_chunk()),
            (Some(&[0x16, 0x6C, 0x3A, 0x8C]), Some(&[0x76, 0x85, 0x39, 0xE0]))
        );
        let other = Secrets::of(b"Another Identity Test").id_at(Wall(886_432));
        assert_eq!(other.first_chunk(), Some(&[0x33, 0x4C, 0x02, 0x68]));
    }

    #[test]
    fn a_code_says_where_and_until_when() {
        let place = Place { description: "Cổng chính".into(), address: "Khe Sanh".into() };
        let times = (Wall(1_764_090_000), Wall(1_764_176_400));
        let key = PublicKey([5; PUBLIC_KEY_BYTES]);
        let code = Code::new(&place, times, key, [6; SEED_BYTES]);
        let link = code.link();
        let payload = URL_SAFE_NO_PAD.decode(link.strip_prefix(LINK).unwrap()).unwrap();
        let read = QrCodePayload::decode(&*payload).unwrap();
        let location = TimedLocation::decode(&*read.location).unwrap();
        assert_eq!((location.description, location.address), (place.description, place.address));
        assert_eq!((location.start, location.end), (1_764_090_000, 1_764_176_400));
        let data = read.crowd_notifier.unwrap();
        assert_eq!((&*data.public_key, &*data.seed), (&[5; 96][..], &[6; 32][..]));
        assert_eq!(code.secrets(), Secrets::of(&payload));
    }
}
