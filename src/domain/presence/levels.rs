//! The levels of a site in whole dB, as they are kept. How they are learned is
//! [`super::calibration`]'s business.

use super::calibration::Levels;
use crate::domain::advert::Dbm;

/// What was learned of a site.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteLevels {
    /// How loud the phone was at the mark, in dBm.
    pub mark_dbm: i16,
    /// How loud it was two metres away, in dBm.
    pub two_metres_dbm: i16,
    /// By how much phones are heard louder here than where the rule was made, in dB.
    pub louder_here_db: i16,
}

impl SiteLevels {
    /// A level heard here as it would have been heard where the rule was made.
    #[must_use]
    pub fn corrected(self, level: Dbm) -> Dbm {
        let corrected = i16::from(level.0).saturating_sub(self.louder_here_db);
        Dbm(i8::try_from(corrected).unwrap_or(if corrected < 0 { i8::MIN } else { i8::MAX }))
    }
}

impl From<Levels> for SiteLevels {
    fn from(levels: Levels) -> Self {
        Self {
            mark_dbm: whole(levels.at_mark),
            two_metres_dbm: whole(levels.at_two_metres),
            louder_here_db: whole(levels.louder_here_db),
        }
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "levels of a byte; what is beyond is cut"
)]
fn whole(db: f32) -> i16 {
    db.round() as i16
}
