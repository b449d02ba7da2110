//! The write-ahead log is emptied into the book while nobody waits for an answer, in steps.
//!
//! The log keeps every copy of a page in the order in which it was written, so it tells in which
//! order ids were heard: it is to be empty soon after a quarter of an hour has settled (ADR 0017).
//! It is emptied as well before it has grown so long that `SQLite` would do it within somebody's
//! request. What was erased on request is not left to this: see `erase`.

use std::ffi::OsString;
use std::time::Duration;

use rusqlite::Connection;

use super::erase;
use super::error::StoreError;

/// So long nobody must have asked for anything. Whoever checks in asks several times within less.
const QUIET: Duration = Duration::from_millis(500);

/// A reader holds the log: it is tried again after so long.
const AGAIN: Duration = Duration::from_secs(5);

/// From this length on the log is emptied although nothing has settled: a quarter of what `SQLite`
/// lets it have before it copies pages within a request (1,000 pages).
const LONG_BYTES: u64 = 1 << 20;

/// What is next.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Emptying {
    /// Nothing.
    #[default]
    NotDue,
    /// Its pages are copied into the book and synced: the long part. Readers and the log stay as
    /// they are.
    Copy,
    /// All is copied: the file is cut to nothing.
    Cut,
    /// The same, once a reader lets go of it.
    CutAgain,
}

impl Emptying {
    /// It tells something that it should not tell for longer than need be.
    pub(super) const fn is_wanted(&mut self) {
        *self = Self::Copy;
    }

    /// A request was answered: the log may have grown.
    pub(super) fn look(&mut self, connection: &Connection) {
        if *self == Self::NotDue && bytes(connection) >= LONG_BYTES {
            *self = Self::Copy;
        }
    }

    /// For how long nobody must have asked for anything before the next step; `None` where there is
    /// none.
    pub(super) const fn after(self) -> Option<Duration> {
        match self {
            Self::NotDue => None,
            Self::Copy | Self::Cut => Some(QUIET),
            Self::CutAgain => Some(AGAIN),
        }
    }

    /// Takes the next step.
    pub(super) fn go_on(&mut self, connection: &Connection) -> Result<(), StoreError> {
        match self {
            Self::NotDue => {}
            Self::Copy => {
                *self = Self::CutAgain;
                let copied = "PRAGMA wal_checkpoint(PASSIVE)";
                connection.query_row(copied, [], |_| Ok(()))?;
                *self = Self::Cut;
            }
            Self::Cut | Self::CutAgain => {
                *self = Self::CutAgain;
                if erase::scrub_at_once(connection)? {
                    *self = Self::NotDue;
                }
            }
        }
        Ok(())
    }
}

/// How long the log is; 0 where there is none.
pub(super) fn bytes(connection: &Connection) -> u64 {
    let Some(path) = connection.path() else { return 0 };
    let mut log = OsString::from(path);
    log.push("-wal");
    std::fs::metadata(log).map_or(0, |log| log.len())
}
