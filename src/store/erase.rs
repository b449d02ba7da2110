//! Forgetting people: their personal parts, the salts that would let somebody guess them, and
//! the bytes of both on disk. The chain stays as it is and still verifies.

use std::time::Duration;

use rusqlite::{Connection, params};

use super::append::append;
use super::error::StoreError;
use super::schema;
use crate::domain::logbook::{Draft, ENTRY_VERSION, Entry, Event, Public};
use crate::domain::moment::Wall;
use crate::domain::visit::VisitId;

/// What was erased.
#[derive(Debug)]
pub(super) struct Erasure {
    /// The entry that says so.
    pub(super) entry: Entry,
    /// Whose visits.
    pub(super) visits: Vec<VisitId>,
}

/// Erases every personal part of one visit; `None` when there was none left. The caller holds
/// the transaction.
pub(super) fn erase(
    connection: &Connection,
    visit: VisitId,
    wall: Wall,
    wall_trusted: bool,
) -> Result<Option<Erasure>, StoreError> {
    if forget(connection, visit)? == 0 {
        return Ok(None);
    }
    let event = Event::Erased { visit };
    let entry = write_down(connection, event, wall, wall_trusted)?;
    Ok(Some(Erasure { entry, visits: vec![visit] }))
}

/// Erases the personal parts of every visit that began before a moment and has ended, and the
/// reasons that were given before it; `None` when there was none. The caller holds the transaction.
pub(super) fn expire(
    connection: &Connection,
    before: Wall,
    wall: Wall,
    wall_trusted: bool,
) -> Result<Option<Erasure>, StoreError> {
    // Only what is still kept is looked at, so an old book costs no more than a young one. A
    // personal part whose visit was lost with a damaged page is judged by its own entry.
    let visits = connection
        .prepare(
            "SELECT DISTINCT p.visit FROM personal p JOIN entry e USING (seq)
             LEFT JOIN visit v ON v.visit = p.visit
             WHERE coalesce(v.entered, e.wall) < ?1 AND (v.visit IS NULL OR v.left_at IS NOT NULL)",
        )?
        .query_map([before.0], |row| row.get(0).map(VisitId))?
        .collect::<Result<Vec<_>, _>>()?;
    let mut parts = 0;
    for visit in &visits {
        parts += forget(connection, *visit)?;
    }
    parts += connection
        .prepare_cached(
            "DELETE FROM reason WHERE seq IN
                 (SELECT seq FROM reason JOIN entry e USING (seq) WHERE e.wall < ?)",
        )?
        .execute([before.0])?;
    if parts == 0 {
        return Ok(None);
    }
    let event = Event::Expired { personal_parts: u32::try_from(parts).unwrap_or(u32::MAX) };
    let entry = write_down(connection, event, wall, wall_trusted)?;
    Ok(Some(Erasure { entry, visits }))
}

/// Empties the write-ahead log into the book, so that it keeps no copy of what was erased from
/// there. Answers whether it could: a reader may hold it for a moment.
///
/// The bytes are then gone from the file system. What a memory card keeps in its spare blocks is
/// beyond the reach of any program.
pub(super) fn scrub(connection: &Connection) -> Result<bool, StoreError> {
    let busy: bool =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(!busy)
}

/// The same where it can be done at once: for traces that say little, which nobody is to wait for.
pub(super) fn scrub_at_once(connection: &Connection) -> Result<bool, StoreError> {
    connection.busy_timeout(Duration::ZERO)?;
    let scrubbed = scrub(connection);
    connection.busy_timeout(schema::BUSY)?;
    scrubbed
}

fn forget(connection: &Connection, visit: VisitId) -> Result<usize, StoreError> {
    let mut statement = connection.prepare_cached("DELETE FROM personal WHERE visit = ?")?;
    Ok(statement.execute(params![visit.0])?)
}

pub(super) fn write_down(
    connection: &Connection,
    event: Event,
    wall: Wall,
    wall_trusted: bool,
) -> Result<Entry, StoreError> {
    let public = Public { v: ENTRY_VERSION, wall, wall_trusted, event };
    append(connection, Draft { public, personal: None })
}
