//! Which exposures an administrator has passed on to whoever looks after health, and when. It is no
//! part of the chain: it says nothing about a visitor, and goes with the exposure.

use rusqlite::Connection;

use super::error::StoreError;
use super::exposures::{report_named, word};
use crate::domain::exposure::trace::Trace;
use crate::domain::exposure::windows::ExposureId;
use crate::domain::moment::Wall;
use crate::domain::request::PassedOn;

/// Keeps that it was passed on. The caller holds the transaction.
pub(super) fn keep(connection: &Connection, passed: PassedOn) -> Result<(), StoreError> {
    let ExposureId { trace, day, report } = passed.exposure;
    connection.execute(
        "INSERT OR REPLACE INTO passed_on (network, day, report, learned, wall)
         VALUES (?, ?, ?, ?, ?)",
        (trace.name(), day.0, word(report), passed.learned.0, passed.wall.0),
    )?;
    Ok(())
}

/// All of them.
pub(super) fn all(connection: &Connection) -> Result<Vec<PassedOn>, StoreError> {
    let mut statement =
        connection.prepare("SELECT network, day, report, learned, wall FROM passed_on")?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (trace, report): (String, String) = (row.get(0)?, row.get(2)?);
        // What a newer kiosk wrote is left alone.
        let Ok(trace) = trace.parse::<Trace>() else { continue };
        let Some(report) = report_named(&report) else { continue };
        let exposure = ExposureId { trace, day: Wall(row.get(1)?), report };
        let (learned, wall) = (Wall(row.get(3)?), Wall(row.get(4)?));
        all.push(PassedOn { exposure, learned, wall });
    }
    Ok(all)
}

/// Forgets it for days before a moment. The caller holds the transaction.
pub(super) fn forget(connection: &Connection, before: Wall) -> Result<(), StoreError> {
    connection.execute("DELETE FROM passed_on WHERE day < ?", [before.0])?;
    Ok(())
}
