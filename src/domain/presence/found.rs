//! The phone taken for the visitor's, and from when on it counts.
//!
//! Once a visitor is written in, the next in line may step up and read the screen before touching
//! it. A phone that is found only then counts for the one before when that time is over and nobody
//! has touched; whoever holds it to the mark need not wait.

use super::face::Sureness;
use crate::domain::moment::Mono;
use crate::domain::sighting::Subject;

/// The phone taken for the visitor's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Found {
    pub(super) subject: Subject,
    pub(super) sureness: Sureness,
    /// From when on it counts; until then it may be that of the next in line.
    pub(super) counts_from: Mono,
}

impl Found {
    /// Whether it counts by now.
    pub(super) fn counts(&self, now: Mono) -> bool {
        self.counts_from <= now
    }

    /// Whether this says more than what was found before. What counts already makes no room for
    /// what does not yet.
    pub(super) fn is_better_than(&self, before: &Self, now: Mono) -> bool {
        let sooner = self.counts_from < before.counts_from && !before.counts(now);
        let surer = self.sureness > before.sureness;
        let is_the_same = self.subject == before.subject && self.sureness == before.sureness;
        (surer && (self.counts(now) || !before.counts(now))) || (is_the_same && sooner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::network::Network;
    use crate::domain::sighting::ProximityId;

    fn at(ms: u64) -> Mono {
        Mono::from_millis(ms)
    }

    #[test]
    fn what_counts_makes_room_for_what_is_surer_and_counts() {
        let found = |id, sureness, counts_from_ms| Found {
            subject: Subject::Id(Network::Dp3t, ProximityId::EphId([id; 16])),
            sureness,
            counts_from: at(counts_from_ms),
        };
        let (probable, confirmed) = (Sureness::Probable, Sureness::Confirmed);
        let now = at(1_000);
        let stands = found(1, probable, 500);
        assert!(found(2, confirmed, 1_000).is_better_than(&stands, now));
        assert!(!found(2, confirmed, 7_000).is_better_than(&stands, now));
        assert!(!found(2, probable, 1_000).is_better_than(&stands, now));
        let waits = found(1, confirmed, 5_000);
        assert!(found(1, confirmed, 1_000).is_better_than(&waits, now), "held to the mark");
        assert!(!found(1, confirmed, 7_000).is_better_than(&waits, now));
        assert!(!found(2, confirmed, 7_000).is_better_than(&waits, now));
    }
}
