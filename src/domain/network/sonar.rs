//! The first app of England's health service, tried on the Isle of Wight in May 2020 and called
//! Sonar inside: every phone names the service and keeps its id for whoever connects.
//!
//! Read from `COVID-19-app-Android-BETA`. Ids are sealed for a server, so neither deriving nor
//! matching is done here.

use super::gatt::GattId;
use super::services::Services;
use super::{DecodeError, Network, exactly};
use crate::domain::advert::Advertisement;
use crate::domain::sighting::{Evidence, ProximityId};

/// The service.
pub const SERVICE: u128 = 0xC1F5_983C_FA94_4AC8_8E2E_BB86_D6DE_9B21;

/// Country (2), cryptogram (106), power (1), time (4), signature (16).
const IDENTITY_BYTES: usize = 129;

/// What a phone hands out.
pub const READS: [GattId; 1] =
    [GattId::of(SERVICE, 0x85BF_337C_5B64_48EB_A5F7_A9FE_D135_C972, IDENTITY_BYTES)];

const SERVICES: Services = Services::new(&[SERVICE]);

/// What Sonar makes of an advert. At what power Android phones send is not known.
#[must_use]
pub fn decode(advert: &Advertisement) -> Option<Evidence> {
    SERVICES.candidate(Network::Sonar, advert)
}

/// The id in what a phone hands out: the first 16 bytes of the cryptogram, which is made once a
/// day and begins with a public key made for it. What stands around it is new in every reading.
///
/// # Errors
///
/// When it has another length.
pub fn decode_read(bytes: &[u8]) -> Result<ProximityId, DecodeError> {
    let [_, _, cryptogram @ ..] = exactly::<IDENTITY_BYTES>(bytes)?;
    let (id, _) = cryptogram.split_first_chunk().ok_or(DecodeError::IdMissing)?;
    Ok(ProximityId::Sonar(*id))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{advert, bytes};
    use super::*;
    use crate::domain::sighting::{Strength, TxClass};

    #[test]
    fn phones_name_the_service_or_set_its_bit() {
        let (network, tx_class) = (Network::Sonar, TxClass::Full);
        let candidate = |strength| Some(Evidence::Candidate { network, strength, tx_class });
        let android = "020102 1107 219BDED686BB2E8EC84A94FA3C98F5C1 03FFE000 020AF9";
        assert_eq!(decode(&advert(&bytes(android))), candidate(Strength::Named));
        // The app's own filter.
        let background = "14FF4C0001 000000000000000000 40 000000000000";
        assert_eq!(decode(&advert(&bytes(background))), candidate(Strength::Hint));
        assert_eq!(decode(&advert(&bytes("03FFE000"))), None, "Google's number alone");
    }

    #[test]
    fn the_id_stays_while_time_and_signature_change() {
        // The ephemeral key of the published vector.
        let key = "373C625FB9D728D2A13F68154B4D57D38B0237C7B816813E7D7A261C40D1ABF1";
        let mut identity = bytes(&format!("033A {key}"));
        identity.resize(IDENTITY_BYTES, 1);
        let read = decode_read(&identity).unwrap();
        assert_eq!(read.as_bytes(), &bytes(key)[..16]);
        identity[IDENTITY_BYTES - 20..].fill(2);
        assert_eq!(decode_read(&identity), Ok(read));
        identity.pop();
        let short = Err(DecodeError::IdLength { least: 129, most: 129, got: 128 });
        assert_eq!(decode_read(&identity), short);
    }
}
