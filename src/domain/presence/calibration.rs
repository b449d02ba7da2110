//! How much louder or fainter a site hears phones than the recordings the rule was made from: a
//! phone is held to the mark, then carried two metres away, and two numbers come out. It draws
//! nothing and keeps nothing: the screen asks it what to say, and the site keeps the outcome.

use std::time::Duration;

use super::rule::bystander_dbm;
use crate::domain::moment::Mono;
use crate::domain::sighting::{Sighting, Subject, TxClass};

/// How long a phone is to be heard at each of the two places. At the slowest advertiser that
/// calibrates, 277 ms with a third lost in a crowd, that is 24 adverts.
pub const HOLD_FOR: Duration = Duration::from_secs(10);

/// So long is waited for that at each place: of Bluezone's 30 s, half of them silent, any 35 in a
/// row hold 15 s of adverts at least.
pub const HOLD_WITHIN: Duration = Duration::from_secs(35);

/// A longer pause between two adverts is a silence, and not time in which a phone is heard: the
/// slowest phones advertise about once a second, and one advert may be lost.
const PAUSE_MAX: Duration = Duration::from_millis(2_500);

/// Walking from the mark to the two metres takes this long, and is not measured.
pub const WALK_FOR: Duration = Duration::from_secs(5);

/// With fewer adverts at a place the median of them is a chance.
const SIGHTINGS_MIN: usize = 8;

/// Adverts kept at a place: those of Bluezone's 100 ms, and some more.
const SIGHTINGS_MAX: usize = 128;

/// The two places must differ by so much. Half of the 26 to 32 dB that 20 dB a decade give between
/// 5 to 10 cm and 2 m: with less, a body or metal stands between, or the phone was not moved.
const APART_MIN_DB: f32 = 13.0;

/// Half of the levels at a place lie within so much: recorded phones that lie still stay within
/// 4 dB, and those that are carried do not.
const SPREAD_MAX_DB: f32 = 10.0;

/// A site that differs by more from the recordings has a broken antenna or a phone of another
/// kind before it.
const SHIFT_MAX_DB: f32 = 15.0;

/// Where the one who calibrates should be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// The phone is held to the mark.
    AtTheMark,
    /// They walk away.
    Walking,
    /// The phone is held two metres away.
    AtTwoMetres,
    /// It is over; see [`Calibration::outcome`].
    Done,
}

/// What a calibration gives the site to keep.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Levels {
    /// Median level in dBm at the mark.
    pub at_mark: f32,
    /// Median level in dBm at two metres.
    pub at_two_metres: f32,
    /// By how much this site hears phones louder than the recordings, in dB.
    pub louder_here_db: f32,
}

/// Why a calibration gives nothing.
#[derive(Clone, Copy, PartialEq, Debug, thiserror::Error)]
pub enum CalibrationError {
    /// No phone, or hardly one.
    #[error(
        "hear the phone often enough: {heard} adverts, {SIGHTINGS_MIN} are needed; \
         open the app and keep its screen on"
    )]
    TooFew {
        /// Adverts of the loudest phone at the place with fewer.
        heard: usize,
    },
    /// Mark and two metres sound alike.
    #[error(
        "tell the mark from two metres: {apart_db:.0} dB apart, {APART_MIN_DB} are needed; \
         hold the phone against the mark, then step back"
    )]
    TooClose {
        /// How far apart they are.
        apart_db: f32,
    },
    /// The phone was moved.
    #[error(
        "get a steady level: it varies by {spread_db:.0} dB, {SPREAD_MAX_DB} are allowed; \
         hold the phone still"
    )]
    TooNoisy {
        /// The spread of the middle half.
        spread_db: f32,
    },
    /// The levels cannot be right.
    #[error(
        "believe the levels: {shift_db:.0} dB off what is usual, {SHIFT_MAX_DB} are allowed; \
         check the antenna, or take another phone"
    )]
    TooFar {
        /// How far off.
        shift_db: f32,
    },
}

/// A calibration under way.
#[derive(Clone, Debug)]
pub struct Calibration {
    began: Mono,
    /// The phone that calibrates: the loudest at the mark.
    phone: Option<(Subject, TxClass)>,
    loudest: i8,
    at_mark: Held,
    at_two_metres: Held,
}

/// What was heard of the phone at one place.
#[derive(Clone, Debug)]
struct Held {
    levels: Vec<i8>,
    heard_for: Duration,
    last: Option<Mono>,
    /// When it had been heard for long enough.
    done: Option<Mono>,
}

impl Held {
    fn new() -> Self {
        let levels = Vec::with_capacity(SIGHTINGS_MAX);
        Self { levels, heard_for: Duration::ZERO, last: None, done: None }
    }

    fn hear(&mut self, level: i8, now: Mono) {
        let pause = self.last.replace(now).map_or(Duration::ZERO, |last| now.since(last));
        if pause <= PAUSE_MAX {
            self.heard_for += pause;
        }
        if self.levels.len() < SIGHTINGS_MAX {
            self.levels.push(level);
        }
        if self.heard_for >= HOLD_FOR && self.is_enough() {
            self.done = Some(now);
        }
    }

    const fn is_enough(&self) -> bool {
        self.levels.len() >= SIGHTINGS_MIN
    }

    /// Another phone is heard instead.
    fn forget(&mut self) {
        self.levels.clear();
        (self.heard_for, self.last) = (Duration::ZERO, None);
    }
}

impl Calibration {
    /// The phone is at the mark.
    #[must_use]
    pub fn begin(now: Mono) -> Self {
        Self {
            began: now,
            phone: None,
            loudest: i8::MIN,
            at_mark: Held::new(),
            at_two_metres: Held::new(),
        }
    }

    /// Something was heard.
    pub fn handle_sighting(&mut self, sighting: &Sighting, now: Mono) {
        let is_the_phone = self.phone.is_some_and(|(subject, _)| subject == sighting.subject);
        match self.step(now) {
            Step::AtTheMark => {
                if !is_the_phone && sighting.rssi.0 > self.loudest {
                    self.phone = Some((sighting.subject, sighting.tx_class));
                    self.at_mark.forget();
                } else if !is_the_phone {
                    return;
                }
                self.loudest = self.loudest.max(sighting.rssi.0);
                self.at_mark.hear(sighting.rssi.0, now);
            }
            Step::AtTwoMetres if is_the_phone => self.at_two_metres.hear(sighting.rssi.0, now),
            Step::AtTwoMetres | Step::Walking | Step::Done => {}
        }
    }

    /// Where the one who calibrates should be.
    #[must_use]
    pub fn step(&self, now: Mono) -> Step {
        let [mark_ends, walk_ends, away_ends] = self.ends();
        if now < mark_ends {
            Step::AtTheMark
        } else if !self.at_mark.is_enough() || now >= away_ends {
            Step::Done
        } else if now < walk_ends {
            Step::Walking
        } else {
            Step::AtTwoMetres
        }
    }

    /// When each step ends, as far as is known.
    fn ends(&self) -> [Mono; 3] {
        let mark_ends = self.at_mark.done.unwrap_or(self.began + HOLD_WITHIN);
        let walk_ends = mark_ends + WALK_FOR;
        [mark_ends, walk_ends, self.at_two_metres.done.unwrap_or(walk_ends + HOLD_WITHIN)]
    }

    /// How much of this step has passed, and how long it takes: at a place, the time in which the
    /// phone was heard there.
    #[must_use]
    pub fn progress(&self, now: Mono) -> (Duration, Duration) {
        let [mark_ends, ..] = self.ends();
        match self.step(now) {
            Step::AtTheMark => (self.at_mark.heard_for.min(HOLD_FOR), HOLD_FOR),
            Step::Walking => (now.since(mark_ends), WALK_FOR),
            Step::AtTwoMetres => (self.at_two_metres.heard_for.min(HOLD_FOR), HOLD_FOR),
            Step::Done => (HOLD_FOR, HOLD_FOR),
        }
    }

    /// When the step changes though nothing is heard.
    #[must_use]
    pub fn poll_timeout(&self, now: Mono) -> Option<Mono> {
        let is_over = self.step(now) == Step::Done;
        self.ends().into_iter().find(|&moment| moment > now && !is_over)
    }

    /// What came out; `None` until it is over.
    ///
    /// # Errors
    ///
    /// When the levels do not allow a calibration, with what to do about it.
    #[must_use]
    pub fn outcome(&self, now: Mono) -> Option<Result<Levels, CalibrationError>> {
        (self.step(now) == Step::Done).then(|| self.levels())
    }

    fn levels(&self) -> Result<Levels, CalibrationError> {
        let (mark, away) = (&self.at_mark.levels, &self.at_two_metres.levels);
        let heard = mark.len().min(away.len());
        let too_few = CalibrationError::TooFew { heard };
        let (_, tx_class) = self.phone.ok_or(too_few)?;
        if heard < SIGHTINGS_MIN {
            return Err(too_few);
        }
        let [mark, away] = [mark, away].map(|levels| Quartiles::of(levels).ok_or(too_few));
        let (mark, away) = (mark?, away?);
        let spread_db = mark.spread().max(away.spread());
        if spread_db > SPREAD_MAX_DB {
            return Err(CalibrationError::TooNoisy { spread_db });
        }
        let apart_db = mark.median - away.median;
        if apart_db < APART_MIN_DB {
            return Err(CalibrationError::TooClose { apart_db });
        }
        // Two metres are where bystanders begin, so that is what is held against theirs.
        let shift_db = away.median - bystander_dbm(tx_class) - TWO_METRES_DB;
        if shift_db.abs() > SHIFT_MAX_DB {
            return Err(CalibrationError::TooFar { shift_db });
        }
        Ok(Levels { at_mark: mark.median, at_two_metres: away.median, louder_here_db: shift_db })
    }
}

/// The nearest of the bystanders by whom levels are measured stand at two metres, the farthest at
/// 4.5: with 20 dB a decade one at two metres is so much louder than the one at three.
const TWO_METRES_DB: f32 = 3.5;

struct Quartiles {
    lower: f32,
    median: f32,
    upper: f32,
}

impl Quartiles {
    fn of(levels: &[i8]) -> Option<Self> {
        let mut sorted = levels.to_vec();
        sorted.sort_unstable();
        let at = |quarter: usize| sorted.get(sorted.len() * quarter / 4).map(|&l| f32::from(l));
        Some(Self { lower: at(1)?, median: at(2)?, upper: at(3)? })
    }

    fn spread(&self) -> f32 {
        self.upper - self.lower
    }
}

#[cfg(test)]
mod tests;
