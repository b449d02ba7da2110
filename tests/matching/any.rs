//! Any keys against anything heard: the matcher finds what the naive one finds, no more, no less.
//! Half of what is heard are ids of the keys, at times around the edges of their windows. So with how
//! much got lost on the way, where phones say how loud they send.

use std::collections::BTreeMap;

use kiosk::domain::advert::Dbm;
use kiosk::domain::exposure::heard::{Heard, SLOT_SECONDS};
use kiosk::domain::exposure::key::{KeyDigest, KeyInBrief};
use kiosk::domain::exposure::matcher::{HeardIds, Match};
use kiosk::domain::exposure::published::{
    BluezoneCase, Dp3tExposee, MatchingKey, PublishedKey, ReportKind, TemporaryExposureKey,
};
use kiosk::domain::exposure::windows::{Contact, of_each_key};
use kiosk::domain::moment::{Wall, Zone};
use kiosk::domain::network::gaen::{self, IdKey};
use kiosk::domain::network::{bluezone, dp3t, herald};
use kiosk::domain::remembering::Remembered;
use kiosk::domain::sighting::{ProximityId, SendingPower};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::naive;

const DAY: i64 = 86_400;
/// 2021-06-01T00:00:00Z.
const FIRST_DAY: i64 = 1_622_505_600;

fn key() -> impl Strategy<Value = PublishedKey> {
    let secret = any::<[u8; 32]>();
    let begin = prop_oneof![
        4 => (0..4_i64).prop_map(|day| day * DAY),
        1 => (0..4 * 144_i64).prop_map(|interval| interval * 600),
    ];
    let lasts = prop_oneof![2 => Just(144_u8), 1 => any::<u8>()];
    let slots = prop_oneof![3 => Just(96_u16), 1 => Just(144), 1 => Just(1), 1 => Just(90)];
    (0..4_u8, secret, begin, lasts, slots, 0..3 * DAY).prop_map(
        |(network, key, begin, lasts, slots, until)| {
            let (from, begin) = (FIRST_DAY + begin, Wall(FIRST_DAY + begin / DAY * DAY));
            let end = Wall(begin.0 + until);
            let slots = slots.try_into().unwrap();
            match network {
                0 => PublishedKey::Gaen(TemporaryExposureKey {
                    key: key[..16].try_into().unwrap(),
                    rolling_start: u32::try_from(from / 600).unwrap(),
                    rolling_period: lasts,
                    report: ReportKind::ConfirmedTest,
                    transmission_risk: 0,
                    onset_days: None,
                }),
                1 => PublishedKey::Bluezone(BluezoneCase { day_key: key, begin, end, slots }),
                2 => PublishedKey::Dp3t(Dp3tExposee { key, begin, released: end }),
                _ => PublishedKey::Herald(MatchingKey { key, begin }),
            }
        },
    )
}

/// What decides one thing that is heard: of which key, where in the key's time, how far from its
/// right time, for how long.
#[derive(Clone, Debug)]
struct Plan {
    key: prop::sample::Index,
    at: f64,
    quarters_off: i64,
    quarters_long: i64,
    stray: Option<[u8; 16]>,
    says: Option<[u8; 4]>,
    median: i8,
}

fn plan() -> impl Strategy<Value = Plan> {
    let off = prop_oneof![1 => Just(0), 3 => -11..=11_i64, 1 => -200..200_i64];
    let long = prop_oneof![3 => Just(0), 1 => 0..30_i64];
    let stray = prop_oneof![1 => Just(None), 1 => any::<[u8; 16]>().prop_map(Some)];
    let version = prop_oneof![3 => Just(0x40), 1 => any::<u8>()];
    let power = prop_oneof![3 => -60..30_i8, 1 => any::<i8>()];
    let says = (version, power, any::<[u8; 2]>()).prop_map(|(version, power, [third, fourth])| {
        let [power] = power.to_be_bytes();
        [version, power, third, fourth]
    });
    let says = prop_oneof![1 => Just(None), 4 => says.prop_map(Some)];
    (any::<prop::sample::Index>(), 0.0..1.0, off, long, stray, says, any::<i8>()).prop_map(
        |(key, at, quarters_off, quarters_long, stray, says, median)| Plan {
            key,
            at,
            quarters_off,
            quarters_long,
            stray,
            says,
            median,
        },
    )
}

/// The id of a key at a place in its time, and when that is.
fn sent(key: &PublishedKey, place: f64) -> (ProximityId, i64) {
    #[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "a place in a day")]
    let up_to = |length: i64| (place * f64::from(i32::try_from(length).unwrap())) as i64;
    match key {
        PublishedKey::Gaen(tek) => {
            // One interval too early and one too late, too.
            let off = up_to(i64::from(tek.rolling_period) + 2) - 1;
            let interval = u32::try_from(i64::from(tek.rolling_start) + off).unwrap();
            (ProximityId::Rpi(IdKey::new(&tek.key).rpi(interval)), i64::from(interval) * 600)
        }
        PublishedKey::Bluezone(case) => {
            let at = case.begin.0 + up_to(case.end.0 - case.begin.0 + DAY);
            let rolling =
                bluezone::derive(&case.day_key, case.begin, Wall(at), case.slots).unwrap();
            (rolling.id, at)
        }
        PublishedKey::Dp3t(exposee) => {
            let at = exposee.begin.0 + up_to(exposee.released.0 - exposee.begin.0 + DAY);
            let days = (at - exposee.begin.0) / DAY;
            let day_key = (0..days).fold(exposee.key, |key, _| dp3t::next_day_key(&key));
            let epoch = usize::try_from(at % 96).unwrap();
            (ProximityId::EphId(dp3t::ephids(&day_key)[epoch]), at)
        }
        PublishedKey::Herald(key) => {
            let at = key.begin.0 + up_to(DAY);
            (herald::derive(&key.key, key.begin, Wall(at)).unwrap().id, at)
        }
    }
}

fn heard(keys: &[PublishedKey], plans: &[Plan]) -> Vec<Heard> {
    let heard = plans.iter().zip(0..).map(|(plan, row)| {
        let (id, at) = sent(plan.key.get(keys), plan.at);
        let id = match (plan.stray, id) {
            (None, id) => id,
            (Some(stray), ProximityId::Bluezone(_)) => {
                ProximityId::Bluezone(stray[..12].try_into().unwrap())
            }
            (Some(stray), ProximityId::Rpi(_)) => ProximityId::Rpi(stray),
            (Some(stray), ProximityId::EphId(_)) => ProximityId::EphId(stray),
            (Some(stray), _) => ProximityId::Herald(stray),
        };
        let first = (at / SLOT_SECONDS + plan.quarters_off) * SLOT_SECONDS;
        let last = first + plan.quarters_long * SLOT_SECONDS;
        Heard { row, id, first: Wall(first), last: Wall(last) }
    });
    heard.collect()
}

/// The rows of what was heard: a phone with Exposure Notification seals what it says, others of every
/// second plan say it in the open.
fn rows(heard: &[Heard], keys: &[PublishedKey], plans: &[Plan]) -> Vec<Remembered> {
    let row = |(heard, plan): (&Heard, &Plan)| {
        let tx_power = match (plan.says, heard.id, plan.key.get(keys)) {
            (Some(says), ProximityId::Rpi(rpi), PublishedKey::Gaen(tek)) => {
                SendingPower::Sealed(gaen::associated_metadata(&tek.key, &rpi, says))
            }
            (Some([_, power, ..]), ..) => SendingPower::Stated(Dbm(i8::from_be_bytes([power]))),
            (None, ..) => SendingPower::Unsaid,
        };
        Remembered {
            network: plan.key.get(keys).network(),
            id: heard.id,
            first: heard.first,
            last: heard.last,
            wall_trusted: true,
            sightings: 1,
            strongest: Dbm(i8::MAX),
            median: Dbm(plan.median),
            tx_power,
            near_seconds: 0,
        }
    };
    heard.iter().zip(plans).map(row).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_same_as_naively(keys in vec(key(), 1..10), plans in vec(plan(), 0..60)) {
        let heard = heard(&keys, &plans);
        let mut found = Vec::new();
        HeardIds::new(heard.iter().copied()).match_keys(&keys, &mut found).unwrap();
        found.sort();
        let expected = naive::matches(&heard, &keys);
        prop_assert_eq!(&found, &expected);

        let rows = rows(&heard, &keys, &plans);
        let contact = |found: &Match| Contact {
            key: KeyInBrief::of(&keys[found.key]),
            row: rows[usize::try_from(found.row).unwrap()],
        };
        let contacts: Vec<_> = found.iter().map(contact).collect();
        let told: BTreeMap<(KeyDigest, i64), Option<u8>> = of_each_key(&contacts, Zone::VIET_NAM)
            .into_iter()
            .flat_map(|of| of.exposure.windows.into_iter().map(move |window| (of.key, window)))
            .map(|(key, window)| ((key, window.begin.0), window.attenuation_db))
            .collect();
        let naively = naive::attenuations(&expected, &rows, &keys).into_iter();
        let naively = naively.map(|((key, begin), db)| ((KeyDigest::of(&keys[key]), begin), db));
        prop_assert_eq!(told, naively.collect());
    }
}
