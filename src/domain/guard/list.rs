//! The list of visits, the search in it, and the questions asked before something that cannot be
//! undone.
//!
//! Which visits are listed, the reception knows and the store finds.

use super::{ExposureScreen, Guard, GuardScreen, GuardWish};
use crate::domain::desk::form::TypedField;
use crate::domain::language::Language;
use crate::domain::request::{Role, SearchText};
use crate::domain::touch::Touch;
use crate::domain::typing::Line;
use crate::domain::visit::VisitId;

/// A question that must be answered before something is done that cannot be undone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum GuardQuestion {
    /// Erase this person from the book?
    Erase(VisitId),
    /// Sign everybody out?
    Sweep,
}

impl Guard {
    #[expect(clippy::wildcard_enum_match_arm, reason = "touches not of this screen are ignored")]
    pub(super) fn at_search(&mut self, mut line: Line, touch: Touch) -> Option<GuardWish> {
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
    pub(super) fn at_list(
        &mut self,
        touch: Touch,
        language: Language,
        pages: usize,
    ) -> Option<GuardWish> {
        let question = self.question.take();
        match touch {
            Touch::GuardLock | Touch::Back => return Some(self.close()),
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
            Touch::GuardRadio => self.screen = GuardScreen::Radio,
            Touch::GuardExposures => {
                self.page = 0;
                self.has_read_notice = true;
                self.screen = GuardScreen::Exposures(ExposureScreen::Days);
            }
            Touch::GuardNoticeRead => self.has_read_notice = true,
            touch => self.turn_page(touch, pages),
        }
        None
    }

    pub(super) fn turn_page(&mut self, touch: Touch, pages: usize) {
        if touch == Touch::GuardNextPage {
            self.page = (self.page + 1).min(pages.saturating_sub(1));
        } else if touch == Touch::GuardPreviousPage {
            self.page = self.page.saturating_sub(1);
        }
    }
}
