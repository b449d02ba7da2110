//! Reports byte by byte. Addresses are invented.

use super::*;

fn all(event: &[u8]) -> Vec<Result<Report<'_>, HciError>> {
    reports(event).unwrap().collect()
}

const ADDRESS: Address = Address { bytes: [0xC1, 2, 3, 4, 5, 6], random: true };

#[test]
fn two_legacy_reports_in_one_event() {
    let event = [
        0x3E, 27, 0x02, 2, //
        0x00, 0x01, 6, 5, 4, 3, 2, 0xC1, 3, 2, 0x01, 0x06, 0xC5, // ADV_IND
        0x04, 0x01, 6, 5, 4, 3, 2, 0xC1, 2, 1, 0x09, 0x7F, // SCAN_RSP
        0xEE, // beyond the event
    ];
    let found = all(&event);
    let advert = Report {
        form: Form::Legacy,
        kind: Kind::Advert,
        address: ADDRESS,
        rssi: Some(Dbm(-59)),
        connectable: true,
        scannable: true,
        legacy: true,
        set: NO_SET,
        status: DataStatus::Complete,
        data: &[2, 0x01, 0x06],
    };
    let response = Report {
        kind: Kind::ScanResponse,
        rssi: None,
        connectable: false,
        scannable: false,
        data: &[1, 0x09],
        ..advert
    };
    assert_eq!(found, [Ok(advert), Ok(response)]);
}

#[test]
fn legacy_types() {
    let read = |kind: u8| {
        let event = [0x3E, 12, 0x02, 1, kind, 0, 1, 2, 3, 4, 5, 6, 0, 0xC5];
        let report = all(&event)[0];
        report.map(|report| (report.connectable, report.scannable, report.address.random))
    };
    assert_eq!(read(1), Ok((true, false, false)));
    assert_eq!(read(2), Ok((false, true, false)));
    assert_eq!(read(3), Ok((false, false, false)));
    assert_eq!(read(5), Err(HciError::ReportType { got: 5 }));
}

#[test]
fn an_extended_report() {
    let event = [
        0x3E, 28, 0x0D, 1, 0x13, 0x00, 0x00, 6, 5, 4, 3, 2, 0xC1, 1, 0, 0xFF, 127, 0xB0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 2, 0x01, 0x0A,
    ];
    let expected = Report {
        form: Form::Extended,
        kind: Kind::Advert,
        address: Address { random: false, ..ADDRESS },
        rssi: Some(Dbm(-80)),
        connectable: true,
        scannable: true,
        legacy: true,
        set: NO_SET,
        status: DataStatus::Complete,
        data: &[0x01, 0x0A],
    };
    assert_eq!(all(&event), [Ok(expected)]);

    let mut more = event;
    more[4] = 0x20;
    let Ok(report) = all(&more)[0] else { panic!("no report") };
    assert_eq!((report.status, report.legacy), (DataStatus::More, false));
    more[4] = 0x48;
    let Ok(report) = all(&more)[0] else { panic!("no report") };
    assert_eq!((report.status, report.kind), (DataStatus::Truncated, Kind::ScanResponse));
    more[6] = 0xFF;
    let Ok(report) = all(&more)[0] else { panic!("no report") };
    assert_eq!(report.address, Address { bytes: [0; 6], random: true }, "anonymous");
}

#[test]
fn what_is_cut_short_says_by_how_much() {
    assert_eq!(reports(&[]).err(), Some(HciError::EventCutShort { need: 2, got: 0 }));
    assert_eq!(reports(&[0x3E, 3, 2]).err(), Some(HciError::EventCutShort { need: 5, got: 3 }));
    assert_eq!(reports(&[0x3E, 1, 2]).err(), Some(HciError::EventCutShort { need: 4, got: 3 }));

    let event = [0x3E, 14, 0x02, 2, 3, 0, 1, 2, 3, 4, 5, 6, 0, 0xC5, 3, 0];
    let found = all(&event);
    assert!(found[0].is_ok(), "what came before is kept");
    assert_eq!(found[1], Err(HciError::ReportCutShort { need: 10, got: 2 }));
    assert_eq!(found.len(), 2);

    let event = [0x3E, 12, 0x02, 1, 3, 0, 1, 2, 3, 4, 5, 6, 9, 0xC5];
    assert_eq!(all(&event), [Err(HciError::ReportCutShort { need: 19, got: 10 })]);
    let event = [0x3E, 4, 0x0D, 1, 3, 0];
    assert_eq!(all(&event), [Err(HciError::ReportCutShort { need: 24, got: 2 })]);
}

#[test]
fn other_events_have_no_reports() {
    assert_eq!(all(&[0x0E, 4, 1, 3, 0x0C, 0]), []);
    assert_eq!(all(&[0x3E, 2, 0x01, 9]), []);
    assert_eq!(all(&[0x3E, 0]), []);
    assert_eq!(all(&[0x3E, 2, 0x02, 0]), []);
}

#[test]
fn data_too_long_for_a_report_is_cut_and_the_report_says_so() {
    let long = [7; 300];
    let report = Report {
        form: Form::Extended,
        kind: Kind::Advert,
        address: ADDRESS,
        rssi: None,
        connectable: false,
        scannable: false,
        legacy: false,
        set: 3,
        status: DataStatus::Complete,
        data: &long,
    };
    let mut event = Vec::new();
    encode(&report, &mut event);
    let expected = Report { data: &long[..229], status: DataStatus::Truncated, ..report };
    assert_eq!(all(&event), [Ok(expected)]);
}
