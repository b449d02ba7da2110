//! Who is in the street: a few scenes to look at and to test with.

use std::time::Duration;

use super::{PhoneKind, Street, Walk};
use crate::domain::moment::{Mono, Wall};

/// A scene by its name on the command line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scene {
    /// A day at an office: people pass, and every minute and a half somebody stands at the desk,
    /// in turn with Bluezone on Android, without an app, with an iPhone, with another network.
    Street,
    /// A market on a Saturday: the same, with sixty more phones around at any time.
    Crowd,
    /// Nobody.
    Quiet,
}

/// How long a scene goes on. It ends in silence.
const SCENE_LASTS: Duration = Duration::from_hours(24);

/// From one visitor at the desk to the next, and how long each stays.
const DESK_EVERY: Duration = Duration::from_secs(90);
const DESK_STAYS: Duration = Duration::from_secs(75);

/// What the visitors at the desk carry, in turn.
const DESK_KINDS: [PhoneKind; 5] = [
    PhoneKind::BluezoneAndroid,
    PhoneKind::NoApp,
    PhoneKind::BluezoneIphone,
    PhoneKind::Gaen,
    PhoneKind::BluezoneIphoneAsleep,
];

/// How long a passer-by takes, and one in a crowd.
const PASSES_FOR: Duration = Duration::from_secs(12);
const LINGERS_FOR: Duration = Duration::from_mins(4);

impl Scene {
    /// The street of this scene. `began` is the time of day at which the monotonic clock began.
    #[must_use]
    pub fn street(self, seed: u64, began: Wall) -> Street {
        let mut street = Street::new(seed, began);
        match self {
            Self::Quiet => {}
            Self::Street => {
                add_desk(&mut street);
                add_passers_by(&mut street, Duration::from_secs(20), PASSES_FOR);
            }
            Self::Crowd => {
                add_desk(&mut street);
                // Sixty at a time: one comes every four seconds and stays for four minutes.
                add_passers_by(&mut street, Duration::from_secs(4), LINGERS_FOR);
            }
        }
        street
    }
}

fn add_desk(street: &mut Street) {
    street.add(PhoneKind::BluezoneAndroid, Walk::always(2.0));
    for (turn, begin) in every(DESK_EVERY).enumerate() {
        let kind = DESK_KINDS.get(turn % DESK_KINDS.len()).copied();
        let walk = Walk::to_the_desk(begin, begin + DESK_STAYS);
        street.add(kind.unwrap_or(PhoneKind::NoApp), walk);
    }
}

fn add_passers_by(street: &mut Street, apart: Duration, stay: Duration) {
    let kinds = [PhoneKind::NoApp, PhoneKind::Gaen, PhoneKind::NoApp, PhoneKind::BluezoneAndroid];
    for (turn, begin) in every(apart).enumerate() {
        let kind = kinds.get(turn % kinds.len()).copied().unwrap_or(PhoneKind::NoApp);
        street.add(kind, Walk::past(begin, begin + stay));
    }
}

fn every(apart: Duration) -> impl Iterator<Item = Mono> {
    let mut next = Mono::from_millis(5_000);
    std::iter::from_fn(move || {
        let at = next;
        next = next + apart;
        (at.since_start() < SCENE_LASTS).then_some(at)
    })
}
