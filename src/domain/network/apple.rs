//! What an iPhone says in Apple's own manufacturer data: the overflow area, where the service
//! UUIDs of apps in the background go as one bit each, and iBeacons.
//!
//! Apple publishes neither. The rules come from public captures and are tested on nine of them.

use crate::domain::advert::AdStructure;

/// Apple's company number (Bluetooth Assigned Numbers, section 7.1).
pub const COMPANY: u16 = 0x004C;

/// The 128 bits of an overflow area. Bit 0 is the lowest bit of the first byte on the air.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Overflow(pub u128);

impl Overflow {
    /// Whether a bit of `mask` is set. 1 in 128 other services has the same bit, so a phone for
    /// which this holds is one to ask, not one that was found.
    #[must_use]
    pub const fn may_hold(self, mask: Self) -> bool {
        self.0 & mask.0 != 0
    }

    /// The bits that stand for these services.
    #[must_use]
    pub const fn of(mut services: &[u128]) -> Self {
        let mut bits = 0;
        while let [service, rest @ ..] = services {
            bits |= 1 << overflow_bit(*service);
            services = rest;
        }
        Self(bits)
    }
}

/// The bit of the overflow area that stands for a service: CRC-8 with polynomial 0x09 over the
/// UUID, most significant byte first, of which seven bits are kept. Reproduces nine public
/// captures and the 128 rows of `OverflowAreaBeaconRef` (whose index is this one XOR 7).
#[must_use]
pub const fn overflow_bit(uuid: u128) -> u8 {
    let mut crc = 0_u8;
    let mut place = u128::BITS;
    while place > 0 {
        place -= 1;
        let carry = (crc & 0x80 != 0) != (uuid >> place & 1 == 1);
        crc <<= 1;
        if carry {
            crc ^= 0x09;
        }
    }
    crc & 0x7F
}

/// One message in Apple's manufacturer data. `Debug` shows only its kind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Message<'a> {
    /// Services of apps in the background.
    Overflow(Overflow),
    /// An iBeacon.
    Beacon {
        /// Whose beacon it is, as people write it.
        proximity_uuid: u128,
    },
    /// Something else.
    Other {
        /// The first byte.
        kind: u8,
        /// The bytes after the length.
        payload: &'a [u8],
    },
}

impl std::fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Overflow(_) => "Overflow(…)",
            Self::Beacon { .. } => "Beacon(…)",
            Self::Other { .. } => "Other(…)",
        })
    }
}

/// The messages in `structure`; none when it is not Apple's.
#[must_use]
pub fn messages<'a>(structure: &AdStructure<'a>) -> Messages<'a> {
    Messages { rest: structure.manufacturer_data(COMPANY).unwrap_or(&[]) }
}

/// Reads Apple's messages one after the other. What breaks off is left out.
#[derive(Clone)]
pub struct Messages<'a> {
    rest: &'a [u8],
}

impl std::fmt::Debug for Messages<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Messages({} bytes)", self.rest.len())
    }
}

/// The kind of an overflow area. It has no length byte, and always [`OVERFLOW_BYTES`].
pub const KIND_OVERFLOW: u8 = 0x01;
/// Bytes of an overflow area.
pub const OVERFLOW_BYTES: usize = 16;
/// The kind of an iBeacon: a UUID, two numbers of 16 bits and the power at a metre.
pub const KIND_BEACON: u8 = 0x02;
/// Bytes of an iBeacon.
pub const BEACON_BYTES: usize = 21;

impl<'a> Iterator for Messages<'a> {
    type Item = Message<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let (&kind, rest) = self.rest.split_first()?;
        self.rest = &[];
        if kind == KIND_OVERFLOW {
            let (&bits, rest) = rest.split_first_chunk()?;
            self.rest = rest;
            return Some(Message::Overflow(Overflow(u128::from_le_bytes(bits))));
        }
        let (&len, rest) = rest.split_first()?;
        let (payload, rest) = rest.split_at_checked(usize::from(len))?;
        self.rest = rest;
        match payload.first_chunk() {
            Some(&uuid) if kind == KIND_BEACON && payload.len() == BEACON_BYTES => {
                Some(Message::Beacon { proximity_uuid: u128::from_be_bytes(uuid) })
            }
            _ => Some(Message::Other { kind, payload }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::advert::ad_type;
    use crate::domain::advert::uuid::long;

    #[test]
    fn bits_of_public_captures() {
        let captures = [
            (0x428132AF_4746_42D3_801E_4572D65BFD9B, 85), // Herald, iPhone SE
            (long(0xC007), 36),                           // Crownstone
            (long(0xC008), 59),
            (long(0x1001), 57),
            (long(0x3333), 57),
            (long(0x3AC5), 109),                          // AOSP's car companion
            (0x2F234454_CF6D_4A0F_ADF2_F4911BA9FFA6, 83), // iPhone 6, iOS 11
            (0x00004E56_73F5_4BC4_A12F_17D1AD07A667, 3),  // Bluezone
            (0xE20A39F4_73F5_4BC4_A12F_17D1AD07A667, 87), // Bluezone, first generation
        ];
        for (uuid, bit) in captures {
            assert_eq!(overflow_bit(uuid), bit, "{uuid:032X}");
        }
    }

    #[test]
    fn an_overflow_area_after_another_message() {
        let mut payload = vec![0x4C, 0x00, 0x10, 0x02, 0x0B, 0x00, 0x01];
        payload.extend([0; 13]);
        payload.extend([0x20, 0, 0]); // bit 109
        let structure = AdStructure { ad_type: ad_type::MANUFACTURER, payload: &payload };
        let found: Vec<_> = messages(&structure).collect();
        assert_eq!(
            found,
            [
                Message::Other { kind: 0x10, payload: &[0x0B, 0x00] },
                Message::Overflow(Overflow(1 << 109)),
            ]
        );
        let asked = Overflow::of(&[long(0x3AC5), long(0xC007)]);
        assert!(Overflow(1 << 109).may_hold(asked));
        assert!(!Overflow(1 << 108).may_hold(asked));
    }

    #[test]
    fn what_breaks_off_is_left_out() {
        for payload in [&[0x4C, 0x00, 0x01, 0x08][..], &[0x4C, 0x00, 0x10, 5, 1], &[0x4C, 0, 9]] {
            let structure = AdStructure { ad_type: ad_type::MANUFACTURER, payload };
            assert_eq!(messages(&structure).next(), None);
        }
    }
}
