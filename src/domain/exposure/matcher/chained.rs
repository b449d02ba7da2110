//! Bluezone, DP-3T and Herald, whose ids are hashed one from another, so that those before must be
//! made even where only a later one is asked for. What can be left out is the rest of a day after
//! the last id that matters, and, in DP-3T and Bluezone, all but one hash of a day without any.

use super::Finds;
use super::book::Book;
use super::stretch::DAY_SECONDS;
use crate::domain::exposure::published::{BluezoneCase, Dp3tExposee, MatchingKey};
use crate::domain::moment::Wall;
use crate::domain::network::bluezone::{self, DAYS_FOLLOWED_MAX};
use crate::domain::network::{dp3t, herald};

/// Bluezone: every id of the days from the key's on, heard from the first second of its slot to
/// the first second of the next, both included, as the app itself compares
/// (`BluezoneIdTrace.java`). The slot that begins with `end` is the last. No clock is taken to be
/// wrong.
pub(super) fn match_bluezone(book: &Book, index: usize, case: &BluezoneCase, finds: &mut Finds) {
    let seconds = case.slots.seconds();
    let mut day_key = case.day_key;
    for midnight in days(case.begin, book) {
        if midnight > case.end.0 {
            return;
        }
        // The last slot of the day that has begun by `end` and in which anything was heard.
        let begins = (midnight..midnight + DAY_SECONDS).step_by(step(seconds));
        let last = begins.clone().take_while(|begin| *begin <= case.end.0);
        let last = last.filter(|begin| book.heard_between(*begin, begin + seconds + 1)).last();
        if let Some(last) = last {
            let to_last = begins.take_while(|begin| *begin <= last);
            for (begin, id) in to_last.zip(bluezone::ids_of_day(&day_key)) {
                let id = padded(id);
                for row in book.sift(&id, begin, begin + seconds + 1) {
                    finds.push(row, index, Wall(begin), Wall(begin + seconds));
                }
            }
        }
        day_key = bluezone::next_day_key(&day_key);
    }
}

/// DP-3T: the 96 ids of each day from the key's on, heard on that day and before the list was
/// released. A phone uses the ids of a day in an order of its own, so the whole day is all that is
/// known of when it sent one.
pub(super) fn match_dp3t(book: &Book, index: usize, exposee: &Dp3tExposee, finds: &mut Finds) {
    let mut day_key = exposee.key;
    for midnight in days(exposee.begin, book) {
        let end = (midnight + DAY_SECONDS).min(exposee.released.0);
        if end <= midnight {
            return;
        }
        if book.heard_between(midnight, end) {
            for id in dp3t::ephids(&day_key) {
                for row in book.sift(&id, midnight, end) {
                    finds.push(row, index, Wall(midnight), Wall(midnight + DAY_SECONDS));
                }
            }
        }
        day_key = dp3t::next_day_key(&day_key);
    }
}

/// Herald's Simple payload: 240 ids of one day, each heard within its own six minutes. The
/// protocol knows no tolerance; what there is of it comes from the times being no finer than a
/// quarter of an hour.
pub(super) fn match_herald(book: &Book, index: usize, key: &MatchingKey, finds: &mut Finds) {
    let midnight = key.begin.0.clamp(0, MOMENT_MAX);
    let end = |begin: i64| begin + herald::PERIOD_SECONDS;
    let begins = (midnight..midnight + DAY_SECONDS).step_by(step(herald::PERIOD_SECONDS));
    let first = begins.into_iter().find(|begin| book.heard_between(*begin, end(*begin)));
    let Some(first) = first.filter(|_| key.begin.0 == midnight) else { return };
    for period in herald::periods(&key.key) {
        let begin = midnight + period.number * herald::PERIOD_SECONDS;
        if begin < first {
            return;
        }
        if book.heard_between(begin, end(begin)) {
            for row in book.sift(&period.id(), begin, end(begin)) {
                finds.push(row, index, Wall(begin), Wall(end(begin)));
            }
        }
    }
}

/// The last second of the year 9999, after which no key is looked at.
const MOMENT_MAX: i64 = 253_402_300_799;

/// The days of a key that begins at `begin`, up to the last one in the book, but no more than
/// [`DAYS_FOLLOWED_MAX`].
fn days(begin: Wall, book: &Book) -> impl Iterator<Item = i64> {
    let first = begin.0.clamp(0, MOMENT_MAX);
    let known = first == begin.0;
    let after = book.last_day().map_or(0, |day| (i64::from(day) + 1) * DAY_SECONDS);
    let end = after.min(first + DAYS_FOLLOWED_MAX * DAY_SECONDS);
    (first..if known { end } else { first }).step_by(step(DAY_SECONDS))
}

/// Seconds as the step of a range.
fn step(seconds: i64) -> usize {
    usize::try_from(seconds.max(1)).unwrap_or(1)
}

/// The 12 bytes of Bluezone as the table has them.
pub(super) fn padded(id: [u8; 12]) -> [u8; 16] {
    let mut padded = [0; 16];
    padded.iter_mut().zip(id).for_each(|(to, from)| *to = from);
    padded
}
