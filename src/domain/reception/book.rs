//! What is asked of the store, and what its answers lead to. Nothing is acted on before it is on
//! disk: no welcome, no number, no gate.

use super::{Effect, Front, Reception};
use crate::domain::fault::{Fault, Organ, Trouble};
use crate::domain::logbook::{Draft, ENTRY_VERSION, Entry, Event, Public};
use crate::domain::moment::{Mono, Now, Wall};
use crate::domain::policy;
use crate::domain::request::{Reply, Request, SearchText};
use crate::domain::signal::Buzz;
use crate::domain::visit::{Leaving, Personal, VisitId};

/// A request under way, and what its answer is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Pending {
    pub(super) what: What,
    pub(super) since: Mono,
}

/// What an answer is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum What {
    /// The form of the desk.
    Visit { updated: bool, entered: Wall },
    /// A departure.
    Leave(Departure),
    /// Something written down of which nobody waits for the answer.
    Note,
    /// A number the desk asked about.
    Recall,
    /// What the guard looks for.
    Search(SearchText),
    /// A PIN.
    Pin,
    /// New PINs.
    SetPins,
    /// Persons erased.
    Erase,
    /// Whether the store is well again.
    Probe,
}

/// Where somebody was signed out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Departure {
    /// At the visitor's screen.
    Desk,
    /// On the guard's list, or by the closing sweep.
    Elsewhere,
}

impl Reception {
    /// The store has answered the request that has waited longest.
    pub fn handle_reply(&mut self, reply: Reply, now: Now) {
        self.changed = true;
        let Some(pending) = self.pending.pop_front() else { return };
        if let Reply::Failed(fault) = reply {
            self.handle_failed(&pending.what, fault, now);
        } else {
            if self.trouble(Organ::Store).is_some() {
                self.set_trouble(Organ::Store, None);
                self.write_gate_backlog(now);
            }
            self.handle_answer(pending.what, reply, now);
        }
        self.face_changed(now);
    }

    /// Asks the store, unless too much is under way: then the store is as good as gone.
    pub(super) fn ask(&mut self, request: Request, what: What, now: Now) {
        if self.pending.len() >= policy::REQUESTS_MAX {
            let fault = Fault { organ: Organ::Store, trouble: Trouble::Gone };
            self.handle_failed(&what, fault, now);
            return;
        }
        self.pending.push_back(Pending { what, since: now.mono });
        self.effects.push_back(Effect::Request(request));
    }

    pub(super) fn append(
        &mut self,
        event: Event,
        personal: Option<Personal>,
        what: What,
        now: Now,
    ) {
        let public =
            Public { v: ENTRY_VERSION, wall: now.wall, wall_trusted: now.wall_trusted, event };
        self.ask(Request::Append(Draft { public, personal }), what, now);
    }

    pub(super) fn sign_out(&mut self, visit: VisitId, how: Leaving, at: Departure, now: Now) {
        self.append(Event::CheckOut { visit, how }, None, What::Leave(at), now);
    }

    /// Writes down the gate openings that have not been, when the store is well.
    pub(super) fn write_gate_backlog(&mut self, now: Now) {
        while self.trouble(Organ::Store).is_none()
            && let Some(pressed) = self.gate_backlog.pop_front()
        {
            let seconds_ago = u32::try_from(now.mono.since(pressed).as_secs()).unwrap_or(u32::MAX);
            self.append(Event::GateOpened { seconds_ago }, None, What::Note, now);
        }
    }

    /// When the store is looked after next.
    pub(super) fn store_timeout(&self) -> Option<Mono> {
        let owed = self.pending.front().map(|pending| pending.since + policy::STORE_ANSWER_WITHIN);
        if self.trouble(Organ::Store).is_none() {
            return owed;
        }
        self.pending.is_empty().then(|| self.rounds.last_probe() + policy::STORE_PROBE_EVERY)
    }

    /// An answer is overdue, or the store is asked whether it is well again.
    pub(super) fn handle_store_timeout(&mut self, now: Now) {
        if self.store_timeout().is_none_or(|due| now.mono < due) {
            return;
        }
        if self.trouble(Organ::Store).is_some() {
            self.rounds.note_probe(now);
            self.ask(Request::Probe, What::Probe, now);
        } else {
            self.set_trouble(Organ::Store, Some(Trouble::Gone));
        }
    }

    fn handle_answer(&mut self, what: What, reply: Reply, now: Now) {
        match (what, reply) {
            (what, Reply::Appended { entry }) => {
                self.roster.apply(&entry);
                self.handle_appended(&what, &entry, now);
            }
            (What::Recall, Reply::Recalled(known)) => {
                self.desk.handle_recalled(known.map(|returning| returning.personal));
            }
            (What::Search(query), Reply::Found(found)) => self.guard.handle_found(query, found),
            (What::Pin, Reply::PinChecked(role)) => self.guard.handle_pin_checked(role, now.mono),
            (What::SetPins, Reply::PinsSet) => self.guard.handle_pins_set(),
            (What::Erase, Reply::Erased { entry: Some(entry) }) => {
                self.roster.apply(&entry);
                self.guard.forget_found();
            }
            // A probe that succeeded has done its work; any other pair is an answer to a
            // question that was not put, which the store does not give.
            _ => {}
        }
    }

    fn handle_appended(&mut self, what: &What, entry: &Entry, now: Now) {
        match (what, entry.public.event) {
            (
                What::Visit { updated, entered },
                Event::CheckIn { facts } | Event::Update { facts, .. },
            ) => {
                self.desk.handle_written(now, facts.badge, *entered, *updated);
                self.effects.push_back(Effect::OpenGate);
                self.effects.push_back(Effect::Buzz(Buzz::Welcome));
                self.begin_amending(facts.visit, facts.face, now);
            }
            (What::Visit { .. }, Event::Correction { .. }) => {
                self.desk.rest(&self.site);
                self.guard.forget_found();
                self.show_guard(now);
            }
            (What::Leave(Departure::Desk), _) => {
                self.desk.handle_left(now);
                self.effects.push_back(Effect::OpenGate);
                self.effects.push_back(Effect::Buzz(Buzz::Farewell));
            }
            (What::Leave(Departure::Elsewhere), Event::CheckOut { visit, how }) => {
                self.guard.note_left(visit, entry.public.wall, how);
            }
            _ => {}
        }
    }

    fn handle_failed(&mut self, what: &What, fault: Fault, now: Now) {
        self.set_trouble(fault.organ, Some(fault.trouble));
        self.rounds.note_probe(now);
        match what {
            What::Visit { .. } | What::Leave(Departure::Desk) => {
                self.desk.handle_not_written(None);
                if self.front == Front::Visitor {
                    self.effects.push_back(Effect::Buzz(Buzz::Sorry));
                }
            }
            What::Recall => self.desk.handle_recalled(None),
            What::Pin | What::SetPins => self.guard.handle_failed(),
            What::Leave(Departure::Elsewhere)
            | What::Note
            | What::Search(_)
            | What::Erase
            | What::Probe => {}
        }
    }
}
