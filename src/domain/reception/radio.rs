//! The radio as it is looked at behind the PIN: what is heard, the levels of the site, the phone
//! that belongs to the place. What is heard of a visitor's phone is judged elsewhere.

use super::book::What;
use super::{Front, Reception};
use crate::domain::airwaves::{Airwaves, Source};
use crate::domain::moment::Now;
use crate::domain::presence::Presence;
use crate::domain::presence::calibration::SiteLevels;
use crate::domain::request::{Calibrated, Request};
use crate::domain::sighting::Sighting;

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

    pub(super) fn calibrate_with(&mut self, sighting: &Sighting, now: Now) {
        if self.front == Front::Guard {
            let (changed, wish) = self.guard.handle_sighting(sighting, now.mono);
            self.changed |= changed;
            if let Some(wish) = wish {
                self.grant_guard(wish, now);
            }
        }
    }

    /// Once a second while it is awaited.
    pub(super) fn look_for_own_phone(&mut self, now: Now) {
        if self.guard.awaits_own_phone() && self.presence.ignore_held_phone(now.mono) {
            self.guard.own_phone_found();
        }
    }

    pub(super) fn keep_levels(&mut self, levels: SiteLevels, now: Now) {
        let Some(role) = self.guard.role() else { return };
        let calibrated = Calibrated { levels, role, wall: now.wall };
        let what = What::Levels { session: self.guard.session(), calibrated };
        let (wall, wall_trusted) = (now.wall, now.wall_trusted);
        self.ask(Request::KeepLevels { levels, role, wall, wall_trusted }, what, now);
    }
}
