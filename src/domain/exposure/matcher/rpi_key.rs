//! The key that encrypts a day's ids of Exposure Notification, made from temporary exposure keys
//! several at a time: HKDF-SHA256 without salt (RFC 5869) with all that is the same for every key
//! done beforehand. What remains are six blocks of SHA-256 for a key.
//!
//! [`crate::domain::network::gaen`] says the same with the `hkdf` crate, two and a half times as
//! slowly, and the tests hold the one against the other.

use sha2::block_api::compress256;

/// Keys that are worked on together, so that the processor need not wait for one block of a key
/// before it begins with that of another.
pub const TOGETHER: usize = 8;

/// What SHA-256 begins with (FIPS 180-4, section 5.3.3).
const BEGIN: [u32; 8] = [
    0x6A09_E667,
    0xBB67_AE85,
    0x3C6E_F372,
    0xA54F_F53A,
    0x510E_527F,
    0x9B05_688C,
    0x1F83_D9AB,
    0x5BE0_CD19,
];

/// HMAC's two paddings of a key (RFC 2104).
const INNER: u8 = 0x36;
const OUTER: u8 = 0x5C;

type Block = [u8; 64];
type State = [u32; 8];

/// What HMAC without a key has in hand before the first byte of a message.
#[derive(Debug)]
pub struct Extract {
    inner: State,
    outer: State,
    /// The block with which every key is expanded.
    info: Block,
}

impl Extract {
    /// With all that is the same for every key done.
    #[must_use]
    pub fn new() -> Self {
        let mut states = [BEGIN; 2];
        hash(&mut states, &[[INNER; 64], [OUTER; 64]]);
        let [inner, outer] = states;
        // The first and only block of output: the label and the number 1.
        let mut info = closing(8);
        put(&mut info, b"EN-RPIK\x01");
        Self { inner, outer, info }
    }

    /// The rolling proximity identifier keys of these temporary exposure keys.
    #[inline]
    #[must_use]
    pub fn rpi_keys<const N: usize>(&self, keys: &[[u8; 16]; N]) -> [[u8; 16]; N] {
        // Extract: HMAC of the key under an empty salt.
        let mut states = [self.inner; N];
        let mut blocks = [closing(16); N];
        for (block, key) in blocks.iter_mut().zip(keys) {
            put(block, key);
        }
        hash(&mut states, &blocks);
        let mut extracted = [self.outer; N];
        let mut blocks = [closing(32); N];
        put_states(&mut blocks, &states, 0);
        hash(&mut extracted, &blocks);
        // Expand: HMAC of the label under what was extracted.
        let (mut inner, mut outer) = ([BEGIN; N], [BEGIN; N]);
        let mut padded = [[INNER; 64]; N];
        put_states(&mut padded, &extracted, INNER);
        hash(&mut inner, &padded);
        let mut padded = [[OUTER; 64]; N];
        put_states(&mut padded, &extracted, OUTER);
        hash(&mut outer, &padded);
        hash(&mut inner, &[self.info; N]);
        put_states(&mut blocks, &inner, 0);
        hash(&mut outer, &blocks);
        let mut rpi_keys = [[0; 16]; N];
        for (key, [a, b, c, d, ..]) in rpi_keys.iter_mut().zip(outer) {
            let word = |high: u32, low: u32| u64::from(high) << 32 | u64::from(low);
            *key = (u128::from(word(a, b)) << 64 | u128::from(word(c, d))).to_be_bytes();
        }
        rpi_keys
    }
}

impl Default for Extract {
    fn default() -> Self {
        Self::new()
    }
}

/// Takes one more block into each state.
#[inline]
fn hash<const N: usize>(states: &mut [State; N], blocks: &[Block; N]) {
    for (state, block) in states.iter_mut().zip(blocks) {
        compress256(state, std::slice::from_ref(block));
    }
}

/// The last block of a message of one block and `bytes` more, up to 55, before those bytes are put
/// in: zeros, the bit that closes it and its length.
fn closing(bytes: u8) -> Block {
    let mut block = [0; 64];
    if let Some(close) = block.get_mut(usize::from(bytes)) {
        *close = 0x80;
    }
    if let Some(bits) = block.last_chunk_mut() {
        *bits = ((64 + u16::from(bytes)) * 8).to_be_bytes();
    }
    block
}

/// Puts bytes at the beginning of a block.
#[inline]
fn put<const N: usize>(block: &mut Block, bytes: &[u8; N]) {
    if let Some(begin) = block.first_chunk_mut() {
        *begin = *bytes;
    }
}

/// Puts the 32 bytes that each state stands for at the beginning of a block, every byte changed by
/// the padding.
#[inline]
fn put_states<const N: usize>(blocks: &mut [Block; N], states: &[State; N], padding: u8) {
    let padding = u32::from_ne_bytes([padding; 4]);
    for (block, state) in blocks.iter_mut().zip(states) {
        let (words, _) = block.as_chunks_mut();
        for (to, word) in words.iter_mut().zip(state) {
            *to = (word ^ padding).to_be_bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_official_vector() {
        let key = 0x75C7_34C6_DD1A_782D_E7A9_65DA_5EB9_3125_u128.to_be_bytes();
        let [rpi_key] = Extract::new().rpi_keys(&[key]);
        assert_eq!(u128::from_be_bytes(rpi_key), 0x185A_D91D_B69E_C7DD_0489_60F1_F3BA_6175);
    }

    #[test]
    fn the_same_as_the_crate_makes() {
        let mut rng = fastrand::Rng::with_seed(2);
        let keys = [(); TOGETHER].map(|()| rng.u128(..).to_be_bytes());
        let expected = keys.map(|key| {
            let mut out = [0; 16];
            hkdf::Hkdf::<sha2::Sha256>::new(None, &key).expand(b"EN-RPIK", &mut out).unwrap();
            out
        });
        assert_eq!(Extract::new().rpi_keys(&keys), expected);
    }
}
