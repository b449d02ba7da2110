//! What is asked of the store, and what its answers lead to. Nothing is acted on before it is on
//! disk: no welcome, no number, no gate.

use super::late::Sweep;
use super::{Effect, Front, Reception};
use crate::domain::exposure::matched::Matched;
use crate::domain::exposure::reason::Reason;
use crate::domain::fault::{Fault, Organ, Trouble};
use crate::domain::logbook::{Draft, ENTRY_VERSION, Entry, Event, Public};
use crate::domain::moment::{Mono, Now, Wall};
use crate::domain::policy;
use crate::domain::request::{Calibrated, Digits, PassedOn, Reply, Request, SearchText};
use crate::domain::signal::Buzz;
use crate::domain::visit::{Leaving, Personal, VisitId};

/// A request under way, and what its answer is for.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) what: What,
    pub(super) since: Mono,
}

/// What an answer is for.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// The form of the desk.
    Visit { turn: u32, updated: bool, entered: Wall },
    /// A departure.
    Leave { visit: VisitId, at: Departure },
    /// An opening of the gate.
    Gate { pressed: Mono },
    /// Something written down of which nobody waits for the answer.
    Note,
    /// A number the desk asked about.
    Recall(Digits),
    /// What the guard looks for.
    Search { session: u32, query: SearchText },
    /// A PIN.
    Pin { session: u32 },
    /// New PINs.
    SetPins { session: u32 },
    /// Levels of the site.
    Levels { session: u32, calibrated: Calibrated },
    /// Persons erased.
    Erase,
    /// What is past its keeping.
    Expire,
    /// What was heard.
    Remember,
    /// What was heard long ago.
    Forget,
    /// What a file of published keys has brought.
    KeepMatched(Box<Matched>),
    /// Which exposures there are.
    Exposures,
    /// Who was inside around an exposure.
    Overlap { session: u32 },
    /// That the exposures are handed out, and why.
    Export { session: u32, reason: Reason },
    /// That one was passed on.
    PassOn(PassedOn),
    /// New secrets of the beacon.
    BeaconKeys,
    /// Whether the store is well again.
    Probe,
}

impl What {
    fn is_departure_of(&self, leaving: VisitId) -> bool {
        matches!(self, Self::Leave { visit, .. } if *visit == leaving)
    }
}

/// Where somebody was signed out.
#[derive(Clone, Copy, Debug)]
pub(super) enum Departure {
    /// At the visitor's screen.
    Desk { turn: u32 },
    /// On the guard's list.
    List,
    /// With everybody.
    Sweep(Sweep),
}

impl Reception {
    /// The store has answered the request that has waited longest.
    pub fn handle_reply(&mut self, reply: Reply, now: Now) {
        self.changed = true;
        let Some(pending) = self.pending.pop_front() else { return };
        self.last_reply = now.mono;
        if let Reply::Failed(fault) = reply {
            self.handle_failed(&pending.what, fault, now);
        } else {
            self.set_trouble(Organ::Store, None);
            self.handle_answer(pending.what, reply, now);
            self.write_what_is_due(now);
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

    /// Signs a visitor out. What nobody waits for is not written twice.
    pub(super) fn sign_out(&mut self, visit: VisitId, how: Leaving, at: Departure, now: Now) {
        let waits = matches!(at, Departure::Desk { .. });
        let leaves = self.pending.iter().any(|pending| pending.what.is_departure_of(visit));
        if waits || !leaves {
            self.append(Event::CheckOut { visit, how }, None, What::Leave { visit, at }, now);
        }
    }

    /// When the store is looked after next.
    pub(super) fn store_timeout(&self) -> Option<Mono> {
        let owed = self
            .pending
            .front()
            .map(|pending| pending.since.max(self.last_reply) + policy::STORE_ANSWER_WITHIN);
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
            (What::Recall(asked), Reply::Recalled(known)) => {
                self.desk.handle_recalled(&asked, known.map(|returning| returning.personal));
            }
            (What::Search { session, query }, Reply::Found(found)) => {
                self.guard.handle_found(session, query, found);
            }
            (What::Pin { session }, Reply::PinChecked(role)) => {
                self.guard.handle_pin_checked(session, role, now.mono);
            }
            (What::SetPins { session }, Reply::PinsSet) => self.guard.handle_pins_set(session),
            (What::Levels { session, calibrated }, Reply::LevelsKept) => {
                self.set_calibrated(Some(calibrated));
                self.guard.handle_levels_kept(session);
            }
            (What::Erase, Reply::Erased { entry: Some(entry) }) => {
                self.roster.apply(&entry);
                self.guard.forget_found();
            }
            (What::Expire, Reply::Expired { entries, more }) => {
                self.handle_expired(&entries, more, now);
            }
            (What::Remember, Reply::Remembered) => self.handle_remembered(true),
            (What::Forget, Reply::Forgot { entry: Some(entry), more }) => {
                self.roster.apply(&entry);
                if more {
                    self.forget_heard(now);
                } else {
                    self.ask(Request::Exposures, What::Exposures, now);
                }
            }
            (What::Overlap { session }, Reply::Overlap(overlap)) => {
                self.roster.apply(&overlap.entry);
                self.guard.handle_overlap(session, *overlap);
            }
            (What::BeaconKeys, Reply::BeaconKeys(keys)) => self.set_beacon_keys(*keys, now),
            (What::PassOn(passed), Reply::PassedOn) => self.handle_passed_on(passed),
            (What::Overlap { session }, Reply::Exposures(exposures)) => {
                self.set_exposures(exposures);
                self.guard.handle_no_overlap(session);
            }
            (What::KeepMatched(_) | What::Exposures, Reply::Exposures(exposures)) => {
                self.set_exposures(exposures);
            }
            // A probe that succeeded has done its work; any other pair is an answer to a
            // question that was not put, which the store does not give.
            _ => {}
        }
    }

    fn handle_appended(&mut self, what: &What, entry: &Entry, now: Now) {
        match (what, entry.public.event) {
            (
                What::Visit { turn, updated, entered },
                Event::CheckIn { facts } | Event::Update { facts, .. },
            ) => {
                // Nobody is welcomed, and no gate opened, for a visitor who has gone.
                if !self.desk.handle_written(*turn, now, facts.badge, *entered, *updated) {
                    return;
                }
                self.effects.push_back(Effect::OpenGate);
                self.effects.push_back(Effect::Buzz(Buzz::Welcome));
                self.begin_amending(facts.visit, facts.face, now);
            }
            (What::Visit { turn, .. }, Event::Correction { .. }) => {
                self.guard.forget_found();
                if *turn == self.desk.turn() {
                    self.desk.rest(&self.site);
                    self.show_guard();
                }
            }
            (What::Leave { at: Departure::Desk { turn }, .. }, _) => {
                if !self.desk.handle_left(*turn, now) {
                    return;
                }
                self.effects.push_back(Effect::OpenGate);
                self.effects.push_back(Effect::Buzz(Buzz::Farewell));
            }
            (What::Export { session, reason }, _) => {
                self.export_written_down(*session, reason, entry.seq);
            }
            (What::Leave { .. }, Event::CheckOut { visit, how }) => {
                self.guard.note_left(visit, entry.public.wall, how);
            }
            _ => {}
        }
    }

    fn handle_failed(&mut self, what: &What, fault: Fault, now: Now) {
        self.set_trouble(fault.organ, Some(fault.trouble));
        self.rounds.note_probe(now);
        match what {
            What::Visit { turn, .. } | What::Leave { at: Departure::Desk { turn }, .. } => {
                self.desk.handle_not_written(*turn, None);
                if self.front == Front::Visitor {
                    self.effects.push_back(Effect::Buzz(Buzz::Sorry));
                }
            }
            What::Leave { visit, at: Departure::Sweep(sweep) } => self.sweep_again(*sweep, *visit),
            What::Gate { pressed } => self.keep_gate_opening(*pressed),
            What::Recall(asked) => self.desk.handle_not_recalled(asked),
            What::Pin { session }
            | What::SetPins { session }
            | What::Levels { session, .. }
            | What::Overlap { session }
            | What::Export { session, .. } => self.guard.handle_failed(*session),
            What::Remember => self.handle_remembered(false),
            What::KeepMatched(matched) => self.keep_matched_again(matched),
            What::Leave { at: Departure::List, .. }
            | What::Note
            | What::Forget
            | What::Exposures
            | What::PassOn(_)
            | What::Search { .. }
            | What::Erase
            | What::Expire
            | What::BeaconKeys
            | What::Probe => {}
        }
    }
}
