//! The AD types this project reads or keeps (Bluetooth Assigned Numbers, section 2.3). Not all
//! there are.

/// Flags.
pub const FLAGS: u8 = 0x01;
/// Some 16-bit service UUIDs.
pub const UUID16_SOME: u8 = 0x02;
/// All 16-bit service UUIDs.
pub const UUID16_ALL: u8 = 0x03;
/// Some 32-bit service UUIDs.
pub const UUID32_SOME: u8 = 0x04;
/// All 32-bit service UUIDs.
pub const UUID32_ALL: u8 = 0x05;
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
/// 16-bit UUIDs of services that are looked for.
pub const SOUGHT16: u8 = 0x14;
/// 128-bit UUIDs of services that are looked for.
pub const SOUGHT128: u8 = 0x15;
/// Service data under a 16-bit UUID.
pub const SERVICE_DATA16: u8 = 0x16;
/// What the sender looks like, from a list of kinds.
pub const APPEARANCE: u8 = 0x19;
/// Service data under a 32-bit UUID.
pub const SERVICE_DATA32: u8 = 0x20;
/// Service data under a 128-bit UUID.
pub const SERVICE_DATA128: u8 = 0x21;
/// Manufacturer specific data.
pub const MANUFACTURER: u8 = 0xFF;
