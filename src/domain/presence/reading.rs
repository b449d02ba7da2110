//! What a reading says about a candidate. It stays with the encounter, whose levels go on as they
//! are; whom to ask is not decided here.

use super::encounter::Encounter;
use super::tracker::Place;
use super::{Presence, Sureness};
use crate::domain::moment::Mono;
use crate::domain::sighting::{ProximityId, Strength, Subject};

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
    /// How sure it is that the network's app runs; `None` when it is known that it does not.
    #[must_use]
    pub const fn sureness(&self) -> Option<Sureness> {
        match (self.subject, self.read) {
            (Subject::Id(..), _) | (_, Read::Id(_)) => Some(Sureness::Confirmed),
            (Subject::Candidate(..), Read::NotYet) => Some(Sureness::Probable),
            (Subject::Candidate(..), Read::OtherApp) => None,
        }
    }
}

impl Presence {
    /// Whether the phone of somebody at the desk is looked for, or was found.
    #[must_use]
    pub const fn is_looking(&self) -> bool {
        self.visit.is_some()
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
        if let Some((_, sureness)) = found.filter(|(found, _)| found == subject) {
            return std::mem::replace(sureness, Sureness::Confirmed) != Sureness::Confirmed;
        }
        self.visit.is_some() && self.judge(place, now)
    }

    /// A candidate was reached and has nothing of the network's. One that named the app may be an
    /// app in a hurry and stays what it was; one that only hinted at it was another app's, and is
    /// not taken for the visitor's any longer. Returns whether the face changed.
    pub fn handle_no_service(&mut self, subject: &Subject) -> bool {
        let Some(place) = self.tracker.find(subject) else { return false };
        let Some(encounter) = self.tracker.get_mut(place) else { return false };
        if encounter.strength != Some(Strength::Hint) {
            return false;
        }
        encounter.read = Read::OtherApp;
        let Some(visit) = &mut self.visit else { return false };
        visit.found.take_if(|(found, _)| found == subject).is_some()
    }

    /// Whether two encounters are one phone's: the same, or one under the id that was read from
    /// the other.
    pub(super) fn is_one_phone(&self, one: Place, other: Place) -> bool {
        let (Some(first), Some(second)) = (self.tracker.get(one), self.tracker.get(other)) else {
            return one == other;
        };
        let has_told = |a: &Encounter, b: &Encounter| match (a.read, b.subject) {
            (Read::Id(read), Subject::Id(network, id)) => {
                read == id && network == a.subject.network()
            }
            _ => false,
        };
        one == other || has_told(first, second) || has_told(second, first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::advert::{Address, Dbm};
    use crate::domain::network::Network;
    use crate::domain::presence::Face;
    use crate::domain::sighting::{Sighting, TxClass};

    const ID: ProximityId = ProximityId::EphId([7; 16]);
    const KEEPS: Subject =
        Subject::Candidate(Network::Dp3t, Address { bytes: [0x40, 1, 2, 3, 4, 5], random: true });
    const TELLS: Subject = Subject::Id(Network::Dp3t, ID);

    fn at(ms: u64) -> Mono {
        Mono::from_millis(ms)
    }

    /// Both subjects are heard as loud as each other, by turns; somebody touches after 200 ms.
    fn heard(confirmed: bool) -> Presence {
        let mut presence = Presence::default();
        for turn in 0..10 {
            if turn == 2 {
                presence.begin_visit(at(200));
            }
            let subject = if turn % 2 == 0 { KEEPS } else { TELLS };
            let strength = (subject == KEEPS).then_some(Strength::Hint);
            let (tx_class, rssi) = (TxClass::Low, Dbm(-60));
            let sighting = Sighting { subject, strength, tx_class, rssi };
            presence.handle_sighting(&sighting, at(turn * 100));
            if confirmed && turn == 0 {
                presence.handle_confirmed(&KEEPS, ID, at(0));
            }
        }
        presence
    }

    #[test]
    fn a_phone_is_no_rival_of_itself() {
        assert_eq!(heard(false).face(at(1_000)), Face::Looking, "two phones as near");
        assert_eq!(heard(true).face(at(1_000)), Face::Running(Sureness::Confirmed));
    }

    #[test]
    fn only_a_hint_is_proved_wrong() {
        for (strength, left) in [(Strength::Hint, None), (Strength::Named, Some(KEEPS))] {
            let mut presence = Presence::default();
            presence.begin_visit(at(0));
            let (tx_class, rssi) = (TxClass::Low, Dbm(-60));
            let sighting = Sighting { subject: KEEPS, strength: Some(strength), tx_class, rssi };
            for turn in 0..5 {
                presence.handle_sighting(&sighting, at(turn * 100));
            }
            assert_eq!(presence.found(), Some(KEEPS));
            assert_eq!(presence.handle_no_service(&KEEPS), left.is_none());
            presence.handle_sighting(&sighting, at(600));
            assert_eq!(presence.found(), left, "{strength:?}");
        }
    }
}
