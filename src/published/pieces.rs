//! What is read of a file, handed out in pieces of bounded size, and counted.

use super::PublishedError;
use super::limits::{KEYS_MAX, PIECE_KEYS};
use super::summary::Counts;
use crate::domain::moment::Wall;

/// Whoever takes the keys asks for an end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stop;

/// Takes a piece of what is handed out.
pub type Sink<'a, T> = dyn FnMut(&[T]) -> Result<(), Stop> + 'a;

/// A piece that is being filled, of what becomes of a file's entries.
pub(super) struct Pieces<'a, T> {
    piece: Vec<T>,
    sink: &'a mut Sink<'a, T>,
    entries: u64,
    /// Whether anything was passed over because it is of days to come.
    pub ahead: bool,
    pub counts: Counts,
}

impl<'a, T> Pieces<'a, T> {
    pub(super) fn new(sink: &'a mut Sink<'a, T>) -> Self {
        let piece = Vec::with_capacity(PIECE_KEYS);
        Self { piece, sink, entries: 0, ahead: false, counts: Counts::default() }
    }

    /// One more entry; `None` where nothing follows from it.
    pub(super) fn add(&mut self, entry: Option<T>) -> Result<(), PublishedError> {
        self.entries = self.entries.saturating_add(1);
        if self.entries > KEYS_MAX {
            return Err(PublishedError::TooMany);
        }
        let Some(entry) = entry else {
            self.counts.skipped = self.counts.skipped.saturating_add(1);
            return Ok(());
        };
        self.counts.taken = self.counts.taken.saturating_add(1);
        self.piece.push(entry);
        if self.piece.len() == PIECE_KEYS { self.hand_out() } else { Ok(()) }
    }

    /// One more entry with the moment of its beginning; one from days to come is passed over.
    pub(super) fn add_begun(
        &mut self,
        entry: Option<(Wall, T)>,
        now: Wall,
    ) -> Result<(), PublishedError> {
        self.ahead |= entry.as_ref().is_some_and(|(begin, _)| !is_past(*begin, now));
        self.add(entry.filter(|(begin, _)| is_past(*begin, now)).map(|(_, entry)| entry))
    }

    /// Hands out the last piece.
    pub(super) fn finish(mut self) -> Result<Counts, PublishedError> {
        if !self.piece.is_empty() {
            self.hand_out()?;
        }
        Ok(self.counts)
    }

    fn hand_out(&mut self) -> Result<(), PublishedError> {
        (self.sink)(&self.piece).map_err(|Stop| PublishedError::Stopped)?;
        self.piece.clear();
        Ok(())
    }
}

/// A day: clocks are set to local time by mistake, and a list is released on the day it is for.
const SLACK_SECONDS: i64 = 86_400;

/// Whether something can have begun at `begin`.
pub(super) const fn is_past(begin: Wall, now: Wall) -> bool {
    begin.0 <= now.0.saturating_add(SLACK_SECONDS)
}

/// Whether `begin` is a midnight UTC after that of 1970. How long ago does not matter: what nothing
/// was heard of is not looked for.
pub(super) const fn is_midnight(begin: Wall) -> bool {
    begin.0 > 0 && begin.0 % 86_400 == 0
}
