//! Service UUIDs as numbers: the UUID as people write it, without the dashes.

/// What a 16-bit UUID stands for: these bits below it (Bluetooth Core 5.4, vol 3 part B, 2.5.1).
const BASE: u128 = 0x0000_0000_0000_1000_8000_0080_5F9B_34FB;

/// The UUID that a 16-bit one stands for.
#[must_use]
#[expect(clippy::as_conversions, reason = "widens; From is not const")]
pub const fn long(short: u16) -> u128 {
    (short as u128) << 96 | BASE
}

/// The 16-bit UUID that stands for this one, if there is one.
#[must_use]
pub fn short(uuid: u128) -> Option<u16> {
    u16::try_from(uuid >> 96).ok().filter(|&short| long(short) == uuid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        assert_eq!(long(0xFD6F), 0x0000_FD6F_0000_1000_8000_0080_5F9B_34FB);
        assert_eq!(short(long(0xFD6F)), Some(0xFD6F));
        assert_eq!(short(long(0xFD6F) | 1 << 112), None, "a 32-bit one");
        assert_eq!(short(0x0000_4E56_73F5_4BC4_A12F_17D1_AD07_A667), None);
    }
}
