//! Reading the book beside a running kiosk: for `kiosk log` and nothing that writes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::encounters::{self, Summary};
use super::error::StoreError;
use super::verify::{self, Proof};
use super::{beacon, exposures, open, schema, select, venue};
use crate::domain::beacon::BeaconKeys;
use crate::domain::exposure::heard::Heard;
use crate::domain::exposure::matched::FileHash;
use crate::domain::exposure::reason::Reason;
use crate::domain::exposure::windows::ExposureNotice;
use crate::domain::logbook::Entry;
use crate::domain::moment::Wall;
use crate::domain::network::Network;
use crate::domain::remembering::Remembered;
use crate::domain::request::FoundVisit;
use crate::domain::venue::door::VenueSecret;

/// How long to wait for the kiosk to finish a write.
const BUSY: Duration = Duration::from_secs(2);

/// Steps of `SQLite`'s machine between two looks at whether to stop: well under a millisecond.
const STEPS: i32 = 1_000;

/// The book, open for reading only.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
}

impl Reader {
    /// Opens the book at `path`. A kiosk may have it open for writing.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Directory`], [`StoreError::Foreign`], [`StoreError::Newer`],
    /// [`StoreError::Damaged`] and what `SQLite` reports.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing { path: path.into() });
        }
        schema::require_no_directory(path)?;
        let reader = Self { connection: connect(path)? };
        match schema::identify(&reader.connection, path)? {
            // Begun, and nothing written yet.
            0 => Err(StoreError::Missing { path: path.into() }),
            version if version < schema::newest() => Err(StoreError::Older { path: path.into() }),
            _ => Ok(reader),
        }
    }

    /// Whether a kiosk has the book at `path` open for writing; `None` where that cannot be seen.
    #[must_use]
    pub fn is_in_use(path: &Path) -> Option<bool> {
        open::is_locked(path)
    }

    /// The visits begun in `[from, to)`, the earliest first.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and what `SQLite` reports.
    pub fn visits(&self, from: Wall, to: Wall) -> Result<Vec<FoundVisit>, StoreError> {
        select::visits_between(&self.connection, from, to)
    }

    /// Every entry of the book, in its order.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and what `SQLite` reports.
    pub fn entries(&self) -> Result<Vec<Entry>, StoreError> {
        select::all_entries(&self.connection)
    }

    /// Every settled row of what was heard, as far as matching needs it, by quarter of an hour.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and what `SQLite` reports.
    pub fn heard(&self) -> Result<Vec<Heard>, StoreError> {
        let mut heard = Vec::new();
        self.heard_behind(i64::MIN, u32::MAX, |row| heard.push(row))?;
        Ok(heard)
    }

    /// Shows the first `limit` of those rows behind the row of that number. Answers the number of
    /// the last one, where there may be more.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and what `SQLite` reports.
    pub fn heard_behind(
        &self,
        behind: i64,
        limit: u32,
        show: impl FnMut(Heard),
    ) -> Result<Option<i64>, StoreError> {
        encounters::heard_behind(&self.connection, behind, limit, show)
    }

    /// One settled row; `None` where it has been deleted since.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and what `SQLite` reports.
    pub fn remembered(&self, row: i64) -> Result<Option<Remembered>, StoreError> {
        encounters::row(&self.connection, row)
    }

    /// Shows every settled row of one network that was first heard in `[from, to)`, one by one.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and what `SQLite` reports.
    pub fn each_remembered(
        &self,
        network: Network,
        from: Wall,
        to: Wall,
        mut show: impl FnMut(Remembered),
    ) -> Result<(), StoreError> {
        encounters::each(&self.connection, network, from, to, |row| {
            show(row);
            Ok(())
        })
    }

    /// What was heard in `[from, to)`, network by network.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and what `SQLite` reports.
    pub fn heard_between(&self, from: Wall, to: Wall) -> Result<Vec<Summary>, StoreError> {
        encounters::summary(&self.connection, from, to)
    }

    /// The exposures there are, the latest day first.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and what `SQLite` reports.
    pub fn exposures(&self) -> Result<Vec<ExposureNotice>, StoreError> {
        exposures::notices(&self.connection)
    }

    /// When a file of published keys was matched, if it was.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and what `SQLite` reports.
    pub fn processed_at(&self, file: FileHash) -> Result<Option<Wall>, StoreError> {
        exposures::processed_at(&self.connection, file)
    }

    /// The entries that say that somebody looked further or handed something out, in their order,
    /// each with the reason unless it was erased.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and what `SQLite` reports.
    pub fn disclosures(&self) -> Result<Vec<(Entry, Option<Reason>)>, StoreError> {
        exposures::disclosures(&self.connection)
    }

    /// The secrets of the beacon; none of a network that was not there when the kiosk last began.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and what `SQLite` reports.
    pub fn beacon_keys(&self) -> Result<BeaconKeys, StoreError> {
        beacon::read(&self.connection)
    }

    /// Reads every page once. `stop` is asked now and then, and ends it as if all were well.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and what `SQLite` reports.
    pub fn check(&mut self, stop: impl FnMut() -> bool + Send + 'static) -> Result<(), StoreError> {
        self.connection.progress_handler(STEPS, Some(stop))?;
        let checked = schema::check(&self.connection);
        self.connection.progress_handler(0, None::<fn() -> bool>)?;
        match checked {
            Err(StoreError::Sqlite(error))
                if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) =>
            {
                Ok(())
            }
            other => other,
        }
    }

    /// What the codes of the door are made of, if the kiosk has drawn it yet.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and what `SQLite` reports.
    pub fn venue_secret(&self) -> Result<Option<VenueSecret>, StoreError> {
        venue::kept(&self.connection)
    }

    /// Walks the whole chain. See [`Proof`] for what that shows and what it cannot.
    ///
    /// # Errors
    /// What `SQLite` reports; a broken chain is an answer, not an error.
    pub fn verify(&self) -> Result<Proof, StoreError> {
        // One transaction, so that the kiosk may go on writing meanwhile.
        let snapshot = self.connection.unchecked_transaction()?;
        verify::verify(&snapshot)
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    let readable = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
    match readable {
        Ok(()) => Ok(connection),
        // A closed book on a disk that is not ours to write to: SQLite would need to create its
        // shared memory there. Without a write-ahead log there is nothing to share.
        Err(_) if !open::beside(path, "-wal").exists() => {
            let mut uri = PathBuf::from("file:").into_os_string();
            uri.push(escaped(path));
            uri.push("?immutable=1");
            Ok(Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)?)
        }
        Err(error) => Err(error.into()),
    }
}

/// The path as a URI has it.
fn escaped(path: &Path) -> String {
    path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}
