//! Counts what is heard, second by second. It knows nothing of the radio's health. Pure.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use serde::Serialize;

use crate::domain::advert::{Advertisement, Dbm};
use crate::domain::moment::Mono;
use crate::domain::network::{self, Network};
use crate::domain::policy::TRACKED_MAX;
use crate::domain::sighting::{Sighting, Subject};

/// A phone counts as there for so long after it was heard: one of Bluezone's cycles of 15 s on
/// and 15 s off.
const THERE_FOR: Duration = Duration::from_secs(30);

/// A level for adverts that came without: such a phone counts, and is never the loudest.
const UNHEARD: Dbm = Dbm(i8::MIN);

/// What was heard in one second.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(super) struct Glance {
    /// Since the beginning.
    pub(super) seconds: u64,
    /// Of these, seconds of a capture's silence that nobody waited for.
    pub(super) skipped_seconds: u64,
    /// Adverts of every kind, those of no network too.
    pub(super) adverts_per_second: u64,
    /// The same since the beginning.
    pub(super) adverts: u64,
    /// Phones of all networks that are there, counted up to [`TRACKED_MAX`].
    pub(super) phones: usize,
    /// Adverts since the beginning that break off or hold half of a network's form.
    pub(super) damaged: u64,
    /// Adverts since the beginning whose level was stated as 0 dBm, which no phone has: an adapter
    /// that does not measure says so.
    pub(super) zero_levels: u64,
    /// The networks heard since the beginning.
    pub(super) networks: BTreeMap<Network, Heard>,
}

/// What was heard of one network.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub(super) struct Heard {
    /// Ids, and phones that keep theirs, that are there.
    pub(super) phones: usize,
    /// Adverts.
    pub(super) adverts_per_second: u64,
    /// The same since the beginning.
    pub(super) adverts: u64,
    /// The loudest in the second.
    pub(super) loudest_dbm: Option<Dbm>,
    /// Whole seconds since it was last heard.
    pub(super) silent_seconds: u64,
}

/// The counts of a second that has not ended.
#[derive(Debug)]
pub(super) struct Tally {
    enabled: Vec<Network>,
    began: Mono,
    second_began: Mono,
    skipped: Duration,
    /// Adverts in the second, and before it.
    adverts: u64,
    adverts_before: u64,
    damaged: u64,
    networks: BTreeMap<Network, Count>,
    there: HashMap<Subject, Mono>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    adverts: u64,
    adverts_before: u64,
    loudest: Option<Dbm>,
    last: Mono,
}

impl Tally {
    pub(super) fn new(enabled: &[Network], now: Mono) -> Self {
        Self {
            enabled: enabled.to_vec(),
            began: now,
            second_began: now,
            skipped: Duration::ZERO,
            adverts: 0,
            adverts_before: 0,
            damaged: 0,
            networks: BTreeMap::new(),
            there: HashMap::new(),
        }
    }

    pub(super) fn hear(&mut self, advert: &Advertisement, at: Mono) {
        self.adverts += 1;
        let is_damaged = advert.structures().any(|structure| structure.is_err())
            || self.enabled.iter().any(|network| network.decode(advert).is_err());
        self.damaged += u64::from(is_damaged);
        let Some(evidence) = network::decode(advert, &self.enabled) else { return };
        let count = self.networks.entry(evidence.network()).or_default();
        count.adverts += 1;
        count.loudest = count.loudest.max(advert.rssi);
        count.last = at;
        let rssi = advert.rssi.unwrap_or(UNHEARD);
        if let Some(Sighting { subject, .. }) = Sighting::new(evidence, advert.address, rssi)
            && (self.there.len() < TRACKED_MAX || self.there.contains_key(&subject))
        {
            self.there.insert(subject, at);
        }
    }

    /// Whether something was heard in the second that has not ended.
    pub(super) const fn has_heard(&self) -> bool {
        self.adverts > 0
    }

    /// So much time has been passed over in silence.
    pub(super) fn skip(&mut self, by: Duration) {
        self.second_began = self.second_began + by;
        self.skipped = self.skipped.saturating_add(by);
    }

    /// Ends the second and begins the next. How many levels of 0 dBm there have been, the ears know.
    pub(super) fn close(&mut self, zero_levels: u64, now: Mono) -> Glance {
        self.there.retain(|_, last| now.since(*last) <= THERE_FOR);
        let millis = now.since(self.second_began).as_millis().max(1);
        let per_second = |adverts: &mut u64, before: &mut u64| {
            let heard = std::mem::take(adverts);
            *before = before.saturating_add(heard);
            let rounded = (u128::from(heard) * 1_000 + millis / 2) / millis;
            (u64::try_from(rounded).unwrap_or(u64::MAX), *before)
        };
        let (adverts_per_second, adverts) = per_second(&mut self.adverts, &mut self.adverts_before);
        let mut networks = BTreeMap::new();
        for (&network, count) in &mut self.networks {
            let (adverts_per_second, adverts) =
                per_second(&mut count.adverts, &mut count.adverts_before);
            let heard = Heard {
                phones: self.there.keys().filter(|there| there.network() == network).count(),
                adverts_per_second,
                adverts,
                loudest_dbm: count.loudest.take(),
                silent_seconds: now.since(count.last).as_secs(),
            };
            networks.insert(network, heard);
        }
        self.second_began = now;
        Glance {
            seconds: now.since(self.began).as_secs(),
            skipped_seconds: self.skipped.as_secs(),
            adverts_per_second,
            adverts,
            phones: self.there.len(),
            damaged: self.damaged,
            zero_levels,
            networks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::advert::{Address, AdvertData};

    fn advert(data: &[u8], sender: u8, rssi: i8) -> Advertisement {
        let address = Address { bytes: [sender; 6], random: true };
        let data = AdvertData::new(data);
        Advertisement { address, rssi: Some(Dbm(rssi)), connectable: true, data }
    }

    /// DP-3T: an iPhone that keeps its id, and half of an id.
    const IPHONE: [u8; 4] = [3, 0x03, 0x68, 0xFD];
    const DAMAGED: [u8; 5] = [4, 0x16, 0x68, 0xFD, 1];

    #[test]
    fn a_phone_counts_until_it_has_been_silent_for_long() {
        let at = Mono::from_millis;
        let mut tally = Tally::new(&Network::ALL, at(0));
        tally.hear(&advert(&IPHONE, 1, -70), at(100));
        tally.hear(&advert(&IPHONE, 2, -60), at(200));
        tally.hear(&advert(&IPHONE, 1, -50), at(300));
        tally.hear(&advert(&DAMAGED, 3, -40), at(400));
        tally.hear(&advert(&[9, 9], 4, -40), at(500));
        let second = tally.close(0, at(1_000));
        assert_eq!((second.seconds, second.adverts_per_second, second.damaged), (1, 5, 2));
        let heard = Heard {
            phones: 2,
            adverts_per_second: 3,
            adverts: 3,
            loudest_dbm: Some(Dbm(-50)),
            silent_seconds: 0,
        };
        assert_eq!(second.networks, BTreeMap::from([(Network::Dp3t, heard)]));

        tally.hear(&advert(&IPHONE, 1, -70), at(30_000));
        let second = tally.close(0, at(30_250));
        assert_eq!((second.phones, second.damaged), (1, 2));
        let heard = second.networks[&Network::Dp3t];
        assert_eq!((heard.loudest_dbm, heard.silent_seconds), (Some(Dbm(-70)), 0));

        let second = tally.close(0, at(60_300));
        assert_eq!((second.phones, second.networks[&Network::Dp3t].silent_seconds), (0, 30));
        assert_eq!((second.adverts, second.networks[&Network::Dp3t].adverts), (6, 4));
    }

    #[test]
    fn a_silence_that_is_passed_over_makes_no_second_longer() {
        let at = Mono::from_millis;
        let mut tally = Tally::new(&Network::ALL, at(0));
        tally.hear(&advert(&IPHONE, 1, -70), at(100));
        tally.close(0, at(1_000));
        tally.skip(Duration::from_secs(100));
        assert!(!tally.has_heard());
        tally.hear(&advert(&IPHONE, 2, -70), at(101_500));
        assert!(tally.has_heard());
        let second = tally.close(0, at(102_000));
        assert_eq!((second.seconds, second.skipped_seconds), (102, 100));
        assert_eq!((second.adverts_per_second, second.adverts, second.phones), (1, 2, 1));
    }

    #[test]
    fn a_flood_is_bounded() {
        let mut tally = Tally::new(&Network::ALL, Mono::default());
        for number in 0..u32::try_from(TRACKED_MAX).unwrap() + 100 {
            let mut data = vec![19, 0x16, 0x68, 0xFD];
            data.extend([0; 12]);
            data.extend(number.to_be_bytes());
            tally.hear(&advert(&data, 1, -70), Mono::from_millis(5));
        }
        assert_eq!(tally.close(0, Mono::from_millis(1_000)).phones, TRACKED_MAX);
    }
}
