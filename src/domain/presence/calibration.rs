//! A stand-in for the estimator of a site's levels: a phone at the mark, then at two metres.

use crate::domain::advert::Dbm;
use crate::domain::airwaves::low_power_dbm;
use crate::domain::moment::Mono;
use crate::domain::policy;
use crate::domain::sighting::{Sighting, Subject};

/// What was learned of a site.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteLevels {
    /// How loud an Android phone is at the mark, in dBm.
    pub mark_dbm: i16,
    /// How loud it is two metres away.
    pub two_metres_dbm: i16,
}

/// At the mark, where the rule was made, in dBm.
const MARK_DBM: i16 = -50;
const SHIFT_MAX_DB: i16 = 12;

impl SiteLevels {
    /// What is added to a level heard here, in dB.
    #[must_use]
    pub fn shift_db(self) -> i16 {
        (MARK_DBM - self.mark_dbm).clamp(-SHIFT_MAX_DB, SHIFT_MAX_DB)
    }

    /// The level as it would have been heard where the rule was made.
    #[must_use]
    pub fn corrected(self, rssi: Dbm) -> Dbm {
        let level = i16::from(rssi.0).saturating_add(self.shift_db());
        Dbm(i8::try_from(level).unwrap_or(if level < 0 { i8::MIN } else { i8::MAX }))
    }
}

/// How far a calibration has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// A phone is to be held to the mark.
    HoldToMark,
    /// Whoever holds it is to step back two metres.
    StepBack,
    /// The levels are known.
    Done(SiteLevels),
    /// It came to nothing.
    Failed(Failure),
}

/// Why a calibration came to nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Failure {
    /// No phone was heard, or it fell silent.
    NothingHeard,
    /// Two metres away it was as loud.
    NoDifference,
}

const HEARD_ENOUGH: usize = 12;
const DIFFERENCE_MIN_DB: i16 = 12;

/// A calibration under way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Calibration {
    step: Step,
    since: Mono,
    phone: Option<Subject>,
    levels: Vec<i16>,
    mark_dbm: i16,
}

impl Calibration {
    /// Begins.
    #[must_use]
    pub const fn begin(now: Mono) -> Self {
        Self { step: Step::HoldToMark, since: now, phone: None, levels: Vec::new(), mark_dbm: 0 }
    }

    /// How far it has come.
    #[must_use]
    pub const fn step(&self) -> Step {
        self.step
    }

    /// How much of what the step needs was heard, in percent.
    #[must_use]
    pub fn percent(&self) -> u8 {
        u8::try_from(self.levels.len() * 100 / HEARD_ENOUGH).unwrap_or(100).min(100)
    }

    /// When the step is given up; `None` when it has ended.
    #[must_use]
    pub fn gives_up_at(&self) -> Option<Mono> {
        matches!(self.step, Step::HoldToMark | Step::StepBack)
            .then(|| self.since + policy::GUIDED_STEP_WITHIN)
    }

    /// A phone was heard. Returns whether it has come a step further.
    pub fn handle_sighting(&mut self, sighting: &Sighting, now: Mono) -> bool {
        let dbm = low_power_dbm(sighting.rssi, sighting.tx_class);
        match self.step {
            Step::HoldToMark if dbm >= -68 => {
                if self.phone != Some(sighting.subject) {
                    self.phone = Some(sighting.subject);
                    self.levels.clear();
                }
                self.levels.push(dbm);
                if self.levels.len() < HEARD_ENOUGH {
                    return false;
                }
                self.mark_dbm = self.median();
                (self.step, self.since) = (Step::StepBack, now);
                true
            }
            Step::StepBack if self.phone == Some(sighting.subject) => {
                if self.mark_dbm - dbm < DIFFERENCE_MIN_DB {
                    return false;
                }
                self.levels.push(dbm);
                if self.levels.len() < HEARD_ENOUGH {
                    return false;
                }
                let two_metres_dbm = self.median();
                self.step = Step::Done(SiteLevels { mark_dbm: self.mark_dbm, two_metres_dbm });
                true
            }
            Step::HoldToMark | Step::StepBack | Step::Done(_) | Step::Failed(_) => false,
        }
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Mono) {
        if self.gives_up_at().is_some_and(|at| now >= at) {
            let heard = self.step == Step::StepBack;
            let failure = if heard { Failure::NoDifference } else { Failure::NothingHeard };
            self.step = Step::Failed(failure);
        }
    }

    fn median(&mut self) -> i16 {
        self.levels.sort_unstable();
        let median = self.levels.get(self.levels.len() / 2).copied().unwrap_or_default();
        self.levels.clear();
        median
    }
}
