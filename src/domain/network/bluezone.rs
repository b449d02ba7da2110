//! Bluezone: an Android phone broadcasts its id in the open; an iPhone only says that the app is
//! there, by its service UUID on screen and by one bit of Apple's overflow area off it, and keeps
//! the id for whoever connects.
//!
//! Read from the app's public sources, all generations (`react-native-bluetooth-scan` up to
//! 3.0.7 and `bluezone-app` up to 3.0.3). Connecting and matching are not done here.

mod read;

pub use read::{READS, decode_read};

use sha2::{Digest, Sha256};

use super::apple::{self, Message};
use super::services::Services;
use super::{DecodeError, DeriveError, Network, RollingId, exactly, seconds};
use crate::domain::advert::{Advertisement, ad_type, uuid};
use crate::domain::moment::Wall;
use crate::domain::sighting::{Evidence, ProximityId, Strength, TxClass};

/// The Android app's service since its second generation, as a 16-bit UUID.
pub const ANDROID_SERVICE: u16 = 0x4E56;
/// The iPhone app's service since August 2020.
pub const IPHONE_SERVICE: u128 = 0x0000_4E56_73F5_4BC4_A12F_17D1_AD07_A667;
/// The Android app's service in its first generation.
pub const ANDROID_SERVICE_V1: u128 = 0xE20A_39F4_73F5_4BC4_A12F_17D1_AD07_A889;
/// The iPhone app's service in its first generation.
pub const IPHONE_SERVICE_V1: u128 = 0xE20A_39F4_73F5_4BC4_A12F_17D1_AD07_A667;
/// The company number under which the Android app puts the id. It is not an assigned one.
pub const COMPANY: u16 = 0x22B5;
/// The iBeacon with which the app wakes iPhones around it; its two numbers are not looked at, as
/// iPhones do not either.
pub const WAKE_BEACON: u128 = 0xC7AF_EF7B_1788_4F4A_A87D_691D_53BF_21C4;

const ID_BYTES: usize = 12;
const ID_V1_BYTES: usize = 6;

const IPHONE_SERVICES: Services = Services::new(&[IPHONE_SERVICE, IPHONE_SERVICE_V1]);

/// What Bluezone makes of an advert. An id goes before a name, a name before a hint. The Android
/// app puts service and id into one advert and looks for both, and so does this; it asks for low
/// power (`ServiceTraceCovid.java`), which an iPhone's app cannot.
///
/// # Errors
///
/// When an Android phone's service or id is there and the other part is missing or misshapen.
pub fn decode(advert: &Advertisement) -> Result<Option<Evidence>, DecodeError> {
    let network = Network::Bluezone;
    let parts = Parts::of(advert);
    let android = parts.android_id();
    let evidence = if let Ok(Some(id)) = android {
        Evidence::Id { network, id, tx_power: advert.tx_power().into(), tx_class: TxClass::Low }
    } else if let Some(strength) = parts.iphone {
        Evidence::Candidate { network, strength, tx_class: TxClass::Full }
    } else if parts.is_wake_beacon {
        Evidence::WakeBeacon { network }
    } else {
        return android.map(|_| None);
    };
    Ok(Some(evidence))
}

/// What an advert has of Bluezone's, gathered in one go: every advert of a crowd is asked for it.
#[derive(Default)]
struct Parts<'a> {
    lists_rolling: bool,
    lists_first: bool,
    of_company: Option<&'a [u8]>,
    iphone: Option<Strength>,
    is_wake_beacon: bool,
}

impl<'a> Parts<'a> {
    fn of(advert: &'a Advertisement) -> Self {
        let mut parts = Self::default();
        for structure in advert.structures().map_while(Result::ok) {
            if structure.ad_type == ad_type::MANUFACTURER {
                parts.of_company = parts.of_company.or(structure.manufacturer_data(COMPANY));
                parts.is_wake_beacon |= apple::messages(&structure).any(|message| {
                    matches!(message, Message::Beacon { proximity_uuid: WAKE_BEACON })
                });
            } else if structure.is_service_list() {
                parts.lists_rolling |= structure.lists_service(uuid::long(ANDROID_SERVICE));
                parts.lists_first |= structure.lists_service(ANDROID_SERVICE_V1);
            } else {
                continue;
            }
            parts.iphone = parts.iphone.max(IPHONE_SERVICES.strength_in(&structure));
        }
        parts
    }

    /// The id an Android phone of either generation broadcasts.
    fn android_id(&self) -> Result<Option<ProximityId>, DecodeError> {
        match self.of_company {
            Some(bytes) if self.lists_rolling => {
                exactly(bytes).map(|id| Some(ProximityId::Bluezone(id)))
            }
            Some(bytes) if self.lists_first => {
                let id: [u8; ID_V1_BYTES] = exactly(bytes)?;
                let spelt = id.iter().all(u8::is_ascii_alphanumeric);
                spelt.then_some(Some(ProximityId::BluezoneV1(id))).ok_or(DecodeError::IdAlphabet)
            }
            Some(_) => Err(DecodeError::ServiceMissing),
            None if self.lists_rolling || self.lists_first => Err(DecodeError::IdMissing),
            None => Ok(None),
        }
    }
}

const DAY_SECONDS: i64 = 86_400;

/// The furthest a key is followed, so that the work is bounded. The app itself never looks
/// further than the 14 days it uploads.
pub const DAYS_FOLLOWED_MAX: i64 = 400;

/// How many ids a phone has in a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SlotsPerDay(u16);

impl SlotsPerDay {
    /// 96, a quarter of an hour each: since 2.0.3.
    pub const DEFAULT: Self = Self(96);
    /// 144, ten minutes each: 2.0.0 to 2.0.2.
    pub const V2: Self = Self(144);

    /// Seconds a slot lasts.
    #[must_use]
    pub fn seconds(self) -> i64 {
        DAY_SECONDS / i64::from(self.0)
    }
}

impl TryFrom<u16> for SlotsPerDay {
    type Error = SlotsError;

    /// Slots are whole seconds and no shorter than a minute.
    fn try_from(slots: u16) -> Result<Self, Self::Error> {
        let whole = slots != 0 && slots <= 1_440 && DAY_SECONDS % i64::from(slots) == 0;
        whole.then_some(Self(slots)).ok_or(SlotsError { slots })
    }
}

/// A number that does not divide a day into slots.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("divide a day into {slots} slots: it must divide 86,400 and be 1 to 1,440, such as 96")]
pub struct SlotsError {
    /// The number.
    pub slots: u16,
}

/// The id a phone broadcasts at `at`. `key` is the key of the UTC day in which `key_time` lies:
/// the phone's first, or that of any later day.
///
/// Each day's key is the SHA-256 of the day before's; each slot's key that of the slot before's,
/// the first being that of the day's key and a salt (`BluezoneIdGenerator.java`).
///
/// # Errors
///
/// When `at` lies before the key's day or more than [`DAYS_FOLLOWED_MAX`] days after it.
pub fn derive(
    key: &[u8; 32],
    key_time: Wall,
    at: Wall,
    slots: SlotsPerDay,
) -> Result<RollingId, DeriveError> {
    let key_day = seconds(key_time)? / DAY_SECONDS;
    let (day, second) = (seconds(at)? / DAY_SECONDS, seconds(at)? % DAY_SECONDS);
    if day < key_day {
        return Err(DeriveError::BeforeKey { at, begin: Wall(key_day * DAY_SECONDS) });
    }
    let end_day = key_day + DAYS_FOLLOWED_MAX;
    if day >= end_day {
        return Err(DeriveError::AfterKey { at, end: Wall(end_day * DAY_SECONDS) });
    }
    let day_key = (key_day..day).fold(*key, |key, _| next_day_key(&key));
    let slot = second / slots.seconds();
    let mut slot_key = first_slot_key(&day_key);
    (0..slot).for_each(|_| slot_key = hash(&slot_key));
    let begin = day * DAY_SECONDS + slot * slots.seconds();
    Ok(RollingId {
        id: ProximityId::Bluezone(pick(&slot_key)),
        begin: Wall(begin),
        end: Wall(begin + slots.seconds()),
    })
}

/// The ids of the day whose key this is, slot by slot and without end.
pub fn ids_of_day(day_key: &[u8; 32]) -> impl Iterator<Item = [u8; ID_BYTES]> {
    let slot_keys =
        std::iter::successors(Some(first_slot_key(day_key)), |slot_key| Some(hash(slot_key)));
    slot_keys.map(|slot_key| pick(&slot_key))
}

/// The key of the day after.
#[must_use]
pub fn next_day_key(day_key: &[u8; 32]) -> [u8; 32] {
    hash(day_key)
}

fn first_slot_key(day_key: &[u8; 32]) -> [u8; 32] {
    Sha256::new_with_prefix(day_key).chain_update(SALT).finalize().into()
}

fn hash(key: &[u8; 32]) -> [u8; 32] {
    Sha256::digest(key).into()
}

/// Spelt without the "e" in the app's sources.
const SALT: &[u8] = b"bluzonesubkey";

/// The bytes 0, 4, 8, 12, 16, 18, 20, 22, 24, 26, 28 and 30 of a slot's key are its id.
fn pick(slot_key: &[u8; 32]) -> [u8; ID_BYTES] {
    let (front, back) = slot_key.split_at(16);
    let picked = front.iter().step_by(4).chain(back.iter().step_by(2));
    let mut id = [0; ID_BYTES];
    id.iter_mut().zip(picked).for_each(|(to, from)| *to = *from);
    id
}

#[cfg(test)]
mod tests;
