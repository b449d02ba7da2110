//! Published keys held against what was heard on several threads, slice by slice.

use std::collections::BTreeSet;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError};

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
    let hits = Mutex::new(Ok(BTreeSet::new()));
    let is_wanted = || hits.lock().is_ok_and(|hits| hits.is_ok());
    let take = |slice: &[PublishedKey]| take_in(heard, slice, &hits);
    let outcome = hand_round(cores, take, |give| {
        feed(&mut |piece: &[PublishedKey]| give(piece) && is_wanted())
    });
    (outcome, hits.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Has the keys that `feed` gives taken in slices, on so many threads. What it gives with answers
/// whether anybody still takes them.
fn hand_round<T>(
    cores: usize,
    take: impl Fn(&[PublishedKey]) + Sync,
    feed: impl FnOnce(&mut dyn FnMut(&[PublishedKey]) -> bool) -> T,
) -> T {
    let cores = cores.max(1);
    let (slices, waiting) = sync_channel::<Vec<PublishedKey>>(cores);
    let waiting = Arc::new(Mutex::new(waiting));
    let take = &take;
    std::thread::scope(|scope| {
        for _ in 0..cores {
            let waiting = Arc::clone(&waiting);
            scope.spawn(move || {
                let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                while let Ok(slice) = next() {
                    take(&slice);
                }
            });
        }
        // Only those who take hold it: when the last of them has panicked, nobody is waited for,
        // and the scope passes that on.
        drop(waiting);
        let mut slice: Vec<PublishedKey> = Vec::new();
        let outcome = feed(&mut |piece| {
            for part in piece.chunks(SLICE_KEYS) {
                slice.extend_from_slice(part);
                if slice.len() >= SLICE_KEYS && slices.send(std::mem::take(&mut slice)).is_err() {
                    return false;
                }
            }
            true
        });
        slices.send(slice).ok();
        drop(slices);
        outcome
    })
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

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;
    use crate::domain::exposure::published::MatchingKey;
    use crate::domain::moment::Wall;

    /// Long enough that only what waits for ever is taken to do so.
    const PATIENCE: Duration = Duration::from_mins(1);

    #[test]
    fn keys_are_not_given_to_threads_that_have_panicked() {
        let key = PublishedKey::Herald(MatchingKey { key: [0; 32], begin: Wall(0) });
        let piece = vec![key; SLICE_KEYS];
        let (tell, told) = channel();
        std::thread::spawn(move || {
            let broken = |_: &[PublishedKey]| panic!("on purpose");
            let fed = AssertUnwindSafe(|| hand_round(2, broken, |give| while give(&piece) {}));
            tell.send(catch_unwind(fed).is_err()).unwrap();
        });
        assert!(told.recv_timeout(PATIENCE).expect("it comes to an end"), "it is passed on");
    }
}
