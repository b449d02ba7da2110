//! Files byte by byte, whole and broken.

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::radio::gzip::MaybeGzip;

const EVENT: &[u8] = &[0x3E, 2, 0x02, 0];
/// 2020-06-02T00:00:00.000001Z.
const AT_US: i64 = 1_591_056_000_000_001;

fn written(datalink: Datalink) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), datalink).unwrap();
    writer.write_event(AT_US, EVENT).unwrap();
    writer.write_event(AT_US + 1, EVENT).unwrap();
    writer.finish().unwrap()
}

#[test]
fn the_bytes_of_a_file() {
    let file = written(Datalink::H4);
    assert_eq!(file[..16], *b"btsnoop\0\0\0\0\x01\0\0\x03\xEA");
    assert_eq!(file[16..32], [0, 0, 0, 5, 0, 0, 0, 5, 0, 0, 0, 3, 0, 0, 0, 0]);
    assert_eq!(file[40..45], [0x04, 0x3E, 2, 0x02, 0]);
    assert_eq!(file.len(), 16 + 2 * (24 + 5));
}

#[test]
fn events_come_back_from_every_type_of_file() {
    for datalink in Datalink::ALL {
        let file = written(datalink);
        let mut reader = Reader::new(&file[..]).unwrap();
        assert_eq!(reader.datalink(), datalink);
        let record = reader.next_record().unwrap().unwrap();
        assert_eq!((record.event(), record.at_us), (Some(EVENT), AT_US));
        assert_eq!(reader.next_record().unwrap().unwrap().at_us, AT_US + 1);
        assert_eq!(reader.next_record().unwrap(), None);
    }
}

#[test]
fn other_packets_are_no_events() {
    let record = Record {
        datalink: Datalink::H4,
        flags: 2,
        at_us: 0,
        original_len: 4,
        packet: &[1, 3, 0x0C, 0],
    };
    assert_eq!(record.event(), None);
    assert_eq!(Record { datalink: Datalink::H1, ..record }.event(), None);
    assert_eq!(Record { datalink: Datalink::Monitor, ..record }.event(), None);
    let second_controller = Record { datalink: Datalink::Monitor, flags: 0x0001_0003, ..record };
    assert!(second_controller.event().is_some());
}

#[test]
fn a_file_cut_short_keeps_what_came_before() {
    let file = written(Datalink::H4);
    for (cut, expected) in [(1, (29, 28)), (5, (29, 24)), (6, (24, 23)), (28, (24, 1))] {
        let mut reader = Reader::new(&file[..file.len() - cut]).unwrap();
        assert!(reader.next_record().unwrap().is_some());
        match reader.next_record() {
            Err(BtsnoopError::RecordCutShort { record: 2, need, got }) => {
                assert_eq!((need, got), expected);
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(reader.next_record().unwrap(), None, "after an error comes the end");
    }
}

#[test]
fn a_zipped_file_cut_anywhere_is_no_whole_one() {
    let mut zipped = GzEncoder::new(Vec::new(), Compression::none());
    zipped.write_all(&written(Datalink::H4)).unwrap();
    let zipped = zipped.finish().unwrap();
    let is_whole = |bytes: &[u8]| {
        let Ok(mut reader) = Reader::new(MaybeGzip::new(bytes).unwrap()) else { return false };
        loop {
            match reader.next_record() {
                Ok(Some(_)) => {}
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    };
    assert!(is_whole(&zipped));
    for len in 2..zipped.len() {
        assert!(!is_whole(&zipped[..len]), "{len} of {} bytes", zipped.len());
    }
}

#[test]
fn another_file_is_refused() {
    let refused = |bytes: &[u8]| Reader::new(bytes).unwrap_err().to_string();
    for other in [&b"#!/bin/sh"[..], b"\xD4\xC3\xB2\xA1\x02\0\x04\0"] {
        let words = refused(other);
        assert!(words.contains("other bytes") && words.contains("btmon -w"), "{words}");
    }
    assert_eq!(refused(b""), "read a btsnoop file: it ends after 0 of the header's 16 bytes");
    let mut file = written(Datalink::H1);
    file[11] = 2;
    assert_eq!(refused(&file), "read a btsnoop file of version 2: only version 1 is known");
    file[11] = 1;
    file[15] = 0;
    assert!(refused(&file).starts_with("read btsnoop records of type 768"));
}

#[test]
fn a_record_longer_than_any_packet_is_refused_before_it_is_read() {
    let mut file = written(Datalink::H4);
    file[20..24].copy_from_slice(&[0xFF; 4]);
    let mut reader = Reader::new(&file[..]).unwrap();
    let error = reader.next_record().unwrap_err();
    assert!(matches!(error, BtsnoopError::RecordTooLong { record: 1, got: 0xFFFF_FFFF }));
    assert!(reader.packet.is_empty());

    let mut writer = Writer::new(Vec::new(), Datalink::H1).unwrap();
    writer.write_event(0, &vec![0; RECORD_BYTES_MAX]).unwrap();
    assert!(writer.write_event(0, &vec![0; RECORD_BYTES_MAX + 1]).is_err());
}
