//! Herald, the open protocol that several apps were built on, in both of its generations, and
//! Australia's COVIDSafe since version 2, which has Herald inside: every phone names the service
//! and keeps its id for whoever connects.
//!
//! Read from `herald-for-android`, Herald's payload specifications and COVIDSafe's Android app.
//! Matching is not done here.

use sha2::{Digest, Sha256};

use super::gatt::{GattId, VALUE_BYTES_MAX};
use super::services::Services;
use super::{DecodeError, DeriveError, Network, RollingId, bluetrace, seconds};
use crate::domain::advert::{Advertisement, uuid};
use crate::domain::moment::Wall;
use crate::domain::sighting::{Evidence, ProximityId, Strength, TxClass};

/// The service since 2.1, as a 16-bit UUID.
pub const SERVICE: u16 = 0xFCF6;
/// The service before 2.1.
pub const SERVICE_V1: u128 = 0x4281_32AF_4746_42D3_801E_4572_D65B_FD9B;
/// The company number under which Android phones put six random bytes since 2.1.
pub const COMPANY: u16 = 0x05F1;
/// The same before 2.1, and in COVIDSafe. It is assigned to nobody.
pub const COMPANY_V1: u16 = 0xFFFA;

/// The six bytes under a company number stand in for an address that phones may change.
pub const PSEUDO_ADDRESS_BYTES: usize = 6;

/// What a phone hands out: a header of 5 bytes and what it announces.
pub const READS: [GattId; 3] =
    [payload_of(uuid::long(SERVICE)), payload_of(SERVICE_V1), payload_of(bluetrace::COVIDSAFE)];

const fn payload_of(service: u128) -> GattId {
    GattId {
        service,
        characteristic: 0x3E98_C0F8_8F05_4829_A121_43E3_8F89_33E7,
        least: HEADER_BYTES + CONTACT_ID_BYTES,
        most: VALUE_BYTES_MAX,
    }
}

const SERVICES: Services = Services::new(&[uuid::long(SERVICE), SERVICE_V1]);

/// What Herald makes of an advert. The random bytes under a company number tell an Android phone,
/// which sends at low power (`ConcreteBLETransmitter`), from an iPhone; and COVIDSafe 2 from the
/// older BlueTrace apps that have the same service.
#[must_use]
pub fn decode(advert: &Advertisement) -> Option<Evidence> {
    let has_address = |company| {
        let bytes = advert.manufacturer_data(company);
        bytes.is_some_and(|bytes| bytes.len() == PSEUDO_ADDRESS_BYTES)
    };
    let is_covidsafe = || has_address(COMPANY_V1) && advert.lists_service(bluetrace::COVIDSAFE);
    let strength =
        SERVICES.strength(advert).or_else(|| is_covidsafe().then_some(Strength::Named))?;
    let is_android = has_address(COMPANY) || has_address(COMPANY_V1);
    let tx_class = if is_android { TxClass::Low } else { TxClass::Full };
    Some(Evidence::Candidate { network: Network::Herald, strength, tx_class })
}

/// Protocol and version (1), country (2), state (2).
const HEADER_BYTES: usize = 5;
const CONTACT_ID_BYTES: usize = 16;

/// The id in what a phone hands out: Herald's own, or a BlueTrace message where COVIDSafe has put
/// one in its place.
///
/// # Errors
///
/// When it breaks off, belongs to a venue and not to a person, or is of a kind whose form is not
/// public.
pub fn decode_read(bytes: &[u8]) -> Result<ProximityId, DecodeError> {
    let (header, rest) = bytes.split_first_chunk::<HEADER_BYTES>().ok_or(too_short(bytes))?;
    let [kind, ..] = *header;
    match kind {
        KIND_SIMPLE_FIRST..=KIND_SIMPLE_LAST => {
            let (id, _) = rest.split_first_chunk().ok_or(too_short(bytes))?;
            Ok(ProximityId::Herald(*id))
        }
        KIND_VENUE_FIRST..=KIND_VENUE_LAST => Err(DecodeError::Venue),
        b'{' => bluetrace::decode_read(bytes),
        got => Err(DecodeError::PayloadKind { got }),
    }
}

const KIND_SIMPLE_FIRST: u8 = 0x10;
const KIND_SIMPLE_LAST: u8 = 0x17;
/// The first kind of payload that belongs to a place, and not to a person.
pub const KIND_VENUE_FIRST: u8 = 0x30;
const KIND_VENUE_LAST: u8 = 0x37;

fn too_short(bytes: &[u8]) -> DecodeError {
    let least = HEADER_BYTES + CONTACT_ID_BYTES;
    DecodeError::IdLength { least, most: VALUE_BYTES_MAX, got: bytes.len() }
}

const DAY_SECONDS: i64 = 86_400;

/// Seconds an id lasts: 240 of them make a day.
pub const PERIOD_SECONDS: i64 = 360;

const PERIODS: i64 = DAY_SECONDS / PERIOD_SECONDS;

/// The id a phone with the Simple payload broadcasts at `at`, from the matching key of the UTC
/// day in which `key_time` lies.
///
/// The ids of a day are made from its end to its beginning: each period's seed is a hash of half
/// of the next one's, and the last one's a hash of the matching key; the id is half of a hash of
/// a seed and the seed before it (`SimplePayloadDataSupplier`).
///
/// # Errors
///
/// When `at` lies outside the key's day.
pub fn derive(matching_key: &[u8; 32], key_time: Wall, at: Wall) -> Result<RollingId, DeriveError> {
    let begin = seconds(key_time)? / DAY_SECONDS * DAY_SECONDS;
    let second = seconds(at)? - begin;
    if second < 0 {
        return Err(DeriveError::BeforeKey { at, begin: Wall(begin) });
    }
    if second >= DAY_SECONDS {
        return Err(DeriveError::AfterKey { at, end: Wall(begin + DAY_SECONDS) });
    }
    let period = second / PERIOD_SECONDS;
    let seed = (period..PERIODS).fold(hash(matching_key), |seed, _| before(&seed));
    let id = Period { number: period, seed, earlier: before(&seed) }.id();
    let begin = begin + period * PERIOD_SECONDS;
    Ok(RollingId {
        id: ProximityId::Herald(id),
        begin: Wall(begin),
        end: Wall(begin + PERIOD_SECONDS),
    })
}

/// One period of a day, and what its id is made of.
pub struct Period {
    /// Its number, from 0.
    pub number: i64,
    seed: [u8; 32],
    /// The seed of the period before.
    earlier: [u8; 32],
}

impl Period {
    /// The id that is broadcast in it.
    #[must_use]
    pub fn id(&self) -> [u8; CONTACT_ID_BYTES] {
        let mut contact_seed = self.seed;
        contact_seed.iter_mut().zip(self.earlier).for_each(|(byte, other)| *byte ^= other);
        let mut id = [0; CONTACT_ID_BYTES];
        id.iter_mut().zip(hash(&contact_seed)).for_each(|(to, from)| *to = from);
        id
    }
}

impl std::fmt::Debug for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Period({})", self.number)
    }
}

/// The periods of the day whose matching key this is, the last one first, as that is how they are
/// made.
pub fn periods(matching_key: &[u8; 32]) -> impl Iterator<Item = Period> {
    let mut seed = before(&hash(matching_key));
    (0..PERIODS).rev().map(move |number| {
        let period = Period { number, seed, earlier: before(&seed) };
        seed = period.earlier;
        period
    })
}

/// The seed of the period before.
fn before(seed: &[u8; 32]) -> [u8; 32] {
    let (half, _) = seed.split_at(16);
    hash(half)
}

fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{advert, bytes};
    use super::*;

    fn candidate(strength: Strength, tx_class: TxClass) -> Evidence {
        Evidence::Candidate { network: Network::Herald, strength, tx_class }
    }

    #[test]
    fn both_generations_and_both_makes_of_phone() {
        let found = |hex: &str| decode(&advert(&bytes(hex)));
        let android = Some(candidate(Strength::Named, TxClass::Low));
        assert_eq!(found("020102 0303F6FC 09FFF105 010203040506"), android);
        let service_v1 = "1107 9BFD5B D672451E80D3424647AF328142";
        assert_eq!(found(&format!("020102 {service_v1} 09FFFAFF 010203040506")), android);
        let iphone = Some(candidate(Strength::Named, TxClass::Full));
        assert_eq!(found("02011A 0303F6FC"), iphone);
        assert_eq!(found(&format!("02011A {service_v1}")), iphone);
        // Recorded from an iPhone SE.
        let background = "14FF4C0001 00000000000000000000 20 0000000000";
        assert_eq!(found(background), Some(candidate(Strength::Hint, TxClass::Full)));
        assert_eq!(found("09FFF105 010203040506"), None, "the company's number alone");
    }

    #[test]
    fn covidsafe_2_has_the_service_of_bluetrace_and_heralds_random_bytes() {
        let service = "1107 F918C24C09FEF0806A4F9515FCB32AB8";
        let found = |rest: &str| decode(&advert(&bytes(&format!("020102 {service} {rest}"))));
        let android = Some(candidate(Strength::Named, TxClass::Low));
        assert_eq!(found("09FFFAFF 010203040506"), android);
        assert_eq!(found("06FFFF03 413946"), None, "an older BlueTrace app");
        assert_eq!(found(""), None);
    }

    #[test]
    fn what_phones_hand_out() {
        let id = "E2CFBEB32DE932C9171C658B5F57A337";
        let read = decode_read(&bytes(&format!("10 02C0 0000 {id}"))).unwrap();
        assert_eq!(read.as_bytes(), bytes(id));
        let extended = decode_read(&bytes(&format!("10 02C0 0000 {id} 4101F5")));
        assert_eq!(extended, Ok(read), "what comes after is not looked at");
        assert_eq!(decode_read(&bytes("30 02C0 0000 00000001")), Err(DecodeError::Venue));
        let unknown = DecodeError::PayloadKind { got: 0x90 };
        assert_eq!(decode_read(&bytes("90 02C0 0000 01")), Err(unknown));
        let message = br#"{"msg":"c2FtcGxl","org":"AU_DTA","v":2}"#;
        assert_eq!(decode_read(message), bluetrace::decode_read(message));
        for short in [&[][..], &[0x10, 2, 0xC0, 0], &[0x10; 20]] {
            let wrong = DecodeError::IdLength { least: 21, most: 512, got: short.len() };
            assert_eq!(decode_read(short), Err(wrong));
        }
    }

    #[test]
    fn ids_of_the_first_day_of_the_published_secret() {
        let key = "38FC2E6A58A6208CB376E79F46B6DCD646A8EEF492C07BDECCDE63448AEA4B51";
        let key: [u8; 32] = bytes(key).try_into().unwrap();
        let day = 1_600_905_600;
        let at = |second: i64| derive(&key, Wall(day), Wall(day + second));
        for (second, id) in [
            (0, 0xE2CF_BEB3_2DE9_32C9_171C_658B_5F57_A337_u128),
            (719, 0xD7F8_EF99_2E35_091F_ED00_B9C4_7DCF_E398),
            (86_399, 0x8C9A_2275_9B2A_87FF_41A9_391E_8D39_0F35),
        ] {
            let rolling = at(second).unwrap();
            assert_eq!(rolling.id, ProximityId::Herald(id.to_be_bytes()), "{second}");
            assert!((rolling.begin.0..rolling.end.0).contains(&(day + second)));
        }
        let (early, late) = (Wall(day - 1), Wall(day + 86_400));
        assert_eq!(at(-1), Err(DeriveError::BeforeKey { at: early, begin: Wall(day) }));
        assert_eq!(at(86_400), Err(DeriveError::AfterKey { at: late, end: late }));
    }
}
