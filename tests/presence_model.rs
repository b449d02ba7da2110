//! Presence against a model that keeps every sighting and works everything out anew each time:
//! whatever is heard, touched and waited for, both show the same face and mean the same phone.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "functions that tests share fail as tests do"
)]

use std::time::Duration;

use kiosk::domain::advert::{Address, Dbm};
use kiosk::domain::moment::Mono;
use kiosk::domain::network::Network;
use kiosk::domain::policy;
use kiosk::domain::presence::rule::{Features, Rule, bystander_dbm};
use kiosk::domain::presence::{Face, Presence, Sureness};
use kiosk::domain::sighting::{ProximityId, Sighting, Strength, Subject, TxClass};
use proptest::collection::vec;
use proptest::prelude::*;

/// One subject and everything heard of it.
#[derive(Clone, Debug)]
struct Known {
    subject: Subject,
    tx_class: TxClass,
    strength: Option<Strength>,
    first: Mono,
    heard: Vec<(Mono, i8)>,
    /// What was heard of the ids it has replaced.
    inherited: Vec<(Mono, i8)>,
    /// Whether another was taken for its next id; whose next id it was taken for, and since when
    /// it was heard itself.
    handed: bool,
    taken_for: Option<(Subject, Mono)>,
    served: bool,
    /// The levels before the touch, if they were known when the visitor touched.
    waiting: Option<f32>,
    loudest: Option<f32>,
    /// What spoke for it in this visit when it was last weighed, how loud it was, and when.
    weighed: Option<(f32, f32, Mono)>,
}

impl Known {
    fn last(&self) -> Mono {
        self.heard.last().unwrap().0
    }

    /// The last 32 sightings, the last first.
    fn recent(&self) -> impl Iterator<Item = (Mono, i8)> {
        self.heard.iter().rev().take(32).copied()
    }

    /// Median of those no older than the window before the last.
    fn median_at_last(&self) -> i16 {
        let mut levels: Vec<i8> = self
            .recent()
            .filter(|(at, _)| self.last().since(*at) <= policy::LEVEL_WINDOW)
            .map(|(_, level)| level)
            .collect();
        levels.sort_unstable();
        i16::from(levels[(levels.len() - 1) / 2])
    }

    /// Mean and count since a moment; if fewer than `least`, of those before as well.
    fn mean(&self, from: Mono, least: usize) -> (f32, u8) {
        let from = from.min(self.last());
        let since = self.recent().filter(|(at, _)| *at >= from).count();
        let window =
            self.recent().filter(|(at, _)| self.last().since(*at) <= policy::LEVEL_WINDOW).count();
        let taken = since.max(least.min(window));
        let sum: i16 = self.recent().take(taken).map(|(_, level)| i16::from(level)).sum();
        let count = u8::try_from(taken).unwrap();
        (f32::from(sum) / f32::from(count), count)
    }

    fn is_resident(&self, touched: Mono) -> bool {
        self.served || touched.since(self.first) >= policy::RESIDENT_AFTER
    }

    /// How loud it was before the touch: the mean, and the highest mean of two neighbouring seconds
    /// with two adverts.
    fn remember(&mut self, touched: Mono) {
        let second = |by| second(Mono::from_start(touched.since_start().saturating_sub(by)));
        let from = second(policy::BEFORE_WINDOW);
        self.waiting = mean(&self.levels_in(from..second(policy::APPROACH)));
        let until = second(policy::LOUDEST_UNTIL);
        let pairs = (from..until).map(|at| self.levels_in(at.saturating_sub(1).max(from)..at + 1));
        let loud = pairs.filter(|levels| levels.len() >= 2).filter_map(|levels| mean(&levels));
        self.loudest = loud.reduce(f32::max).or_else(|| mean(&self.levels_in(from..until)));
    }

    /// The levels in whole seconds of the clock. A second in which its own voice was heard counts
    /// without its predecessor's.
    fn levels_in(&self, window: std::ops::Range<u64>) -> Vec<f32> {
        let own: Vec<_> = self.heard.iter().map(|&(at, _)| second(at)).collect();
        self.inherited
            .iter()
            .filter(|(at, _)| !own.contains(&second(*at)))
            .chain(&self.heard)
            .filter(|(at, _)| window.contains(&second(*at)))
            .map(|&(_, level)| f32::from(level))
            .collect()
    }
}

fn second(at: Mono) -> u64 {
    at.since_start().as_secs()
}

fn mean(levels: &[f32]) -> Option<f32> {
    let count = f32::from(u16::try_from(levels.len()).unwrap());
    (count > 0.0).then(|| levels.iter().sum::<f32>() / count)
}

#[derive(Default, Debug)]
struct Model {
    known: Vec<Known>,
    touched: Option<Mono>,
    /// When this visitor first touched, and the one who went back.
    came: Option<Mono>,
    gone_back: Option<Mono>,
    found: Option<(Subject, Sureness)>,
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
        let looked = now.since(touched);
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
        let better = self.found.is_none_or(|(_, so_far)| sureness > so_far);
        if better && rule.accepts(&features, odds, looked) {
            self.found = Some((known.subject, sureness));
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

    fn abandon(&mut self) {
        if self.touched.take().is_some() {
            self.gone_back = self.came;
        }
        self.found = None;
    }

    fn end(&mut self) {
        let found = self.found.take();
        self.touched = None;
        self.gone_back = None;
        for known in &mut self.known {
            known.served |= found.is_some_and(|(subject, _)| subject == known.subject);
        }
    }

    fn face(&self, now: Mono) -> Face {
        match (self.touched, self.found) {
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
                Step::End => {
                    presence.end_visit();
                    model.end();
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
            prop_assert_eq!(presence.found(), model.found.map(|(subject, _)| subject));
            if let Some(at) = presence.poll_timeout(now) {
                prop_assert!(at > now && presence.face(at) != presence.face(now));
            }
        }
    }
}
