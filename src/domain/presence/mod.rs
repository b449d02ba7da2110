//! Who is at the desk now, as far as the radio can tell.
//!
//! Sightings become encounters ([`tracker`]); an id that has rotated is joined to the one before
//! it, in memory and for seconds only, so that a guard's phone is not a new arrival every
//! quarter of an hour; the [`rule`] says of each subject whether it is the visitor's; the result
//! is the [`Face`] of the bar. Nothing here is ever stored.

pub mod encounter;
mod face;
mod hand_over;
pub mod rule;
pub mod tracker;

pub use face::{Face, Sureness};

use std::time::Duration;

use self::encounter::Encounter;
use self::rule::{Features, Platform, is_at_the_desk};
use self::tracker::{Place, Tracker};
use super::advert::Dbm;
use super::moment::Mono;
use super::policy;
use super::sighting::{Sighting, Subject};

/// The subjects among which the margin is taken: the nearest few suffice.
const RIVALS: usize = 4;

/// The encounters nearby, and the visitor the bar is about.
#[derive(Debug, Default)]
pub struct Presence {
    tracker: Tracker,
    visit: Option<Looking>,
}

/// The search for the phone of one visitor.
#[derive(Debug)]
struct Looking {
    since: Mono,
    found: Option<(Subject, Sureness)>,
    /// The nearest subjects that do not belong to the place, in no order.
    rivals: [Option<Place>; RIVALS],
}

impl Presence {
    /// A visitor touched the screen. What was heard before is used; a visit that has not been
    /// ended is abandoned.
    pub fn begin_visit(&mut self, now: Mono) {
        self.visit = Some(Looking { since: now, found: None, rivals: [None; RIVALS] });
        // Now, because the search may outlast what an encounter remembers.
        for encounter in self.tracker.all_mut() {
            encounter.level_before = level_before(encounter, now);
        }
        let recent: Vec<Place> = self
            .tracker
            .newest_first()
            .take_while(|(_, encounter)| encounter.silent_for(now) <= policy::LEVEL_WINDOW)
            .map(|(place, _)| place)
            .collect();
        // First all become rivals of each other, then each is judged.
        for &place in &recent {
            self.note_rival(place, now);
        }
        for place in recent {
            self.judge(place, now);
        }
    }

    /// The visitor has been written down and gone, or the next one is here: the phone taken for
    /// theirs is nobody else's, and whatever stayed through the visit belongs a little more to
    /// the place.
    pub fn end_visit(&mut self, now: Mono) {
        let Some(visit) = self.visit.take() else { return };
        let stayed: Vec<Place> = self
            .tracker
            .newest_first()
            .take_while(|(_, encounter)| encounter.silent_for(now) <= policy::BEFORE_WINDOW)
            .filter(|(_, encounter)| encounter.first_heard < visit.since)
            .map(|(place, _)| place)
            .collect();
        for place in stayed {
            if let Some(encounter) = self.tracker.get_mut(place) {
                encounter.visits_stayed = encounter.visits_stayed.saturating_add(1);
            }
        }
        if let Some((subject, _)) = visit.found
            && let Some(encounter) =
                self.tracker.find(&subject).and_then(|place| self.tracker.get_mut(place))
        {
            encounter.served = true;
        }
    }

    /// The visitor has gone without being written in, or begins anew. Nothing is learned of it, so
    /// that the phone in their hand is still theirs when they do.
    pub fn abandon_visit(&mut self) {
        self.visit = None;
    }

    /// Something was heard. Returns whether the face may have changed.
    pub fn handle_sighting(&mut self, sighting: &Sighting, now: Mono) -> bool {
        let place = self.tracker.hear(sighting, now);
        self.take_back(place);
        if self.tracker.get(place).is_some_and(|e| e.sightings == policy::SIGHTINGS_MIN) {
            self.hand_over(place, now);
        }
        if self.visit.is_none() {
            return false;
        }
        self.note_rival(place, now);
        self.judge(place, now)
    }

    /// The face of the bar; [`Face::Looking`] while nobody is at the desk.
    #[must_use]
    pub fn face(&self, now: Mono) -> Face {
        let Some(visit) = &self.visit else { return Face::Looking };
        if let Some((_, sureness)) = visit.found {
            return Face::Running(sureness);
        }
        match now.since(visit.since) {
            looked if looked < policy::PASSIVE_FOR => Face::Looking,
            looked if looked < policy::NOT_SEEN_AFTER => Face::TapHere,
            _ => Face::NotSeenYet,
        }
    }

    /// The subject taken for the visitor's phone: for measurements, never for a screen or a log.
    #[must_use]
    pub fn found(&self) -> Option<Subject> {
        self.visit.as_ref()?.found.map(|(subject, _)| subject)
    }

    /// When the face changes though nothing is heard.
    #[must_use]
    pub fn poll_timeout(&self, now: Mono) -> Option<Mono> {
        let visit = self.visit.as_ref().filter(|visit| visit.found.is_none())?;
        [policy::PASSIVE_FOR, policy::NOT_SEEN_AFTER]
            .into_iter()
            .map(|after| visit.since + after)
            .find(|&moment| moment > now)
    }

    /// Encounters tracked now, and how many had to make room so far.
    #[must_use]
    pub fn load(&self) -> (usize, u64) {
        (self.tracker.len(), self.tracker.crowded_out())
    }

    /// The features of one subject at this moment; `None` when it is silent.
    fn features(&self, place: Place, now: Mono) -> Option<Features> {
        let visit = self.visit.as_ref()?;
        let encounter = self.tracker.get(place)?;
        let (level, sightings) = encounter.level(now)?;
        let platform = Platform::of(encounter.tx_class);
        Some(Features {
            platform,
            level,
            sightings,
            rise_db: encounter.level_before.map(|before| i16::from(level.0) - i16::from(before.0)),
            margin_db: self
                .rivals(visit, now)
                .filter(|&(rival, _)| rival != place)
                .map(|(_, rival_nearness)| platform.nearness_db(level) - rival_nearness)
                .min(),
            resident: encounter.is_resident(visit.since),
            tap_asked: now.since(visit.since) >= policy::PASSIVE_FOR,
        })
    }

    /// The rivals that are still loud, with their nearness in dB.
    fn rivals<'a>(
        &'a self,
        visit: &'a Looking,
        now: Mono,
    ) -> impl Iterator<Item = (Place, i16)> + 'a {
        visit.rivals.iter().flatten().filter_map(move |&place| {
            let encounter = self.tracker.get(place)?;
            if encounter.is_resident(visit.since) {
                return None;
            }
            nearness(encounter, now).map(|nearness| (place, nearness))
        })
    }

    /// Keeps the nearest subjects that do not belong to the place.
    fn note_rival(&mut self, place: Place, now: Mono) {
        let Some(visit) = &self.visit else { return };
        let Some(encounter) = self.tracker.get(place) else { return };
        if visit.rivals.contains(&Some(place)) || encounter.is_resident(visit.since) {
            return;
        }
        let Some(nearness_of_this) = nearness(encounter, now) else { return };
        // The farthest of those kept; one that is silent by now is farther than any.
        let nearness_in = |slot: usize| {
            let rival = visit.rivals.get(slot).copied().flatten()?;
            nearness(self.tracker.get(rival)?, now)
        };
        let farthest = (0..RIVALS)
            .map(|slot| (nearness_in(slot), slot))
            .min()
            .filter(|&(farthest, _)| farthest < Some(nearness_of_this));
        if let (Some((_, slot)), Some(visit)) = (farthest, &mut self.visit)
            && let Some(rival) = visit.rivals.get_mut(slot)
        {
            *rival = Some(place);
        }
    }

    /// Asks the rule about one subject. Returns whether the face changed.
    fn judge(&mut self, place: Place, now: Mono) -> bool {
        let Some(encounter) = self.tracker.get(place) else { return false };
        let sureness = match encounter.subject {
            Subject::Id(..) => Sureness::Confirmed,
            Subject::Candidate(..) => Sureness::Probable,
        };
        let subject = encounter.subject;
        let found = self.visit.as_ref().and_then(|visit| visit.found);
        if found.is_some_and(|(_, so_far)| so_far >= sureness)
            || !self.features(place, now).is_some_and(|features| is_at_the_desk(&features))
        {
            return false;
        }
        if let Some(visit) = &mut self.visit {
            visit.found = Some((subject, sureness));
        }
        true
    }
}

/// How near a subject is, as far as its level tells; `None` when it is silent.
fn nearness(encounter: &Encounter, now: Mono) -> Option<i16> {
    let (level, _) = encounter.level(now)?;
    Some(Platform::of(encounter.tx_class).nearness_db(level))
}

/// The level in the window before the touch, the approach left out.
fn level_before(encounter: &Encounter, touched: Mono) -> Option<Dbm> {
    let back = |by: Duration| Mono::from_start(touched.since_start().saturating_sub(by));
    encounter.mean_between(back(policy::BEFORE_WINDOW), back(policy::APPROACH))
}
