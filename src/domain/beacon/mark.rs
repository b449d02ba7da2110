//! What the kiosk is called in a network at a moment: the id it broadcasts, or what Herald has in
//! the place of an address.

use std::fmt;

use super::keys::{BaseKey, DAY_SECONDS, bluezone_day_key, dp3t_day_key, expand, gaen_day_key};
use crate::domain::moment::Wall;
use crate::domain::network::bluezone::SlotsPerDay;
use crate::domain::network::herald::PSEUDO_ADDRESS_BYTES;
use crate::domain::network::{Network, bluezone, dp3t, gaen};
use crate::domain::sighting::ProximityId;

/// What tells the kiosk from another sender.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// A rotating id, as a phone's.
    Id(ProximityId),
    /// Six bytes that stand in for an address. A venue of Herald has no id.
    PseudoAddress([u8; PSEUDO_ADDRESS_BYTES]),
}

impl fmt::Debug for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Id(_) => "Id(…)",
            Self::PseudoAddress(_) => "PseudoAddress(…)",
        })
    }
}

/// A mark and the time in which it is on the air.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slot {
    /// The mark.
    pub mark: Mark,
    /// The first second.
    pub begin: Wall,
    /// The second after the last.
    pub end: Wall,
}

/// Seconds a mark lasts: Exposure Notification's interval, and a quarter of an hour elsewhere.
/// (A phone with Herald keeps its pseudo address for as long as its stack keeps an address.)
#[must_use]
pub const fn slot_seconds(network: Network) -> i64 {
    if matches!(network, Network::Gaen) { gaen::INTERVAL_SECONDS } else { QUARTER_SECONDS }
}

const QUARTER_SECONDS: i64 = 900;

/// The mark in a network at a moment; `None` before the secret begins, and where the network cannot
/// be joined.
#[must_use]
pub fn at(network: Network, base: &BaseKey, at: Wall) -> Option<Slot> {
    let seconds = slot_seconds(network);
    let number = at.0.div_euclid(seconds);
    let day = Wall(at.0.div_euclid(DAY_SECONDS).checked_mul(DAY_SECONDS)?);
    let mark = match network {
        Network::Bluezone => {
            let key = bluezone_day_key(base, at)?;
            Mark::Id(bluezone::derive(&key, day, at, SlotsPerDay::DEFAULT).ok()?.id)
        }
        Network::Gaen => Mark::Id(gaen::derive(&gaen_day_key(base, at)?, day, at).ok()?.id),
        Network::Dp3t => Mark::Id(ephid(&dp3t_day_key(base, at)?, at)?),
        Network::Herald => {
            // As the others, it says nothing before the secret begins.
            gaen_day_key(base, at)?;
            Mark::PseudoAddress(base.expand(b"kiosk Herald pseudo address", number))
        }
        Network::Robert | Network::Token | Network::Sonar | Network::BlueTrace => return None,
    };
    let begin = number.checked_mul(seconds)?;
    Some(Slot { mark, begin: Wall(begin), end: Wall(begin.checked_add(seconds)?) })
}

/// DP-3T's id at a moment of the key's day. An app draws the order of a day's ids at random; here
/// it follows from the key of the day, so that it is the same after a restart. Who has the key
/// could work the order out; of a thing that stands still that tells nothing.
fn ephid(day_key: &[u8; 32], at: Wall) -> Option<ProximityId> {
    let draws: [u8; dp3t::EPHIDS_PER_DAY * 8] =
        expand(day_key, &[b"kiosk order of the DP-3T ids of a day"]);
    let mut order: Vec<([u8; 8], [u8; dp3t::EPHID_BYTES])> =
        draws.as_chunks().0.iter().copied().zip(dp3t::ephids(day_key)).collect();
    order.sort_unstable();
    let slot = usize::try_from(at.0.rem_euclid(DAY_SECONDS) / QUARTER_SECONDS).ok()?;
    order.get(slot).map(|&(_, id)| ProximityId::EphId(id))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::network::tests::bytes;

    const BEGINS: Wall = Wall(1_622_505_600);

    fn base() -> BaseKey {
        BaseKey::new(std::array::from_fn(|place| u8::try_from(place).unwrap()), BEGINS)
    }

    fn id_at(network: Network, second: i64) -> Vec<u8> {
        match at(network, &base(), Wall(BEGINS.0 + second)).unwrap().mark {
            Mark::Id(id) => id.as_bytes().to_vec(),
            Mark::PseudoAddress(address) => address.to_vec(),
        }
    }

    #[test]
    fn bluezone_as_the_app_would_with_the_same_secret() {
        assert_eq!(id_at(Network::Bluezone, 0), bytes("130CEA6472130C185D8643DF"));
        assert_eq!(id_at(Network::Bluezone, 86_399), bytes("0AE9AB99C50104E835045ABF"));
        assert_eq!(id_at(Network::Bluezone, 86_400), bytes("970E23C0E19DE93F8CC4057B"));
        assert_eq!(id_at(Network::Bluezone, 1_209_600), bytes("B4AF7EECC709EE0D6152CE62"));
        let slot = at(Network::Bluezone, &base(), Wall(BEGINS.0 + 1_000)).unwrap();
        assert_eq!((slot.begin, slot.end), (Wall(BEGINS.0 + 900), Wall(BEGINS.0 + 1_800)));
    }

    #[test]
    fn exposure_notification_from_the_key_of_the_day() {
        let key = gaen_day_key(&base(), BEGINS).unwrap();
        let expected = gaen::derive(&key, BEGINS, Wall(BEGINS.0 + 4_321)).unwrap();
        let slot = at(Network::Gaen, &base(), Wall(BEGINS.0 + 4_321)).unwrap();
        assert_eq!(slot.mark, Mark::Id(expected.id));
        assert_eq!((slot.begin, slot.end), (expected.begin, expected.end));
    }

    #[test]
    fn dp3t_has_every_id_of_a_day_once_and_not_in_their_order() {
        let day = |day: i64| -> Vec<Vec<u8>> {
            (0..96).map(|slot| id_at(Network::Dp3t, day * 86_400 + slot * 900)).collect()
        };
        for number in 0..2 {
            let key = dp3t_day_key(&base(), Wall(BEGINS.0 + number * 86_400)).unwrap();
            let made: Vec<Vec<u8>> = dp3t::ephids(&key).iter().map(|id| id.to_vec()).collect();
            let sent = day(number);
            assert_ne!(sent, made);
            assert_eq!(sent.iter().collect::<BTreeSet<_>>(), made.iter().collect::<BTreeSet<_>>());
        }
        assert_eq!(id_at(Network::Dp3t, 900), id_at(Network::Dp3t, 1_799));
    }

    #[test]
    fn a_pseudo_address_lasts_a_quarter_of_an_hour() {
        assert_eq!(id_at(Network::Herald, 0), id_at(Network::Herald, 899));
        assert_ne!(id_at(Network::Herald, 899), id_at(Network::Herald, 900));
    }

    #[test]
    fn nothing_before_the_secret_begins_or_where_there_is_no_joining() {
        for network in Network::ALL {
            assert_eq!(at(network, &base(), Wall(BEGINS.0 - 1)), None, "{network}");
            assert_eq!(at(network, &base(), Wall(i64::MAX)), None, "{network}");
        }
        assert_eq!(at(Network::Robert, &base(), BEGINS), None);
    }
}
