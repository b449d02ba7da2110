//! One input at a time into the reception, and its effects out to the edges.
//!
//! This is the only place that knows more than one edge. It decides nothing: what a touch means
//! is the reception's business, what a request does the store's. [`live`] turns it by the
//! machine's clock, [`rehearsal`] by a clock of its own.

#[cfg(feature = "app")]
pub mod live;
pub mod morning;
pub mod rehearsal;

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::advert::Advertisement;
use crate::domain::airwaves::Source;
use crate::domain::fault::{Fault, Organ, Trouble};
use crate::domain::moment::{Mono, Now};
use crate::domain::reception::{Effect, Reception};
use crate::domain::request::{Reply, Request};
use crate::domain::roster::Roster;
use crate::domain::signal::Sensed;
use crate::domain::site::Site;
use crate::domain::touch::Touch;
use crate::domain::visit::VisitId;
use crate::gpio::Pins;
use crate::store::{Opened, Options, Store};
use crate::view::View;

/// Where the store's answers go, in their order. It is called on the store's thread, or on the loop's
/// while the book is shut.
pub type OnReply = Arc<dyn Fn(Reply) + Send + Sync>;

/// Something that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// A finger or a key.
    Touch(Touch),
    /// An answer of the store.
    Reply(Reply),
    /// The motion sensor or the guard's button.
    Sensed(Sensed),
    /// An organ is unwell.
    Fault(Fault),
    /// An organ is well again.
    Mended(Organ),
    /// Adverts come from there from now on.
    Source(Source),
    /// Time has passed.
    Timeout,
}

/// The book: open, or shut with a reason.
#[derive(Debug)]
enum Shelf {
    Open(Store),
    Shut,
}

/// The kiosk without its clock.
pub struct Kiosk {
    reception: Reception,
    shelf: Shelf,
    book: PathBuf,
    on_reply: OnReply,
    pins: Pins,
    /// Requests to the store without an answer yet.
    unanswered: usize,
    /// When the reception wants to be woken. It stands until it has been.
    due: Option<Mono>,
    /// What the book had to say when it was opened: that it was damaged, or why it is shut.
    remark: Option<String>,
}

impl Kiosk {
    /// Puts the parts together. A book that cannot be opened is a fault on the screen, not an
    /// error: the gate still opens for the guard, and opening is tried again and again.
    #[must_use]
    pub fn new(site: Site, book: PathBuf, pins: Pins, on_reply: OnReply, now: Now) -> Self {
        let nobody = Roster::new(site.zone, VisitId(0));
        let mut kiosk = Self {
            reception: Reception::new(site, nobody, false, now),
            shelf: Shelf::Shut,
            book,
            on_reply,
            pins,
            unanswered: 0,
            due: None,
            remark: None,
        };
        if let Err(fault) = kiosk.open_book(now) {
            kiosk.reception.handle_fault(fault, now);
        }
        kiosk.drain(now);
        kiosk
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

    /// Requests to the store without an answer yet.
    #[must_use]
    pub const fn unanswered(&self) -> usize {
        self.unanswered
    }

    /// What the book had to say when it was opened, once.
    pub const fn take_remark(&mut self) -> Option<String> {
        self.remark.take()
    }

    /// Takes in one input and carries out everything that follows from it.
    pub fn handle(&mut self, input: Input, now: Now) {
        match input {
            Input::Touch(touch) => self.reception.handle_touch(touch, now),
            Input::Reply(reply) => {
                self.unanswered = self.unanswered.saturating_sub(1);
                if matches!(reply, Reply::Failed(Fault { trouble: Trouble::Damaged, .. })) {
                    // Opening it again sets the damaged file aside and saves what can be read.
                    self.shelf = Shelf::Shut;
                }
                self.reception.handle_reply(reply, now);
            }
            Input::Sensed(Sensed::Motion) => self.reception.handle_motion(now),
            Input::Sensed(Sensed::GuardButton) => self.reception.handle_gate_button(now),
            Input::Fault(fault) => self.reception.handle_fault(fault, now),
            Input::Mended(organ) => self.reception.handle_mended(organ, now),
            Input::Source(source) => self.reception.handle_source(source),
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
            }
        }
        // The reception tells of the moments ahead. One that has come, or counts from each time
        // it is asked, is not put off by whatever else happens; being woken early does no harm.
        let ahead = self.reception.poll_timeout(now).map(|(due, _)| due);
        self.due = self.due.into_iter().chain(ahead).min();
    }

    fn request(&mut self, request: Request, now: Now) {
        if matches!(self.shelf, Shelf::Shut)
            && let Err(fault) = self.open_book(now)
        {
            self.refuse(fault);
            return;
        }
        let Shelf::Open(store) = &self.shelf else { return };
        match store.submit(request) {
            Ok(()) => self.unanswered += 1,
            Err(fault) => {
                // Its thread has ended; the next request opens the book anew.
                self.shelf = Shelf::Shut;
                self.refuse(fault);
            }
        }
    }

    /// Answers in the store's place. The answer goes the way of the store's own, behind those to
    /// earlier requests that are still on it: the reception counts on their order.
    fn refuse(&mut self, fault: Fault) {
        self.unanswered += 1;
        (self.on_reply)(Reply::Failed(fault));
    }

    fn open_book(&mut self, now: Now) -> Result<(), Fault> {
        let zone = self.reception.site().zone;
        let today_from = now.wall.day_start(zone);
        let options = Options { today_from, wall: now.wall };
        let on_reply = Arc::clone(&self.on_reply);
        match Store::open(&self.book, options, move |reply| on_reply(reply)) {
            Ok((store, opened)) => {
                self.shelf = Shelf::Open(store);
                self.remark = opened.set_aside.as_ref().map(ToString::to_string);
                self.reception.set_calibrated(opened.calibrated);
                self.reception.handle_book_opened(roster(&opened, zone), opened.pins_set, now);
                Ok(())
            }
            Err(error) => {
                self.remark = Some(format!("failed to open the book: {error}"));
                Err(error.fault())
            }
        }
    }
}

impl std::fmt::Debug for Kiosk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kiosk").field("shelf", &self.shelf).finish_non_exhaustive()
    }
}

fn roster(opened: &Opened, zone: crate::domain::moment::Zone) -> Roster {
    let last = VisitId(opened.next_visit.0.saturating_sub(1));
    let mut roster = Roster::new(zone, last);
    for entry in &opened.entries {
        roster.apply(entry);
    }
    roster
}
