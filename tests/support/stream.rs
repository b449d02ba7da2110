//! A stream of HCI events as a controller hands them over, for tests and benchmarks of the way
//! from bytes to presence: a thousand phones with tracing apps, each heard every 270 ms.
//!
//! None of them is at the desk: the search for the visitor's phone goes on for every advert.
#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::unwrap_used,
    reason = "each test and benchmark uses a part of it"
)]

use std::time::Duration;

use kiosk::domain::advert::{Address, AdvertData, Dbm};
use kiosk::domain::moment::Now;
use kiosk::domain::network::bluezone;
use kiosk::domain::reception::Reception;
use kiosk::domain::touch::Touch;
use kiosk::radio::hci::{self, DataStatus, Form, Kind, Report};
use kiosk::radio::join::Joiner;

/// Phones heard at one time.
pub(crate) const PHONES: u32 = 1_000;

/// What changes from one advert of a phone to the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Payloads {
    /// Nothing but the loudness.
    Unchanged,
    /// The id, with each advert: nobody is heard twice.
    Changing,
    /// The id, with every third advert, so that each new id is held against those that fell silent.
    ChangingEachThird,
}

/// Events, to be heard over and over.
#[derive(Debug)]
pub(crate) struct Stream {
    events: Vec<Vec<u8>>,
}

impl Stream {
    /// The stream in which payloads change like this. Before one of its ids comes again, sixteen
    /// times as many others have come as are tracked.
    pub(crate) fn new(payloads: Payloads) -> Self {
        let mut rng = fastrand::Rng::with_seed(2_020);
        let rounds = match payloads {
            Payloads::Unchanged => 16,
            Payloads::Changing => 66,
            Payloads::ChangingEachThird => 198,
        };
        let mut events = Vec::new();
        for round in 0..rounds {
            for phone in 0..PHONES {
                let id = match payloads {
                    Payloads::Unchanged => phone,
                    Payloads::Changing => round * PHONES + phone,
                    Payloads::ChangingEachThird => round / 3 * PHONES + phone,
                };
                events.push(event(phone, id, payloads, Dbm(rng.i8(-98..-78))));
            }
        }
        Self { events }
    }

    /// The events as bytes, in order.
    pub(crate) fn events(&self) -> impl Iterator<Item = &[u8]> {
        self.events.iter().map(Vec::as_slice).cycle()
    }
}

/// One advert of a phone. Of ten phones six have Exposure Notification, three Bluezone on
/// Android, and one is an iPhone with Bluezone; where ids change it has Bluezone on Android too,
/// because an iPhone's advert has none.
fn event(phone: u32, id: u32, payloads: Payloads, rssi: Dbm) -> Vec<u8> {
    let mut data = AdvertData::new(&[2, 1, 0x1A]);
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&id.to_be_bytes());
    bytes[4..12].copy_from_slice(&u64::from(id).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
    let gaen = phone % 10 < 6;
    if gaen {
        data.extend(&[3, 3, 0x6F, 0xFD, 23, 0x16, 0x6F, 0xFD]);
        data.extend(&bytes);
        data.extend(&[0; 4]);
    } else if phone % 10 == 9 && payloads == Payloads::Unchanged {
        data.extend(&[17, 7]);
        data.extend(&bluezone::IPHONE_SERVICE.to_le_bytes());
    } else {
        data.extend(&[15, 0xFF, 0xB5, 0x22]);
        data.extend(&bytes[..12]);
        data.extend(&[3, 3, 0x56, 0x4E]);
    }
    let [a, b, c, d] = phone.to_be_bytes();
    let report = Report {
        form: Form::Extended,
        kind: Kind::Advert,
        address: Address { bytes: [0x5A, 0x11, a, b, c, d], random: true },
        rssi: Some(rssi),
        connectable: !gaen,
        scannable: !gaen,
        legacy: true,
        set: hci::NO_SET,
        status: DataStatus::Complete,
        data: data.as_bytes(),
    };
    let mut event = Vec::new();
    hci::encode(&report, &mut event);
    event
}

/// The way an advert takes, from the bytes to the face of the bar, with a visitor at the desk.
#[derive(Debug)]
pub(crate) struct Way {
    joiner: Joiner,
    pub(crate) reception: Reception,
    pub(crate) now: Now,
}

impl Way {
    /// A kiosk that has just been touched.
    pub(crate) fn with_a_visitor(mut reception: Reception, now: Now) -> Self {
        reception.handle_touch(Touch::Enter, now);
        while reception.poll_effect().is_some() {}
        Self { joiner: Joiner::default(), reception, now }
    }

    /// Hears one event; returns how many adverts it brought.
    pub(crate) fn hear(&mut self, event: &[u8]) -> u32 {
        let mut adverts = 0;
        for report in hci::reports(event).into_iter().flatten().flatten() {
            if let Some(advert) = self.joiner.accept(report, self.now.mono) {
                self.reception.handle_advertisement(advert, self.now);
                adverts += 1;
            }
        }
        // The clock on the wall stands: nothing here reads it.
        self.now.mono = self.now.mono + BETWEEN_EVENTS;
        adverts
    }
}

/// A thousand phones, 270 ms each.
const BETWEEN_EVENTS: Duration = Duration::from_micros(270);
