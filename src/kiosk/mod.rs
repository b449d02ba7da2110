//! One input at a time into the reception, and its effects out to the edges.
//!
//! This is the only place that knows more than one edge. It decides nothing: what a touch means
//! is the reception's business, what a request does the store's. [`live`] turns it by the
//! machine's clock, [`rehearsal`] by a clock of its own.

#[cfg(feature = "app")]
pub mod errands;
#[cfg(feature = "exposure")]
pub mod fetching;
pub mod handout;
#[cfg(feature = "app")]
pub mod live;
pub mod matching;
pub mod morning;
pub mod rehearsal;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

use self::handout::ToExport;
use crate::domain::advert::Advertisement;
use crate::domain::airwaves::Source;
use crate::domain::asking::{Ask, Reading};
use crate::domain::beacon::Plan;
use crate::domain::exposure::matched::Matching;
use crate::domain::fault::{Fault, Organ, Trouble};
use crate::domain::guard::PinState;
use crate::domain::moment::{Mono, Now};
use crate::domain::reception::{Effect, Reception};
use crate::domain::request::{Reply, Request};
use crate::domain::roster::Roster;
use crate::domain::signal::Sensed;
use crate::domain::site::Site;
use crate::domain::touch::Touch;
use crate::domain::visit::VisitId;
use crate::gpio::Pins;
use crate::radio::ears::Ears;
use crate::radio::voice::Voice;
use crate::store::{Answer, OnAnswer, Opened, Options, Store, Unwell};
use crate::view::View;

/// Something that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// A finger or a key.
    Touch(Touch),
    /// The store has something to say.
    Answer(Answer),
    /// The motion sensor or the guard's button.
    Sensed(Sensed),
    /// An organ is unwell.
    Fault(Fault),
    /// An organ is well again.
    Mended(Organ),
    /// Adverts come from there from now on.
    Source(Source),
    /// The ears have answered what they were asked.
    Reading(Reading),
    /// The thread that matches published keys has something to say.
    Matching(Matching),
    /// The exposures were written out.
    Exported {
        /// Who asked for it.
        session: u32,
        /// Where they lie; `None` where they could not be written.
        place: Option<String>,
    },
    /// The voice can say so many things at once.
    BeaconSets(u8),
    /// The adapter that listens was told a new address, and has taken it or not.
    BeaconAddress(bool),
    /// Time has passed.
    Timeout,
}

/// The book, as far as the store has said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shelf {
    /// The next request opens it anew.
    Shut,
    Opening,
    Open,
}

/// The kiosk without its clock.
pub struct Kiosk {
    reception: Reception,
    shelf: Shelf,
    store: Option<Store>,
    /// Damage was met since the book was last opened.
    in_doubt: bool,
    book: PathBuf,
    on_answer: OnAnswer,
    pins: Pins,
    /// For the ears; at most a few, since one phone is asked at a time.
    asks: VecDeque<Ask>,
    /// Published keys are to be matched; whether gently.
    to_match: Option<bool>,
    /// The exposures are to be written out.
    to_export: Option<ToExport>,
    /// For the voice; the last one counts.
    plan: Option<Plan>,
    /// What the store owes: answers to requests and to opening the book.
    unanswered: usize,
    /// When the reception wants to be woken. It stands until it has been.
    due: Option<Mono>,
    /// What the book had to say when it was opened: that it was damaged, or why it is shut.
    remark: Option<String>,
}

impl Kiosk {
    /// Puts the parts together and has the book opened. That, and a book that cannot be opened, is
    /// a fault on the screen, not an error: the gate opens for the guard all the while, and opening
    /// is tried again and again. Whatever the store says is to come back as [`Input::Answer`].
    #[must_use]
    pub fn new(site: Site, book: PathBuf, pins: Pins, on_answer: OnAnswer, now: Now) -> Self {
        let nobody = Roster::new(site.zone, VisitId(0));
        let mut kiosk = Self {
            // Until the book says otherwise there are PINs: nobody may choose new ones before.
            reception: Reception::new(site, nobody, PinState::Set, now),
            shelf: Shelf::Shut,
            store: None,
            in_doubt: false,
            book,
            on_answer,
            pins,
            asks: VecDeque::new(),
            to_match: None,
            to_export: None,
            plan: None,
            unanswered: 0,
            due: None,
            remark: None,
        };
        kiosk.reception.set_matched_night(matching::night::begun(&kiosk.book));
        kiosk.open_book(now);
        kiosk.drain(now);
        kiosk
    }

    /// Where the book lies.
    #[must_use]
    pub fn book(&self) -> &std::path::Path {
        &self.book
    }

    /// The reception, to look at.
    #[must_use]
    pub const fn reception(&self) -> &Reception {
        &self.reception
    }

    /// The pins, to look at.
    #[must_use]
    pub const fn pins(&self) -> &Pins {
        &self.pins
    }

    /// What the store owes: answers to requests and to opening the book.
    #[must_use]
    pub const fn unanswered(&self) -> usize {
        self.unanswered
    }

    /// What the book had to say when it was opened, once.
    pub const fn take_remark(&mut self) -> Option<String> {
        self.remark.take()
    }

    /// Whether published keys are to be matched, once, and whether gently. The news come back as
    /// [`Input::Matching`].
    pub const fn take_to_match(&mut self) -> Option<bool> {
        self.to_match.take()
    }

    /// What is to be written out for the health officer, once. How it went comes back as
    /// [`Input::Exported`].
    pub const fn take_to_export(&mut self) -> Option<ToExport> {
        self.to_export.take()
    }

    /// Takes in what the ears have answered, and hands them what is to be asked, to the end. To be
    /// called after each input.
    pub fn attend(&mut self, ears: &mut Ears, now: Now) {
        loop {
            if let Some(reading) = ears.take_reading(now.mono) {
                self.handle(Input::Reading(reading), now);
            } else if let Some(ask) = self.asks.pop_front() {
                ears.ask(ask, now.mono);
            } else {
                return;
            }
        }
    }

    /// Hands the voice what is to be on the air from now on. To be called after each input.
    pub fn announce(&mut self, voice: &mut Voice, now: Now) {
        if let Some(plan) = self.plan.take() {
            voice.say(plan, now.mono);
        }
    }

    /// Takes in one input and carries out everything that follows from it.
    pub fn handle(&mut self, input: Input, now: Now) {
        match input {
            Input::Touch(touch) => self.reception.handle_touch(touch, now),
            Input::Answer(answer) => self.handle_answer(answer, now),
            Input::Sensed(Sensed::Motion) => self.reception.handle_motion(now),
            Input::Sensed(Sensed::GuardButton) => self.reception.handle_gate_button(now),
            Input::Fault(fault) => self.reception.handle_fault(fault, now),
            Input::Mended(organ) => self.reception.handle_mended(organ, now),
            Input::Source(source) => self.reception.handle_source(source),
            Input::Reading(reading) => self.reception.handle_reading(&reading, now),
            Input::Matching(news) => self.reception.handle_matching(news, now),
            Input::Exported { session, place } => self.reception.handle_exported(session, place),
            Input::BeaconSets(sets) => self.reception.handle_beacon_sets(sets, now),
            Input::BeaconAddress(taken) => self.reception.handle_beacon_address(taken),
            Input::Timeout => {
                if self.due.is_some_and(|due| due <= now.mono) {
                    self.due = None;
                    self.reception.handle_timeout(now);
                }
                self.pins.handle_timeout(now.mono);
            }
        }
        self.drain(now);
    }

    /// Takes in one advert.
    pub fn hear(&mut self, advert: &Advertisement, now: Now) {
        self.reception.handle_advertisement(advert, now);
        self.drain(now);
    }

    /// When [`Input::Timeout`] is wanted next.
    #[must_use]
    pub fn poll_timeout(&self, now: Now) -> Option<Mono> {
        [self.due, self.pins.poll_timeout(now.mono)].into_iter().flatten().min()
    }

    /// What is to be seen, if it may have changed.
    pub fn take_view(&mut self, now: Now) -> Option<View> {
        self.reception.take_changed().then(|| View::of(&self.reception, now))
    }

    fn drain(&mut self, now: Now) {
        while let Some(effect) = self.reception.poll_effect() {
            match effect {
                Effect::Request(request) => self.request(request, now),
                Effect::Lamp(lamp) => self.pins.light(lamp, now.mono),
                Effect::Buzz(buzz) => self.pins.buzz(buzz, now.mono),
                Effect::OpenGate => self.pins.open_gate(now.mono),
                Effect::Ask(ask) => self.asks.push_back(ask),
                Effect::Match { gently } => self.to_match = Some(gently),
                Effect::Export { session, reason, entry } => {
                    self.to_export = Some(ToExport { session, reason, entry });
                }
                Effect::Broadcast(plan) => self.plan = Some(plan),
            }
        }
        // The reception tells of the moments ahead. One that has come, or counts from each time
        // it is asked, is not put off by whatever else happens; being woken early does no harm.
        let ahead = self.reception.poll_timeout(now).map(|(due, _)| due);
        self.due = self.due.into_iter().chain(ahead).min();
    }

    fn handle_answer(&mut self, answer: Answer, now: Now) {
        if !matches!(answer, Answer::FoundDamaged(_)) {
            self.unanswered = self.unanswered.saturating_sub(1);
        }
        match answer {
            Answer::Opened(opened) => {
                self.shelf = Shelf::Open;
                self.in_doubt = false;
                self.remark = remark(&opened);
                let roster = roster(&opened, self.reception.site().zone);
                self.reception.set_calibrated(opened.calibrated);
                self.reception.set_venue_secret(opened.venue_secret);
                self.reception.set_exposures(opened.exposures.clone());
                self.reception.set_passed_on(opened.passed_on.clone());
                self.reception.set_beacon_keys(opened.beacon_keys, now);
                self.reception.handle_book_opened(roster, opened.pins, now);
            }
            Answer::NotOpened(Unwell { fault, words }) => {
                self.shelf = Shelf::Shut;
                self.in_doubt |= fault.trouble == Trouble::Damaged;
                self.remark = Some(format!("failed to open the book: {words}"));
                self.reception.handle_fault(fault, now);
            }
            Answer::Reply(reply) => {
                // What is left of a former opening says nothing about the one under way.
                if let Reply::Failed(Fault { trouble, .. }) = reply
                    && matches!(trouble, Trouble::Damaged | Trouble::Gone)
                    && self.shelf == Shelf::Open
                {
                    self.shelf = Shelf::Shut;
                    self.in_doubt = trouble == Trouble::Damaged;
                }
                self.reception.handle_reply(reply, now);
            }
            Answer::FoundDamaged(Unwell { words, .. }) => {
                if self.shelf == Shelf::Open {
                    self.in_doubt = true;
                    self.remark = Some(format!("found in the book: {words}"));
                    self.open_book(now);
                }
            }
        }
    }

    fn request(&mut self, request: Request, now: Now) {
        if self.shelf == Shelf::Shut {
            self.open_book(now);
        }
        if let Some(store) = &self.store {
            self.unanswered += 1;
            store.submit(request);
        }
    }

    /// Has the book opened anew; in doubt, that sets a damaged one aside and saves what it holds.
    fn open_book(&mut self, now: Now) {
        let today_from = now.wall.day_start(self.reception.site().zone);
        let options = Options { today_from, wall: now.wall, in_doubt: self.in_doubt };
        let former = self.store.take();
        let on_answer = Arc::clone(&self.on_answer);
        self.store = Some(Store::open(&self.book, options, former, on_answer));
        self.shelf = Shelf::Opening;
        self.unanswered += 1;
        // A trouble that opening it may not mend stands on the screen until it is mended.
        if matches!(self.reception.trouble(Organ::Store), None | Some(Trouble::Damaged)) {
            let fault = Fault { organ: Organ::Store, trouble: Trouble::Opening };
            self.reception.handle_fault(fault, now);
        }
    }
}

impl std::fmt::Debug for Kiosk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kiosk").field("shelf", &self.shelf).finish_non_exhaustive()
    }
}

/// For the journal, should something be amiss with a book that was opened.
fn remark(opened: &Opened) -> Option<String> {
    let set_aside = opened.set_aside.as_ref().map(ToString::to_string);
    let broken = opened.broken.map(|(seq, why)| {
        format!("the chain of the book breaks at entry {seq}: {why}; try kiosk log --verify")
    });
    set_aside.or(broken)
}

fn roster(opened: &Opened, zone: crate::domain::moment::Zone) -> Roster {
    let last = VisitId(opened.next_visit.0.saturating_sub(1));
    let mut roster = Roster::new(zone, last);
    for entry in &opened.entries {
        roster.apply(entry);
    }
    roster
}
