//! The kiosk's secrets in the contact networks: made once from the system's random source, kept,
//! and shown to nobody. In the same table, under the name `venue`, lies the secret of the door's
//! codes, which is the business of `venue.rs`.
//!
//! What is made from them is the core's business.

use rusqlite::Connection;

use super::error::StoreError;
use crate::domain::beacon::keys::{BaseKey, BeaconKeys, JOINABLE};
use crate::domain::moment::Wall;
use crate::domain::network::Network;

/// Makes the secrets that are missing, so that they begin with the UTC day of `wall`. The one
/// connection that writes is the caller's.
pub(super) fn make_missing(connection: &Connection, wall: Wall) -> Result<BeaconKeys, StoreError> {
    let kept = read(connection)?;
    let missing: Vec<Network> =
        JOINABLE.into_iter().filter(|&network| kept.of(network).is_none()).collect();
    if missing.is_empty() {
        return Ok(kept);
    }
    let transaction = connection.unchecked_transaction()?;
    for network in missing {
        make(&transaction, network, wall)?;
    }
    transaction.commit()?;
    read(connection)
}

/// Makes new secrets in place of those that begin ahead of a clock that somebody vouches for: they
/// were made by a clock that was wrong, and nothing can be sent with them before their day. The
/// caller holds the transaction.
pub(super) fn renew(connection: &Connection, wall: Wall) -> Result<BeaconKeys, StoreError> {
    let kept = read(connection)?;
    for network in JOINABLE {
        if kept.of(network).is_some_and(|key| key.is_ahead_of(wall)) {
            connection
                .execute("DELETE FROM beacon_key WHERE network = ?", [network.name()])
                .map(drop)?;
            make(connection, network, wall)?;
        }
    }
    read(connection)
}

fn make(connection: &Connection, network: Network, wall: Wall) -> Result<(), StoreError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    let begins = BaseKey::new(bytes, wall).begins();
    put(connection, network.name(), &bytes, begins)
}

/// The secrets of the book. One of a network this kiosk cannot join is left alone.
pub(super) fn read(connection: &Connection) -> Result<BeaconKeys, StoreError> {
    let mut keys = BeaconKeys::default();
    let mut statement = connection.prepare("SELECT network, base, begins FROM beacon_key")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (name, bytes, begins): (String, [u8; 32], i64) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        if let Ok(network) = name.parse() {
            keys.insert(network, BaseKey::new(bytes, Wall(begins)));
        }
    }
    Ok(keys)
}

/// Carries over the secrets that can still be read, whosever they are. One that is lost is made anew when the new
/// book is opened.
pub(super) fn carry(from: &Connection, to: &Connection) -> Result<(), StoreError> {
    let Ok(mut statement) = from.prepare("SELECT network, base, begins FROM beacon_key") else {
        return Ok(());
    };
    let Ok(mut rows) = statement.query([]) else { return Ok(()) };
    while let Ok(Some(row)) = rows.next() {
        let columns = (row.get::<_, String>(0), row.get::<_, [u8; 32]>(1), row.get::<_, i64>(2));
        let (Ok(name), Ok(bytes), Ok(begins)) = columns else { continue };
        put(to, &name, &bytes, Wall(begins))?;
    }
    Ok(())
}

fn put(
    connection: &Connection,
    name: &str,
    bytes: &[u8; 32],
    begins: Wall,
) -> Result<(), StoreError> {
    connection.execute(
        "INSERT OR IGNORE INTO beacon_key (network, base, begins) VALUES (?, ?, ?)",
        (name, bytes, begins.0),
    )?;
    Ok(())
}
