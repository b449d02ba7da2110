//! How much louder or fainter a site hears phones than the recordings the rule was made from: a
//! phone is held to the mark, then carried two metres away, and two numbers come out. It draws
//! nothing and keeps nothing: the screen asks it what to say, and the site keeps the outcome.

use std::time::Duration;

use super::rule::bystander_dbm;
use crate::domain::moment::Mono;
use crate::domain::sighting::{Sighting, Subject, TxClass};

/// How long a phone is held still at each of the two places. At the slowest advertiser that
/// calibrates, 277 ms with a third lost in a crowd, that is 24 adverts.
pub const HOLD_FOR: Duration = Duration::from_secs(10);

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
    at_mark: Vec<i8>,
    at_two_metres: Vec<i8>,
}

impl Calibration {
    /// The phone is at the mark.
    #[must_use]
    pub fn begin(now: Mono) -> Self {
        Self {
            began: now,
            phone: None,
            loudest: i8::MIN,
            at_mark: Vec::with_capacity(SIGHTINGS_MAX),
            at_two_metres: Vec::with_capacity(SIGHTINGS_MAX),
        }
    }

    /// Something was heard.
    pub fn handle_sighting(&mut self, sighting: &Sighting, now: Mono) {
        let is_the_phone = self.phone.is_some_and(|(subject, _)| subject == sighting.subject);
        match self.step(now) {
            Step::AtTheMark => {
                if !is_the_phone && sighting.rssi.0 > self.loudest {
                    self.phone = Some((sighting.subject, sighting.tx_class));
                    self.at_mark.clear();
                } else if !is_the_phone {
                    return;
                }
                self.loudest = self.loudest.max(sighting.rssi.0);
                keep(&mut self.at_mark, sighting.rssi.0);
            }
            Step::AtTwoMetres if is_the_phone => keep(&mut self.at_two_metres, sighting.rssi.0),
            Step::AtTwoMetres | Step::Walking | Step::Done => {}
        }
    }

    /// Where the one who calibrates should be.
    #[must_use]
    pub fn step(&self, now: Mono) -> Step {
        match now.since(self.began) {
            passed if passed < HOLD_FOR => Step::AtTheMark,
            passed if passed < HOLD_FOR + WALK_FOR => Step::Walking,
            passed if passed < HOLD_FOR + WALK_FOR + HOLD_FOR => Step::AtTwoMetres,
            _ => Step::Done,
        }
    }

    /// When the step changes though nothing is heard.
    #[must_use]
    pub fn poll_timeout(&self, now: Mono) -> Option<Mono> {
        [HOLD_FOR, HOLD_FOR + WALK_FOR, HOLD_FOR + WALK_FOR + HOLD_FOR]
            .into_iter()
            .map(|after| self.began + after)
            .find(|&moment| moment > now)
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
        let heard = self.at_mark.len().min(self.at_two_metres.len());
        let too_few = CalibrationError::TooFew { heard };
        let (_, tx_class) = self.phone.ok_or(too_few)?;
        if heard < SIGHTINGS_MIN {
            return Err(too_few);
        }
        let [mark, away] =
            [&self.at_mark, &self.at_two_metres].map(|levels| Quartiles::of(levels).ok_or(too_few));
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

fn keep(levels: &mut Vec<i8>, level: i8) {
    if levels.len() < SIGHTINGS_MAX {
        levels.push(level);
    }
}

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
mod tests {
    use super::*;
    use crate::domain::advert::Dbm;
    use crate::domain::network::Network;
    use crate::domain::sighting::ProximityId;

    fn sighting(number: u8, rssi: i8) -> Sighting {
        let subject = Subject::Id(Network::Bluezone, ProximityId::Bluezone([number; 12]));
        Sighting { subject, strength: None, tx_class: TxClass::Low, rssi: Dbm(rssi) }
    }

    /// A phone heard every 250 ms at two levels, each moved by what `noise` says, beside another.
    fn calibrated(mark: i8, away: i8, noise: fn(u64) -> i8) -> Result<Levels, CalibrationError> {
        let mut calibration = Calibration::begin(Mono::from_millis(1_000));
        for turn in 0..100 {
            let now = Mono::from_millis(1_000 + turn * 250);
            let level = if turn < 45 { mark } else { away };
            calibration.handle_sighting(&sighting(2, -75), now);
            calibration.handle_sighting(&sighting(1, level + noise(turn)), now);
            assert!(calibration.outcome(now).is_none());
        }
        calibration.outcome(Mono::from_millis(26_000)).unwrap()
    }

    fn little(turn: u64) -> i8 {
        i8::try_from(turn % 5).unwrap() - 2
    }

    #[test]
    fn what_is_as_usual_shifts_nothing() {
        let levels = calibrated(-52, -82, little).unwrap();
        assert_eq!((levels.at_mark, levels.at_two_metres), (-52.0, -82.0));
        assert!(levels.louder_here_db.abs() < 1.0);
    }

    #[test]
    fn a_deaf_antenna_shifts_down() {
        let levels = calibrated(-60, -90, little).unwrap();
        assert!((levels.louder_here_db + 7.5).abs() < 0.1, "{levels:?}");
    }

    #[test]
    fn it_says_why_not() {
        let error = |mark, away, noise| calibrated(mark, away, noise).unwrap_err().to_string();
        assert!(error(-70, -78, little).starts_with("tell the mark from two metres: 8 dB apart"));
        let much = |turn: u64| if turn.is_multiple_of(2) { -8 } else { 8 };
        assert!(error(-45, -80, much).starts_with("get a steady level: it varies by 16 dB"));
        assert!(error(-30, -55, little).starts_with("believe the levels: 28 dB off"));
        let silent = Calibration::begin(Mono::from_millis(0));
        let outcome = silent.outcome(Mono::from_millis(25_000)).unwrap();
        assert_eq!(outcome, Err(CalibrationError::TooFew { heard: 0 }));
    }

    #[test]
    fn it_says_where_to_stand() {
        let calibration = Calibration::begin(Mono::from_millis(0));
        let mut steps = vec![calibration.step(Mono::from_millis(0))];
        let mut now = Mono::from_millis(0);
        while let Some(at) = calibration.poll_timeout(now) {
            now = at;
            steps.push(calibration.step(now));
        }
        assert_eq!(steps, [Step::AtTheMark, Step::Walking, Step::AtTwoMetres, Step::Done]);
    }
}
