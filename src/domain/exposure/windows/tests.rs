//! Days and half-hours: of rows, of several phones, of keys that are taken back.

use super::*;
use crate::domain::advert::Dbm;
use crate::domain::exposure::published::{PublishedKey, TemporaryExposureKey};
use crate::domain::network::{Network, gaen};
use crate::domain::sighting::{ProximityId, SendingPower};

/// 2026-03-02T08:00:00 in Viet Nam.
const MORNING: i64 = 1_772_413_200;
const ZONE: Zone = Zone::VIET_NAM;

fn row(first: i64, slots: i64, near_seconds: u32) -> Remembered {
    Remembered {
        network: Network::Gaen,
        id: ProximityId::Rpi([7; 16]),
        first: Wall(first),
        last: Wall(first + slots * SLOT_SECONDS),
        wall_trusted: true,
        sightings: 10,
        strongest: Dbm(-60),
        median: Dbm(-70),
        tx_power: SendingPower::Unsaid,
        near_seconds,
    }
}

fn contact(key: u8, report: ReportKind, row: Remembered) -> Contact {
    let tek = TemporaryExposureKey {
        key: [key; 16],
        rolling_start: 2_650_000,
        rolling_period: 144,
        report,
        transmission_risk: 0,
        onset_days: None,
    };
    // In the order of the numbers.
    let digest = KeyDigest([key; 32]);
    let mut key = KeyInBrief::of(&PublishedKey::Gaen(tek));
    key.digest = digest;
    Contact { key, row }
}

fn near(windows: &[Window]) -> Vec<(i64, u32)> {
    windows.iter().map(|window| (window.begin.0 - MORNING, window.near_seconds)).collect()
}

fn notice(found: KeyExposure, learned: i64) -> ExposureNotice {
    ExposureNotice { exposure: found.exposure, learned: Wall(learned) }
}

#[test]
fn ids_of_one_phone_add_up_in_their_half_hours() {
    let confirmed = ReportKind::ConfirmedTest;
    let loud =
        Remembered { tx_power: SendingPower::Stated(Dbm(-10)), ..row(MORNING + 900, 1, 601) };
    let contacts = [
        contact(1, confirmed, row(MORNING, 0, 100)),
        contact(1, confirmed, loud),
        contact(1, confirmed, row(MORNING + 1_800, 0, 7)),
    ];
    let found = of_each_key(&contacts, ZONE);
    let [KeyExposure { exposure, .. }] = &found[..] else { panic!("{found:?}") };
    // 601 s over two quarters of an hour: the odd second counts in the first.
    assert_eq!(near(&exposure.windows), [(0, 401), (1_800, 307)]);
    assert_eq!(exposure.windows[0].attenuation_db, Some(60));
    assert_eq!(exposure.id.day, Wall(MORNING).day_start(ZONE));
}

#[test]
fn what_a_phone_sealed_is_opened_with_its_key() {
    let rpi = [7; 16];
    let told = |key: u8, metadata: [u8; 4], median| {
        let sealed = gaen::associated_metadata(&[1; 16], &rpi, metadata);
        let tx_power = SendingPower::Sealed(sealed);
        let row = Remembered { tx_power, median: Dbm(median), ..row(MORNING, 0, 100) };
        of_each_key(&[contact(key, ReportKind::Unknown, row)], ZONE)[0].exposure.windows[0]
            .attenuation_db
    };
    assert_eq!(told(1, [0x40, 0xF1, 0, 0], -70), Some(55));
    assert_eq!(told(1, [0x50, 20, 0, 0], -107), Some(127));
    assert_eq!(told(1, [0x40, 0xCE, 0, 0], -40), Some(0), "louder than it says it sends");
    assert_eq!(told(1, [0x40, 21, 0, 0], -70), None, "no phone sends so loud");
    assert_eq!(told(1, [0x80, 0xF1, 0, 0], -70), None, "another version");
    assert_eq!(told(2, [0x40, 0xF1, 0, 0], -70), None, "another key reads nonsense here");
}

#[test]
fn a_night_belongs_to_two_days() {
    let midnight = Wall(MORNING).day_start(ZONE).0;
    let found = of_each_key(&[contact(1, ReportKind::Unknown, row(midnight - 900, 2, 300))], ZONE);
    let days: Vec<_> = found.iter().map(|found| found.exposure.id.day.0 - midnight).collect();
    assert_eq!(days, [-86_400, 0]);
    assert_eq!(near(&found[1].exposure.windows), [(midnight - MORNING, 200)]);
}

#[test]
fn a_half_hour_holds_no_more_than_it_has() {
    let many: Vec<_> =
        (0..9).map(|_| contact(1, ReportKind::Unknown, row(MORNING, 0, 900))).collect();
    let found = of_each_key(&many, ZONE);
    assert_eq!(near(&found[0].exposure.windows), [(0, 1_800)]);
    // A row that never ends is followed for two days.
    let found = of_each_key(&[contact(1, ReportKind::Unknown, row(0, 1_000_000, 0))], ZONE);
    assert_eq!(found.iter().map(|found| found.exposure.windows.len()).sum::<usize>(), 96);
}

#[test]
fn several_phones_are_told_as_one_day_and_the_longest_counts() {
    let confirmed = ReportKind::ConfirmedTest;
    let found = of_each_key(
        &[
            contact(1, confirmed, row(MORNING, 0, 100)),
            contact(2, confirmed, row(MORNING, 3, 800)),
            contact(3, ReportKind::SelfReport, row(MORNING, 0, 900)),
            contact(4, confirmed, row(MORNING + 86_400, 0, 5)),
            contact(5, ReportKind::Revoked, row(MORNING, 0, 900)),
        ],
        ZONE,
    );
    let learned = found.into_iter().zip([30, 50, 10, 20, 40]);
    let told = merged(learned.map(|(found, learned)| notice(found, learned)).collect());
    let what: Vec<_> = told
        .iter()
        .map(|told| (told.exposure.id.report, near(&told.exposure.windows), told.learned.0))
        .collect();
    assert_eq!(
        what,
        [
            (confirmed, vec![(86_400, 5)], 20),
            (confirmed, vec![(0, 400), (1_800, 400)], 50),
            (ReportKind::SelfReport, vec![(0, 900)], 10),
        ]
    );
}
