//! From warnings of this door's own code to what is said of them: the half-hours in which somebody
//! who had scanned it was here, and was infectious.
//!
//! A warning says from when to when, in intervals of ten minutes. It says nothing of nearness, and
//! nothing of how the illness was found. Which warnings are of this door is not decided here.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::key::KeyDigest;
use super::published::ReportKind;
use super::trace::Trace;
use super::windows::{Exposure, ExposureId, KeyExposure, WINDOW_SECONDS, Window};
use crate::domain::moment::{Wall, Zone};
use crate::domain::venue::warning::Warning;

impl KeyDigest {
    /// SHA-256 over what a warning of this door says: however often it is published, and under
    /// whichever of the door's codes, it is one.
    #[must_use]
    pub fn of_warning(warning: &Warning) -> Self {
        let hash = Sha256::new()
            .chain_update(b"kiosk-venue-warning-1\n")
            .chain_update(warning.begin.0.to_be_bytes())
            .chain_update(warning.end.0.to_be_bytes())
            .chain_update([warning.transmission_risk]);
        Self(hash.finalize().into())
    }
}

/// One exposure for each warning and day, as far as it is past by `now`.
#[must_use]
pub fn of_warnings(warnings: &[Warning], zone: Zone, now: Wall) -> Vec<KeyExposure> {
    let mut found: BTreeMap<(KeyDigest, Wall), Vec<Window>> = BTreeMap::new();
    for warning in warnings.iter().collect::<BTreeSet<_>>() {
        let key = KeyDigest::of_warning(warning);
        let mut begin = warning.begin.0 - warning.begin.0.rem_euclid(WINDOW_SECONDS);
        while begin < warning.end.0.min(now.0) {
            let window = Window { begin: Wall(begin), near_seconds: 0, attenuation_db: None };
            found.entry((key, window.begin.day_start(zone))).or_default().push(window);
            begin += WINDOW_SECONDS;
        }
    }
    let exposure = |((key, day), windows)| {
        let id = ExposureId { trace: Trace::VenueCode, day, report: ReportKind::Unknown };
        KeyExposure { key, exposure: Exposure { id, windows } }
    };
    found.into_iter().map(exposure).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2021-06-02T23:00:00 in Viet Nam.
    const LATE: i64 = 1_622_649_600;

    fn warning(from_minutes: i64, to_minutes: i64) -> Warning {
        let at = |minutes| Wall(LATE + minutes * 60);
        Warning { begin: at(from_minutes), end: at(to_minutes), transmission_risk: 5 }
    }

    /// The day and the first minutes of the half-hours, of each exposure.
    fn told(warnings: &[Warning], now: i64) -> Vec<(i64, Vec<i64>)> {
        let now = Wall(LATE + now * 60);
        let minutes = |window: &Window| (window.begin.0 - LATE) / 60;
        let told = |of: KeyExposure| {
            assert_eq!(of.exposure.id.trace, Trace::VenueCode);
            let day = (of.exposure.id.day.0 - LATE) / 60;
            (day, of.exposure.windows.iter().map(minutes).collect())
        };
        of_warnings(warnings, Zone::VIET_NAM, now).into_iter().map(told).collect()
    }

    #[test]
    fn a_stay_is_told_in_half_hours_of_its_days() {
        assert_eq!(told(&[warning(10, 20)], 900), [(-1_380, vec![0])]);
        assert_eq!(told(&[warning(20, 40)], 900), [(-1_380, vec![0, 30])]);
        assert_eq!(told(&[warning(0, 30)], 900), [(-1_380, vec![0])]);
        let over_midnight = told(&[warning(30, 100)], 900);
        assert_eq!(over_midnight, [(-1_380, vec![30]), (60, vec![60, 90])]);
    }

    #[test]
    fn what_is_to_come_is_not_told() {
        assert_eq!(told(&[warning(0, 600)], 31), [(-1_380, vec![0, 30])]);
        assert_eq!(told(&[warning(0, 600)], 0), []);
    }

    #[test]
    fn a_warning_that_comes_twice_is_one() {
        assert_eq!(told(&[warning(0, 30), warning(0, 30)], 900).len(), 1);
        assert_eq!(told(&[warning(0, 30), warning(0, 20)], 900).len(), 2);
    }
}
