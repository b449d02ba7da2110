//! Which phone is asked for the id it keeps, and when: one at a time, the nearest first, within what
//! readings may cost. One that did not answer holds up none that was not asked as often. It connects to
//! nobody; whoever owns the radio does, and answers.
//!
//! A reading keeps the controller from scanning for a part of the time it takes. How long that was
//! comes back with the answer; until then it counts as the most it may be, so that the sum of any
//! [`policy::SCAN_OFF_WINDOW`] stays below [`policy::SCAN_OFF_MAX`].

mod question;

pub use question::{Ask, Outcome, Question, Reading, Value};

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::advert::Address;
use super::moment::{Mono, Now, Wall};
use super::network::Network;
use super::policy;
use super::sighting::{ProximityId, Subject};

/// What an answer says about a candidate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Finding {
    /// It has this id, so the app runs on it.
    Id(Subject, ProximityId),
    /// It was reached and has nothing of the network's.
    NoService(Subject),
}

/// Who could be asked, who has been, and what it has cost.
#[derive(Debug, Default)]
pub struct Asking {
    known: BTreeMap<Address, Known>,
    /// None of them is louder than this, so that most adverts need not look through them all.
    loudest: Level,
    under_way: Option<UnderWay>,
    /// What readings of the last [`policy::SCAN_OFF_WINDOW`] have cost, and when each ended.
    costs: VecDeque<(Mono, Duration)>,
}

/// A phone that keeps its id.
#[derive(Clone, Copy, Debug)]
struct Known {
    network: Network,
    level: Level,
    heard: Mono,
    standing: Standing,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Standing {
    /// May be asked, from then on, after it did not answer so many times.
    Open { not_before: Mono, tries: u32 },
    /// Has told its id, which stays the same until then.
    Read { id: ProximityId, until: Mono },
    /// Is not asked again.
    Refused,
}

/// A moving mean of levels, in sixteenths of a dB.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
struct Level(i32);

#[derive(Clone, Copy, Debug)]
struct UnderWay {
    question: Question,
    since: Mono,
    is_stopping: bool,
}

const NOT_YET: Standing = Standing::Open { not_before: Mono::from_millis(0), tries: 0 };

impl Asking {
    /// A phone that keeps its id, and can be connected to, was heard at `dbm`, as
    /// [`low_power_dbm`](super::presence::low_power_dbm) counts. Returns its id if it has told it.
    pub fn handle_candidate(
        &mut self,
        address: Address,
        network: Network,
        dbm: i16,
        now: Mono,
    ) -> Option<ProximityId> {
        if !self.known.contains_key(&address) {
            self.make_room();
        }
        let level = Level::of(dbm);
        let heard_anew = Known { network, level, heard: now, standing: NOT_YET };
        let known = self.known.entry(address).or_insert(heard_anew);
        let silent = now.since(known.heard);
        if silent > policy::ADDRESS_LIVES {
            *known = heard_anew;
        }
        known.heard = now;
        known.level = if silent > policy::LEVEL_WINDOW { level } else { known.level.moved_by(dbm) };
        self.loudest = self.loudest.max(known.level);
        match known.standing {
            Standing::Read { until, .. } if now >= until => {
                known.standing = NOT_YET;
                None
            }
            Standing::Read { id, .. } if network == known.network => Some(id),
            Standing::Read { .. } | Standing::Open { .. } | Standing::Refused => None,
        }
    }

    /// Whether somebody is being asked.
    #[must_use]
    pub const fn is_under_way(&self) -> bool {
        self.under_way.is_some()
    }

    /// What is to be done now. With a `limit` a phone at `from_dbm` or louder may be asked for so long:
    /// the nearest of those that were asked in vain least often. Without a limit nobody may, and who is
    /// being asked is let go.
    pub fn poll(&mut self, limit: Option<Duration>, from_dbm: i16, now: Mono) -> Option<Ask> {
        self.give_up_waiting(now);
        if let Some(under_way) = &mut self.under_way {
            let is_over = limit.is_none_or(|limit| {
                limit < under_way.question.within && now.since(under_way.since) >= limit
            });
            let stop = is_over && !under_way.is_stopping;
            under_way.is_stopping |= is_over;
            return stop.then_some(Ask::Stop);
        }
        let within = limit?;
        let from = Level::of(from_dbm);
        if self.loudest < from {
            return None;
        }
        let left = self.scan_off_left(now);
        if left < policy::SCAN_OFF_MIN {
            return None;
        }
        self.loudest = self.known.values().map(|known| known.level).max().unwrap_or_default();
        let (&address, nearest) = self
            .known
            .iter()
            .filter(|(_, known)| known.level >= from && known.may_be_asked(now))
            .max_by_key(|(address, known)| {
                (Reverse(known.standing.tries()), known.level, Reverse(*address))
            })?;
        let network = nearest.network;
        let within_apart = policy::READ_WITHIN;
        let scan_off_max = left.min(within);
        let question = Question { address, network, within, within_apart, scan_off_max };
        self.under_way = Some(UnderWay { question, since: now, is_stopping: false });
        Some(Ask::Read(question))
    }

    /// The radio has answered. `None` when that says nothing about a phone, or was not asked.
    pub fn handle_reading(&mut self, reading: &Reading, now: Now) -> Option<Finding> {
        let under_way =
            self.under_way.take_if(|under_way| under_way.question.address == reading.address)?;
        self.note_cost(reading.scan_off, now.mono);
        let Question { address, network, .. } = under_way.question;
        let known = self.known.get_mut(&address)?;
        let subject = Subject::Candidate(network, address);
        match &reading.outcome {
            Outcome::Value(Value(bytes)) => match network.decode_read(bytes) {
                Ok(id) => {
                    let until = now.mono + until_next_slot(network, now.wall);
                    known.standing = Standing::Read { id, until };
                    return Some(Finding::Id(subject, id));
                }
                // It is not the network's app that has answered.
                Err(_) => known.standing = Standing::Refused,
            },
            Outcome::Refused => known.standing = Standing::Refused,
            Outcome::NoService => {
                known.standing = Standing::Refused;
                return Some(Finding::NoService(subject));
            }
            Outcome::TimedOut | Outcome::Busy => known.put_off(now.mono),
            Outcome::Stopped => {}
        }
        None
    }

    /// An answer that is so late does not come any more; it may have cost all it was allowed to.
    fn give_up_waiting(&mut self, now: Mono) {
        let Some(lost) = self.under_way.take_if(|under_way| {
            now.since(under_way.since) > under_way.question.longest() + policy::READ_ANSWER_SLACK
        }) else {
            return;
        };
        self.note_cost(lost.question.scan_off_max, now);
        if let Some(known) = self.known.get_mut(&lost.question.address) {
            known.put_off(now);
        }
    }

    /// What cost nothing leaves no line. Where there are as many lines as may be, the last one takes
    /// in the new cost and counts for as long as that.
    fn note_cost(&mut self, cost: Duration, ended: Mono) {
        if cost.is_zero() {
            return;
        }
        let is_full = self.costs.len() >= policy::COSTS_MAX;
        match self.costs.back_mut().filter(|_| is_full) {
            Some(last) => *last = (ended, last.1 + cost),
            None => self.costs.push_back((ended, cost)),
        }
    }

    /// What the next reading may cost at most.
    fn scan_off_left(&mut self, now: Mono) -> Duration {
        while self
            .costs
            .pop_front_if(|&mut (ended, _)| now.since(ended) >= policy::SCAN_OFF_WINDOW)
            .is_some()
        {}
        let spent: Duration = self.costs.iter().map(|&(_, cost)| cost).sum();
        policy::SCAN_OFF_MAX.saturating_sub(spent)
    }

    /// Forgets one phone where there are as many as may be: one that may be asked before one that
    /// has told its id, that before one that refused; of these the one heard longest ago.
    fn make_room(&mut self) {
        if self.known.len() < policy::ASKED_MAX {
            return;
        }
        let asked = self.under_way.map(|under_way| under_way.question.address);
        let first = self
            .known
            .iter()
            .filter(|(address, _)| Some(**address) != asked)
            .min_by_key(|(address, known)| (known.standing.worth(), known.heard, **address))
            .map(|(&address, _)| address);
        if let Some(address) = first {
            self.known.remove(&address);
        }
    }
}

impl Known {
    fn may_be_asked(&self, now: Mono) -> bool {
        let is_open =
            matches!(self.standing, Standing::Open { not_before, .. } if now >= not_before);
        is_open && now.since(self.heard) <= policy::READ_HEARD_WITHIN
    }

    /// It did not answer.
    fn put_off(&mut self, now: Mono) {
        if let Standing::Open { tries, .. } = self.standing {
            let pause = policy::READ_AGAIN_FIRST.saturating_mul(2_u32.saturating_pow(tries));
            let not_before = now + pause.min(policy::READ_AGAIN_MAX);
            self.standing = Standing::Open { not_before, tries: tries.saturating_add(1) };
        }
    }
}

impl Standing {
    /// How often it was asked in vain.
    const fn tries(self) -> u32 {
        match self {
            Self::Open { tries, .. } => tries,
            Self::Read { .. } | Self::Refused => 0,
        }
    }

    const fn worth(self) -> u8 {
        match self {
            Self::Open { .. } => 0,
            Self::Read { .. } => 1,
            Self::Refused => 2,
        }
    }
}

impl Level {
    fn of(dbm: i16) -> Self {
        Self(i32::from(dbm) * 16)
    }

    /// A quarter of the way to the level just heard: single adverts differ by some dB.
    fn moved_by(self, dbm: i16) -> Self {
        Self(self.0 + (Self::of(dbm).0 - self.0) / 4)
    }
}

/// How long what a phone hands out stays the same.
fn until_next_slot(network: Network, wall: Wall) -> Duration {
    let slot = network.slot_seconds();
    Duration::from_secs(u64::try_from(slot - wall.0.rem_euclid(slot)).unwrap_or(0))
}

#[cfg(test)]
mod tests;
