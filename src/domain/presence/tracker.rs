//! The encounters of the last minutes, bounded, found by subject in constant time, and kept in
//! the order in which they were last heard.
//!
//! Room for [`policy::TRACKED_MAX`] is taken once; after that no sighting allocates. When it is
//! full, the encounter heard longest ago makes room.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::encounter::Encounter;
use crate::domain::moment::Mono;
use crate::domain::policy;
use crate::domain::sighting::{Sighting, Subject};

/// Where an encounter stands in the tracker. It stays good while the encounter is tracked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place(usize);

impl Place {
    /// Its number, below [`policy::TRACKED_MAX`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0
    }
}

/// The tracked encounters.
#[derive(Debug)]
pub struct Tracker {
    encounters: Vec<Encounter>,
    /// The neighbours of each in the order of hearing: apart, because each advert changes those of
    /// four, and one of an encounter is large.
    links: Vec<Link>,
    places: HashMap<Subject, usize, RandomState>,
    /// The place heard last, and the one heard longest ago.
    newest: Option<usize>,
    oldest: Option<usize>,
    crowded_out: u64,
}

#[derive(Clone, Copy, Default, Debug)]
struct Link {
    newer: Option<usize>,
    older: Option<usize>,
}

impl Default for Tracker {
    fn default() -> Self {
        Self {
            encounters: Vec::with_capacity(policy::TRACKED_MAX),
            links: Vec::with_capacity(policy::TRACKED_MAX),
            // Room for twice as many: a table that is more than half full of what is there and of
            // what was removed grows, instead of being tidied where it stands.
            places: HashMap::with_capacity_and_hasher(
                2 * policy::TRACKED_MAX + 2,
                RandomState::default(),
            ),
            newest: None,
            oldest: None,
            crowded_out: 0,
        }
    }
}

impl Tracker {
    /// Takes in a sighting and says where its encounter stands.
    pub fn hear(&mut self, sighting: &Sighting, now: Mono) -> Place {
        if let Some(&place) = self.places.get(&sighting.subject) {
            if let Some(encounter) = self.encounters.get_mut(place) {
                if encounter.silent_for(now) > policy::GONE_AFTER {
                    *encounter = Encounter::new(sighting, now);
                } else {
                    encounter.hear(sighting, now);
                }
            }
            if self.newest != Some(place) {
                self.unlink(place);
                self.link_newest(place);
            }
            return Place(place);
        }
        let place = self.admit(sighting, now);
        self.places.insert(sighting.subject, place);
        self.link_newest(place);
        Place(place)
    }

    /// The encounter at a place.
    #[must_use]
    pub fn get(&self, place: Place) -> Option<&Encounter> {
        self.encounters.get(place.0)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, place: Place) -> Option<&mut Encounter> {
        self.encounters.get_mut(place.0)
    }

    /// The encounters in no order, to be changed.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Encounter> {
        self.encounters.iter_mut()
    }

    /// Where a subject stands, if it is tracked.
    #[must_use]
    pub fn find(&self, subject: &Subject) -> Option<Place> {
        self.places.get(subject).copied().map(Place)
    }

    /// The encounters, the one heard last first.
    pub fn newest_first(&self) -> impl Iterator<Item = (Place, &Encounter)> {
        let mut next = self.newest;
        std::iter::from_fn(move || {
            let place = next?;
            next = self.links.get(place)?.older;
            Some((Place(place), self.encounters.get(place)?))
        })
    }

    /// Where the one heard last stands.
    #[must_use]
    pub fn newest(&self) -> Option<Place> {
        self.newest.map(Place)
    }

    /// How many are tracked.
    #[must_use]
    pub fn len(&self) -> usize {
        self.encounters.len()
    }

    /// Whether none is tracked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.encounters.is_empty()
    }

    /// How many encounters had to make room for others so far.
    #[must_use]
    pub const fn crowded_out(&self) -> u64 {
        self.crowded_out
    }

    /// A place for a new encounter: a new one while there is room, else the oldest one's.
    fn admit(&mut self, sighting: &Sighting, now: Mono) -> usize {
        let encounter = Encounter::new(sighting, now);
        if self.encounters.len() < policy::TRACKED_MAX {
            self.encounters.push(encounter);
            self.links.push(Link::default());
            return self.encounters.len() - 1;
        }
        let place = self.oldest.unwrap_or(0);
        self.unlink(place);
        if let Some(oldest) = self.encounters.get_mut(place) {
            if oldest.silent_for(now) <= policy::GONE_AFTER {
                self.crowded_out += 1;
            }
            self.places.remove(&oldest.subject);
            *oldest = encounter;
        }
        place
    }

    fn link_newest(&mut self, place: usize) {
        let former = self.newest.replace(place);
        if let Some(link) = self.links.get_mut(place) {
            link.newer = None;
            link.older = former;
        }
        match former.and_then(|former| self.links.get_mut(former)) {
            Some(link) => link.newer = Some(place),
            None => self.oldest = Some(place),
        }
    }

    fn unlink(&mut self, place: usize) {
        let Some(link) = self.links.get_mut(place) else { return };
        let (newer, older) = (link.newer.take(), link.older.take());
        match newer.and_then(|newer| self.links.get_mut(newer)) {
            Some(link) => link.older = older,
            None => self.newest = older,
        }
        match older.and_then(|older| self.links.get_mut(older)) {
            Some(link) => link.newer = newer,
            None => self.oldest = newer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::advert::Dbm;
    use crate::domain::network::Network;
    use crate::domain::sighting::{ProximityId, TxClass};

    fn sighting(number: u32) -> Sighting {
        let mut id = [0; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        Sighting {
            subject: Subject::Id(Network::Gaen, ProximityId::Rpi(id)),
            strength: None,
            tx_class: TxClass::Low,
            rssi: Dbm(-70),
        }
    }

    #[test]
    fn the_one_heard_longest_ago_makes_room() {
        let mut tracker = Tracker::default();
        let max = u32::try_from(policy::TRACKED_MAX).unwrap();
        for number in 0..max {
            tracker.hear(&sighting(number), Mono::from_millis(u64::from(number)));
        }
        // Number 0 is heard again, so number 1 is now the one heard longest ago.
        tracker.hear(&sighting(0), Mono::from_millis(5_000));
        tracker.hear(&sighting(max), Mono::from_millis(5_001));
        assert_eq!(tracker.len(), policy::TRACKED_MAX);
        assert_eq!(tracker.crowded_out(), 1);
        assert!(tracker.find(&sighting(0).subject).is_some());
        assert!(tracker.find(&sighting(1).subject).is_none());
        let order: Vec<_> = tracker.newest_first().map(|(_, e)| e.subject).take(2).collect();
        assert_eq!(order, [sighting(max).subject, sighting(0).subject]);
        assert_eq!(tracker.newest_first().count(), policy::TRACKED_MAX);
    }

    #[test]
    fn after_a_long_silence_it_is_a_new_encounter() {
        let mut tracker = Tracker::default();
        tracker.hear(&sighting(1), Mono::from_millis(0));
        let place = tracker.hear(&sighting(1), Mono::from_millis(500_000));
        assert_eq!(tracker.get(place).unwrap().sightings, 1);
        assert_eq!(tracker.get(place).unwrap().first_heard, Mono::from_millis(500_000));
    }
}
