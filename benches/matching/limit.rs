//! What no matcher can be faster than: the derivation alone, and the cipher alone.

use std::hint::black_box;
use std::process::Command;

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::{Aes128Enc, Block};
use kiosk::domain::exposure::matcher::rpi_key::{Extract, TOGETHER};
use kiosk::domain::exposure::published::TemporaryExposureKey;
use kiosk::domain::network::gaen::rpi_block;

/// Bytes of ids in a day.
const DAY_BYTES: f64 = 144.0 * 16.0;

/// HKDF and 144 blocks for each key, as the matcher does it, and nothing looked up.
pub(crate) fn derive(keys: &[TemporaryExposureKey], extract: &Extract, ids: &mut Vec<Block>) {
    let blocks: Vec<Block> = (0..144).map(|interval| rpi_block(interval).into()).collect();
    for keys in keys.as_chunks::<TOGETHER>().0 {
        for rpi_key in extract.rpi_keys(&keys.map(|key| key.key)) {
            encrypt(rpi_key, &blocks, ids);
        }
    }
}

/// The same with HKDF as the `hkdf` crate has it.
pub(crate) fn derive_plainly(keys: &[TemporaryExposureKey], ids: &mut Vec<Block>) {
    let blocks: Vec<Block> = (0..144).map(|interval| rpi_block(interval).into()).collect();
    for key in keys {
        let mut rpi_key = [0; 16];
        let hkdf = hkdf::Hkdf::<sha2::Sha256>::new(None, &key.key);
        if hkdf.expand(b"EN-RPIK", &mut rpi_key).is_ok() {
            encrypt(rpi_key, &blocks, ids);
        }
    }
}

fn encrypt(rpi_key: [u8; 16], blocks: &[Block], ids: &mut Vec<Block>) {
    ids.resize(blocks.len(), Block::default());
    let encrypted = Aes128Enc::new(&rpi_key.into()).encrypt_blocks_b2b(blocks, ids);
    assert!(encrypted.is_ok(), "as many ids as blocks");
    black_box(ids);
}

/// How many times 144 blocks of AES-128 `openssl speed` encrypts in a second with one key; `None`
/// where there is no openssl.
pub(crate) fn openssl() -> Option<f64> {
    let speed = ["speed", "-mr", "-seconds", "1", "-bytes", "8192", "-evp", "aes-128-ecb"];
    let output = Command::new("openssl").args(speed).output().ok()?;
    let output = String::from_utf8(output.stdout).ok()?;
    let line = output.lines().find(|line| line.starts_with("+F:"))?;
    let bytes: f64 = line.rsplit(':').next()?.parse().ok()?;
    Some(bytes / DAY_BYTES)
}
