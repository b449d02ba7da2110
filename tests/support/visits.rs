//! Visits to write into a book, for tests and benches: what of them never matters stands here once.
#![allow(dead_code, clippy::allow_attributes, reason = "each binary uses a part of it")]

use kiosk::domain::badge::Badge;
use kiosk::domain::language::Language;
use kiosk::domain::logbook::{Draft, ENTRY_VERSION, Event, Public};
use kiosk::domain::moment::Wall;
use kiosk::domain::presence::Face;
use kiosk::domain::visit::{Personal, VisitFacts, VisitId};

/// A visitor without the app, with this number on the badge.
pub(crate) fn facts(visit: u32, number: u16) -> VisitFacts {
    VisitFacts {
        visit: VisitId(visit),
        badge: Badge { door: 'A', number },
        companions: 0,
        face: Face::NotSeenYet,
        install_shown: true,
        no_phone: false,
        language: Language::Vietnamese,
        notice_version: 1,
        by_guard: false,
    }
}

/// Somebody with an errand.
pub(crate) fn person(name: &str) -> Personal {
    Personal {
        name: name.into(),
        host: "Phòng Một cửa".into(),
        purpose: "Nộp hồ sơ".into(),
        ..Personal::default()
    }
}

/// An entry without a person, by a clock that somebody vouches for.
pub(crate) fn event(wall: Wall, event: Event) -> Draft {
    Draft { public: Public { v: ENTRY_VERSION, wall, wall_trusted: true, event }, personal: None }
}
