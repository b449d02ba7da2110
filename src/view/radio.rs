//! What is to be seen of the radio behind the PIN: what it hears live, a phone being held to the
//! mark, how each organ is. Levels are whole dBm; how they are drawn is the screens' business.

use std::time::Duration;

use crate::domain::airwaves::Source;
use crate::domain::fault::{Organ, Trouble};
use crate::domain::guard::{Calibrating, Ignoring, Saving};
use crate::domain::moment::Now;
use crate::domain::network::Network;
use crate::domain::policy;
use crate::domain::presence::calibration::{CalibrationError, Step};
use crate::domain::presence::{NetworkCount, SiteLevels};
use crate::domain::reception::Reception;
use crate::domain::request::Role;

/// What the radio hears.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RadioView {
    /// Whether it was opened with the administrator's PIN: only then can be calibrated.
    pub administrator: bool,
    /// Where adverts come from.
    pub source: Source,
    /// What is wrong with the radio.
    pub trouble: Option<Trouble>,
    /// Adverts in the last whole second.
    pub adverts_per_second: u32,
    /// Phones with a tracing app that are around.
    pub phones: u32,
    /// The same by network, in the order of the configuration.
    pub networks: Vec<NetworkCount>,
    /// Phones loud enough to be at the desk.
    pub at_the_desk: u32,
    /// How loud the nearest phone was in each of the last 60 s, in dBm, the oldest first; `None`
    /// where nothing was heard. An iPhone's level is brought to an Android phone's.
    pub nearest_dbm: Vec<Option<i16>>,
    /// The same of the next nearest.
    pub second_dbm: Vec<Option<i16>>,
    /// The level from which a phone may be at the desk, in dBm.
    pub near_dbm: i16,
    /// Who calibrated last, and when; `None` where nobody has.
    pub calibrated: Option<CalibratedView>,
}

/// When the levels of the site were learned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CalibratedView {
    /// Whether by the administrator.
    pub administrator: bool,
    /// The day, such as 2/3/2026.
    pub day: String,
}

/// A phone is held to the mark.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldView {
    /// What for.
    pub purpose: HeldFor,
    /// How far it has come.
    pub stage: HeldStage,
    /// How loud the nearest phone was in the last whole second, in dBm.
    pub level_dbm: Option<i16>,
    /// How much of this stage has passed, 0 to 100. Where the levels of the site are learned, the
    /// seconds in which the phone is silent do not count.
    pub percent: u8,
    /// Seconds until the stage ends, in the same way; 0 when all has ended.
    pub seconds_left: u32,
}

/// Why a phone is held to the mark.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum HeldFor {
    /// To learn the levels of the site.
    Calibration,
    /// To say that it belongs to the place.
    Ignoring,
}

/// How far it has come.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum HeldStage {
    /// It is to be held to the mark.
    HoldToMark,
    /// Whoever holds it is to step back two metres.
    StepBack,
    /// And to hold it still there.
    HoldAway,
    /// What was learned is being written down.
    Writing,
    /// The levels are kept.
    Learned(SiteLevels),
    /// The phone belongs to the place.
    Ignored,
    /// No phone, or not one alone, was near enough.
    NobodyNear,
    /// The levels could not be learned.
    NotLearned(NotLearned),
    /// The levels could not be written down.
    NotWritten,
}

/// Why the levels could not be learned.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NotLearned {
    /// The phone was not heard often enough.
    TooFew,
    /// At the mark and two metres away it was as loud.
    TooClose,
    /// It was moved.
    TooNoisy,
    /// No phone is so loud, or so faint.
    TooFar,
}

/// How each organ is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChecksView {
    /// Each organ, and what is wrong with it.
    pub organs: Vec<(Organ, Option<Trouble>)>,
    /// Where adverts come from.
    pub source: Source,
    /// Adverts in the last whole second.
    pub adverts_per_second: u32,
    /// Phones around, by network.
    pub networks: Vec<NetworkCount>,
    /// The network that the kiosk has joined and does not send, since the adapter that listens
    /// refuses the address for it.
    pub unsent: Option<Network>,
}

pub(super) fn radio(reception: &Reception, now: Now) -> RadioView {
    let around = reception.presence().around(&reception.site().networks, now.mono);
    let seconds = || reception.airwaves().seconds(now.mono);
    RadioView {
        administrator: reception.guard().role() == Some(Role::Administrator),
        source: reception.source(),
        trouble: reception.trouble(Organ::Radio),
        adverts_per_second: reception.airwaves().adverts_per_second(now.mono),
        phones: around.phones,
        networks: around.networks,
        at_the_desk: around.at_the_desk,
        nearest_dbm: seconds().map(|second| second.nearest_dbm).collect(),
        second_dbm: seconds().map(|second| second.second_dbm).collect(),
        near_dbm: reception.presence().near_dbm(),
        calibrated: reception.calibrated().map(|calibrated| {
            let date = calibrated.wall.civil(reception.site().zone).date();
            CalibratedView {
                administrator: calibrated.role == Role::Administrator,
                day: format!("{}/{}/{}", date.day(), date.month(), date.year()),
            }
        }),
    }
}

pub(super) fn calibrating(reception: &Reception, calibrating: &Calibrating, now: Now) -> HeldView {
    let calibration = &calibrating.calibration;
    let stage = match (calibrating.saving, calibration.step(now.mono)) {
        (Saving::Pending(_), _) => HeldStage::Writing,
        (Saving::Saved(levels), _) => HeldStage::Learned(levels),
        (Saving::Failed, _) => HeldStage::NotWritten,
        (Saving::NotDue, Step::AtTheMark) => HeldStage::HoldToMark,
        (Saving::NotDue, Step::Walking) => HeldStage::StepBack,
        (Saving::NotDue, Step::AtTwoMetres) => HeldStage::HoldAway,
        (Saving::NotDue, Step::Done) => match calibration.outcome(now.mono) {
            Some(Err(error)) => HeldStage::NotLearned(why(error)),
            Some(Ok(_)) | None => HeldStage::Writing,
        },
    };
    let (passed, whole) = calibration.progress(now.mono);
    HeldView {
        purpose: HeldFor::Calibration,
        stage,
        level_dbm: level(reception, now),
        percent: percent(passed, whole),
        seconds_left: whole_seconds(whole.saturating_sub(passed)),
    }
}

const fn why(error: CalibrationError) -> NotLearned {
    match error {
        CalibrationError::TooFew { .. } => NotLearned::TooFew,
        CalibrationError::TooClose { .. } => NotLearned::TooClose,
        CalibrationError::TooNoisy { .. } => NotLearned::TooNoisy,
        CalibrationError::TooFar { .. } => NotLearned::TooFar,
    }
}

pub(super) fn ignoring(reception: &Reception, ignoring: Ignoring, now: Now) -> HeldView {
    let (stage, left) = match ignoring {
        Ignoring::Awaited(until) => (HeldStage::HoldToMark, until.since(now.mono)),
        Ignoring::Done => (HeldStage::Ignored, Duration::ZERO),
        Ignoring::NotHeard => (HeldStage::NobodyNear, Duration::ZERO),
    };
    let whole = policy::OWN_PHONE_WITHIN;
    HeldView {
        purpose: HeldFor::Ignoring,
        stage,
        level_dbm: level(reception, now),
        percent: percent(whole.saturating_sub(left), whole),
        seconds_left: whole_seconds(left),
    }
}

pub(super) fn checks(reception: &Reception, now: Now) -> ChecksView {
    // A clock does not report itself: nobody vouching for it is what can be known of it.
    let trouble = |organ| match organ {
        Organ::Clock if !now.wall_trusted => Some(Trouble::Untrusted),
        Organ::Store | Organ::Radio | Organ::Pins | Organ::Clock => reception.trouble(organ),
    };
    ChecksView {
        organs: Organ::ALL.map(|organ| (organ, trouble(organ))).to_vec(),
        source: reception.source(),
        adverts_per_second: reception.airwaves().adverts_per_second(now.mono),
        networks: reception.presence().around(&reception.site().networks, now.mono).networks,
        unsent: reception.beacon().unsent(),
    }
}

fn level(reception: &Reception, now: Now) -> Option<i16> {
    reception.airwaves().seconds(now.mono).last()?.nearest_dbm
}

fn whole_seconds(left: Duration) -> u32 {
    u32::try_from(left.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX)
}

fn percent(passed: Duration, whole: Duration) -> u8 {
    let percent = (passed.as_millis() * 100).checked_div(whole.as_millis());
    percent.and_then(|percent| u8::try_from(percent).ok()).map_or(100, |percent| percent.min(100))
}
