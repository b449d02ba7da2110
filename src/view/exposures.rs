//! The health notices behind the PIN: days and half-hours, and, once a reason is in the book, the
//! visits around one of them. The words for people are the screens'.

use super::look::{day_of, time_of_day, typing};
use super::{Screen, TypingView};
use crate::domain::badge::Badge;
use crate::domain::exposure::matched::Progress;
use crate::domain::exposure::trace::Trace;
use crate::domain::exposure::windows::{ExposureId, ExposureNotice, Window};
pub use crate::domain::guard::Asked;
use crate::domain::guard::ExposureScreen;
use crate::domain::moment::{Now, Wall};
use crate::domain::policy;
use crate::domain::reception::Reception;
use crate::domain::request::{FoundVisit, Overlap, Role};
use crate::domain::site::Site;

/// The days on which somebody infected was here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExposuresView {
    /// Whether an administrator looks, who can do more than read.
    pub administrator: bool,
    /// The days on this page, the latest first.
    pub rows: Vec<ExposureRow>,
    /// The page shown, from 0.
    pub page: u16,
    /// The number of pages, at least 1.
    pub pages: u16,
    /// How the comparison with published keys stands.
    pub matching: MatchingView,
}

/// How the comparison with published keys stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MatchingView {
    /// It has not come to its end since the kiosk was started.
    Never,
    /// It is under way; how much in a hundred is done, where that is known.
    UnderWay(Option<u8>),
    /// It came to its end.
    Done {
        /// When, such as 26/11 02:14.
        at: String,
        /// How many files were refused.
        refused: u32,
        /// Why the first of them was; for whoever looks after the kiosk, in English as its files
        /// and commands are. Empty when none was.
        why: String,
    },
}

/// A day of one trace and one kind of report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExposureRow {
    /// Which exposure it is.
    pub id: ExposureId,
    /// The day, such as 24/11.
    pub day: String,
    /// The half-hours, those that follow one another laid together: 09:00–10:30, 14:00–14:30.
    pub times: String,
    /// For how many minutes the phone was near, as far as is known; 0 where it is not.
    pub minutes_near: u32,
    /// How near it came.
    pub closeness: Closeness,
    /// When it was passed on to whoever looks after health, such as 26/11; `None` while it was not.
    pub passed_on: Option<String>,
}

/// How near a phone came, in words: by the edges of Exposure Notification's first levels of
/// attenuation (51, 63 and 73 dB).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Closeness {
    /// No phone was heard: the door's code was scanned.
    Scanned,
    /// The phone does not say how loud it sends.
    Unknown,
    /// Up to 51 dB.
    AtTheDesk,
    /// Up to 63 dB.
    Near,
    /// Up to 73 dB.
    SomeSteps,
    /// More.
    Far,
}

/// What lies over the guard's list until it is read: the latest day that was not passed on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HealthNotice {
    /// That day.
    pub about: ExposureRow,
    /// How many other days there are.
    pub more: u32,
}

/// Who was inside around an exposure.
#[derive(Clone, PartialEq, Eq)]
pub struct OverlapView {
    /// Whether they are there yet.
    pub asked: Asked,
    /// The day and its half-hours.
    pub about: String,
    /// The visits of this page, the earliest first.
    pub rows: Vec<OverlapRow>,
    /// Whether there were more than can be shown.
    pub more: bool,
    /// The page shown, from 0.
    pub page: u16,
    /// The number of pages, at least 1.
    pub pages: u16,
}

/// A visit around an exposure.
#[derive(Clone, PartialEq, Eq)]
pub struct OverlapRow {
    /// When they came and left, such as 08:42–09:15.
    pub times: String,
    /// The name; empty once erased.
    pub name: String,
    /// The phone number, empty where none was given.
    pub phone: String,
    /// Whom they saw.
    pub host: String,
    /// Their number.
    pub badge: Badge,
}

/// What became of writing the exposures out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExportView {
    /// Whether it is done.
    pub asked: Asked,
    /// Where the files lie.
    pub place: String,
}

pub(super) fn screen(reception: &Reception, shown: &ExposureScreen, now: Now) -> Screen {
    match shown {
        ExposureScreen::Days => Screen::Exposures(days(reception, now)),
        ExposureScreen::Reason(_, line) => {
            Screen::Typing(TypingView { complaint: reception.guard().complaint(), ..typing(line) })
        }
        ExposureScreen::Overlap(of, asked) => Screen::Overlap(overlap(reception, *of, *asked, now)),
        ExposureScreen::Export(asked, place) => {
            Screen::Export(ExportView { asked: *asked, place: place.clone() })
        }
    }
}

fn days(reception: &Reception, now: Now) -> ExposuresView {
    let guard = reception.guard();
    let open_to = guard.role();
    let (page, pages) = page_of(guard.page(), reception.guard_pages());
    let known = reception.exposures().iter();
    let shown = known.skip(page * policy::EXPOSURES_PER_PAGE).take(policy::EXPOSURES_PER_PAGE);
    ExposuresView {
        administrator: open_to == Some(Role::Administrator),
        rows: shown.map(|notice| row(reception, notice, now)).collect(),
        page: short(page),
        pages: short(pages),
        matching: matching(reception, now),
    }
}

/// The notice over the guard's list, unless it was read or there is none.
pub(super) fn health_notice(reception: &Reception, now: Now) -> Option<HealthNotice> {
    if reception.guard().has_read_notice() {
        return None;
    }
    let mut open = reception.open_exposures();
    let about = row(reception, open.next()?, now);
    Some(HealthNotice { about, more: u32::try_from(open.count()).unwrap_or(u32::MAX) })
}

fn overlap(reception: &Reception, of: ExposureId, asked: Asked, now: Now) -> OverlapView {
    let (guard, site) = (reception.guard(), reception.site());
    let (page, pages) = page_of(guard.page(), reception.guard_pages());
    let shown = guard.overlap();
    let known = reception.exposures().iter().find(|notice| notice.exposure.id == of);
    let windows = shown.map(|overlap| &overlap.notice).or(known);
    let times = windows.map_or_else(String::new, |notice| spans(&notice.exposure.windows, site));
    let visits = shown.map_or(&[][..], |overlap: &Overlap| &overlap.visits);
    let visits = visits.iter().skip(page * policy::OVERLAP_ROWS_PER_PAGE);
    OverlapView {
        asked,
        about: format!("{}, {times}", day_of(of.day, now, site)),
        rows: visits
            .take(policy::OVERLAP_ROWS_PER_PAGE)
            .map(|visit| overlap_row(visit, of.day, site))
            .collect(),
        more: shown.is_some_and(|overlap| overlap.more),
        page: short(page),
        pages: short(pages),
    }
}

fn row(reception: &Reception, notice: &ExposureNotice, now: Now) -> ExposureRow {
    let (site, exposure) = (reception.site(), &notice.exposure);
    let near_seconds: u32 =
        exposure.windows.iter().fold(0, |sum, window| sum.saturating_add(window.near_seconds));
    let least = exposure.windows.iter().filter_map(|window| window.attenuation_db).min();
    ExposureRow {
        id: exposure.id,
        day: day_of(exposure.id.day, now, site),
        times: spans(&exposure.windows, site),
        minutes_near: near_seconds.div_ceil(60),
        closeness: match least {
            _ if exposure.id.trace == Trace::VenueCode => Closeness::Scanned,
            None => Closeness::Unknown,
            Some(..=51) => Closeness::AtTheDesk,
            Some(..=63) => Closeness::Near,
            Some(..=73) => Closeness::SomeSteps,
            Some(_) => Closeness::Far,
        },
        passed_on: reception.passed_on(notice).map(|wall| day_of(wall, now, site)),
    }
}

fn matching(reception: &Reception, now: Now) -> MatchingView {
    let state = reception.matching();
    match (state.under_way, state.last) {
        (Some(progress), _) => MatchingView::UnderWay(percent(progress)),
        (None, Some((at, _))) => MatchingView::Done {
            at: format!(
                "{} {}",
                day_of(at, now, reception.site()),
                time_of_day(at, reception.site())
            ),
            refused: u32::try_from(state.refused.len()).unwrap_or(u32::MAX),
            why: state.refused.first().cloned().unwrap_or_default(),
        },
        (None, None) => MatchingView::Never,
    }
}

fn percent(progress: Progress) -> Option<u8> {
    let done = (u64::from(progress.files_done) * 100).checked_div(progress.files?.into())?;
    Some(u8::try_from(done).unwrap_or(100).min(100))
}

fn overlap_row(visit: &FoundVisit, day: Wall, site: &Site) -> OverlapRow {
    let personal = visit.personal.clone().unwrap_or_default();
    let time = |wall: Wall| {
        let (on, asked) = (wall.civil(site.zone).date(), day.civil(site.zone).date());
        let time = time_of_day(wall, site);
        if on == asked { time } else { format!("{}/{} {time}", on.day(), on.month()) }
    };
    let left = visit.left.map(|(left, _)| time(left)).unwrap_or_default();
    let companions = visit.facts.companions;
    let with = if companions == 0 || personal.name.is_empty() {
        String::new()
    } else {
        format!(" +{companions}")
    };
    OverlapRow {
        times: format!("{}–{left}", time(visit.entered)),
        name: personal.name + &with,
        phone: personal.phone,
        host: personal.host,
        badge: visit.facts.badge,
    }
}

/// Half-hours as people say them: those that follow one another laid together.
fn spans(windows: &[Window], site: &Site) -> String {
    let mut spans: Vec<(Wall, Wall)> = Vec::new();
    for window in windows {
        match spans.last_mut().filter(|(_, end)| *end == window.begin) {
            Some((_, end)) => *end = window.end(),
            None => spans.push((window.begin, window.end())),
        }
    }
    let words = spans
        .iter()
        .map(|(begin, end)| format!("{}–{}", time_of_day(*begin, site), time_of_day(*end, site)));
    words.collect::<Vec<_>>().join(", ")
}

fn page_of(page: usize, pages: usize) -> (usize, usize) {
    (page.min(pages.saturating_sub(1)), pages)
}

fn short(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
