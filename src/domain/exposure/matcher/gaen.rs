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

impl Waiting {
    /// Those of a day's blocks that are its own.
    fn blocks_of<'a>(&self, day: &Day, blocks: &'a [Block]) -> &'a [Block] {
        let first = day.number * INTERVALS;
        if self.begin <= first && first + INTERVALS <= self.end {
            return blocks;
        }
        let from = blocks.partition_point(|block| interval(block) < self.begin);
        let to = blocks.partition_point(|block| interval(block) < self.end);
        blocks.get(from..to).unwrap_or_default()
    }
}

/// What is used again from group to group.
struct Bench<'a> {
    /// The ids of a group's keys, one sheet after the other.
    ids: Vec<Block>,
    sheets: Vec<Sheet<'a>>,
    /// Ids that a filter takes for heard: the key, the interval and the id.
    likely: Vec<(usize, u32, [u8; 16])>,
}

/// The ids of one key on one day.
struct Sheet<'a> {
    day: &'a Day,
    /// What was encrypted, one block for an id.
    blocks: &'a [Block],
    /// The place of the key.
    index: usize,
}

/// The most ids that a group of keys has.
const IDS_MAX: usize = 144 * TOGETHER;

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
        let ids = vec![Block::default(); IDS_MAX];
        let mut bench = Bench { ids, sheets: Vec::new(), likely: Vec::new() };
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
        let a_day = keys.clone().count() / days.len().max(1);
        let mut sorted = vec![Vec::new(); days.len()];
        for waiting in &mut sorted {
            waiting.reserve(a_day + a_day / 8);
        }
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

    /// Holds keys that begin on the day at this place against that day and the next: first all
    /// ids, then all answers of the filters, so that the processor has the next to do while it
    /// waits for the one before.
    fn match_group<'a, const N: usize>(
        &'a self,
        day: usize,
        group: &[Waiting; N],
        finds: &mut Finds,
        bench: &mut Bench<'a>,
    ) {
        let rpi_keys = self.extract.rpi_keys(&group.map(|waiting| waiting.key));
        let days = self.book.days().get(day..).unwrap_or_default();
        let blocks = self.blocks.get(day..).unwrap_or_default();
        let mut room = bench.ids.as_mut_slice();
        for (waiting, rpi_key) in group.iter().zip(rpi_keys) {
            let cipher = Aes128Enc::new(&rpi_key.into());
            for (day, blocks) in days.iter().zip(blocks) {
                if day.number * INTERVALS >= waiting.end {
                    break;
                }
                let blocks = waiting.blocks_of(day, blocks);
                let Some(ids) = room.split_off_mut(..blocks.len()) else { break };
                encrypt(&cipher, blocks, ids);
                bench.sheets.push(Sheet { day, blocks, index: waiting.index });
            }
        }
        let mut ids = bench.ids.as_slice();
        for sheet in bench.sheets.drain(..) {
            let Some(own) = ids.split_off(..sheet.blocks.len()) else { break };
            for at in sheet.day.filter.sift(own) {
                if let (Some(block), Some(id)) = (sheet.blocks.get(at), own.get(at)) {
                    bench.likely.push((sheet.index, interval(block), id.0));
                }
            }
        }
        if bench.likely.len() >= LIKELY_TOGETHER {
            self.look_up(bench, finds);
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

/// Encrypts blocks into as many others.
#[inline]
fn encrypt(cipher: &Aes128Enc, blocks: &[Block], ids: &mut [Block]) {
    #[expect(clippy::expect_used, reason = "both are as long, or the caller has a fault")]
    cipher.encrypt_blocks_b2b(blocks, ids).expect("as many ids as blocks");
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
