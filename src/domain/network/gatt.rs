//! Where a phone that keeps its id hands it out: which characteristic of which service to read,
//! and how long the answer may be. Connecting and reading are done by whoever owns the radio.

/// The longest value a characteristic has (Bluetooth Core 5.4, vol 3 part F, 3.2.9).
pub const VALUE_BYTES_MAX: usize = 512;

/// One characteristic to read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GattId {
    /// The service it is in, as people write its UUID, without the dashes.
    pub service: u128,
    /// The characteristic, likewise.
    pub characteristic: u128,
    /// The fewest bytes it answers with.
    pub least: usize,
    /// The most.
    pub most: usize,
}

impl GattId {
    /// A characteristic that always has as many bytes.
    pub(super) const fn of(service: u128, characteristic: u128, bytes: usize) -> Self {
        Self { service, characteristic, least: bytes, most: bytes }
    }
}
