//! What a visitor's touch leads to, and what the lamp says about it.

use super::book::{Departure, What};
use super::{Amend, Effect, Front, Reception};
use crate::domain::complaint::Complaint;
use crate::domain::desk::step::Step;
use crate::domain::desk::{Errand, Wish};
use crate::domain::fault::{Organ, Trouble};
use crate::domain::logbook::Event;
use crate::domain::moment::Now;
use crate::domain::policy;
use crate::domain::presence::{Face, Sureness};
use crate::domain::request::Request;
use crate::domain::signal::{Buzz, Lamp};
use crate::domain::touch::Touch;
use crate::domain::visit::{Leaving, VisitFacts, VisitId};

impl Reception {
    /// A finger on the glass, or a key.
    #[expect(clippy::wildcard_enum_match_arm, reason = "a fault screen has few buttons")]
    pub fn handle_touch(&mut self, touch: Touch, now: Now) {
        self.changed = true;
        let asleep = self.is_asleep(now);
        self.last_stir = now.mono;
        if asleep {
            return;
        }
        self.guard.note_touch(now.mono);
        // Whoever touches now is the next visitor, unless it is only to read "welcome in" better.
        let reads_on = matches!(self.desk.step(), Step::Done { .. })
            && matches!(touch, Touch::Language(_) | Touch::LargeText);
        if self.amend.is_some() && !reads_on {
            self.end_visit(now);
        }
        match self.front {
            Front::Guard => self.handle_guard_touch(touch, now),
            Front::Visitor if self.trouble(Organ::Store).is_some() => match touch {
                // Nobody is written in, but the guard may still see who is inside, unless that is
                // just being read.
                Touch::Guard if self.trouble(Organ::Store) == Some(Trouble::Opening) => {}
                Touch::Guard => self.show_guard(),
                // Nor is what was typed cleared under the eyes of whoever says to be there.
                _ if self.desk.still_there() => {
                    let _none = self.desk.handle_touch(touch, now, &self.site);
                }
                Touch::Language(_) | Touch::LargeText => {
                    let _none = self.desk.handle_touch(touch, now, &self.site);
                }
                _ => {}
            },
            Front::Visitor => {
                if let Some(wish) = self.desk.handle_touch(touch, now, &self.site) {
                    self.grant(wish, now);
                }
            }
        }
        self.face_changed(now);
    }

    /// Does what the desk has asked for.
    pub(super) fn grant(&mut self, wish: Wish, now: Now) {
        match wish {
            Wish::Begin => self.presence.begin_visit(now.mono),
            Wish::End => {
                self.guard.lock();
                self.abandon_visit();
            }
            Wish::Write => self.write_visit(now),
            Wish::Recall(phone) => {
                let what = What::Recall(phone.clone());
                self.ask(Request::Recall { phone }, what, now);
            }
            Wish::LeaveByBadge(number) => {
                let visit = self.roster.by_badge(number).map(|visit| visit.facts.visit);
                self.sign_out_at_the_desk(visit, now);
            }
            Wish::LeaveByPhone(phone) => {
                let visit = self.roster.by_phone(&phone.0).map(|visit| visit.facts.visit);
                self.sign_out_at_the_desk(visit, now);
            }
            Wish::ShowGuard => {
                self.abandon_visit();
                self.show_guard();
            }
        }
    }

    pub(super) const fn show_guard(&mut self) {
        self.front = Front::Guard;
    }

    /// The visitor has gone. A visit just written keeps listening until its time is over.
    fn abandon_visit(&mut self) {
        if self.amend.is_none() {
            self.presence.abandon_visit();
        }
    }

    /// The visitor's phone is no longer awaited.
    pub(super) fn end_visit(&mut self, now: Now) {
        self.amend = None;
        self.presence.end_visit(now.mono);
    }

    /// From now on, what is heard amends this visit.
    pub(super) fn begin_amending(&mut self, visit: VisitId, written: Face, now: Now) {
        let until = now.mono + policy::VERDICT_AMENDED_FOR;
        let shown = self.presence.face(now.mono);
        self.amend = Some(Amend { visit, written, shown, until });
        self.presence.handle_written();
        self.amend_verdict(now);
    }

    /// The face may have changed: so do the lamp, and the verdict of a visit just written.
    pub(super) fn face_changed(&mut self, now: Now) {
        self.changed = true;
        self.amend_verdict(now);
        let lamp = self.lamp_for(now);
        if lamp != self.lamp {
            self.lamp = lamp;
            self.effects.push_back(Effect::Lamp(lamp));
        }
        self.ask_candidates(now);
    }

    fn lamp_for(&self, now: Now) -> Lamp {
        if self.front == Front::Guard || !self.desk.step().is_signing_in() {
            return Lamp::Off;
        }
        match self.face(now) {
            Face::Looking | Face::TapHere => Lamp::Blue,
            Face::Running(_) => Lamp::Green,
            Face::NotSeenYet => Lamp::Amber,
            Face::RadioUnwell => Lamp::Off,
        }
    }

    fn amend_verdict(&mut self, now: Now) {
        let face = self.presence.face(now.mono);
        let Some(amend) = &mut self.amend else { return };
        let shown = std::mem::replace(&mut amend.shown, face);
        let verdict = match (amend.written, face) {
            (Face::Running(written), Face::Running(heard)) if heard <= written => return,
            (_, Face::Running(_)) => face,
            // Only what was read from the phone takes "running" back: it is another app's.
            (Face::Running(_), _) if amend.written == shown => Face::NotSeenYet,
            _ => return,
        };
        amend.written = verdict;
        let event = Event::Verdict { visit: amend.visit, face: verdict };
        self.append(event, None, What::Note, now);
    }

    /// Puts the form into the book: a new visit, an update of an open one, or a correction.
    fn write_visit(&mut self, now: Now) {
        let turn = self.desk.turn();
        if self.pending.iter().any(|pending| matches!(pending.what, What::Visit { .. })) {
            // The number of a visit is certain only when the one before is in the book.
            self.desk.handle_not_written(turn, None);
            self.effects.push_back(Effect::Buzz(Buzz::Sorry));
            return;
        }
        let personal = self.desk.form().personal(&self.site);
        let face = self.face(now);
        let form = self.desk.form();
        let told = |facts: VisitFacts| VisitFacts {
            companions: form.companions,
            install_shown: facts.install_shown || form.install_shown,
            no_phone: form.no_phone,
            ..facts
        };
        let (event, updated, entered) = match self.desk.errand() {
            Errand::Correction { facts, replaces_seq, entered } => {
                (Event::Correction { facts: told(facts), replaces_seq }, false, entered)
            }
            errand @ (Errand::Visitor | Errand::Guard) => {
                if let Some(open) = self.roster.same_person(&personal) {
                    let facts = VisitFacts { face: better_of(open.facts.face, face), ..open.facts };
                    let replaces_seq = open.seq;
                    // The time shown is that of this touch: when somebody came in is nobody's business
                    // who only knows their name.
                    (Event::Update { facts: told(facts), replaces_seq }, true, now.wall)
                } else if self.roster.is_full() {
                    self.desk.handle_not_written(turn, Some(Complaint::HouseFull));
                    return;
                } else {
                    self.roster.turn_to(now.wall);
                    let facts = VisitFacts {
                        visit: self.roster.next_visit(),
                        badge: self.roster.next_badge(self.site.door_letter),
                        companions: 0,
                        face,
                        install_shown: false,
                        no_phone: false,
                        language: self.desk.language(),
                        notice_version: self.site.notice_version,
                        by_guard: errand == Errand::Guard,
                    };
                    (Event::CheckIn { facts: told(facts) }, false, now.wall)
                }
            }
        };
        self.append(event, Some(personal), What::Visit { turn, updated, entered }, now);
    }

    fn sign_out_at_the_desk(&mut self, visit: Option<VisitId>, now: Now) {
        let turn = self.desk.turn();
        let Some(visit) = visit else {
            self.desk.handle_not_written(turn, Some(Complaint::NobodyInside));
            self.effects.push_back(Effect::Buzz(Buzz::Sorry));
            return;
        };
        self.sign_out(visit, Leaving::Visitor, Departure::Desk { turn }, now);
    }
}

/// A phone once seen running was running, and one whose id was heard is not merely likely to be.
const fn better_of(before: Face, now: Face) -> Face {
    match (before, now) {
        (Face::Running(Sureness::Confirmed), _) => before,
        (_, Face::Running(_)) => now,
        (Face::Running(Sureness::Probable), _) => before,
        _ => now,
    }
}
