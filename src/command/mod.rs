//! The commands that need neither book nor screen, one file each: arguments, and a `run` that
//! writes to whatever it is given.

pub mod decode;
pub mod derive;
pub mod survey;

mod explain;
mod hex;
mod table;

pub use explain::Form;
