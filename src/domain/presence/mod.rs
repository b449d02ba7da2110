//! Who is at the desk now, as far as the radio can tell.
//!
//! Sightings become encounters ([`tracker`]); an id that has rotated is joined to the one before
//! it, in memory and for seconds only, so that a guard's phone is not a new arrival every
//! quarter of an hour; the [`rule`] says what speaks for each subject, and the subjects are held
//! against each other; the result is the [`Face`] of the bar. Nothing here is ever stored.

mod around;
pub mod calibration;
pub mod encounter;
mod face;
mod found;
mod hand_over;
mod levels;
mod looking;
mod reading;
mod rivals;
pub mod rule;
mod seconds;
pub mod tracker;
mod weights;

pub use around::{Around, NetworkCount};
pub use face::{Face, Sureness};
pub use levels::{SiteLevels, low_power_dbm};
pub use looking::Judged;
pub use reading::Read;
pub use seconds::Before;

use self::encounter::Encounter;
use self::found::Found;
use self::looking::{Looking, Weighed};
use self::rivals::{Rival, Rivals};
use self::rule::{Features, Rule, bystander_dbm};
use self::tracker::{Place, Tracker};
use super::moment::Mono;
use super::policy;
use super::sighting::{Sighting, Subject};

/// The encounters nearby, and the visitor the bar is about.
#[derive(Debug, Default)]
pub struct Presence {
    tracker: Tracker,
    visit: Option<Looking>,
    /// When the visitor came who has gone back or away without being written in.
    gone_back: Option<Mono>,
    levels: Option<SiteLevels>,
    /// Since when the radio hears, if it was not all the while.
    hears_since: Option<Mono>,
    rule: Rule,
}

impl Presence {
    /// Nobody was heard yet, and this rule decides.
    #[must_use]
    pub fn with_rule(rule: Rule) -> Self {
        Self { rule, ..Self::default() }
    }

    /// A visitor touched the screen. What was heard before is used; a visit that has not been
    /// ended is abandoned.
    pub fn begin_visit(&mut self, now: Mono) {
        self.abandon_visit();
        let came = self.gone_back.take();
        let came = came.filter(|&came| now.since(came) <= policy::BEGINS_AGAIN_WITHIN);
        self.visit = Some(Looking {
            since: now,
            came: came.unwrap_or(now),
            written: false,
            found: None,
            rivals: Rivals::default(),
            judged: None,
        });
        if came.is_none() {
            // Now, because the search may outlast what an encounter remembers.
            for encounter in self.tracker.all_mut() {
                encounter.before = encounter.before(now);
            }
        }
        let recent: Vec<Place> = self
            .tracker
            .newest_first()
            .take_while(|(_, encounter)| encounter.silent_for(now) <= policy::LEVEL_WINDOW)
            .map(|(place, _)| place)
            .collect();
        // Twice, so that the first is held against the others as well.
        for &place in &recent {
            self.weigh(place, now);
        }
        for place in recent {
            self.judge(place, now);
        }
    }

    /// The radio hears again after it did not. It is looked for anew: nobody is "not seen yet" for a
    /// time in which nothing could be heard.
    pub fn handle_hearing_again(&mut self, now: Mono) {
        self.hears_since = Some(now);
        if let Some(visit) = &mut self.visit {
            visit.since = now;
        }
    }

    /// The visitor has been written down, and may go any moment.
    pub const fn handle_written(&mut self) {
        if let Some(visit) = &mut self.visit {
            visit.written = true;
        }
    }

    /// The visitor has been written down and gone, or the next one is here: the phone that counts
    /// as theirs is nobody else's while it stays.
    pub fn end_visit(&mut self, now: Mono) {
        self.gone_back = None;
        let found = self.visit.take().and_then(|visit| visit.found);
        if let Some(Found { subject, .. }) = found.filter(|found| found.counts(now))
            && let Some(encounter) =
                self.tracker.find(&subject).and_then(|place| self.tracker.get_mut(place))
        {
            encounter.served = true;
        }
    }

    /// The visitor has gone without being written in, or begins anew. Nothing is learned of it, so
    /// that the phone in their hand is still theirs when they do.
    pub fn abandon_visit(&mut self) {
        if let Some(visit) = self.visit.take() {
            self.gone_back = Some(visit.came);
        }
    }

    /// Something was heard. Returns whether the face may have changed.
    pub fn handle_sighting(&mut self, sighting: &Sighting, now: Mono) -> bool {
        let place = self.tracker.hear(sighting, now);
        self.take_back(place);
        let third = u32::from(policy::SIGHTINGS_MIN);
        if self.tracker.get(place).is_some_and(|encounter| encounter.sightings == third) {
            self.hand_over(place);
        }
        self.visit.is_some() && self.judge(place, now)
    }

    /// The face of the bar; [`Face::Looking`] while nobody is at the desk.
    #[must_use]
    pub fn face(&self, now: Mono) -> Face {
        let Some(visit) = &self.visit else { return Face::Looking };
        if let Some(found) = visit.found.filter(|found| found.counts(now)) {
            return Face::Running(found.sureness);
        }
        match now.since(visit.since) {
            looked if looked < policy::PASSIVE_FOR => Face::Looking,
            looked if looked < policy::NOT_SEEN_AFTER => Face::TapHere,
            _ => Face::NotSeenYet,
        }
    }

    /// The subject taken for the visitor's phone. Its network may be shown; the rest is for
    /// measurements, never for a screen or a log.
    #[must_use]
    pub fn found(&self, now: Mono) -> Option<Subject> {
        let found = self.visit.as_ref()?.found.filter(|found| found.counts(now))?;
        Some(found.subject)
    }

    /// When the face changes though nothing is heard.
    #[must_use]
    pub fn poll_timeout(&self, now: Mono) -> Option<Mono> {
        let visit = self.visit.as_ref()?;
        if visit.found.is_some_and(|found| found.counts(now)) {
            return None;
        }
        [policy::PASSIVE_FOR, policy::NOT_SEEN_AFTER]
            .into_iter()
            .map(|after| visit.since + after)
            .chain(visit.found.map(|found| found.counts_from))
            .filter(|&moment| moment > now)
            .min()
    }

    /// Encounters tracked now, and how many had to make room so far.
    #[must_use]
    pub fn load(&self) -> (usize, u64) {
        (self.tracker.len(), self.tracker.crowded_out())
    }

    /// What was judged last in this visit.
    #[must_use]
    pub fn judged(&self) -> Option<Judged> {
        let visit = self.visit.as_ref()?;
        let Weighed { features, rival } = visit.judged?;
        let odds = visit.rivals.odds(&rival) - self.rule.haste(rival.heard.since(visit.since));
        Some(Judged { subject: rival.subject, features, odds })
    }

    /// The features of one subject at this moment; `None` when it is silent.
    fn features(&self, visit: &Looking, place: Place, now: Mono) -> Option<Features> {
        let encounter = self.tracker.get(place)?;
        let (window, least) = if self.rule.is_tap_asked(now.since(visit.since)) {
            let back = now.since_start().saturating_sub(policy::HELD_FOR);
            (Mono::from_start(back), policy::SIGHTINGS_MIN)
        } else {
            let before = policy::STANDS_BEFORE_TOUCH;
            (Mono::from_start(visit.since.since_start().saturating_sub(before)), 1)
        };
        let (level, sightings) = encounter.mean_since(window, least, now)?;
        let (weakest, lately) = encounter.weakest_of_three();
        let louder_here_db = self.levels.map_or(0.0, |levels| f32::from(levels.louder_here_db));
        let bystander_dbm = louder_here_db + bystander_dbm(encounter.tx_class);
        Some(Features {
            level_db: level - bystander_dbm,
            rise_db: encounter.before.waiting.map(|before| level - before),
            over_loudest_db: encounter.before.loudest.map(|before| level - before),
            sightings,
            weakest_db: f32::from(weakest.0) - bystander_dbm,
            lately,
            tx_class: encounter.tx_class,
            resident: encounter.is_resident(visit.since),
            before_is_known: self
                .hears_since
                .is_none_or(|since| visit.came.since(since) >= policy::BEFORE_WINDOW),
        })
    }

    /// Works out what speaks for one subject, and keeps it for the others to be held against.
    /// `None` when it is silent, or cannot be the visitor's.
    fn weigh(&mut self, place: Place, now: Mono) -> Option<Weighed> {
        let visit = self.visit.as_ref()?;
        let features = self.features(visit, place, now)?;
        let looked = now.since(visit.since);
        if !self.rule.may_be_the_visitors(&features, looked) {
            return None;
        }
        let encounter = self.tracker.get(place)?;
        // What is known to be another app's is nobody's rival.
        encounter.sureness()?;
        let (subject, voice) = (encounter.subject, encounter.voice());
        let score = self.rule.card(looked).score(&features);
        let rival = Rival { subject, voice, score, level_db: features.level_db, heard: now };
        self.visit.as_mut()?.rivals.note(rival);
        Some(Weighed { features, rival })
    }

    /// Asks the rule about one subject. Returns whether the face changed.
    fn judge(&mut self, place: Place, now: Mono) -> bool {
        let Some(Weighed { features, rival }) = self.weigh(place, now) else { return false };
        let sureness = self.tracker.get(place).and_then(Encounter::sureness);
        let (Some(visit), Some(sureness)) = (&mut self.visit, sureness) else { return false };
        visit.judged = Some(Weighed { features, rival });
        let looked = now.since(visit.since);
        let haste = self.rule.haste(looked);
        let may_be_the_nexts = visit.written && !self.rule.is_at_the_mark(&features);
        let counts_from = if may_be_the_nexts { now + policy::NEXT_TOUCHES_WITHIN } else { now };
        let found = Found { subject: rival.subject, sureness, counts_from };
        // Others only take away from what speaks for it, so most need not be held against them.
        let is_new = visit.found.is_none_or(|so_far| found.is_better_than(&so_far, now))
            && self.rule.accepts(&features, rival.score - haste, looked)
            && self.rule.accepts(&features, visit.rivals.odds(&rival) - haste, looked);
        if is_new {
            visit.found = Some(found);
        }
        is_new && !may_be_the_nexts
    }
}
