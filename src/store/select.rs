//! Reading entries and visits back out of the book.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::error::StoreError;
use super::projection::{self, FaceText, HowText};
use crate::domain::logbook::{Entry, Event};
use crate::domain::moment::Wall;
use crate::domain::request::FoundVisit;
use crate::domain::visit::{Personal, VisitId};

/// Index and order of the join are said, because the planner would walk every entry of the book.
const ROSTER: &str = "SELECT e.seq, e.public, p.body FROM entry e LEFT JOIN personal p USING (seq)
     WHERE e.seq IN (SELECT seq FROM entry INDEXED BY entry_by_wall WHERE wall >= ?1
                     UNION SELECT o.seq FROM visit v CROSS JOIN entry o ON o.visit = v.visit
                           WHERE v.left_at IS NULL)
     ORDER BY e.seq";

/// Every entry the roster is folded from, in the order of the book: all of visits still open,
/// and all written since `today_from`.
pub(super) fn roster_entries(
    connection: &Connection,
    today_from: Wall,
) -> Result<Vec<Entry>, StoreError> {
    entries(connection, ROSTER, &[today_from.0])
}

/// Every entry of the book, in its order.
pub(super) fn all_entries(connection: &Connection) -> Result<Vec<Entry>, StoreError> {
    let sql = "SELECT e.seq, e.public, p.body FROM entry e LEFT JOIN personal p USING (seq)
               ORDER BY e.seq";
    entries(connection, sql, &[])
}

/// The visits begun in `[from, to)`, the earliest first.
pub(super) fn visits_between(
    connection: &Connection,
    from: Wall,
    to: Wall,
) -> Result<Vec<FoundVisit>, StoreError> {
    let snapshot = connection.unchecked_transaction()?;
    let mut statement = snapshot.prepare(
        "SELECT DISTINCT v.visit FROM entry e JOIN visit v ON v.visit = e.visit
         WHERE e.wall >= ?1 AND e.wall < ?2 AND v.entered >= ?1 AND v.entered < ?2
         ORDER BY v.entered, v.visit",
    )?;
    let visits = statement.query_map(params![from.0, to.0], |row| row.get(0).map(VisitId))?;
    let mut found = Vec::new();
    for visit in visits {
        found.extend(visit_now(&snapshot, visit?)?);
    }
    Ok(found)
}

/// How a visit stands now; `None` when there is none of that number.
pub(super) fn visit_now(
    connection: &Connection,
    visit: VisitId,
) -> Result<Option<FoundVisit>, StoreError> {
    let read = |row: &Row<'_>| -> Result<FoundVisit, StoreError> {
        let seq = row.get(0)?;
        let public = projection::parse(seq, row.get_ref(1)?)?;
        let (Event::CheckIn { mut facts }
        | Event::Update { mut facts, .. }
        | Event::Correction { mut facts, .. }) = public.event
        else {
            return Err(StoreError::unreadable(seq));
        };
        facts.face = row.get::<_, FaceText>(3)?.0;
        let left: Option<i64> = row.get(5)?;
        let how: Option<HowText> = row.get(6)?;
        Ok(FoundVisit {
            facts,
            personal: personal(seq, row, 2)?,
            entered: Wall(row.get(4)?),
            left: left.zip(how).map(|(left, how)| (Wall(left), how.0)),
            seq,
        })
    };
    connection
        .prepare_cached(
            "SELECT v.seq, e.public, p.body, v.face, v.entered, v.left_at, v.how
             FROM visit v JOIN entry e USING (seq) LEFT JOIN personal p USING (seq)
             WHERE v.visit = ?",
        )?
        .query_row([visit.0], |row| Ok(read(row)))
        .optional()?
        .transpose()
}

fn entries(connection: &Connection, sql: &str, with: &[i64]) -> Result<Vec<Entry>, StoreError> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(with))?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let seq = row.get(0)?;
        let public = projection::parse(seq, row.get_ref(1)?)?;
        entries.push(Entry { seq, public, personal: personal(seq, row, 2)? });
    }
    Ok(entries)
}

/// The personal part in a column that is NULL once it is erased.
pub(super) fn personal(
    seq: u64,
    row: &Row<'_>,
    column: usize,
) -> Result<Option<Personal>, StoreError> {
    let Some(body) = row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from)? else {
        return Ok(None);
    };
    serde_json::from_str(body).map(Some).map_err(|_| StoreError::unreadable(seq))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opening_walks_open_visits_and_nothing_else() {
        let book = Connection::open_in_memory().unwrap();
        book.execute_batch(include_str!("migrations/0001_book.sql")).unwrap();
        let mut plan = book.prepare(&format!("EXPLAIN QUERY PLAN {ROSTER}")).unwrap();
        let steps = plan.query_map([0], |row| row.get::<_, String>(3)).unwrap();
        let walks: Vec<_> = steps.map(Result::unwrap).filter(|s| s.starts_with("SCAN")).collect();
        assert_eq!(walks, ["SCAN v USING INDEX visit_open"]);
    }
}
