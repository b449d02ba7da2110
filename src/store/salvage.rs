//! What is done with a damaged book: every row that can still be read goes into a new one, with
//! its number and hash as they stand, so that the chain verifies up to the loss.
//!
//! The damaged file is only read. It does not guess what stood on a page that is gone.

use std::fmt;
use std::path::{Path, PathBuf};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Row, TransactionBehavior, params_from_iter};
use serde::de::DeserializeOwned;

use super::error::StoreError;
use super::hearing::Hearing;
use super::{beacon, encounters, pins, projection, schema};
use crate::domain::exposure::reason::Reason;
use crate::domain::logbook::{self, Public};
use crate::domain::visit::Personal;

/// An entry takes at least this many bytes of the file: its commitment and hash are 64, the
/// shortest public part about 60. It bounds how many entries a damaged file can have held.
const LEAST_ENTRY_BYTES: u64 = 128;

/// A damaged book that was set aside, and what became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SetAside {
    /// Where the damaged file lies now.
    pub path: PathBuf,
    /// How many entries were carried over into the new book.
    pub entries: u64,
    /// How many personal parts.
    pub personal_parts: u64,
    /// How many entries are known to be missing, from the gaps in the numbers. Entries lost from
    /// the end leave no gap.
    pub missing: u64,
}

impl fmt::Display for SetAside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the book was damaged: it lies in {}, and {} entries with {} personal parts were \
             carried over into a new one; {} are known to be missing",
            self.path.display(),
            self.entries,
            self.personal_parts,
            self.missing
        )
    }
}

/// Counts what was carried over into `book` from the file at `path`.
pub(super) fn count(book: &Connection, path: PathBuf) -> Result<SetAside, StoreError> {
    let (entries, last): (u64, u64) =
        book.query_row("SELECT count(*), coalesce(max(seq), 0) FROM entry", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let personal_parts = book.query_row("SELECT count(*) FROM personal", [], |row| row.get(0))?;
    Ok(SetAside { path, entries, personal_parts, missing: last.saturating_sub(entries) })
}

/// Makes a new book at `to` of every row that can be read at `from`.
pub(super) fn carry_over(from: &Path, to: &Path) -> Result<(), StoreError> {
    let mut book = schema::connect(to)?;
    // Without a single readable row the new book is simply empty.
    let damaged = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    // Has SQLite read on where the schema or the length of the file makes no sense. Nothing can be
    // written through this connection.
    damaged.execute_batch("PRAGMA writable_schema = ON")?;
    let bytes = std::fs::metadata(from).map_or(0, |metadata| metadata.len());
    let most = bytes / LEAST_ENTRY_BYTES;
    let transaction = book.transaction_with_behavior(TransactionBehavior::Immediate)?;
    carry(&damaged, &transaction, &ENTRIES, most)?;
    carry(&damaged, &transaction, &PERSONAL, most)?;
    carry_pins(&damaged, &transaction)?;
    pins::mark_lost(&transaction)?;
    carry_levels(&damaged, &transaction)?;
    carry(&damaged, &transaction, &REASONS, most)?;
    for (table, columns, later) in HEARD {
        if !carry_heard(&damaged, &transaction, table, &format!("{columns}{later}"))? {
            carry_heard(&damaged, &transaction, table, columns)?;
        }
    }
    settle_rows_of_old(&damaged, &transaction)?;
    beacon::carry(&damaged, &transaction)?;
    projection::rebuild(&transaction)?;
    transaction.commit()?;
    book.close().map_err(|(_, error)| StoreError::from(error))
}

/// How one table is read and written, whole or by its number.
struct Table {
    forward: &'static str,
    backward: &'static str,
    one: &'static str,
    insert: &'static str,
    /// Looks at the second and fourth column.
    makes_sense: fn([ValueRef<'_>; 2]) -> bool,
}

const ENTRIES: Table = Table {
    forward: "SELECT seq, public, commitment, hash FROM entry ORDER BY seq",
    backward: "SELECT seq, public, commitment, hash FROM entry ORDER BY seq DESC",
    one: "SELECT seq, public, commitment, hash FROM entry WHERE seq = ?",
    insert: "INSERT OR IGNORE INTO entry (seq, public, commitment, hash) VALUES (?, ?, ?, ?)",
    // With an entry of a newer kiosk the new book cannot be finished, and the damaged one stays
    // where it is, for that kiosk to save.
    makes_sense: |[public, _]| {
        parses::<Public>(public) || public.as_bytes().is_ok_and(logbook::is_newer)
    },
};

const PERSONAL: Table = Table {
    forward: "SELECT seq, visit, salt, body FROM personal ORDER BY seq",
    backward: "SELECT seq, visit, salt, body FROM personal ORDER BY seq DESC",
    one: "SELECT seq, visit, salt, body FROM personal WHERE seq = ?",
    // One without its entry cannot be shown to anybody, and is left where it is.
    insert: "INSERT OR IGNORE INTO personal (seq, visit, salt, body)
             SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM entry WHERE seq = ?1)",
    makes_sense: |[_, body]| parses::<Personal>(body),
};

const REASONS: Table = Table {
    forward: "SELECT seq, seq, salt, body FROM reason ORDER BY seq",
    backward: "SELECT seq, seq, salt, body FROM reason ORDER BY seq DESC",
    one: "SELECT seq, seq, salt, body FROM reason WHERE seq = ?",
    insert: "INSERT OR IGNORE INTO reason (seq, salt, body)
             SELECT ?1, ?3, ?4 WHERE EXISTS (SELECT 1 FROM entry WHERE seq = ?2)",
    makes_sense: |[_, body]| parses::<Reason>(body),
};

/// What was heard and what came of it: the tables, their columns, the key first, and those that a
/// book of an older kiosk does not have. What stands on a page that is gone is lost: it would have
/// been deleted in some weeks.
const HEARD: [(&str, &str, &str); 5] = [
    ("hearing", "id, rows", ""),
    (
        "encounter",
        "id, slots, network, proximity_id, wall_trusted, sightings, strongest_dbm, median_dbm, \
         tx_power_dbm, near_seconds",
        ", metadata",
    ),
    ("processed_file", "sha256, wall, format, keys, matches", ""),
    (
        "exposure",
        "key_digest, begin, day, network, report, near_seconds, attenuation_db, learned",
        "",
    ),
    ("passed_on", "network, day, report, learned, wall", ""),
];

/// Reads a table from both ends up to the damage; answers whether it has these columns.
fn carry_heard(
    from: &Connection,
    to: &Connection,
    table: &str,
    columns: &str,
) -> Result<bool, StoreError> {
    let places = vec!["?"; columns.split(',').count()].join(", ");
    let insert = format!("INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})");
    let mut insert = to.prepare(&insert)?;
    for order in ["1", "1 DESC"] {
        let Ok(mut statement) =
            from.prepare(&format!("SELECT {columns} FROM {table} ORDER BY {order}"))
        else {
            return Ok(false);
        };
        let count = statement.column_count();
        let Ok(mut rows) = statement.query([]) else { return Ok(true) };
        loop {
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => return Ok(true),
                Err(_) => break,
            };
            let values: Result<Vec<_>, _> =
                (0..count).map(|at| row.get_ref(at).map(ToSqlOutput::Borrowed)).collect();
            let Ok(values) = values else { continue };
            match insert.execute(params_from_iter(values)) {
                // Of the wrong type.
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                }
                other => drop(other?),
            }
        }
    }
    Ok(true)
}

/// Before schema 5 what was heard in the quarter of an hour that had not ended had a row for each id:
/// they settle.
fn settle_rows_of_old(from: &Connection, to: &Connection) -> Result<(), StoreError> {
    let mut found = Hearing::new();
    for (metadata, order) in
        ["metadata", "NULL"].iter().flat_map(|metadata| [(metadata, "ASC"), (metadata, "DESC")])
    {
        let sql = format!(
            "SELECT (first / 900) << 20, (last - first) / 900, network, proximity_id,
                    wall_trusted, sightings, strongest_dbm, median_dbm, tx_power_dbm,
                    near_seconds, {metadata}
             FROM hearing ORDER BY network {order}, proximity_id {order}"
        );
        let Ok(mut statement) = from.prepare(&sql) else { continue };
        let Ok(mut rows) = statement.query([]) else { continue };
        while let Ok(Some(row)) = rows.next() {
            if let Ok(Some(row)) = encounters::remembered(row) {
                found.entry((row.network, row.id)).or_insert(row);
            }
        }
    }
    encounters::settle(to, &found)
}

/// Reads from both ends up to the damage, then every number between the two by itself.
fn carry(from: &Connection, to: &Connection, table: &Table, most: u64) -> Result<(), StoreError> {
    let (highest, whole) = carry_run(from, to, table.forward, table)?;
    if whole {
        return Ok(());
    }
    let (lowest, _) = carry_run(from, to, table.backward, table)?;
    let first = highest.map_or(1, |seq| seq.saturating_add(1));
    let last = lowest.map_or(first.saturating_add(most), |seq| seq.saturating_sub(1));
    let Ok(mut one) = from.prepare(table.one) else { return Ok(()) };
    for seq in first..=last {
        if let Ok(mut rows) = one.query([seq])
            && let Ok(Some(row)) = rows.next()
        {
            put(row, to, table)?;
        }
    }
    Ok(())
}

/// Carries rows until they end or cannot be read; answers the last number, and whether they
/// ended.
fn carry_run(
    from: &Connection,
    to: &Connection,
    sql: &str,
    table: &Table,
) -> Result<(Option<u64>, bool), StoreError> {
    let mut last = None;
    let Ok(mut statement) = from.prepare(sql) else { return Ok((last, false)) };
    let Ok(mut rows) = statement.query([]) else { return Ok((last, false)) };
    loop {
        match rows.next() {
            Ok(Some(row)) => {
                last = row.get(0).ok().or(last);
                put(row, to, table)?;
            }
            Ok(None) => return Ok((last, true)),
            Err(_) => return Ok((last, false)),
        }
    }
}

/// Writes a row as it stands. One that is no entry or personal part any more is left out.
fn put(row: &Row<'_>, to: &Connection, table: &Table) -> Result<(), StoreError> {
    let columns = [row.get_ref(0), row.get_ref(1), row.get_ref(2), row.get_ref(3)];
    let [Ok(seq), Ok(second), Ok(third), Ok(fourth)] = columns else { return Ok(()) };
    if !(table.makes_sense)([second, fourth]) {
        return Ok(());
    }
    let values = [seq, second, third, fourth].map(ToSqlOutput::Borrowed);
    match to.prepare_cached(table.insert)?.execute(params_from_iter(values)) {
        // Of the wrong type or length.
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => Ok(()),
        other => Ok(other.map(drop)?),
    }
}

fn carry_pins(from: &Connection, to: &Connection) -> Result<(), StoreError> {
    let Ok(mut statement) = from.prepare("SELECT role, phc FROM pin") else { return Ok(()) };
    let Ok(mut rows) = statement.query([]) else { return Ok(()) };
    while let Ok(Some(row)) = rows.next() {
        let (Ok(role), Ok(phc)) = (row.get::<_, String>(0), row.get::<_, String>(1)) else {
            continue;
        };
        to.execute("INSERT OR IGNORE INTO pin (role, phc) VALUES (?, ?)", [role, phc])?;
    }
    Ok(())
}

fn carry_levels(from: &Connection, to: &Connection) -> Result<(), StoreError> {
    let columns = "id, levels, role, wall, wall_trusted";
    let Ok(mut statement) = from.prepare(&format!("SELECT {columns} FROM calibration")) else {
        return Ok(());
    };
    let Ok(mut rows) = statement.query([]) else { return Ok(()) };
    while let Ok(Some(row)) = rows.next() {
        let columns =
            [row.get_ref(0), row.get_ref(1), row.get_ref(2), row.get_ref(3), row.get_ref(4)];
        let [Ok(id), Ok(levels), Ok(role), Ok(wall), Ok(trusted)] = columns else { continue };
        let values = [id, levels, role, wall, trusted].map(ToSqlOutput::Borrowed);
        let insert = "INSERT OR IGNORE INTO calibration VALUES (?, ?, ?, ?, ?)";
        match to.execute(insert, params_from_iter(values)) {
            // Of the wrong type.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {}
            other => drop(other?),
        }
    }
    Ok(())
}

fn parses<T: DeserializeOwned>(text: ValueRef<'_>) -> bool {
    text.as_bytes().is_ok_and(|bytes| serde_json::from_slice::<T>(bytes).is_ok())
}
