//! Singapore's TraceTogether Token, a small transmitter for people without a phone ("BlueTrace
//! Lite"): its id stands in the service data of 0xFFFF. Gateways and later phones speak the same.
//!
//! Read from the maker's public write-up and three recorded adverts. Only those who hold the
//! network's key can tell whether an id is genuine; that, and matching, is not done here.

use super::Network;
use crate::domain::advert::{Advertisement, uuid};
use crate::domain::sighting::{Evidence, ProximityId, SendingPower, TxClass};

/// A 16-bit UUID that is assigned to nobody. Anybody may use it, so length and version count too.
pub const SERVICE: u16 = 0xFFFF;

/// Signature (6), id (10), reserved (2), version and kind (2).
pub const DATA_BYTES: usize = 20;

/// Signature and id.
pub const ID_BYTES: usize = 16;

/// Where the version stands.
pub const VERSION_AT: usize = 18;

/// The version in the recorded adverts; the byte after it differs.
const VERSION: u8 = 0x38;

/// What the Token's network makes of an advert. What does not have its whole form may be anybody's
/// and is nothing here. At what power a Token sends is not known.
#[must_use]
pub fn decode(advert: &Advertisement) -> Option<Evidence> {
    let data: &[u8; DATA_BYTES] = advert.service_data16(SERVICE)?.try_into().ok()?;
    let &[id @ .., _, _, version, _] = data;
    let is_whole = version == VERSION && advert.lists_service(uuid::long(SERVICE));
    is_whole.then_some(Evidence::Id {
        network: Network::Token,
        id: ProximityId::Token(id),
        tx_power: SendingPower::Unsaid,
        tx_class: TxClass::Full,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{advert, bytes};
    use super::*;

    #[test]
    fn recorded_tokens() {
        let recorded = [
            (0xB8DF_B789_55B6_D6A9_09CD_ED68_6B08_1CE7, "7FBB 3833"),
            (0xDA65_2A96_857C_81AD_9529_C91A_9E8D_23FF, "7E71 3833"),
            (0xDAA9_6DA7_DCFB_4B09_9F31_4835_5FA8_1600_u128, "559F 3820"),
        ];
        for (id, rest) in recorded {
            let packet = format!("020106 0303FFFF 1716FFFF {id:032X} {rest}");
            let found = decode(&advert(&bytes(&packet)));
            let Some(Evidence::Id { id: ProximityId::Token(read), .. }) = found else {
                panic!("{found:?}");
            };
            assert_eq!(u128::from_be_bytes(read), id);
        }
    }

    #[test]
    fn anybody_may_use_the_number() {
        let data = "B8DFB78955B6D6A909CDED686B081CE7 7FBB 3833";
        let other = "B8DFB78955B6D6A909CDED686B081CE7 7FBB 3933";
        assert_eq!(decode(&advert(&bytes(&format!("1716FFFF {data}")))), None, "not listed");
        assert_eq!(decode(&advert(&bytes(&format!("0303FFFF 1716FFFF {other}")))), None);
        assert_eq!(decode(&advert(&bytes(&format!("0303FFFF 1816FFFF {data} 00")))), None);
    }
}
