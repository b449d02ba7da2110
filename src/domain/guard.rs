//! What lies behind the PIN: who is inside, find, write down, send out, correct, erase.
//!
//! It decides what the guard's touches mean. What they ask for is done by the reception.

use std::time::Duration;

use super::complaint::Complaint;
use super::desk::edit_digits;
use super::desk::form::TypedField;
use super::language::Language;
use super::moment::{Mono, Now, Wall};
use super::policy;
use super::request::{Digits, FoundVisit, Role, SearchText};
use super::touch::Touch;
use super::typing::Line;
use super::visit::{Leaving, VisitId};

/// What the PIN pad asks for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PinAsk {
    /// The PIN of a guard or an administrator.
    Unlock,
    /// First start: choose the administrator's PIN.
    ChooseAdministrator,
    /// First start: the administrator's PIN once more.
    RepeatAdministrator,
    /// First start: choose the guards' PIN.
    ChooseGuard,
    /// First start: the guards' PIN once more.
    RepeatGuard,
}

/// A question that must be answered before something is done that cannot be undone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum GuardQuestion {
    /// Erase this person from the book?
    Erase(VisitId),
    /// Sign everybody out?
    Sweep,
}

/// What the guard's screen asks of the reception.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GuardWish {
    /// Whose PIN is this?
    CheckPin(Digits),
    /// Keep these PINs.
    SetPins {
        /// The administrator's.
        administrator: Digits,
        /// The guards'.
        guard: Digits,
    },
    /// Look for visits.
    Search(SearchText),
    /// Write a visitor down.
    WriteDown,
    /// Sign a visitor out.
    SendOut(VisitId),
    /// Correct a visit.
    Correct(VisitId),
    /// Erase a person.
    Erase(VisitId),
    /// Sign everybody out.
    Sweep,
    /// Open the gate.
    OpenGate,
    /// Back to the visitors' welcome.
    Close,
}

/// What of it is on the screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GuardScreen {
    /// The PIN pad.
    Pin(Pad),
    /// The list.
    List,
    /// Typing what to look for.
    Search(Line),
}

/// The PIN pad.
#[derive(Clone, PartialEq, Eq)]
pub struct Pad {
    /// What it asks for.
    pub ask: PinAsk,
    digits: String,
    /// What was chosen before: to be repeated, or the administrator's while the guards' is asked.
    chosen: String,
    administrator: String,
    /// A PIN is being checked.
    waiting: bool,
}

impl std::fmt::Debug for Pad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pad({:?})", self.ask)
    }
}

impl Pad {
    fn new(ask: PinAsk) -> Self {
        Self {
            ask,
            digits: String::new(),
            chosen: String::new(),
            administrator: String::new(),
            waiting: false,
        }
    }

    /// How many digits have been typed.
    #[must_use]
    pub fn digits_typed(&self) -> u8 {
        u8::try_from(self.digits.len()).unwrap_or(u8::MAX)
    }
}

/// The guard's side of the kiosk.
#[derive(Debug)]
pub struct Guard {
    pins_set: bool,
    screen: GuardScreen,
    role: Option<Role>,
    found: Option<(SearchText, Vec<FoundVisit>)>,
    page: usize,
    question: Option<GuardQuestion>,
    complaint: Option<Complaint>,
    wrong_tries: u32,
    wait_until: Mono,
    last_touch: Mono,
}

impl Guard {
    /// Locked; at the very first start the PINs are to be chosen.
    #[must_use]
    pub fn new(pins_set: bool) -> Self {
        Self {
            pins_set,
            screen: GuardScreen::Pin(Pad::new(first_ask(pins_set))),
            role: None,
            found: None,
            page: 0,
            question: None,
            complaint: None,
            wrong_tries: 0,
            wait_until: Mono::default(),
            last_touch: Mono::default(),
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

    /// The screen is shown: opened already, or to be opened.
    pub fn show(&mut self, now: Now) {
        self.last_touch = now.mono;
    }

    /// Locks the screen.
    pub fn lock(&mut self) {
        let (wrong_tries, wait_until) = (self.wrong_tries, self.wait_until);
        *self = Self { wrong_tries, wait_until, ..Self::new(self.pins_set) };
    }

    /// When the screen locks by itself, or the pad may be used again.
    #[must_use]
    pub fn poll_timeout(&self, now: Mono) -> Option<Mono> {
        let lock = self.last_touch + policy::GUARD_LOCK_AFTER;
        // The seconds of the wait are counted down on the screen.
        let tick = (self.wait_until > now).then(|| now + Duration::from_secs(1));
        Some(tick.map_or(lock, |tick| tick.min(lock)))
    }

    /// Time has passed. Returns whether the screen must be left.
    pub fn handle_timeout(&mut self, now: Mono) -> bool {
        if now < self.last_touch + policy::GUARD_LOCK_AFTER {
            return false;
        }
        self.lock();
        true
    }

    /// The store has checked a PIN.
    pub fn handle_pin_checked(&mut self, role: Option<Role>, now: Mono) {
        let GuardScreen::Pin(pad) = &mut self.screen else { return };
        pad.waiting = false;
        pad.digits.clear();
        if role.is_some() {
            self.role = role;
            self.wrong_tries = 0;
            self.screen = GuardScreen::List;
            return;
        }
        self.complaint = Some(Complaint::PinWrong);
        self.wrong_tries = self.wrong_tries.saturating_add(1);
        self.wait_until = now + wait_after(self.wrong_tries);
    }

    /// The PINs are kept; whoever chose them is the administrator.
    pub fn handle_pins_set(&mut self) {
        self.pins_set = true;
        self.role = Some(Role::Administrator);
        self.screen = GuardScreen::List;
    }

    /// The store has found visits.
    pub fn handle_found(&mut self, query: SearchText, found: Vec<FoundVisit>) {
        self.found = Some((query, found));
        self.page = 0;
    }

    /// What was found is no longer what the book says.
    pub fn forget_found(&mut self) {
        self.found = None;
        self.page = 0;
    }

    /// A visit in what was found has ended.
    pub fn note_left(&mut self, visit: VisitId, wall: Wall, how: Leaving) {
        let found = self.found.iter_mut().flat_map(|(_, found)| found);
        for found in found.filter(|found| found.facts.visit == visit) {
            found.left = Some((wall, how));
        }
    }

    /// A request came to nothing.
    pub fn handle_failed(&mut self) {
        if let GuardScreen::Pin(pad) = &mut self.screen {
            pad.waiting = false;
        }
    }

    /// A finger, or a key. `pages` is how many pages the list has now.
    pub fn handle_touch(
        &mut self,
        touch: Touch,
        now: Now,
        language: Language,
        pages: usize,
    ) -> Option<GuardWish> {
        self.last_touch = now.mono;
        self.complaint = None;
        match std::mem::replace(&mut self.screen, GuardScreen::List) {
            GuardScreen::Pin(pad) => self.at_pad(pad, touch, now),
            GuardScreen::Search(line) => self.at_search(line, touch),
            GuardScreen::List => self.at_list(touch, language, pages),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "touches not of this screen are ignored")]
    fn at_pad(&mut self, mut pad: Pad, touch: Touch, now: Now) -> Option<GuardWish> {
        let mut wish = None;
        match touch {
            Touch::Back => {
                self.lock();
                return Some(GuardWish::Close);
            }
            _ if pad.waiting || self.wait_until > now.mono => {}
            Touch::Key(key) => {
                edit_digits(&mut pad.digits, key, policy::PIN_DIGITS_MAX);
            }
            Touch::Next if pad.digits.len() < policy::PIN_DIGITS_MIN => {
                self.complaint = Some(Complaint::PinShort);
            }
            Touch::Next => wish = self.pin_entered(&mut pad),
            _ => {}
        }
        self.screen = GuardScreen::Pin(pad);
        wish
    }

    /// A whole PIN has been entered.
    fn pin_entered(&mut self, pad: &mut Pad) -> Option<GuardWish> {
        let pin = std::mem::take(&mut pad.digits);
        match pad.ask {
            PinAsk::Unlock => {
                pad.waiting = true;
                return Some(GuardWish::CheckPin(Digits(pin)));
            }
            PinAsk::ChooseGuard if pin == pad.administrator => {
                self.complaint = Some(Complaint::PinTaken);
            }
            PinAsk::ChooseAdministrator | PinAsk::ChooseGuard => {
                pad.chosen = pin;
                pad.ask = if pad.ask == PinAsk::ChooseGuard {
                    PinAsk::RepeatGuard
                } else {
                    PinAsk::RepeatAdministrator
                };
            }
            PinAsk::RepeatAdministrator if pin == pad.chosen => {
                pad.administrator = pin;
                pad.ask = PinAsk::ChooseGuard;
            }
            PinAsk::RepeatGuard if pin == pad.chosen => {
                pad.waiting = true;
                let administrator = Digits(std::mem::take(&mut pad.administrator));
                return Some(GuardWish::SetPins { administrator, guard: Digits(pin) });
            }
            PinAsk::RepeatAdministrator => {
                self.complaint = Some(Complaint::PinsDiffer);
                pad.ask = PinAsk::ChooseAdministrator;
            }
            PinAsk::RepeatGuard => {
                self.complaint = Some(Complaint::PinsDiffer);
                pad.ask = PinAsk::ChooseGuard;
            }
        }
        None
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "touches not of this screen are ignored")]
    fn at_search(&mut self, mut line: Line, touch: Touch) -> Option<GuardWish> {
        match touch {
            Touch::Key(key) => {
                let _typed = line.handle_key(key);
            }
            Touch::Language(language) => line.set_language(language),
            Touch::Back => return None,
            Touch::Next => {
                let text = line.finished();
                if text.is_empty() {
                    self.found = None;
                    return None;
                }
                return Some(GuardWish::Search(SearchText(text)));
            }
            _ => {}
        }
        self.screen = GuardScreen::Search(line);
        None
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "touches not of this screen are ignored")]
    fn at_list(&mut self, touch: Touch, language: Language, pages: usize) -> Option<GuardWish> {
        let question = self.question.take();
        match touch {
            Touch::GuardLock | Touch::Back => {
                self.lock();
                return Some(GuardWish::Close);
            }
            Touch::GuardWrite => return Some(GuardWish::WriteDown),
            Touch::GuardSendOut(visit) => return Some(GuardWish::SendOut(visit)),
            Touch::GuardCorrect(visit) => return Some(GuardWish::Correct(visit)),
            Touch::GuardOpenGate => return Some(GuardWish::OpenGate),
            Touch::GuardErase(visit) if self.role == Some(Role::Administrator) => {
                self.question = Some(GuardQuestion::Erase(visit));
            }
            Touch::GuardSweep => self.question = Some(GuardQuestion::Sweep),
            Touch::GuardYes => {
                return question.map(|question| match question {
                    GuardQuestion::Erase(visit) => GuardWish::Erase(visit),
                    GuardQuestion::Sweep => GuardWish::Sweep,
                });
            }
            Touch::GuardSearch => {
                self.screen = GuardScreen::Search(Line::new(TypedField::Search, language));
            }
            Touch::GuardShowAll => {
                self.found = None;
                self.page = 0;
            }
            Touch::GuardNextPage => self.page = (self.page + 1).min(pages.saturating_sub(1)),
            Touch::GuardPreviousPage => self.page = self.page.saturating_sub(1),
            _ => {}
        }
        None
    }
}

const fn first_ask(pins_set: bool) -> PinAsk {
    if pins_set { PinAsk::Unlock } else { PinAsk::ChooseAdministrator }
}

/// The wait after so many wrong PINs in a row: nothing for the first few, then doubling.
fn wait_after(wrong_tries: u32) -> Duration {
    let Some(doublings) = wrong_tries.checked_sub(policy::PIN_FREE_TRIES) else {
        return Duration::ZERO;
    };
    policy::PIN_WAIT_FIRST.saturating_mul(2_u32.saturating_pow(doublings)).min(policy::PIN_WAIT_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_its_limit() {
        let waits: Vec<u64> = (1..=12).map(|tries| wait_after(tries).as_secs()).collect();
        assert_eq!(waits, [0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(wait_after(u32::MAX), policy::PIN_WAIT_MAX);
    }
}
