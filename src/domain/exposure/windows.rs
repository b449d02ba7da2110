//! From the rows that a published key has matched to what is said of them: on which days and in
//! which half-hours somebody infected was at this door.
//!
//! An exposure names windows, never visits: who signed in around them is looked up only by an
//! administrator who says why. Which of several infected people was there when is not told either;
//! what the store keeps apart by key, so that a key can be taken back, is laid together here.

use std::collections::BTreeMap;

use super::heard::SLOT_SECONDS;
use super::key::{KeyDigest, KeyInBrief};
use super::published::ReportKind;
use super::trace::Trace;
use crate::domain::moment::{Wall, Zone};
use crate::domain::remembering::Remembered;

/// How long a window lasts: two of the quarters of an hour in which what is heard is kept.
pub const WINDOW_SECONDS: i64 = 2 * SLOT_SECONDS;

/// What a window can hold of near time.
const NEAR_SECONDS_MAX: u32 = 1_800;

/// No row is followed further than this: two days of quarters of an hour. Ids that last longer
/// belong to networks that publish no keys.
const SLOTS_FOLLOWED_MAX: i64 = 192;

/// A row that a published key has matched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Contact {
    /// Which key, and what its file says.
    pub key: KeyInBrief,
    /// What was heard.
    pub row: Remembered,
}

/// A half-hour in which somebody who was reported later was at this door.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Window {
    /// When it begins; it lasts [`WINDOW_SECONDS`].
    pub begin: Wall,
    /// For how long at least one of them was near, in seconds, as far as is known: 0 where only
    /// the door's code was scanned.
    pub near_seconds: u32,
    /// The least attenuation, in dB: the power a phone says it sends at, less the median level at
    /// which it was heard. `None` where none says it.
    pub attenuation_db: Option<u8>,
}

/// Which exposure it is: all of one trace, one day and one kind of report are one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ExposureId {
    /// By what it was found.
    pub trace: Trace,
    /// The local midnight with which the day begins.
    pub day: Wall,
    /// What is known of the illness.
    pub report: ReportKind,
}

/// A day on which somebody infected was at this door.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exposure {
    /// Which one it is.
    pub id: ExposureId,
    /// The half-hours, the earliest first; never none.
    pub windows: Vec<Window>,
}

/// An exposure and when the kiosk learned of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExposureNotice {
    /// The exposure.
    pub exposure: Exposure,
    /// When the file was matched that told of it last.
    pub learned: Wall,
}

/// The exposure to one published key: what the store keeps, so that the key can be taken back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyExposure {
    /// Which key.
    pub key: KeyDigest,
    /// What it brought about.
    pub exposure: Exposure,
}

/// Lays the rows of each key together: one exposure for each key and day.
#[must_use]
pub fn of_each_key(contacts: &[Contact], zone: Zone) -> Vec<KeyExposure> {
    let mut found: BTreeMap<(KeyDigest, ExposureId), BTreeMap<Wall, Window>> = BTreeMap::new();
    for contact in contacts {
        for window in windows_of(contact) {
            let id = ExposureId {
                trace: contact.row.network.into(),
                day: window.begin.day_start(zone),
                report: contact.key.report,
            };
            let windows = found.entry((contact.key.digest, id)).or_default();
            match windows.get_mut(&window.begin) {
                // One phone under its next id.
                Some(so_far) => so_far.add(&window),
                None => _ = windows.insert(window.begin, window),
            }
        }
    }
    let exposure = |((key, id), windows): ((KeyDigest, ExposureId), BTreeMap<Wall, Window>)| {
        KeyExposure { key, exposure: Exposure { id, windows: windows.into_values().collect() } }
    };
    found.into_iter().map(exposure).collect()
}

/// Lays exposures to several keys together: one for each trace, day and kind of report, the
/// latest day first. What was taken back is none.
#[must_use]
pub fn merged(notices: Vec<ExposureNotice>) -> Vec<ExposureNotice> {
    let mut days: BTreeMap<ExposureId, (Wall, BTreeMap<Wall, Window>)> = BTreeMap::new();
    for ExposureNotice { exposure, learned } in notices {
        if exposure.id.report == ReportKind::Revoked {
            continue;
        }
        let (last, windows) = days.entry(exposure.id).or_insert((learned, BTreeMap::new()));
        *last = learned.max(*last);
        for window in exposure.windows {
            windows
                .entry(window.begin)
                .and_modify(|so_far| so_far.lay_beside(&window))
                .or_insert(window);
        }
    }
    let mut merged: Vec<_> = days
        .into_iter()
        .map(|(id, (learned, windows))| ExposureNotice {
            exposure: Exposure { id, windows: windows.into_values().collect() },
            learned,
        })
        .collect();
    merged.sort_by_key(|notice| (std::cmp::Reverse(notice.exposure.id.day), notice.exposure.id));
    merged
}

impl Window {
    /// The second after its last.
    #[must_use]
    pub const fn end(&self) -> Wall {
        Wall(self.begin.0.saturating_add(WINDOW_SECONDS))
    }

    /// More of the same phone.
    fn add(&mut self, more: &Self) {
        self.near_seconds =
            self.near_seconds.saturating_add(more.near_seconds).min(NEAR_SECONDS_MAX);
        self.attenuation_db = least(self.attenuation_db, more.attenuation_db);
    }

    /// Another phone: whether they were near at the same time is not known, so the longer counts.
    fn lay_beside(&mut self, other: &Self) {
        self.near_seconds = self.near_seconds.max(other.near_seconds);
        self.attenuation_db = least(self.attenuation_db, other.attenuation_db);
    }
}

fn least(one: Option<u8>, other: Option<u8>) -> Option<u8> {
    one.into_iter().chain(other).min()
}

/// The windows of one row. Its near time is spread evenly over the quarters of an hour from first
/// to last heard, since nothing finer is kept.
fn windows_of(Contact { key, row }: &Contact) -> Vec<Window> {
    let slots = (row.last.seconds_since(row.first) / SLOT_SECONDS + 1).clamp(1, SLOTS_FOLLOWED_MAX);
    let count = u32::try_from(slots).unwrap_or(1);
    let attenuation_db = key.sending_power(row).map(|power| {
        let attenuation = i16::from(power.0) - i16::from(row.median.0);
        u8::try_from(attenuation.max(0)).unwrap_or(u8::MAX)
    });
    let mut windows: Vec<Window> = Vec::new();
    for slot in 0..slots {
        let at = row.first.0 + slot * SLOT_SECONDS;
        let begin = Wall(at - at.rem_euclid(WINDOW_SECONDS));
        let rest = if slot == 0 { row.near_seconds % count } else { 0 };
        let near_seconds = (row.near_seconds / count + rest).min(NEAR_SECONDS_MAX);
        let window = Window { begin, near_seconds, attenuation_db };
        match windows.last_mut().filter(|last| last.begin == begin) {
            Some(last) => last.add(&window),
            None => windows.push(window),
        }
    }
    windows
}

#[cfg(test)]
mod tests;
