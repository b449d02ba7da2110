//! What is written down when there is room and the book is well: gate openings, and the departures
//! of a sweep. Nobody waits for it, and none of it is lost when the book is unwell meanwhile.

use super::book::{Departure, What};
use super::{Effect, Reception};
use crate::domain::fault::Organ;
use crate::domain::logbook::Event;
use crate::domain::moment::{Mono, Now, Wall};
use crate::domain::policy;
use crate::domain::visit::{Leaving, Visit, VisitId};

/// Everybody is being signed out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sweep {
    how: Leaving,
    whom: Whom,
    /// The visits still to be looked at: from this one on, and not beyond the other.
    from: VisitId,
    until: VisitId,
}

/// Who is signed out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Whom {
    /// Everybody inside.
    All,
    /// Who came before the closing time, and who is dated `ahead` of a clock that somebody vouches
    /// for: that was a clock set wrong, and a closing time has come since it was set right.
    Before { closed: Wall, ahead: Option<Wall> },
    /// Who came before this moment by a clock that somebody vouched for.
    SurelyBefore(Wall),
}

impl Whom {
    fn takes_in(self, visit: &Visit) -> bool {
        match self {
            Self::All => true,
            Self::Before { closed, ahead } => {
                visit.entered < closed || ahead.is_some_and(|ahead| visit.entered > ahead)
            }
            Self::SurelyBefore(moment) => visit.entered_trusted && visit.entered < moment,
        }
    }
}

impl Reception {
    /// The guard has pressed the button of the gate. The gate opens at once, whatever the state
    /// of the store; that it did is written down, later if need be.
    pub fn handle_gate_button(&mut self, now: Now) {
        self.effects.push_back(Effect::OpenGate);
        if self.gate_backlog.len() < policy::GATE_BACKLOG_MAX {
            self.gate_backlog.push_back(now.mono);
        }
        self.write_what_is_due(now);
    }

    /// Signs people out. Where everybody is being signed out already, some of them are too.
    pub(super) fn begin_sweep(&mut self, how: Leaving, whom: Whom, now: Now) {
        if whom == Whom::All || !self.is_sweeping_all() {
            let until = self.roster.next_visit();
            self.sweep = Some(Sweep { how, whom, from: VisitId(0), until });
        }
        self.write_what_is_due(now);
    }

    /// Writes down what has waited, as long as the store is well and a visitor finds room.
    pub(super) fn write_what_is_due(&mut self, now: Now) {
        self.keep_matched(now);
        while self.has_room_in_background()
            && let Some(pressed) = self.gate_backlog.pop_front()
        {
            let seconds_ago = u32::try_from(now.mono.since(pressed).as_secs()).unwrap_or(u32::MAX);
            self.append(Event::GateOpened { seconds_ago }, None, What::Gate { pressed }, now);
        }
        while self.has_room_in_background()
            && let Some(sweep) = self.sweep
        {
            let next = self
                .roster
                .from_visit(sweep.from)
                .take_while(|visit| visit.facts.visit < sweep.until)
                .find(|visit| sweep.whom.takes_in(visit))
                .map(|visit| visit.facts.visit);
            let Some(visit) = next else {
                self.sweep = None;
                return;
            };
            self.sweep = Some(Sweep { from: VisitId(visit.0.saturating_add(1)), ..sweep });
            self.sign_out(visit, sweep.how, Departure::Sweep(sweep), now);
        }
    }

    /// A departure of a sweep was not written: it is looked at again when the store is well.
    pub(super) fn sweep_again(&mut self, swept: Sweep, visit: VisitId) {
        let from = self.sweep.map_or(visit, |sweep| sweep.from.min(visit));
        let whole = self.sweep.filter(|_| self.is_sweeping_all()).unwrap_or(swept);
        self.sweep = Some(Sweep { from, ..whole });
    }

    fn is_sweeping_all(&self) -> bool {
        self.sweep.is_some_and(|sweep| sweep.whom == Whom::All)
    }

    /// An opening of the gate was not written.
    pub(super) fn keep_gate_opening(&mut self, pressed: Mono) {
        if self.gate_backlog.len() < policy::GATE_BACKLOG_MAX {
            let place = self.gate_backlog.partition_point(|&other| other <= pressed);
            self.gate_backlog.insert(place, pressed);
        }
    }

    fn has_room_in_background(&self) -> bool {
        self.trouble(Organ::Store).is_none()
            && self.pending.len() < policy::REQUESTS_IN_BACKGROUND_MAX
    }
}
