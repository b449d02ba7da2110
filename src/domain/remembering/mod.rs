//! What is remembered of the ids that were heard: one row for each id and visit to the door, for
//! the day on which a health authority publishes the key behind one of them.
//!
//! | file | what it says |
//! |---|---|
//! | [`row`] | what is kept of one id, and how coarse it is |
//! | `open` | an id that may still be heard, with every level it was heard at |
//!
//! Rows are handed out in batches, at most [`policy::REMEMBER_EVERY`] apart, so that a power cut
//! loses no more hearing than that. An id that falls silent keeps its row until the quarter of an
//! hour ends; then the rows of all that have gone are told to settle, together, so that the order
//! in which they lie on the disk says nothing about who came first (ADR 0017).
//!
//! Times are worked out from the clock as it is when a row is handed out: a clock that is set
//! right meanwhile sets right what is still open.
//!
//! It keeps ids alone: no address, and nothing that joins two ids. Which ids are the kiosk's own is
//! decided before.

mod open;
pub mod row;

pub use row::{Batch, Remembered};

use std::collections::HashMap;

use foldhash::fast::RandomState;

use self::open::Open;
use super::advert::Dbm;
use super::exposure::heard::SLOT_SECONDS;
use super::moment::{Mono, Now, Wall};
use super::network::Network;
use super::policy;
use super::presence::tracker::Place;
use super::sighting::{ProximityId, SendingPower};

/// One hearing of an id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HeardId {
    /// Whose id it is.
    pub network: Network,
    /// The id.
    pub id: ProximityId,
    /// How loud.
    pub rssi: Dbm,
    /// What the sender says it sends at.
    pub tx_power: SendingPower,
    /// Whether it is as loud as phones are that stand a few steps away.
    pub near: bool,
}

/// The ids that may still be heard, and what no batch has taken yet.
#[derive(Debug)]
pub struct Remembering {
    open: Vec<Open>,
    places: HashMap<(Network, ProximityId), usize, RandomState>,
    /// Where in `open` the id stood that was last heard at each place of the tracker: a guess that
    /// saves a look-up while it is right, which the id itself tells.
    guesses: Box<[u16]>,
    /// Rows of ids that are no longer open, and were not yet handed out.
    unsent: Vec<Remembered>,
    /// The batch that is being written.
    under_way: Option<Batch>,
    /// Whether something was heard, or is left over, since the last batch; and since when.
    is_news: bool,
    news_since: Mono,
    /// The quarter of an hour in which rows last settled.
    slot: Option<i64>,
    /// Ids that were taken up in this quarter of an hour.
    begun_in_slot: u32,
    left_out: u64,
}

impl Default for Remembering {
    /// Room for everything is taken once; after that nothing that is heard allocates.
    fn default() -> Self {
        let max = policy::REMEMBERED_OPEN_MAX;
        Self {
            open: Vec::with_capacity(max),
            // Twice, so that it is tidied where it stands.
            places: HashMap::with_capacity_and_hasher(2 * max + 2, RandomState::default()),
            guesses: vec![0; policy::TRACKED_MAX].into_boxed_slice(),
            unsent: Vec::with_capacity(max),
            under_way: None,
            is_news: false,
            news_since: Mono::default(),
            slot: None,
            begun_in_slot: 0,
            left_out: 0,
        }
    }
}

impl Remembering {
    /// An id was heard, from the phone that the tracker knows at `tracked`. Which that is changes
    /// nothing but how fast the id is found.
    pub fn hear(&mut self, heard: &HeardId, tracked: Option<Place>, now: Now) {
        if !std::mem::replace(&mut self.is_news, true) {
            self.news_since = now.mono;
        }
        let guess = tracked.and_then(|place| self.guesses.get_mut(place.index()));
        if let Some(guess) = &guess
            && let Some(open) =
                self.open.get_mut(usize::from(**guess)).filter(|open| open.is_of(heard))
        {
            open.hear(heard, now.mono);
            return;
        }
        if let Some(&place) = self.places.get(&(heard.network, heard.id)) {
            if let Some(open) = self.open.get_mut(place) {
                open.hear(heard, now.mono);
            }
            if let Some(guess) = guess {
                *guess = u16::try_from(place).unwrap_or(0);
            }
            return;
        }
        if self.begun_in_slot >= policy::REMEMBERED_IN_SLOT_MAX {
            self.left_out = self.left_out.saturating_add(1);
            return;
        }
        self.begun_in_slot += 1;
        if self.open.len() >= policy::REMEMBERED_OPEN_MAX {
            self.write_out_oldest(now);
        }
        self.places.insert((heard.network, heard.id), self.open.len());
        self.open.push(Open::new(heard, now.mono));
    }

    /// Ids that were not taken up, and rows that were dropped, because there were too many.
    #[must_use]
    pub const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// When a batch is due; `None` while nothing new was heard or one is being written.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Mono> {
        let is_due = self.under_way.is_none() && self.is_news;
        is_due.then(|| self.news_since + policy::REMEMBER_EVERY)
    }

    /// What is to be written now, if it is time for that; the answer comes back through
    /// [`Self::handle_written`].
    pub fn take_batch(&mut self, now: Now) -> Option<Batch> {
        let slot = slot_of(now.wall);
        let settles = self.slot != Some(slot);
        let is_due = self.poll_timeout().is_some_and(|due| due <= now.mono);
        if self.under_way.is_some() || !(settles || is_due) {
            return None;
        }
        self.is_news = false;
        let mut rows: Vec<_> = self.unsent.drain(..).collect();
        let mut open = None;
        if settles {
            self.slot = Some(slot);
            self.begun_in_slot = 0;
            self.close_silent(now, &mut rows);
            let still: Vec<_> = self.open.iter_mut().map(|open| open.hand_out(now)).collect();
            open = Some(still);
        } else {
            let changed = self.open.iter_mut().filter(|open| open.changed);
            rows.extend(changed.map(|open| open.hand_out(now)));
        }
        // Nothing of the order in which they came.
        rows.sort_unstable_by_key(|row| (row.network, row.id));
        if let Some(still) = &mut open {
            still.sort_unstable_by_key(|row| (row.network, row.id));
        }
        let batch = Batch { rows, still_open: open };
        self.under_way = Some(batch.clone());
        Some(batch)
    }

    /// There is no room for a batch at this moment.
    pub const fn put_off(&mut self, now: Mono) {
        self.news_since = now;
    }

    /// The batch is on disk, or came to nothing: then all of it is handed out again.
    pub fn handle_written(&mut self, written: bool) {
        let Some(batch) = self.under_way.take().filter(|_| !written) else { return };
        self.is_news = true;
        if batch.still_open.is_some() {
            self.slot = None;
        }
        for row in batch.rows {
            match self.places.get(&(row.network, row.id)).and_then(|&at| self.open.get_mut(at)) {
                Some(open) => open.changed = true,
                None => self.keep_unsent(row),
            }
        }
        for row in batch.still_open.into_iter().flatten() {
            if let Some(&place) = self.places.get(&(row.network, row.id))
                && let Some(open) = self.open.get_mut(place)
            {
                open.changed = true;
            }
        }
    }

    /// Rows of ids that have gone, into `rows` unless they were written as they are.
    fn close_silent(&mut self, now: Now, rows: &mut Vec<Remembered>) {
        let mut place = 0;
        while let Some(open) = self.open.get_mut(place) {
            if now.mono.since(open.last) <= policy::GONE_AFTER {
                place += 1;
                continue;
            }
            if open.changed {
                rows.push(open.hand_out(now));
            }
            self.forget(place);
        }
    }

    /// The one heard longest ago makes room.
    fn write_out_oldest(&mut self, now: Now) {
        let oldest = self.open.iter().enumerate().min_by_key(|(_, open)| open.last);
        let Some((place, _)) = oldest else { return };
        if let Some(open) = self.open.get_mut(place).filter(|open| open.changed) {
            let row = open.hand_out(now);
            self.keep_unsent(row);
        }
        self.forget(place);
    }

    fn keep_unsent(&mut self, row: Remembered) {
        if self.unsent.len() < policy::REMEMBERED_OPEN_MAX {
            self.unsent.push(row);
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    fn forget(&mut self, place: usize) {
        let gone = self.open.swap_remove(place);
        self.places.remove(&(gone.network, gone.id));
        if let Some(moved) = self.open.get(place) {
            self.places.insert((moved.network, moved.id), place);
        }
    }
}

/// The number of the quarter of an hour.
fn slot_of(wall: Wall) -> i64 {
    wall.0.div_euclid(SLOT_SECONDS)
}

#[cfg(test)]
mod tests;
