//! The radio behind the PIN: looking at what is heard, learning the levels of the site, a phone
//! that belongs to the place, how each organ is.
//!
//! Guards may look and name their phone; only the administrator calibrates, since that changes
//! whom the bar calls running. Nothing of it goes on when its screen is left.

use std::time::Duration;

use super::{Guard, GuardScreen, GuardWish};
use crate::domain::moment::Mono;
use crate::domain::policy;
use crate::domain::presence::calibration::{Calibration, Step};
use crate::domain::request::Role;
use crate::domain::sighting::Sighting;
use crate::domain::touch::Touch;

/// The levels of the site are being learned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Calibrating {
    /// How far it has come.
    pub calibration: Calibration,
    /// Whether what was learned is kept.
    pub saving: Saving,
}

/// Whether the levels that were learned are in the store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Saving {
    /// Not yet.
    Pending,
    /// They are.
    Saved,
    /// They could not be written. Nothing has changed.
    Failed,
}

/// A phone that belongs to the place is being held to the mark.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ignoring {
    /// It is awaited until then.
    Awaited(Mono),
    /// It belongs to the place now.
    Done,
    /// None was near enough, or two were.
    NotHeard,
}

impl Guard {
    /// A phone was heard. Asks for the levels to be kept once they are known; returns too whether
    /// the screen has changed.
    pub fn handle_sighting(&mut self, sighting: &Sighting, now: Mono) -> (bool, Option<GuardWish>) {
        let GuardScreen::Calibrating(Calibrating { calibration, .. }) = &mut self.screen else {
            return (false, None);
        };
        if !calibration.handle_sighting(sighting, now) {
            return (false, None);
        }
        let wish = match calibration.step() {
            Step::Done(levels) => Some(GuardWish::KeepLevels(levels)),
            Step::HoldToMark | Step::StepBack | Step::Failed(_) => None,
        };
        (true, wish)
    }

    /// Whether a phone is awaited at the mark, to belong to the place.
    #[must_use]
    pub const fn awaits_own_phone(&self) -> bool {
        matches!(self.screen, GuardScreen::Ignoring(Ignoring::Awaited(_)))
    }

    /// It was there.
    pub fn own_phone_found(&mut self) {
        if self.awaits_own_phone() {
            self.screen = GuardScreen::Ignoring(Ignoring::Done);
        }
    }

    /// The levels are in the store.
    pub fn handle_levels_kept(&mut self, session: u32) {
        if session == self.session {
            self.levels_saved(Saving::Saved);
        }
    }

    /// Only levels that wait for it are saved or not.
    pub(super) const fn levels_saved(&mut self, outcome: Saving) {
        if let GuardScreen::Calibrating(Calibrating { saving, calibration }) = &mut self.screen
            && matches!((&saving, calibration.step()), (Saving::Pending, Step::Done(_)))
        {
            *saving = outcome;
        }
    }

    /// While what the radio hears is on the screen, it is drawn anew every second.
    pub(super) const fn radio_drawn_at(&self) -> Option<Mono> {
        match self.screen {
            GuardScreen::Radio
            | GuardScreen::Calibrating(_)
            | GuardScreen::Ignoring(_)
            | GuardScreen::Checks => Some(self.radio_drawn_at),
            GuardScreen::Pin(_) | GuardScreen::List | GuardScreen::Search(_) => None,
        }
    }

    pub(super) fn draw_radio_after(&mut self, now: Mono) {
        self.radio_drawn_at = now + Duration::from_secs(1);
    }

    pub(super) fn handle_radio_timeout(&mut self, now: Mono) {
        if now >= self.radio_drawn_at {
            self.draw_radio_after(now);
        }
        match &mut self.screen {
            GuardScreen::Calibrating(Calibrating { calibration, .. }) => {
                calibration.handle_timeout(now);
                if calibration.gives_up_at().is_some() {
                    // Whoever holds a phone to the mark touches nothing else, for a bounded time.
                    self.last_touch = now;
                }
            }
            GuardScreen::Ignoring(ignoring) => {
                if let Ignoring::Awaited(until) = *ignoring {
                    if now >= until {
                        *ignoring = Ignoring::NotHeard;
                    }
                    self.last_touch = now;
                }
            }
            GuardScreen::Pin(_)
            | GuardScreen::List
            | GuardScreen::Search(_)
            | GuardScreen::Radio
            | GuardScreen::Checks => {}
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "touches not of this screen are ignored")]
    pub(super) fn at_radio(&mut self, touch: Touch, now: Mono) -> Option<GuardWish> {
        self.screen = match touch {
            Touch::Back => GuardScreen::List,
            Touch::GuardLock => return Some(self.close()),
            Touch::GuardCalibrate if self.role == Some(Role::Administrator) => calibrate(now),
            Touch::GuardIgnorePhone => ignore(now),
            Touch::GuardChecks => GuardScreen::Checks,
            _ => GuardScreen::Radio,
        };
        None
    }

    pub(super) fn at_calibrating(
        &mut self,
        calibrating: Calibrating,
        touch: Touch,
        now: Mono,
    ) -> Option<GuardWish> {
        let (step, saving) = (calibrating.calibration.step(), calibrating.saving);
        self.screen = match (touch, step, saving) {
            (Touch::GuardLock, ..) => return Some(self.close()),
            (Touch::Back, ..) | (Touch::Next, Step::Done(_), Saving::Saved) => GuardScreen::Radio,
            (Touch::Next, Step::Failed(_), _) | (Touch::Next, Step::Done(_), Saving::Failed) => {
                calibrate(now)
            }
            _ => GuardScreen::Calibrating(calibrating),
        };
        None
    }

    pub(super) fn at_ignoring(
        &mut self,
        ignoring: Ignoring,
        touch: Touch,
        now: Mono,
    ) -> Option<GuardWish> {
        self.screen = match (touch, ignoring) {
            (Touch::GuardLock, _) => return Some(self.close()),
            (Touch::Back, _) | (Touch::Next, Ignoring::Done) => GuardScreen::Radio,
            (Touch::Next, Ignoring::NotHeard) => ignore(now),
            _ => GuardScreen::Ignoring(ignoring),
        };
        None
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "touches not of this screen are ignored")]
    pub(super) fn at_checks(&mut self, touch: Touch) -> Option<GuardWish> {
        self.screen = match touch {
            Touch::GuardLock => return Some(self.close()),
            Touch::Back | Touch::Next => GuardScreen::Radio,
            _ => GuardScreen::Checks,
        };
        None
    }

    pub(super) fn close(&mut self) -> GuardWish {
        self.lock();
        GuardWish::Close
    }
}

const fn calibrate(now: Mono) -> GuardScreen {
    let calibration = Calibration::begin(now);
    GuardScreen::Calibrating(Calibrating { calibration, saving: Saving::Pending })
}

fn ignore(now: Mono) -> GuardScreen {
    GuardScreen::Ignoring(Ignoring::Awaited(now + policy::GUIDED_STEP_WITHIN))
}
