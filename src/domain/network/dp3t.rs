//! DP-3T in its own form, before Apple and Google had theirs ("prestandard"): an Android phone
//! broadcasts its id in the service data of 0xFD68, an iPhone names the service and keeps the id
//! for whoever connects.
//!
//! Read from `dp3t-sdk-android` (tag `prestandard`) and the reference implementation of the
//! low-cost design. Matching is not done here.

use aes::Aes256;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};

use super::gatt::GattId;
use super::services::Services;
use super::{DecodeError, Network, exactly};
use crate::domain::advert::{Advertisement, uuid};
use crate::domain::sighting::{Evidence, ProximityId, TxClass};

/// The service's 16-bit UUID (`BleServer.java`).
pub const SERVICE: u16 = 0xFD68;

/// Bytes of an `EphID`.
pub const EPHID_BYTES: usize = 16;

/// Ids of one day, a quarter of an hour each.
pub const EPHIDS_PER_DAY: usize = 96;

/// What an iPhone hands out.
pub const READS: [GattId; 1] =
    [GattId::of(uuid::long(SERVICE), 0x8C84_94E3_BAB5_1848_40A0_1B06_991C_0001, EPHID_BYTES)];

const SERVICES: Services = Services::new(&[uuid::long(SERVICE)]);

/// What DP-3T makes of an advert. Where an Android phone's id is sent in answer to the scan only,
/// its advert alone looks like an iPhone's.
///
/// # Errors
///
/// When the service data is no id.
pub fn decode(advert: &Advertisement) -> Result<Option<Evidence>, DecodeError> {
    let Some(data) = advert.service_data16(SERVICE) else {
        return Ok(SERVICES.candidate(Network::Dp3t, advert));
    };
    let stated = advert.tx_power();
    Ok(Some(Evidence::Id {
        network: Network::Dp3t,
        id: decode_read(data)?,
        tx_power: stated.into(),
        tx_class: TxClass::stated(stated),
    }))
}

/// The id a phone hands out.
///
/// # Errors
///
/// When it has another length.
pub fn decode_read(bytes: &[u8]) -> Result<ProximityId, DecodeError> {
    exactly(bytes).map(ProximityId::EphId)
}

/// The ids of the day whose key this is. A phone broadcasts them in an order of its own, so none
/// of them tells the time of day.
#[must_use]
pub fn ephids(day_key: &[u8; 32]) -> [[u8; EPHID_BYTES]; EPHIDS_PER_DAY] {
    // HKDF's first step is HMAC with the salt for its key.
    let (stream_key, _) = Hkdf::<Sha256>::extract(Some(day_key), b"broadcast key");
    let cipher = Aes256::new(&stream_key);
    let mut counter = 0_u128;
    let mut blocks = [(); EPHIDS_PER_DAY].map(|()| {
        let block = counter.to_be_bytes().into();
        counter = counter.wrapping_add(1);
        block
    });
    // All of them together, so that the processor works on many at a time.
    cipher.encrypt_blocks(&mut blocks);
    blocks.map(Into::into)
}

/// The key of the day after.
#[must_use]
pub fn next_day_key(day_key: &[u8; 32]) -> [u8; 32] {
    Sha256::digest(day_key).into()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{advert, bytes};
    use super::*;
    use crate::domain::advert::Dbm;
    use crate::domain::sighting::{SendingPower, Strength};

    const ID: u128 = 0xEB09_58C0_1149_2732_C59E_3ED2_A5EE_F01D;

    #[test]
    fn an_android_phone_and_what_it_says_it_sends_at() {
        let packet = "020102 020AF1 030368FD 131668FD EB0958C011492732C59E3ED2A5EEF01D";
        let id = ProximityId::EphId(ID.to_be_bytes());
        let (tx_power, tx_class) = (SendingPower::Stated(Dbm(-15)), TxClass::Low);
        let known = Evidence::Id { network: Network::Dp3t, id, tx_power, tx_class };
        assert_eq!(decode(&advert(&bytes(packet))), Ok(Some(known)));
        let unstated = "131668FD EB0958C011492732C59E3ED2A5EEF01D";
        let (tx_power, tx_class) = (SendingPower::Unsaid, TxClass::Full);
        let known = Evidence::Id { network: Network::Dp3t, id, tx_power, tx_class };
        assert_eq!(decode(&advert(&bytes(unstated))), Ok(Some(known)));
        let short = Err(DecodeError::IdLength { least: 16, most: 16, got: 1 });
        assert_eq!(decode(&advert(&bytes("041668FD01"))), short);
    }

    #[test]
    fn an_iphone_keeps_its_id_until_it_is_read() {
        let (network, tx_class) = (Network::Dp3t, TxClass::Full);
        let found = decode(&advert(&bytes("02011A 030368FD")));
        let strength = Strength::Named;
        assert_eq!(found, Ok(Some(Evidence::Candidate { network, strength, tx_class })));
        assert_eq!(decode_read(&ID.to_be_bytes()), Ok(ProximityId::EphId(ID.to_be_bytes())));
        assert_eq!(decode(&advert(&bytes("03036FFD"))), Ok(None));
    }

    #[test]
    fn ids_of_the_zero_key_and_of_the_day_after() {
        let ids = ephids(&[0; 32]).map(u128::from_be_bytes);
        assert_eq!(ids[0], ID);
        assert_eq!(ids[1], 0x0A61_D3D5_8D43_0C4D_3D9E_F809_598F_55B2);
        assert_eq!(ids[95], 0xC2FF_48F3_A5EE_557E_E6A0_5B83_7EEA_E882);
        let next = next_day_key(&[0; 32]);
        assert_eq!(next[..4], [0x66, 0x68, 0x7A, 0xAD]);
        let ids = ephids(&next).map(u128::from_be_bytes);
        assert_eq!(ids[95], 0xEF29_522D_FC8A_12A3_0277_7BC6_6979_3FBA);
    }
}
