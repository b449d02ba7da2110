//! Exposures: what files of published keys have brought, the files themselves by their hash, and
//! the visits around an exposure for whoever has said why.
//!
//! What is kept stands apart for each key, under a digest of it, so that a key that is taken back
//! takes its exposure with it; what is told is laid together by the core.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::append::append_with_reason;
use super::error::StoreError;
use super::{passed_on, projection, select};
use crate::domain::exposure::key::KeyDigest;
use crate::domain::exposure::matched::{FileHash, Matched};
use crate::domain::exposure::published::ReportKind;
use crate::domain::exposure::reason::Reason;
use crate::domain::exposure::trace::Trace;
use crate::domain::exposure::windows::{
    Exposure, ExposureId, ExposureNotice, KeyExposure, Window, merged,
};
use crate::domain::logbook::{By, ENTRY_VERSION, Entry, Event, Public};
use crate::domain::moment::Wall;
use crate::domain::policy;
use crate::domain::request::{FoundVisit, Overlap};
use crate::domain::visit::VisitId;

/// A file that was matched is remembered for so long: six times as long as health authorities
/// publish a key.
const FILES_KEPT_SECONDS: i64 = 90 * 24 * 60 * 60;

/// Every kind of report, with the word in which it is kept.
const REPORTS: [(ReportKind, &str); 6] = [
    (ReportKind::Unknown, "unknown"),
    (ReportKind::ConfirmedTest, "confirmed_test"),
    (ReportKind::ClinicalDiagnosis, "clinical_diagnosis"),
    (ReportKind::SelfReport, "self_report"),
    (ReportKind::Recursive, "recursive"),
    (ReportKind::Revoked, "revoked"),
];

/// Keeps what files have brought, and that they were processed. Files that all were processed
/// before change nothing. The caller holds the transaction.
pub(super) fn keep(
    connection: &Connection,
    matched: &Matched,
    wall: Wall,
) -> Result<(), StoreError> {
    let mut insert = connection.prepare_cached(
        "INSERT OR IGNORE INTO processed_file (sha256, wall, format, keys, matches)
         VALUES (?, ?, ?, ?, ?)",
    )?;
    let mut new = 0;
    for file in &matched.files {
        let count = |number| i64::try_from(number).unwrap_or(i64::MAX);
        new += insert.execute(params![
            file.hash.0,
            wall.0,
            file.format,
            count(file.keys),
            count(file.matches),
        ])?;
    }
    if new == 0 {
        return Ok(());
    }
    for KeyExposure { key, exposure } in &matched.exposures {
        if exposure.id.report == ReportKind::Revoked {
            take_back(connection, *key)?;
        }
        keep_one(connection, *key, exposure, wall)?;
    }
    Ok(())
}

/// Whatever the key has brought about no longer counts, now and later.
fn take_back(connection: &Connection, key: KeyDigest) -> Result<(), StoreError> {
    let report = word(ReportKind::Revoked);
    connection
        .execute("UPDATE exposure SET report = ? WHERE key_digest = ?", params![report, key.0])?;
    Ok(())
}

fn keep_one(
    connection: &Connection,
    key: KeyDigest,
    exposure: &Exposure,
    wall: Wall,
) -> Result<(), StoreError> {
    let (report, revoked) = (word(exposure.id.report), word(ReportKind::Revoked));
    let was_taken_back = connection
        .prepare_cached("SELECT 1 FROM exposure WHERE key_digest = ? AND report = ?")?
        .exists(params![key.0, revoked])?;
    if was_taken_back && report != revoked {
        return Ok(());
    }
    let mut insert = connection.prepare_cached(
        "INSERT INTO exposure (key_digest, begin, day, network, report, near_seconds,
                               attenuation_db, learned)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (key_digest, begin) DO UPDATE SET
             report = excluded.report, learned = excluded.learned,
             near_seconds = max(near_seconds, excluded.near_seconds),
             attenuation_db = coalesce(min(attenuation_db, excluded.attenuation_db),
                                       attenuation_db, excluded.attenuation_db)",
    )?;
    let ExposureId { trace, day, .. } = exposure.id;
    for Window { begin, near_seconds, attenuation_db } in &exposure.windows {
        insert.execute(params![
            key.0,
            begin.0,
            day.0,
            trace.name(),
            report,
            near_seconds,
            attenuation_db,
            wall.0
        ])?;
    }
    Ok(())
}

/// The exposures there are, laid together, the latest day first.
pub(super) fn notices(connection: &Connection) -> Result<Vec<ExposureNotice>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT network, day, report, learned, begin, near_seconds, attenuation_db FROM exposure",
    )?;
    let mut rows = statement.query([])?;
    let mut notices = Vec::new();
    while let Some(row) = rows.next()? {
        let window = Window {
            begin: Wall(row.get(4)?),
            near_seconds: row.get(5)?,
            attenuation_db: row.get(6)?,
        };
        notices.extend(notice(row, window)?);
    }
    Ok(merged(notices))
}

/// `None` for a trace or report that a newer kiosk wrote.
fn notice(row: &Row<'_>, window: Window) -> Result<Option<ExposureNotice>, StoreError> {
    let (trace, report): (String, String) = (row.get(0)?, row.get(2)?);
    let (Ok(trace), Some(report)) = (trace.parse::<Trace>(), report_named(&report)) else {
        return Ok(None);
    };
    let id = ExposureId { trace, day: Wall(row.get(1)?), report };
    let exposure = Exposure { id, windows: vec![window] };
    Ok(Some(ExposureNotice { exposure, learned: Wall(row.get(3)?) }))
}

/// Deletes exposures of days before a moment, and forgets files that were processed long ago. The
/// caller holds the transaction. Answers how many exposures.
pub(super) fn forget(connection: &Connection, before: Wall, wall: Wall) -> Result<u32, StoreError> {
    let gone: u32 = connection.query_row(
        "SELECT count(*) FROM (SELECT DISTINCT key_digest, day FROM exposure WHERE day < ?)",
        [before.0],
        |row| row.get(0),
    )?;
    connection.execute("DELETE FROM exposure WHERE day < ?", [before.0])?;
    let long_ago = wall.0.saturating_sub(FILES_KEPT_SECONDS);
    passed_on::forget(connection, before)?;
    connection.execute("DELETE FROM processed_file WHERE wall < ?", [long_ago])?;
    Ok(gone)
}

/// The visits around an exposure, and the entry that says that somebody looked; `None` where there
/// is no such exposure any more. The caller holds the transaction.
pub(super) fn open_overlap(
    connection: &Connection,
    id: ExposureId,
    reason: &Reason,
    wall: Wall,
    wall_trusted: bool,
) -> Result<Option<Overlap>, StoreError> {
    let Some(notice) = notices(connection)?.into_iter().find(|notice| notice.exposure.id == id)
    else {
        return Ok(None);
    };
    let (visits, more) = visits_around(connection, &notice.exposure.windows)?;
    let event = Event::OverlapOpened {
        trace: id.trace,
        day: id.day,
        report: id.report,
        visits: u32::try_from(visits.len()).unwrap_or(u32::MAX),
        by: By::Administrator,
    };
    let public = Public { v: ENTRY_VERSION, wall, wall_trusted, event };
    let entry = append_with_reason(connection, public, reason)?;
    Ok(Some(Overlap { notice, visits, more, entry }))
}

/// Who was inside in one of the windows or little before or after it, the earliest first; and
/// whether there were more than are given.
fn visits_around(
    connection: &Connection,
    windows: &[Window],
) -> Result<(Vec<FoundVisit>, bool), StoreError> {
    const SLACK: i64 = policy::OVERLAP_TOLERANCE_SECONDS;
    let spans: Vec<_> = windows.iter().map(|w| (w.begin.0 - SLACK, w.end().0 + SLACK)).collect();
    let Some(from) = spans.iter().map(|(from, _)| *from).min() else { return Ok((vec![], false)) };
    let to = spans.iter().map(|(_, to)| *to).max().unwrap_or(from);
    // Whoever left after it began has an entry since; the others are still inside.
    let mut statement = connection.prepare_cached(
        "SELECT visit, entered, left_at FROM visit
         WHERE visit IN (SELECT visit FROM visit WHERE left_at IS NULL
                         UNION SELECT visit FROM entry INDEXED BY entry_by_wall
                               WHERE wall > ?1 AND visit IS NOT NULL)
           AND entered < ?2 AND (left_at IS NULL OR left_at > ?1)
         ORDER BY entered, visit",
    )?;
    let mut rows = statement.query([from, to])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (entered, left): (i64, Option<i64>) = (row.get(1)?, row.get(2)?);
        let inside = |&(from, to): &(i64, i64)| entered < to && left.is_none_or(|left| left > from);
        if !spans.iter().any(inside) {
            continue;
        }
        if found.len() >= usize::from(policy::OVERLAP_LIMIT) {
            return Ok((found, true));
        }
        found.extend(select::visit_now(connection, VisitId(row.get(0)?))?);
    }
    Ok((found, false))
}

/// The entries that say that somebody looked further or handed something out, in their order, each
/// with the reason unless it was erased.
pub(super) fn disclosures(
    connection: &Connection,
) -> Result<Vec<(Entry, Option<Reason>)>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT e.seq, e.public, r.body FROM entry e LEFT JOIN reason r USING (seq)
         WHERE e.visit IS NULL AND e.public ->> '$.event.kind' IN
             ('overlap_opened', 'exposures_exported', 'history_published')
         ORDER BY e.seq",
    )?;
    let mut rows = statement.query([])?;
    let mut disclosures = Vec::new();
    while let Some(row) = rows.next()? {
        let seq: u64 = row.get(0)?;
        let public = projection::parse(seq, row.get_ref(1)?)?;
        let body: Option<String> = row.get(2)?;
        let reason = body.map(|body| serde_json::from_str(&body)).transpose();
        let reason = reason.map_err(|_| StoreError::unreadable(seq))?;
        disclosures.push((Entry { seq, public, personal: None }, reason));
    }
    Ok(disclosures)
}

/// When a file was processed, if it was.
pub(super) fn processed_at(
    connection: &Connection,
    file: FileHash,
) -> Result<Option<Wall>, StoreError> {
    let wall = connection
        .prepare_cached("SELECT wall FROM processed_file WHERE sha256 = ?")?
        .query_row([file.0], |row| row.get(0))
        .optional()?;
    Ok(wall.map(Wall))
}

/// The kind of report that is kept as this word.
pub(super) fn report_named(word: &str) -> Option<ReportKind> {
    REPORTS.into_iter().find(|(_, known)| *known == word).map(|(report, _)| report)
}

pub(super) fn word(report: ReportKind) -> &'static str {
    REPORTS.into_iter().find(|(kind, _)| *kind == report).map_or("unknown", |(_, word)| word)
}
