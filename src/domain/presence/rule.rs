//! From the features of one subject to how likely it is the phone at the desk: one replaceable
//! pure function. It knows nothing of other subjects, and does not choose the words on the bar.
//!
//! Level alone cannot tell the visitor's phone (in hand or pocket at 0.3 to 0.6 m) from those of
//! bystanders (at 2 to 4.5 m). What helps is that it has become louder by stepping up, lately,
//! and was never as loud before; and at the mark, that it is loud each time. Five curves say how
//! much each of these counts, and how many adverts they rest on; their sum is held against the
//! other subjects' sums, and against that of nobody, which is 0.
//!
//! The numbers stand in `weights.rs` and are fitted by `examples/refit/`; what they are
//! worth stands in `docs/performance.md`, and why it is done so in ADR 0007 and 0013.

use std::time::Duration;

use crate::domain::policy;
use crate::domain::sighting::TxClass;

/// What is known of one subject when the rule is asked. Levels are means over a window that the
/// stage of the search sets.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Features {
    /// How much louder than a bystander's phone that sends at the same power, in dB.
    pub level_db: f32,
    /// How much louder than in the half minute before the touch, in dB; `None` when it was not
    /// heard then.
    pub rise_db: Option<f32>,
    /// How much louder than in the loudest two seconds of that time, in dB; `None` when it was not
    /// heard then.
    pub over_loudest_db: Option<f32>,
    /// Adverts behind the level.
    pub sightings: u8,
    /// How much louder than a bystander's the weakest of its last three adverts was, in dB: a
    /// phone that is held is loud three times, an echo once or twice.
    pub weakest_db: f32,
    /// How many those are: fewer than three while it was heard less often in the last
    /// [`policy::LAST_THREE_WITHIN`].
    pub lately: u8,
    /// At which power it sends.
    pub tx_class: TxClass,
    /// Whether it belongs to the place: a guard, a till, an earlier visitor.
    pub resident: bool,
    /// Whether the radio has heard through the half minute before the touch, so that not to have
    /// been heard then says something.
    pub before_is_known: bool,
}

/// The median level in dBm of bystanders' phones that send at this power, 2 to 4.5 m away: of
/// 1,500 scenes made of recorded phones, those of Android as low and those of iPhones as full.
#[must_use]
pub const fn bystander_dbm(tx_class: TxClass) -> f32 {
    match tx_class {
        TxClass::Low => -86.0,
        TxClass::Full => -69.5,
    }
}

/// Points of a function that is linear between them and constant outside, in rising order.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Curve(pub [(f32, f32); 6]);

impl Curve {
    /// Its value at `x`.
    #[must_use]
    pub fn at(&self, x: f32) -> f32 {
        let pieces = self.0.iter().zip(self.0.iter().skip(1));
        for (&(from, low), &(to, high)) in pieces {
            if x < to {
                return low + (high - low) * ((x - from) / (to - from)).max(0.0);
            }
        }
        self.end()
    }

    /// Its value at the last point, for a subject that comes out of silence.
    const fn end(&self) -> f32 {
        let [.., (_, value)] = self.0;
        value
    }
}

/// What counts how much in one stage of the search, in natural logarithms of odds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Scorecard {
    /// What every subject begins with.
    pub base: f32,
    /// Over [`Features::level_db`].
    pub level: Curve,
    /// Over [`Features::rise_db`].
    pub rise: Curve,
    /// Over [`Features::over_loudest_db`].
    pub over_loudest: Curve,
    /// Over [`Features::sightings`]: a mean of many is to be trusted more.
    pub sightings: Curve,
    /// Over [`Features::weakest_db`], where it counts.
    pub weakest: Option<Curve>,
    /// By how much more a visitor's phone at full power is louder than its bystanders' than one
    /// at low power is, in dB. It is taken off its levels, so that both stand on one curve.
    pub full_power_db: f32,
    /// Added when it was not heard in the half minute before the touch: perhaps it came from
    /// afar, and perhaps it only has a new id.
    pub new: f32,
    /// From these odds on, against all others and nobody, it is taken for the visitor's.
    pub threshold: f32,
}

impl Scorecard {
    /// The sum for one subject.
    #[must_use]
    pub fn score(&self, features: &Features) -> f32 {
        let rise = match features.rise_db {
            Some(rise) => self.rise.at(rise),
            None => self.rise.end() + self.new,
        };
        let over_loudest = match features.over_loudest_db {
            Some(over) => self.over_loudest.at(over),
            None => self.over_loudest.end(),
        };
        let sightings = self.sightings.at(f32::from(features.sightings));
        let more_db = self.more_db(features.tx_class);
        let level = self.level.at(features.level_db - more_db);
        let weakest = match &self.weakest {
            Some(curve) => curve.at(features.weakest_db - more_db),
            None => 0.0,
        };
        self.base + level + rise + over_loudest + sightings + weakest
    }

    /// What is taken off the levels of a phone that sends at this power, in dB.
    const fn more_db(&self, tx_class: TxClass) -> f32 {
        match tx_class {
            TxClass::Low => 0.0,
            TxClass::Full => self.full_power_db,
        }
    }
}

/// The rule of both stages.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rule {
    /// While only listening.
    pub listening: Scorecard,
    /// Once the tap has been asked for.
    pub tap: Scorecard,
    /// What each second that is left of listening takes off the odds, and each that is left of
    /// [`policy::LIFTED_AFTER`] once the tap is asked for: whoever is taken early is surer than
    /// whoever is taken later, since every look is another chance to be wrong.
    pub haste: f32,
    /// How long the first stage lasts. [`policy::PASSIVE_FOR`], except for measurements.
    pub listens_for: Duration,
}

impl Default for Rule {
    fn default() -> Self {
        super::weights::SHIPPED
    }
}

/// The weakest of the last three adverts is this much louder than a bystander's where a phone is held
/// to the mark: in the scenes that of four of five phones that are, and of one of a hundred that only
/// stand at the desk.
const AT_THE_MARK_DB: f32 = 28.0;

/// One that belongs to the place must have become this much louder: it is held to the mark.
const RISE_RESIDENT_DB: f32 = 18.0;

impl Rule {
    /// The scorecard for so long after the touch.
    #[must_use]
    pub fn card(&self, looked: Duration) -> &Scorecard {
        if self.is_tap_asked(looked) { &self.tap } else { &self.listening }
    }

    /// Whether the tap has been asked for so long after the touch.
    #[must_use]
    pub fn is_tap_asked(&self, looked: Duration) -> bool {
        looked >= self.listens_for
    }

    /// Whether this subject may be the visitor's at all: what belongs to the place is only when
    /// it is held to the mark.
    #[must_use]
    pub fn may_be_the_visitors(&self, features: &Features, looked: Duration) -> bool {
        !features.resident
            || (self.is_tap_asked(looked)
                && features.rise_db.is_some_and(|rise| rise >= RISE_RESIDENT_DB))
    }

    /// Whether a phone is held to the mark, and does not only stand at the desk.
    #[must_use]
    pub fn is_at_the_mark(&self, features: &Features) -> bool {
        features.lately >= policy::SIGHTINGS_MIN
            && features.weakest_db - self.tap.more_db(features.tx_class) >= AT_THE_MARK_DB
    }

    /// What is taken off the odds for deciding so soon after the touch.
    #[must_use]
    pub fn haste(&self, looked: Duration) -> f32 {
        let until = if self.is_tap_asked(looked) {
            self.listens_for + policy::LIFTED_AFTER
        } else {
            policy::PASSIVE_FOR
        };
        self.haste * until.saturating_sub(looked).as_secs_f32()
    }

    /// Whether it was heard often enough to be the visitor's: while listening within the window of
    /// its level, and at the mark lately, as a phone in the background sends once a second.
    #[must_use]
    pub fn is_heard_enough(&self, features: &Features, looked: Duration) -> bool {
        let heard = if self.is_tap_asked(looked) { features.lately } else { features.sightings };
        heard >= policy::SIGHTINGS_MIN
    }

    /// Whether a subject with these features and these odds is the phone of the visitor. Where the
    /// radio has only begun to hear, everybody comes out of silence; then only a phone that is held
    /// to the mark is.
    #[must_use]
    pub fn accepts(&self, features: &Features, odds: f32, looked: Duration) -> bool {
        let says_something = features.before_is_known || features.rise_db.is_some();
        let held = || self.is_tap_asked(looked) && self.is_at_the_mark(features);
        self.is_heard_enough(features, looked)
            && odds >= self.card(looked).threshold
            && (says_something || held())
    }
}
