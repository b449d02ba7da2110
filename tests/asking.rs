//! Whom the kiosk asks for an id, whatever is heard, answered and waited for: one phone at a time,
//! never one that refused, at a cost that no minute exceeds.

#![expect(clippy::unwrap_used, reason = "functions that tests share fail as tests do")]

use std::collections::HashSet;
use std::time::Duration;

use kiosk::domain::advert::Address;
use kiosk::domain::asking::{Ask, Asking, Finding, Outcome, Question, Reading, Value};
use kiosk::domain::moment::{Mono, Now, Wall};
use kiosk::domain::network::Network;
use kiosk::domain::policy;
use kiosk::domain::sighting::{ProximityId, Subject};
use proptest::collection::vec;
use proptest::prelude::*;

/// 2026-03-02T08:00:00 in Viet Nam: a slot of Bluezone's begins.
const BEGAN: Wall = Wall(1_772_413_200);
const FROM_DBM: i16 = -82;

fn address(number: u8) -> Address {
    Address { bytes: [0x40, 0, 0, 0, 0, number], random: true }
}

fn at(ms: u64) -> Now {
    let began = Now { mono: Mono::from_millis(0), wall: BEGAN, wall_trusted: true };
    began.after(Duration::from_millis(ms))
}

fn hear(asking: &mut Asking, number: u8, dbm: i16, now: Now) -> Option<ProximityId> {
    asking.handle_candidate(address(number), Network::Bluezone, dbm, now.mono)
}

fn poll(asking: &mut Asking, now: Now) -> Option<Ask> {
    asking.poll(Some(policy::READ_BEFORE_VERDICT), FROM_DBM, now.mono)
}

fn asked(ask: Option<Ask>) -> Option<u8> {
    match ask? {
        Ask::Read(question) => Some(question.address.bytes[5]),
        Ask::Stop => None,
    }
}

fn answer(asking: &mut Asking, number: u8, outcome: Outcome, now: Now) -> Option<Finding> {
    let scan_off = Duration::from_millis(300);
    asking.handle_reading(&Reading { address: address(number), outcome, scan_off }, now)
}

fn id_of(number: u8) -> Outcome {
    Outcome::Value(Value(vec![number; 12]))
}

#[test]
fn the_nearest_first_and_one_at_a_time() {
    let mut asking = Asking::default();
    hear(&mut asking, 1, -75, at(0));
    hear(&mut asking, 2, -60, at(10));
    hear(&mut asking, 3, FROM_DBM - 1, at(20));
    assert_eq!(asked(poll(&mut asking, at(30))), Some(2));
    assert_eq!(poll(&mut asking, at(40)), None);
    let id = ProximityId::Bluezone([2; 12]);
    let subject = Subject::Candidate(Network::Bluezone, address(2));
    assert_eq!(answer(&mut asking, 2, id_of(2), at(500)), Some(Finding::Id(subject, id)));
    assert_eq!(asked(poll(&mut asking, at(510))), Some(1));
    assert_eq!(answer(&mut asking, 1, Outcome::Refused, at(900)), None);
    assert_eq!(poll(&mut asking, at(910)), None, "the third is too far away");
}

#[test]
fn who_does_not_answer_holds_up_nobody_else() {
    let mut asking = Asking::default();
    let mut order = Vec::new();
    for ms in (0..20_000).step_by(100) {
        for (number, dbm) in [(1, -50), (2, -55), (3, -70)] {
            hear(&mut asking, number, dbm, at(ms));
        }
        if let Some(number) = asked(poll(&mut asking, at(ms))) {
            order.push(number);
            let outcome = if number == 3 { id_of(3) } else { Outcome::TimedOut };
            // Each takes longer than the first pause.
            answer(&mut asking, number, outcome, at(ms + 6_000));
        }
    }
    assert_eq!(order[..3], [1, 2, 3]);
}

#[test]
fn what_was_read_is_known_until_the_slot_ends() {
    let mut asking = Asking::default();
    hear(&mut asking, 1, -60, at(0));
    assert_eq!(asked(poll(&mut asking, at(0))), Some(1));
    answer(&mut asking, 1, id_of(7), at(400));
    let slot_ms = 900_000;
    let id = Some(ProximityId::Bluezone([7; 12]));
    assert_eq!(hear(&mut asking, 1, -60, at(slot_ms - 1)), id);
    assert_eq!(poll(&mut asking, at(slot_ms - 1)), None);
    assert_eq!(hear(&mut asking, 1, -60, at(slot_ms + 400)), None);
    assert_eq!(asked(poll(&mut asking, at(slot_ms + 400))), Some(1));
}

#[test]
fn bytes_that_are_no_id_count_as_a_refusal() {
    for outcome in [
        Outcome::Value(Value(vec![1; 11])),
        Outcome::Value(Value(Vec::new())),
        Outcome::Refused,
        Outcome::NoService,
    ] {
        let mut asking = Asking::default();
        hear(&mut asking, 1, -60, at(0));
        assert_eq!(asked(poll(&mut asking, at(0))), Some(1));
        answer(&mut asking, 1, outcome.clone(), at(400));
        // Half an hour apart, so that the address lives.
        for half_hours in 0..48 {
            let now = at(500 + half_hours * 1_800_000);
            hear(&mut asking, 1, -60, now);
            assert_eq!(poll(&mut asking, now), None, "{outcome:?} {half_hours}");
        }
    }
}

#[test]
fn who_does_not_answer_is_asked_again_after_pauses_that_grow() {
    let mut asking = Asking::default();
    let mut asked_at = Vec::new();
    for ms in (0..200_000).step_by(100) {
        hear(&mut asking, 1, -60, at(ms));
        if asked(poll(&mut asking, at(ms))).is_some() {
            asked_at.push(ms);
            answer(&mut asking, 1, Outcome::TimedOut, at(ms));
        }
    }
    assert_eq!(asked_at, [0, 5_000, 15_000, 35_000, 75_000, 155_000]);
}

#[test]
fn an_answer_that_never_comes_is_not_waited_for() {
    let mut asking = Asking::default();
    hear(&mut asking, 1, -60, at(0));
    assert_eq!(asked(poll(&mut asking, at(0))), Some(1));
    hear(&mut asking, 2, -70, at(14_900));
    assert_eq!(poll(&mut asking, at(15_000)), None, "another adapter may take so long");
    assert_eq!(asked(poll(&mut asking, at(15_001))), Some(2));
    assert_eq!(answer(&mut asking, 1, id_of(1), at(15_002)), None, "it comes too late");
}

#[test]
fn a_reading_ends_with_its_visitor() {
    let mut asking = Asking::default();
    hear(&mut asking, 1, -60, at(0));
    let long = asking.poll(Some(policy::READ_WITHIN), FROM_DBM, at(0).mono);
    let Some(Ask::Read(Question { within, scan_off_max, .. })) = long else { panic!("{long:?}") };
    assert_eq!((within, scan_off_max), (policy::READ_WITHIN, policy::SCAN_OFF_MAX));
    // The next visitor's search leaves it two seconds, which are over.
    assert_eq!(poll(&mut asking, at(1_999)), None);
    assert_eq!(poll(&mut asking, at(2_000)), Some(Ask::Stop));
    assert_eq!(poll(&mut asking, at(2_001)), None, "it is told once");
    answer(&mut asking, 1, Outcome::Stopped, at(2_100));
    assert_eq!(asked(poll(&mut asking, at(2_200))), Some(1), "it did not fail to answer");
    assert_eq!(asking.poll(None, FROM_DBM, at(2_300).mono), Some(Ask::Stop));
}

#[derive(Clone, Debug)]
enum Deed {
    Hear(u8, i16),
    Wait(u64),
    /// The reading ends with this outcome, after so much of its time and of its cost.
    Answer(u8, u64, u32),
    /// A late or invented answer from somebody who was not asked.
    Intrude(u8),
    /// The visitor's search: none, before the verdict, after it.
    Limit(u8),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        8 => (0..30_u8, -90..-40_i16).prop_map(|(who, dbm)| Deed::Hear(who, dbm)),
        4 => (0..3_000_u64).prop_map(Deed::Wait),
        1 => (3_000..120_000_u64).prop_map(Deed::Wait),
        5 => (0..6_u8, 0..=100_u64, 0..=100_u32).prop_map(|(o, t, c)| Deed::Answer(o, t, c)),
        1 => (0..30_u8).prop_map(Deed::Intrude),
        2 => (0..3_u8).prop_map(Deed::Limit),
    ];
    vec(deed, 1..400)
}

/// What the model keeps.
#[derive(Default)]
struct Model {
    ms: u64,
    limit: Option<Duration>,
    under_way: Option<(Question, u64)>,
    /// End and cost of every reading.
    costs: Vec<(u64, Duration)>,
    refused: HashSet<Address>,
    told: HashSet<Address>,
    stopping: bool,
}

impl Model {
    fn handle_ask(&mut self, ask: Ask) {
        match ask {
            Ask::Read(question) => {
                assert!(self.under_way.is_none(), "two at once");
                assert_eq!(Some(question.within), self.limit);
                assert!(question.scan_off_max <= question.within);
                assert!(!self.refused.contains(&question.address), "it refused");
                assert!(!self.told.contains(&question.address), "it has told its id");
                self.under_way = Some((question, self.ms));
                self.stopping = false;
            }
            Ask::Stop => {
                assert!(self.under_way.is_some() && !self.stopping, "there is nothing to stop");
                self.stopping = true;
            }
        }
    }

    /// Ends the reading as a radio that keeps to its limits does.
    fn reading(&mut self, outcome: u8, time: u64, cost: u32) -> Option<Reading> {
        let (question, since) = self.under_way.take()?;
        let within = u64::try_from(question.within.as_millis()).unwrap();
        self.ms = self.ms.max(since + within * time / 100);
        let took = Duration::from_millis(self.ms - since);
        let scan_off = (question.scan_off_max * cost / 100).min(took);
        self.costs.push((self.ms, scan_off));
        let address = question.address;
        let outcome = match outcome {
            0 => id_of(address.bytes[5]),
            1 => Outcome::Refused,
            2 => Outcome::NoService,
            3 => Outcome::TimedOut,
            4 => Outcome::Busy,
            _ => Outcome::Stopped,
        };
        match outcome {
            Outcome::Value(_) => _ = self.told.insert(address),
            Outcome::Refused | Outcome::NoService => _ = self.refused.insert(address),
            Outcome::TimedOut | Outcome::Busy | Outcome::Stopped => {}
        }
        Some(Reading { address, outcome, scan_off })
    }

    fn assert_no_minute_costs_too_much(&self) {
        for &(end, _) in &self.costs {
            let minute =
                self.costs.iter().filter(|&&(other, _)| other <= end && end - other < 60_000);
            let cost: Duration = minute.map(|&(_, cost)| cost).sum();
            assert!(cost <= policy::SCAN_OFF_MAX, "{cost:?} in the minute before {end}");
        }
    }
}

proptest! {
    #[test]
    fn whatever_happens(deeds in deeds()) {
        let (mut asking, mut model) = (Asking::default(), Model::default());
        for deed in deeds {
            match deed {
                Deed::Hear(who, dbm) => {
                    let known = hear(&mut asking, who, dbm, at(model.ms)).is_some();
                    // When its slot is over, what it has told is forgotten.
                    prop_assert!(!known || model.told.contains(&address(who)));
                    if !known {
                        model.told.remove(&address(who));
                    }
                }
                Deed::Wait(ms) => {
                    // A radio that keeps to its limits has answered by then.
                    let ends = model.under_way.map_or(u64::MAX, |(question, since)| {
                        since + u64::try_from(question.within.as_millis()).unwrap()
                    });
                    model.ms = (model.ms + ms).min(ends.max(model.ms));
                }
                Deed::Answer(outcome, time, cost) => {
                    if let Some(reading) = model.reading(outcome, time, cost) {
                        asking.handle_reading(&reading, at(model.ms));
                    }
                }
                Deed::Intrude(who) => {
                    if model.under_way.is_none_or(|(question, _)| question.address != address(who)) {
                        prop_assert_eq!(answer(&mut asking, who, id_of(who), at(model.ms)), None);
                    }
                }
                Deed::Limit(which) => {
                    model.limit =
                        [None, Some(policy::READ_BEFORE_VERDICT), Some(policy::READ_WITHIN)]
                            [usize::from(which)];
                }
            }
            if let Some(ask) = asking.poll(model.limit, FROM_DBM, at(model.ms).mono) {
                model.handle_ask(ask);
            }
        }
        model.assert_no_minute_costs_too_much();
    }
}

#[test]
fn in_a_crowd_the_ones_that_refused_are_remembered_longest() {
    let mut asking = Asking::default();
    hear(&mut asking, 1, -60, at(0));
    assert_eq!(asked(poll(&mut asking, at(0))), Some(1));
    answer(&mut asking, 1, Outcome::Refused, at(400));
    for number in 0..=u16::MAX {
        let [high, low] = number.to_be_bytes();
        let passer = Address { bytes: [0x41, 0, 0, 0, high, low], random: true };
        asking.handle_candidate(passer, Network::Bluezone, -95, at(500).mono);
    }
    hear(&mut asking, 1, -60, at(600));
    assert_eq!(poll(&mut asking, at(600)), None);
}
