//! Exposures as lines of a table: one for each half-hour, in words and the site's own time.

use std::borrow::Cow;

use serde::Serialize;

use crate::domain::exposure::published::ReportKind;
use crate::domain::exposure::trace::Trace;
use crate::domain::exposure::windows::ExposureNotice;
use crate::domain::moment::{Wall, Zone};

/// A half-hour.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(super) struct Line {
    /// `YYYY-MM-DD`.
    pub(super) day: String,
    /// `HH:MM`, its first minute.
    pub(super) from: String,
    /// `HH:MM`, the minute after its last.
    pub(super) to: String,
    /// The first second, in seconds since 1970.
    pub(super) begin_unix: i64,
    /// The network whose phone was heard, or `venue-code`.
    pub(super) network: &'static str,
    pub(super) report: &'static str,
    /// For how long somebody infected was near, as far as is known; `None` where only the door's
    /// code was scanned.
    pub(super) near_seconds: Option<u32>,
    /// The least attenuation in dB; `None` where the phones do not say how loud they send.
    pub(super) attenuation_db: Option<u8>,
    /// When the kiosk learned of it: `YYYY-MM-DDTHH:MM:SS`.
    pub(super) learned: String,
}

impl Line {
    /// The half-hours of all exposures, in their order.
    pub(super) fn all(notices: &[ExposureNotice], zone: Zone) -> Vec<Self> {
        let of_notice = |notice: &ExposureNotice| {
            let id = notice.exposure.id;
            let learned = notice.learned.civil(zone).to_string();
            let line = move |window: &crate::domain::exposure::windows::Window| Self {
                day: id.day.civil(zone).date().to_string(),
                from: clock(window.begin, zone),
                to: clock(window.end(), zone),
                begin_unix: window.begin.0,
                network: id.trace.name(),
                report: report_words(id.report),
                near_seconds: (id.trace != Trace::VenueCode).then_some(window.near_seconds),
                attenuation_db: window.attenuation_db,
                learned: learned.clone(),
            };
            notice.exposure.windows.iter().map(line).collect::<Vec<_>>()
        };
        notices.iter().flat_map(of_notice).collect()
    }
}

fn clock(wall: Wall, zone: Zone) -> String {
    wall.civil(zone).strftime("%H:%M").to_string()
}

const fn report_words(report: ReportKind) -> &'static str {
    match report {
        ReportKind::Unknown => "kind of report not said",
        ReportKind::ConfirmedTest => "confirmed by a test",
        ReportKind::ClinicalDiagnosis => "found by a physician",
        ReportKind::SelfReport => "said by the person",
        ReportKind::Recursive => "kept for later use",
        ReportKind::Revoked => "taken back",
    }
}

/// `12 min 5 s`.
pub(super) fn duration(seconds: u32) -> String {
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// A text that no spreadsheet takes for a formula: one that begins as formulas do is led by an
/// apostrophe (OWASP, CSV Injection).
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(plain(formula), format!("'{formula}"));
        }
        assert_eq!(plain("UBND huyện Thử =1"), "UBND huyện Thử =1");
    }
}
