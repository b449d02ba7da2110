//! Published keys held against the ids that were heard: which rows of the book do they explain?
//!
//! ```text
//! Heard … ─► HeardIds (built once, then only read)
//!                │
//! PublishedKey … ┴─► Match { row, key, begin, end } …
//! ```
//!
//! [`HeardIds`] can be shared by threads. An edge hands each of them slices of what it reads, some
//! ten thousand keys at a time, so memory does not depend on the length of a file; the longer the
//! slices, the more keys of a day stand together, and the better the caches are used.
//!
//! When an id counts as heard at the right time:
//!
//! | network | ids of a key | heard |
//! |---|---|---|
//! | Exposure Notification | one for each ten minutes of its period, 144 at most | from two hours before those ten minutes to two hours after them |
//! | Bluezone | one for each slot from its day on, the last in the slot that begins with `end` | from the slot's first second to the first of the next, both included |
//! | DP-3T | 96 for each day from its own on | on that day, before the list was released |
//! | Herald | 240 of its day | in the id's own six minutes |
//!
//! Since the times of a row are no finer than a quarter of an hour, an id counts when any second
//! of its quarters lies in that window.
//!
//! | file | what it says |
//! |---|---|
//! | `stretch` | the quarters in which an id was heard |
//! | `filter` | a day's ids as a set that answers at the price of one cache line |
//! | `table` | all ids in order, which has the last word |
//! | `book` | these three for one network |
//! | `rpi_key` | HKDF for many keys at once |
//! | `gaen`, `chained` | the ids of a key, network by network |
//!
//! Memory: a row takes 32 bytes in the table and up to 1 in its directory; in the filters 4 for
//! each day on which a key may explain it, which are 1.2 on average in Exposure Notification and 1
//! in the others. So less than 40 bytes for an id, 40 MB for a million, and up to twice that while
//! they are put in order. A slice takes 36 bytes more for each of its keys of Exposure
//! Notification while it is worked on, 64 where all are of one day. What a key means for those who
//! were here is not decided here.

mod book;
mod chained;
mod filter;
mod finds;
mod gaen;
mod index;
pub mod rpi_key;
mod stretch;
mod table;

use finds::Finds;
pub use finds::MATCHES_MAX;
pub use index::HeardIds;

use crate::domain::moment::Wall;

/// A row that a key explains.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Match {
    /// The row, as [`super::heard::Heard::row`] had it.
    pub row: i64,
    /// The key's place in the slice.
    pub key: usize,
    /// The first second of the time in which the key's phone sent this id by its own clock: ten
    /// minutes, a slot, six minutes, or with DP-3T the whole day.
    pub begin: Wall,
    /// The second after the last of it.
    pub end: Wall,
}

/// One slice of keys explains more rows than are taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "match published keys: these explain more than {MATCHES_MAX} of the ids heard here, which no \
     outbreak does; ask the authority whether the file is genuine"
)]
pub struct TooManyMatches;
