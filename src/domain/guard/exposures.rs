//! The health notices behind the PIN: on which days somebody infected was at this door, and, for an
//! administrator who says why, who was inside around one of them.
//!
//! Which exposures there are, the reception knows. What an exposure has to do with a visit, nobody
//! learns before the reason is in the book; a way back, and every locking, forgets it again.

use super::{Guard, GuardScreen, GuardWish};
use crate::domain::complaint::Complaint;
use crate::domain::desk::form::TypedField;
use crate::domain::exposure::reason::Reason;
use crate::domain::exposure::windows::ExposureId;
use crate::domain::language::Language;
use crate::domain::request::{Overlap, Role};
use crate::domain::touch::Touch;
use crate::domain::typing::Line;

/// What of the health notices is on the screen.
#[derive(Clone, Debug)]
pub enum ExposureScreen {
    /// The days.
    Days,
    /// Typing a reason.
    Reason(ReasonFor, Line),
    /// Who was inside around an exposure.
    Overlap(ExposureId, Asked),
    /// What is written out for the health officer, and where it lies.
    Export(Asked, String),
}

/// What a reason is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReasonFor {
    /// To see who was inside around an exposure.
    Overlap(ExposureId),
    /// To write the exposures out for the health officer.
    Export,
}

/// How something stands that was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Asked {
    /// No answer yet.
    Awaited,
    /// It is there.
    Answered,
    /// It came to nothing.
    Failed,
}

impl Guard {
    /// The visits around an exposure, once an administrator has said why.
    #[must_use]
    pub fn overlap(&self) -> Option<&Overlap> {
        self.overlap.as_deref()
    }

    /// Whether the notice over the list has been read in this session.
    #[must_use]
    pub const fn has_read_notice(&self) -> bool {
        self.has_read_notice
    }

    /// The store has found the visits around an exposure. Nobody sees them who has gone on
    /// meanwhile.
    pub fn handle_overlap(&mut self, session: u32, overlap: Overlap) {
        if session == self.session
            && let GuardScreen::Exposures(ExposureScreen::Overlap(of, asked)) = &mut self.screen
            && *of == overlap.notice.exposure.id
            && *asked == Asked::Awaited
        {
            *asked = Asked::Answered;
            self.overlap = Some(Box::new(overlap));
            self.page = 0;
        }
    }

    /// The exposure is no longer there: its key was taken back.
    pub fn handle_no_overlap(&mut self, session: u32) {
        if session == self.session
            && matches!(self.screen, GuardScreen::Exposures(ExposureScreen::Overlap(..)))
        {
            self.screen = GuardScreen::Exposures(ExposureScreen::Days);
        }
    }

    /// What was written out lies there.
    pub fn handle_exported(&mut self, session: u32, place: String) {
        if session == self.session
            && let GuardScreen::Exposures(ExposureScreen::Export(asked, lies_in)) = &mut self.screen
            && *asked == Asked::Awaited
        {
            *asked = Asked::Answered;
            *lies_in = place;
        }
    }

    /// What was asked for came to nothing.
    pub(super) const fn exposures_not_answered(&mut self) {
        if let GuardScreen::Exposures(
            ExposureScreen::Overlap(_, asked) | ExposureScreen::Export(asked, _),
        ) = &mut self.screen
            && matches!(asked, Asked::Awaited)
        {
            *asked = Asked::Failed;
        }
    }

    /// The visits shown are no longer what the book says.
    pub(super) fn forget_overlap(&mut self) {
        if self.overlap.take().is_some() {
            self.screen = GuardScreen::Exposures(ExposureScreen::Days);
        }
    }

    pub(super) fn at_exposures(
        &mut self,
        screen: ExposureScreen,
        touch: Touch,
        language: Language,
        pages: usize,
    ) -> Option<GuardWish> {
        match (screen, touch) {
            (_, Touch::GuardLock) => return Some(self.close()),
            (ExposureScreen::Days, touch) => return self.at_days(touch, language, pages),
            (ExposureScreen::Reason(what, line), touch) => {
                return self.at_reason(what, line, touch);
            }
            (ExposureScreen::Overlap(..), Touch::Back)
            | (ExposureScreen::Export(..), Touch::Back | Touch::Next) => {
                self.overlap = None;
                self.page = 0;
                self.screen = GuardScreen::Exposures(ExposureScreen::Days);
            }
            (screen, touch) => {
                self.turn_page(touch, pages);
                self.screen = GuardScreen::Exposures(screen);
            }
        }
        None
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "touches not of this screen are ignored")]
    fn at_days(&mut self, touch: Touch, language: Language, pages: usize) -> Option<GuardWish> {
        self.screen = GuardScreen::Exposures(ExposureScreen::Days);
        let mut wish = None;
        match touch {
            Touch::Back => {
                self.page = 0;
                self.screen = GuardScreen::List;
            }
            Touch::GuardNextPage | Touch::GuardPreviousPage => self.turn_page(touch, pages),
            _ if self.role != Some(Role::Administrator) => {}
            Touch::GuardOverlap(exposure) => self.ask_why(ReasonFor::Overlap(exposure), language),
            Touch::GuardExport => self.ask_why(ReasonFor::Export, language),
            Touch::GuardMatch => wish = Some(GuardWish::Match),
            Touch::GuardPassOn(exposure) => wish = Some(GuardWish::PassOn(exposure)),
            _ => {}
        }
        wish
    }

    fn ask_why(&mut self, what: ReasonFor, language: Language) {
        let line = Line::new(TypedField::Reason, language);
        self.screen = GuardScreen::Exposures(ExposureScreen::Reason(what, line));
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "touches not of this screen are ignored")]
    fn at_reason(&mut self, what: ReasonFor, mut line: Line, touch: Touch) -> Option<GuardWish> {
        match touch {
            Touch::Back => {
                self.screen = GuardScreen::Exposures(ExposureScreen::Days);
                return None;
            }
            Touch::Key(key) => {
                let _typed = line.handle_key(key);
            }
            Touch::Language(language) => line.set_language(language),
            Touch::Next => match (Reason::new(&line.finished()), what) {
                (Err(_), _) => self.complaint = Some(Complaint::ReasonMissing),
                (Ok(reason), ReasonFor::Overlap(exposure)) => {
                    let screen = ExposureScreen::Overlap(exposure, Asked::Awaited);
                    self.screen = GuardScreen::Exposures(screen);
                    return Some(GuardWish::OpenOverlap(exposure, reason));
                }
                (Ok(reason), ReasonFor::Export) => {
                    let screen = ExposureScreen::Export(Asked::Awaited, String::new());
                    self.screen = GuardScreen::Exposures(screen);
                    return Some(GuardWish::Export(reason));
                }
            },
            _ => {}
        }
        self.screen = GuardScreen::Exposures(ExposureScreen::Reason(what, line));
        None
    }
}
