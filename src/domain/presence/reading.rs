//! What a reading says about a candidate. It stays with the encounter, whose levels go on as they
//! are; whom to ask is not decided here.

use super::encounter::Encounter;
use super::{Presence, Sureness};
use crate::domain::advert::Dbm;
use crate::domain::moment::Mono;
use crate::domain::sighting::{ProximityId, Strength, Subject, TxClass};

/// What came of asking a candidate for its id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Read {
    /// Nothing so far.
    NotYet,
    /// It has handed out this id.
    Id(ProximityId),
    /// It has nothing of the network's: what looked like the app is another's.
    OtherApp,
}

impl Encounter {
    /// How sure it is that the network's app runs; `None` when it is known that it does not, or
    /// when too little speaks for it before its id was read.
    #[must_use]
    pub const fn sureness(&self) -> Option<Sureness> {
        match (self.subject, self.read) {
            (Subject::Id(..), _) | (_, Read::Id(_)) => Some(Sureness::Confirmed),
            (Subject::Candidate(..), Read::NotYet) => match self.strength {
                Some(Strength::Trace) => None,
                Some(Strength::Hint | Strength::Named) | None => Some(Sureness::Probable),
            },
            (Subject::Candidate(..), Read::OtherApp) => None,
        }
    }

    /// The id it is known to speak under: its own, or the one that was read from it; else what it
    /// is kept under.
    #[must_use]
    pub const fn voice(&self) -> Subject {
        match (self.subject, self.read) {
            (Subject::Candidate(network, _), Read::Id(id)) => Subject::Id(network, id),
            (subject, _) => subject,
        }
    }
}

impl Presence {
    /// Whether the phone of somebody at the desk is looked for, or was found.
    #[must_use]
    pub const fn is_looking(&self) -> bool {
        self.visit.is_some()
    }

    /// How loud a subject was when it was last heard, and at which class of power it sends.
    #[must_use]
    pub fn last_level(&self, subject: &Subject) -> Option<(Dbm, TxClass)> {
        let encounter = self.tracker.find(subject).and_then(|place| self.tracker.get(place))?;
        Some((encounter.level_at_last()?, encounter.tx_class))
    }

    /// A candidate has handed out its id. Returns whether the face changed.
    pub fn handle_confirmed(&mut self, subject: &Subject, id: ProximityId, now: Mono) -> bool {
        let Some(place) = self.tracker.find(subject) else { return false };
        let Some(encounter) = self.tracker.get_mut(place) else { return false };
        if encounter.read == Read::Id(id) {
            return false;
        }
        encounter.read = Read::Id(id);
        let found = self.visit.as_mut().and_then(|visit| visit.found.as_mut());
        if let Some(found) = found.filter(|found| found.subject == *subject) {
            let before = std::mem::replace(&mut found.sureness, Sureness::Confirmed);
            return before != Sureness::Confirmed;
        }
        self.visit.is_some() && self.judge(place, now)
    }

    /// A candidate was reached and has nothing of the network's. One that named the app may be an
    /// app in a hurry and stays what it was; one that only hinted at it was another app's, and is
    /// not taken for the visitor's any longer. Returns whether the face changed.
    pub fn handle_no_service(&mut self, subject: &Subject) -> bool {
        let Some(place) = self.tracker.find(subject) else { return false };
        let Some(encounter) = self.tracker.get_mut(place) else { return false };
        if encounter.strength == Some(Strength::Named) {
            return false;
        }
        encounter.read = Read::OtherApp;
        let Some(visit) = &mut self.visit else { return false };
        visit.found.take_if(|found| found.subject == *subject).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::advert::Address;
    use crate::domain::network::Network;
    use crate::domain::sighting::Sighting;

    const KEEPS: Subject =
        Subject::Candidate(Network::Dp3t, Address { bytes: [0x40, 1, 2, 3, 4, 5], random: true });

    fn at(ms: u64) -> Mono {
        Mono::from_millis(ms)
    }

    #[test]
    fn only_a_hint_is_proved_wrong() {
        for (strength, left) in [(Strength::Hint, None), (Strength::Named, Some(KEEPS))] {
            let mut presence = Presence::default();
            presence.begin_visit(at(0));
            let (tx_class, rssi) = (TxClass::Low, Dbm(-45));
            let sighting = Sighting { subject: KEEPS, strength: Some(strength), tx_class, rssi };
            for turn in 0..40 {
                presence.handle_sighting(&sighting, at(turn * 100));
            }
            assert_eq!(presence.found(at(4_000)), Some(KEEPS));
            assert_eq!(presence.handle_no_service(&KEEPS), left.is_none());
            presence.handle_sighting(&sighting, at(4_100));
            assert_eq!(presence.found(at(4_100)), left, "{strength:?}");
        }
    }
}
