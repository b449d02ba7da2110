//! How views are written into a log: which screen it is and how it stands, never what is written
//! on it of a person.

use std::fmt::{Debug, Formatter, Result};

use super::{
    ChoiceView, DoneView, GuardRow, GuardView, InstallView, OverlapRow, OverlapView, Screen,
    TypingView, VisitView,
};

impl Debug for Screen {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Welcome { .. } => f.write_str("Welcome"),
            Self::Notice { version, .. } => write!(f, "Notice({version})"),
            Self::Identify => f.write_str("Identify"),
            Self::Typing(typing) => typing.fmt(f),
            Self::Phone { recalled, complaint, .. } => {
                write!(f, "Phone(recalled: {}, {complaint:?})", recalled.is_some())
            }
            Self::Visit(visit) => visit.fmt(f),
            Self::Install(install) => install.fmt(f),
            Self::Writing => f.write_str("Writing"),
            Self::Done(done) => done.fmt(f),
            Self::Leave { complaint, .. } => write!(f, "Leave({complaint:?})"),
            Self::Left => f.write_str("Left"),
            Self::Fault(fault) => fault.fmt(f),
            Self::Pin(pin) => pin.fmt(f),
            Self::Guard(guard) => guard.fmt(f),
            Self::Radio(radio) => radio.fmt(f),
            Self::Held(held) => held.fmt(f),
            Self::Checks(checks) => checks.fmt(f),
            Self::Exposures(exposures) => exposures.fmt(f),
            Self::Overlap(overlap) => overlap.fmt(f),
            Self::Export(export) => export.fmt(f),
        }
    }
}

impl Debug for TypingView {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "Typing({:?}, {:?})", self.field, self.complaint)
    }
}

impl Debug for InstallView {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "Install({:?})", self.shown)
    }
}

impl Debug for ChoiceView {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("ChoiceView(…)")
    }
}

impl Debug for VisitView {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "Visit({:?})", self.complaint)
    }
}

impl Debug for DoneView {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "Done({}, updated: {})", self.badge, self.updated)
    }
}

impl Debug for GuardView {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let (page, pages) = (self.page, self.pages);
        write!(f, "Guard({} rows, page {page} of {pages}, {:?})", self.rows.len(), self.question)
    }
}

impl Debug for OverlapView {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "Overlap({:?}, {} rows)", self.asked, self.rows.len())
    }
}

impl Debug for OverlapRow {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("OverlapRow(…)")
    }
}

impl Debug for GuardRow {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "GuardRow({:?})", self.visit)
    }
}
