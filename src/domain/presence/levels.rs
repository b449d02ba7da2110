//! The levels of a site in whole dB, as they are kept. How they are learned is
//! [`super::calibration`]'s business.

use super::calibration::Levels;
use super::rule::bystander_dbm;
use crate::domain::advert::Dbm;
use crate::domain::sighting::TxClass;

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

impl From<Levels> for SiteLevels {
    fn from(levels: Levels) -> Self {
        Self {
            mark_dbm: whole(levels.at_mark),
            two_metres_dbm: whole(levels.at_two_metres),
            louder_here_db: whole(levels.louder_here_db),
        }
    }
}

/// How loud it would have been heard, had a phone at low power sent it from there, in dBm: so that
/// phones of both classes stand on one scale.
#[must_use]
pub fn low_power_dbm(rssi: Dbm, tx_class: TxClass) -> i16 {
    let louder_db = bystander_dbm(tx_class) - bystander_dbm(TxClass::Low);
    i16::from(rssi.0) - whole(louder_db)
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "levels of a byte; what is beyond is cut"
)]
fn whole(db: f32) -> i16 {
    db.round() as i16
}
