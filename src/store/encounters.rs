//! What was heard of phones: rows that settle, and their end.
//!
//! What is heard now stands in `hearing` and is written over; when a quarter of an hour has ended,
//! the rows of all ids that have gone settle into `encounter` in one go, by network and id. So
//! neither the order of the rows nor where they lie on a page tells in which order they came; the
//! write-ahead log is emptied soon after that, since it still could (`emptying`). Why: ADR 0017.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};

use super::error::StoreError;
use super::hearing::{self, Hearing, id_of};
use crate::domain::advert::Dbm;
use crate::domain::exposure::heard::{Heard, SLOT_SECONDS};
use crate::domain::moment::Wall;
use crate::domain::network::Network;
use crate::domain::remembering::{Batch, Remembered};
use crate::domain::sighting::SendingPower;

/// Bits of a row's number below the quarter of an hour: a million rows, a hundred times what the
/// core takes up in one.
const COUNT_BITS: u32 = 20;

/// What was heard of phones of one network in some time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Summary {
    /// The network.
    pub network: Network,
    /// Ids and visits to the door.
    pub encounters: u64,
    /// Sightings of all of them.
    pub sightings: u64,
    /// Those that were near for a minute or more.
    pub near: u64,
}

/// Writes a batch. What is `left_over` of an earlier kiosk settles first: what is heard now is another
/// visit to the door. The caller holds the transaction. Answers whether rows have settled.
pub(super) fn keep(
    connection: &Connection,
    batch: &Batch,
    left_over: bool,
) -> Result<bool, StoreError> {
    let mut rows = hearing::read(connection)?;
    if left_over {
        settle(connection, &std::mem::take(&mut rows))?;
    }
    for row in &batch.rows {
        hearing::take_in(&mut rows, row);
    }
    if let Some(still_open) = &batch.still_open {
        for row in still_open {
            rows.remove(&(row.network, row.id));
        }
        settle(connection, &rows)?;
        rows = still_open.iter().map(|row| ((row.network, row.id), *row)).collect();
    }
    hearing::write(connection, &rows)?;
    Ok(left_over || batch.still_open.is_some())
}

/// Settles these rows: by quarter of an hour, and in each by network and id.
pub(super) fn settle(connection: &Connection, rows: &Hearing) -> Result<(), StoreError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO encounter (id, slots, network, proximity_id, wall_trusted, sightings,
                                strongest_dbm, median_dbm, tx_power_dbm, near_seconds,
                                metadata)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    // The numbers given in each quarter of an hour so far.
    let mut next: BTreeMap<i64, i64> = BTreeMap::new();
    let mut rows: Vec<_> = rows.values().collect();
    // Does not change the order of those that are equal in this.
    rows.sort_by_key(|row| row.first);
    for row in rows {
        let slot = number(row.first.0.div_euclid(SLOT_SECONDS)) >> COUNT_BITS;
        let id = match next.get(&slot) {
            Some(id) => *id,
            None => next_id(connection, slot)?,
        };
        next.insert(slot, id + 1);
        let slots = row.last.0.div_euclid(SLOT_SECONDS).saturating_sub(slot).max(0);
        let metadata: Option<&[u8]> = match &row.tx_power {
            SendingPower::Unsaid | SendingPower::Stated(_) => None,
            SendingPower::Sealed(sealed) => Some(sealed),
            SendingPower::Contradicted => Some(&[]),
        };
        insert.execute(params![
            id,
            slots,
            row.network.name(),
            row.id.as_bytes(),
            row.wall_trusted,
            row.sightings,
            row.strongest.0,
            row.median.0,
            row.tx_power.stated().map(|power| power.0),
            row.near_seconds,
            metadata,
        ])?;
    }
    Ok(())
}

/// Deletes what was heard last before a moment, and what stands a day or more ahead of the clock,
/// as a clock that was set wrong would leave it; at most `limit` rows. The caller holds the
/// transaction, and makes sure that somebody vouches for the clock. Answers how many, and whether
/// there may be more.
pub(super) fn forget(
    connection: &Connection,
    before: Wall,
    limit: u32,
    wall: Wall,
) -> Result<(u32, bool), StoreError> {
    let slot_before = before.0.div_euclid(SLOT_SECONDS);
    let ahead = wall.0.saturating_add(24 * 60 * 60).div_euclid(SLOT_SECONDS) + 1;
    let mut gone = connection
        .prepare_cached(
            "DELETE FROM encounter WHERE id IN (
                 SELECT id FROM encounter WHERE id < ?1 AND (id >> 20) + slots < ?2 LIMIT ?3)",
        )?
        .execute(params![number(slot_before), slot_before, limit])?;
    if gone < usize::try_from(limit).unwrap_or(usize::MAX) {
        gone += connection
            .prepare_cached(
                "DELETE FROM encounter WHERE id IN (
                     SELECT id FROM encounter WHERE id >= ?1 LIMIT ?2)",
            )?
            .execute(params![number(ahead), limit])?;
    }
    let gone = u32::try_from(gone).unwrap_or(u32::MAX);
    Ok((gone, gone >= limit))
}

/// What was heard in `[from, to)`, network by network.
pub(super) fn summary(
    connection: &Connection,
    from: Wall,
    to: Wall,
) -> Result<Vec<Summary>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT network, count(*), sum(sightings), sum(near_seconds >= 60)
         FROM encounter WHERE id >= ?1 AND id < ?2 GROUP BY network",
    )?;
    let ids =
        params![number(from.0.div_euclid(SLOT_SECONDS)), number(to.0.div_euclid(SLOT_SECONDS))];
    let mut rows = statement.query(ids)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(network) = network_named(&row.get::<_, String>(0)?) else { continue };
        found.push(Summary {
            network,
            encounters: row.get(1)?,
            sightings: row.get(2)?,
            near: row.get(3)?,
        });
    }
    Ok(found)
}

/// Hands out the first `limit` settled rows behind the row of that number, as far as matching needs
/// them, by quarter of an hour. Answers the last row's number, where there may be more.
pub(super) fn heard_behind(
    connection: &Connection,
    behind: i64,
    limit: u32,
    mut show: impl FnMut(Heard),
) -> Result<Option<i64>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, slots, network, proximity_id FROM encounter WHERE id > ? ORDER BY id LIMIT ?",
    )?;
    let mut rows = statement.query(params![behind, limit])?;
    let (mut last, mut count) = (None, 0_u32);
    while let Some(row) = rows.next()? {
        let (id, slots): (i64, i64) = (row.get(0)?, row.get(1)?);
        (last, count) = (Some(id), count + 1);
        let network = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
        let bytes = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
        let Some(id_heard) = network_named(network).and_then(|network| id_of(network, bytes))
        else {
            continue;
        };
        let first = Wall((id >> COUNT_BITS) * SLOT_SECONDS);
        let last = Wall(((id >> COUNT_BITS) + slots) * SLOT_SECONDS);
        show(Heard { row: id, id: id_heard, first, last });
    }
    Ok(last.filter(|_| count == limit))
}

const COLUMNS: &str = "id, slots, network, proximity_id, wall_trusted, sightings, strongest_dbm,
                       median_dbm, tx_power_dbm, near_seconds, metadata";

/// One settled row; `None` where there is none of that number, or it is of no network known here.
pub(super) fn row(connection: &Connection, id: i64) -> Result<Option<Remembered>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM encounter WHERE id = ?");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([id])?;
    match rows.next()? {
        Some(row) => remembered(row),
        None => Ok(None),
    }
}

/// Shows every settled row of one network that was first heard in `[from, to)`, one by one.
pub(super) fn each(
    connection: &Connection,
    network: Network,
    from: Wall,
    to: Wall,
    mut show: impl FnMut(Remembered) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM encounter WHERE id >= ? AND id < ? AND network = ? ORDER BY id"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let ids = params![
        number(from.0.div_euclid(SLOT_SECONDS)),
        number(to.0.div_euclid(SLOT_SECONDS)),
        network.name()
    ];
    let mut rows = statement.query(ids)?;
    while let Some(row) = rows.next()? {
        if let Some(row) = remembered(row)? {
            show(row)?;
        }
    }
    Ok(())
}

/// A row of [`COLUMNS`].
pub(super) fn remembered(row: &Row<'_>) -> Result<Option<Remembered>, StoreError> {
    let (id, slots): (i64, i64) = (row.get(0)?, row.get(1)?);
    let network = network_named(&row.get::<_, String>(2)?);
    let bytes = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
    let Some((network, id_heard)) =
        network.and_then(|network| Some((network, id_of(network, bytes)?)))
    else {
        return Ok(None);
    };
    Ok(Some(Remembered {
        network,
        id: id_heard,
        first: Wall((id >> COUNT_BITS) * SLOT_SECONDS),
        last: Wall(((id >> COUNT_BITS) + slots) * SLOT_SECONDS),
        wall_trusted: row.get(4)?,
        sightings: row.get(5)?,
        strongest: Dbm(row.get(6)?),
        median: Dbm(row.get(7)?),
        tx_power: sending_power(row)?,
        near_seconds: row.get(9)?,
    }))
}

/// What a row says of the power. Metadata of a length that it cannot have says nothing.
fn sending_power(row: &Row<'_>) -> Result<SendingPower, StoreError> {
    let metadata = row.get_ref(10)?.as_blob_or_null().map_err(rusqlite::Error::from)?;
    Ok(match metadata {
        None => row.get::<_, Option<i8>>(8)?.map(Dbm).into(),
        Some([]) => SendingPower::Contradicted,
        Some(sealed) => sealed.try_into().map_or(SendingPower::Unsaid, SendingPower::Sealed),
    })
}

/// The first number of a quarter of an hour. One before 1970 or beyond what a number can hold, as a
/// clock that was set wildly wrong gives, is taken for the nearest that is neither.
fn number(slot: i64) -> i64 {
    slot.clamp(0, i64::MAX >> (COUNT_BITS + 1)) << COUNT_BITS
}

fn next_id(connection: &Connection, slot: i64) -> Result<i64, StoreError> {
    let last: Option<i64> = connection
        .prepare_cached("SELECT max(id) FROM encounter WHERE id >= ? AND id < ?")?
        .query_row([number(slot), number(slot + 1)], |row| row.get(0))?;
    Ok(last.map_or(number(slot), |last| last + 1))
}

pub(super) fn network_named(name: &str) -> Option<Network> {
    Network::ALL.into_iter().find(|network| network.name() == name)
}
