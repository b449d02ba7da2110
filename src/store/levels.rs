//! The levels of the site that were learned at the desk: every one is kept, the last is in force.
//!
//! What they mean is the core's business.

use rusqlite::{Connection, OptionalExtension};

use super::error::StoreError;
use super::pins;
use crate::domain::logbook::CanonicalError;
use crate::domain::moment::Wall;
use crate::domain::presence::SiteLevels;
use crate::domain::request::{Calibrated, Role};

/// Puts these levels in force. The caller holds the transaction.
pub(super) fn keep(
    connection: &Connection,
    levels: SiteLevels,
    role: Role,
    wall: Wall,
    wall_trusted: bool,
) -> Result<(), StoreError> {
    let levels = serde_json::to_string(&levels).map_err(CanonicalError::from)?;
    connection.execute(
        "INSERT INTO calibration (levels, role, wall, wall_trusted) VALUES (?, ?, ?, ?)",
        (levels, pins::word(role), wall.0, wall_trusted),
    )?;
    Ok(())
}

/// The levels in force; `None` where nobody has calibrated, or where what stands there is no
/// longer understood: then the kiosk judges as it was made, which is safe.
pub(super) fn in_force(connection: &Connection) -> Result<Option<Calibrated>, StoreError> {
    let kept: Option<(String, String, i64)> = connection
        .query_row(
            "SELECT levels, role, wall FROM calibration ORDER BY id DESC LIMIT 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    Ok(kept.and_then(|(levels, role, wall)| {
        let levels = serde_json::from_str(&levels).ok()?;
        Some(Calibrated { levels, role: pins::role_named(&role)?, wall: Wall(wall) })
    }))
}
