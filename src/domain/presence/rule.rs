//! From the features of one subject to "it is the phone at the desk", or not: one replaceable
//! pure function.
//!
//! Level alone cannot tell the visitor's phone (in hand or pocket at 0.3 to 0.6 m) from those of
//! bystanders (at 2 to 4.5 m). What helps is that it was not there, or was much fainter, a while
//! ago, and that it is the nearest.
//!
//! The thresholds are a first version, chosen on 2,000 scenes made of recorded phones. There, by
//! listening alone, 53 % of the phones at the desk are found within 3 s, and one is found in
//! 1.6 % of the scenes in which nobody at the desk has the app; 2 s after the tap was asked for,
//! 89 % and 1.2 %. `docs/performance.md` has the table and what it does not show;
//! `benches/scenes.rs` measures it again.

use crate::domain::advert::Dbm;
use crate::domain::policy;
use crate::domain::sighting::TxClass;

/// What is known of one subject when the rule is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Features {
    /// The class of its levels: as an Android phone at low power; or as an iPhone, which sends 15
    /// to 25 dB louder.
    pub platform: Platform,
    /// Median level of the last two seconds.
    pub level: Dbm,
    /// Adverts in those two seconds.
    pub sightings: u32,
    /// Level now less the level in the half minute before the touch; `None` when it was not
    /// heard then: it is new.
    pub rise_db: Option<i16>,
    /// Nearness now ([`Platform::nearness_db`]) less that of the nearest other subject that does
    /// not belong to the place; `None` when there is no other.
    pub margin_db: Option<i16>,
    /// Whether it belongs to the place: a guard, a till, an earlier visitor.
    pub resident: bool,
    /// Whether the tap has been asked for.
    pub tap_asked: bool,
}

/// Which class of levels a subject is measured by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Platform {
    /// As an Android phone that sends at low power.
    Android,
    /// As an iPhone, or any phone at full power.
    Iphone,
}

impl Platform {
    /// The platform whose levels are those of this class.
    #[must_use]
    pub const fn of(tx_class: TxClass) -> Self {
        match tx_class {
            TxClass::Low => Self::Android,
            TxClass::Full => Self::Iphone,
        }
    }

    /// How near a phone heard at `level` seems, in dB above the level from which it may be at the
    /// desk: on this scale phones of both platforms can be compared.
    #[must_use]
    pub const fn nearness_db(self, level: Dbm) -> i16 {
        #[expect(clippy::as_conversions, reason = "widens; From is not const")]
        let above = level.0 as i16 - NEAR.0 as i16;
        match self {
            Self::Android => above,
            Self::Iphone => above - IPHONE_LOUDER_DB,
        }
    }
}

/// From this level on an Android phone may be at the desk: 14 dB above the median of bystanders.
/// 2 dB less finds a tenth more phones and twice as many wrong ones; 2 dB more misses an eighth.
const NEAR: Dbm = Dbm(-72);

/// An iPhone at the same place is this much louder, because no app can lower its power.
const IPHONE_LOUDER_DB: i16 = 20;

/// This much above [`NEAR`] a phone is within a hand's breadth of the mark, and may have been
/// near it all the time.
const TOUCHING_DB: i16 = 16;

/// A subject that was there before must have become this much louder by stepping up. 8 dB finds
/// 2 % of the phones at the desk more, and two thirds more wrong ones.
const RISE_STEP_DB: i16 = 13;

/// Once the tap has been asked for, whoever holds the phone up is heard much better, and the
/// longer the search, the more passers-by could be taken for the visitor: so much above [`NEAR`],
/// and so much louder than before.
const HELD_UP_DB: i16 = 4;
const RISE_HELD_UP_DB: i16 = 16;

/// One that belongs to the place must have become this much louder: it is held to the mark.
const RISE_RESIDENT_DB: i16 = 18;

/// The visitor's phone is this much nearer than anybody else's. 10 dB would lose a quarter of the
/// phones found, 6 dB a twentieth, and neither spares many wrong ones.
const MARGIN_DB: i16 = 2;

/// Whether this subject is the phone of the visitor at the desk.
#[must_use]
pub fn is_at_the_desk(features: &Features) -> bool {
    if features.sightings < policy::SIGHTINGS_MIN {
        return false;
    }
    let rise = features.rise_db.unwrap_or(i16::MAX);
    let nearness = features.platform.nearness_db(features.level);
    if features.resident {
        return features.tap_asked
            && nearness >= TOUCHING_DB
            && features.rise_db.is_some_and(|rise| rise >= RISE_RESIDENT_DB);
    }
    let alone = features.margin_db.is_none_or(|margin| margin >= MARGIN_DB);
    let near = if features.tap_asked {
        nearness >= TOUCHING_DB || (nearness >= HELD_UP_DB && rise >= RISE_HELD_UP_DB)
    } else {
        nearness >= 0 && rise >= RISE_STEP_DB
    };
    alone && near
}

#[cfg(test)]
mod tests {
    use super::*;

    const VISITOR: Features = Features {
        platform: Platform::Android,
        level: Dbm(-66),
        sightings: 5,
        rise_db: None,
        margin_db: None,
        resident: false,
        tap_asked: false,
    };

    #[test]
    fn cases() {
        let cases = [
            ("a new loud phone alone", VISITOR, true),
            ("heard twice only", Features { sightings: 2, ..VISITOR }, false),
            ("far away", Features { level: Dbm(-80), ..VISITOR }, false),
            ("stepped up", Features { rise_db: Some(14), ..VISITOR }, true),
            ("stood there all the time", Features { rise_db: Some(1), ..VISITOR }, false),
            ("somebody else as loud", Features { margin_db: Some(1), ..VISITOR }, false),
            ("the guard's", Features { resident: true, ..VISITOR }, false),
            (
                "an iPhone as faint as an Android phone",
                Features { platform: Platform::Iphone, ..VISITOR },
                false,
            ),
            (
                "steps up later than the tap was asked for",
                Features { rise_db: Some(14), tap_asked: true, ..VISITOR },
                false,
            ),
            ("held up", Features { rise_db: Some(16), tap_asked: true, ..VISITOR }, true),
            (
                "stood there, held to the mark",
                Features { rise_db: Some(4), tap_asked: true, level: Dbm(-50), ..VISITOR },
                true,
            ),
            (
                "the guard's, held to the mark",
                Features {
                    resident: true,
                    rise_db: Some(25),
                    tap_asked: true,
                    level: Dbm(-45),
                    ..VISITOR
                },
                true,
            ),
        ];
        for (name, features, expected) in cases {
            assert_eq!(is_at_the_desk(&features), expected, "{name}");
        }
    }
}
