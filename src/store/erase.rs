//! Forgetting people: their personal parts, the salts that would let somebody guess them, and
//! the bytes of both on disk. The chain stays as it is and still verifies.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use super::append::append;
use super::error::StoreError;
use super::schema;
use crate::domain::logbook::{Draft, ENTRY_VERSION, Entry, Event, Public};
use crate::domain::moment::Wall;
use crate::domain::policy;
use crate::domain::visit::{Leaving, VisitId};

/// What was written before an entry that is past its keeping is past it too, whatever its own date.
/// Such an entry is looked for so far back, so that an old book costs no more than a young one; a
/// kiosk that was off for longer is caught up with by the entries it writes afterwards.
const OLDER_ENTRY_WITHIN_SECONDS: i64 = 30 * 24 * 60 * 60;

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

/// What has reached the end of its keeping.
#[derive(Debug)]
pub(super) struct Expiry {
    /// The entries of those who were still inside.
    pub(super) left: Vec<Entry>,
    /// What was erased; `None` when there was nothing.
    pub(super) erasure: Option<Erasure>,
    /// Whether as many were signed out as may be at once.
    pub(super) more: bool,
}

/// Ends what began before a moment: signs out who is still inside, at most `limit` of them, and
/// erases the personal parts of visits that have ended and the reasons that were given before it.
/// The caller holds the transaction.
pub(super) fn expire(
    connection: &Connection,
    before: Wall,
    limit: u16,
    wall: Wall,
    wall_trusted: bool,
) -> Result<Expiry, StoreError> {
    let until = last_of_before(connection, before)?;
    let overstayed = overstayed(connection, before, until, limit)?;
    let more = overstayed.len() >= usize::from(limit);
    let mut left = Vec::with_capacity(overstayed.len());
    for visit in overstayed {
        let event = Event::CheckOut { visit, how: Leaving::ClosingSweep };
        left.push(write_down(connection, event, wall, wall_trusted)?);
    }
    let (visits, parts) = erase_before(connection, before, until)?;
    let noticed = wall_trusted && is_ahead(connection, wall)?;
    let erasure = if parts > 0 || noticed {
        let event = Event::Expired { personal_parts: u32::try_from(parts).unwrap_or(u32::MAX) };
        let entry = write_down(connection, event, wall, wall_trusted)?;
        Some(Erasure { entry, visits })
    } else {
        None
    };
    Ok(Expiry { left, erasure, more })
}

/// The last entry that a clock somebody vouched for dated before a moment: whatever stands before
/// it in the book was written before that moment, also what a clock set wrong dated later. Only
/// looked for behind the first entry of which anything is kept; 0 where there is none.
fn last_of_before(connection: &Connection, before: Wall) -> Result<u64, StoreError> {
    let kept: Option<u64> = connection.query_row(
        "SELECT min(seq) FROM (SELECT min(seq) AS seq FROM personal
             UNION ALL SELECT min(seq) FROM reason
             UNION ALL SELECT min(e.seq) FROM visit v CROSS JOIN entry e ON e.visit = v.visit
                       WHERE v.left_at IS NULL)",
        [],
        |row| row.get(0),
    )?;
    let Some(kept) = kept else { return Ok(0) };
    let from = before.0.saturating_sub(OLDER_ENTRY_WITHIN_SECONDS);
    Ok(connection.query_row(
        "SELECT coalesce(max(seq), 0) FROM entry INDEXED BY entry_by_wall
         WHERE wall >= ?1 AND wall < ?2 AND seq > ?3 AND public ->> '$.wall_trusted'",
        params![from, before.0, kept],
        |row| row.get(0),
    )?)
}

/// Who is inside since before a moment, the first first.
fn overstayed(
    connection: &Connection,
    before: Wall,
    until: u64,
    limit: u16,
) -> Result<Vec<VisitId>, StoreError> {
    let visits = connection
        .prepare(
            "SELECT v.visit FROM visit v WHERE v.left_at IS NULL AND
                 (SELECT e.seq <= ?2 OR (e.wall < ?1 AND e.public ->> '$.wall_trusted')
                  FROM entry e WHERE e.visit = v.visit ORDER BY e.seq LIMIT 1)
             ORDER BY v.visit LIMIT ?3",
        )?
        .query_map(params![before.0, until, limit], |row| row.get(0).map(VisitId))?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(visits)
}

/// Erases what was written before a moment, or up to an entry; answers of which visits, and how
/// many parts.
fn erase_before(
    connection: &Connection,
    before: Wall,
    until: u64,
) -> Result<(Vec<VisitId>, usize), StoreError> {
    // Only what is still kept is looked at, so an old book costs no more than a young one. A
    // personal part whose visit was lost with a damaged page is judged by its own entry.
    let visits = connection
        .prepare(
            "SELECT DISTINCT p.visit FROM personal p JOIN entry e USING (seq)
             LEFT JOIN visit v ON v.visit = p.visit
             WHERE (coalesce(v.entered, e.wall) < ?1 OR p.seq <= ?2)
                 AND (v.visit IS NULL OR v.left_at IS NOT NULL)",
        )?
        .query_map(params![before.0, until], |row| row.get(0).map(VisitId))?
        .collect::<Result<Vec<_>, _>>()?;
    let mut parts = 0;
    for visit in &visits {
        parts += forget(connection, *visit)?;
    }
    parts += connection
        .prepare_cached(
            "DELETE FROM reason WHERE seq IN
                 (SELECT seq FROM reason JOIN entry e USING (seq) WHERE e.wall < ? OR e.seq <= ?)",
        )?
        .execute(params![before.0, until])?;
    Ok((visits, parts))
}

/// Whether the last entry of the book is dated ahead of the clock by more than may be: then there
/// is none yet by which those before it could be dated.
fn is_ahead(connection: &Connection, wall: Wall) -> Result<bool, StoreError> {
    let last: Option<i64> = connection
        .query_row("SELECT wall FROM entry ORDER BY seq DESC LIMIT 1", [], |row| row.get(0))
        .optional()?;
    Ok(last.is_some_and(|last| Wall(last).seconds_since(wall) > policy::CLOCK_AHEAD_SECONDS))
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
