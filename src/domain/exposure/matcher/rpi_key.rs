//! The key that encrypts a day's ids of Exposure Notification, made from temporary exposure keys
//! several at a time: HKDF-SHA256 without salt (RFC 5869) with all that is the same for every key
//! done beforehand. What remains are six blocks of SHA-256 for a key.
//!
//! [`crate::domain::network::gaen`] says the same with the `hkdf` crate, two and a half times as
//! slowly, and the tests hold the one against the other.

use sha2::block_api::compress256;

/// Keys that are worked on together, so that the processor need not wait for one block of a key
/// before it begins with that of another.
pub(super) const TOGETHER: usize = 8;

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
pub(super) struct Extract {
    inner: State,
    outer: State,
    /// The block with which every key is expanded.
    info: Block,
}

impl Extract {
    pub(super) fn new() -> Self {
        let after = |padding| hashed(BEGIN, &[padding; 64]);
        // The first and only output block: the label and the number 1.
        let info = message::<8>(*b"EN-RPIK\x01");
        Self { inner: after(INNER), outer: after(OUTER), info }
    }

    /// The rolling proximity identifier keys of these temporary exposure keys.
    #[inline]
    pub(super) fn rpi_keys<const N: usize>(&self, keys: &[[u8; 16]; N]) -> [[u8; 16]; N] {
        let inner = keys.map(message).map(|block| hashed(self.inner, &block));
        let extracted = inner.map(digest).map(message).map(|block| hashed(self.outer, &block));
        let inner = extracted.map(|key| hashed(BEGIN, &padded(&key, INNER)));
        let outer = extracted.map(|key| hashed(BEGIN, &padded(&key, OUTER)));
        let mut blocks = inner.map(|state| hashed(state, &self.info)).map(digest).map(message);
        let mut out = outer;
        for (state, block) in out.iter_mut().zip(&mut blocks) {
            compress256(state, std::slice::from_ref(block));
        }
        out.map(|state| {
            let [a, b, c, d, ..] = state;
            let word = |high: u32, low: u32| u128::from(high) << 32 | u128::from(low);
            (word(a, b) << 64 | word(c, d)).to_be_bytes()
        })
    }
}

/// The state after one more block.
#[inline]
fn hashed(mut state: State, block: &Block) -> State {
    compress256(&mut state, std::slice::from_ref(block));
    state
}

/// The 32 bytes a state stands for.
#[inline]
fn digest(state: State) -> [u8; 32] {
    let mut bytes = [0; 32];
    let (words, _) = bytes.as_chunks_mut();
    words.iter_mut().zip(state).for_each(|(to, word)| *to = word.to_be_bytes());
    bytes
}

/// A last block: a message of up to 55 bytes that follows on one block, as SHA-256 closes it.
#[inline]
fn message<const N: usize>(message: [u8; N]) -> Block {
    let mut block = [0; 64];
    let bits = u16::try_from((64 + N) * 8).unwrap_or(0);
    let closed = message.into_iter().chain([0x80]);
    block.iter_mut().zip(closed).for_each(|(to, byte)| *to = byte);
    if let Some(length) = block.last_chunk_mut() {
        *length = bits.to_be_bytes();
    }
    block
}

/// HMAC's key of 32 bytes, padded to a block.
#[inline]
fn padded(key: &State, padding: u8) -> Block {
    let mut block = [padding; 64];
    block.iter_mut().zip(digest(*key)).for_each(|(to, byte)| *to ^= byte);
    block
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
