//! What was heard of phones, on the disk: kept within ten seconds, coarse for good, deleted in
//! time, and nothing in the file that tells who came first.

use super::*;
use kiosk::domain::advert::Dbm;
use kiosk::domain::network::Network;
use kiosk::domain::remembering::{Batch, Remembered};
use kiosk::domain::sighting::{ProximityId, SendingPower};
use kiosk::store::Reader;
use rusqlite::OptionalExtension;

const SLOT: i64 = 900;

fn id(number: u32) -> ProximityId {
    let mut id = [0xa5; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    ProximityId::Rpi(id)
}

pub(super) fn row(number: u32, slot: i64) -> Remembered {
    Remembered {
        network: Network::Gaen,
        id: id(number),
        first: Wall(MIDNIGHT.0 + slot * SLOT),
        last: Wall(MIDNIGHT.0 + slot * SLOT),
        wall_trusted: true,
        sightings: 40,
        strongest: Dbm(-61),
        median: Dbm(-74),
        tx_power: SendingPower::Unsaid,
        near_seconds: 55,
    }
}

pub(super) fn remember(
    book: &mut Book,
    rows: Vec<Remembered>,
    still_open: Option<Vec<Remembered>>,
) {
    assert_eq!(book.answer(Request::Remember(Batch { rows, still_open })), Reply::Remembered);
}

/// Every row there is: those that have settled by number, then those that may change.
fn rows(path: &Path) -> Vec<(i64, Vec<u8>, i64)> {
    let raw = raw(path);
    let sql = "SELECT id, proximity_id, sightings FROM encounter ORDER BY id";
    let mut statement = raw.prepare(sql).unwrap();
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let mut rows: Vec<_> = found.unwrap().map(Result::unwrap).collect();
    let hearing = raw.query_row("SELECT rows FROM hearing", [], |row| row.get(0));
    let hearing: Vec<u8> = hearing.optional().unwrap().unwrap_or_default();
    for row in hearing.chunks(50).take_while(|row| row[0] != 0) {
        let sightings = u32::from_be_bytes(row[35..39].try_into().unwrap());
        rows.push((0, row[2..18].to_vec(), sightings.into()));
    }
    rows
}

#[test]
fn a_row_is_written_over_until_it_settles() {
    let place = Place::new();
    let mut book = place.book();
    remember(&mut book, vec![row(1, 0), row(2, 0)], None);
    remember(&mut book, vec![Remembered { sightings: 90, ..row(2, 0) }], None);
    assert_eq!(rows(&place.path()).len(), 2);
    // The quarter of an hour ends; the second is still there.
    let stays = Remembered { sightings: 120, last: Wall(MIDNIGHT.0 + SLOT), ..row(2, 0) };
    remember(&mut book, vec![row(3, 0)], Some(vec![stays]));
    let counts: Vec<_> = rows(&place.path()).iter().map(|row| (row.0 & 0xf_ffff, row.2)).collect();
    assert_eq!(counts, [(0, 40), (1, 40), (0, 120)]);
    remember(&mut book, vec![], Some(vec![]));
    drop(book);
    let reader = Reader::open(&place.path()).unwrap();
    let heard = reader.heard().unwrap();
    let spans: Vec<_> = heard.iter().map(|heard| (heard.id, heard.first, heard.last)).collect();
    let first = MIDNIGHT;
    assert_eq!(
        spans,
        [(id(1), first, first), (id(3), first, first), (id(2), first, Wall(first.0 + SLOT))]
    );
    for heard in heard {
        let row = reader.remembered(heard.row).unwrap().unwrap();
        assert_eq!((row.id, row.first, row.last), (heard.id, heard.first, heard.last));
    }
}

#[test]
fn what_a_phone_sealed_of_its_power_is_kept_and_two_of_it_are_none() {
    let place = Place::new();
    let mut book = place.book();
    let (sealed, other) = (SendingPower::Sealed([0, 255, 7, 1]), SendingPower::Sealed([9; 4]));
    let stated = SendingPower::Stated(Dbm(-7));
    let said = [
        [SendingPower::Unsaid, SendingPower::Unsaid],
        [stated, SendingPower::Unsaid],
        [sealed, SendingPower::Unsaid],
        [SendingPower::Unsaid, sealed],
        [sealed, sealed],
        [sealed, other],
        [SendingPower::Contradicted, sealed],
    ];
    for turn in 0..2 {
        let rows = (0..)
            .zip(said)
            .map(|(number, said)| Remembered { tx_power: said[turn], ..row(number, 0) });
        remember(&mut book, rows.collect(), None);
    }
    remember(&mut book, vec![], Some(vec![]));
    drop(book);
    let reader = Reader::open(&place.path()).unwrap();
    let mut kept = Vec::new();
    let all = (Wall(0), Wall(i64::MAX));
    reader.each_remembered(Network::Gaen, all.0, all.1, |row| kept.push(row.tx_power)).unwrap();
    assert_eq!(kept, said.map(|[one, other]| one.and(other)));
}

#[test]
fn what_the_power_cut_left_open_settles_first() {
    let place = Place::new();
    remember(&mut place.book(), vec![row(1, 0), row(2, 0)], None);
    let mut book = place.book();
    remember(&mut book, vec![row(1, 1)], None);
    let kept: Vec<_> = rows(&place.path()).into_iter().map(|row| (row.0 == 0, row.1[3])).collect();
    assert_eq!(kept, [(false, 1), (false, 2), (true, 1)], "two visits of one id are two rows");
}

#[test]
fn every_batch_survives_a_power_cut() {
    let place = Place::new();
    let disk = Disk::watch(place.directory.path());
    let mut book = place.book();
    for turn in 0..40_u32 {
        let before = disk.syncs();
        let settles = (turn % 7 == 6).then(|| vec![row(turn + 1_000, i64::from(turn) / 7)]);
        remember(&mut book, vec![row(turn, i64::from(turn) / 7)], settles);
        assert!(disk.syncs() > before, "batch {turn} was acknowledged without a sync");
        append(&mut book, check_in(turn + 1, person("Lý Thử")));
        let after = Place::new();
        for (path, bytes) in disk.after_a_power_cut() {
            std::fs::write(after.directory.path().join(path.file_name().unwrap()), bytes).unwrap();
        }
        drop(after.book());
        assert_eq!(rows(&after.path()), rows(&place.path()), "after batch {turn}");
    }
}

#[test]
fn a_disk_that_fails_keeps_what_was_there() {
    let place = Place::new();
    let disk = Disk::watch(place.directory.path());
    let mut book = place.book();
    remember(&mut book, vec![row(1, 0)], None);
    disk.fail_with(Some(rusqlite::ffi::SQLITE_FULL));
    let batch = Batch { rows: vec![row(2, 0)], still_open: Some(vec![]) };
    assert_eq!(book.answer(Request::Remember(batch.clone())), failed(Trouble::Full));
    disk.fail_with(None);
    assert_eq!(rows(&place.path()).len(), 1);
    assert_eq!(book.answer(Request::Remember(batch)), Reply::Remembered);
    assert_eq!(rows(&place.path()).len(), 2);
}

/// The length of the write-ahead log.
pub(super) fn log_bytes(place: &Place) -> u64 {
    std::fs::metadata(place.directory.path().join("logbook.db-wal")).unwrap().len()
}

/// Does what the store's thread does when nobody asks for anything.
pub(super) fn rest(book: &mut Book) {
    while book.empties_log_after().is_some() {
        book.empty_log().unwrap();
    }
}

/// What a kill or a power cut leaves: the files as they are while the book is open.
fn killed(place: &Place) -> Place {
    let left = Place::new();
    for name in ["logbook.db", "logbook.db-wal"] {
        let from = place.directory.path().join(name);
        std::fs::copy(from, left.directory.path().join(name)).unwrap();
    }
    left
}

/// Three quarters of an hour in which these visitors came one after the other, a batch each, as by the
/// clock; each is updated in the next.
fn visited(order: [u32; 6], mut after_each: impl FnMut(&Place, &mut Book)) -> Place {
    let sealed = |number: u32, slot| {
        let tx_power = SendingPower::Sealed(number.wrapping_mul(0x9E37_79B9).to_be_bytes());
        Remembered { tx_power, ..row(number, slot) }
    };
    let place = Place::new();
    drop(place.book());
    // What is made at random when a book is begun, for the beacon and the codes.
    raw(&place.path()).execute("UPDATE beacon_key SET base = zeroblob(32)", []).unwrap();
    let mut book = place.book();
    for slot in 0..3_i64 {
        let mut before: Option<u32> = None;
        for number in order.map(|number| number * 7 + 100 * u32::try_from(slot).unwrap()) {
            let first = Remembered { sightings: 5, near_seconds: 2, ..sealed(number, slot) };
            let mut rows = vec![first];
            rows.extend(before.map(|number| sealed(number, slot)));
            rows.sort_unstable_by_key(|row| row.id);
            remember(&mut book, rows, None);
            before = Some(number);
        }
        let last = before.map(|number| sealed(number, slot)).into_iter().collect();
        remember(&mut book, last, Some(vec![]));
        after_each(&place, &mut book);
    }
    drop(book);
    place
}

/// The whole file, as a thief of the card reads it, byte for byte: had the visitors of a quarter of
/// an hour come in another order, or had each other's ids, it would be the same file.
#[test]
fn the_file_does_not_tell_who_came_first() {
    let file = |order| {
        let place = visited(order, |place, book| {
            assert!(log_bytes(place) > 0);
            rest(book);
            assert_eq!(log_bytes(place), 0, "the write-ahead log still tells");
        });
        std::fs::read(place.path()).unwrap()
    };
    let as_they_came = file([1, 2, 3, 4, 5, 6]);
    for order in ORDERS {
        assert!(file(order) == as_they_came, "{order:?} lies otherwise on the disk");
    }
}

const ORDERS: [[u32; 6]; 3] = [[6, 5, 4, 3, 2, 1], [2, 1, 4, 3, 6, 5], [3, 6, 1, 5, 2, 4]];

/// A kill between settling and emptying the log, and between its steps: once the next kiosk has had a
/// quiet moment, nothing is left that tells.
#[test]
fn after_a_kill_the_log_is_emptied_by_the_next_kiosk() {
    for steps in 0..2 {
        let file = |order| {
            let mut left = None;
            visited(order, |place, book| {
                for _ in 0..steps {
                    book.empty_log().unwrap();
                }
                assert!(log_bytes(place) > 0);
                left = Some(killed(place));
                rest(book);
            });
            let left = left.unwrap();
            let mut book = left.book();
            assert!(log_bytes(&left) > 0);
            rest(&mut book);
            assert_eq!(log_bytes(&left), 0);
            let read = std::fs::read(left.path()).unwrap();
            drop(book);
            read
        };
        let as_they_came = file([1, 2, 3, 4, 5, 6]);
        for order in ORDERS {
            assert!(file(order) == as_they_came, "{steps} steps: {order:?} lies otherwise");
        }
    }
}

/// Who never leaves the store a quiet moment has the log emptied by the next batch; a reader that holds
/// it puts that off, and no longer.
#[test]
fn the_log_is_emptied_without_a_quiet_moment_too() {
    let place = Place::new();
    let mut book = place.book();
    remember(&mut book, vec![row(1, 0)], Some(vec![]));
    let settled = log_bytes(&place);
    assert!(settled > 0);
    let reader = raw(&place.path());
    reader.execute_batch("BEGIN; SELECT count(*) FROM encounter;").unwrap();
    remember(&mut book, vec![row(2, 1)], None);
    assert!(log_bytes(&place) > settled);
    reader.execute_batch("COMMIT").unwrap();
    remember(&mut book, vec![row(3, 1)], None);
    assert!(log_bytes(&place) < settled, "only the last batch is in it");
}

/// No request waits until `SQLite` copies a log that has grown long.
#[test]
fn a_long_log_is_emptied_in_a_quiet_moment() {
    let place = Place::new();
    let mut book = place.book();
    rest(&mut book);
    let mut visit = 0;
    while book.empties_log_after().is_none() {
        visit += 1;
        append(&mut book, check_in(visit, person("Lý Thử")));
    }
    let long = log_bytes(&place);
    assert!((1 << 20..2 << 20).contains(&long), "{long}");
    rest(&mut book);
    assert_eq!(log_bytes(&place), 0);
}

#[test]
fn old_rows_go_in_steps_and_the_book_says_how_many() {
    let place = Place::new();
    let mut book = place.book();
    let days = 24 * 60 * 60;
    for day in 0..30_i64 {
        let rows = (0..10).map(|number| row(number, day * 96)).collect();
        remember(&mut book, rows, Some(vec![]));
    }
    // A clock that was set wrong left one in the year to come.
    remember(&mut book, vec![row(99, 365 * 96)], Some(vec![]));
    let wall = Wall(MIDNIGHT.0 + 29 * days + 3_600);
    let before = Wall(MIDNIGHT.0 + 8 * days);
    let (mut entries, mut more) = (Vec::new(), true);
    while more {
        let forget = Request::Forget { before, limit: 32, wall, wall_trusted: true };
        let Reply::Forgot { entry, more: again } = book.answer(forget) else { panic!() };
        entries.extend(entry.map(|entry| entry.public.event));
        more = again;
    }
    let gone = |encounters| Event::Forgotten { encounters, exposures: 0 };
    assert_eq!(entries, [gone(32), gone(32), gone(17)]);
    let kept = rows(&place.path());
    assert_eq!(kept.len(), 220);
    assert_eq!(kept[0].0 >> 20, before.0 / SLOT);
    assert!(book.verify().unwrap().holds());
    let forget = Request::Forget { before, limit: 32, wall, wall_trusted: true };
    assert_eq!(book.answer(forget), Reply::Forgot { entry: None, more: false });
}

#[test]
fn a_day_in_numbers() {
    let place = Place::new();
    let mut book = place.book();
    let bluezone = Remembered {
        network: Network::Bluezone,
        id: ProximityId::Bluezone([3; 12]),
        near_seconds: 61,
        ..row(0, 95)
    };
    let first_kind = Remembered { id: ProximityId::BluezoneV1(*b"3Ih7QP"), ..bluezone };
    remember(&mut book, vec![bluezone, first_kind, row(1, 0), row(2, 96)], Some(vec![]));
    drop(book);
    let reader = Reader::open(&place.path()).unwrap();
    let day = reader.heard_between(MIDNIGHT, Wall(MIDNIGHT.0 + 86_400)).unwrap();
    let counts: Vec<_> =
        day.iter().map(|of| (of.network, of.encounters, of.sightings, of.near)).collect();
    assert_eq!(counts, [(Network::Bluezone, 2, 80, 2), (Network::Gaen, 1, 40, 0)]);
    let mut shown = Vec::new();
    let (from, to) = (MIDNIGHT, Wall(MIDNIGHT.0 + 86_400));
    reader.each_remembered(Network::Bluezone, from, to, |row| shown.push(row.id)).unwrap();
    assert_eq!(shown, [bluezone.id, first_kind.id]);
}
