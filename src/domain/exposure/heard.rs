//! What was heard, as far as matching needs it.

use crate::domain::moment::Wall;
use crate::domain::sighting::ProximityId;

/// One id that was heard during one visit to the door.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Heard {
    /// The row in which the store keeps it.
    pub row: i64,
    /// The id; its kind says whose.
    pub id: ProximityId,
    /// The beginning of the slot in which it was first heard.
    pub first: Wall,
    /// The beginning of the slot in which it was last heard; a slot lasts
    /// [`SLOT_SECONDS`].
    pub last: Wall,
}

/// How coarse the times are that are kept of an id: a quarter of an hour, Bluezone's and DP-3T's
/// own slot and longer than Exposure Notification's ten minutes, so that nobody can tell by the
/// second which of the visitors of that time it belonged to.
pub const SLOT_SECONDS: i64 = 900;
