//! ROBERT, the protocol of France's StopCovid and TousAntiCovid: an Android phone broadcasts a
//! signed greeting in the service data of 0xFD64, an iPhone names the service and keeps the
//! greeting for whoever connects.
//!
//! Read from the specification (version 1.1) and a mirror of the Android app (`BlePayload.kt`,
//! `HelloBuilder.kt`). Ids are made and matched by a server, so neither is done here.

use super::gatt::GattId;
use super::services::Services;
use super::{DecodeError, Network};
use crate::domain::advert::{Advertisement, Dbm, uuid};
use crate::domain::sighting::{Evidence, ProximityId, SendingPower, TxClass};

/// The service's 16-bit UUID.
pub const SERVICE: u16 = 0xFD64;

/// Country and id: what stays for a quarter of an hour.
pub const ID_BYTES: usize = 9;

/// Where a greeting's version stands, behind time and signature; power and level follow.
pub const VERSION_AT: usize = 16;

/// Bytes of a greeting: HELLO (16), version and power, and in some builds a calibrated level.
pub const GREETING_BYTES: [usize; 2] = [18, 19];

/// What an iPhone hands out.
pub const READS: [GattId; 1] = [GattId {
    service: uuid::long(SERVICE),
    characteristic: 0xA8F1_2D00_EE67_478B_B95F_65D5_9940_7756,
    least: GREETING_BYTES[0],
    most: GREETING_BYTES[1],
}];

const SERVICES: Services = Services::new(&[uuid::long(SERVICE)]);

/// What ROBERT makes of an advert.
///
/// # Errors
///
/// When the service data is no greeting.
pub fn decode(advert: &Advertisement) -> Result<Option<Evidence>, DecodeError> {
    let Some(data) = advert.service_data16(SERVICE) else {
        return Ok(SERVICES.candidate(Network::Robert, advert));
    };
    let (id, stated) = greeting(data)?;
    let (tx_power, tx_class) = (SendingPower::Stated(stated), TxClass::stated(Some(stated)));
    Ok(Some(Evidence::Id { network: Network::Robert, id, tx_power, tx_class }))
}

/// The id in the greeting a phone hands out.
///
/// # Errors
///
/// When it has another length.
pub fn decode_read(bytes: &[u8]) -> Result<ProximityId, DecodeError> {
    greeting(bytes).map(|(id, _)| id)
}

/// A greeting begins with country (1) and id (8), which stay for a quarter of an hour; the time
/// (2) and the signature (5) after them are new in every one, and so no part of the id. Then come
/// the version, which is not looked at, and the power.
fn greeting(bytes: &[u8]) -> Result<(ProximityId, Dbm), DecodeError> {
    let [least, most] = GREETING_BYTES;
    let wrong = DecodeError::IdLength { least, most, got: bytes.len() };
    let (&[id @ .., _, _, _, _, _, _, _, _version, power], rest) =
        bytes.split_first_chunk::<18>().ok_or(wrong)?;
    if rest.len() > most - least {
        return Err(wrong);
    }
    Ok((ProximityId::Robert(id), Dbm(power.cast_signed())))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{advert, bytes};
    use super::*;
    use crate::domain::sighting::Strength;

    /// The published greeting: country 46, id "STOPCOV1".
    const HELLO: &str = "46 53544F50434F5631 A33B CF39C07166";

    fn known(id: ProximityId, stated: i8, tx_class: TxClass) -> Evidence {
        Evidence::Id {
            network: Network::Robert,
            id,
            tx_power: SendingPower::Stated(Dbm(stated)),
            tx_class,
        }
    }

    #[test]
    fn the_id_is_what_stays_from_one_greeting_to_the_next() {
        let id = ProximityId::Robert(*b"FSTOPCOV1");
        let (low, full) = (known(id, -15, TxClass::Low), known(id, 1, TxClass::Full));
        let packet = format!("020102 030364FD 151664FD {HELLO} 02 F1");
        assert_eq!(decode(&advert(&bytes(&packet))), Ok(Some(low)));
        let calibrated = format!("161664FD {HELLO} 02 01 C4");
        assert_eq!(decode(&advert(&bytes(&calibrated))), Ok(Some(full)));
        let later = "151664FD 46 53544F50434F5631 A344 0102030405 02 F1";
        assert_eq!(decode(&advert(&bytes(later))), Ok(Some(low)));
        assert_eq!(decode_read(&bytes(&format!("{HELLO} 02 F1"))), Ok(id));
    }

    #[test]
    fn another_length_is_no_greeting() {
        for len in [0, 17, 20] {
            let wrong = Err(DecodeError::IdLength { least: 18, most: 19, got: len });
            assert_eq!(decode_read(&vec![1; len]), wrong);
        }
    }

    #[test]
    fn an_iphone_names_the_service_or_sets_its_bit() {
        let (network, tx_class) = (Network::Robert, TxClass::Full);
        let candidate = |strength| Ok(Some(Evidence::Candidate { network, strength, tx_class }));
        assert_eq!(decode(&advert(&bytes("02011A 030364FD"))), candidate(Strength::Named));
        // The app's own filter.
        let background = "14FF4C0001 00000000000000000000 08 0000000000";
        assert_eq!(decode(&advert(&bytes(background))), candidate(Strength::Hint));
    }
}
