//! Who is around just now, for whoever looks at the radio, and the phone that is told to belong
//! to the place. Nothing here touches the search for a visitor's phone.

use super::encounter::Encounter;
use super::tracker::Place;
use super::{Presence, SiteLevels, low_power_dbm};
use crate::domain::advert::Dbm;
use crate::domain::moment::Mono;
use crate::domain::network::Network;
use crate::domain::policy;
use crate::domain::sighting::{Subject, TxClass};

/// How many phones are around.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Around {
    /// Phones heard in the last [`policy::AROUND_WITHIN`]: of each, its newest id only, as far as
    /// ids could be joined.
    pub phones: u32,
    /// Phones that are loud enough now to be at the desk, and do not belong to the place.
    pub at_the_desk: u32,
    /// The same phones by network.
    pub networks: Vec<NetworkCount>,
}

/// Phones of one network.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NetworkCount {
    /// Which network.
    pub network: Network,
    /// Those that broadcast an id in the open.
    pub ids: u32,
    /// Those that keep it back, but have the network's form.
    pub candidates: u32,
}

impl Presence {
    /// Who is around, counted for each of `networks`.
    #[must_use]
    pub fn around(&self, networks: &[Network], now: Mono) -> Around {
        let count = |&network| NetworkCount { network, ids: 0, candidates: 0 };
        let mut around =
            Around { phones: 0, at_the_desk: 0, networks: networks.iter().map(count).collect() };
        let heard = self
            .tracker
            .newest_first()
            .map(|(_, encounter)| encounter)
            .take_while(|encounter| encounter.silent_for(now) <= policy::AROUND_WITHIN)
            .filter(|encounter| encounter.handed_to.is_none() && encounter.sureness().is_some());
        for encounter in heard {
            around.phones += 1;
            let near = level(encounter, now).is_some_and(|dbm| dbm >= self.near_dbm());
            around.at_the_desk += u32::from(near && !encounter.is_resident(now));
            let (of, is_id) = match encounter.subject {
                Subject::Id(network, _) => (network, true),
                Subject::Candidate(network, _) => (network, false),
            };
            for count in around.networks.iter_mut().filter(|count| count.network == of) {
                count.ids += u32::from(is_id);
                count.candidates += u32::from(!is_id);
            }
        }
        around
    }

    /// Where the subject heard last is tracked.
    #[must_use]
    pub fn newest(&self) -> Option<Place> {
        self.tracker.newest()
    }

    /// The phone that is held to the mark belongs to the place from now on, until it has left:
    /// the nearest by far, and within a hand's breadth. Returns whether there was one.
    pub fn ignore_held_phone(&mut self, now: Mono) -> bool {
        let heard = || {
            let recent = self.tracker.newest_first();
            let recent =
                recent.take_while(|(_, heard)| heard.silent_for(now) <= policy::LEVEL_WINDOW);
            recent.filter_map(|(place, heard)| Some((level(heard, now)?, heard.sightings, place)))
        };
        let Some((nearest, sightings, held)) = heard().max_by_key(|&(dbm, ..)| dbm) else {
            return false;
        };
        let is_alone = heard().all(|(dbm, _, place)| {
            place == held || nearest.saturating_sub(dbm) >= policy::HELD_MARGIN_DB
        });
        let is_held = nearest >= self.near_dbm() + HELD_ABOVE_NEAR_DB
            && sightings >= policy::SIGHTINGS_MIN.into();
        match self.tracker.get_mut(held).filter(|_| is_alone && is_held) {
            Some(encounter) => encounter.ignored = true,
            None => return false,
        }
        true
    }

    /// The levels of this site, where somebody has calibrated.
    pub const fn set_levels(&mut self, levels: Option<SiteLevels>) {
        self.levels = levels;
    }

    /// The level from which a phone at low power may be at the desk here, in dBm.
    #[must_use]
    pub fn near_dbm(&self) -> i16 {
        NEAR_DBM + self.levels.map_or(0, |levels| levels.louder_here_db)
    }

    /// The level in dBm at which half of the phones at low power are heard here that are 2 to 4.5 m
    /// away: one that is louder is likelier a step or two away.
    #[must_use]
    pub fn steps_away_dbm(&self) -> i16 {
        low_power_dbm(Dbm(STEPS_AWAY_DBM), TxClass::Low)
            + self.levels.map_or(0, |levels| levels.louder_here_db)
    }
}

/// A phone at low power that is heard at this level may be at the desk, where nobody has
/// calibrated: 14 dB above the median of bystanders' on recorded phones.
const NEAR_DBM: i16 = -72;

/// [`super::rule::bystander_dbm`] of a phone at low power, in whole dBm.
const STEPS_AWAY_DBM: i8 = -86;

/// And at so much more it is within a hand's breadth of the mark.
const HELD_ABOVE_NEAR_DB: i16 = 16;

/// How loud it is, in dBm as [`low_power_dbm`] counts; `None` when it is silent.
fn level(encounter: &Encounter, now: Mono) -> Option<i16> {
    let is_fresh = encounter.silent_for(now) <= policy::LEVEL_WINDOW;
    let level = encounter.level_at_last().filter(|_| is_fresh)?;
    Some(low_power_dbm(level, encounter.tx_class))
}
