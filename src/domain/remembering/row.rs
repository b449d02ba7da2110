//! What is kept of one id and visit to the door, and in which portions.

use std::fmt;

use crate::domain::advert::Dbm;
use crate::domain::exposure::heard::SLOT_SECONDS;
use crate::domain::moment::{Mono, Now, Wall};
use crate::domain::network::Network;
use crate::domain::sighting::{ProximityId, SendingPower};

/// One id during one visit to the door. `Debug` shows nothing of the id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Remembered {
    /// Whose id it is.
    pub network: Network,
    /// The id.
    pub id: ProximityId,
    /// The beginning of the quarter of an hour in which it was first heard.
    pub first: Wall,
    /// The beginning of the quarter of an hour in which it was last heard.
    pub last: Wall,
    /// Whether somebody vouched for the clock.
    pub wall_trusted: bool,
    /// How often it was heard.
    pub sightings: u32,
    /// The highest level.
    pub strongest: Dbm,
    /// The median level, the lower of the two in the middle.
    pub median: Dbm,
    /// What the sender says it sends at.
    pub tx_power: SendingPower,
    /// For how long it was near, in seconds: the sum of the times from one sighting to the next of
    /// at most [`NEAR_BRIDGES`](crate::domain::policy::NEAR_BRIDGES), each counted if the earlier of
    /// the two was as loud as half of the phones are that stand 2 to 4.5 m away.
    pub near_seconds: u32,
}

/// What is to be written in one go. `Debug` shows how much it is.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Batch {
    /// Rows as they stand now, each in place of what was written of it before; by network and id.
    pub rows: Vec<Remembered>,
    /// Where a quarter of an hour has ended: the rows that stay open. All others settle.
    pub still_open: Option<Vec<Remembered>>,
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settles = self.still_open.is_some();
        write!(f, "Batch({} rows, settles: {settles})", self.rows.len())
    }
}

/// The beginning of the quarter of an hour in which a moment lay that has passed.
pub(super) fn slot_begin(moment: Mono, now: Now) -> Wall {
    let ago = i64::try_from(now.mono.since(moment).as_secs()).unwrap_or(0);
    let then = now.wall.0.saturating_sub(ago);
    Wall(then.saturating_sub(then.rem_euclid(SLOT_SECONDS)))
}
