//! The secret that the codes of this door are made of: drawn once, kept with the keys of the
//! beacon under the name `venue`.
//!
//! What is made of it, the core says. It leaves the book only for the core and for `kiosk venue`.

use rusqlite::{Connection, OptionalExtension};

use super::error::StoreError;
use crate::domain::moment::Wall;
use crate::domain::venue::door::VenueSecret;

/// The secret; drawn from the system's random source where there is none yet.
pub(super) fn secret(connection: &Connection, wall: Wall) -> Result<VenueSecret, StoreError> {
    if let Some(secret) = kept(connection)? {
        return Ok(secret);
    }
    let mut secret = [0; 32];
    getrandom::fill(&mut secret)?;
    connection.execute(
        "INSERT INTO beacon_key (network, base, begins) VALUES ('venue', ?, ?)",
        (secret, wall.0),
    )?;
    Ok(VenueSecret(secret))
}

/// The secret, if it has been drawn.
pub(super) fn kept(connection: &Connection) -> Result<Option<VenueSecret>, StoreError> {
    let secret = connection
        .query_row("SELECT base FROM beacon_key WHERE network = 'venue'", [], |row| row.get(0))
        .optional()?;
    Ok(secret.map(VenueSecret))
}
