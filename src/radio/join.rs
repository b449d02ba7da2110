//! Joins a phone's advert with its answer to the scan, because neither alone tells all: an iPhone
//! with its app in the background puts the overflow area into the answer and other things of
//! Apple's into the advert.

use crate::domain::advert::{Address, AdvertData, Advertisement, Dbm};
use crate::domain::moment::Mono;
use crate::domain::policy::{ADVERT_AWAITS_RESPONSE_MAX, ADVERTS_AWAITING_RESPONSE_MAX};

use super::fragments::Fragments;
use super::hci::{Kind, Report};

/// Remembers the adverts to which an answer may come. It is organised as a processor's cache is:
/// an address has one place of two, and the older makes room, so the work for a report does not
/// grow with the crowd and nothing is allocated after [`Joiner::default`].
pub struct Joiner {
    fragments: Fragments,
    sets: Box<[[Option<Awaiting>; WAYS]]>,
    /// Where the last advertisement is lent from.
    heard: Advertisement,
    counts: JoinCounts,
    zero_levels: u64,
}

/// What became of scan responses.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct JoinCounts {
    /// Joined to their advert.
    pub joined: u64,
    /// Passed on alone, because their advert was not heard or has made room.
    pub alone: u64,
}

impl std::fmt::Debug for Joiner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Joiner").field("counts", &self.counts).finish_non_exhaustive()
    }
}

impl Default for Joiner {
    fn default() -> Self {
        let nobody = Address { bytes: [0; 6], random: true };
        let heard = AdvertData::EMPTY;
        Self {
            fragments: Fragments::default(),
            sets: vec![[None; WAYS]; SETS].into_boxed_slice(),
            heard: Advertisement { address: nobody, rssi: None, connectable: false, data: heard },
            counts: JoinCounts::default(),
            zero_levels: 0,
        }
    }
}

impl Joiner {
    /// What is now known of the sender: the advert as soon as it is heard; advert and answer, in
    /// that order, when the answer comes; nothing while the rest of a long advert is awaited. The
    /// loudness is that of this report.
    pub fn accept(&mut self, report: Report<'_>, now: Mono) -> Option<&Advertisement> {
        let report = self.fragments.accept(report, now)?;
        self.heard.address = report.address;
        self.heard.rssi = report.rssi.and_then(|Dbm(level)| Dbm::received(level));
        if report.rssi == Some(Dbm(0)) {
            self.zero_levels = self.zero_levels.saturating_add(1);
        }
        self.heard.connectable = report.connectable;
        let set = self.sets.get_mut(set_of(report.address))?;
        match report.kind {
            Kind::Advert => {
                self.heard.data.replace(report.data);
                if report.legacy && report.scannable {
                    remember(set, &report, now);
                }
            }
            Kind::ScanResponse => {
                if let Some(advert) = recall(set, report.address, now) {
                    self.heard.connectable |= advert.connectable;
                    self.heard.data.replace(advert.data());
                    self.heard.data.extend(report.data);
                    self.counts.joined = self.counts.joined.saturating_add(1);
                } else {
                    self.heard.data.replace(report.data);
                    self.counts.alone = self.counts.alone.saturating_add(1);
                }
            }
        }
        Some(&self.heard)
    }

    /// Reports of 0 dBm so far. No phone is that loud an arm's length away; it is what some
    /// controllers say when they have not measured, so they are passed on without a level.
    #[must_use]
    pub const fn zero_levels(&self) -> u64 {
        self.zero_levels
    }

    /// What became of scan responses so far.
    #[must_use]
    pub const fn counts(&self) -> JoinCounts {
        self.counts
    }
}

/// Places for one address.
const WAYS: usize = 2;
/// The byte of a hash chooses one.
const SETS: usize = 256;
const _: () = assert!(SETS * WAYS == ADVERTS_AWAITING_RESPONSE_MAX);

/// Data of an advert of Bluetooth 4. Only those have answers with data beside data of their own.
const LEGACY_DATA_BYTES_MAX: usize = 31;

#[derive(Clone, Copy)]
struct Awaiting {
    address: Address,
    at: Mono,
    connectable: bool,
    len: u8,
    bytes: [u8; LEGACY_DATA_BYTES_MAX],
}

impl Awaiting {
    fn data(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }
}

fn recall(set: &[Option<Awaiting>; WAYS], address: Address, now: Mono) -> Option<&Awaiting> {
    let known = set.iter().flatten().find(|advert| advert.address == address)?;
    (now.since(known.at) <= ADVERT_AWAITS_RESPONSE_MAX).then_some(known)
}

fn remember(set: &mut [Option<Awaiting>; WAYS], report: &Report<'_>, now: Mono) {
    let mut bytes = [0; LEGACY_DATA_BYTES_MAX];
    let len = report.data.len();
    // A controller that sends more than the air can carry is not remembered.
    let (Some(to), Ok(len)) = (bytes.get_mut(..len), u8::try_from(len)) else { return };
    to.copy_from_slice(report.data);
    let is_known = |place: &Option<Awaiting>| {
        place.as_ref().is_some_and(|advert| advert.address == report.address)
    };
    // Its own place, else an empty one, else the older.
    let place = set
        .iter_mut()
        .min_by_key(|place| (!is_known(place), place.as_ref().map(|advert| advert.at)));
    if let Some(place) = place {
        let (address, connectable) = (report.address, report.connectable);
        *place = Some(Awaiting { address, at: now, connectable, len, bytes });
    }
}

/// Multiplicative hashing by the golden ratio (Knuth, volume 3, 6.4); the highest byte is the
/// best mixed.
fn set_of(address: Address) -> usize {
    let word = address
        .bytes
        .iter()
        .fold(u64::from(address.random), |word, &byte| word << 8 | u64::from(byte));
    let [highest, ..] = word.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
    usize::from(highest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::network::{self, Network};
    use crate::domain::sighting::{Evidence, Strength};
    use crate::radio::hci::{DataStatus, Form, NO_SET};

    fn report(kind: Kind, sender: u32, data: &[u8]) -> Report<'_> {
        let [a, b, c, d] = sender.to_be_bytes();
        Report {
            form: Form::Legacy,
            kind,
            address: Address { bytes: [0x40, 0, a, b, c, d], random: true },
            rssi: Some(Dbm(-60)),
            connectable: kind == Kind::Advert,
            scannable: kind == Kind::Advert,
            legacy: true,
            set: NO_SET,
            status: DataStatus::Complete,
            data,
        }
    }

    #[test]
    fn an_iphone_whose_hint_is_in_the_answer() {
        let mut joiner = Joiner::default();
        let nearby = [2, 0x01, 0x1A, 7, 0xFF, 0x4C, 0, 0x10, 2, 0x0B, 0];
        let mut overflow = [0; 21];
        overflow[..6].copy_from_slice(&[20, 0xFF, 0x4C, 0, 0x01, 0x08]);
        let now = Mono::from_millis(5);

        let advert = *joiner.accept(report(Kind::Advert, 1, &nearby), now).unwrap();
        assert_eq!(advert.data.as_bytes(), nearby);
        assert_eq!(network::decode(&advert, &Network::ALL), None);

        let quieter = Report { rssi: Some(Dbm(-71)), ..report(Kind::ScanResponse, 1, &overflow) };
        let both = joiner.accept(quieter, now).unwrap();
        assert_eq!(both.data.as_bytes(), [&nearby[..], &overflow].concat());
        assert_eq!((both.rssi, both.connectable), (Some(Dbm(-71)), true));
        let found = network::decode(both, &Network::ALL);
        let hint = (Network::Bluezone, Strength::Hint);
        assert!(matches!(found, Some(Evidence::Candidate { network, strength, .. })
                if (network, strength) == hint));
        assert_eq!(joiner.counts(), JoinCounts { joined: 1, alone: 0 });
    }

    #[test]
    fn a_level_that_nobody_can_have_is_none() {
        let mut joiner = Joiner::default();
        for level in [None, Some(Dbm(0)), Some(Dbm(-1))] {
            let unmeasured = Report { rssi: level, ..report(Kind::Advert, 1, &[9]) };
            let heard = joiner.accept(unmeasured, Mono::default()).unwrap();
            assert_eq!(heard.rssi, level.filter(|level| level.0 != 0));
        }
        assert_eq!(joiner.zero_levels(), 1);
    }

    #[test]
    fn an_answer_without_its_advert_is_passed_on_alone() {
        let mut joiner = Joiner::default();
        let start = Mono::from_millis(0);
        let alone = joiner.accept(report(Kind::ScanResponse, 1, &[9]), start).unwrap();
        assert_eq!(alone.data.as_bytes(), [9]);
        joiner.accept(report(Kind::Advert, 1, &[1]), start);
        let of_another = joiner.accept(report(Kind::ScanResponse, 2, &[9]), start).unwrap();
        assert_eq!(of_another.data.as_bytes(), [9]);
        let late = start + ADVERT_AWAITS_RESPONSE_MAX;
        let in_time = joiner.accept(report(Kind::ScanResponse, 1, &[9]), late).unwrap();
        assert_eq!(in_time.data.as_bytes(), [1, 9]);
        let late = late + std::time::Duration::from_millis(1);
        let too_late = joiner.accept(report(Kind::ScanResponse, 1, &[9]), late).unwrap();
        assert_eq!(too_late.data.as_bytes(), [9]);
        assert_eq!(joiner.counts(), JoinCounts { joined: 1, alone: 3 });
    }

    #[test]
    fn the_latest_advert_counts() {
        let mut joiner = Joiner::default();
        for data in [&[1, 2, 3][..], &[4]] {
            joiner.accept(report(Kind::Advert, 1, data), Mono::from_millis(0));
        }
        let both =
            joiner.accept(report(Kind::ScanResponse, 1, &[9]), Mono::from_millis(1)).unwrap();
        assert_eq!(both.data.as_bytes(), [4, 9]);
    }

    #[test]
    fn a_crowd_of_60_is_joined_and_a_flood_is_bounded() {
        let mut joiner = Joiner::default();
        let now = Mono::from_millis(0);
        for sender in 0..60 {
            joiner.accept(report(Kind::Advert, sender, &[1]), now);
        }
        for sender in 0..60 {
            joiner.accept(report(Kind::ScanResponse, sender, &[9]), now);
        }
        assert!(joiner.counts().joined >= 57, "{:?}", joiner.counts());
        for sender in 0..100_000 {
            joiner.accept(report(Kind::Advert, sender, &[1]), now);
        }
        assert_eq!(joiner.sets.len(), SETS);
        joiner.accept(report(Kind::Advert, 7, &[5]), Mono::from_millis(1));
        let latest = joiner.accept(report(Kind::ScanResponse, 7, &[9]), now).unwrap();
        assert_eq!(latest.data.as_bytes(), [5, 9]);
    }
}
