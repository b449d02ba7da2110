//! What is left of a published key once its rows are found: which key it was, what its file says of the
//! illness, and what opens what phones have sealed under it.
//!
//! The store keeps the digest alone. The rest lives until what a file has brought is laid together.

use std::fmt;

use sha2::{Digest, Sha256};

use super::published::{PublishedKey, ReportKind};
use crate::domain::advert::Dbm;
use crate::domain::network::gaen;
use crate::domain::remembering::Remembered;
use crate::domain::sighting::{ProximityId, SendingPower};

/// Which published key it was, without the key: enough to find it again when it is taken back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyDigest(pub [u8; 32]);

impl KeyDigest {
    /// SHA-256 over the network, the key and the moment from which it counts.
    #[must_use]
    pub fn of(key: &PublishedKey) -> Self {
        let (bytes, begin): (&[u8], i64) = match key {
            PublishedKey::Gaen(key) => (&key.key, key.rolling_start.into()),
            PublishedKey::Bluezone(case) => (&case.day_key, case.begin.0),
            PublishedKey::Dp3t(exposee) => (&exposee.key, exposee.begin.0),
            PublishedKey::Herald(key) => (&key.key, key.begin.0),
        };
        let hash = Sha256::new()
            .chain_update(b"kiosk-published-key-1\n")
            .chain_update(key.network().name())
            .chain_update(b"\n")
            .chain_update(bytes)
            .chain_update(begin.to_be_bytes());
        Self(hash.finalize().into())
    }
}

impl fmt::Debug for KeyDigest {
    /// Nothing of it: whoever has the published file could tell whose key it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyDigest(…)")
    }
}

/// A published key whose rows were found. `Debug` shows nothing of the key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyInBrief {
    /// Which key.
    pub digest: KeyDigest,
    /// What its file says of the illness; networks other than Exposure Notification do not say.
    pub report: ReportKind,
    /// Exposure Notification's key itself, for what its phone has sealed.
    opens: Option<[u8; 16]>,
}

impl KeyInBrief {
    /// What is left of a key.
    #[must_use]
    pub fn of(key: &PublishedKey) -> Self {
        let (report, opens) = match key {
            PublishedKey::Gaen(key) => (key.report, Some(key.key)),
            PublishedKey::Bluezone(_) | PublishedKey::Dp3t(_) | PublishedKey::Herald(_) => {
                (ReportKind::Unknown, None)
            }
        };
        Self { digest: KeyDigest::of(key), report, opens }
    }

    /// At which power the phone says that it sent what was heard in this row of the key's. `None`
    /// where it says nothing, or nothing that can be.
    #[must_use]
    pub fn sending_power(&self, row: &Remembered) -> Option<Dbm> {
        match (row.tx_power, row.id, &self.opens) {
            (SendingPower::Sealed(sealed), ProximityId::Rpi(rpi), Some(key)) => {
                gaen::sending_power(key, &rpi, sealed)
            }
            (said, ..) => said.stated(),
        }
    }
}

impl fmt::Debug for KeyInBrief {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyInBrief({:?})", self.report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::exposure::published::{BluezoneCase, TemporaryExposureKey};
    use crate::domain::moment::Wall;
    use crate::domain::network::bluezone::SlotsPerDay;

    #[test]
    fn a_digest_tells_keys_apart_and_shows_none() {
        let key = TemporaryExposureKey {
            key: [9; 16],
            rolling_start: 2_650_000,
            rolling_period: 144,
            report: ReportKind::ConfirmedTest,
            transmission_risk: 0,
            onset_days: None,
        };
        let of = |key| KeyDigest::of(&PublishedKey::Gaen(key));
        assert_eq!(of(key), of(TemporaryExposureKey { report: ReportKind::Revoked, ..key }));
        assert_ne!(of(key), of(TemporaryExposureKey { rolling_start: 2_650_144, ..key }));
        assert_ne!(of(key), of(TemporaryExposureKey { key: [8; 16], ..key }));
        let case = BluezoneCase {
            day_key: [9; 32],
            begin: Wall(0),
            end: Wall(86_400),
            slots: SlotsPerDay::DEFAULT,
        };
        assert_eq!(KeyInBrief::of(&PublishedKey::Bluezone(case)).report, ReportKind::Unknown);
        assert_eq!(format!("{:?}", of(key)), "KeyDigest(…)");
        let brief = KeyInBrief::of(&PublishedKey::Gaen(key));
        assert_eq!(format!("{brief:?}"), "KeyInBrief(ConfirmedTest)");
    }
}
