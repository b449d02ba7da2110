//! The few subjects that have most for them, against which each is held.

use crate::domain::moment::Mono;
use crate::domain::policy;
use crate::domain::sighting::Subject;

/// So many are kept: those with less for them count for next to nothing.
const RIVALS: usize = 4;

/// Two subjects of which each is of another network or form, and whose levels differ by no more,
/// may be one phone that speaks twice: with two apps, or as a candidate and with its id.
/// The difference of two means of a few adverts of one phone that sends at one power.
const ONE_PHONE_DB: f32 = 6.0;

/// A subject and what speaks for it.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Rival {
    /// Who.
    pub(super) subject: Subject,
    /// The id it is known to speak under, where that was read from it; else the subject.
    pub(super) voice: Subject,
    /// What speaks for it: its odds against nobody, as a natural logarithm.
    pub(super) score: f32,
    /// [`super::rule::Features::level_db`].
    pub(super) level_db: f32,
    /// When it was last heard.
    pub(super) heard: Mono,
}

impl std::fmt::Debug for Rival {
    /// In tenths: digits without end look like anything, a phone number as well.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rival({:.1}, {:.1} dB)", self.score, self.level_db)
    }
}

impl Rival {
    fn may_be_the_phone_of(&self, other: &Self) -> bool {
        let is_another_voice = match (self.subject, other.subject) {
            (Subject::Id(mine, _), Subject::Id(its, _))
            | (Subject::Candidate(mine, _), Subject::Candidate(its, _)) => mine != its,
            (Subject::Id(..), Subject::Candidate(..))
            | (Subject::Candidate(..), Subject::Id(..)) => true,
        };
        is_another_voice && (self.level_db - other.level_db).abs() <= ONE_PHONE_DB
    }
}

/// One of those with most for them.
#[derive(Clone, Copy, Debug)]
struct Kept {
    rival: Rival,
    /// The exponential of its score.
    weight: f32,
}

/// The rivals of one visit.
#[derive(Debug, Default)]
pub(super) struct Rivals([Option<Kept>; RIVALS]);

impl Rivals {
    /// Keeps this one, as it now is, if it is among those with most for them.
    pub(super) fn note(&mut self, rival: Rival) {
        let keep = |rival: Rival| Some(Kept { rival, weight: rival.score.exp() });
        if let Some(slot) = self.slot_of(&rival.subject) {
            *slot = keep(rival);
            return;
        }
        let score = |slot: &Option<Kept>| match slot {
            Some(Kept { rival: other, .. }) if is_fresh(other, rival.heard) => other.score,
            _ => f32::NEG_INFINITY,
        };
        if let Some(slot) = self.0.iter_mut().min_by(|a, b| score(a).total_cmp(&score(b)))
            && score(slot) < rival.score
        {
            *slot = keep(rival);
        }
    }

    fn slot_of(&mut self, subject: &Subject) -> Option<&mut Option<Kept>> {
        let is_its =
            |slot: &&mut Option<Kept>| slot.is_some_and(|kept| kept.rival.subject == *subject);
        self.0.iter_mut().find(is_its)
    }

    /// A subject that speaks under another id now is nobody's rival.
    pub(super) fn forget(&mut self, subject: &Subject) {
        if let Some(slot) = self.slot_of(subject) {
            *slot = None;
        }
    }

    /// The odds of this one against all others and nobody, as a natural logarithm.
    pub(super) fn odds(&self, rival: &Rival) -> f32 {
        let against: f32 = self
            .0
            .iter()
            .flatten()
            .filter(|Kept { rival: other, .. }| {
                is_fresh(other, rival.heard)
                    && other.subject != rival.subject
                    && other.voice != rival.voice
                    && !other.may_be_the_phone_of(rival)
            })
            .map(|kept| kept.weight)
            .sum();
        rival.score - against.ln_1p()
    }
}

/// Whether it was heard so lately that it still counts.
fn is_fresh(rival: &Rival, now: Mono) -> bool {
    now.since(rival.heard) <= policy::LEVEL_WINDOW
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::advert::Address;
    use crate::domain::network::Network;
    use crate::domain::sighting::ProximityId;

    #[test]
    fn a_phone_is_no_rival_of_itself_once_its_id_was_read() {
        let tells = Subject::Id(Network::Dp3t, ProximityId::EphId([7; 16]));
        let address = Address { bytes: [0x40, 1, 2, 3, 4, 5], random: true };
        let keeps = Subject::Candidate(Network::Dp3t, address);
        let heard = Mono::from_millis(0);
        // As far apart as two phones.
        let rival =
            |subject, voice, level_db| Rival { subject, voice, score: 2.0, level_db, heard };
        let telling = rival(tells, tells, 20.0);
        let mut rivals = Rivals::default();
        rivals.note(rival(keeps, keeps, 5.0));
        assert!(rivals.odds(&telling) < 0.0, "two phones with as much for them");
        rivals.note(rival(keeps, tells, 5.0));
        assert!((rivals.odds(&telling) - 2.0).abs() < f32::EPSILON);
    }
}
