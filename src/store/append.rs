//! Writing an entry: its number, its salt, its place in the chain, and what it changes in the
//! projection, all inside the transaction of the caller.

use rusqlite::{Connection, OptionalExtension, params};

use super::error::StoreError;
use super::projection;
use crate::domain::exposure::reason::Reason;
use crate::domain::logbook::{self, Draft, Entry, GENESIS, Hash, Public, canonical};
use crate::domain::visit::VisitId;

/// The commitment of an entry that never had a personal part.
pub(super) const NO_COMMITMENT: Hash = [0; 32];

/// Writes one entry at the end of the book. A personal part of an event that belongs to no visit
/// could never be found to be erased, so it is left out.
pub(super) fn append(connection: &Connection, draft: Draft) -> Result<Entry, StoreError> {
    let public = draft.public;
    let visit = projection::visit_of(&public.event);
    let personal = draft.personal.filter(|_| visit.is_some());
    let body = personal.as_ref().map(canonical).transpose()?;
    let (seq, salt) = write(connection, &public, body.as_deref())?;
    if let (Some(body), Some(visit)) = (body, visit) {
        connection
            .prepare_cached(
                "INSERT INTO personal (seq, visit, salt, body) VALUES (?, ?, ?, CAST(? AS TEXT))",
            )?
            .execute(params![seq, visit.0, salt, body])?;
    }
    projection::apply(connection, seq, &public)?;
    Ok(Entry { seq, public, personal })
}

/// Writes an entry with the reason for what it says. The reason is committed to as a personal part
/// is, and erased when the persons of its time are.
pub(super) fn append_with_reason(
    connection: &Connection,
    public: Public,
    reason: &Reason,
) -> Result<Entry, StoreError> {
    let body = canonical(reason)?;
    let (seq, salt) = write(connection, &public, Some(&body))?;
    connection.execute(
        "INSERT INTO reason (seq, salt, body) VALUES (?, ?, CAST(? AS TEXT))",
        params![seq, salt, body],
    )?;
    projection::apply(connection, seq, &public)?;
    Ok(Entry { seq, public, personal: None })
}

/// Writes the line of the chain; answers its number and the salt of what it commits to.
fn write(
    connection: &Connection,
    public: &Public,
    body: Option<&[u8]>,
) -> Result<(u64, [u8; 32]), StoreError> {
    let (last, previous) = head(connection)?;
    let seq = last + 1;
    let mut salt = [0; 32];
    let commitment = match body {
        Some(body) => {
            getrandom::fill(&mut salt)?;
            logbook::commitment(&salt, body)
        }
        None => NO_COMMITMENT,
    };
    let text = canonical(public)?;
    let hash = logbook::chain(&previous, &commitment, &text);
    connection
        .prepare_cached(
            "INSERT INTO entry (seq, public, commitment, hash) VALUES (?, CAST(? AS TEXT), ?, ?)",
        )?
        .execute(params![seq, text, commitment, hash])?;
    Ok((seq, salt))
}

/// The number and hash of the last entry; 0 and [`GENESIS`] in an empty book.
pub(super) fn head(connection: &Connection) -> Result<(u64, Hash), StoreError> {
    let last = connection
        .prepare_cached("SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(last.unwrap_or((0, GENESIS)))
}

/// The number the next visit gets.
pub(super) fn next_visit(connection: &Connection) -> Result<VisitId, StoreError> {
    let last: Option<u32> =
        connection.query_row("SELECT max(visit) FROM visit", [], |row| row.get(0))?;
    Ok(VisitId(last.unwrap_or(0).saturating_add(1)))
}
