//! Any bytes at all are read as something or refused with an error, never with a panic; and what
//! is written is read again.

use kiosk::domain::advert::{AdStructures, Address, AdvertData, Advertisement, Dbm};
use kiosk::domain::moment::{Mono, Wall};
use kiosk::domain::network::bluezone::SlotsPerDay;
use kiosk::domain::network::{Network, decode};
use kiosk::radio::btsnoop::{Datalink, Reader, Writer};
use kiosk::radio::gzip::MaybeGzip;
use kiosk::radio::hci::{self, DataStatus, Form, Kind, Report};
use kiosk::radio::join::Joiner;
use proptest::collection::vec;
use proptest::prelude::*;

proptest! {
    #[test]
    fn any_event_gives_reports_or_an_error(
        subevent in prop_oneof![Just(hci::LEGACY_REPORT), Just(hci::EXTENDED_REPORT), any::<u8>()],
        rest in vec(any::<u8>(), 0..254),
        cut in 0_usize..8,
    ) {
        let mut event = vec![hci::LE_META, u8::try_from(rest.len() + 1).unwrap(), subevent];
        event.extend(&rest);
        event.truncate(event.len().saturating_sub(cut));
        let mut joiner = Joiner::default();
        if let Ok(reports) = hci::reports(&event) {
            for report in reports.flatten() {
                prop_assert!(report.data.len() <= rest.len());
                joiner.accept(report, Mono::from_millis(0));
            }
        }
        if let Ok(reports) = hci::reports(&rest) {
            prop_assert!(reports.count() <= 255);
        }
    }

    #[test]
    fn any_data_is_something_to_every_network(bytes in vec(any::<u8>(), 0..300)) {
        let advert = advert(&bytes);
        let structures: usize =
            AdStructures::new(&bytes).flatten().map(|structure| structure.payload.len() + 2).sum();
        prop_assert!(structures <= bytes.len());
        for network in Network::ALL {
            let found = network.decode(&advert);
            let evidence = found.ok().flatten();
            prop_assert_eq!(decode(&advert, &[network]), evidence);
            prop_assert!(evidence.is_none_or(|evidence| evidence.network() == network));
        }
    }

    /// What phones hand out may be anything as well.
    #[test]
    fn any_reading_is_an_id_or_an_error(
        head in prop_oneof![
            Just("{\"id\":\""), Just("{\"msg\":\""), Just("\x10"), Just("1"), Just(""),
        ],
        tail in vec(any::<u8>(), 0..520),
        end in prop_oneof![Just("\"}"), Just("2"), Just("")],
    ) {
        let bytes = [head.as_bytes(), &tail, end.as_bytes()].concat();
        for network in Network::ALL {
            if let Ok(id) = network.decode_read(&bytes) {
                prop_assert!(!network.reads().is_empty() && !id.as_bytes().is_empty());
            }
        }
    }

    /// Random bytes seldom have a network's form, so these nearly do.
    #[test]
    fn anything_under_the_numbers_of_a_network_is_something(
        parts in vec((prop_oneof![
            Just(&[0x03, 0x56, 0x4E][..]),
            Just(&[0x03, 0x64, 0xFD, 0x68, 0xFD, 0xFF, 0xFF, 0xF6, 0xFC][..]),
            Just(&[0x16, 0x6F, 0xFD][..]),
            Just(&[0x16, 0x68, 0xFD][..]),
            Just(&[0x16, 0x64, 0xFD][..]),
            Just(&[0x16, 0xFF, 0xFF][..]),
            Just(&[0xFF, 0xB5, 0x22][..]),
            Just(&[0xFF, 0xFA, 0xFF][..]),
            Just(&[0xFF, 0x4C, 0x00, 0x01][..]),
            Just(&[0xFF, 0x4C, 0x00, 0x02][..]),
            Just(&[0x07][..]),
            Just(&COVIDSAFE[..]),
            Just(&[0x0A][..]),
        ], vec(any::<u8>(), 0..30)), 0..6),
    ) {
        let mut bytes = vec![];
        for (head, tail) in &parts {
            bytes.push(u8::try_from(head.len() + tail.len()).unwrap());
            bytes.extend(*head);
            bytes.extend(tail);
        }
        let advert = advert(&bytes);
        for network in Network::ALL {
            let found = network.decode(&advert);
            prop_assert_eq!(decode(&advert, &[network]), found.ok().flatten());
        }
    }

    #[test]
    fn any_file_is_read_to_an_end(
        header in prop_oneof![
            Just(&b"btsnoop\0\0\0\0\x01\0\0\x03\xEA"[..]),
            Just(&b"btsnoop\0\0\0\0\x01\0\0\x07\xD1"[..]),
            Just(&[0x1F, 0x8B, 8, 0][..]),
            Just(&[][..]),
        ],
        rest in vec(prop_oneof![Just(0_u8), any::<u8>()], 0..400),
    ) {
        let file = [header, &rest].concat();
        let Ok(input) = MaybeGzip::new(&file[..]) else { return Ok(()) };
        let Ok(mut reader) = Reader::new(input) else { return Ok(()) };
        let mut records = 0;
        while let Ok(Some(record)) = reader.next_record() {
            let reports = record.event().and_then(|event| hci::reports(event).ok());
            prop_assert!(reports.into_iter().flatten().count() <= 255);
            records += 1;
        }
        prop_assert!(records * 24 <= file.len());
        prop_assert!(matches!(reader.next_record(), Ok(None)));
    }

    #[test]
    fn a_written_capture_is_read_again(
        datalink in prop_oneof![Just(Datalink::H1), Just(Datalink::H4), Just(Datalink::Monitor)],
        reports in vec(any_report(), 0..20),
        start_us in 0_i64..4_000_000_000_000_000,
    ) {
        let mut writer = Writer::new(vec![], datalink).unwrap();
        let mut event = vec![];
        for ((address, rssi, kind, flags, data), at_us) in reports.iter().zip(start_us..) {
            hci::encode(&report(*address, *rssi, *kind, *flags, data), &mut event);
            writer.write_event(at_us, &event).unwrap();
        }
        let file = writer.finish().unwrap();

        let mut reader = Reader::new(&file[..]).unwrap();
        for ((address, rssi, kind, flags, data), at_us) in reports.iter().zip(start_us..) {
            let record = reader.next_record().unwrap().unwrap();
            prop_assert_eq!(record.at_us, at_us);
            let read: Vec<_> = hci::reports(record.event().unwrap()).unwrap().collect();
            prop_assert_eq!(read, [Ok(report(*address, *rssi, *kind, *flags, data))]);
        }
        prop_assert_eq!(reader.next_record().unwrap(), None);
    }

    #[test]
    fn any_key_and_moments_give_an_id_that_covers_the_moment(
        key in vec(any::<u8>(), 0..40),
        key_time in any_moment(),
        at in any_moment(),
        slots in any::<u16>(),
    ) {
        let slots = SlotsPerDay::try_from(slots).unwrap_or(SlotsPerDay::V2);
        for network in Network::ALL {
            if let Ok(rolling) = network.derive(&key, Wall(key_time), Wall(at), slots) {
                prop_assert!(rolling.begin.0 <= at && at < rolling.end.0);
            }
        }
    }
}

/// A list with a service that two networks share.
const COVIDSAFE: [u8; 17] = listed(0xB82A_B3FC_1595_4F6A_80F0_FE09_4CC2_18F9);

const fn listed(service: u128) -> [u8; 17] {
    let mut structure = [0x07; 17];
    if let Some(uuid) = structure.last_chunk_mut() {
        *uuid = service.to_le_bytes();
    }
    structure
}

type ReportParts = ([u8; 6], Option<i8>, Kind, (bool, bool, bool), Vec<u8>);

fn any_report() -> impl Strategy<Value = ReportParts> {
    let rssi = prop_oneof![Just(None), (-127_i8..=20).prop_map(Some)];
    let kind = prop_oneof![Just(Kind::Advert), Just(Kind::ScanResponse)];
    (any::<[u8; 6]>(), rssi, kind, any::<(bool, bool, bool)>(), vec(any::<u8>(), 0..=229))
}

fn report(
    address: [u8; 6],
    rssi: Option<i8>,
    kind: Kind,
    (random, connectable, legacy): (bool, bool, bool),
    data: &[u8],
) -> Report<'_> {
    Report {
        form: Form::Extended,
        kind,
        address: Address { bytes: address, random },
        rssi: rssi.map(Dbm),
        connectable,
        scannable: !connectable,
        legacy,
        set: 5,
        status: DataStatus::Complete,
        data,
    }
}

/// Moments in the days around a key's, and any others.
fn any_moment() -> impl Strategy<Value = i64> {
    prop_oneof![1_622_000_000_i64..1_623_000_000, any::<i64>()]
}

fn advert(bytes: &[u8]) -> Advertisement {
    let address = Address { bytes: [0; 6], random: true };
    Advertisement { address, rssi: None, connectable: false, data: AdvertData::new(bytes) }
}
