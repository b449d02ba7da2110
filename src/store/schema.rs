//! The file's identity, its settings, its schema and the steps from every past one.
//!
//! A connection that comes out of here is known to lead to a book of ours, at the newest schema,
//! that acknowledges nothing a power cut could take back. Whether every page of it is sound is
//! another question, which `check` answers.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, MAIN_DB, OpenFlags, Transaction, TransactionBehavior};

use super::error::StoreError;

/// Says in the file's header that it is a kiosk's book: "kios" in ASCII.
pub const APPLICATION_ID: u32 = 0x6b69_6f73;

/// The steps from an empty file to the schema of today; step n leads to version n.
const MIGRATIONS: [&str; 5] = [
    include_str!("migrations/0001_book.sql"),
    include_str!("migrations/0002_calibration.sql"),
    include_str!("migrations/0003_contact_network.sql"),
    include_str!("migrations/0004_sending_power.sql"),
    include_str!("migrations/0005_hearing_as_one_value.sql"),
];

/// How long to wait for a reader that holds the file, as `kiosk log` does for a few milliseconds.
pub(super) const BUSY: Duration = Duration::from_secs(2);

/// The settings of the connection that writes, each with its reason.
const PRAGMAS: &str = "
    -- For the change to a write-ahead log only: FULL unlinks the rollback journal of that change
    -- without syncing the directory, and a power cut could bring it back to undo the whole book.
    PRAGMA synchronous = EXTRA;
    -- One sequential write and one sync per entry, and a reader beside the writer.
    PRAGMA journal_mode = WAL;
    -- A sync before every acknowledgement. NORMAL would lose the last visits in a power cut.
    PRAGMA synchronous = FULL;
    -- A personal part without its entry is refused.
    PRAGMA foreign_keys = ON;
    -- What is erased is overwritten with zeros, not only unlinked.
    PRAGMA secure_delete = ON;
    -- Sorting never spills a name into a temporary file.
    PRAGMA temp_store = MEMORY;
    -- After a checkpoint the write-ahead log gives its room back: 4 MiB are what 1000 pages take.
    PRAGMA journal_size_limit = 4194304;
    -- Damage is noticed where it is read.
    PRAGMA cell_size_check = ON;
    -- A schema that somebody edited runs no function with side effects.
    PRAGMA trusted_schema = OFF;
";

/// The newest schema known here.
#[must_use]
pub fn newest() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// Opens the book for writing, begins it if there is none, and brings it to the newest schema.
pub(super) fn connect(path: &Path) -> Result<Connection, StoreError> {
    begin(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    if connection.is_readonly(MAIN_DB)? {
        return Err(StoreError::ReadOnly);
    }
    connection.busy_timeout(BUSY)?;
    // Plans do not depend on the values asked for. Without this every statement on a table with a
    // partial index is planned anew each time it is run, which takes longer than running it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    let version = identify(&connection, path)?;
    connection.execute_batch(PRAGMAS)?;
    upgrade(&mut connection, version)?;
    require_durable(&connection)?;
    Ok(connection)
}

/// Makes an empty file that nobody but its owner can read; `SQLite` gives the files beside it the
/// same rights. A file that is there already keeps its own.
fn begin(path: &Path) -> Result<(), StoreError> {
    require_no_directory(path)?;
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(StoreError::disk("create", path, error))
        }
        _ => Ok(()),
    }
}

/// Refuses a directory; `SQLite` has only "disk I/O error" to say of one.
pub(super) fn require_no_directory(path: &Path) -> Result<(), StoreError> {
    if path.is_dir() { Err(StoreError::Directory { path: path.into() }) } else { Ok(()) }
}

/// Whether the file is a book of ours that we know how to read, and its schema: 0 for a new file.
pub(super) fn identify(connection: &Connection, path: &Path) -> Result<u32, StoreError> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, u32>(0));
    let (application, version) = (pragma("application_id")?, pragma("user_version")?);
    let objects: u32 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application == 0 && version == 0 && objects == 0 {
        return Ok(0);
    }
    if application != APPLICATION_ID {
        return Err(StoreError::Foreign { path: path.into() });
    }
    if version > newest() {
        return Err(StoreError::Newer { path: path.into(), found: version, known: newest() });
    }
    Ok(version)
}

/// Reads the whole file once and looks at every row; how long that takes `benches/book` tells.
pub(super) fn check(connection: &Connection) -> Result<(), StoreError> {
    let answer: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if answer == "ok" {
        return Ok(());
    }
    // What it found stands below a heading.
    Err(StoreError::Damaged(answer.lines().last().unwrap_or_default().to_owned()))
}

/// Takes every step from `version` to the newest in one transaction.
fn upgrade(connection: &mut Connection, version: u32) -> Result<(), StoreError> {
    if version == newest() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let taken = usize::try_from(version).unwrap_or(usize::MAX);
    for step in MIGRATIONS.iter().skip(taken) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", newest())?;
    transaction.commit()?;
    Ok(())
}

/// Asks the live connection whether it keeps what it acknowledges. A file system without shared
/// memory, for one, silently refuses the write-ahead log.
pub(super) fn require_durable(connection: &Connection) -> Result<(), StoreError> {
    let journal: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    if journal != "wal" {
        let (pragma, wanted) = ("journal_mode", "wal");
        return Err(StoreError::NotDurable { pragma, wanted, found: journal });
    }
    let synchronous: u8 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
    // 0 is OFF, 1 NORMAL, 2 FULL, 3 EXTRA.
    if synchronous < 2 {
        let (pragma, wanted) = ("synchronous", "at least 2 (FULL)");
        return Err(StoreError::NotDurable { pragma, wanted, found: synchronous.to_string() });
    }
    Ok(())
}

/// Writes the schema's number once more: the smallest change there is.
pub(super) fn rewrite_version(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    Ok(transaction.pragma_update(None, "user_version", newest())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> (tempfile::TempDir, Connection) {
        let dir = tempfile::tempdir().unwrap();
        let connection = connect(&dir.path().join("logbook.db")).unwrap();
        (dir, connection)
    }

    #[test]
    fn a_new_book_is_ours_and_durable() {
        let (_dir, connection) = book();
        assert_eq!(identify(&connection, Path::new("x")).unwrap(), newest());
        require_durable(&connection).unwrap();
    }

    #[test]
    fn lowered_durability_is_refused() {
        let (_dir, connection) = book();
        for lower in ["OFF", "NORMAL"] {
            connection.pragma_update(None, "synchronous", lower).unwrap();
            let error = require_durable(&connection).unwrap_err();
            assert!(matches!(error, StoreError::NotDurable { pragma: "synchronous", .. }));
        }
        connection.pragma_update(None, "synchronous", "FULL").unwrap();
        connection.pragma_update(None, "journal_mode", "DELETE").unwrap();
        let error = require_durable(&connection).unwrap_err();
        assert!(matches!(error, StoreError::NotDurable { pragma: "journal_mode", .. }));
    }

    /// Where the text of the schema outgrows the first page, damage to another one may take every
    /// table with it.
    #[test]
    fn the_schema_fits_on_the_first_page() {
        const LEAF_OF_A_TABLE: u8 = 0x0D;
        let (dir, connection) = book();
        connection.close().unwrap();
        let bytes = std::fs::read(dir.path().join("logbook.db")).unwrap();
        assert_eq!(bytes[100], LEAF_OF_A_TABLE);
    }

    #[test]
    fn another_programs_file_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("other.db");
        let other = Connection::open(&path).unwrap();
        other.execute_batch("CREATE TABLE t (x); PRAGMA user_version = 7;").unwrap();
        drop(other);
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(connect(&path).unwrap_err(), StoreError::Foreign { .. }));
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
}
