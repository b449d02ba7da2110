//! Exposure Notification by Apple and Google: the id stands in the service data of 0xFD6F.
//!
//! The key schedule is that of the Cryptography Specification v1.2. The metadata beside the id
//! is encrypted, so what a phone says it sends at is known only once its key is published; until
//! then it is passed on as it was heard.
//! Published keys are matched in [`crate::domain::exposure::matcher`].

use std::ops::RangeInclusive;

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use hkdf::Hkdf;
use sha2::Sha256;

use super::{DecodeError, DeriveError, Network, RollingId, seconds};
use crate::domain::advert::{Advertisement, Dbm};
use crate::domain::moment::Wall;
use crate::domain::sighting::{Evidence, ProximityId, SendingPower, TxClass};

/// The service's 16-bit UUID (Bluetooth Specification v1.2, section "Service UUID").
pub const SERVICE: u16 = 0xFD6F;

/// Bytes of a rolling proximity identifier.
pub const RPI_BYTES: usize = 16;

/// The most bytes of service data that are taken for an id and its metadata. The specification
/// has 20; Google's receiver takes 16 or more; 24 fill a legacy advert.
pub const SERVICE_DATA_BYTES_MAX: usize = 24;

/// Seconds an id lasts, and the unit in which keys are dated (`ENIntervalNumber`).
pub const INTERVAL_SECONDS: i64 = 600;

/// Intervals a key lasts: one day (`EKRollingPeriod`).
pub const ROLLING_PERIOD: i64 = 144;

/// Version 1.0 of the metadata, as the kiosk sends it: the two highest bits are the major version,
/// the next two the minor one (Bluetooth Specification v1.2, "Associated Encrypted Metadata"). After
/// it come the power in dBm and two zeros.
pub const METADATA_VERSION: u8 = 0x40;

/// The bits of the major version; another one than that of [`METADATA_VERSION`] may mean anything.
const MAJOR_VERSION: u8 = 0xC0;

/// The powers that are taken for a phone's, in dBm: the bounds of Google's own matching. The
/// metadata is not signed, so anybody can have turned any of its bits.
const TX_POWERS: RangeInclusive<i8> = -50..=20;

/// What Exposure Notification makes of an advert. Neither flags nor a list of services need be
/// there, as Google's own receiver asks for neither.
///
/// # Errors
///
/// When the service data is too short to hold an id, or too long for this network.
pub fn decode(advert: &Advertisement) -> Result<Option<Evidence>, DecodeError> {
    let Some(data) = advert.service_data16(SERVICE) else { return Ok(None) };
    match data.first_chunk() {
        Some(&rpi) if data.len() <= SERVICE_DATA_BYTES_MAX => Ok(Some(Evidence::Id {
            network: Network::Gaen,
            id: ProximityId::Rpi(rpi),
            tx_power: metadata(data).map_or(SendingPower::Unsaid, SendingPower::Sealed),
            // Google's own app asks for it (`ContactTracingFeature.java`).
            tx_class: TxClass::Low,
        })),
        _ => Err(DecodeError::IdLength {
            least: RPI_BYTES,
            most: SERVICE_DATA_BYTES_MAX,
            got: data.len(),
        }),
    }
}

/// The metadata beside the id; `None` where it is not all there.
fn metadata(data: &[u8]) -> Option<[u8; 4]> {
    data.get(RPI_BYTES..)?.first_chunk().copied()
}

/// The id a phone broadcasts at `at`, from its temporary exposure key. The key counts from the
/// interval in which `key_time` lies and lasts [`ROLLING_PERIOD`] intervals; a published key's
/// `key_time` is its `rolling_start_interval_number` times [`INTERVAL_SECONDS`].
///
/// # Errors
///
/// When `at` lies outside the key's day.
pub fn derive(key: &[u8; 16], key_time: Wall, at: Wall) -> Result<RollingId, DeriveError> {
    let start = seconds(key_time)? / INTERVAL_SECONDS;
    let interval = seconds(at)? / INTERVAL_SECONDS;
    let end = start + ROLLING_PERIOD;
    if interval < start {
        return Err(DeriveError::BeforeKey { at, begin: Wall(start * INTERVAL_SECONDS) });
    }
    if interval >= end {
        return Err(DeriveError::AfterKey { at, end: Wall(end * INTERVAL_SECONDS) });
    }
    let number = u32::try_from(interval).map_err(|_| DeriveError::Moment { moment: at })?;
    Ok(RollingId {
        id: ProximityId::Rpi(IdKey::new(key).rpi(number)),
        begin: Wall(interval * INTERVAL_SECONDS),
        end: Wall((interval + 1) * INTERVAL_SECONDS),
    })
}

/// The rolling proximity identifier key of one day, ready to give any interval's id.
pub struct IdKey(Aes128);

impl IdKey {
    /// From a temporary exposure key.
    #[must_use]
    pub fn new(key: &[u8; 16]) -> Self {
        Self(Aes128::new(&expand(key, b"EN-RPIK").into()))
    }

    /// The id in the interval of that number.
    #[must_use]
    pub fn rpi(&self, interval: u32) -> [u8; RPI_BYTES] {
        let mut block = rpi_block(interval).into();
        self.0.encrypt_block(&mut block);
        block.into()
    }
}

impl std::fmt::Debug for IdKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdKey(…)")
    }
}

/// What is encrypted to give the id in the interval of that number (`PaddedData`).
#[must_use]
pub const fn rpi_block(interval: u32) -> [u8; RPI_BYTES] {
    let [a, b, c, d] = interval.to_le_bytes();
    [b'E', b'N', b'-', b'R', b'P', b'I', 0, 0, 0, 0, 0, 0, a, b, c, d]
}

/// Encrypts, or decrypts, the four bytes of metadata that go with an id: AES-128 in counter mode
/// under the day's metadata key, the id being the counter's first value.
#[must_use]
pub fn associated_metadata(key: &[u8; 16], rpi: &[u8; RPI_BYTES], metadata: [u8; 4]) -> [u8; 4] {
    let cipher = Aes128::new(&expand(key, b"EN-AEMK").into());
    let mut block = (*rpi).into();
    cipher.encrypt_block(&mut block);
    let [a, b, c, d, ..] = <[u8; 16]>::from(block);
    (u32::from_be_bytes([a, b, c, d]) ^ u32::from_be_bytes(metadata)).to_be_bytes()
}

/// At which power a phone says that it sends: read from the metadata beside an id, with the key of
/// its day. `None` where it is of another major version, or says a power that no phone has.
#[must_use]
pub fn sending_power(key: &[u8; 16], rpi: &[u8; RPI_BYTES], sealed: [u8; 4]) -> Option<Dbm> {
    let [version, power, ..] = associated_metadata(key, rpi, sealed);
    let power = i8::from_be_bytes([power]);
    let is_known = version & MAJOR_VERSION == METADATA_VERSION & MAJOR_VERSION;
    (is_known && TX_POWERS.contains(&power)).then_some(Dbm(power))
}

/// HKDF-SHA256 without salt to 16 bytes.
fn expand(key: &[u8; 16], info: &[u8]) -> [u8; 16] {
    let mut out = [0; 16];
    #[expect(clippy::expect_used, reason = "HKDF-SHA256 gives any length up to 8,160 bytes")]
    Hkdf::<Sha256>::new(None, key)
        .expand(info, &mut out)
        .expect("16 bytes are within HKDF's reach");
    out
}

#[cfg(test)]
mod tests {
    use super::super::tests::advert;
    use super::*;

    /// The key of the official vectors; it counts from 1585785600.
    const KEY: [u8; 16] = 0x75C7_34C6_DD1A_782D_E7A9_65DA_5EB9_3125_u128.to_be_bytes();
    const KEY_TIME: Wall = Wall(1_585_785_600);

    fn rpi_at(at: i64) -> u128 {
        let rolling = derive(&KEY, KEY_TIME, Wall(at)).unwrap();
        assert!((rolling.begin.0..rolling.end.0).contains(&at));
        u128::from_be_bytes(rolling.id.as_bytes().try_into().unwrap())
    }

    #[test]
    fn official_vectors() {
        assert_eq!(
            expand(&KEY, b"EN-RPIK"),
            0x185A_D91D_B69E_C7DD_0489_60F1_F3BA_6175_u128.to_be_bytes()
        );
        assert_eq!(
            expand(&KEY, b"EN-AEMK"),
            0xD57C_46AF_7A1D_8396_5B9B_ED8B_D152_936A_u128.to_be_bytes()
        );
        let first = 0x8BE6_CD37_1C5C_8916_04BF_BE49_DF84_5096_u128;
        assert_eq!(rpi_at(KEY_TIME.0), first);
        assert_eq!(rpi_at(KEY_TIME.0 + 1_199), 0x3C9A_1DE5_DD6B_02AF_A7FD_ED7B_570B_3E56);
        assert_eq!(rpi_at(KEY_TIME.0 + 86_399), 0xF431_B62E_CF44_3102_CE4E_D040_7DE5_4BD4);
        let metadata = associated_metadata(&KEY, &first.to_be_bytes(), [0x40, 0x08, 0, 0]);
        assert_eq!(metadata, [0x72, 0x03, 0x38, 0x74]);
        for (rpi, sealed) in [
            (first, 0x7203_3874_u32),
            (0x3C9A_1DE5_DD6B_02AF_A7FD_ED7B_570B_3E56, 0xC292_11B1),
            (0x243F_FE9A_3B08_BDED_3094_BAC8_630B_B8AD, 0x6ADF_AD03),
            (0xF431_B62E_CF44_3102_CE4E_D040_7DE5_4BD4, 0x1215_E57E),
        ] {
            let (rpi, sealed) = (rpi.to_be_bytes(), sealed.to_be_bytes());
            assert_eq!(sending_power(&KEY, &rpi, sealed), Some(Dbm(8)));
        }
    }

    #[test]
    fn round_trip_vector_of_the_reference_implementation() {
        let key = 0x2B71_4D3E_C93C_14E5_D345_003E_5902_7AEA_u128.to_be_bytes();
        let rpi = IdKey::new(&key).rpi(2_646_801);
        assert_eq!(u128::from_be_bytes(rpi), 0x3D37_CAF5_1D1B_F4BA_54E7_58E0_AC74_C892);
    }

    #[test]
    fn a_key_lasts_its_day() {
        let late = KEY_TIME.0 + 86_400;
        assert_eq!(
            derive(&KEY, KEY_TIME, Wall(late)),
            Err(DeriveError::AfterKey { at: Wall(late), end: Wall(late) })
        );
        let early = Wall(KEY_TIME.0 - 1);
        assert_eq!(
            derive(&KEY, KEY_TIME, early),
            Err(DeriveError::BeforeKey { at: early, begin: KEY_TIME })
        );
        let wrong = Wall(i64::MAX);
        assert_eq!(derive(&KEY, wrong, wrong), Err(DeriveError::Moment { moment: wrong }));
    }

    #[test]
    fn service_data_of_16_to_24_bytes_is_an_id() {
        for len in 0..=27_u8 {
            let mut bytes = vec![len + 3, 0x16, 0x6F, 0xFD];
            bytes.extend((0..len).map(|byte| byte + 1));
            let found = decode(&advert(&bytes));
            if (16..=24).contains(&len) {
                let id = ProximityId::Rpi(std::array::from_fn(|i| u8::try_from(i + 1).unwrap()));
                let (network, tx_class) = (Network::Gaen, TxClass::Low);
                let tx_power = match len {
                    ..20 => SendingPower::Unsaid,
                    20.. => SendingPower::Sealed([17, 18, 19, 20]),
                };
                assert_eq!(found, Ok(Some(Evidence::Id { network, id, tx_power, tx_class })));
            } else {
                let got = usize::from(len);
                assert_eq!(found, Err(DecodeError::IdLength { least: 16, most: 24, got }));
            }
        }
    }

    #[test]
    fn only_a_power_that_a_phone_has_is_read_from_metadata() {
        let rpi = [7; RPI_BYTES];
        let read = |metadata| sending_power(&KEY, &rpi, associated_metadata(&KEY, &rpi, metadata));
        for version in (u8::MIN..=u8::MAX).step_by(15) {
            for power in i8::MIN..=i8::MAX {
                let known = matches!(version, 0x40..=0x7F) && matches!(power, -50..=20);
                let [byte] = power.to_be_bytes();
                assert_eq!(read([version, byte, 0, 0]), known.then_some(Dbm(power)));
            }
        }
    }

    #[test]
    fn a_list_of_services_alone_is_no_id() {
        assert_eq!(decode(&advert(&[2, 1, 0x1A, 3, 3, 0x6F, 0xFD])), Ok(None));
    }
}
