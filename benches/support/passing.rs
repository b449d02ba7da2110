//! People who pass: 1,000 reports a second of phones of which each has an address and an id for a
//! quarter of an hour, 5,000 of them in an hour. Computed anew for each report, so it takes no room.
#![allow(dead_code, clippy::allow_attributes, reason = "each benchmark uses a part of it")]

use kiosk::domain::advert::{Address, AdvertData, Dbm};
use kiosk::radio::hci::{self, DataStatus, Form, Kind, Report};

/// What a controller reports at the most.
pub(crate) const REPORTS_PER_SECOND: u64 = 1_000;
const ADDRESSES_PER_HOUR: u64 = 5_000;
/// How long a phone keeps an address, as Exposure Notification has it.
const ADDRESS_LIVES_SECONDS: u64 = 900;
const PRESENT: u64 = ADDRESSES_PER_HOUR * ADDRESS_LIVES_SECONDS / 3_600;
const REPORTS_PER_ADDRESS: u64 = REPORTS_PER_SECOND * 3_600 / ADDRESSES_PER_HOUR;

/// Writes the event with the report of this number into `event`.
pub(crate) fn event(number: u64, event: &mut Vec<u8>) {
    // The one who came last, and by chance one of those who came before.
    let chance = mixed(number);
    let phone = PRESENT + number / REPORTS_PER_ADDRESS - chance % PRESENT;
    let id = mixed(phone).to_be_bytes();
    let mut data = AdvertData::new(&[2, 1, 0x1A]);
    let gaen = phone % 10 < 6;
    if gaen {
        data.extend(&[3, 3, 0x6F, 0xFD, 23, 0x16, 0x6F, 0xFD]);
        data.extend(&id);
        data.extend(&id);
        data.extend(&[0; 4]);
    } else {
        data.extend(&[15, 0xFF, 0xB5, 0x22]);
        data.extend(&id);
        data.extend(&[1, 2, 3, 4]);
        data.extend(&[3, 3, 0x56, 0x4E]);
    }
    let [a, b, c, d, ..] = id;
    let far = i8::try_from(phone % 40).unwrap_or_default();
    let fading = i8::try_from(chance >> 32 & 7).unwrap_or_default();
    let report = Report {
        form: Form::Extended,
        kind: Kind::Advert,
        address: Address { bytes: [0x5A, 0x11, a, b, c, d], random: true },
        rssi: Some(Dbm(-55 - far - fading)),
        connectable: !gaen,
        scannable: !gaen,
        legacy: true,
        set: hci::NO_SET,
        status: DataStatus::Complete,
        data: data.as_bytes(),
    };
    event.clear();
    hci::encode(&report, event);
}

/// A number without a visible rule (the finaliser of `SplitMix64`).
const fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
