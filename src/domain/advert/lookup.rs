//! What an advert says somewhere among its structures. The first that says it counts; what comes
//! after a structure that breaks off is not read.

use super::{AdStructure, Advertisement, Dbm, ad_type, uuid};

impl Advertisement {
    /// What the first service data under this 16-bit UUID holds.
    #[must_use]
    pub fn service_data16(&self, uuid: u16) -> Option<&[u8]> {
        self.readable().find_map(|structure| structure.service_data16(uuid))
    }

    /// What the first manufacturer data of this company holds.
    #[must_use]
    pub fn manufacturer_data(&self, company: u16) -> Option<&[u8]> {
        self.readable().find_map(|structure| structure.manufacturer_data(company))
    }

    /// Whether a list of services names this one, by its 16-bit UUID if it has one.
    #[must_use]
    pub fn lists_service(&self, uuid: u128) -> bool {
        self.readable().any(|structure| structure.lists_service(uuid))
    }

    /// What the sender says it sends at.
    #[must_use]
    pub fn tx_power(&self) -> Option<Dbm> {
        let stated = self.readable().find(|structure| structure.ad_type == ad_type::TX_POWER)?;
        stated.payload.first().map(|&level| Dbm(level.cast_signed()))
    }

    fn readable(&self) -> impl Iterator<Item = AdStructure<'_>> {
        self.structures().map_while(Result::ok)
    }
}

impl AdStructure<'_> {
    /// Whether this is a list of services by 16-bit or 128-bit UUIDs, whole or in part.
    #[must_use]
    pub const fn is_service_list(&self) -> bool {
        matches!(
            self.ad_type,
            ad_type::UUID16_SOME
                | ad_type::UUID16_ALL
                | ad_type::UUID128_SOME
                | ad_type::UUID128_ALL
        )
    }

    /// Whether this is a list of services that names this one, by its 16-bit UUID if it has one.
    #[must_use]
    pub fn lists_service(&self, uuid: u128) -> bool {
        self.lists_uuid128(uuid) || uuid::short(uuid).is_some_and(|short| self.lists_uuid16(short))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::advert::{Address, AdvertData};

    #[test]
    fn the_first_that_says_it() {
        let mut data = AdvertData::new(&[2, 0x0A, 0xF1, 2, 0x0A, 7, 3, 0x03, 0x6F, 0xFD]);
        data.extend(&[4, 0x16, 0x6F, 0xFD, 1, 4, 0xFF, 0xF1, 0x05, 2, 9, 0x07]);
        let address = Address { bytes: [0; 6], random: true };
        let advert = Advertisement { address, rssi: None, connectable: false, data };
        assert_eq!(advert.tx_power(), Some(Dbm(-15)));
        assert_eq!(advert.service_data16(0xFD6F), Some(&[1][..]));
        assert_eq!(advert.manufacturer_data(0x05F1), Some(&[2][..]));
        assert!(advert.lists_service(uuid::long(0xFD6F)));
        assert!(!advert.lists_service(uuid::long(0xFD68)));
    }
}
