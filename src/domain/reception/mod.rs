//! The whole: owns presence, desk, guard's screen and roster. It is told what happened and
//! answers what should happen.
//!
//! One input at a time goes in through `handle_*`; then the effects are drained through
//! [`Reception::poll_effect`] to the end, before the next input. It waits for nothing and reads
//! no clock; when it wants to be woken it says so in [`Reception::poll_timeout`].

mod asleep;
mod at_the_desk;
mod beacon;
mod behind_the_pin;
mod book;
mod effect;
mod health;
mod health_notices;
mod late;
mod phones;
mod radio;
mod reading;
mod rounds;
mod venue;

use std::collections::VecDeque;

pub use self::effect::{Effect, Why};
pub use self::phones::MatchingState;

use self::book::Pending;
use self::late::Sweep;
use self::phones::Heard;
use self::rounds::Rounds;
use super::advert::Advertisement;
use super::airwaves::{Airwaves, Source};
use super::asking::Asking;
use super::beacon::Beacon;
use super::desk::Desk;
use super::exposure::windows::ExposureNotice;
use super::fault::{Organ, Trouble};
use super::guard::{Guard, PinState};
use super::moment::{Mono, Now};
use super::network::{self, Network};
use super::presence::{Face, Presence};
use super::remembering::Remembering;
use super::request::{Calibrated, PassedOn};
use super::roster::Roster;
use super::sighting::{Evidence, Sighting};
use super::signal::Lamp;
use super::site::Site;
use super::visit::VisitId;

/// Who stands before the screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Front {
    Visitor,
    Guard,
}

/// A visit whose phone may still be heard.
#[derive(Clone, Copy, Debug)]
struct Amend {
    visit: VisitId,
    /// What the book has.
    written: Face,
    /// What the bar said last.
    shown: Face,
    until: Mono,
}

/// The reception.
#[derive(Debug)]
pub struct Reception {
    site: Site,
    desk: Desk,
    guard: Guard,
    front: Front,
    presence: Presence,
    asking: Asking,
    beacon: Beacon,
    airwaves: Airwaves,
    source: Source,
    calibrated: Option<Calibrated>,
    roster: Roster,
    remembering: Remembering,
    exposures: Vec<ExposureNotice>,
    passed_on: Vec<PassedOn>,
    matching: MatchingState,
    rounds: Rounds,
    amend: Option<Amend>,
    faults: [Option<Trouble>; Organ::ALL.len()],
    pending: VecDeque<Pending>,
    last_reply: Mono,
    effects: VecDeque<Effect>,
    gate_backlog: VecDeque<Mono>,
    sweep: Option<Sweep>,
    lamp: Lamp,
    last_stir: Mono,
    changed: bool,
}

impl Reception {
    /// A reception at rest, with the house as the book knows it.
    #[must_use]
    pub fn new(site: Site, roster: Roster, pins: PinState, now: Now) -> Self {
        Self {
            desk: Desk::new(&site),
            guard: Guard::new(pins),
            front: Front::Visitor,
            presence: Presence::default(),
            asking: Asking::default(),
            beacon: Beacon::new(site.beacon.clone()),
            airwaves: Airwaves::default(),
            source: Source::default(),
            calibrated: None,
            rounds: Rounds::new(now),
            roster,
            remembering: Remembering::default(),
            exposures: Vec::new(),
            passed_on: Vec::new(),
            matching: MatchingState::default(),
            site,
            amend: None,
            faults: [None; Organ::ALL.len()],
            pending: VecDeque::new(),
            last_reply: now.mono,
            effects: VecDeque::new(),
            gate_backlog: VecDeque::new(),
            sweep: None,
            lamp: Lamp::Off,
            last_stir: now.mono,
            changed: true,
        }
    }

    /// The place.
    #[must_use]
    pub const fn site(&self) -> &Site {
        &self.site
    }

    /// The desk.
    #[must_use]
    pub const fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The guard's side.
    #[must_use]
    pub const fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Whether the guard's side is on the screen.
    #[must_use]
    pub const fn guard_in_front(&self) -> bool {
        matches!(self.front, Front::Guard)
    }

    /// Who is inside.
    #[must_use]
    pub const fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Encounters tracked now, and how many had to make room so far.
    #[must_use]
    pub fn radio_load(&self) -> (usize, u64) {
        self.presence.load()
    }

    /// The face of the bar. While the radio is unwell nobody is accused.
    #[must_use]
    pub fn face(&self, now: Now) -> Face {
        let face = self.presence.face(now.mono);
        let unwell = self.trouble(Organ::Radio).is_some() && !matches!(face, Face::Running(_));
        if unwell { Face::RadioUnwell } else { face }
    }

    /// The network whose app the bar says is running, if it says so.
    #[must_use]
    pub fn network_running(&self, now: Now) -> Option<Network> {
        self.presence.found(now.mono).map(|subject| subject.network())
    }

    /// Whether what is to be seen may have changed since this was last asked.
    pub const fn take_changed(&mut self) -> bool {
        std::mem::replace(&mut self.changed, false)
    }

    /// The radio has heard an advert.
    pub fn handle_advertisement(&mut self, advert: &Advertisement, now: Now) {
        self.airwaves.note_advert(now.mono);
        let Some(rssi) = advert.rssi else { return };
        let Some(evidence) = network::decode(advert, &self.site.networks) else { return };
        if self.beacon.own().sent(&evidence, advert) {
            return;
        }
        let Some(sighting) = Sighting::new(evidence, advert.address, rssi) else { return };
        self.airwaves.note_sighting(&sighting);
        self.guard.handle_sighting(&sighting, now.mono);
        let mut changed = self.presence.handle_sighting(&sighting, now.mono);
        if let Evidence::Id { network, id, tx_power, tx_class } = evidence {
            self.note_id(&Heard { network, id, rssi, tx_power, tx_class }, now);
        }
        let may_be_asked = advert.connectable && sighting.strength.is_some();
        if may_be_asked {
            changed |= self.note_candidate(&sighting, now);
        }
        if changed {
            self.face_changed(now);
        }
        // Of one that tells its id there is nothing to ask.
        if changed || may_be_asked || self.asking.is_under_way() {
            self.ask_candidates(now);
        }
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Now) {
        self.changed = true;
        match self.front {
            Front::Visitor => {
                if let Some(wish) = self.desk.handle_timeout(now, &self.site) {
                    self.grant(wish, now);
                }
                if self.guard.is_open() {
                    // It locks behind a form as well.
                    let _locked = self.guard.handle_timeout(now.mono);
                }
            }
            Front::Guard => {
                self.look_at_radio(now);
                if self.guard.handle_timeout(now.mono) {
                    self.leave_guard();
                }
            }
        }
        if self.amend.is_some_and(|amend| now.mono >= amend.until) {
            self.end_visit(now);
        }
        self.handle_store_timeout(now);
        self.turn_beacon(now);
        self.do_rounds(now);
        self.write_heard(now);
        self.face_changed(now);
    }

    /// When [`Self::handle_timeout`] is wanted next, and what for.
    #[must_use]
    pub fn poll_timeout(&self, now: Now) -> Option<(Mono, Why)> {
        let front = match self.front {
            Front::Visitor => {
                let lock = self.guard.is_open().then(|| (self.guard.locks_at(), Why::Guard));
                self.desk.poll_timeout().map(|at| (at, Why::Desk)).into_iter().chain(lock).min()
            }
            Front::Guard => self.guard.poll_timeout(now.mono).map(|at| (at, Why::Guard)),
        };
        [
            front,
            self.presence.poll_timeout(now.mono).map(|at| (at, Why::Face)),
            self.amend.map(|amend| (amend.until, Why::Amend)),
            self.store_timeout().map(|at| (at, Why::Store)),
            self.remembering_timeout(now).map(|at| (at, Why::Remembering)),
            Some((self.rounds.next(), Why::Rounds)),
            self.beacon.poll_timeout().map(|at| (at, Why::Beacon)),
            self.sleeps_at().filter(|&at| at > now.mono).map(|at| (at, Why::Sleep)),
        ]
        .into_iter()
        .flatten()
        .min()
        // What is overdue is due now.
        .map(|(at, why)| (at.max(now.mono), why))
    }

    /// The next thing to be done, in order.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }
}
