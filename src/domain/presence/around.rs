//! Who is around just now, for whoever looks at the radio, and the phone that is told to belong
//! to the place. Nothing here touches the search for a visitor's phone.

use super::calibration::SiteLevels;
use super::{Presence, nearness};
use crate::domain::airwaves::near_dbm;
use crate::domain::moment::Mono;
use crate::domain::network::Network;
use crate::domain::policy;
use crate::domain::sighting::Subject;

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
            let near = nearness(encounter, now).is_some_and(|nearness| nearness >= 0);
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

    /// The phone that is held to the mark belongs to the place from now on, until it has left:
    /// the nearest by far, and within a hand's breadth. Returns whether there was one.
    pub fn ignore_held_phone(&mut self, now: Mono) -> bool {
        let mut near: Vec<_> = self
            .tracker
            .newest_first()
            .take_while(|(_, encounter)| encounter.silent_for(now) <= policy::LEVEL_WINDOW)
            .filter_map(|(place, encounter)| {
                let (_, sightings) = encounter.level(now)?;
                Some((nearness(encounter, now)?, sightings, place))
            })
            .collect();
        near.sort_unstable_by_key(|&(nearness, ..)| std::cmp::Reverse(nearness));
        let Some(&(nearest, sightings, place)) = near.first() else { return false };
        let alone = near.get(1).is_none_or(|&(next, ..)| nearest - next >= policy::HELD_MARGIN_DB);
        let held = nearest >= super::rule::TOUCHING_DB && sightings >= policy::SIGHTINGS_MIN;
        if let Some(encounter) = self.tracker.get_mut(place).filter(|_| alone && held) {
            encounter.ignored = true;
            return true;
        }
        false
    }

    /// The levels of this site, where somebody has calibrated.
    pub const fn set_levels(&mut self, levels: Option<SiteLevels>) {
        self.levels = levels;
    }

    /// The level from which an Android phone may be at the desk here, in dBm as heard.
    #[must_use]
    pub fn near_dbm(&self) -> i16 {
        near_dbm() - self.levels.map_or(0, |levels| levels.shift_db())
    }
}
