//! The screens of the health notices: from their views to the glass, and what is touched on them.

use slint::{ComponentHandle, SharedString};

use super::super::generated as glass;
use super::radio::title;
use super::show::{changed, int};
use super::touches::{Send, always, with};
use crate::domain::exposure::published::ReportKind;
use crate::domain::exposure::trace::Trace;
use crate::domain::exposure::windows::ExposureId;
use crate::domain::moment::Wall;
use crate::domain::touch::Touch;
use crate::view::{
    Asked, Closeness, ExportView, ExposureRow, ExposuresView, HealthNotice, MatchingView,
    OverlapRow, OverlapView,
};

/// Every kind of report, by its place in the key of a row.
const REPORTS: [ReportKind; 6] = [
    ReportKind::Unknown,
    ReportKind::ConfirmedTest,
    ReportKind::ClinicalDiagnosis,
    ReportKind::SelfReport,
    ReportKind::Recursive,
    ReportKind::Revoked,
];

pub(super) fn exposures(
    adapter: &glass::ExposuresAdapter<'_>,
    exposures: &ExposuresView,
) -> glass::Stage {
    adapter.set_administrator(exposures.administrator);
    if let Some(rows) = changed(&adapter.get_rows(), &exposures.rows, row) {
        adapter.set_rows(rows);
    }
    adapter.set_page(exposures.page.into());
    adapter.set_pages(exposures.pages.into());
    match &exposures.matching {
        MatchingView::Never => adapter.set_matching(glass::Matching::Never),
        MatchingView::UnderWay(percent) => {
            adapter.set_percent(percent.map_or(-1, i32::from));
            adapter.set_matching(glass::Matching::UnderWay);
        }
        MatchingView::Done { at, refused, why } => {
            adapter.set_matched_on(at.as_str().into());
            adapter.set_refused(int(*refused));
            adapter.set_why(why.as_str().into());
            adapter.set_matching(glass::Matching::Done);
        }
    }
    glass::Stage::Exposures
}

/// The notice over the guard's desk, and how many days wait for somebody to pass them on.
pub(super) fn notice(
    adapter: &glass::HealthNoticeAdapter<'_>,
    notice: Option<&HealthNotice>,
    waiting: u32,
) {
    adapter.set_waiting(int(waiting));
    if let Some(notice) = notice {
        adapter.set_about(row(&notice.about));
        adapter.set_more(int(notice.more));
    }
    adapter.set_shown(notice.is_some());
}

pub(super) fn overlap(adapter: &glass::OverlapAdapter<'_>, overlap: &OverlapView) -> glass::Stage {
    adapter.set_state(asked(overlap.asked));
    adapter.set_about(unbroken(&overlap.about));
    if let Some(rows) = changed(&adapter.get_rows(), &overlap.rows, visit) {
        adapter.set_rows(rows);
    }
    adapter.set_more(overlap.more);
    adapter.set_page(overlap.page.into());
    adapter.set_pages(overlap.pages.into());
    glass::Stage::Overlap
}

pub(super) fn export(adapter: &glass::ExportAdapter<'_>, export: &ExportView) -> glass::Stage {
    adapter.set_state(asked(export.asked));
    adapter.set_place(export.place.as_str().into());
    glass::Stage::Export
}

pub(super) fn connect(app: &glass::App, send: &Send) {
    let exposures = app.global::<glass::ExposuresAdapter<'_>>();
    exposures.on_open(always(send, Touch::GuardExposures));
    exposures.on_match(always(send, Touch::GuardMatch));
    exposures.on_overlap(with(send, |key: SharedString| id(&key).map(Touch::GuardOverlap)));
    exposures.on_pass_on(with(send, |key: SharedString| id(&key).map(Touch::GuardPassOn)));
    exposures.on_export(always(send, Touch::GuardExport));
    exposures.on_next_page(always(send, Touch::GuardNextPage));
    exposures.on_previous_page(always(send, Touch::GuardPreviousPage));
    app.global::<glass::HealthNoticeAdapter<'_>>().on_later(always(send, Touch::GuardNoticeRead));
    let overlap = app.global::<glass::OverlapAdapter<'_>>();
    overlap.on_next_page(always(send, Touch::GuardNextPage));
    overlap.on_previous_page(always(send, Touch::GuardPreviousPage));
    app.global::<glass::ExportAdapter<'_>>().on_next(always(send, Touch::Next));
}

fn row(row: &ExposureRow) -> glass::ExposureRow {
    glass::ExposureRow {
        key: key(row.id).into(),
        day: row.day.as_str().into(),
        times: unbroken(&row.times),
        network: match row.id.trace {
            Trace::Phone(network) => title(network),
            Trace::VenueCode => "Corona-Warn-App",
        }
        .into(),
        report: match row.id.report {
            ReportKind::ConfirmedTest => glass::Report::Test,
            ReportKind::ClinicalDiagnosis => glass::Report::Diagnosis,
            ReportKind::SelfReport => glass::Report::SelfReport,
            ReportKind::Unknown | ReportKind::Recursive | ReportKind::Revoked => {
                glass::Report::Unknown
            }
        },
        minutes_near: int(row.minutes_near),
        closeness: match row.closeness {
            Closeness::Scanned => glass::Closeness::Scanned,
            Closeness::Unknown => glass::Closeness::Unknown,
            Closeness::AtTheDesk => glass::Closeness::AtTheDesk,
            Closeness::Near => glass::Closeness::Near,
            Closeness::SomeSteps => glass::Closeness::SomeSteps,
            Closeness::Far => glass::Closeness::Far,
        },
        passed_on: row.passed_on.as_deref().unwrap_or_default().into(),
    }
}

fn visit(row: &OverlapRow) -> glass::OverlapRow {
    glass::OverlapRow {
        times: row.times.as_str().into(),
        name: row.name.as_str().into(),
        phone: row.phone.as_str().into(),
        host: row.host.as_str().into(),
        badge: row.badge.to_string().into(),
    }
}

const fn asked(asked: Asked) -> glass::Asked {
    match asked {
        Asked::Awaited => glass::Asked::Awaited,
        Asked::Answered => glass::Asked::Answered,
        Asked::Failed => glass::Asked::Failed,
    }
}

/// Half-hours whose line does not end after a dash: a word joiner follows it, which takes no room
/// (Unicode Standard Annex 14, LB11).
fn unbroken(times: &str) -> SharedString {
    times.replace('–', "–\u{2060}").into()
}

/// What a row is called on its way over the glass and back: a list may change under a finger.
fn key(id: ExposureId) -> String {
    let report = REPORTS.into_iter().position(|report| report == id.report).unwrap_or_default();
    format!("{} {} {report}", id.trace, id.day.0)
}

fn id(key: &str) -> Option<ExposureId> {
    let mut parts = key.split(' ');
    let trace = parts.next()?.parse().ok()?;
    let day = Wall(parts.next()?.parse().ok()?);
    let report = *REPORTS.get(parts.next()?.parse::<usize>().ok()?)?;
    Some(ExposureId { trace, day, report })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::network::Network;

    #[test]
    fn a_key_leads_back_to_its_exposure() {
        let phones = Network::ALL.map(Trace::Phone);
        for trace in phones.into_iter().chain([Trace::VenueCode]) {
            for report in REPORTS {
                let wanted = ExposureId { trace, day: Wall(1_764_003_600), report };
                assert_eq!(id(&key(wanted)), Some(wanted));
            }
        }
        for wrong in ["", "gaen", "gaen 12", "gaen 12 9", "smoke 12 0", "gaen x 0"] {
            assert_eq!(id(wrong), None, "{wrong}");
        }
    }
}
