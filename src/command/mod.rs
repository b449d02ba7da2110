//! The commands of the binary, one file each: its arguments, and a `run` that writes to whatever
//! it is given.

pub mod decode;
pub mod derive;
pub mod eval;
pub mod leavings;
pub mod radio;
pub mod record;
pub mod source;
pub mod survey;

#[cfg(feature = "store")]
pub mod beacon;
#[cfg(all(feature = "bluetooth", feature = "store"))]
pub mod check;
#[cfg(feature = "store")]
pub mod choose_pins;
#[cfg(feature = "store")]
pub mod encounters;
#[cfg(feature = "store")]
pub mod exposure;
#[cfg(feature = "app")]
mod headless;
#[cfg(feature = "store")]
pub mod log;
#[cfg(feature = "app")]
pub mod pins;
#[cfg(feature = "store")]
pub mod playing;
#[cfg(feature = "app")]
pub mod run;
#[cfg(feature = "store")]
pub mod summary;
#[cfg(feature = "ui")]
pub mod tour;
#[cfg(all(feature = "store", feature = "ui"))]
pub mod venue;

mod explain;
mod failure;
mod hex;
#[cfg(all(feature = "exposure", feature = "store"))]
mod keys;
mod listen;
mod table;

pub use explain::Form;
pub use failure::in_words;
