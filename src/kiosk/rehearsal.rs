//! The whole kiosk on a virtual clock: the real reception, the real store on a real disk, a
//! simulated street, simulated pins, and a script instead of fingers. A morning takes seconds,
//! and the same seed gives the same morning.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::matching::{self, SimFile, Source, Task};
use super::{Input, Kiosk};
use crate::clock::Clock;
use crate::domain::moment::{Mono, Now, Wall};
use crate::domain::site::Site;
use crate::domain::touch::{Key, Touch};
use crate::gpio::Pins;
use crate::radio::ears::Ears;
use crate::radio::sim::{PhoneKind, PhoneNumber};
use crate::radio::voice::Voice;
use crate::store::Answer;
use crate::view::View;

/// Adverts taken in at one moment at most: the street of a whole second at the highest rate a
/// controller reports.
const ADVERTS_AT_ONCE: u32 = 1_000;

/// How long the gate stays open.
const GATE_PULSE: Duration = Duration::from_secs(3);

/// One thing that is done at its time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Act {
    /// Something that happens to the kiosk.
    Input(Input),
    /// The owner of a phone opens the app.
    OpenApp(PhoneNumber, PhoneKind),
    /// The wall clock is set, and vouched for or not.
    SetWall(Wall, bool),
}

/// The kiosk, its clock, its street and its script.
#[derive(Debug)]
pub struct Rehearsal {
    clock: Clock,
    kiosk: Kiosk,
    ears: Ears,
    voice: Voice,
    script: VecDeque<(Mono, Act)>,
    answers: Receiver<Answer>,
    adverts: u64,
    published: Vec<SimFile>,
}

impl Rehearsal {
    /// Opens the book at `book` and begins at `wall`.
    #[must_use]
    pub fn new(site: Site, book: PathBuf, wall: Wall, ears: Ears) -> Self {
        let clock = Clock::at(wall);
        let (send, answers) = channel();
        let on_answer = Arc::new(move |answer| {
            // The rehearsal may have ended; then nobody waits for the answer.
            drop(send.send(answer));
        });
        let pins = Pins::simulated(GATE_PULSE);
        let mut kiosk = Kiosk::new(site, book, pins, on_answer, clock.now());
        kiosk.handle(Input::Source(ears.source()), clock.now());
        let mut rehearsal = Self {
            clock,
            kiosk,
            ears,
            voice: Voice::simulated(),
            script: VecDeque::new(),
            answers,
            adverts: 0,
            published: vec![],
        };
        rehearsal.settle();
        rehearsal
    }

    /// What the clock shows.
    #[must_use]
    pub fn now(&self) -> Now {
        self.clock.now()
    }

    /// The kiosk, to look at.
    #[must_use]
    pub const fn kiosk(&self) -> &Kiosk {
        &self.kiosk
    }

    /// The ears, to change the street.
    pub const fn ears_mut(&mut self) -> &mut Ears {
        &mut self.ears
    }

    /// Lays a file of published keys into the inbox.
    pub fn publish(&mut self, file: SimFile) {
        self.published.push(file);
    }

    /// What the kiosk itself has sent.
    #[must_use]
    pub const fn voice(&self) -> &Voice {
        &self.voice
    }

    /// Adverts heard so far.
    #[must_use]
    pub const fn adverts(&self) -> u64 {
        self.adverts
    }

    /// What stands on the screen.
    #[must_use]
    pub fn view(&self) -> View {
        View::of(self.kiosk.reception(), self.now())
    }

    /// Plans an act. Acts of one moment are done in the order they were planned in.
    pub fn plan(&mut self, at: Mono, act: Act) {
        let place = self.script.partition_point(|(planned, _)| *planned <= at);
        self.script.insert(place, (at, act));
    }

    /// Plans touches, one after the other, so far apart; returns when the last is done.
    pub fn plan_touches(&mut self, from: Mono, apart: Duration, touches: &[Touch]) -> Mono {
        let mut at = from;
        for &touch in touches {
            self.plan(at, Act::Input(Input::Touch(touch)));
            at = at + apart;
        }
        at
    }

    /// Plans the typing of a text, a key at a time; returns when the last is down.
    pub fn plan_typing(&mut self, from: Mono, apart: Duration, text: &str) -> Mono {
        let keys: Vec<Touch> = text.chars().map(|c| Touch::Key(Key::Char(c))).collect();
        self.plan_touches(from, apart, &keys)
    }

    /// Does one thing at once, and lets everything follow that needs no time.
    pub fn act(&mut self, act: Act) {
        let now = self.clock.now();
        match act {
            Act::Input(input) => self.kiosk.handle(input, now),
            Act::OpenApp(number, kind) => {
                if let Some(street) = self.ears.street_mut() {
                    street.open_app(number, kind, now.mono);
                }
            }
            Act::SetWall(wall, trusted) => self.clock.set_wall(wall, trusted),
        }
        self.settle();
    }

    /// Lets the clock run to `end`. `watch` is shown every change of what is to be seen.
    pub fn run_until(&mut self, end: Mono, watch: &mut dyn FnMut(&View, Now)) {
        self.settle();
        while self.step(end, watch, &mut |_, _| {}) {}
        self.clock.advance_to(end);
    }

    /// Lets the clock run until there is nothing more to be heard before `end`; returns whether
    /// everything was heard. `overheard` is shown every HCI event that adverts came in.
    pub fn run_out(
        &mut self,
        end: Mono,
        watch: &mut dyn FnMut(&View, Now),
        overheard: &mut dyn FnMut(&[u8], Mono),
    ) -> bool {
        self.settle();
        while self.ears.poll_timeout().is_some_and(|next| next <= end)
            && self.step(end, watch, overheard)
        {}
        self.ears.has_ended()
    }

    /// Does what is due next, unless that is after `end`.
    fn step(
        &mut self,
        end: Mono,
        watch: &mut dyn FnMut(&View, Now),
        overheard: &mut dyn FnMut(&[u8], Mono),
    ) -> bool {
        let now = self.clock.now();
        let due = self.kiosk.poll_timeout(now);
        let planned = self.script.front().map(|(at, _)| *at);
        let next = [due, planned, self.ears.poll_timeout()].into_iter().flatten().min();
        let Some(next) = next.filter(|&next| next <= end) else { return false };
        self.clock.advance_to(next);
        let now = self.clock.now();
        if planned.is_some_and(|at| at <= now.mono)
            && let Some((_, act)) = self.script.pop_front()
        {
            self.act(act);
        } else if due.is_some_and(|due| due <= now.mono) {
            self.kiosk.handle(Input::Timeout, now);
            self.settle();
        } else {
            self.hear(overheard);
        }
        if let Some(view) = self.kiosk.take_view(self.clock.now()) {
            watch(&view, self.clock.now());
        }
        true
    }

    fn hear(&mut self, overheard: &mut dyn FnMut(&[u8], Mono)) {
        let now = self.clock.now();
        let (kiosk, adverts) = (&mut self.kiosk, &mut self.adverts);
        self.ears.hear_with_events(now.mono, ADVERTS_AT_ONCE, overheard, |advert, _| {
            *adverts += 1;
            kiosk.hear(advert, now);
        });
        self.settle();
    }

    /// Matches what lies in the inbox, on this thread.
    fn match_published(&mut self) {
        let now = self.clock.now();
        let task = Task {
            book: self.kiosk.book().to_owned(),
            zone: self.kiosk.reception().site().zone,
            cores: 1,
            wall: now.wall,
            venue: self.kiosk.reception().site().venue.clone(),
            source: Source::Sim(self.published.clone()),
            night: self.kiosk.reception().matched_night(),
        };
        let kiosk = &mut self.kiosk;
        matching::run(&task, &AtomicBool::new(false), &mut |news| {
            kiosk.handle(Input::Matching(news), now);
        });
    }

    /// Waits for the store: on a virtual clock the disk takes no time. Then the ears are attended
    /// to.
    fn settle(&mut self) {
        loop {
            while self.kiosk.unanswered() > 0 {
                let Ok(answer) = self.answers.recv() else { return };
                self.kiosk.handle(Input::Answer(answer), self.clock.now());
            }
            if self.kiosk.take_to_match().is_none() {
                break;
            }
            self.match_published();
        }
        self.kiosk.attend(&mut self.ears, self.clock.now());
        self.kiosk.announce(&mut self.voice, self.clock.now());
    }
}
