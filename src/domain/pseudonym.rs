//! Other addresses and ids in the place of those that were heard, of the same form and length, so
//! that a capture can be given away: one phone stays one phone within a capture, and what a
//! network's form is made of – types, lengths, service and company numbers – stays as it is.
//!
//! Whoever has the key could try out ids that they know, so it is to be random and to be forgotten
//! with the capture. Names are blanked. Services are kept whole, also those nobody here knows:
//! finding out which app a phone has is what a capture is given away for.

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;

use super::advert::{Address, ad_type};
use super::network::apple::{self, Overflow};
use super::network::{Network, bluezone, gaen, robert, token};

/// Gives each address and id of a capture another one, always the same.
pub struct Pseudonyms {
    key: [u8; 32],
    /// The bits of overflow areas that tell a network.
    known_bits: Overflow,
}

impl fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pseudonyms(…)")
    }
}

impl Pseudonyms {
    /// Pseudonyms under this key.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        let reads = Network::ALL.iter().flat_map(|network| network.reads());
        let bits = reads.fold(0, |bits, read| bits | Overflow::of(&[read.service]).0);
        Self { key, known_bits: Overflow(bits) }
    }

    /// Another address of the same kind: the two highest bits of a random one say whether it is
    /// static, resolvable or neither (Bluetooth Core 5.4, vol 6 part B, 1.3.2).
    #[must_use]
    pub fn address(&self, address: Address) -> Address {
        let Address { mut bytes, random } = address;
        let [kind, ..] = bytes;
        self.fill(&[1, u8::from(random)], &mut bytes);
        let [highest, ..] = &mut bytes;
        if random {
            *highest = (kind & KIND_BITS) | (*highest & !KIND_BITS);
        }
        Address { bytes, random }
    }

    /// Replaces what may tell a phone in a sequence of AD structures. What lies in a structure
    /// that breaks off is replaced whole.
    pub fn data(&self, data: &mut [u8]) {
        let mut rest = data;
        while let Some((&mut len, after)) = rest.split_first_mut() {
            let len = usize::from(len);
            if len == 0 {
                after.fill(0);
                return;
            }
            let is_whole = len <= after.len();
            let (structure, next) = after.split_at_mut(len.min(after.len()));
            if let Some((&mut ad_type, payload)) = structure.split_first_mut() {
                if is_whole {
                    self.payload(ad_type, payload);
                } else {
                    self.opaque(payload);
                }
            }
            rest = next;
        }
    }

    /// Replaces all of `bytes`. Letters and digits stay letters and digits.
    pub fn opaque(&self, bytes: &mut [u8]) {
        let is_text = bytes.iter().all(u8::is_ascii_alphanumeric);
        self.fill(&[2], bytes);
        if is_text {
            let letter = |byte: u8| LETTERS.get(usize::from(byte) % LETTERS.len()).copied();
            for byte in bytes.iter_mut() {
                *byte = letter(*byte).unwrap_or(b'0');
            }
        }
    }

    fn payload(&self, ad_type: u8, payload: &mut [u8]) {
        let kept = match ad_type {
            ad_type::FLAGS | ad_type::TX_POWER => 1,
            ad_type::APPEARANCE => 2,
            ad_type::UUID16_SOME | ad_type::UUID16_ALL | ad_type::SOUGHT16 => payload.len() / 2 * 2,
            ad_type::UUID32_SOME | ad_type::UUID32_ALL => payload.len() / 4 * 4,
            ad_type::UUID128_SOME | ad_type::UUID128_ALL | ad_type::SOUGHT128 => {
                payload.len() / 16 * 16
            }
            ad_type::NAME_SHORT | ad_type::NAME => {
                payload.fill(b' ');
                return;
            }
            ad_type::SERVICE_DATA32 => 4,
            ad_type::SERVICE_DATA128 => 16,
            ad_type::SERVICE_DATA16 => return self.service_data(payload),
            ad_type::MANUFACTURER => return self.manufacturer_data(payload),
            _ => 0,
        };
        if let Some(rest) = payload.get_mut(kept..) {
            self.opaque(rest);
        }
    }

    /// An id in service data is replaced by itself, so that it is the same whatever changes
    /// beside it; what tells the form is kept.
    fn service_data(&self, payload: &mut [u8]) {
        let Some((&mut number, rest)) = payload.split_first_chunk_mut() else {
            return self.opaque(payload);
        };
        let (id_bytes, kept_from) = match (u16::from_le_bytes(number), rest.len()) {
            // Metadata follows.
            (gaen::SERVICE, _) => (gaen::RPI_BYTES, usize::MAX),
            // Time and signature follow, then version and power.
            (robert::SERVICE, 18 | 19) => (robert::ID_BYTES, robert::VERSION_AT),
            // Two bytes in reserve follow, then version and kind.
            (token::SERVICE, token::DATA_BYTES) => (token::ID_BYTES, token::VERSION_AT),
            _ => (usize::MAX, usize::MAX),
        };
        let (changing, _) = rest.split_at_mut(kept_from.min(rest.len()));
        let (id, beside) = changing.split_at_mut(id_bytes.min(changing.len()));
        self.opaque(id);
        self.opaque(beside);
    }

    fn manufacturer_data(&self, payload: &mut [u8]) {
        match payload.split_first_chunk_mut() {
            Some((&mut company, rest)) if u16::from_le_bytes(company) == apple::COMPANY => {
                self.apple(rest);
            }
            Some((_, rest)) => self.opaque(rest),
            None => self.opaque(payload),
        }
    }

    /// Of an overflow area the bits of known networks are kept, of iBeacons the ones that wake
    /// Bluezone; many of Apple's other messages hold something like an id.
    fn apple(&self, mut rest: &mut [u8]) {
        while let Some((&mut kind, after)) = rest.split_first_mut() {
            let (len, after) = if kind == apple::KIND_OVERFLOW {
                (apple::OVERFLOW_BYTES, after)
            } else {
                let Some((&mut len, after)) = after.split_first_mut() else { return };
                (usize::from(len), after)
            };
            let is_whole = len <= after.len();
            let (message, next) = after.split_at_mut(len.min(after.len()));
            match kind {
                apple::KIND_OVERFLOW if is_whole => {
                    let known = self.known_bits.0.to_le_bytes();
                    message.iter_mut().zip(known).for_each(|(byte, known)| *byte &= known);
                }
                apple::KIND_BEACON if message.len() == apple::BEACON_BYTES && wakes(message) => {}
                _ => self.opaque(message),
            }
            rest = next;
        }
    }

    /// As many bytes as there are, made of them and the key: HKDF, whose first step is HMAC with
    /// the salt for its key.
    fn fill(&self, purpose: &[u8], bytes: &mut [u8]) {
        let made = Hkdf::<Sha256>::new(Some(&self.key), &[purpose, bytes].concat());
        #[expect(clippy::expect_used, reason = "HKDF-SHA256 gives any length up to 8,160 bytes")]
        made.expand(b"", bytes).expect("an AD structure has at most 254 bytes");
    }
}

fn wakes(beacon: &[u8]) -> bool {
    beacon.starts_with(&bluezone::WAKE_BEACON.to_be_bytes())
}

/// The bits of a random address that say of what kind it is.
const KIND_BITS: u8 = 0b1100_0000;

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
