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

/// Ids that are looked up in one go, so that the processor waits for many cache lines at a time.
const AT_ONCE: usize = 64;

/// The set.
pub(super) struct Filter {
    words: Vec<u64>,
    /// How many words there are.
    count: u64,
}

impl Filter {
    /// An empty set with room for that many ids; more only make it wrong more often.
    pub(super) fn with_room_for(ids: usize) -> Self {
        let bits = ids.saturating_mul(BITS_PER_ID);
        let count = u32::try_from(bits.div_ceil(64).max(WORDS_MIN)).unwrap_or(u32::MAX);
        Self { words: vec![0; usize::try_from(count).unwrap_or(WORDS_MIN)], count: count.into() }
    }

    /// Puts an id in.
    pub(super) fn insert(&mut self, id: &[u8; 16]) {
        let (at, bits) = self.place(id);
        if let Some(word) = self.words.get_mut(at) {
            *word |= bits;
        }
    }

    /// Whether the id may be in it.
    #[inline]
    pub(super) fn may_hold(&self, id: &[u8; 16]) -> bool {
        let (at, bits) = self.place(id);
        self.words.get(at).is_some_and(|word| bits & !word == 0)
    }

    /// Tells the place and the bytes of those ids that may be in it, in their order.
    #[inline]
    pub(super) fn sift<T: Borrow<[u8; 16]>>(
        &self,
        ids: &[T],
        mut may_be: impl FnMut(usize, &[u8; 16]),
    ) {
        for (round, ids) in ids.chunks(AT_ONCE).enumerate() {
            let mut hits = 0_u64;
            for (bit, id) in ids.iter().enumerate() {
                hits |= u64::from(self.may_hold(id.borrow())) << bit;
            }
            while hits != 0 {
                let bit = usize::try_from(hits.trailing_zeros()).unwrap_or(AT_ONCE);
                if let Some(id) = ids.get(bit) {
                    may_be(round * AT_ONCE + bit, id.borrow());
                }
                hits &= hits - 1;
            }
        }
    }

    /// The word an id belongs into, and its bits.
    #[inline]
    fn place(&self, id: &[u8; 16]) -> (usize, u64) {
        let [a, b, _, _, word @ .., _, _, _, _, _, _, _, _] = *id;
        // A fraction of the range in place of a remainder, which would be a division.
        let at = (u64::from(u32::from_le_bytes(word)) * self.count) >> 32;
        let pair = |of: &[u64; 256], byte: u8| of.get(usize::from(byte)).copied().unwrap_or(0);
        (usize::try_from(at).unwrap_or(0), pair(&PAIRS_A, a) | pair(&PAIRS_B, b))
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
            held.iter().for_each(|id| filter.insert(id));
            assert!(held.iter().all(|id| filter.may_hold(id)), "{count}");
            let wrong = others.iter().filter(|id| filter.may_hold(id)).count();
            assert!(wrong <= 200, "{count} ids: {wrong} of 100,000 others");
            let mut sifted = Vec::new();
            filter.sift(&others, |at, id| sifted.push((at, *id)));
            let one_by_one = others.iter().copied().enumerate();
            let one_by_one: Vec<_> = one_by_one.filter(|(_, id)| filter.may_hold(id)).collect();
            assert!(sifted == one_by_one, "{count}");
        }
    }

    #[test]
    fn each_pair_has_two_bits() {
        assert!(PAIRS_A.iter().chain(&PAIRS_B).all(|pair| pair.count_ones() == 2));
    }
}
