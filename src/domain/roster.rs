//! Who is inside, and how the day has gone: a fold of the entries of the book.
//!
//! The roster holds nothing that the book does not say. It is made anew at each start, and after
//! each entry that is on disk it takes that one in.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::badge::Badge;
use super::logbook::{Entry, Event};
use super::moment::{Wall, Zone};
use super::name;
use super::policy;
use super::presence::{Face, Sureness};
use super::visit::{Personal, Visit, VisitId};

/// The fold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Roster {
    zone: Zone,
    inside: BTreeMap<VisitId, Visit>,
    last_visit: VisitId,
    /// The entry taken in last.
    last_seq: u64,
    today: Today,
}

/// The counts of one local day.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Today {
    date: Option<Date>,
    /// Visits begun.
    came: BTreeMap<VisitId, Came>,
    last_badge: u16,
}

/// A visit that was begun, as far as it is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Came {
    /// The date its entry bears.
    date: Date,
    badge: u16,
    /// How surely an app was seen running, if it was.
    running: Option<Sureness>,
    left: bool,
}

/// The day so far, as numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DayCounts {
    /// Visits begun.
    pub came: u32,
    /// Of these, visits ended.
    pub left: u32,
    /// Of these, visits in which the id of an app was heard.
    pub running: u32,
    /// Of these, visits in which an app was likely running, and no more is known.
    pub likely: u32,
}

impl Roster {
    /// An empty house, at the end of a book whose last visit had this number.
    #[must_use]
    pub fn new(zone: Zone, last_visit: VisitId) -> Self {
        Self { zone, inside: BTreeMap::new(), last_visit, last_seq: 0, today: Today::default() }
    }

    /// Takes in one entry. Entries come in the order of the book; one that has been taken in
    /// already, because the book was read anew meanwhile, changes nothing.
    pub fn apply(&mut self, entry: &Entry) {
        if entry.seq <= self.last_seq {
            return;
        }
        self.last_seq = entry.seq;
        let wall = entry.public.wall;
        self.turn_to(wall);
        match entry.public.event {
            Event::CheckIn { facts } => {
                self.last_visit = self.last_visit.max(facts.visit);
                self.today.last_badge = self.today.last_badge.max(facts.badge.number);
                let came = Came {
                    date: wall.civil(self.zone).date(),
                    badge: facts.badge.number,
                    running: running(facts.face),
                    left: false,
                };
                self.today.came.insert(facts.visit, came);
                if self.inside.len() < policy::INSIDE_MAX {
                    let visit = Visit {
                        facts,
                        personal: entry.personal.clone(),
                        entered: wall,
                        entered_trusted: entry.public.wall_trusted,
                        seq: entry.seq,
                    };
                    self.inside.insert(facts.visit, visit);
                }
            }
            Event::Update { facts, .. } | Event::Correction { facts, .. } => {
                // Whoever has shown the app once and signs in again has shown it.
                if let Some(came) = self.today.came.get_mut(&facts.visit) {
                    came.running = came.running.max(running(facts.face));
                }
                if let Some(visit) = self.inside.get_mut(&facts.visit) {
                    visit.facts = facts;
                    visit.personal.clone_from(&entry.personal);
                    visit.seq = entry.seq;
                }
            }
            Event::Verdict { visit, face } => {
                // An id that was heard was heard; what was likely may turn out otherwise.
                if let Some(came) = self.today.came.get_mut(&visit) {
                    let heard = came.running.filter(|sureness| *sureness == Sureness::Confirmed);
                    came.running = heard.max(running(face));
                }
                if let Some(visit) = self.inside.get_mut(&visit) {
                    visit.facts.face = face;
                }
            }
            Event::CheckOut { visit, .. } => {
                let was_inside = self.inside.remove(&visit).is_some();
                if was_inside && let Some(came) = self.today.came.get_mut(&visit) {
                    came.left = true;
                }
            }
            Event::Erased { visit } => {
                if let Some(visit) = self.inside.get_mut(&visit) {
                    visit.personal = None;
                }
            }
            Event::GateOpened { .. }
            | Event::Expired { .. }
            | Event::Forgotten { .. }
            | Event::OverlapOpened { .. }
            | Event::ExposuresExported { .. }
            | Event::HistoryPublished { .. }
            | Event::PinsChosen { .. } => {}
        }
    }

    /// Begins the counts of a new day when `wall` lies in one. A clock that was set back stays in
    /// the day that was begun, so that no badge number is given twice.
    pub fn turn_to(&mut self, wall: Wall) {
        let date = wall.civil(self.zone).date();
        if self.today.date.is_none_or(|today| today < date) {
            self.today = Today { date: Some(date), ..Today::default() };
        }
    }

    /// Gives up a day that was begun by a clock set wrong: one that lies ahead of `wall`, a moment
    /// that somebody vouches for. Of what was counted in it stays what bears the date of today.
    pub fn turn_back(&mut self, wall: Wall) {
        let Some(begun) = self.today.date else { return };
        let midnight = Wall::from_civil(begun.at(0, 0, 0, 0), self.zone);
        if midnight.seconds_since(wall) <= policy::CLOCK_AHEAD_SECONDS {
            return;
        }
        let date = wall.civil(self.zone).date();
        self.today.date = Some(date);
        self.today.came.retain(|_, came| came.date == date);
        self.today.last_badge = self.today.came.values().map(|came| came.badge).max().unwrap_or(0);
    }

    /// Everybody inside from one visit number on, in the order of the numbers.
    pub fn from_visit(&self, first: VisitId) -> impl Iterator<Item = &Visit> {
        self.inside.range(first..).map(|(_, visit)| visit)
    }

    /// Everybody inside, the one who came last first.
    pub fn latest_first(&self) -> impl Iterator<Item = &Visit> {
        self.inside.values().rev()
    }

    /// One visit, if the visitor is inside.
    #[must_use]
    pub fn get(&self, visit: VisitId) -> Option<&Visit> {
        self.inside.get(&visit)
    }

    /// Visits inside.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inside.len()
    }

    /// Whether the house is empty of visitors.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inside.is_empty()
    }

    /// Whether nobody more can be held.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.inside.len() >= policy::INSIDE_MAX
    }

    /// People inside, companions counted.
    #[must_use]
    pub fn people_inside(&self) -> u32 {
        self.inside
            .values()
            .fold(0, |sum, visit| sum.saturating_add(1 + u32::from(visit.facts.companions)))
    }

    /// The day so far.
    #[must_use]
    pub fn day(&self) -> DayCounts {
        let count = |counts: fn(&Came) -> bool| {
            let number = self.today.came.values().filter(|came| counts(came)).count();
            u32::try_from(number).unwrap_or(u32::MAX)
        };
        DayCounts {
            came: count(|_| true),
            left: count(|came| came.left),
            running: count(|came| came.running == Some(Sureness::Confirmed)),
            likely: count(|came| came.running == Some(Sureness::Probable)),
        }
    }

    /// The number of the next visit.
    #[must_use]
    pub fn next_visit(&self) -> VisitId {
        VisitId(self.last_visit.0.saturating_add(1))
    }

    /// The next badge of the day that nobody inside holds.
    #[must_use]
    pub fn next_badge(&self, door: char) -> Badge {
        let mut number = self.today.last_badge;
        loop {
            number = number.checked_add(1).unwrap_or(1);
            let badge = Badge { door, number };
            let taken = self.inside.values().any(|visit| visit.facts.badge == badge);
            // After a whole round every number is held, and one is given twice.
            if !taken || number == self.today.last_badge {
                return badge;
            }
        }
    }

    /// Who inside holds this badge number: the one who came last, should two doors share a book.
    #[must_use]
    pub fn by_badge(&self, number: u16) -> Option<&Visit> {
        self.latest_first().find(|visit| visit.facts.badge.number == number)
    }

    /// Who inside gave this phone number.
    #[must_use]
    pub fn by_phone(&self, phone: &str) -> Option<&Visit> {
        self.latest_first().find(|visit| {
            !phone.is_empty() && visit.personal.as_ref().is_some_and(|p| p.phone == phone)
        })
    }

    /// The open visit of somebody who signs in again: the same phone number and the same name,
    /// but for its marks; or, when neither gave a number, the same name to the tone mark and the
    /// same host. A family that shares a phone stays as many as they are, and two people of one
    /// name who come to different offices stay two.
    #[must_use]
    pub fn same_person(&self, personal: &Personal) -> Option<&Visit> {
        if !personal.phone.is_empty() {
            let folded = name::fold(&personal.name);
            return self.latest_first().find(|visit| {
                visit.personal.as_ref().is_some_and(|inside| {
                    inside.phone == personal.phone && name::fold(&inside.name) == folded
                })
            });
        }
        self.latest_first().find(|visit| {
            visit.personal.as_ref().is_some_and(|inside| {
                inside.phone.is_empty()
                    && inside.host == personal.host
                    && name::same_person_name(&inside.name, &personal.name)
            })
        })
    }
}

const fn running(face: Face) -> Option<Sureness> {
    match face {
        Face::Running(sureness) => Some(sureness),
        Face::Looking | Face::TapHere | Face::NotSeenYet | Face::RadioUnwell => None,
    }
}
