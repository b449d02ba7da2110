//! The radio as it is looked at behind the PIN: what is heard, the levels of the site, the phone
//! that belongs to the place. What is heard of a visitor's phone is judged elsewhere.

use super::Reception;
use super::book::What;
use crate::domain::airwaves::{Airwaves, Source};
use crate::domain::moment::Now;
use crate::domain::presence::Presence;
use crate::domain::presence::SiteLevels;
use crate::domain::request::{Calibrated, Request};

impl Reception {
    /// What was heard in the last minute.
    #[must_use]
    pub const fn airwaves(&self) -> &Airwaves {
        &self.airwaves
    }

    /// Who is around.
    #[must_use]
    pub const fn presence(&self) -> &Presence {
        &self.presence
    }

    /// Where adverts come from.
    #[must_use]
    pub const fn source(&self) -> Source {
        self.source
    }

    /// The levels of the site, where somebody has learned them.
    #[must_use]
    pub const fn calibrated(&self) -> Option<Calibrated> {
        self.calibrated
    }

    /// Adverts come from there from now on.
    pub const fn handle_source(&mut self, source: Source) {
        self.source = source;
        self.changed = true;
    }

    /// The levels of the site as the book knows them.
    pub fn set_calibrated(&mut self, calibrated: Option<Calibrated>) {
        self.calibrated = calibrated;
        self.presence.set_levels(calibrated.map(|calibrated| calibrated.levels));
    }

    /// Once a second while the radio is looked at.
    pub(super) fn look_at_radio(&mut self, now: Now) {
        if self.guard.awaits_own_phone() && self.presence.ignore_held_phone(now.mono) {
            self.guard.own_phone_found();
        }
        if let Some(levels) = self.guard.take_learned(now.mono) {
            self.keep_levels(levels, now);
        }
    }

    fn keep_levels(&mut self, levels: SiteLevels, now: Now) {
        let Some(role) = self.guard.role() else { return };
        let calibrated = Calibrated { levels, role, wall: now.wall };
        let what = What::Levels { session: self.guard.session(), calibrated };
        let (wall, wall_trusted) = (now.wall, now.wall_trusted);
        self.ask(Request::KeepLevels { levels, role, wall, wall_trusted }, what, now);
    }
}
