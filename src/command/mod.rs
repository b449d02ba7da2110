//! The commands that need no screen, one file each: arguments, and a `run` that writes to whatever
//! it is given.

pub mod decode;
pub mod derive;
#[cfg(feature = "store")]
pub mod log;
pub mod survey;

mod explain;
mod hex;
mod table;

pub use explain::Form;
