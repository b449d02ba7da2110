//! Matching as one would write it down from the protocols: every id of every key, held against a
//! map of what was heard. It shares nothing with the matcher but the networks' own key schedules; what
//! is sealed beside an id it opens by itself.

use std::collections::{BTreeMap, HashMap};

use aes::cipher::{BlockCipherEncrypt, KeyInit};

use kiosk::domain::exposure::heard::{Heard, SLOT_SECONDS};
use kiosk::domain::exposure::matcher::Match;
use kiosk::domain::exposure::published::PublishedKey;
use kiosk::domain::moment::Wall;
use kiosk::domain::network::gaen::IdKey;
use kiosk::domain::network::{bluezone, dp3t, herald};
use kiosk::domain::remembering::Remembered;
use kiosk::domain::sighting::{ProximityId, SendingPower};

const DAY: i64 = 86_400;

/// Every match, in order.
pub(crate) fn matches(heard: &[Heard], keys: &[PublishedKey]) -> Vec<Match> {
    let mut known: HashMap<ProximityId, Vec<&Heard>> = HashMap::new();
    for heard in heard {
        known.entry(heard.id).or_default().push(heard);
    }
    let mut found = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        for sent in ids(key) {
            for heard in known.get(&sent.id).into_iter().flatten() {
                if (sent.counts)(heard) {
                    let (begin, end) = (Wall(sent.begin), Wall(sent.end));
                    found.push(Match { row: heard.row, key: index, begin, end });
                }
            }
        }
    }
    found.sort();
    found
}

/// The least attenuation of each half-hour in which a key was matched, by the key's place.
pub(crate) fn attenuations(
    matches: &[Match],
    rows: &[Remembered],
    keys: &[PublishedKey],
) -> BTreeMap<(usize, i64), Option<u8>> {
    let mut least: BTreeMap<(usize, i64), Option<u8>> = BTreeMap::new();
    for found in matches {
        let row = &rows[usize::try_from(found.row).unwrap()];
        let power = match (row.tx_power, row.id, &keys[found.key]) {
            (SendingPower::Stated(power), ..) => Some(power.0),
            (SendingPower::Sealed(sealed), ProximityId::Rpi(rpi), PublishedKey::Gaen(tek)) => {
                opened(&tek.key, rpi, sealed)
            }
            _ => None,
        };
        let attenuation = power.map(|power| {
            u8::try_from((i32::from(power) - i32::from(row.median.0)).clamp(0, 255)).unwrap()
        });
        for slot in (row.first.0..=row.last.0).step_by(900) {
            let window = least.entry((found.key, slot / 1_800 * 1_800)).or_default();
            *window = window.iter().chain(&attenuation).min().copied();
        }
    }
    least
}

/// The power in what a phone has sealed (Bluetooth Specification v1.2 of Exposure Notification).
fn opened(key: &[u8; 16], rpi: [u8; 16], sealed: [u8; 4]) -> Option<i8> {
    let mut metadata_key = [0; 16];
    let schedule = hkdf::Hkdf::<sha2::Sha256>::new(None, key);
    schedule.expand(b"EN-AEMK", &mut metadata_key).unwrap();
    let mut stream = rpi.into();
    aes::Aes128::new(&metadata_key.into()).encrypt_block(&mut stream);
    let [version, power] = [sealed[0] ^ stream[0], sealed[1] ^ stream[1]];
    let power = i8::from_be_bytes([power]);
    (version >> 6 == 1 && (-50..=20).contains(&power)).then_some(power)
}

/// One id of a key, its time, and whether something heard counts.
struct Sent {
    id: ProximityId,
    begin: i64,
    end: i64,
    counts: Box<dyn Fn(&Heard) -> bool>,
}

fn ids(key: &PublishedKey) -> Vec<Sent> {
    match key {
        PublishedKey::Gaen(tek) => {
            let rpi_key = IdKey::new(&tek.key);
            let intervals =
                tek.rolling_start..tek.rolling_start + u32::from(tek.rolling_period).min(144);
            let sent = intervals.map(|interval| {
                let j = i64::from(interval);
                let within = move |s: i64| j - 12 <= s && s < j + 13;
                Sent {
                    id: ProximityId::Rpi(rpi_key.rpi(interval)),
                    begin: j * 600,
                    end: (j + 1) * 600,
                    counts: Box::new(move |heard| minutes(heard).any(|at| within(at / 600))),
                }
            });
            sent.collect()
        }
        PublishedKey::Bluezone(case) => {
            let (delta, mut sent, mut at) = (case.slots.seconds(), Vec::new(), case.begin.0);
            while at <= case.end.0 {
                let begin = at;
                sent.push(Sent {
                    id: bluezone::derive(&case.day_key, case.begin, Wall(at), case.slots)
                        .unwrap()
                        .id,
                    begin,
                    end: begin + delta,
                    // The last second of the window is the first of a quarter.
                    counts: Box::new(move |heard| {
                        heard.first.0 <= begin + delta && heard.last.0 + SLOT_SECONDS > begin
                    }),
                });
                at += delta;
            }
            sent
        }
        PublishedKey::Dp3t(exposee) => {
            let (mut day_key, released, mut sent) = (exposee.key, exposee.released.0, Vec::new());
            for begin in (exposee.begin.0..released).step_by(86_400) {
                let end = begin + DAY;
                sent.extend(dp3t::ephids(&day_key).map(|id| Sent {
                    id: ProximityId::EphId(id),
                    begin,
                    end,
                    counts: Box::new(move |heard| {
                        minutes_from(heard, released)
                            .any(|at| begin <= at && at < end.min(released))
                    }),
                }));
                day_key = dp3t::next_day_key(&day_key);
            }
            sent
        }
        PublishedKey::Herald(key) => {
            let begins = (key.begin.0..key.begin.0 + DAY).step_by(360);
            let sent = begins.map(|begin| Sent {
                id: herald::derive(&key.key, key.begin, Wall(begin)).unwrap().id,
                begin,
                end: begin + 360,
                counts: Box::new(move |heard| {
                    minutes(heard).any(|at| begin <= at && at < begin + 360)
                }),
            });
            sent.collect()
        }
    }
}

/// The minutes in which it may have been heard: every window but Bluezone's is whole minutes.
fn minutes(heard: &Heard) -> impl Iterator<Item = i64> {
    (heard.first.0..heard.last.0 + SLOT_SECONDS).step_by(60)
}

/// The same, and each second of the minute in which `moment` lies.
fn minutes_from(heard: &Heard, moment: i64) -> impl Iterator<Item = i64> {
    let seconds = heard.first.0.max(moment - 60)..(heard.last.0 + SLOT_SECONDS).min(moment + 60);
    minutes(heard).chain(seconds)
}
