//! Published keys held against what was heard on several threads, slice by slice.

use std::collections::BTreeSet;
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};

use crate::domain::exposure::key::KeyInBrief;
use crate::domain::exposure::matcher::{HeardIds, MATCHES_MAX, Match, TooManyMatches};
use crate::domain::exposure::published::PublishedKey;

/// Keys that are matched at once. Keys of one day lie together in a published file, and the longer
/// the slice, the better the caches are used: 3 MB of them.
const SLICE_KEYS: usize = 1 << 16;

/// A row that a key has matched.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Hit {
    pub(super) row: i64,
    pub(super) key: KeyInBrief,
}

/// Matches the keys that `feed` gives, on so many threads, in slices of [`SLICE_KEYS`]. What it
/// gives with answers whether it is still wanted. Memory depends on neither the number of keys nor
/// that of the threads, but for the slices under way.
///
/// # Errors
/// When keys explain more than [`MATCHES_MAX`] rows.
pub(super) fn spread<T>(
    heard: &HeardIds,
    cores: usize,
    feed: impl FnOnce(&mut dyn FnMut(&[PublishedKey]) -> bool) -> T,
) -> (T, Result<BTreeSet<Hit>, TooManyMatches>) {
    let cores = cores.max(1);
    let hits = Mutex::new(Ok(BTreeSet::new()));
    let (slices, waiting) = sync_channel::<Vec<PublishedKey>>(cores);
    let waiting = Mutex::new(waiting);
    let outcome = std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                while let Ok(slice) = next() {
                    take_in(heard, &slice, &hits);
                }
            });
        }
        let mut slice: Vec<PublishedKey> = Vec::new();
        let is_wanted = || hits.lock().is_ok_and(|hits| hits.is_ok());
        let outcome = feed(&mut |piece| {
            for part in piece.chunks(SLICE_KEYS) {
                slice.extend_from_slice(part);
                if slice.len() >= SLICE_KEYS && slices.send(std::mem::take(&mut slice)).is_err() {
                    return false;
                }
            }
            is_wanted()
        });
        // Nobody waits any more only after a panic, which the scope passes on.
        slices.send(slice).ok();
        drop(slices);
        outcome
    });
    (outcome, hits.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Matches one slice.
fn take_in(
    heard: &HeardIds,
    slice: &[PublishedKey],
    hits: &Mutex<Result<BTreeSet<Hit>, TooManyMatches>>,
) {
    let mut found: Vec<Match> = Vec::new();
    let matched = heard.match_keys(slice, &mut found);
    if found.is_empty() && matched.is_ok() {
        return;
    }
    let found = found.iter().filter_map(|found| {
        let key = slice.get(found.key)?;
        Some(Hit { row: found.row, key: KeyInBrief::of(key) })
    });
    let mut all = hits.lock().unwrap_or_else(PoisonError::into_inner);
    if let Ok(hits) = &mut *all {
        hits.extend(found);
        if matched.is_err() || hits.len() > MATCHES_MAX {
            *all = Err(TooManyMatches);
        }
    }
}
