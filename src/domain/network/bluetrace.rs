//! BlueTrace, the protocol of Singapore's TraceTogether, Australia's COVIDSafe, Alberta's
//! ABTraceTogether and whatever else was built on OpenTrace: every phone names the service and
//! keeps its id for whoever connects. The Token that speaks a lighter form is in
//! [`token`](super::token), COVIDSafe since version 2 in [`herald`](super::herald).
//!
//! Read from the white paper, `opentrace-android`, `opentrace-ios`, COVIDSafe's public source and
//! the constants of the shipped apps. Ids are made and matched by a server, so neither is done
//! here.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::gatt::{GattId, VALUE_BYTES_MAX};
use super::services::Services;
use super::{DecodeError, Network};
use crate::domain::advert::Advertisement;
use crate::domain::sighting::{Evidence, ProximityId};

/// The service of TraceTogether and of COVIDSafe, which nothing in an advert tells apart.
pub const TRACETOGETHER: u128 = 0xB82A_B3FC_1595_4F6A_80F0_FE09_4CC2_18F9;
/// The same number under its other name.
pub const COVIDSAFE: u128 = TRACETOGETHER;
/// COVIDSafe's own trials.
pub const COVIDSAFE_STAGING: u128 = 0xCC0A_C8B7_03B5_4252_8D84_44D1_99E1_6065;
/// OpenTrace as its sources have it for iPhones.
pub const OPENTRACE: u128 = 0xA6BA_4286_C550_4794_A888_9467_EF0B_31A8;
/// OpenTrace as its read-me has it for trials.
pub const OPENTRACE_STAGING: u128 = 0x17E0_33D3_490E_4BC9_9FE8_2F56_7643_F4D3;
/// ABTraceTogether.
pub const ABTRACETOGETHER: u128 = 0x70F3_4CB2_8882_11EA_BC55_0242_AC13_0003;

/// The company number under which Android phones put three letters that change with each run of
/// adverts. It is nobody's id and is only explained, not used.
pub const COMPANY: u16 = 0x03FF;

/// The second version's characteristic in TraceTogether and what was made from its sample.
const TRACETOGETHER_V2: u128 = 0x117B_DD58_57CE_4E7A_8E87_7CCC_DDA2_A804;

/// What a phone hands out, by service. The first version's characteristic has the service's
/// number, and COVIDSafe has kept it.
pub const READS: [GattId; 6] = [
    message_in(TRACETOGETHER, TRACETOGETHER_V2),
    message_in(TRACETOGETHER, TRACETOGETHER),
    message_in(OPENTRACE, 0xD103_4710_B11E_42F2_BCA3_F481_177D_5BB2),
    message_in(OPENTRACE_STAGING, TRACETOGETHER_V2),
    message_in(COVIDSAFE_STAGING, COVIDSAFE_STAGING),
    message_in(ABTRACETOGETHER, 0x7BEE_419E_8882_11EA_BC55_0242_AC13_0003),
];

const fn message_in(service: u128, characteristic: u128) -> GattId {
    // The shortest that could hold an id is {"id":"x"}.
    GattId { service, characteristic, least: 10, most: VALUE_BYTES_MAX }
}

const SERVICES: Services = Services::new(&[
    TRACETOGETHER,
    COVIDSAFE_STAGING,
    OPENTRACE,
    OPENTRACE_STAGING,
    ABTRACETOGETHER,
]);

/// What BlueTrace makes of an advert. Android phones send at the setting HIGH, so both makes are
/// of one class.
#[must_use]
pub fn decode(advert: &Advertisement) -> Option<Evidence> {
    SERVICES.candidate(Network::BlueTrace, advert)
}

/// The message a phone hands out: `id` in the protocol's second version, `msg` in the first and
/// in COVIDSafe. The rest, the make of the phone among it, is not looked at.
#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, alias = "msg")]
    id: std::borrow::Cow<'a, str>,
}

/// The id in the message a phone hands out. It is sealed for a server and its length differs from
/// app to app, so half of its SHA-256 stands for it. COVIDSafe seals it anew for each reading.
///
/// # Errors
///
/// When it is no such message, or one without an id.
pub fn decode_read(bytes: &[u8]) -> Result<ProximityId, DecodeError> {
    let Message { id } = serde_json::from_slice(bytes).map_err(|_| DecodeError::Message)?;
    if id.is_empty() {
        return Err(DecodeError::IdMissing);
    }
    let mut half = [0; 16];
    half.iter_mut().zip(Sha256::digest(id.as_bytes())).for_each(|(to, from)| *to = from);
    Ok(ProximityId::BlueTrace(half))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{advert, bytes};
    use super::*;
    use crate::domain::sighting::{Strength, TxClass};

    fn candidate(strength: Strength) -> Evidence {
        Evidence::Candidate { network: Network::BlueTrace, strength, tx_class: TxClass::Full }
    }

    #[test]
    fn every_app_on_either_make_of_phone() {
        for service in [
            "F918C24C09FEF0806A4F9515FCB32AB8",
            "6560E199D144848D5242B503B7C80ACC",
            "A8310BEF679488A8944750C58642BAA6",
            "D3F44376562FE89FC94B0E49D333E017",
            "030013AC420255BCEA118288B24CF370",
        ] {
            let android = format!("020102 020A01 1107 {service} 06FFFF03 413946");
            assert_eq!(
                decode(&advert(&bytes(&android))),
                Some(candidate(Strength::Named)),
                "{service}"
            );
            let iphone = format!("02011A 1106 {service} 03095452");
            assert_eq!(
                decode(&advert(&bytes(&iphone))),
                Some(candidate(Strength::Named)),
                "{service}"
            );
        }
        assert_eq!(decode(&advert(&bytes("06FFFF03 413946"))), None, "the letters alone");
    }

    #[test]
    fn the_bits_that_the_apps_filter_on() {
        // Each app's published filter: COVIDSafe, its trials, ABTraceTogether.
        for area in [
            "0100000000000000 0000000000000000",
            "0020000000000000 0000000000000000",
            "0000000020000000 0000000000000000",
        ] {
            let found = decode(&advert(&bytes(&format!("14FF4C0001 {area}"))));
            assert_eq!(found, Some(candidate(Strength::Hint)), "{area}");
        }
        let another = "14FF4C0001 0800000000000000 0000000000000000";
        assert_eq!(decode(&advert(&bytes(another))), None);
    }

    #[test]
    fn messages_of_each_version() {
        let second = br#"{"id":"8vej+n5NAOyW","mp":"iPhone X","o":"SG_MOH","v":2}"#;
        let other_phone = br#"{"v":2,"o":"SG_OTC","id":"8vej+n5NAOyW","mp":""}"#;
        let covidsafe = br#"{"v":2,"msg":"8vej+n5NAOyW","org":"AU_DTA","modelP":null}"#;
        let read = decode_read(second).unwrap();
        assert_eq!(decode_read(other_phone), Ok(read));
        assert_eq!(decode_read(covidsafe), Ok(read));
        let another = br#"{"id":"8vej+n5NAOyX","mp":"iPhone X","o":"SG_MOH","v":2}"#;
        assert_ne!(decode_read(another), Ok(read));
    }

    #[test]
    fn what_is_no_message_says_so() {
        let escaped = br#"{"id":"a\/b"}"#;
        assert_eq!(decode_read(escaped), decode_read(br#"{"id":"a/b"}"#));
        assert_eq!(decode_read(br#"{"id":""}"#), Err(DecodeError::IdMissing));
        for wrong in [&b""[..], b"{", b"{}", b"[1]", br#"{"id":7}"#, b"\xFF\xFE"] {
            assert_eq!(decode_read(wrong), Err(DecodeError::Message));
        }
    }
}
