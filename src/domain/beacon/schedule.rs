//! When what is on the air changes: at the slots of the networks, when a controller that has too
//! few advertising sets lets others have their turn, and when the clock is set.

use std::time::Duration;

use super::keys::BeaconKeys;
use super::own::OwnIds;
use super::plan::{self, Airing, Answer, Part, Plan};
use super::refusal::Refusal;
use super::setup::Setup;
use crate::domain::moment::{Mono, Now};
use crate::domain::network::Network;

/// The advertising sets that are reckoned with until the controller has said how many it has:
/// what Linux keeps for one that can send only one thing at a time (`HCI_MAX_ADV_INSTANCES`).
const SETS_EXPECTED: usize = 5;

/// Where one thing is sent at a time, each but the first has a second, the shortest turn BlueZ
/// knows.
const OTHERS_TURN_SECONDS: u16 = 1;

/// The first has six seconds for each of the others and two more, 87 to 89 % of the time: so that at
/// least 80 % are left, although each time round some tenths of a second pass until it is heard again.
const FIRST_PER_OTHER_SECONDS: u16 = 6;
const FIRST_MORE_SECONDS: u16 = 2;

/// Where there are more parts than sets, those that share a set change places after so long.
const SHARED_TURN: Duration = Duration::from_secs(4);

/// With a single set, the first part has it for so long after each other part's turn.
const SINGLE_TURN: Duration = Duration::from_secs(24);

/// The clock may be set at any time; by then at the latest it is noticed.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// The kiosk as a member of the contact networks.
#[derive(Debug)]
pub struct Beacon {
    setup: Setup,
    keys: BeaconKeys,
    sets: usize,
    own: OwnIds,
    plan: Plan,
    changed: bool,
    refusal: Refusal,
    /// Counts the turns of those that share a set.
    turn: usize,
    turn_ends: Option<Mono>,
    due: Option<Mono>,
}

impl Beacon {
    /// A beacon that is silent until it has keys.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        Self {
            setup,
            keys: BeaconKeys::default(),
            sets: SETS_EXPECTED,
            own: OwnIds::default(),
            plan: Plan::default(),
            changed: false,
            refusal: Refusal::default(),
            turn: 0,
            turn_ends: None,
            due: None,
        }
    }

    /// The secrets, as the book has them.
    pub fn set_keys(&mut self, keys: BeaconKeys, now: Now) {
        if self.keys != keys {
            self.keys = keys;
            self.renew_own(now);
        }
        self.due = None;
        self.handle_timeout(now);
    }

    /// The secrets.
    #[must_use]
    pub const fn keys(&self) -> &BeaconKeys {
        &self.keys
    }

    /// How many advertising sets the controller has for us.
    pub fn handle_sets(&mut self, sets: u8, now: Now) {
        self.sets = usize::from(sets);
        self.turn_ends = None;
        self.due = None;
        self.handle_timeout(now);
    }

    /// The adapter that listens was told a new address, and has taken or refused it. Returns whether
    /// [`Self::unsent`] has changed.
    pub fn handle_address(&mut self, taken: bool) -> bool {
        let before = self.unsent();
        self.refusal.handle_answer(taken);
        self.unsent() != before
    }

    /// The network that is joined and yet not sent, because phones do not connect in it and the
    /// adapter refuses the new address that is then needed. The remedy is an adapter of its own.
    #[must_use]
    pub fn unsent(&self) -> Option<Network> {
        let refuses = self.refusal.stands() && !self.setup.own_adapter;
        refuses.then(|| self.setup.needs_new_address()).flatten()
    }

    /// Time has passed; nothing is done before it is due.
    pub fn handle_timeout(&mut self, now: Now) {
        if self.due.is_some_and(|due| now.mono < due) {
            return;
        }
        if self.own.are_old(now.wall) {
            self.renew_own(now);
        }
        if self.turn_ends.is_some_and(|ends| ends <= now.mono) {
            self.turn = self.turn.wrapping_add(1);
            self.turn_ends = None;
        }
        let (plan, until_seconds) = self.plan_at(now);
        if plan != self.plan {
            self.plan = plan;
            self.changed = true;
        }
        let slot = until_seconds.map(|seconds| now.mono + Duration::from_secs(seconds));
        let look = now.mono + LOOK_EVERY;
        self.due = [slot, self.turn_ends, Some(look)].into_iter().flatten().min();
    }

    /// When [`Self::handle_timeout`] is wanted next.
    #[must_use]
    pub const fn poll_timeout(&self) -> Option<Mono> {
        self.due
    }

    /// What is on the air from now on, if it has changed.
    pub fn take_plan(&mut self) -> Option<Plan> {
        std::mem::take(&mut self.changed).then(|| self.plan.clone())
    }

    /// What is on the air.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What is the kiosk's own, or a sister door's.
    #[must_use]
    pub const fn own(&self) -> &OwnIds {
        &self.own
    }

    fn renew_own(&mut self, now: Now) {
        let joined = self
            .setup
            .networks
            .iter()
            .filter_map(|&network| Some((network, self.keys.of(network)?)));
        let sisters = self.setup.sisters.iter().map(|sister| (sister.network, &sister.key));
        self.own.renew(joined.chain(sisters), now.wall);
    }

    /// What should be on the air, and after how many seconds a slot ends.
    fn plan_at(&mut self, now: Now) -> (Plan, Option<u64>) {
        let mut parts = Vec::new();
        let mut answers: Vec<Answer> = Vec::new();
        let mut until = None;
        for &network in &self.setup.networks {
            let member = self
                .keys
                .of(network)
                .and_then(|base| plan::member(network, base, &self.setup, now.wall));
            let Some(member) = member else { continue };
            parts.push(member.airing);
            answers.extend(member.answer);
            let left = member.until.seconds_since(now.wall).max(1).unsigned_abs();
            until = Some(until.map_or(left, |until: u64| until.min(left)));
            if network == Network::Bluezone && self.setup.wake {
                parts.push(plan::wake());
            }
        }
        let airings = self.share(parts, now.mono);
        (Plan { airings, answers }, until)
    }

    /// The parts that have a set now.
    fn share(&mut self, mut parts: Vec<Airing>, now: Mono) -> Vec<Airing> {
        let others = parts.len().saturating_sub(1);
        // With as many sets as parts nobody waits.
        if parts.len() > self.sets {
            let shared = self.sets.saturating_sub(1);
            if self.sets == 0 {
                return Vec::new();
            }
            let of_others = self.turn % others;
            if shared > 0 {
                // The first keeps its set; the others move on by one at each turn.
                parts.get_mut(1..).unwrap_or_default().rotate_left(of_others);
                self.turn_ends.get_or_insert(now + SHARED_TURN);
                parts.truncate(self.sets);
            } else {
                let is_first = self.turn.is_multiple_of(2);
                let place = if is_first { 0 } else { 1 + self.turn / 2 % others };
                let lasts = if is_first { SINGLE_TURN } else { SHARED_TURN };
                self.turn_ends.get_or_insert(now + lasts);
                parts = parts.get(place).copied().into_iter().collect();
            }
        }
        let others = u16::try_from(parts.len().saturating_sub(1)).unwrap_or(u16::MAX);
        for (place, airing) in parts.iter_mut().enumerate() {
            airing.turn_seconds = match place {
                0 => others.saturating_mul(FIRST_PER_OTHER_SECONDS) + FIRST_MORE_SECONDS,
                _ => OTHERS_TURN_SECONDS,
            };
        }
        parts
    }
}

/// The parts of a setup, whether or not they have their turn now.
#[must_use]
pub fn parts(setup: &Setup) -> Vec<Part> {
    let mut parts = Vec::new();
    for &network in &setup.networks {
        parts.push(Part::Member(network));
        if network == Network::Bluezone && setup.wake {
            parts.push(Part::Wake);
        }
    }
    parts
}

#[cfg(test)]
mod tests;
