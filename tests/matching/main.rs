//! Which rows of the book a published key explains: at the edges of each network's window, against
//! a naive matcher, and with the vectors that were published.
#![expect(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "functions that tests share say what they skip, and fail as tests do"
)]

mod any;
mod naive;
mod vectors;

use kiosk::domain::exposure::heard::Heard;
use kiosk::domain::exposure::matcher::{HeardIds, MATCHES_MAX, Match, TooManyMatches};
use kiosk::domain::exposure::published::{
    BluezoneCase, Dp3tExposee, MatchingKey, PublishedKey, ReportKind, TemporaryExposureKey,
};
use kiosk::domain::moment::Wall;
use kiosk::domain::network::bluezone::SlotsPerDay;
use kiosk::domain::network::gaen::IdKey;
use kiosk::domain::network::{bluezone, dp3t, herald};
use kiosk::domain::sighting::ProximityId;

/// 2021-06-01T00:00:00Z.
const DAY: i64 = 1_622_505_600;
const INTERVAL: u32 = 2_704_176;

/// An id that was heard in the quarter that begins at `first`, and up to the one at `last`.
fn heard(id: ProximityId, first: i64, last: i64) -> Heard {
    Heard { row: 7, id, first: Wall(first), last: Wall(last) }
}

/// A key of Exposure Notification that begins on the day.
fn tek(rolling_period: u8) -> TemporaryExposureKey {
    TemporaryExposureKey {
        key: [9; 16],
        rolling_start: INTERVAL,
        rolling_period,
        report: ReportKind::Unknown,
        transmission_risk: 0,
        onset_days: None,
    }
}

fn matches(heard: &[Heard], keys: &[PublishedKey]) -> Vec<Match> {
    let mut found = Vec::new();
    HeardIds::new(heard.iter().copied()).match_keys(keys, &mut found).unwrap();
    found.sort();
    found
}

fn counts(heard: Heard, key: PublishedKey) -> bool {
    !matches(&[heard], &[key]).is_empty()
}

#[test]
fn exposure_notification_from_two_hours_before_to_two_hours_after() {
    let key = tek(144);
    for interval in [0, 1, 2, 70, 143] {
        let id = ProximityId::Rpi(IdKey::new(&key.key).rpi(INTERVAL + interval));
        let begin = DAY + i64::from(interval) * 600;
        for first in (DAY - 14_400..DAY + 100_800).step_by(900) {
            let expected = first < begin + 7_800 && first + 900 > begin - 7_200;
            let key = PublishedKey::Gaen(key);
            assert_eq!(counts(heard(id, first, first), key), expected, "{interval}: {first}");
        }
        let all_day = heard(id, DAY - 86_400, DAY + 86_400);
        let expected = Match { row: 7, key: 0, begin: Wall(begin), end: Wall(begin + 600) };
        assert_eq!(matches(&[all_day], &[PublishedKey::Gaen(key)]), [expected], "once, not thrice");
    }
}

#[test]
fn exposure_notification_ends_with_the_rolling_period() {
    for (period, interval, expected) in
        [(1, 0, true), (1, 1, false), (100, 99, true), (100, 100, false), (0, 0, false)]
    {
        let key = tek(period);
        let id = ProximityId::Rpi(IdKey::new(&key.key).rpi(INTERVAL + interval));
        let at = DAY + i64::from(interval) * 600 / 900 * 900;
        assert_eq!(counts(heard(id, at, at), PublishedKey::Gaen(key)), expected, "{period}");
    }
    let beyond = ProximityId::Rpi(IdKey::new(&tek(255).key).rpi(INTERVAL + 144));
    let at = DAY + 86_400;
    assert!(!counts(heard(beyond, at, at), PublishedKey::Gaen(tek(255))), "a day at most");
    let last = TemporaryExposureKey { rolling_start: u32::MAX, ..tek(144) };
    assert!(!counts(heard(beyond, at, at), PublishedKey::Gaen(last)));
}

#[test]
fn bluezone_from_the_first_second_of_a_slot_to_the_first_of_the_next() {
    let (day_key, slots) = ([3; 32], SlotsPerDay::DEFAULT);
    let case = |end| {
        PublishedKey::Bluezone(BluezoneCase { day_key, begin: Wall(DAY), end: Wall(end), slots })
    };
    for slot in [0, 1, 95, 96, 200] {
        let at = DAY + slot * 900;
        let id = bluezone::derive(&day_key, Wall(DAY), Wall(at), slots).unwrap().id;
        for (off, expected) in [(-2, false), (-1, false), (0, true), (1, true), (2, false)] {
            let heard = heard(id, at + off * 900, at + off * 900);
            assert_eq!(counts(heard, case(DAY + 3 * 86_400)), expected, "slot {slot}, {off}");
        }
        assert!(counts(heard(id, at, at), case(at)), "the slot that begins with the end counts");
        assert!(!counts(heard(id, at, at), case(at - 1)));
    }
}

#[test]
fn dp3t_on_the_day_and_before_the_release() {
    let key = [5; 32];
    let next = dp3t::next_day_key(&key);
    let exposee = |released| {
        PublishedKey::Dp3t(Dp3tExposee { key, begin: Wall(DAY), released: Wall(released) })
    };
    for (day_key, day) in [(key, DAY), (next, DAY + 86_400)] {
        let id = ProximityId::EphId(dp3t::ephids(&day_key)[40]);
        let late = DAY + 10 * 86_400;
        for (first, expected) in
            [(-900, false), (0, true), (43_200, true), (85_500, true), (86_400, false)]
        {
            let first = day + first;
            assert_eq!(counts(heard(id, first, first), exposee(late)), expected, "{first}");
        }
        let noon = day + 43_200;
        assert!(!counts(heard(id, noon, noon), exposee(noon)));
        assert!(counts(heard(id, noon, noon), exposee(noon + 1)));
    }
}

#[test]
fn herald_within_its_own_six_minutes() {
    let key = [6; 32];
    for period in [0, 1, 2, 3, 239] {
        let begin = DAY + period * 360;
        let id = herald::derive(&key, Wall(DAY), Wall(begin)).unwrap().id;
        for first in (DAY - 1_800..DAY + 90_000).step_by(900) {
            let expected = first < begin + 360 && first + 900 > begin;
            let key = PublishedKey::Herald(MatchingKey { key, begin: Wall(DAY) });
            assert_eq!(counts(heard(id, first, first), key), expected, "{period}: {first}");
        }
    }
}

#[test]
fn times_that_no_calendar_has_are_no_trouble() {
    let year_9999 = 253_402_300_799;
    let far = [i64::MIN, -1, 0, year_9999, 3_865_470_566_399, i64::MAX].map(Wall);
    let (key, slots) = ([8; 32], SlotsPerDay::DEFAULT);
    let mut keys = vec![PublishedKey::Gaen(TemporaryExposureKey { rolling_start: 0, ..tek(144) })];
    for begin in far {
        keys.push(PublishedKey::Herald(MatchingKey { key, begin }));
        for end in far {
            keys.push(PublishedKey::Bluezone(BluezoneCase { day_key: key, begin, end, slots }));
            keys.push(PublishedKey::Dp3t(Dp3tExposee { key, begin, released: end }));
        }
    }
    let id = [7; 16];
    let mut rows = Vec::new();
    for (first, last) in far.into_iter().flat_map(|first| far.map(|last| (first, last))) {
        let bluezone = ProximityId::Bluezone([7; 12]);
        for id in [ProximityId::Rpi(id), bluezone, ProximityId::EphId(id), ProximityId::Herald(id)]
        {
            rows.push(heard(id, first.0, last.0));
        }
    }
    assert_eq!(matches(&rows, &keys), []);
}

#[test]
fn of_a_clock_that_was_wrong_on_many_days_the_latest_days_count() {
    let key = tek(144);
    let found = |day: u32| {
        let rolling_start = day * 144;
        let id = ProximityId::Rpi(IdKey::new(&key.key).rpi(rolling_start));
        let mut rows: Vec<_> =
            (0..2_000).map(|day| day * 86_400).map(|first| heard(id, first, first)).collect();
        rows.extend([heard(id, DAY, DAY)]);
        matches(&rows, &[PublishedKey::Gaen(TemporaryExposureKey { rolling_start, ..key })]).len()
    };
    assert_eq!([found(INTERVAL / 144), found(1_999), found(1_000)], [1, 1, 0]);
}

#[test]
fn a_row_may_have_more_than_one_key_and_a_key_more_than_one_row() {
    let id = ProximityId::Rpi(IdKey::new(&tek(144).key).rpi(INTERVAL));
    let rows = [1, 2].map(|row| Heard { row, ..heard(id, DAY, DAY) });
    let found = matches(&rows, &[PublishedKey::Gaen(tek(144)); 3]);
    let pairs: Vec<_> = found.iter().map(|found| (found.row, found.key)).collect();
    assert_eq!(pairs, [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)]);
}

#[test]
fn more_matches_than_any_outbreak_has_are_refused() {
    let id = ProximityId::Rpi(IdKey::new(&tek(144).key).rpi(INTERVAL));
    let heard = HeardIds::new((0..1 << 11).map(|row| Heard { row, ..heard(id, DAY, DAY) }));
    let keys = vec![PublishedKey::Gaen(tek(144)); (1 << 9) + 1];
    let mut found = Vec::new();
    assert_eq!(heard.match_keys(&keys[1..], &mut found), Ok(()));
    assert_eq!(found.len(), MATCHES_MAX);
    found.clear();
    assert_eq!(heard.match_keys(&keys, &mut found), Err(TooManyMatches));
    assert_eq!(found.len(), MATCHES_MAX);
}

#[test]
fn only_ids_of_networks_with_published_keys_are_kept() {
    let ids = [ProximityId::BluezoneV1(*b"abcdef"), ProximityId::Robert([1; 9])];
    let index = HeardIds::new(ids.map(|id| heard(id, DAY, DAY)));
    assert!(index.is_empty());
    let index = HeardIds::new([heard(ProximityId::Bluezone([1; 12]), DAY, DAY)]);
    assert_eq!((index.len(), format!("{index:?}").as_str()), (1, "HeardIds(1)"));
}
