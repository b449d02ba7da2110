//! The Corona-Warn-App's warnings of visitors who were infectious while they were at a place that
//! shows its code. Each is sealed for the place alone: with its [`LocationId`] the place finds its
//! warnings among all that are published, and reads them.
//!
//! The facts are those of `event_registration.md` of `cwa-documentation`. Packages of warnings are
//! not read here, and nothing is held against visits.

use std::fmt;

use aes::Aes256;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use hmac::{Hmac, KeyInit, Mac};
use prost::Message;
use sha2::{Digest, Sha256};

use super::LocationId;
use crate::domain::moment::Wall;

/// Seconds of the interval in which check-ins are dated.
const INTERVAL_SECONDS: i64 = 600;

/// A check-in lasts at most a day: the app signs out whoever has not left by then.
pub const PERIOD_INTERVALS_MAX: u32 = 144;

/// Three numbers of at most six bytes each, padded to the cipher's block.
const SEALED_BYTES_MAX: usize = 32;

impl LocationId {
    /// The id of the place whose code holds `payload`: the bytes behind the address's `#`, out of
    /// their base64.
    #[must_use]
    pub fn of_payload(payload: &[u8]) -> Self {
        Self(keyed(b"CWA-GUID", payload))
    }

    /// What a published warning shows of the place: the hash of its id.
    #[must_use]
    pub fn published_hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

/// A warning as it is published (`CheckInProtectedReport`).
#[derive(Clone, Copy)]
pub struct Sealed<'a> {
    /// The hash of the place's id.
    pub location_hash: &'a [u8],
    /// The first block of the cipher's chain, 16 bytes.
    pub iv: &'a [u8],
    /// The check-in, encrypted.
    pub record: &'a [u8],
    /// The code of authentication over the two before, 32 bytes.
    pub mac: &'a [u8],
}

/// Somebody who was infectious has been here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Warning {
    /// The beginning of the ten minutes in which the visit began.
    pub begin: Wall,
    /// The end of the ten minutes in which it ended.
    pub end: Wall,
    /// How infectious, 1 to 8; 0 where it was not said.
    pub transmission_risk: u8,
}

/// Why a warning cannot be read; fits after "failed to".
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SealError {
    /// It is another place's.
    #[error("read a warning: it is another place's")]
    OtherPlace,
    /// A part has a length that it cannot have.
    #[error("read a warning: its {part} has {got} bytes")]
    Length {
        /// Which part.
        part: &'static str,
        /// Its length.
        got: usize,
    },
    /// Whoever made it did not know the place's code, or it was changed on the way.
    #[error("read a warning: its code of authentication is wrong")]
    Forged,
    /// What it holds is no check-in.
    #[error("read a warning: what it holds is no check-in")]
    Record,
}

impl Sealed<'_> {
    /// Reads the warning, as the place that is called `place`.
    ///
    /// # Errors
    /// When it is another place's, was not made by somebody who knew the code, or holds no
    /// check-in.
    pub fn open(&self, place: &LocationId) -> Result<Warning, SealError> {
        if self.location_hash != place.published_hash() {
            return Err(SealError::OtherPlace);
        }
        let iv: [u8; 16] =
            self.iv.try_into().map_err(|_| SealError::Length { part: "iv", got: self.iv.len() })?;
        let got = self.record.len();
        let mut record = [0; SEALED_BYTES_MAX];
        let record = record.get_mut(..got).ok_or(SealError::Length { part: "record", got })?;
        record.copy_from_slice(self.record);
        let mac = Hmac::<Sha256>::new_from_slice(&keyed(b"CWA-MAC-KEY", &place.0))
            .map_err(|_| SealError::Forged)?;
        let mac = mac.chain_update(iv).chain_update(&*record);
        mac.verify_slice(self.mac).map_err(|_| SealError::Forged)?;
        let key = keyed(b"CWA-ENCRYPTION-KEY", &place.0);
        let cipher = cbc::Decryptor::<Aes256>::new(&key.into(), &iv.into());
        let plain = cipher.decrypt_padded::<Pkcs7>(record).map_err(|_| SealError::Record)?;
        CheckIn::decode(plain).ok().and_then(|check_in| check_in.warning()).ok_or(SealError::Record)
    }
}

impl fmt::Debug for Sealed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}

/// `CheckInRecord` of the published protocol files.
#[derive(Clone, PartialEq, Message)]
struct CheckIn {
    #[prost(uint32, tag = "1")]
    start_interval: u32,
    #[prost(uint32, tag = "2")]
    period: u32,
    #[prost(uint32, tag = "3")]
    transmission_risk: u32,
}

impl CheckIn {
    fn warning(&self) -> Option<Warning> {
        if !(1..=PERIOD_INTERVALS_MAX).contains(&self.period) {
            return None;
        }
        let begin = i64::from(self.start_interval) * INTERVAL_SECONDS;
        let end = begin + i64::from(self.period) * INTERVAL_SECONDS;
        let transmission_risk = u8::try_from(self.transmission_risk).ok().filter(|r| *r <= 8)?;
        Some(Warning { begin: Wall(begin), end: Wall(end), transmission_risk })
    }
}

/// SHA-256 of a word that says what for, and the bytes.
fn keyed(what_for: &[u8], bytes: &[u8]) -> [u8; 32] {
    Sha256::new_with_prefix(what_for).chain_update(bytes).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: [u8; 32] = hex("9baf3a40312f39849f46dad1040f2f039f1cffa1238c41e9db675315cfad39b6");
    const IV: [u8; 16] = hex("f9534b644afe8faaa8b64bfcbf501295");
    const RECORD: [u8; 16] = hex("b794d661873f927e2f6d645debbecbde");
    const MAC: [u8; 32] = hex("0495ff2b0017a37bd004c97270cc4dc62c25acdcb359d0f62de17d282af3b7f2");

    /// Bytes from their digits; checked while it is compiled.
    const fn hex<const N: usize>(digits: &str) -> [u8; N] {
        let digits = digits.as_bytes();
        assert!(digits.len() == 2 * N);
        let mut bytes = [0; N];
        let mut at = 0;
        while at < 2 * N {
            let digit = digits[at];
            let value = if digit.is_ascii_digit() { digit - b'0' } else { digit - b'a' + 10 };
            bytes[at / 2] = bytes[at / 2] << 4 | value;
            at += 1;
        }
        bytes
    }

    #[test]
    fn a_place_is_called_by_its_code() {
        let payload: [u8; 151] =
            hex("0801121308011207467269736575721a064265726c696e1a76080112608302cc\
             cc4d79ded43000e7f6319a145d77f35937654a97d2f7d8997df99c9b1386f678\
             d22b84538a614e1700e1eadd13cb0f17474d6e803623b6e2b08e3b8ae3d3a1f3\
             715672de97a5e7cf8bd4a48f1befcf9de2f6068c99411cf7aa5bb686801a1004\
             d7c33cb222c873047444b6c76673a92206080110051878");
        let place = LocationId::of_payload(&payload);
        let id = hex("44c7dfb03c581ca3df206c7b74d573cbb8fc7ba85ac15922cc9beaa8372958b7");
        assert_eq!(place.0, id);
        let hash = hex("02308a60e77c810d218fc37013b41234be302ed8c8b9f471d0786dc29660528a");
        assert_eq!(place.published_hash(), hash);
    }

    #[test]
    fn a_warning_is_read_by_its_place_alone() {
        let place = LocationId(PLACE);
        let location_hash = place.published_hash();
        assert_eq!(location_hash[..4], hex::<4>("19d60b1a"));
        let sealed = Sealed { location_hash: &location_hash, iv: &IV, record: &RECORD, mac: &MAC };
        let begin = 2_710_445 * 600;
        let warning =
            Warning { begin: Wall(begin), end: Wall(begin + 28 * 600), transmission_risk: 7 };
        assert_eq!(sealed.open(&place), Ok(warning));
        assert_eq!(sealed.open(&LocationId([0; 32])), Err(SealError::OtherPlace));
    }

    #[test]
    fn whatever_is_changed_is_refused() {
        let place = LocationId(PLACE);
        let location_hash = place.published_hash();
        let whole = Sealed { location_hash: &location_hash, iv: &IV, record: &RECORD, mac: &MAC };
        let other = |bytes: &[u8]| [&[bytes[0] ^ 1], &bytes[1..]].concat();
        let (iv, record, mac) = (other(&IV), other(&RECORD), other(&MAC));
        for changed in [
            Sealed { iv: &iv, ..whole },
            Sealed { record: &record, ..whole },
            Sealed { mac: &mac, ..whole },
            Sealed { mac: &MAC[..31], ..whole },
        ] {
            assert_eq!(changed.open(&place), Err(SealError::Forged));
        }
        let long = [0; 48];
        let length = |part, got| Err(SealError::Length { part, got });
        assert_eq!(Sealed { record: &long, ..whole }.open(&place), length("record", 48));
        assert_eq!(Sealed { iv: &IV[..15], ..whole }.open(&place), length("iv", 15));
    }

    #[test]
    fn a_check_in_of_no_time_or_of_days_is_none() {
        for (period, transmission_risk, good) in
            [(1, 0, true), (144, 8, true), (0, 1, false), (145, 1, false), (1, 9, false)]
        {
            let check_in = CheckIn { start_interval: u32::MAX, period, transmission_risk };
            assert_eq!(check_in.warning().is_some(), good, "{period}, {transmission_risk}");
        }
    }
}
