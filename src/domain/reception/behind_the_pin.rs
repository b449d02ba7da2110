//! What the guard's touches lead to.

use super::book::{Departure, What};
use super::late::Whom;
use super::{Front, Reception};
use crate::domain::desk::Errand;
use crate::domain::desk::step::Step;
use crate::domain::guard::GuardWish;
use crate::domain::moment::Now;
use crate::domain::policy;
use crate::domain::request::Request;
use crate::domain::touch::Touch;
use crate::domain::visit::{Leaving, VisitId};

impl Reception {
    pub(super) fn handle_guard_touch(&mut self, touch: Touch, now: Now) {
        if matches!(touch, Touch::Language(_) | Touch::LargeText) {
            let _none = self.desk.handle_touch(touch, now, &self.site);
        }
        let pages = self.guard_pages();
        let language = self.desk.language();
        let Some(wish) = self.guard.handle_touch(touch, now, language, pages) else { return };
        let session = self.guard.session();
        match wish {
            GuardWish::CheckPin(pin) => {
                self.ask(Request::CheckPin(pin), What::Pin { session }, now);
            }
            GuardWish::SetPins { administrator, guard } => {
                self.ask(Request::SetPins { administrator, guard }, What::SetPins { session }, now);
            }
            GuardWish::Search(query) => {
                let request = Request::Search { query: query.clone(), limit: policy::SEARCH_LIMIT };
                self.ask(request, What::Search { session, query }, now);
            }
            GuardWish::WriteDown => {
                self.desk.begin_for_guard(&self.site, now);
                self.presence.begin_visit(now.mono);
                self.front = Front::Visitor;
            }
            GuardWish::SendOut(visit) => {
                if self.roster.get(visit).is_some() {
                    self.sign_out(visit, Leaving::Guard, Departure::List, now);
                }
            }
            GuardWish::Correct(visit) => self.correct(visit, now),
            GuardWish::Erase(visit) => {
                let request =
                    Request::Erase { visit, wall: now.wall, wall_trusted: now.wall_trusted };
                self.ask(request, What::Erase, now);
            }
            GuardWish::Sweep => self.begin_sweep(Leaving::Guard, Whom::All, now),
            GuardWish::OpenGate => self.handle_gate_button(now),
            GuardWish::OpenOverlap(exposure, reason) => self.open_overlap(exposure, reason, now),
            GuardWish::PassOn(exposure) => self.pass_on(exposure, now),
            GuardWish::Export(reason) => self.export(reason, now),
            GuardWish::Match => self.match_when_asked(now),
            GuardWish::Close => {
                self.leave_guard();
            }
        }
    }

    /// Back to the visitors. A form that a visitor has left standing under a fault stands on.
    pub(super) fn leave_guard(&mut self) {
        self.front = Front::Visitor;
        if self.desk.errand() != Errand::Visitor || *self.desk.step() == Step::Welcome {
            self.desk.rest(&self.site);
        }
    }

    /// Fills the form with what the book says of a visit, to be corrected.
    fn correct(&mut self, visit: VisitId, now: Now) {
        let inside = self.roster.get(visit).and_then(|visit| {
            let personal = visit.personal.clone()?;
            Some((visit.facts, personal, visit.seq, visit.entered))
        });
        let found = || {
            let (_, found) = self.guard.found()?;
            let visit = found.iter().find(|found| found.facts.visit == visit)?;
            Some((visit.facts, visit.personal.clone()?, visit.seq, visit.entered))
        };
        let Some((facts, personal, replaces_seq, entered)) = inside.or_else(found) else { return };
        let errand = Errand::Correction { facts, replaces_seq, entered };
        self.desk.begin_correction(&self.site, now, errand, &facts, &personal);
        self.front = Front::Visitor;
    }
}
