//! What can go wrong with the book, in words that name the thing and the remedy, and the
//! [`Fault`] that the core makes of it. The words fit after "open the book: ".

use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;

use crate::domain::fault::{Fault, Organ, Trouble};
use crate::domain::logbook::CanonicalError;

/// Why the book could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another kiosk has the book open for writing.
    #[error("{path} is in use by another kiosk: stop that one first")]
    InUse {
        /// The book.
        path: PathBuf,
    },
    /// There is no book to read.
    #[error("{path} does not exist yet: the kiosk begins it when it is first started")]
    Missing {
        /// The book.
        path: PathBuf,
    },
    /// A directory lies where the book should.
    #[error("{path} is a directory: name a file in it, such as logbook.db, under [book]")]
    Directory {
        /// The directory.
        path: PathBuf,
    },
    /// An `SQLite` file that no kiosk wrote.
    #[error("{path} belongs to another program: give the book another path")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The book was written by a newer kiosk.
    #[error("{path} has schema {found}, this kiosk knows up to {known}: install the newer kiosk")]
    Newer {
        /// The book.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The newest schema known here.
        known: u32,
    },
    /// An entry was written by a newer kiosk.
    #[error("entry {seq} of the book was written by a newer kiosk: install that one again")]
    NewerEntry {
        /// Its number.
        seq: u64,
    },
    /// The book is still at a former schema, which only the kiosk itself may change.
    #[error("{path} was last written by an older kiosk: start the kiosk once, then read it")]
    Older {
        /// The book.
        path: PathBuf,
    },
    /// The disk takes no writing.
    #[error(
        "the disk of the book cannot be written to: check the card's lock and the file's owner"
    )]
    ReadOnly,
    /// The disk has no room left.
    #[error("the disk of the book is full: make room, nothing needs a restart")]
    Full,
    /// The file is not what was written.
    #[error(
        "the book is damaged ({0}): when the kiosk is next started it sets the file aside and carries \
         over the rest"
    )]
    Damaged(String),
    /// The connection would acknowledge what a power cut can take back.
    #[error("the book's {pragma} is {found} instead of {wanted}: this disk cannot keep it safely")]
    NotDurable {
        /// Which setting of the connection.
        pragma: &'static str,
        /// What was asked for.
        wanted: &'static str,
        /// What the connection answers.
        found: String,
    },
    /// The disk did not do what it was asked.
    #[error("{doing} {path}: {source}")]
    Disk {
        /// What was being done.
        doing: &'static str,
        /// To which file or directory.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// An entry could not be put into its canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// The system has no random numbers.
    #[error("the system gave no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    /// A PIN could not be hashed.
    #[error("a PIN could not be hashed: {0}")]
    Pin(#[from] argon2::password_hash::Error),
    /// The thread that owns the book ended or does not keep up.
    #[error("the book does not answer: restart the kiosk")]
    Gone,
    /// Anything else that `SQLite` reports. Its message never holds values.
    #[error("the book could not be read or written: {0}")]
    Sqlite(#[source] rusqlite::Error),
}

impl StoreError {
    /// What the core is told.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        let trouble = match self {
            Self::ReadOnly => Trouble::ReadOnly,
            Self::Full => Trouble::Full,
            Self::Damaged(_) => Trouble::Damaged,
            Self::Newer { .. } | Self::NewerEntry { .. } => Trouble::Newer,
            Self::InUse { .. }
            | Self::Missing { .. }
            | Self::Directory { .. }
            | Self::Foreign { .. }
            | Self::Older { .. }
            | Self::NotDurable { .. }
            | Self::Disk { .. }
            | Self::Canonical(_)
            | Self::Random(_)
            | Self::Pin(_)
            | Self::Gone
            | Self::Sqlite(_) => Trouble::Gone,
        };
        Fault { organ: Organ::Store, trouble }
    }

    /// The error for something done to a file or directory.
    pub(super) fn disk(doing: &'static str, path: impl Into<PathBuf>, source: io::Error) -> Self {
        use io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        let kind = source.kind();
        if matches!(kind, ReadOnlyFilesystem | PermissionDenied) {
            return Self::ReadOnly;
        }
        if matches!(kind, StorageFull | QuotaExceeded) {
            return Self::Full;
        }
        Self::Disk { doing, path: path.into(), source }
    }

    /// What a row that makes no sense is called.
    pub(super) fn unreadable(seq: u64) -> Self {
        Self::Damaged(format!("entry {seq} cannot be read"))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Sqlite(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    #[test]
    fn what_sqlite_reports_becomes_a_trouble() {
        for (code, trouble) in [
            (ffi::SQLITE_FULL, Trouble::Full),
            (ffi::SQLITE_READONLY, Trouble::ReadOnly),
            (ffi::SQLITE_READONLY_DBMOVED, Trouble::ReadOnly),
            (ffi::SQLITE_CORRUPT, Trouble::Damaged),
            (ffi::SQLITE_CORRUPT_INDEX, Trouble::Damaged),
            (ffi::SQLITE_NOTADB, Trouble::Damaged),
            (ffi::SQLITE_IOERR_WRITE, Trouble::Gone),
            (ffi::SQLITE_BUSY, Trouble::Gone),
        ] {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            assert_eq!(StoreError::from(error).fault().trouble, trouble, "code {code}");
        }
    }

    #[test]
    fn what_the_system_reports_becomes_a_trouble() {
        for (kind, trouble) in [
            (io::ErrorKind::ReadOnlyFilesystem, Trouble::ReadOnly),
            (io::ErrorKind::PermissionDenied, Trouble::ReadOnly),
            (io::ErrorKind::StorageFull, Trouble::Full),
            (io::ErrorKind::Other, Trouble::Gone),
        ] {
            let error = StoreError::disk("create", "logbook.db", io::Error::from(kind));
            assert_eq!(error.fault().trouble, trouble, "{kind:?}");
        }
    }
}
