//! Where each visit stands now, kept beside the entries in the same transaction.
//!
//! It only selects: which visits are open, which entry is in force. It holds nothing that is not
//! in the entries and can be thrown away and rebuilt from them.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, params};

use super::error::StoreError;
use crate::domain::logbook::{ENTRY_VERSION, Event, Public, is_newer};
use crate::domain::presence::Face;
use crate::domain::visit::{Leaving, VisitId};

/// The visit an event belongs to, if to any.
pub(super) const fn visit_of(event: &Event) -> Option<VisitId> {
    match event {
        Event::CheckIn { facts }
        | Event::Update { facts, .. }
        | Event::Correction { facts, .. } => Some(facts.visit),
        Event::Verdict { visit, .. } | Event::CheckOut { visit, .. } | Event::Erased { visit } => {
            Some(*visit)
        }
        Event::GateOpened { .. }
        | Event::Expired { .. }
        | Event::Forgotten { .. }
        | Event::OverlapOpened { .. }
        | Event::ExposuresExported { .. }
        | Event::HistoryPublished { .. }
        | Event::PinsChosen { .. } => None,
    }
}

/// Brings the projection up to date with one more entry.
pub(super) fn apply(connection: &Connection, seq: u64, public: &Public) -> Result<(), StoreError> {
    match public.event {
        Event::CheckIn { facts } => connection
            .prepare_cached("INSERT INTO visit (visit, seq, face, entered) VALUES (?, ?, ?, ?)")?
            .execute(params![facts.visit.0, seq, FaceText(facts.face), public.wall.0])?,
        Event::Update { facts, .. } | Event::Correction { facts, .. } => connection
            // In a book that lost pages the check-in may be missing; then the visit begins here.
            .prepare_cached(
                "INSERT INTO visit (visit, seq, face, entered) VALUES (?, ?, ?, ?)
                 ON CONFLICT (visit) DO UPDATE SET seq = excluded.seq, face = excluded.face",
            )?
            .execute(params![facts.visit.0, seq, FaceText(facts.face), public.wall.0])?,
        Event::Verdict { visit, face } => connection
            .prepare_cached("UPDATE visit SET face = ?2 WHERE visit = ?1")?
            .execute(params![visit.0, FaceText(face)])?,
        // Who has left has left: a second check-out changes nothing.
        Event::CheckOut { visit, how } => connection
            .prepare_cached(
                "UPDATE visit SET left_at = ?2, how = ?3 WHERE visit = ?1 AND left_at IS NULL",
            )?
            .execute(params![visit.0, public.wall.0, HowText(how)])?,
        Event::GateOpened { .. }
        | Event::Expired { .. }
        | Event::Erased { .. }
        | Event::Forgotten { .. }
        | Event::OverlapOpened { .. }
        | Event::ExposuresExported { .. }
        | Event::HistoryPublished { .. }
        | Event::PinsChosen { .. } => 0,
    };
    Ok(())
}

/// Throws the projection away and folds it from the entries again. The caller holds the
/// transaction.
pub(super) fn rebuild(connection: &Connection) -> Result<(), StoreError> {
    connection.execute("DELETE FROM visit", [])?;
    let mut entries = connection.prepare("SELECT seq, public FROM entry ORDER BY seq")?;
    let mut rows = entries.query([])?;
    while let Some(row) = rows.next()? {
        let seq = row.get(0)?;
        let public = parse(seq, row.get_ref(1)?)?;
        apply(connection, seq, &public)?;
    }
    Ok(())
}

/// The public part in a row. One that a newer kiosk wrote is not taken for a damaged one.
pub(super) fn parse(seq: u64, text: ValueRef<'_>) -> Result<Public, StoreError> {
    let bytes = text.as_bytes().map_err(|_| StoreError::unreadable(seq))?;
    match serde_json::from_slice::<Public>(bytes) {
        Ok(public) if public.v <= ENTRY_VERSION => Ok(public),
        Err(_) if !is_newer(bytes) => Err(StoreError::unreadable(seq)),
        Ok(_) | Err(_) => Err(StoreError::NewerEntry { seq }),
    }
}

/// A face as the JSON it has in an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FaceText(pub(super) Face);

impl ToSql for FaceText {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text = serde_json::to_string(&self.0);
        text.map(ToSqlOutput::from)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
    }
}

impl FromSql for FaceText {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}

/// How a visit ended, in the word it has in an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct HowText(pub(super) Leaving);

impl ToSql for HowText {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(match self.0 {
            Leaving::Visitor => "visitor",
            Leaving::Guard => "guard",
            Leaving::ClosingSweep => "closing_sweep",
        }))
    }
}

impl FromSql for HowText {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "visitor" => Ok(Self(Leaving::Visitor)),
            "guard" => Ok(Self(Leaving::Guard)),
            "closing_sweep" => Ok(Self(Leaving::ClosingSweep)),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}
