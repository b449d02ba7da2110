//! From every past schema to now, twice; newer than us refused.
//!
//! A new schema brings its fixture: the file that the kiosk of that day wrote, as SQL.

use super::*;
use kiosk::domain::network::Network;
use kiosk::domain::remembering::Batch;
use kiosk::domain::sighting::SendingPower;
use kiosk::store::{Reader, StoreError, schema};

/// Every past schema and the newest.
const FIXTURES: [&str; 5] = [
    include_str!("../fixtures/schema/v1.sql"),
    include_str!("../fixtures/schema/v2.sql"),
    include_str!("../fixtures/schema/v3.sql"),
    include_str!("../fixtures/schema/v4.sql"),
    include_str!("../fixtures/schema/v5.sql"),
];

/// What is in the schema of a file, in a fixed order, without spaces.
fn shape(path: &Path) -> Vec<String> {
    let raw = raw(path);
    let mut rows = raw.prepare("SELECT type || name || sql FROM sqlite_schema ORDER BY 1").unwrap();
    let shape = rows.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap();
    shape.filter_map(Result::unwrap).map(|sql| sql.split_whitespace().collect()).collect()
}

#[test]
fn every_past_schema_comes_to_now() {
    assert_eq!(u32::try_from(FIXTURES.len()).unwrap(), schema::newest(), "a fixture is missing");
    let newest = Place::new();
    drop(newest.book());
    for (version, fixture) in (1..).zip(FIXTURES) {
        let place = Place::new();
        raw(&place.path()).execute_batch(fixture).unwrap();
        for turn in ["first", "second"] {
            let (mut book, opened) = place.open();
            assert_eq!(opened.set_aside, None);
            assert_eq!(book.verify().unwrap().broken, None, "schema {version}, {turn} opening");
            assert_eq!(book.entries().unwrap().len(), 3);
            assert_eq!(find(&mut book, "tran thi mau"), [1]);
            assert_eq!(opened.next_visit, VisitId(3));
            assert_eq!(opened.calibrated.is_some(), version >= 2);
            drop(book);
            assert_eq!(shape(&place.path()), shape(&newest.path()), "schema {version}");
        }
    }
}

#[test]
fn what_was_heard_before_metadata_was_kept_is_read_on() {
    let said = |fixture: &str| {
        let place = Place::new();
        raw(&place.path()).execute_batch(fixture).unwrap();
        let mut book = place.book();
        // What stood open settles with the first batch.
        let batch = Batch { rows: Vec::new(), still_open: Some(Vec::new()) };
        assert_eq!(book.answer(Request::Remember(batch)), Reply::Remembered);
        let reader = Reader::open(&place.path()).unwrap();
        let mut said = Vec::new();
        for network in [Network::Bluezone, Network::Gaen] {
            let all = (Wall(0), Wall(i64::MAX));
            reader.each_remembered(network, all.0, all.1, |row| said.push(row.tx_power)).unwrap();
        }
        assert_eq!(reader.heard().unwrap().len(), said.len());
        said
    };
    let sealed = SendingPower::Sealed([0x72, 0x03, 0x38, 0x74]);
    assert_eq!(said(FIXTURES[2]), [SendingPower::Unsaid, SendingPower::Unsaid]);
    assert_eq!(said(FIXTURES[3]), [SendingPower::Unsaid, sealed]);
    assert_eq!(said(FIXTURES[4]), [SendingPower::Unsaid, sealed]);
}

/// What an older kiosk had a row each for settles when the book is opened, behind what has settled of the
/// same quarter of an hour, whatever the clock said.
#[test]
fn what_stood_open_in_rows_settles() {
    let place = Place::new();
    let open = raw(&place.path());
    open.execute_batch(FIXTURES[3]).unwrap();
    let settled: i64 = open.query_row("SELECT id FROM encounter", [], |row| row.get(0)).unwrap();
    let slot = settled >> 20;
    let mut insert = open
        .prepare("INSERT INTO hearing VALUES ('gaen', ?, ?, ?, 1, 9, -60, -70, NULL, 3, NULL)")
        .unwrap();
    let spans = [(7, slot, slot), (3, slot, slot + 1), (5, -4, -3), (6, i64::MAX / 900, 0)];
    for (number, first, last) in spans {
        insert.execute((vec![number; 16], first * 900, last * 900)).unwrap();
    }
    drop(insert);
    drop(open);
    drop(place.book());
    let raw = raw(&place.path());
    let mut rows =
        raw.prepare("SELECT id - (?1 << 20), slots, proximity_id FROM encounter ORDER BY id");
    let rows = rows.as_mut().unwrap();
    let rows = rows.query_map([slot], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let rows: Vec<(i64, i64, Vec<u8>)> = rows.map(Result::unwrap).collect();
    let of = |number: u8| rows.iter().find(|row| row.2 == [number; 16]).map(|row| (row.0, row.1));
    assert_eq!((rows.len(), rows.iter().filter(|row| row.0 >= 0).count()), (6, 5));
    assert_eq!((of(3), of(7)), (Some((1, 1)), Some((2, 0))));
    assert_eq!(of(5), Some((-slot << 20, 0)));
    assert_eq!(of(6).map(|row| (row.0 + (slot << 20)) >> 20), Some((1 << 42) - 1));
}

#[test]
fn a_newer_book_is_refused_and_left_alone() {
    let place = Place::new();
    drop(place.book());
    raw(&place.path()).pragma_update(None, "user_version", schema::newest() + 1).unwrap();
    let before = std::fs::read(place.path()).unwrap();
    let error = Book::open(&place.path(), OPTIONS).unwrap_err();
    assert!(matches!(error, StoreError::Newer { .. }), "{error}");
    assert_eq!(error.fault().trouble, Trouble::Newer);
    assert!(error.to_string().contains("install the newer kiosk"));
    assert_eq!(std::fs::read(place.path()).unwrap(), before);
}

#[test]
fn a_migration_without_room_leaves_the_book_as_it_was() {
    let place = Place::new();
    let disk = Disk::watch(place.directory.path());
    disk.fail_with(Some(rusqlite::ffi::SQLITE_FULL));
    assert!(matches!(Book::open(&place.path(), OPTIONS).unwrap_err(), StoreError::Full));
    disk.fail_with(None);
    assert_eq!(shape(&place.path()), Vec::<String>::new());
    drop(place.book());
    assert!(!shape(&place.path()).is_empty());
}
