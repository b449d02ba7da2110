//! One advertising report, whole: who sent it, how loud, and the bytes as AD structures.
//!
//! The bytes are kept as they came. What they mean is [`super::network`]'s business.

pub mod ad_type;
mod lookup;
pub mod uuid;

use std::fmt;

/// A Bluetooth device address in the order people write it (most significant byte first), with
/// its kind. It lives in memory for seconds and is never stored or logged.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    /// Most significant byte first.
    pub bytes: [u8; 6],
    /// Public (as made) or random (rotating).
    pub random: bool,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

impl fmt::Display for Address {
    /// For commands that explain a capture to the person who holds it; never for a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, byte) in self.bytes.iter().enumerate() {
            write!(f, "{}{byte:02X}", if position == 0 { "" } else { ":" })?;
        }
        Ok(())
    }
}

/// A power level in dBm: what was received, or what the sender says it sent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
#[serde(transparent)]
pub struct Dbm(pub i8);

impl Dbm {
    /// What a receiver says it has heard; `None` where that is no level. 127 stands for "not
    /// available" (Bluetooth Core 5.4, vol 4 part E, 7.7.65.2), 0 is what drivers say that do not
    /// know, and no phone reaches 1 mW at an antenna, so that any level from 0 on is wrong.
    #[must_use]
    pub const fn received(level: i8) -> Option<Self> {
        if level < 0 { Some(Self(level)) } else { None }
    }
}

/// The most bytes one report keeps. A legacy advert and its scan response are 62 together; an
/// extended report carries at most 229 a piece (Bluetooth Core 5.4, vol 4 part E, 7.7.65.13).
pub const ADVERT_DATA_BYTES_MAX: usize = 254;

/// The data of an advert, held inline so that a report costs no allocation.
#[derive(Clone, Copy)]
pub struct AdvertData {
    bytes: [u8; ADVERT_DATA_BYTES_MAX],
    len: u8,
}

impl AdvertData {
    /// No data.
    pub const EMPTY: Self = Self { bytes: [0; ADVERT_DATA_BYTES_MAX], len: 0 };

    /// A copy of `bytes`, cut at [`ADVERT_DATA_BYTES_MAX`].
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        let mut data = Self::EMPTY;
        data.extend(bytes);
        data
    }

    /// Forgets what it held and holds a copy of `bytes`, cut at [`ADVERT_DATA_BYTES_MAX`].
    pub fn replace(&mut self, bytes: &[u8]) {
        self.len = 0;
        self.extend(bytes);
    }

    /// Appends as much of `more` as fits.
    pub fn extend(&mut self, more: &[u8]) {
        let used = usize::from(self.len);
        let Some(room) = self.bytes.get_mut(used..) else { return };
        let taken = more.len().min(room.len());
        if let (Some(to), Some(from)) = (room.get_mut(..taken), more.get(..taken)) {
            to.copy_from_slice(from);
            self.len = self.len.saturating_add(u8::try_from(taken).unwrap_or(u8::MAX));
        }
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or(&[])
    }
}

impl PartialEq for AdvertData {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for AdvertData {}

impl fmt::Debug for AdvertData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AdvertData({} bytes)", self.len)
    }
}

/// One advertising report. An advert and the scan response of one address are joined into one
/// before they get here, advert first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Advertisement {
    /// Who sent it.
    pub address: Address,
    /// How loud it was heard; `None` when the controller did not say (127 on the wire).
    pub rssi: Option<Dbm>,
    /// Whether the sender accepts a connection.
    pub connectable: bool,
    /// The AD structures.
    pub data: AdvertData,
}

impl Advertisement {
    /// The AD structures, in the order they came.
    #[must_use]
    pub fn structures(&self) -> AdStructures<'_> {
        AdStructures { rest: self.data.as_bytes() }
    }
}

/// One AD structure: a type and its payload, of which `Debug` shows only the length.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AdStructure<'a> {
    /// One of [`ad_type`], or another number.
    pub ad_type: u8,
    /// The bytes after the type.
    pub payload: &'a [u8],
}

impl fmt::Debug for AdStructure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AdStructure({:#04x}, {} bytes)", self.ad_type, self.payload.len())
    }
}

impl<'a> AdStructure<'a> {
    /// Whether this is a list of 16-bit service UUIDs, whole or in part, that has `uuid` in it.
    #[must_use]
    pub fn lists_uuid16(&self, uuid: u16) -> bool {
        matches!(self.ad_type, ad_type::UUID16_SOME | ad_type::UUID16_ALL)
            && self.payload.as_chunks().0.iter().any(|&listed| u16::from_le_bytes(listed) == uuid)
    }

    /// Whether this is a list of 128-bit service UUIDs, whole or in part, that has `uuid` in it.
    /// The number is the UUID as people write it, without the dashes.
    #[must_use]
    pub fn lists_uuid128(&self, uuid: u128) -> bool {
        matches!(self.ad_type, ad_type::UUID128_SOME | ad_type::UUID128_ALL)
            && self.payload.as_chunks().0.iter().any(|&listed| u128::from_le_bytes(listed) == uuid)
    }

    /// What stands after the company's number, when this is that company's own data.
    #[must_use]
    pub fn manufacturer_data(&self, company: u16) -> Option<&'a [u8]> {
        self.after_number(ad_type::MANUFACTURER, company)
    }

    /// What stands after the service's 16-bit UUID, when this is that service's data.
    #[must_use]
    pub fn service_data16(&self, uuid: u16) -> Option<&'a [u8]> {
        self.after_number(ad_type::SERVICE_DATA16, uuid)
    }

    fn after_number(&self, ad_type: u8, number: u16) -> Option<&'a [u8]> {
        let (&found, rest) = self.payload.split_first_chunk()?;
        (self.ad_type == ad_type && u16::from_le_bytes(found) == number).then_some(rest)
    }
}

/// Why a payload is not a sequence of AD structures.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AdError {
    /// A length byte promises more than there is.
    #[error("read an AD structure of {need} bytes: only {got} are left")]
    Truncated {
        /// Bytes the length byte promises.
        need: usize,
        /// Bytes that are left.
        got: usize,
    },
}

/// Reads AD structures one after the other. A zero length ends the significant part (Bluetooth
/// Core 5.4, vol 3 part C, 11). After an error it yields nothing more.
#[derive(Clone)]
pub struct AdStructures<'a> {
    rest: &'a [u8],
}

impl fmt::Debug for AdStructures<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AdStructures({} bytes)", self.rest.len())
    }
}

impl<'a> AdStructures<'a> {
    /// The structures in `bytes`.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }
}

impl<'a> Iterator for AdStructures<'a> {
    type Item = Result<AdStructure<'a>, AdError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (&len, rest) = self.rest.split_first()?;
        let need = usize::from(len);
        if need == 0 {
            self.rest = &[];
            return None;
        }
        let Some((structure, rest)) = rest.split_at_checked(need) else {
            self.rest = &[];
            return Some(Err(AdError::Truncated { need, got: rest.len() }));
        };
        self.rest = rest;
        let (&ad_type, payload) = structure.split_first()?;
        Some(Ok(AdStructure { ad_type, payload }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_in_order_until_a_zero_length() {
        let bytes = [2, 0x01, 0x06, 3, 0x03, 0x6F, 0xFD, 0, 9];
        let found: Vec<_> = AdStructures::new(&bytes).collect::<Result<_, _>>().unwrap();
        assert_eq!(
            found,
            [
                AdStructure { ad_type: ad_type::FLAGS, payload: &[6] },
                AdStructure { ad_type: ad_type::UUID16_ALL, payload: &[0x6F, 0xFD] },
            ]
        );
    }

    #[test]
    fn a_promise_too_long_is_an_error_and_the_end() {
        let mut structures = AdStructures::new(&[5, 0xFF, 1]);
        assert_eq!(structures.next(), Some(Err(AdError::Truncated { need: 5, got: 2 })));
        assert_eq!(structures.next(), None);
    }

    #[test]
    fn a_uuid_is_found_anywhere_in_a_list_but_only_in_a_list() {
        let payload = [0x0F, 0x18, 0x56, 0x4E, 0x01];
        let some = AdStructure { ad_type: ad_type::UUID16_SOME, payload: &payload };
        assert!(some.lists_uuid16(0x4E56));
        assert!(!some.lists_uuid16(0x5618), "across two entries");
        assert!(!AdStructure { ad_type: ad_type::NAME, ..some }.lists_uuid16(0x4E56));

        let mut wide = [0; 32];
        wide[16] = 0x67;
        let all = AdStructure { ad_type: ad_type::UUID128_ALL, payload: &wide };
        assert!(all.lists_uuid128(0x67));
        assert!(!all.lists_uuid128(0x68));
    }

    #[test]
    fn data_under_a_number_is_what_stands_after_it() {
        let data = AdStructure { ad_type: ad_type::MANUFACTURER, payload: &[0xB5, 0x22, 7] };
        assert_eq!(data.manufacturer_data(0x22B5), Some(&[7][..]));
        assert_eq!(data.manufacturer_data(0xB522), None);
        assert_eq!(data.service_data16(0x22B5), None);
        let short = AdStructure { ad_type: ad_type::SERVICE_DATA16, payload: &[0x6F] };
        assert_eq!(short.service_data16(0xFD6F), None);
    }

    #[test]
    fn data_beyond_the_limit_is_cut() {
        let data = AdvertData::new(&[7; 300]);
        assert_eq!(data.as_bytes().len(), ADVERT_DATA_BYTES_MAX);
    }
}
