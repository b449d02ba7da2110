//! The health notices behind the PIN: which of them wait, that one was passed on to whoever looks
//! after health, and that they are handed out. What they say of visits is looked up elsewhere.

use super::book::What;
use super::{Effect, Reception};
use crate::domain::exposure::reason::Reason;
use crate::domain::exposure::windows::{ExposureId, ExposureNotice};
use crate::domain::guard::{ExposureScreen, GuardScreen};
use crate::domain::logbook::{By, Event};
use crate::domain::moment::{Now, Wall};
use crate::domain::policy;
use crate::domain::request::{PassedOn, Request, Role};

impl Reception {
    /// The exposures that were not passed on since the kiosk last learned of them, the latest day
    /// first.
    pub fn open_exposures(&self) -> impl Iterator<Item = &ExposureNotice> {
        self.exposures.iter().filter(|notice| self.passed_on(notice).is_none())
    }

    /// When an exposure was passed on; `None` if the kiosk has learned more since.
    #[must_use]
    pub fn passed_on(&self, notice: &ExposureNotice) -> Option<Wall> {
        let is_of = |passed: &&PassedOn| {
            passed.exposure == notice.exposure.id && passed.learned >= notice.learned
        };
        self.passed_on.iter().find(is_of).map(|passed| passed.wall)
    }

    /// What was passed on as the book knows it.
    pub fn set_passed_on(&mut self, passed_on: Vec<PassedOn>) {
        self.passed_on = passed_on;
        self.changed = true;
    }

    /// An administrator has told whoever looks after health.
    pub(super) fn pass_on(&mut self, exposure: ExposureId, now: Now) {
        let Some(notice) = self.exposures.iter().find(|notice| notice.exposure.id == exposure)
        else {
            return;
        };
        if self.guard.role() == Some(Role::Administrator) {
            let passed = PassedOn { exposure, learned: notice.learned, wall: now.wall };
            self.ask(Request::PassOn(passed), What::PassOn(passed), now);
        }
    }

    /// The book has it.
    pub(super) fn handle_passed_on(&mut self, passed: PassedOn) {
        self.passed_on.retain(|former| former.exposure != passed.exposure);
        self.passed_on.push(passed);
    }

    /// Has the exposures written out for the health officer, as soon as the book says so and why.
    pub(super) fn export(&mut self, reason: Reason, now: Now) {
        if self.guard.role() != Some(Role::Administrator) {
            return;
        }
        let exposures = u32::try_from(self.exposures.len()).unwrap_or(u32::MAX);
        let event = Event::ExposuresExported { exposures, by: By::Administrator };
        let (wall, wall_trusted) = (now.wall, now.wall_trusted);
        let what = What::Export { session: self.guard.session(), reason: reason.clone() };
        self.ask(Request::Disclose { event, reason, wall, wall_trusted }, what, now);
    }

    /// That and why it is done stands in the book.
    pub(super) fn export_written_down(&mut self, session: u32, reason: &Reason, entry: u64) {
        self.effects.push_back(Effect::Export { session, reason: reason.clone(), entry });
    }

    /// The files lie there, or could not be written.
    pub fn handle_exported(&mut self, session: u32, place: Option<String>) {
        self.changed = true;
        match place {
            Some(place) => self.guard.handle_exported(session, place),
            None => self.guard.handle_failed(session),
        }
    }

    /// Pages of what is on the guard's screen: of the health notices, of the visits around one, of
    /// what was found, or of everybody inside.
    #[must_use]
    pub fn guard_pages(&self) -> usize {
        let (rows, per_page) = match self.guard.screen() {
            GuardScreen::Exposures(ExposureScreen::Overlap(..)) => {
                let visits = self.guard.overlap().map_or(0, |overlap| overlap.visits.len());
                (visits, policy::OVERLAP_ROWS_PER_PAGE)
            }
            GuardScreen::Exposures(_) => (self.exposures.len(), policy::EXPOSURES_PER_PAGE),
            GuardScreen::Pin(_)
            | GuardScreen::List
            | GuardScreen::Search(_)
            | GuardScreen::Radio
            | GuardScreen::Calibrating(_)
            | GuardScreen::Ignoring(_)
            | GuardScreen::Checks => {
                let found = self.guard.found().map(|(_, found)| found.len());
                (found.unwrap_or(self.roster.len()), policy::GUARD_ROWS_PER_PAGE)
            }
        };
        rows.div_ceil(per_page).max(1)
    }
}
