//! What is matched in the benchmark: keys and heard ids uniform over 14 days and all their
//! quarters of an hour, a few of the ids planted. One seed makes all of it.

use fastrand::Rng;
use kiosk::domain::exposure::heard::{Heard, SLOT_SECONDS};
use kiosk::domain::exposure::published::{
    BluezoneCase, Dp3tExposee, MatchingKey, PublishedKey, ReportKind, TemporaryExposureKey,
};
use kiosk::domain::moment::Wall;
use kiosk::domain::network::bluezone::SlotsPerDay;
use kiosk::domain::network::gaen::IdKey;
use kiosk::domain::sighting::ProximityId;

const SEED: u64 = 14;
/// 2021-06-01T00:00:00Z.
const BEGIN: i64 = 1_622_505_600;
const DAY: i64 = 86_400;
const DAYS: i64 = 14;
/// Ids of the keys among those that were heard.
const PLANTED: usize = 100;

/// Keys of Exposure Notification.
pub(crate) fn teks(count: usize) -> Vec<TemporaryExposureKey> {
    let mut rng = Rng::with_seed(SEED);
    let mut tek = || TemporaryExposureKey {
        key: rng.u128(..).to_le_bytes(),
        rolling_start: u32::try_from((BEGIN + rng.i64(0..DAYS) * DAY) / 600).unwrap_or(0),
        rolling_period: 144,
        report: ReportKind::ConfirmedTest,
        transmission_risk: 0,
        onset_days: None,
    };
    (0..count).map(|_| tek()).collect()
}

/// At what times things are heard.
#[derive(Clone, Copy)]
pub(crate) enum Hours {
    /// At any.
    All,
    /// From 8 to 17 o'clock on five of seven days.
    Office,
}

impl Hours {
    fn draw(self, rng: &mut Rng) -> i64 {
        let quarter = match self {
            Self::All => rng.i64(0..DAYS * 96),
            Self::Office => rng.i64(0..2) * 7 * 96 + rng.i64(0..5) * 96 + rng.i64(32..68),
        };
        BEGIN + quarter * SLOT_SECONDS
    }
}

/// What was heard, and which row is to be found for which key, in order.
pub(crate) struct World {
    pub(crate) heard: Vec<Heard>,
    pub(crate) planted: Vec<(i64, usize)>,
}

impl World {
    pub(crate) fn new(ids: usize, hours: Hours, keys: &[TemporaryExposureKey]) -> Self {
        let mut rng = Rng::with_seed(SEED + 1);
        let stranger = |row, rng: &mut Rng| {
            let id = ProximityId::Rpi(rng.u128(..).to_le_bytes());
            let first = Wall(hours.draw(rng));
            Heard { row, id, first, last: first }
        };
        let mut heard: Vec<_> = (0..).take(ids).map(|row| stranger(row, &mut rng)).collect();
        let mut planted = Vec::new();
        for heard in heard.iter_mut().take(PLANTED) {
            // A key of the day on which this row was heard, and the time it is heard at.
            let interval = heard.first.0 / 600;
            let today = |key: &TemporaryExposureKey| {
                (0..144).contains(&(interval - i64::from(key.rolling_start)))
            };
            let from = rng.usize(..keys.len());
            let place =
                (from..keys.len()).chain(0..from).find(|at| keys.get(*at).is_some_and(today));
            let Some((place, key)) = place.and_then(|at| Some((at, keys.get(at)?))) else {
                continue;
            };
            // Up to two hours off.
            let first = i64::from(key.rolling_start);
            let sent = (interval + rng.i64(-12..=12)).clamp(first, first + 143);
            let sent = u32::try_from(sent).unwrap_or(0);
            heard.id = ProximityId::Rpi(IdKey::new(&key.key).rpi(sent));
            planted.push((heard.row, place));
        }
        planted.sort_unstable();
        Self { heard, planted }
    }
}

/// Keys of the other networks, with the name of a unit of work: 14 days of a phone, or one day.
pub(crate) fn others(count: usize) -> [(&'static str, Vec<PublishedKey>); 3] {
    let mut rng = Rng::with_seed(SEED + 2);
    let mut key = || {
        let mut key = [0; 32];
        rng.fill(&mut key);
        key
    };
    let (begin, end, slots) = (Wall(BEGIN), Wall(BEGIN + DAYS * DAY - 1), SlotsPerDay::DEFAULT);
    let case = |day_key| PublishedKey::Bluezone(BluezoneCase { day_key, begin, end, slots });
    let exposee = |key| PublishedKey::Dp3t(Dp3tExposee { key, begin, released: end });
    let matching_key = |key| PublishedKey::Herald(MatchingKey { key, begin });
    let mut keys = |of: &dyn Fn([u8; 32]) -> PublishedKey| (0..count).map(|_| of(key())).collect();
    [
        ("Bluezone, 14 days of a phone: 1,344 ids", keys(&case)),
        ("DP-3T, 14 days of a phone: 1,344 ids", keys(&exposee)),
        ("Herald, one day: 240 ids", keys(&matching_key)),
    ]
}

/// The same ids as those of another network.
pub(crate) fn as_if_of(network: usize, heard: &[Heard]) -> Vec<Heard> {
    let of = |heard: &Heard| {
        let ProximityId::Rpi(id) = heard.id else { return *heard };
        let [short @ .., _, _, _, _] = id;
        let id = match network {
            0 => ProximityId::Bluezone(short),
            1 => ProximityId::EphId(id),
            _ => ProximityId::Herald(id),
        };
        Heard { id, ..*heard }
    };
    heard.iter().map(of).collect()
}
