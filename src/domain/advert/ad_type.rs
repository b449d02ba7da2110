//! The AD types this project reads (Bluetooth Assigned Numbers, section 2.3). Not all there are.

/// Flags.
pub const FLAGS: u8 = 0x01;
/// Some 16-bit service UUIDs.
pub const UUID16_SOME: u8 = 0x02;
/// All 16-bit service UUIDs.
pub const UUID16_ALL: u8 = 0x03;
/// Some 128-bit service UUIDs.
pub const UUID128_SOME: u8 = 0x06;
/// All 128-bit service UUIDs.
pub const UUID128_ALL: u8 = 0x07;
/// Shortened local name.
pub const NAME_SHORT: u8 = 0x08;
/// Complete local name.
pub const NAME: u8 = 0x09;
/// TX power in dBm.
pub const TX_POWER: u8 = 0x0A;
/// Service data under a 16-bit UUID.
pub const SERVICE_DATA16: u8 = 0x16;
/// Manufacturer specific data.
pub const MANUFACTURER: u8 = 0xFF;
