//! Rows of what was heard: one for each id and visit, coarse, exact in what they count, bounded.

use std::time::Duration;

use super::*;
use crate::domain::presence::tracker::Tracker;
use crate::domain::sighting::{Sighting, Subject, TxClass};

/// 2026-03-02T08:00:00 in Viet Nam: a quarter of an hour begins.
const MORNING: Wall = Wall(1_772_413_200);

fn at(seconds: u64) -> Now {
    let seconds_i64 = i64::try_from(seconds).unwrap();
    Now {
        mono: Mono::from_millis(seconds * 1_000),
        wall: Wall(MORNING.0 + seconds_i64),
        wall_trusted: true,
    }
}

fn heard(number: u32, rssi: i8) -> HeardId {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    let (network, id) = (Network::Gaen, ProximityId::Rpi(id));
    let tx_power = SendingPower::Unsaid;
    HeardId { network, id, rssi: Dbm(rssi), tx_power, near: rssi >= -86 }
}

/// What a store makes of the batches: rows that may change, and rows that have settled.
#[derive(Default)]
struct Kept {
    hearing: Vec<Remembered>,
    settled: Vec<Remembered>,
}

impl Kept {
    fn take(&mut self, remembering: &mut Remembering, now: Now) -> bool {
        let Some(batch) = remembering.take_batch(now) else { return false };
        remembering.handle_written(true);
        let is = |one: &Remembered, other: &Remembered| one.id == other.id;
        for row in batch.rows {
            self.hearing.retain(|other| !is(other, &row));
            self.hearing.push(row);
        }
        if let Some(open) = batch.still_open {
            self.hearing.retain(|row| !open.iter().any(|other| is(other, row)));
            self.settled.append(&mut self.hearing);
            self.hearing = open;
        }
        true
    }
}

#[test]
fn one_row_for_each_id_and_visit() {
    let (mut remembering, mut kept) = (Remembering::default(), Kept::default());
    // There for a minute, gone, back four minutes later in the same quarter of an hour; and again
    // an hour later.
    for second in 0..9_000 {
        if matches!(second, 0..60 | 300..360 | 3_900..3_960) {
            remembering.hear(&heard(1, -70), None, at(second));
        }
        kept.take(&mut remembering, at(second));
    }
    assert_eq!(kept.hearing, []);
    let visits: Vec<_> = kept.settled.iter().map(|row| (row.first, row.sightings)).collect();
    assert_eq!(visits, [(MORNING, 120), (Wall(MORNING.0 + 3_600), 60)]);
}

#[test]
fn a_visit_that_goes_on_stays_one_row() {
    let (mut remembering, mut kept) = (Remembering::default(), Kept::default());
    for second in 600..1_200 {
        remembering.hear(&heard(1, -70), None, at(second));
        kept.take(&mut remembering, at(second));
        assert!(kept.settled.is_empty(), "second {second}");
    }
    kept.take(&mut remembering, at(1_801));
    let [row] = kept.settled[..] else { panic!("{:?}", kept.settled) };
    assert_eq!((row.first, row.last), (MORNING, Wall(MORNING.0 + SLOT_SECONDS)));
    assert_eq!(row.sightings, 600);
    assert_eq!(row.near_seconds, 599);
}

#[test]
fn levels_are_counted_exactly() {
    let mut random = fastrand::Rng::with_seed(4);
    for _ in 0..50 {
        let mut remembering = Remembering::default();
        let mut levels: Vec<i8> = (0..random.usize(1..200)).map(|_| random.i8(..)).collect();
        for (second, &level) in (0..).zip(&levels) {
            remembering.hear(&heard(1, level), None, at(second));
        }
        let end = u64::try_from(levels.len()).unwrap();
        let rows = remembering.take_batch(at(end)).unwrap().still_open.unwrap();
        levels.sort_unstable();
        assert_eq!(rows[0].strongest.0, *levels.last().unwrap());
        assert_eq!(rows[0].median.0, levels[(levels.len() - 1) / 2]);
    }
    // More than a count can hold: the median stays where it is.
    let mut remembering = Remembering::default();
    for turn in 0..200_000 {
        remembering.hear(&heard(1, if turn % 4 == 0 { -90 } else { -60 }), None, at(turn / 250));
    }
    let rows = remembering.take_batch(at(899)).unwrap().still_open.unwrap();
    assert_eq!((rows[0].median.0, rows[0].sightings), (-60, 200_000));
}

#[test]
fn near_time_bridges_silences_of_an_app_and_no_longer_ones() {
    let mut remembering = Remembering::default();
    // Near from 0 to 10 s, silent for 15 s, near until 30 s; far until 40 s; near at 100 s.
    for second in (0..=10).chain(25..=30) {
        remembering.hear(&heard(1, -70), None, at(second));
    }
    for second in (31..=40).step_by(3) {
        remembering.hear(&heard(1, -95), None, at(second));
    }
    remembering.hear(&heard(1, -70), None, at(100));
    let rows = remembering.take_batch(at(120)).unwrap().still_open.unwrap();
    assert_eq!(rows[0].near_seconds, 31);
}

#[test]
fn what_an_id_seals_is_kept_unless_it_comes_with_another() {
    let kept = |said: &[SendingPower]| {
        let mut remembering = Remembering::default();
        for (second, &tx_power) in (0..).zip(said) {
            remembering.hear(&HeardId { tx_power, ..heard(1, -70) }, None, at(second));
        }
        remembering.take_batch(at(20)).unwrap().still_open.unwrap()[0].tx_power
    };
    let (one, other) = (SendingPower::Sealed([1; 4]), SendingPower::Sealed([2; 4]));
    assert_eq!(kept(&[SendingPower::Unsaid, one, one, SendingPower::Unsaid]), one);
    assert_eq!(kept(&[one, other, one]), SendingPower::Contradicted);
    assert_eq!(kept(&[other, one, one]), SendingPower::Contradicted);
}

#[test]
fn a_batch_comes_within_ten_seconds_and_only_when_there_is_news() {
    let (mut remembering, mut kept) = (Remembering::default(), Kept::default());
    assert!(kept.take(&mut remembering, at(1)), "the first tells that nothing is open");
    assert_eq!(remembering.poll_timeout(), None);
    remembering.hear(&heard(1, -70), None, at(3));
    assert_eq!(remembering.poll_timeout(), Some(at(13).mono));
    assert!(!kept.take(&mut remembering, at(12)));
    assert!(kept.take(&mut remembering, at(13)));
    assert_eq!(kept.hearing.len(), 1);
    assert_eq!(remembering.poll_timeout(), None);
    assert!(!kept.take(&mut remembering, at(60)));
}

#[test]
fn what_was_not_written_is_handed_out_again() {
    let (mut remembering, mut kept) = (Remembering::default(), Kept::default());
    kept.take(&mut remembering, at(0));
    for second in [5, 20, 905] {
        remembering.hear(&heard(1, -70), None, at(second));
        assert!(remembering.take_batch(at(second + 10)).is_some());
        assert_eq!(remembering.take_batch(at(second + 30)), None, "one at a time");
        remembering.handle_written(false);
    }
    // Gone by now, and handed out at the end of its quarter of an hour, in vain.
    assert!(remembering.take_batch(at(1_805)).is_some());
    remembering.handle_written(false);
    kept.take(&mut remembering, at(1_816));
    let [row] = kept.settled[..] else { panic!("{:?}", kept.settled) };
    assert_eq!(row.sightings, 3);
    assert!(kept.hearing.is_empty());
}

#[test]
fn is_bounded_and_loses_no_visit_to_a_crowd() {
    let (mut remembering, mut kept) = (Remembering::default(), Kept::default());
    let max = u32::try_from(policy::REMEMBERED_OPEN_MAX).unwrap();
    let all = policy::REMEMBERED_OPEN_MAX;
    kept.take(&mut remembering, at(0));
    for number in 0..max + 100 {
        remembering.hear(&heard(number, -70), None, at(1 + u64::from(number) / 1_000));
    }
    assert_eq!((remembering.open.len(), remembering.left_out()), (all, 0));
    kept.take(&mut remembering, at(20));
    assert_eq!(kept.hearing.len(), all + 100);
    // And of a flood of invented ones only so many are taken up.
    for number in 0..2 * policy::REMEMBERED_IN_SLOT_MAX {
        remembering.hear(&heard(number + 1_000_000, -70), None, at(21 + u64::from(number) / 1_000));
    }
    assert!(remembering.left_out() >= u64::from(policy::REMEMBERED_IN_SLOT_MAX));
    assert!(remembering.unsent.len() <= policy::REMEMBERED_OPEN_MAX);
}

/// Forty places of a tracker.
fn places() -> Vec<Place> {
    let mut tracker = Tracker::default();
    let mut place = |number| {
        let HeardId { network, id, rssi, .. } = heard(number, -70);
        let subject = Subject::Id(network, id);
        let sighting = Sighting { subject, strength: None, tx_class: TxClass::Low, rssi };
        tracker.hear(&sighting, at(1).mono)
    };
    (0..40).map(&mut place).collect()
}

/// Which place of the tracker an id is heard at says where it may stand, and never that it stands
/// there: ids that were written out in a crowd, have moved, gone and come back are found all the same.
#[test]
fn no_place_of_the_tracker_leads_to_another_id() {
    let places = places();
    let mut random = fastrand::Rng::with_seed(7);
    let (mut told, mut untold) = (Remembering::default(), Remembering::default());
    let crowd = u32::try_from(policy::REMEMBERED_OPEN_MAX).unwrap() + 200;
    let mut right = 0;
    for step in 0..12_000 {
        let number = match step {
            ..5_000 => step % crowd,
            _ if step % 3 == 0 => random.u32(0..crowd),
            _ => random.u32(0..40),
        };
        let now = at(u64::from(step / 10));
        let place = if random.bool() { number % 40 } else { random.u32(0..40) };
        let place = places[usize::try_from(place).unwrap()];
        let heard = heard(number, random.i8(-100..-40));
        let guess = told.guesses[place.index()];
        right +=
            u32::from(told.open.get(usize::from(guess)).is_some_and(|open| open.is_of(&heard)));
        told.hear(&heard, Some(place), now);
        untold.hear(&heard, None, now);
        if step % 97 == 0 {
            assert_eq!(told.take_batch(now), untold.take_batch(now), "step {step}");
            let written = random.bool();
            told.handle_written(written);
            untold.handle_written(written);
        }
    }
    assert!(right > 500 && told.open.len() > 40, "{right}, {}", told.open.len());
    assert_eq!(told.take_batch(at(2_000)), untold.take_batch(at(2_000)));
}

#[test]
fn a_clock_that_is_set_right_sets_right_what_is_open() {
    let mut remembering = Remembering::default();
    let wrong = |now: Now| Now { wall: Wall(now.wall.0 - 86_400), wall_trusted: false, ..now };
    remembering.hear(&heard(1, -70), None, wrong(at(100)));
    let rows = remembering.take_batch(wrong(at(110))).unwrap().still_open.unwrap();
    assert_eq!((rows[0].first, rows[0].wall_trusted), (Wall(MORNING.0 - 86_400), false));
    remembering.handle_written(true);
    let rows = remembering.take_batch(at(120)).unwrap().still_open.unwrap();
    assert_eq!((rows[0].first, rows[0].wall_trusted), (MORNING, true));
}

/// Who had which id cannot be told: had the visitors of one quarter of an hour had each other's
/// ids, the same would have been written.
#[test]
fn visitors_of_one_slot_cannot_be_told_apart() {
    let arrivals = [17_u64, 140, 141, 300, 512, 640];
    let written = |order: [u32; 6]| {
        let (mut remembering, mut kept) = (Remembering::default(), Kept::default());
        let mut batches = Vec::new();
        for second in 0..1_900 {
            for (arrival, id) in arrivals.iter().zip(order) {
                // Each stays for a minute, at the same level.
                if (*arrival..arrival + 60).contains(&second) {
                    remembering.hear(&heard(id, -70), None, at(second));
                }
            }
            if let Some(batch) = remembering.take_batch(at(second)) {
                remembering.handle_written(true);
                batches.push(batch);
            }
        }
        for batch in batches {
            for row in batch.rows {
                kept.hearing.retain(|other| other.id != row.id);
                kept.hearing.push(row);
            }
            if batch.still_open.is_some_and(|open| open.is_empty()) {
                kept.hearing.sort_unstable_by_key(|row| row.id);
                kept.settled.append(&mut kept.hearing);
            }
        }
        kept.settled
    };
    let as_they_came = written([1, 2, 3, 4, 5, 6]);
    assert_eq!(as_they_came.len(), 6);
    for order in [[6, 5, 4, 3, 2, 1], [2, 1, 4, 3, 6, 5], [3, 6, 1, 5, 2, 4]] {
        assert_eq!(written(order), as_they_came);
    }
}

#[test]
fn nothing_of_an_id_is_shown() {
    let mut remembering = Remembering::default();
    remembering.hear(&heard(0x5ec2_e700, -70), None, at(1));
    let batch = remembering.take_batch(at(20)).unwrap();
    let shown = format!("{batch:?} {:?} {remembering:?}", batch.still_open.as_ref().unwrap()[0]);
    assert!(!shown.contains("94, 194") && !shown.to_lowercase().contains("5ec2"), "{shown}");
    assert!(Duration::from_secs(10) >= policy::REMEMBER_EVERY);
}
