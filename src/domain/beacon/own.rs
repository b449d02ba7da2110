//! The ids that are the kiosk's own, or a sister door's, so that none of them is taken for a
//! visitor.
//!
//! Those of an hour before and after the moment count: the last, the present and the next one
//! always, and a sister door's also when one of the two clocks is wrong by up to an hour. A door
//! whose clock is further off, or whose key nobody has set, is heard as a phone that stays around,
//! which is not the visitor's either.

use std::collections::HashSet;
use std::fmt;

use super::keys::BaseKey;
use super::mark::{self, Mark};
use crate::domain::advert::Advertisement;
use crate::domain::moment::Wall;
use crate::domain::network::{Network, herald};
use crate::domain::sighting::{Evidence, ProximityId};

/// How far from the moment an id may lie.
const AROUND_SECONDS: i64 = 3_600;

/// How long a set of ids is good enough: less than a slot of any network.
const RENEW_SECONDS: u64 = 300;

/// The ids that are nobody's.
#[derive(Clone, Default)]
pub struct OwnIds {
    marks: Marks,
    /// The set before: when the clock is set, what was sent until then may still come in.
    former: Marks,
    /// When the set was made.
    made: Option<Wall>,
}

type Marks = HashSet<Mark, foldhash::fast::RandomState>;

impl fmt::Debug for OwnIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OwnIds({})", self.marks.len())
    }
}

impl OwnIds {
    /// Whether they have grown old, or the clock was set.
    #[must_use]
    pub fn are_old(&self, now: Wall) -> bool {
        self.made.is_none_or(|made| now.seconds_since(made).unsigned_abs() >= RENEW_SECONDS)
    }

    /// Makes them anew from these secrets.
    pub fn renew<'a>(&mut self, keys: impl Iterator<Item = (Network, &'a BaseKey)>, now: Wall) {
        let marks = keys.flat_map(|(network, base)| around(network, base, now)).collect();
        self.former = std::mem::replace(&mut self.marks, marks);
        self.made = Some(now);
    }

    /// Whether what was heard is the kiosk's own, or a sister door's.
    #[must_use]
    pub fn sent(&self, evidence: &Evidence, advert: &Advertisement) -> bool {
        match evidence {
            Evidence::Id { id, .. } => self.has_id(*id),
            Evidence::Candidate { network: Network::Herald, .. } => advert
                .manufacturer_data(herald::COMPANY)
                .and_then(|bytes| bytes.try_into().ok())
                .is_some_and(|address| self.has(&Mark::PseudoAddress(address))),
            Evidence::Candidate { .. } | Evidence::WakeBeacon { .. } => false,
        }
    }

    /// Whether it is the kiosk's own id, or a sister door's.
    #[must_use]
    pub fn has_id(&self, id: ProximityId) -> bool {
        self.has(&Mark::Id(id))
    }

    fn has(&self, mark: &Mark) -> bool {
        self.marks.contains(mark) || self.former.contains(mark)
    }
}

/// The marks around a moment.
fn around(network: Network, base: &BaseKey, now: Wall) -> impl Iterator<Item = Mark> + use<'_> {
    let slot = mark::slot_seconds(network);
    let slots = AROUND_SECONDS / slot;
    (-slots..=slots).filter_map(move |place| {
        let at = Wall(now.0.saturating_add(place * slot));
        mark::at(network, base, at).map(|slot| slot.mark)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::beacon::keys::JOINABLE;
    use crate::domain::beacon::plan;
    use crate::domain::beacon::setup::Setup;
    use crate::domain::network::tests::advert;

    const NOW: Wall = Wall(1_622_548_800);

    fn base(number: u8) -> BaseKey {
        BaseKey::new([number; 32], Wall(NOW.0 - 40 * 86_400))
    }

    fn own() -> OwnIds {
        let mut own = OwnIds::default();
        let keys = JOINABLE.map(|network| (network, base(1)));
        own.renew(keys.iter().map(|(network, key)| (*network, key)), NOW);
        own
    }

    /// Whether what a kiosk with this secret sends at `at` is known.
    fn knows(own: &OwnIds, network: Network, base: &BaseKey, at: i64) -> bool {
        let member = plan::member(network, base, &Setup::default(), Wall(at)).unwrap();
        let advert = advert(member.airing.data.as_bytes());
        let evidence = network.decode(&advert).unwrap().unwrap();
        own.sent(&evidence, &advert)
    }

    #[test]
    fn an_hour_to_both_sides_and_nobody_else() {
        let own = own();
        for network in JOINABLE {
            for seconds in [-3_600, -900, -1, 0, 899, 900, 3_599] {
                assert!(knows(&own, network, &base(1), NOW.0 + seconds), "{network} {seconds}");
            }
            for seconds in [-5_400, 5_400] {
                assert!(!knows(&own, network, &base(1), NOW.0 + seconds), "{network} {seconds}");
            }
            assert!(!knows(&own, network, &base(2), NOW.0), "{network}");
        }
    }

    #[test]
    fn what_was_sent_before_the_clock_was_set_stays_for_a_while() {
        let mut own = own();
        let later = Wall(NOW.0 + 30 * 86_400);
        assert!(!own.are_old(Wall(NOW.0 + 299)) && own.are_old(later) && own.are_old(Wall(0)));
        own.renew([(Network::Gaen, &base(1))].into_iter(), later);
        assert!(knows(&own, Network::Gaen, &base(1), NOW.0));
        assert!(knows(&own, Network::Gaen, &base(1), later.0));
        own.renew([(Network::Gaen, &base(1))].into_iter(), later);
        assert!(!knows(&own, Network::Gaen, &base(1), NOW.0));
    }
}
