//! Files of published keys: from bytes to [`PublishedKey`](crate::domain::exposure::published::PublishedKey)s
//! and to warnings of this place, in pieces, so that a file's size does not matter.
//!
//! ```text
//! a folder ──inbox──┐
//!                   ├─► read ─► archive, signature ─► export, warnings, dp3t, json ─► keys in pieces
//! HTTPS ─────fetch──┘
//! ```
//!
//! | file | its form | signed |
//! |---|---|---|
//! | Exposure Notification's export | zip of `export.bin` and `export.sig` | must be |
//! | the Corona-Warn-App's package of warnings | the same, or the bare protobuf | where zipped |
//! | DP-3T's list of the exposed | protobuf | the format has no signature |
//! | Bluezone's `InfoF`, alone or in the message it was pushed in | JSON | the format has none |
//! | Herald's matching keys, in a form of this project ([`herald`]) | JSON | the format has none |
//!
//! What a file is, is found by what it holds, not by its name. Everything is bounded, and nothing
//! that was handed out counts before the file was read to its end: see [`Published`]. Matching is
//! not done here, and nothing is remembered of a file that was read; that is its caller's.

mod archive;
pub mod batch;
mod bluezone;
mod dp3t;
mod error;
mod export;
pub mod fetch;
mod folder;
pub mod herald;
pub mod inbox;
mod index;
mod json;
mod kind;
mod limits;
mod message;
pub mod own;
mod pieces;
mod read;
pub mod schedule;
mod signature;
mod spool;
mod summary;
mod warnings;
mod wire;

pub use error::PublishedError;
pub use index::IndexError;
pub use pieces::{Sink, Stop};
pub use read::{Published, read};
pub use signature::{Trust, TrustError};
pub use summary::{Batch, Counts, Format, Summary};

#[cfg(test)]
mod tests;
