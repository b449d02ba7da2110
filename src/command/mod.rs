//! The commands of the binary, one file each.

#[cfg(feature = "ui")]
pub mod tour;
