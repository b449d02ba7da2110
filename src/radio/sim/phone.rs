//! One phone of the street: what it broadcasts, when, and how loud it arrives.

use std::time::Duration;

use super::reading::Answering;
use crate::domain::advert::{Address, AdvertData, Advertisement, Dbm, ad_type};
use crate::domain::exposure::published::{
    BluezoneCase, PublishedKey, ReportKind, TemporaryExposureKey,
};
use crate::domain::moment::{Mono, Wall};
use crate::domain::network::bluezone::{self, SlotsPerDay};
use crate::domain::network::{Network, gaen};
use crate::domain::sighting::ProximityId;

/// What runs on a phone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PhoneKind {
    /// Android with Bluezone: 15 s on, 15 s off, every 100 ms.
    BluezoneAndroid,
    /// iPhone with Bluezone on its screen.
    BluezoneIphone,
    /// iPhone with Bluezone in the background.
    BluezoneIphoneAsleep,
    /// Exposure Notification, every 270 ms.
    Gaen,
    /// No tracing app: an iPhone's nearby messages, as half the street sends.
    NoApp,
}

/// Where somebody is over time. Distances are from the kiosk.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Walk {
    /// When they come within earshot.
    pub comes: Mono,
    /// When they stand at their place.
    pub stands: Mono,
    /// When they turn to go.
    pub leaves: Mono,
    /// When they are out of earshot.
    pub gone: Mono,
    /// How near their place is.
    pub metres: f32,
}

impl Walk {
    /// Stands at the desk from `from` to `to`, walking up for three seconds before.
    #[must_use]
    pub fn to_the_desk(from: Mono, to: Mono) -> Self {
        Self { metres: 0.5, ..Self::past(from, to) }
    }

    /// Is there for all the time, so far away: a guard behind the counter.
    #[must_use]
    pub const fn always(metres: f32) -> Self {
        let end = Mono::from_start(Duration::MAX);
        let start = Mono::from_millis(0);
        Self { comes: start, stands: start, leaves: end, gone: end, metres }
    }

    /// Passes by at four metres.
    #[must_use]
    pub fn past(from: Mono, to: Mono) -> Self {
        let approach = Duration::from_secs(3);
        let comes = Mono::from_start(from.since_start().saturating_sub(approach));
        Self { comes, stands: from, leaves: to, gone: to + approach, metres: 4.0 }
    }

    /// How far they are; `None` when out of earshot.
    fn metres_at(&self, at: Mono) -> Option<f32> {
        const EARSHOT_METRES: f32 = 8.0;
        let part = |begin: Mono, end: Mono| {
            let whole = end.since(begin).as_secs_f32();
            if whole > 0.0 { at.since(begin).as_secs_f32() / whole } else { 1.0 }
        };
        let away = EARSHOT_METRES - self.metres;
        match at {
            _ if at < self.comes || at >= self.gone => None,
            _ if at < self.stands => Some(EARSHOT_METRES - away * part(self.comes, self.stands)),
            _ if at < self.leaves => Some(self.metres),
            _ => Some(self.metres + away * part(self.leaves, self.gone)),
        }
    }
}

/// A phone.
pub struct Phone {
    kind: PhoneKind,
    walk: Walk,
    key: [u8; 32],
    /// Where in its 15 s on, 15 s off it was when the clock began, in ms.
    phase_ms: u64,
    address: Address,
    /// Changes with the id, and the data with it.
    period: i64,
    data: Option<AdvertData>,
    /// How it answers when it is asked for its id.
    answering: Answering,
}

/// The length of one of Bluezone's silences, and of what lies between (protocol: 15 s each).
const BLUEZONE_HALF_CYCLE_MS: u64 = 15_000;

/// Path loss exponent in a crowd, and the spread of single adverts, as on recorded phones.
const PATH_LOSS_EXPONENT: f32 = 2.0;
const SPREAD_DB: f32 = 4.0;

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Phone({:?})", self.kind)
    }
}

impl Phone {
    pub(super) fn new(kind: PhoneKind, walk: Walk, rng: &mut fastrand::Rng) -> Self {
        let mut key = [0; 32];
        rng.fill(&mut key);
        Self {
            kind,
            walk,
            key,
            phase_ms: rng.u64(0..2 * BLUEZONE_HALF_CYCLE_MS),
            address: new_address(rng),
            period: i64::MIN,
            data: None,
            answering: Answering::Promptly,
        }
    }

    pub(super) const fn set_answering(&mut self, answering: Answering) {
        self.answering = answering;
    }

    /// How whoever connects to this address at `at` is answered; `None` when that is nobody here.
    pub(super) fn answering(&self, address: Address, at: Mono) -> Option<Answering> {
        (self.address == address && self.walk.metres_at(at).is_some()).then_some(self.answering)
    }

    /// The id an iPhone hands out.
    pub(super) fn kept_id(&self, wall: Wall) -> Option<ProximityId> {
        let keeps =
            matches!(self.kind, PhoneKind::BluezoneIphone | PhoneKind::BluezoneIphoneAsleep);
        keeps.then(|| rolling_id(Network::Bluezone, &self.key, wall)).flatten()
    }

    pub(super) const fn first_advert(&self) -> Mono {
        self.walk.comes
    }

    /// The app is opened: it broadcasts at once, whatever the phase was.
    pub(super) fn open_app(&mut self, kind: PhoneKind, now: Mono) {
        self.kind = kind;
        self.period = i64::MIN;
        let cycle = 2 * BLUEZONE_HALF_CYCLE_MS;
        self.phase_ms = (cycle - millis(now) % cycle) % cycle;
    }

    pub(super) fn next_advert(&self, at: Mono, rng: &mut fastrand::Rng) -> Option<Mono> {
        // The random delay of 0 to 10 ms is the specification's (vol 6 part B, 4.4.2.2).
        let interval_ms = match self.kind {
            PhoneKind::BluezoneAndroid => 100,
            PhoneKind::Gaen => 265,
            PhoneKind::BluezoneIphone => 180,
            // Not known; one of those that Apple names for accessories.
            PhoneKind::BluezoneIphoneAsleep => 852,
            PhoneKind::NoApp => 500,
        };
        let again = at + Duration::from_millis(interval_ms + rng.u64(0..=10));
        (again < self.walk.gone).then_some(again)
    }

    /// What it sends at this moment, as it arrives; `None` in a silence or out of earshot.
    pub(super) fn advertise(
        &mut self,
        at: Mono,
        wall: Wall,
        rng: &mut fastrand::Rng,
    ) -> Option<Advertisement> {
        let metres = self.walk.metres_at(at)?;
        let silent = (millis(at) + self.phase_ms) / BLUEZONE_HALF_CYCLE_MS % 2 == 1;
        if self.kind == PhoneKind::BluezoneAndroid && silent {
            return None;
        }
        let period_seconds = match self.kind {
            PhoneKind::Gaen => gaen::INTERVAL_SECONDS,
            PhoneKind::BluezoneAndroid
            | PhoneKind::BluezoneIphone
            | PhoneKind::BluezoneIphoneAsleep
            | PhoneKind::NoApp => SlotsPerDay::DEFAULT.seconds(),
        };
        let period = wall.0.div_euclid(period_seconds);
        if period != self.period {
            self.period = period;
            self.address = new_address(rng);
            self.data = self.data_at(wall);
        }
        let loudness = self.loudness_at_a_metre() - 10.0 * PATH_LOSS_EXPONENT * metres.log10();
        let rssi = loudness + SPREAD_DB * normal(rng);
        #[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "clamped")]
        let rssi = Dbm(rssi.clamp(-110.0, -1.0) as i8);
        Some(Advertisement {
            address: self.address,
            rssi: Some(rssi),
            connectable: self.kind != PhoneKind::Gaen,
            data: self.data?,
        })
    }

    /// The AD structures of the protocol notes' layouts.
    fn data_at(&self, wall: Wall) -> Option<AdvertData> {
        let mut data = AdvertData::new(&[2, ad_type::FLAGS, 0x1A]);
        match self.kind {
            PhoneKind::BluezoneAndroid => {
                let id = rolling_id(Network::Bluezone, &self.key, wall)?;
                data.extend(&[15, ad_type::MANUFACTURER]);
                data.extend(&bluezone::COMPANY.to_le_bytes());
                data.extend(id.as_bytes());
                data.extend(&[3, ad_type::UUID16_ALL]);
                data.extend(&bluezone::ANDROID_SERVICE.to_le_bytes());
            }
            PhoneKind::BluezoneIphone => {
                data.extend(&[17, ad_type::UUID128_ALL]);
                data.extend(&bluezone::IPHONE_SERVICE.to_le_bytes());
            }
            PhoneKind::BluezoneIphoneAsleep => {
                data.extend(&[20, ad_type::MANUFACTURER, 0x4C, 0x00, 0x01, 0x08]);
                data.extend(&[0; 15]);
            }
            PhoneKind::Gaen => {
                let (key, _) = self.key.split_first_chunk()?;
                let id = rolling_id(Network::Gaen, key, wall)?;
                let ProximityId::Rpi(rpi) = id else { return None };
                data.extend(&[3, ad_type::UUID16_ALL]);
                data.extend(&gaen::SERVICE.to_le_bytes());
                data.extend(&[23, ad_type::SERVICE_DATA16]);
                data.extend(&gaen::SERVICE.to_le_bytes());
                data.extend(&rpi);
                data.extend(&gaen::associated_metadata(key, &rpi, gaen_metadata()));
            }
            PhoneKind::NoApp => {
                data.extend(&[8, ad_type::MANUFACTURER, 0x4C, 0x00, 0x10, 0x03, 0x05, 0x18, 0x11]);
            }
        }
        Some(data)
    }

    /// What a health authority publishes when its owner is ill: the key of the day of `wall`.
    pub(super) fn published(&self, wall: Wall) -> Option<PublishedKey> {
        let begin = day_begin(wall);
        match self.kind {
            PhoneKind::Gaen => {
                let (key, _) = self.key.split_first_chunk()?;
                Some(PublishedKey::Gaen(TemporaryExposureKey {
                    key: *key,
                    rolling_start: u32::try_from(begin.0 / 600).ok()?,
                    rolling_period: 144,
                    report: ReportKind::ConfirmedTest,
                    transmission_risk: 0,
                    onset_days: None,
                }))
            }
            PhoneKind::NoApp => None,
            PhoneKind::BluezoneAndroid
            | PhoneKind::BluezoneIphone
            | PhoneKind::BluezoneIphoneAsleep => Some(PublishedKey::Bluezone(BluezoneCase {
                day_key: self.key,
                begin,
                end: Wall(begin.0 + 24 * 60 * 60 - 1),
                slots: SlotsPerDay::DEFAULT,
            })),
        }
    }

    /// In dBm. Android's apps send at low power; an iPhone cannot.
    const fn loudness_at_a_metre(&self) -> f32 {
        match self.kind {
            PhoneKind::BluezoneAndroid | PhoneKind::Gaen => -70.0,
            PhoneKind::BluezoneIphone | PhoneKind::BluezoneIphoneAsleep | PhoneKind::NoApp => -55.0,
        }
    }
}

/// What a phone with Exposure Notification says before it is sealed: the power of Android's setting
/// LOW, nominally -15 dBm.
const fn gaen_metadata() -> [u8; 4] {
    let [power] = (-15_i8).to_be_bytes();
    [gaen::METADATA_VERSION, power, 0, 0]
}

/// Every phone's key is of this day's midnight.
fn rolling_id(network: Network, key: &[u8], wall: Wall) -> Option<ProximityId> {
    network.derive(key, day_begin(wall), wall, SlotsPerDay::DEFAULT).ok().map(|rolling| rolling.id)
}

fn day_begin(wall: Wall) -> Wall {
    Wall(wall.0 - wall.0.rem_euclid(24 * 60 * 60))
}

fn millis(moment: Mono) -> u64 {
    u64::try_from(moment.since_start().as_millis()).unwrap_or(u64::MAX)
}

/// A resolvable private address as phones use: the two highest bits are 01 (vol 6 part B, 1.3.2).
fn new_address(rng: &mut fastrand::Rng) -> Address {
    let mut bytes = [0; 6];
    rng.fill(&mut bytes);
    let [highest, ..] = &mut bytes;
    *highest = (*highest & 0x3F) | 0x40;
    Address { bytes, random: true }
}

/// Near enough to the standard normal distribution: the sum of twelve uniform numbers less six.
fn normal(rng: &mut fastrand::Rng) -> f32 {
    (0..12).map(|_| rng.f32()).sum::<f32>() - 6.0
}
