//! Which new id took the place of which old one: in memory and for seconds only.
//!
//! It goes by network, silence and level, so it can be wrong; what it joined in error is parted
//! when the old id is heard again.

use std::time::Duration;

use super::Presence;
use super::tracker::Place;
use crate::domain::network::Network;
use crate::domain::policy;
use crate::domain::sighting::Subject;

impl Presence {
    /// Joins a new id to the one it has taken the place of: the one in level nearest to it among
    /// those that fell silent just before.
    pub(super) fn hand_over(&mut self, place: Place) {
        let Some(successor) = self.tracker.get(place) else { return };
        let Some(level) = successor.level_at_last() else { return };
        let (network, gap) = rotation(&successor.subject);
        let began = successor.first_heard;
        let predecessor = self
            .tracker
            .newest_first()
            .take_while(|(_, old)| began.since(old.last_heard) <= gap)
            .filter(|&(other, old)| {
                other != place
                    && old.handed_to.is_none()
                    && old.last_heard <= began
                    && old.first_heard < began
                    && rotation(&old.subject).0 == network
                    && old.strength == successor.strength
            })
            .filter_map(|(other, old)| {
                let old_level = old.level_at_last()?;
                let apart = (i16::from(old_level.0) - i16::from(level.0)).abs();
                (apart <= policy::HAND_OVER_LEVEL_DB).then_some((apart, other, old))
            })
            .min_by_key(|&(apart, ..)| apart)
            .map(|(_, other, old)| (other, *old));
        let (Some((other, old)), Some(successor)) = (predecessor, self.tracker.get_mut(place))
        else {
            return;
        };
        successor.inherit(&old);
        if let Some(old) = self.tracker.get_mut(other) {
            old.handed_to = Some(place);
        }
        if let Some(visit) = &mut self.visit {
            visit.rivals.forget(&old.subject);
        }
    }

    /// An id that is heard again has not been replaced by another: what that one has inherited
    /// is taken back. In a crowd there is always a phone that falls silent for its 15 s just when
    /// somebody else's comes near.
    pub(super) fn take_back(&mut self, place: Place) {
        let Some(old) = self.tracker.get_mut(place) else { return };
        let (subject, Some(successor)) = (old.subject, old.handed_to.take()) else { return };
        let touched = self.visit.as_ref().map(|visit| visit.came);
        if let Some(successor) = self.tracker.get_mut(successor) {
            successor.disinherit(&subject, touched);
        }
    }
}

/// Within which network an id rotates, and the longest silence while it does.
fn rotation(subject: &Subject) -> (Network, Duration) {
    match *subject {
        Subject::Id(Network::Bluezone, _) => (Network::Bluezone, policy::HAND_OVER_WITHIN_BLUEZONE),
        Subject::Id(network, _) | Subject::Candidate(network, _) => {
            (network, policy::HAND_OVER_WITHIN)
        }
    }
}
