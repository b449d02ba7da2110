//! What is acknowledged survives a power cut; what cannot be written is said so and loses nothing.
//!
//! A killed process proves little here, because the kernel still writes what it holds. So the
//! disk underneath is watched: it counts syncs, and shows what was synced and nothing else.

use rusqlite::ffi;

use super::*;
use kiosk::store::StoreError;

/// A book as a power cut right now would leave it.
fn cut(disk: &Disk) -> Place {
    let after = Place::new();
    for (path, bytes) in disk.after_a_power_cut() {
        let name = path.file_name().unwrap();
        std::fs::write(after.directory.path().join(name), bytes).unwrap();
    }
    after
}

#[test]
fn every_acknowledgement_waits_for_a_sync() {
    let place = Place::new();
    let disk = Disk::watch(place.directory.path());
    let mut book = place.book();
    for visit in 1..=50 {
        let before = disk.syncs();
        append(&mut book, check_in(visit, person("Lý Thử")));
        assert!(disk.syncs() > before, "visit {visit} was acknowledged without a sync");
    }
}

#[test]
fn what_is_acknowledged_survives_a_power_cut() {
    let place = Place::new();
    let disk = Disk::watch(place.directory.path());
    let mut book = place.book();
    let wall = MIDNIGHT;
    for visit in 1..=30 {
        append(&mut book, check_in(visit, person("Lý Thử")));
        if visit % 7 == 0 {
            let erase = Request::Erase { visit: VisitId(visit - 1), wall, wall_trusted: true };
            assert!(matches!(book.answer(erase), Reply::Erased { entry: Some(_) }));
        }
        let after = cut(&disk).book();
        assert_eq!(after.entries().unwrap(), book.entries().unwrap(), "at visit {visit}");
        assert_eq!(after.verify().unwrap().broken, None);
    }
}

/// The two tests above can fail: with durability lowered by one step they see no sync and lose
/// what was committed.
#[test]
fn lowered_durability_is_noticed() {
    for lower in ["NORMAL", "OFF"] {
        let place = Place::new();
        let disk = Disk::watch(place.directory.path());
        drop(place.book());
        let careless = raw(&place.path());
        careless.pragma_update(None, "synchronous", lower).unwrap();
        careless.execute("INSERT INTO pin VALUES ('guard', '')", []).unwrap();
        let before = disk.syncs();
        careless.execute("UPDATE pin SET phc = 'kept'", []).unwrap();
        assert_eq!(disk.syncs(), before, "{lower}");
        let kept = cut(&disk);
        let kept: i64 = raw(&kept.path())
            .query_row("SELECT count(*) FROM pin WHERE phc = 'kept'", [], |row| row.get(0))
            .unwrap();
        assert_eq!(kept, 0, "{lower}");
    }
}

#[test]
fn a_disk_that_fails_loses_nothing_and_needs_no_restart() {
    for (code, trouble) in [
        (ffi::SQLITE_FULL, Trouble::Full),
        (ffi::SQLITE_READONLY, Trouble::ReadOnly),
        (ffi::SQLITE_IOERR_WRITE, Trouble::Gone),
    ] {
        let place = Place::new();
        let disk = Disk::watch(place.directory.path());
        let mut book = place.book();
        append(&mut book, check_in(1, person("Lý Một")));
        disk.fail_with(Some(code));
        for _ in 0..3 {
            let refused = book.answer(Request::Append(check_in(2, person("Lý Hai"))));
            assert_eq!(refused, failed(trouble));
        }
        assert_eq!(find(&mut book, "ly"), [1], "reading goes on");
        disk.fail_with(None);
        assert_eq!(append(&mut book, check_in(2, person("Lý Hai"))).seq, 2);
        drop(book);
        let mut book = place.book();
        assert_eq!(find(&mut book, "ly"), [2, 1]);
        assert_eq!(book.verify().unwrap().broken, None);
    }
}

#[test]
fn asking_whether_the_disk_takes_writing_writes() {
    let place = Place::new();
    let disk = Disk::watch(place.directory.path());
    let mut book = place.book();
    let before = disk.syncs();
    assert_eq!(book.answer(Request::Probe), Reply::Probed);
    assert!(disk.syncs() > before);
    disk.fail_with(Some(ffi::SQLITE_FULL));
    assert_eq!(book.answer(Request::Probe), failed(Trouble::Full));
    disk.fail_with(None);
    assert_eq!(book.answer(Request::Probe), Reply::Probed);
}

#[test]
fn no_room_to_begin_a_book() {
    let place = Place::new();
    let disk = Disk::watch(place.directory.path());
    disk.fail_with(Some(ffi::SQLITE_FULL));
    let error = Book::open(&place.path(), OPTIONS).unwrap_err();
    assert!(matches!(error, StoreError::Full), "{error}");
    assert!(error.to_string().contains("make room"));
    disk.fail_with(None);
    assert_eq!(place.open().1.set_aside, None);
}

#[test]
fn the_directory_of_the_book_is_made() {
    let place = Place::new();
    let path = place.directory.path().join("a/b/logbook.db");
    Book::open(&path, OPTIONS).unwrap();
    // A file where a directory should be names itself.
    let path = path.join("logbook.db");
    let error = Book::open(&path, OPTIONS).unwrap_err().to_string();
    assert!(error.contains("logbook.db"), "{error}");
}
