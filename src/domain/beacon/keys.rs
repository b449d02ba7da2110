//! The kiosk's secrets, one for each network, and the keys of a day that are made from them.
//!
//! What publishing the key of a day gives away differs. Bluezone's and DP-3T's keys are chains, as
//! their apps make them: whoever has one day's key knows every later day's, and no earlier one's.
//! Exposure Notification's are independent, so that only the days that were chosen are known.

use std::fmt;

use hkdf::Hkdf;
use sha2::{Digest, Sha256};

use crate::domain::moment::Wall;
use crate::domain::network::Network;
use crate::domain::policy::CLOCK_AHEAD_SECONDS;

/// The networks the kiosk can join. The ids of the others are sealed by a server.
pub const JOINABLE: [Network; 4] =
    [Network::Bluezone, Network::Gaen, Network::Dp3t, Network::Herald];

/// Seconds of a day, which begins at midnight UTC in every network.
pub const DAY_SECONDS: i64 = 86_400;

/// The furthest a secret is followed: a hundred years, so that the work is bounded.
const DAYS_FOLLOWED_MAX: i64 = 36_525;

/// What the ids of one network are made from: 32 random bytes, and the day with which they begin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BaseKey {
    bytes: [u8; 32],
    day: i64,
}

impl BaseKey {
    /// A secret that begins with the UTC day in which `begins` lies.
    #[must_use]
    pub const fn new(bytes: [u8; 32], begins: Wall) -> Self {
        Self { bytes, day: begins.0.div_euclid(DAY_SECONDS) }
    }

    /// The secret itself, for the store alone.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// The midnight UTC with which it begins.
    #[must_use]
    pub const fn begins(&self) -> Wall {
        Wall(self.day.saturating_mul(DAY_SECONDS))
    }

    /// Whether it begins so far ahead of a clock that somebody vouches for that another clock, which
    /// was wrong, must have dated it.
    #[must_use]
    pub const fn is_ahead_of(&self, at: Wall) -> bool {
        self.begins().seconds_since(at) > CLOCK_AHEAD_SECONDS
    }

    /// Whole days from the beginning to the day of `at`; `None` before it and after a century: then
    /// the clock is wrong.
    fn days_until(&self, at: Wall) -> Option<i64> {
        let days = at.0.div_euclid(DAY_SECONDS).checked_sub(self.day)?;
        (0..DAYS_FOLLOWED_MAX).contains(&days).then_some(days)
    }

    /// The key of the UTC day of `at` in a chain where each day's is the SHA-256 of the day before's.
    fn chained(&self, at: Wall) -> Option<[u8; 32]> {
        let days = self.days_until(at)?;
        Some((0..days).fold(self.bytes, |key, _| Sha256::digest(key).into()))
    }

    /// HKDF-SHA256 without salt of the secret; `info` is the purpose and then `number`.
    pub(super) fn expand<const N: usize>(&self, purpose: &[u8], number: i64) -> [u8; N] {
        expand(&self.bytes, &[purpose, &number.to_be_bytes()])
    }
}

/// HKDF-SHA256 without salt to a few bytes.
pub(super) fn expand<const N: usize>(key: &[u8; 32], info: &[&[u8]]) -> [u8; N] {
    let mut out = [0; N];
    #[expect(clippy::expect_used, reason = "HKDF-SHA256 gives any length up to 8,160 bytes")]
    Hkdf::<Sha256>::new(None, key)
        .expand_multi_info(info, &mut out)
        .expect("no key of a network is longer");
    out
}

impl fmt::Debug for BaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BaseKey(…)")
    }
}

/// The daily key of Bluezone for the UTC day of `at`, as `InfoF` names it with that day's midnight;
/// `None` on a day before the secret begins.
#[must_use]
pub fn bluezone_day_key(base: &BaseKey, at: Wall) -> Option<[u8; 32]> {
    base.chained(at)
}

/// DP-3T's secret key for the UTC day of `at`; `None` on a day before the secret begins.
#[must_use]
pub fn dp3t_day_key(base: &BaseKey, at: Wall) -> Option<[u8; 32]> {
    base.chained(at)
}

/// The temporary exposure key for the UTC day of `at`, which counts from that day's midnight for
/// 144 intervals; `None` on a day before the secret begins. An app draws it at random each day; here
/// it is drawn from the secret by HKDF, with this purpose and the number of the day since 1970 as 8
/// bytes, highest first.
#[must_use]
pub fn gaen_day_key(base: &BaseKey, at: Wall) -> Option<[u8; 16]> {
    base.days_until(at)?;
    Some(base.expand(b"kiosk temporary exposure key", at.0.div_euclid(DAY_SECONDS)))
}

/// The secret with which the kiosk signs what it hands to a health authority of its own keys of
/// Exposure Notification: the number of a point of P-256. Drawn from the network's secret, so that
/// it is the same each time and there is no further one to be kept.
#[must_use]
pub fn export_signing_secret(base: &BaseKey) -> [u8; 32] {
    base.expand(b"kiosk export signing key", 0)
}

/// The secrets of the networks.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct BeaconKeys([Option<BaseKey>; JOINABLE.len()]);

impl BeaconKeys {
    /// That of one network, if there is one.
    #[must_use]
    pub fn of(&self, network: Network) -> Option<&BaseKey> {
        JOINABLE.iter().zip(&self.0).find(|&(&each, _)| each == network)?.1.as_ref()
    }

    /// Whether any of them begins ahead of the clock, as [`BaseKey::is_ahead_of`] says.
    #[must_use]
    pub fn are_ahead_of(&self, at: Wall) -> bool {
        self.0.iter().flatten().any(|key| key.is_ahead_of(at))
    }

    /// Keeps it for a network that can be joined.
    pub fn insert(&mut self, network: Network, key: BaseKey) {
        for (&each, slot) in JOINABLE.iter().zip(&mut self.0) {
            if each == network {
                *slot = Some(key);
            }
        }
    }
}

impl fmt::Debug for BeaconKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BeaconKeys({} of {})", self.0.iter().flatten().count(), JOINABLE.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2021-06-01, and a secret of the bytes 0 to 31.
    const BEGINS: Wall = Wall(1_622_505_600);

    fn base() -> BaseKey {
        let bytes = std::array::from_fn(|place| u8::try_from(place).unwrap());
        BaseKey::new(bytes, Wall(BEGINS.0 + 3_723))
    }

    #[test]
    fn a_chain_that_begins_with_the_secret() {
        assert_eq!(base().begins(), BEGINS);
        assert_eq!(bluezone_day_key(&base(), BEGINS), Some(*base().bytes()));
        let next = bluezone_day_key(&base(), Wall(BEGINS.0 + DAY_SECONDS)).unwrap();
        assert_eq!(next[..4], [0x63, 0x0D, 0xCD, 0x29]);
        let later = dp3t_day_key(&base(), Wall(BEGINS.0 + 15 * DAY_SECONDS - 1)).unwrap();
        assert_eq!(later[..4], [0x9A, 0x2B, 0xBE, 0x15]);
        assert_eq!(bluezone_day_key(&base(), Wall(BEGINS.0 - 1)), None);
        assert_eq!(bluezone_day_key(&base(), Wall(i64::MAX)), None);
        assert_eq!(bluezone_day_key(&base(), Wall(i64::MIN)), None);
    }

    #[test]
    fn exposure_keys_of_two_days_have_nothing_to_do_with_each_other() {
        let key = |day: i64| gaen_day_key(&base(), Wall(BEGINS.0 + day * DAY_SECONDS)).unwrap();
        assert_ne!(key(0), key(1));
        assert_eq!(key(1), gaen_day_key(&base(), Wall(BEGINS.0 + 2 * DAY_SECONDS - 1)).unwrap());
        assert_eq!(gaen_day_key(&base(), Wall(BEGINS.0 - 1)), None);
    }

    #[test]
    fn keys_are_kept_by_network_and_show_nothing() {
        let mut keys = BeaconKeys::default();
        keys.insert(Network::Gaen, base());
        keys.insert(Network::Robert, base());
        assert_eq!(keys.of(Network::Gaen), Some(&base()));
        assert_eq!(keys.of(Network::Bluezone), None);
        assert_eq!(keys.of(Network::Robert), None, "it cannot be joined");
        assert_eq!(format!("{keys:?} {:?}", base()), "BeaconKeys(1 of 4) BaseKey(…)");
    }
}
