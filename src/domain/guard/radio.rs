//! The radio behind the PIN: looking at what is heard, learning the levels of the site, a phone
//! that belongs to the place, how each organ is.
//!
//! Guards may look and name their phone; only the administrator calibrates, since that changes
//! whom the bar calls running. Nothing of it goes on when its screen is left.

use std::time::Duration;

use super::{Guard, GuardScreen, GuardWish};
use crate::domain::moment::Mono;
use crate::domain::policy;
use crate::domain::presence::SiteLevels;
use crate::domain::presence::calibration::Calibration;
use crate::domain::request::Role;
use crate::domain::sighting::Sighting;
use crate::domain::touch::Touch;

/// The levels of the site are being learned.
#[derive(Clone, Debug)]
pub struct Calibrating {
    /// How far it has come.
    pub calibration: Calibration,
    /// What has become of what was learned.
    pub saving: Saving,
}

/// Whether the levels that were learned are in the store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Saving {
    /// Nothing was learned yet.
    NotDue,
    /// They are being written down.
    Pending(SiteLevels),
    /// They are there.
    Saved(SiteLevels),
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
    /// A phone was heard.
    pub fn handle_sighting(&mut self, sighting: &Sighting, now: Mono) {
        if let GuardScreen::Calibrating(Calibrating { calibration, .. }) = &mut self.screen {
            calibration.handle_sighting(sighting, now);
        }
    }

    /// The levels that have just been learned, once; from now on they are being written down.
    pub fn take_learned(&mut self, now: Mono) -> Option<SiteLevels> {
        let GuardScreen::Calibrating(Calibrating { calibration, saving }) = &mut self.screen else {
            return None;
        };
        let levels = calibration.outcome(now)?.ok().filter(|_| *saving == Saving::NotDue)?.into();
        *saving = Saving::Pending(levels);
        Some(levels)
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
        if let GuardScreen::Calibrating(Calibrating { saving, .. }) = &mut self.screen
            && let Saving::Pending(levels) = *saving
            && session == self.session
        {
            *saving = Saving::Saved(levels);
        }
    }

    /// Levels that wait for it were not written.
    pub(super) const fn levels_not_written(&mut self) {
        if let GuardScreen::Calibrating(Calibrating { saving, .. }) = &mut self.screen
            && matches!(saving, Saving::Pending(_))
        {
            *saving = Saving::Failed;
        }
    }

    /// While what the radio hears is on the screen, it is drawn anew every second.
    pub(super) const fn radio_drawn_at(&self) -> Option<Mono> {
        match self.screen {
            GuardScreen::Radio
            | GuardScreen::Calibrating(_)
            | GuardScreen::Ignoring(_)
            | GuardScreen::Checks => Some(self.radio_drawn_at),
            GuardScreen::Pin(_)
            | GuardScreen::List
            | GuardScreen::Search(_)
            | GuardScreen::Exposures(_) => None,
        }
    }

    pub(super) fn draw_radio_after(&mut self, now: Mono) {
        self.radio_drawn_at = now + Duration::from_secs(1);
    }

    pub(super) fn handle_radio_timeout(&mut self, now: Mono) {
        if now >= self.radio_drawn_at {
            self.draw_radio_after(now);
        }
        // Whoever holds a phone to the mark touches nothing else, for a bounded time.
        if let GuardScreen::Calibrating(Calibrating { calibration, .. }) = &self.screen
            && calibration.poll_timeout(now).is_some()
        {
            self.last_touch = now;
        }
        if let GuardScreen::Ignoring(ignoring) = &mut self.screen
            && let Ignoring::Awaited(until) = *ignoring
        {
            self.last_touch = now;
            if now >= until {
                *ignoring = Ignoring::NotHeard;
            }
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
        let failed = calibrating.saving == Saving::Failed
            || calibrating.calibration.outcome(now).is_some_and(|outcome| outcome.is_err());
        self.screen = match (touch, calibrating.saving) {
            (Touch::GuardLock, _) => return Some(self.close()),
            (Touch::Back, _) | (Touch::Next, Saving::Saved(_)) => GuardScreen::Radio,
            (Touch::Next, _) if failed => calibrate(now),
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

fn calibrate(now: Mono) -> GuardScreen {
    let calibration = Calibration::begin(now);
    GuardScreen::Calibrating(Calibrating { calibration, saving: Saving::NotDue })
}

fn ignore(now: Mono) -> GuardScreen {
    GuardScreen::Ignoring(Ignoring::Awaited(now + policy::OWN_PHONE_WITHIN))
}
