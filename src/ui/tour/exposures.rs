//! The invented health notices of the tour: somebody who was later found to be ill was at the gate.

use super::Named;
use super::sample::{guard, typing, view};
use crate::domain::badge::Badge;
use crate::domain::exposure::published::ReportKind;
use crate::domain::exposure::windows::ExposureId;
use crate::domain::language::Language;
use crate::domain::moment::Wall;
use crate::domain::network::Network;
use crate::view::{
    Asked, Closeness, Complaint, ExportView, ExposureRow, ExposuresView, HealthNotice, Layout,
    MatchingView, OverlapRow, OverlapView, Screen, TypedField, TypingView,
};

/// The notice over the guard's desk, the days, the reason, the visits, the files.
pub(super) fn stops(language: Language) -> Named {
    let mut desk = guard(language);
    desk.health = Some(HealthNotice { about: monday(), more: 1 });
    desk.health_waiting = 2;
    let mut read = desk.clone();
    read.health = None;
    let days = |view_of| view(language, Screen::Exposures(view_of));
    let administrator = ExposuresView {
        administrator: true,
        rows: vec![monday(), thursday(), sunday()],
        page: 0,
        pages: 2,
        matching: MatchingView::UnderWay(Some(40)),
    };
    let refused = MatchingView::Done {
        at: "26/11 02:14".into(),
        refused: 1,
        why: "monday.zip: it is signed with a key that is not configured".into(),
    };
    let guards = ExposuresView {
        administrator: false,
        rows: vec![monday(), thursday()],
        pages: 1,
        matching: MatchingView::Done { at: "26/11 02:14".into(), refused: 0, why: String::new() },
        ..administrator.clone()
    };
    let empty = ExposuresView {
        rows: Vec::new(),
        pages: 1,
        matching: MatchingView::Never,
        ..administrator.clone()
    };
    let reason = |text: &str, complaint| {
        let line = TypingView {
            field: TypedField::Reason,
            text: text.into(),
            layout: if language == Language::Lao { Layout::Lao } else { Layout::Vietnamese },
            complaint,
            ..typing()
        };
        view(language, Screen::Typing(line))
    };
    let overlap = |of: OverlapView| view(language, Screen::Overlap(of));
    let nobody = |asked| OverlapView { asked, rows: Vec::new(), more: false, pages: 1, ..visits() };
    let export = |asked| {
        let place = "/media/usb/kiosk-2026-11-26".into();
        view(language, Screen::Export(ExportView { asked, place }))
    };
    vec![
        ("health-notice", view(language, Screen::Guard(desk))),
        ("health-notice-read", view(language, Screen::Guard(read))),
        ("exposures", days(administrator.clone())),
        ("exposures-refused", days(ExposuresView { matching: refused, ..administrator })),
        ("exposures-guard", days(guards)),
        ("exposures-none", days(empty)),
        ("reason", reason("Công văn 12 của Trung tâm Y tế huyện", None)),
        ("reason-missing", reason("", Some(Complaint::ReasonMissing))),
        ("overlap", overlap(visits())),
        ("overlap-awaited", overlap(nobody(Asked::Awaited))),
        ("overlap-failed", overlap(nobody(Asked::Failed))),
        ("overlap-nobody", overlap(nobody(Asked::Answered))),
        ("export", export(Asked::Answered)),
        ("export-failed", export(Asked::Failed)),
    ]
}

fn day(wall: i64, network: Network, report: ReportKind, day: &str, times: &str) -> ExposureRow {
    ExposureRow {
        id: ExposureId { trace: network.into(), day: Wall(wall), report },
        day: day.into(),
        times: times.into(),
        minutes_near: 12,
        closeness: Closeness::Near,
        passed_on: None,
    }
}

fn monday() -> ExposureRow {
    let test = ReportKind::ConfirmedTest;
    day(1_763_917_200, Network::Gaen, test, "24/11", "09:00–10:30, 14:00–14:30")
}

fn thursday() -> ExposureRow {
    ExposureRow {
        minutes_near: 3,
        closeness: Closeness::SomeSteps,
        ..day(1_763_571_600, Network::Bluezone, ReportKind::Unknown, "20/11", "16:30–17:00")
    }
}

fn sunday() -> ExposureRow {
    ExposureRow {
        minutes_near: 0,
        closeness: Closeness::Unknown,
        passed_on: Some("17/11".into()),
        ..day(1_763_226_000, Network::Bluezone, ReportKind::SelfReport, "16/11", "08:00–09:00")
    }
}

fn visits() -> OverlapView {
    let row = |times: &str, name: &str, phone: &str, host: &str, number| OverlapRow {
        times: times.into(),
        name: name.into(),
        phone: phone.into(),
        host: host.into(),
        badge: Badge { door: 'A', number },
    };
    OverlapView {
        asked: Asked::Answered,
        about: "24/11, 09:00–10:30, 14:00–14:30".into(),
        rows: vec![
            row("08:42–09:15", "Hồ Thị Thương", "0905123456", "Bộ phận Một cửa", 28),
            row("08:47–09:50", "Nguyễn Văn An +2", "", "Phòng Tư pháp", 29),
            row("09:05–09:20", "Bounmy Sisouk", "00856205551234", "Tiếp công dân", 30),
            row("09:31–10:02", "", "", "", 31),
            row("09:58–", "Trần Quốc Bảo", "0914000111", "Phòng Giáo dục", 32),
            row("13:40–14:10", "Lê Thị Hoa", "0987654321", "Bộ phận Một cửa", 40),
        ],
        more: true,
        page: 0,
        pages: 3,
    }
}
