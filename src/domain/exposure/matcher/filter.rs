//! The ids of one day as a set that may be wrong in one direction: it knows all of its ids, and
//! takes about one in seven hundred others for one of them. An answer costs one cache line.
//!
//! It is a Bloom filter whose four bits for an id lie in one word of 64 bits (Putze, Sanders and
//! Singler, "Cache-, Hash- and Space-Efficient Bloom Filters", 2007). Ids are the output of ciphers
//! and hashes, so their own bits choose word and bits. Somebody who makes ids up can fill single
//! words, which costs a few more looks into the table and no match.

use std::borrow::Borrow;

/// Bits per id. At 32 about one id in 1,400 that was not heard is taken for one that was.
const BITS_PER_ID: usize = 32;

/// The fewest words: 4 KiB, which stay in the nearest cache and make wrong answers rarer still.
const WORDS_MIN: usize = 512;

/// The set.
pub(super) struct Filter {
    /// A bit is 0 where an id has been put in, so that what an id lacks is left of its own bits.
    words: Vec<u64>,
    /// How many words there are.
    count: u32,
}

impl Filter {
    /// An empty set with room for that many ids; more only make it wrong more often.
    pub(super) fn with_room_for(ids: usize) -> Self {
        let bits = ids.saturating_mul(BITS_PER_ID);
        let count = u32::try_from(bits.div_ceil(64).max(WORDS_MIN)).unwrap_or(u32::MAX);
        Self { words: vec![u64::MAX; usize::try_from(count).unwrap_or(WORDS_MIN)], count }
    }

    /// Puts an id in.
    pub(super) fn insert(&mut self, id: &[u8; 16]) {
        let (at, bits) = self.place(id);
        if let Some(word) = self.words.get_mut(at) {
            *word &= !bits;
        }
    }

    /// Whether the id may be in it.
    #[inline]
    pub(super) fn may_hold(&self, id: &[u8; 16]) -> bool {
        let (at, bits) = self.place(id);
        self.words.get(at).map_or(bits, |word| word & bits) == 0
    }

    /// The places of those ids that may be in it. Hardly any is, so the processor guesses rightly
    /// that it is not, and fetches the words of many ids at a time.
    pub(super) fn sift<T: Borrow<[u8; 16]>>(&self, ids: &[T]) -> impl Iterator<Item = usize> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let at = from + self.first_of(ids.get(from..)?)?;
            from = at + 1;
            Some(at)
        })
    }

    /// The first of these ids that may be in it. A function of its own, so that all it needs stays
    /// in registers.
    #[inline(never)]
    fn first_of<T: Borrow<[u8; 16]>>(&self, ids: &[T]) -> Option<usize> {
        let (fours, _) = ids.as_chunks::<4>();
        let any = |ids: &[T; 4]| ids.iter().any(|id| self.may_hold(id.borrow()));
        let four = fours.iter().position(any).unwrap_or(fours.len());
        let within = ids.get(four * 4..)?.iter().position(|id| self.may_hold(id.borrow()))?;
        Some(four * 4 + within)
    }

    /// The word an id belongs into, and its bits.
    #[inline]
    fn place(&self, id: &[u8; 16]) -> (usize, u64) {
        let bits = id.first_chunk().copied().map_or(0, u64::from_le_bytes);
        // A fraction of the range in place of a remainder, which would be a division.
        let at = ((bits >> 32) * u64::from(self.count)) >> 32;
        let pair = |of: &[u64; 256], bits: u64| {
            usize::try_from(bits & 0xFF).ok().and_then(|at| of.get(at)).copied().unwrap_or(0)
        };
        (usize::try_from(at).unwrap_or(0), pair(&PAIRS_A, bits) | pair(&PAIRS_B, bits >> 8))
    }
}

/// Words with two bits set each, for a byte of an id.
static PAIRS_A: [u64; 256] = pairs(0x9E37_79B9_7F4A_7C15);
static PAIRS_B: [u64; 256] = pairs(0xD1B5_4A32_D192_ED03);

/// 256 words with two different bits each, drawn by a xorshift generator (Marsaglia, "Xorshift
/// RNGs", 2003).
const fn pairs(seed: u64) -> [u64; 256] {
    let mut table = [0; 256];
    let (mut state, mut rest): (u64, &mut [u64]) = (seed, &mut table);
    while let Some((first, others)) = rest.split_first_mut() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let (one, step) = (state & 63, 1 + (state >> 32) % 63);
        *first = 1 << one | 1 << ((one + step) & 63);
        rest = others;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(rng: &mut fastrand::Rng, count: usize) -> Vec<[u8; 16]> {
        (0..count).map(|_| rng.u128(..).to_le_bytes()).collect()
    }

    #[test]
    fn it_knows_its_ids_and_few_others() {
        let mut rng = fastrand::Rng::with_seed(1);
        for count in [0, 1, 1_000, 50_000] {
            let (held, others) = (ids(&mut rng, count), ids(&mut rng, 100_000));
            let mut filter = Filter::with_room_for(count);
            for id in &held {
                filter.insert(id);
            }
            assert!(held.iter().all(|id| filter.may_hold(id)), "{count}");
            let wrong = others.iter().filter(|id| filter.may_hold(id)).count();
            assert!(wrong <= 200, "{count} ids: {wrong} of 100,000 others");
            assert_eq!(filter.sift(&others).count(), wrong);
        }
    }

    #[test]
    fn each_pair_has_two_bits() {
        assert!(PAIRS_A.iter().chain(&PAIRS_B).all(|pair| pair.count_ones() == 2));
    }
}
