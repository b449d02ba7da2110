//! Exposure Notification: up to 144 ids of a day, each the encryption of the number of its ten
//! minutes. Only those of times at which anything was heard are made.

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::{Aes128Enc, Block};

use super::Finds;
use super::book::{Book, Day};
use super::rpi_key::{Extract, TOGETHER};
use super::table::Row;
use crate::domain::exposure::published::TemporaryExposureKey;
use crate::domain::moment::Wall;
use crate::domain::network::gaen::{INTERVAL_SECONDS, rpi_block};

/// How far a phone's clock may be off: an id counts when it was heard from twelve intervals before
/// its own to twelve after it (Google's `RollingProximityIdValidator`).
const TOLERANCE_SECONDS: i64 = 12 * INTERVAL_SECONDS;

/// Intervals of a day, and the most that a key lasts.
const INTERVALS: u32 = 144;

/// What was heard of Exposure Notification.
pub(super) struct GaenBook {
    book: Book,
    /// For each day of the book what is to be encrypted on it.
    blocks: Vec<Vec<Block>>,
    extract: Extract,
}

/// A key that may explain something.
#[derive(Clone, Copy, Default)]
struct Waiting {
    key: [u8; 16],
    /// The first interval, and the one after the last.
    begin: u32,
    end: u32,
    /// Its place among the keys that were handed in.
    index: usize,
}

/// What is used again from key to key.
struct Bench {
    ids: Vec<Block>,
    /// Ids that a filter takes for heard: the key, the interval and the id.
    likely: Vec<(usize, u32, [u8; 16])>,
}

/// Ids that are looked up in the table together.
const LIKELY_TOGETHER: usize = 64;

impl GaenBook {
    pub(super) fn new(rows: Vec<Row>) -> Self {
        let book = Book::new(rows, TOLERANCE_SECONDS);
        let blocks = book.days().iter().map(|day| to_encrypt(&book, day)).collect();
        Self { book, blocks, extract: Extract::new() }
    }

    pub(super) fn rows(&self) -> usize {
        self.book.rows()
    }

    /// Holds keys, each with its place, against what was heard. They are worked on day by day, so
    /// that the filter of a day is fetched once for all of its keys.
    pub(super) fn match_keys<'a>(
        &self,
        keys: impl Iterator<Item = (usize, &'a TemporaryExposureKey)> + Clone,
        finds: &mut Finds,
    ) {
        let mut bench = Bench { ids: Vec::new(), likely: Vec::new() };
        for (day, waiting) in
            self.by_day(keys).iter().enumerate().filter(|(_, keys)| !keys.is_empty())
        {
            let (groups, rest) = waiting.as_chunks::<TOGETHER>();
            for group in groups {
                self.match_group(day, group, finds, &mut bench);
            }
            for key in rest {
                self.match_group(day, &[*key], finds, &mut bench);
            }
            self.look_up(&mut bench, finds);
        }
    }

    /// The keys that may explain something, under the place of the first of their days that has
    /// an id.
    fn by_day<'a>(
        &self,
        keys: impl Iterator<Item = (usize, &'a TemporaryExposureKey)> + Clone,
    ) -> Vec<Vec<Waiting>> {
        let days = self.book.days();
        let mut sorted = vec![Vec::new(); days.len()];
        for (index, key) in keys {
            let lasts = u32::from(key.rolling_period).min(INTERVALS);
            let (begin, end) = (key.rolling_start, key.rolling_start.saturating_add(lasts));
            let at = days.partition_point(|day| (day.number + 1) * INTERVALS <= begin);
            let concerns = days.get(at).is_some_and(|day| day.number * INTERVALS < end);
            if let Some(waiting) = sorted.get_mut(at).filter(|_| concerns) {
                waiting.push(Waiting { key: key.key, begin, end, index });
            }
        }
        sorted
    }

    /// Holds keys that begin on the day at this place against that day and the next.
    fn match_group<const N: usize>(
        &self,
        day: usize,
        group: &[Waiting; N],
        finds: &mut Finds,
        bench: &mut Bench,
    ) {
        let rpi_keys = self.extract.rpi_keys(&group.map(|waiting| waiting.key));
        let days = self.book.days().get(day..).unwrap_or_default();
        let blocks = self.blocks.get(day..).unwrap_or_default();
        for (waiting, rpi_key) in group.iter().zip(rpi_keys) {
            let cipher = Aes128Enc::new(&rpi_key.into());
            for (day, blocks) in days.iter().zip(blocks) {
                if day.number * INTERVALS >= waiting.end {
                    break;
                }
                let from = blocks.partition_point(|block| interval(block) < waiting.begin);
                let to = blocks.partition_point(|block| interval(block) < waiting.end);
                let blocks = blocks.get(from..to).unwrap_or_default();
                bench.ids.clear();
                bench.ids.extend_from_slice(blocks);
                cipher.encrypt_blocks(&mut bench.ids);
                let (ids, likely) = (&bench.ids, &mut bench.likely);
                day.filter.sift(ids, |at, id| {
                    let interval = blocks.get(at).map_or(0, interval);
                    likely.push((waiting.index, interval, *id));
                });
                if bench.likely.len() >= LIKELY_TOGETHER {
                    self.look_up(bench, finds);
                }
            }
        }
    }

    /// Looks up the ids that were put aside. Nearly all of them were never heard.
    fn look_up(&self, bench: &mut Bench, finds: &mut Finds) {
        for (key, interval, id) in bench.likely.drain(..) {
            let begin = i64::from(interval) * INTERVAL_SECONDS;
            let end = begin + INTERVAL_SECONDS;
            let rows = self.book.find(&id, begin - TOLERANCE_SECONDS, end + TOLERANCE_SECONDS);
            rows.for_each(|row| finds.push(row, key, Wall(begin), Wall(end)));
        }
    }
}

/// What gives the ids of those intervals of a day that may have been heard.
fn to_encrypt(book: &Book, day: &Day) -> Vec<Block> {
    let first = day.number.saturating_mul(INTERVALS);
    let all = first..first.saturating_add(INTERVALS);
    let may_be = all.filter(|interval| {
        let begin = i64::from(*interval) * INTERVAL_SECONDS;
        let end = begin + INTERVAL_SECONDS;
        book.heard_between(begin - TOLERANCE_SECONDS, end + TOLERANCE_SECONDS)
    });
    may_be.map(|interval| rpi_block(interval).into()).collect()
}

/// The number of the interval in a block that is to be encrypted.
fn interval(block: &Block) -> u32 {
    let [.., a, b, c, d] = block.0;
    u32::from_le_bytes([a, b, c, d])
}
