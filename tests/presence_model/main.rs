//! Presence against a model that keeps every sighting and works everything out anew each time:
//! whatever is heard, touched and waited for, both show the same face and mean the same phone.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "functions that tests share fail as tests do"
)]

mod known;

use std::time::Duration;

use kiosk::domain::advert::{Address, Dbm};
use kiosk::domain::moment::Mono;
use kiosk::domain::network::Network;
use kiosk::domain::policy;
use kiosk::domain::presence::rule::{Features, Rule, bystander_dbm};
use kiosk::domain::presence::{Face, Presence, Sureness};
use kiosk::domain::sighting::{ProximityId, Sighting, Strength, Subject, TxClass};
use known::Known;
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Default, Debug)]
struct Model {
    known: Vec<Known>,
    touched: Option<Mono>,
    /// When this visitor first touched, and the one who went back.
    came: Option<Mono>,
    gone_back: Option<Mono>,
    hears_since: Option<Mono>,
    written: bool,
    found: Option<(Subject, Sureness, Mono)>,
}

impl Model {
    fn hear(&mut self, sighting: &Sighting, now: Mono) {
        self.known.retain(|known| {
            known.subject != sighting.subject || now.since(known.last()) <= policy::GONE_AFTER
        });
        let mut known = match self.known.iter().position(|known| known.subject == sighting.subject)
        {
            Some(place) => self.known.remove(place),
            None => Known {
                subject: sighting.subject,
                strength: sighting.strength,
                tx_class: sighting.tx_class,
                first: now,
                heard: vec![],
                inherited: vec![],
                handed: false,
                taken_for: None,
                served: false,
                waiting: None,
                loudest: None,
                weighed: None,
            },
        };
        if std::mem::take(&mut known.handed) {
            self.take_back(known.subject);
        }
        known.heard.push((now, sighting.rssi.0));
        if known.heard.len() == 3 {
            self.hand_over(&mut known);
        }
        // The one heard last stands first.
        self.known.insert(0, known);
        self.judge(0, now);
    }

    fn take_back(&mut self, old: Subject) {
        let touched = self.touched.and(self.came);
        for known in &mut self.known {
            if let Some((_, first)) = known.taken_for.filter(|(of, _)| *of == old) {
                known.taken_for = None;
                known.first = first;
                known.served = false;
                known.inherited.clear();
                if touched.is_none_or(|touched| first + policy::APPROACH > touched) {
                    known.waiting = None;
                }
                if touched.is_none_or(|touched| first + policy::LOUDEST_UNTIL > touched) {
                    known.loudest = None;
                }
            }
        }
    }

    fn hand_over(&mut self, successor: &mut Known) {
        let network = |subject: Subject| match subject {
            Subject::Id(network, _) | Subject::Candidate(network, _) => network,
        };
        let gap = match successor.subject {
            Subject::Id(Network::Bluezone, _) => policy::HAND_OVER_WITHIN_BLUEZONE,
            Subject::Id(..) | Subject::Candidate(..) => policy::HAND_OVER_WITHIN,
        };
        let apart = |old: &Known| (old.median_at_last() - successor.median_at_last()).abs();
        let predecessor = self
            .known
            .iter_mut()
            .filter(|old| {
                !old.handed
                    && old.last() <= successor.first
                    && successor.first.since(old.last()) <= gap
                    && old.first < successor.first
                    && network(old.subject) == network(successor.subject)
                    && old.strength == successor.strength
                    && apart(old) <= policy::HAND_OVER_LEVEL_DB
            })
            .min_by_key(|old| apart(old));
        if let Some(old) = predecessor {
            old.handed = true;
            old.weighed = None;
            successor.taken_for = Some((old.subject, successor.first));
            successor.first = old.first;
            successor.served = old.served;
            successor.waiting = successor.waiting.or(old.waiting);
            successor.loudest = successor.loudest.or(old.loudest);
            successor.inherited = [old.inherited.clone(), old.heard.clone()].concat();
        }
    }

    fn weigh(&mut self, place: usize, now: Mono) -> Option<Features> {
        let (touched, rule) = (self.touched?, Rule::default());
        let (looked, came) = (now.since(touched), self.came.unwrap());
        let known = &mut self.known[place];
        if now.since(known.last()) > policy::LEVEL_WINDOW {
            return None;
        }
        let back = |from: Mono, by| Mono::from_start(from.since_start().saturating_sub(by));
        let (level, sightings) = if looked >= policy::PASSIVE_FOR {
            known.mean(back(now, policy::HELD_FOR), usize::from(policy::SIGHTINGS_MIN))
        } else {
            known.mean(back(touched, policy::STANDS_BEFORE_TOUCH), 1)
        };
        let is_late = |(at, _): &(Mono, i8)| known.last().since(*at) <= policy::LAST_THREE_WITHIN;
        let lately: Vec<_> =
            known.recent().take(3).filter(is_late).map(|(_, level)| level).collect();
        let features = Features {
            level_db: level - bystander_dbm(known.tx_class),
            weakest_db: f32::from(*lately.iter().min().unwrap()) - bystander_dbm(known.tx_class),
            lately: u8::try_from(lately.len()).unwrap(),
            tx_class: known.tx_class,
            rise_db: known.waiting.map(|before| level - before),
            over_loudest_db: known.loudest.map(|before| level - before),
            sightings,
            resident: known.is_resident(touched),
            before_is_known: self
                .hears_since
                .is_none_or(|since| came.since(since) >= policy::BEFORE_WINDOW),
        };
        if !rule.may_be_the_visitors(&features, looked) {
            return None;
        }
        known.weighed = Some((rule.card(looked).score(&features), features.level_db, now));
        Some(features)
    }

    fn judge(&mut self, place: usize, now: Mono) {
        let Some(features) = self.weigh(place, now) else { return };
        let (rule, known) = (Rule::default(), &self.known[place]);
        let (score, level, _) = known.weighed.unwrap();
        let is_id = |subject: Subject| matches!(subject, Subject::Id(..));
        let network = |subject: Subject| match subject {
            Subject::Id(network, _) | Subject::Candidate(network, _) => network,
        };
        let against: f32 = self
            .known
            .iter()
            .filter(|rival| rival.subject != known.subject)
            .filter_map(|rival| Some((rival.subject, rival.weighed?)))
            .filter(|&(subject, (_, its, at))| {
                let other_voice = is_id(subject) != is_id(known.subject)
                    || network(subject) != network(known.subject);
                now.since(at) <= policy::LEVEL_WINDOW
                    && !(other_voice && (its - level).abs() <= 6.0)
            })
            .map(|(_, (score, ..))| score.exp())
            .sum();
        let looked = now.since(self.touched.unwrap());
        let odds = score - against.ln_1p() - rule.haste(looked);
        let sureness = if is_id(known.subject) { Sureness::Confirmed } else { Sureness::Probable };
        let more_db = if known.tx_class == TxClass::Full { rule.tap.full_power_db } else { 0.0 };
        let held =
            features.lately >= policy::SIGHTINGS_MIN && features.weakest_db - more_db >= 28.0;
        let from = if self.written && !held { now + policy::NEXT_TOUCHES_WITHIN } else { now };
        let better = self.found.is_none_or(|(subject, so_far, since)| {
            if since <= now {
                // What counts gives way to what is surer and counts.
                sureness > so_far && from == now
            } else {
                sureness > so_far || (subject, sureness) == (known.subject, so_far) && from < since
            }
        });
        if better && rule.accepts(&features, odds, looked) {
            self.found = Some((known.subject, sureness, from));
        }
    }

    fn begin(&mut self, now: Mono) {
        self.abandon();
        self.touched = Some(now);
        let came = self.gone_back.take();
        let came = came.filter(|&came| now.since(came) <= policy::BEGINS_AGAIN_WITHIN);
        self.came = came.or(self.touched);
        for known in &mut self.known {
            known.weighed = None;
            if came.is_none() {
                known.remember(now);
            }
        }
        for place in 0..self.known.len() {
            self.weigh(place, now);
        }
        (0..self.known.len()).for_each(|place| self.judge(place, now));
    }

    fn hear_again(&mut self, now: Mono) {
        self.hears_since = Some(now);
        self.touched = self.touched.and(Some(now));
    }

    fn abandon(&mut self) {
        if self.touched.take().is_some() {
            self.gone_back = self.came;
        }
        self.found = None;
        self.written = false;
    }

    fn end(&mut self, now: Mono) {
        let found = self.found_by(now);
        self.abandon();
        self.gone_back = None;
        for known in &mut self.known {
            known.served |= found.is_some_and(|(subject, _)| subject == known.subject);
        }
    }

    fn found_by(&self, now: Mono) -> Option<(Subject, Sureness)> {
        let (subject, sureness, from) = self.found?;
        (from <= now).then_some((subject, sureness))
    }

    fn face(&self, now: Mono) -> Face {
        match (self.touched, self.found_by(now)) {
            (None, _) => Face::Looking,
            (_, Some((_, sureness))) => Face::Running(sureness),
            (Some(touched), None) => match now.since(touched) {
                looked if looked < policy::PASSIVE_FOR => Face::Looking,
                looked if looked < policy::NOT_SEEN_AFTER => Face::TapHere,
                _ => Face::NotSeenYet,
            },
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Begin,
    HearAgain,
    Write,
    Abandon,
    End,
    Wait(u64),
    /// So many adverts of one of four subjects, so many milliseconds apart, around one level.
    Hear {
        who: u8,
        times: u8,
        apart_ms: u64,
        level: i8,
    },
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::Begin),
        1 => Just(Step::Write),
        1 => Just(Step::HearAgain),
        1 => Just(Step::Abandon),
        1 => Just(Step::End),
        2 => prop_oneof![0_u64..3_000, 3_000_u64..40_000, 100_000_u64..130_000].prop_map(Step::Wait),
        12 => (0_u8..4, 1_u8..9, prop_oneof![1_u64..400, 900_u64..2_100], -100_i8..-30)
            .prop_map(|(who, times, apart_ms, level)| Step::Hear { who, times, apart_ms, level }),
    ]
}

/// Two ids of one network, so that one can take the other's place; one that may be silent for
/// long; and an iPhone. No more than there are rivals kept.
fn subject(who: u8) -> (Subject, Option<Strength>, TxClass) {
    let address = Address { bytes: [0x40, 0, 0, 0, 0, who], random: true };
    match who {
        0 | 1 => (Subject::Id(Network::Gaen, ProximityId::Rpi([who; 16])), None, TxClass::Low),
        2 => (Subject::Id(Network::Bluezone, ProximityId::Bluezone([who; 12])), None, TxClass::Low),
        _ => (Subject::Candidate(Network::Bluezone, address), Some(Strength::Named), TxClass::Full),
    }
}

proptest! {
    #[test]
    fn the_same_face_at_each_step(steps in vec(any_step(), 1..60)) {
        let (mut presence, mut model) = (Presence::default(), Model::default());
        let mut now = Mono::from_millis(60_000);
        for step in steps {
            match step {
                Step::Begin => {
                    presence.begin_visit(now);
                    model.begin(now);
                }
                Step::Abandon => {
                    presence.abandon_visit();
                    model.abandon();
                }
                Step::HearAgain => {
                    presence.handle_hearing_again(now);
                    model.hear_again(now);
                }
                Step::Write => {
                    presence.handle_written();
                    model.written = model.touched.is_some();
                }
                Step::End => {
                    presence.end_visit(now);
                    model.end(now);
                }
                Step::Wait(ms) => now = now + Duration::from_millis(ms),
                Step::Hear { who, times, apart_ms, level } => {
                    for time in 0..times {
                        now = now + Duration::from_millis(apart_ms);
                        let (subject, strength, tx_class) = subject(who);
                        let rssi = Dbm(level + i8::try_from(time % 5).unwrap() - 2);
                        let sighting = Sighting { subject, strength, tx_class, rssi };
                        let before = presence.face(now);
                        let changed = presence.handle_sighting(&sighting, now);
                        model.hear(&sighting, now);
                        prop_assert!(changed || presence.face(now) == before);
                    }
                }
            }
            prop_assert_eq!(presence.face(now), model.face(now), "after {:?}", step);
            prop_assert_eq!(presence.found(now), model.found_by(now).map(|(subject, _)| subject));
            if let Some(at) = presence.poll_timeout(now) {
                prop_assert!(at > now && presence.face(at) != presence.face(now));
            }
        }
    }
}
