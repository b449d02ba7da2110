//! What matching finds, and how much of it is taken.

use super::{Match, TooManyMatches};
use crate::domain::moment::Wall;

/// The most matches one slice of keys may have: 32 MiB of them. A door hears 50,000 ids a day in a
/// busy market, and a few of them belong to a published key.
pub const MATCHES_MAX: usize = 1 << 20;

/// The caller's list, and how many may still be added to it.
pub(super) struct Finds<'a> {
    found: &'a mut Vec<Match>,
    room: usize,
    crowded: bool,
}

impl<'a> Finds<'a> {
    pub(super) fn new(found: &'a mut Vec<Match>) -> Self {
        Self { found, room: MATCHES_MAX, crowded: false }
    }

    /// Adds a match while there is room.
    pub(super) fn push(&mut self, row: i64, key: usize, begin: Wall, end: Wall) {
        if let Some(room) = self.room.checked_sub(1) {
            self.room = room;
            self.found.push(Match { row, key, begin, end });
        } else {
            self.crowded = true;
        }
    }

    /// Whether everything was told.
    pub(super) fn told(self) -> Result<(), TooManyMatches> {
        if self.crowded { Err(TooManyMatches) } else { Ok(()) }
    }
}
