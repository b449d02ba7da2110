//! An advert in the form BlueZ wants it, from its AD structures. What BlueZ has no place for is
//! left out; nothing of the kiosk's is.

use std::time::Duration;

use bluer::Uuid;
use bluer::adv::{Advertisement, Feature, Type};

use crate::domain::advert::{AdStructure, AdStructures, ad_type, uuid};
use crate::domain::beacon::Airing;

/// What BlueZ is to send for this.
pub(super) fn of(airing: &Airing) -> Advertisement {
    let mut advert = Advertisement {
        advertisement_type: if airing.connectable { Type::Peripheral } else { Type::Broadcast },
        // BlueZ then adds the flags of a device that speaks Bluetooth LE alone and may be found; one
        // that cannot be connected to has none, as phones'.
        discoverable: airing.connectable.then_some(true),
        duration: Some(Duration::from_secs(airing.turn_seconds.into())),
        ..Advertisement::default()
    };
    if airing.states_power {
        advert.system_includes.insert(Feature::TxPower);
    }
    for structure in AdStructures::new(airing.data.as_bytes()).map_while(Result::ok) {
        put(&mut advert, &structure);
    }
    advert
}

fn put(advert: &mut Advertisement, structure: &AdStructure<'_>) {
    let payload = structure.payload;
    match structure.ad_type {
        ad_type::UUID16_ALL => {
            let listed = payload.as_chunks().0.iter();
            advert.service_uuids.extend(listed.map(|&short| service(short)));
        }
        ad_type::SERVICE_DATA16 => {
            if let Some((&short, data)) = payload.split_first_chunk() {
                advert.service_data.insert(service(short), data.to_vec());
            }
        }
        ad_type::MANUFACTURER => {
            if let Some((&company, data)) = payload.split_first_chunk() {
                advert.manufacturer_data.insert(u16::from_le_bytes(company), data.to_vec());
            }
        }
        _ => {}
    }
}

fn service(short: [u8; 2]) -> Uuid {
    Uuid::from_u128(uuid::long(u16::from_le_bytes(short)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::advert::AdvertData;
    use crate::domain::beacon::{Part, plan};

    #[test]
    fn nothing_of_the_kiosks_is_left_out() {
        let bluezone = Airing {
            part: Part::Wake,
            connectable: true,
            states_power: false,
            data: AdvertData::new(&[3, 0x03, 0x56, 0x4E, 5, 0xFF, 0xB5, 0x22, 7, 8]),
            turn_seconds: 6,
        };
        let advert = of(&bluezone);
        assert_eq!(advert.advertisement_type, Type::Peripheral);
        assert_eq!(
            advert.manufacturer_data.into_iter().collect::<Vec<_>>(),
            [(0x22B5, vec![7, 8])]
        );
        let listed = Uuid::from_u128(uuid::long(0x4E56));
        assert_eq!(advert.service_uuids.into_iter().collect::<Vec<_>>(), [listed]);
        assert_eq!(
            (advert.discoverable, advert.duration),
            (Some(true), Some(Duration::from_secs(6)))
        );

        let wake = of(&plan::wake());
        assert_eq!((wake.advertisement_type, wake.discoverable), (Type::Peripheral, Some(true)));
        assert_eq!(wake.manufacturer_data.get(&0x004C).map(Vec::len), Some(23));

        let silent = of(&Airing { connectable: false, ..bluezone });
        assert_eq!((silent.advertisement_type, silent.discoverable), (Type::Broadcast, None));

        let data = AdvertData::new(&[4, 0x16, 0x68, 0xFD, 9]);
        let dp3t = of(&Airing { data, states_power: true, ..bluezone });
        let service = Uuid::from_u128(uuid::long(0xFD68));
        assert_eq!(dp3t.service_data.get(&service), Some(&vec![9]));
        assert!(dp3t.system_includes.contains(&Feature::TxPower));
    }
}
