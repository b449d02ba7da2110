//! The commands of the binary, one file each.

#[cfg(feature = "store")]
pub mod log;
