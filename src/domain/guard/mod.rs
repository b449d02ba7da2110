//! What lies behind the PIN: who is inside, find, write down, send out, correct, erase; and what
//! the radio hears.
//!
//! It decides what the guard's touches mean. What they ask for is done by the reception. The
//! screens are each in a file of their own.

mod exposures;
mod list;
mod pad;
mod radio;
mod wish;

pub use self::exposures::{Asked, ExposureScreen, ReasonFor};
pub use self::list::GuardQuestion;
pub use self::pad::{Pad, PinAsk, PinState};
pub use self::radio::{Calibrating, Ignoring, Saving};
pub use self::wish::GuardWish;

use std::time::Duration;

use self::pad::first_ask;
use super::complaint::Complaint;
use super::language::Language;
use super::moment::{Mono, Now, Wall};
use super::policy;
use super::request::{FoundVisit, Overlap, Role, SearchText};
use super::touch::Touch;
use super::typing::Line;
use super::visit::{Leaving, VisitId};

/// What of it is on the screen.
#[derive(Clone, Debug)]
pub enum GuardScreen {
    /// The PIN pad.
    Pin(Pad),
    /// The list.
    List,
    /// Typing what to look for.
    Search(Line),
    /// What the radio hears.
    Radio,
    /// The levels of the site are being learned.
    Calibrating(Calibrating),
    /// A phone that belongs to the place is being held to the mark.
    Ignoring(Ignoring),
    /// How each organ is.
    Checks,
    /// The days on which somebody infected was here.
    Exposures(ExposureScreen),
}

/// The guard's side of the kiosk.
#[derive(Debug)]
pub struct Guard {
    pins: PinState,
    screen: GuardScreen,
    role: Option<Role>,
    found: Option<(SearchText, Vec<FoundVisit>)>,
    overlap: Option<Box<Overlap>>,
    has_read_notice: bool,
    page: usize,
    question: Option<GuardQuestion>,
    complaint: Option<Complaint>,
    wrong_tries: u32,
    wait_until: Mono,
    last_touch: Mono,
    /// When the screen is next drawn anew, if the radio is on it.
    radio_drawn_at: Mono,
    /// Counts the lockings: an answer to what was asked before the last one opens nothing.
    session: u32,
}

impl Guard {
    /// Locked; at the very first start the PINs are to be chosen.
    #[must_use]
    pub fn new(pins: PinState) -> Self {
        Self {
            pins,
            screen: GuardScreen::Pin(Pad::new(first_ask(pins))),
            role: None,
            found: None,
            overlap: None,
            has_read_notice: false,
            page: 0,
            question: None,
            complaint: None,
            wrong_tries: 0,
            wait_until: Mono::default(),
            last_touch: Mono::default(),
            radio_drawn_at: Mono::default(),
            session: 0,
        }
    }

    /// What is on the screen.
    #[must_use]
    pub const fn screen(&self) -> &GuardScreen {
        &self.screen
    }

    /// Who has opened it.
    #[must_use]
    pub const fn role(&self) -> Option<Role> {
        self.role
    }

    /// What was looked for and found; `None` while everybody inside is listed.
    #[must_use]
    pub const fn found(&self) -> Option<&(SearchText, Vec<FoundVisit>)> {
        self.found.as_ref()
    }

    /// The page of the list, from 0.
    #[must_use]
    pub const fn page(&self) -> usize {
        self.page
    }

    /// The question that waits for an answer.
    #[must_use]
    pub const fn question(&self) -> Option<GuardQuestion> {
        self.question
    }

    /// What is wrong with what was typed.
    #[must_use]
    pub const fn complaint(&self) -> Option<Complaint> {
        self.complaint
    }

    /// How long the pad takes no further PIN.
    #[must_use]
    pub const fn wait(&self, now: Mono) -> Duration {
        self.wait_until.since(now)
    }

    /// Whether it has been opened with a PIN.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.role.is_some()
    }

    /// From one locking to the next. Whatever is asked of the store carries it along.
    #[must_use]
    pub const fn session(&self) -> u32 {
        self.session
    }

    /// Somebody is there, at whichever screen.
    pub const fn note_touch(&mut self, now: Mono) {
        self.last_touch = now;
    }

    /// Locks the screen.
    pub fn lock(&mut self) {
        *self = Self {
            wrong_tries: self.wrong_tries,
            wait_until: self.wait_until,
            last_touch: self.last_touch,
            session: self.session.wrapping_add(1),
            ..Self::new(self.pins)
        };
    }

    /// The book has been opened, perhaps another one. Wrong tries still count.
    pub fn handle_book_opened(&mut self, pins: PinState) {
        self.forget_found();
        if pins != self.pins {
            self.pins = pins;
            self.lock();
        }
    }

    /// When the screen locks by itself.
    #[must_use]
    pub fn locks_at(&self) -> Mono {
        self.last_touch + policy::GUARD_LOCK_AFTER
    }

    /// When the screen locks by itself, or the pad may be used again.
    #[must_use]
    pub fn poll_timeout(&self, now: Mono) -> Option<Mono> {
        let lock = self.locks_at();
        // The seconds of the wait are counted down on the screen.
        let tick = (self.wait_until > now).then(|| now + Duration::from_secs(1));
        [Some(lock), tick, self.radio_drawn_at()].into_iter().flatten().min()
    }

    /// Time has passed. Returns whether the screen must be left.
    pub fn handle_timeout(&mut self, now: Mono) -> bool {
        self.handle_radio_timeout(now);
        if now < self.locks_at() {
            return false;
        }
        self.lock();
        true
    }

    /// The store has found visits.
    pub fn handle_found(&mut self, session: u32, query: SearchText, found: Vec<FoundVisit>) {
        if session == self.session {
            self.found = Some((query, found));
            self.page = 0;
        }
    }

    /// What was found is no longer what the book says.
    pub fn forget_found(&mut self) {
        self.found = None;
        self.page = 0;
        self.forget_overlap();
    }

    /// A visit in what was found has ended.
    pub fn note_left(&mut self, visit: VisitId, wall: Wall, how: Leaving) {
        let found = self.found.iter_mut().flat_map(|(_, found)| found);
        for found in found.filter(|found| found.facts.visit == visit) {
            found.left = Some((wall, how));
        }
    }

    /// A request came to nothing.
    pub fn handle_failed(&mut self, session: u32) {
        if session != self.session {
            return;
        }
        if let GuardScreen::Pin(pad) = &mut self.screen {
            pad.waiting = false;
        }
        self.levels_not_written();
        self.exposures_not_answered();
    }

    /// A finger, or a key. `pages` is how many pages the list has now.
    pub fn handle_touch(
        &mut self,
        touch: Touch,
        now: Now,
        language: Language,
        pages: usize,
    ) -> Option<GuardWish> {
        self.complaint = None;
        self.draw_radio_after(now.mono);
        // Visits that ended may have taken a page with them.
        self.page = self.page.min(pages.saturating_sub(1));
        match std::mem::replace(&mut self.screen, GuardScreen::List) {
            GuardScreen::Pin(pad) => self.at_pad(pad, touch, now),
            GuardScreen::Search(line) => self.at_search(line, touch),
            GuardScreen::List => self.at_list(touch, language, pages),
            GuardScreen::Radio => self.at_radio(touch, now.mono),
            GuardScreen::Calibrating(calibrating) => {
                self.at_calibrating(calibrating, touch, now.mono)
            }
            GuardScreen::Ignoring(ignoring) => self.at_ignoring(ignoring, touch, now.mono),
            GuardScreen::Checks => self.at_checks(touch),
            GuardScreen::Exposures(screen) => self.at_exposures(screen, touch, language, pages),
        }
    }
}
