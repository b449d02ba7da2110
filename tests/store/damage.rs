//! A damaged book is set aside as it is, and what can be read goes on in a new one.

use super::*;
use kiosk::domain::presence::SiteLevels;
use kiosk::domain::request::{Digits, Role};
use kiosk::store::aside::{KEPT_MAX, beside};
use kiosk::store::{Reader, SetAside, StoreError};

/// A moment at which damaged books may have been set aside: 2026-03-02T00:30:00Z.
const WALL: Wall = Wall(1_772_411_400);

const PAGE: usize = 4_096;

/// A closed book of 120 visits, half of them ended.
pub(super) fn filled() -> (Place, Vec<Entry>) {
    let place = Place::new();
    let mut book = place.book();
    let drafts = (1..=120).map(|visit| check_in(visit, person("Nguyễn Văn Dài Dòng")));
    book.append_all(drafts).unwrap();
    book.append_all((1..=120).step_by(2).map(check_out)).unwrap();
    let entries = book.entries().unwrap();
    drop(book);
    (place, entries)
}

pub(super) fn overwrite(place: &Place, page: usize) {
    let mut bytes = std::fs::read(place.path()).unwrap();
    bytes[page * PAGE..(page + 1) * PAGE].fill(0xaa);
    std::fs::write(place.path(), bytes).unwrap();
}

/// A page that opening the book does not read: the damage there is found by reading all of it.
pub(super) fn page_nobody_reads(place: &Place) -> usize {
    (1..pages(place))
        .find(|&page| {
            let trial = Place::new();
            std::fs::copy(place.path(), trial.path()).unwrap();
            overwrite(&trial, page);
            trial.open().1.set_aside.is_none()
        })
        .unwrap()
}

fn pages(place: &Place) -> usize {
    usize::try_from(std::fs::metadata(place.path()).unwrap().len()).unwrap() / PAGE
}

/// Opens the place as the kiosk does, and checks whatever must hold of a book that was set aside.
/// Damage is met while it is opened, or found by reading all of it; then it is opened in doubt.
fn opened(place: &Place) -> (Book, SetAside) {
    let damaged = std::fs::read(place.path()).unwrap();
    let (mut book, mut opened) = place.open();
    if opened.set_aside.is_none() {
        let found = Reader::open(&place.path()).unwrap().check(|| false);
        assert!(matches!(found, Err(StoreError::Damaged(_))), "{found:?}");
        drop(book);
        let doubtful = Options { in_doubt: true, ..OPTIONS };
        (book, opened) = Book::open(&place.path(), doubtful).unwrap();
    }
    let aside = opened.set_aside.unwrap();
    assert_eq!(std::fs::read(&aside.path).unwrap(), damaged, "the damaged file was changed");
    assert!(place.files().contains(&format!("logbook.damaged-{}.db", OPTIONS.wall.0)));
    append(&mut book, check_in(500, person("Người Mới")));
    assert_eq!(find(&mut book, "nguoi moi"), [500]);
    (book, aside)
}

#[test]
fn any_one_page_may_be_lost() {
    let (whole, entries) = filled();
    let (mut all, mut some) = (0, 0);
    for page in 1..pages(&whole) {
        let place = Place::new();
        std::fs::copy(whole.path(), place.path()).unwrap();
        overwrite(&place, page);
        let (book, aside) = opened(&place);
        let carried = book.entries().unwrap();
        let (_, carried) = carried.split_last().unwrap();
        assert_eq!(aside.entries, u64::try_from(carried.len()).unwrap());
        for entry in carried {
            let seq = usize::try_from(entry.seq).unwrap();
            assert_eq!(entry.public, entries[seq - 1].public, "page {page}");
        }
        // It verifies up to the loss, and as a whole where nothing of the chain was lost.
        let proof = book.verify().unwrap();
        let gap = (1..).zip(carried).find(|(due, entry)| entry.seq != *due).map(|(due, _)| due);
        assert_eq!(proof.broken.map(|(seq, _)| seq), gap, "page {page}: {proof:?}");
        assert_eq!(aside.missing > 0, gap.is_some(), "page {page}");
        if carried.len() == entries.len() {
            all += 1;
        } else {
            some += 1;
        }
        assert!(carried.len() > entries.len() / 2 || page < 3, "page {page}: {}", carried.len());
    }
    assert!(all > 0 && some > 0, "{all} {some}");
}

#[test]
fn a_file_that_is_no_book() {
    let place = Place::new();
    std::fs::write(place.path(), "scribble ".repeat(5_000)).unwrap();
    let (book, aside) = opened(&place);
    assert_eq!((aside.entries, aside.personal_parts, aside.missing), (0, 0, 0));
    assert_eq!(book.verify().unwrap().entries, 1);
}

#[test]
fn a_book_whose_end_is_cut_off() {
    let (place, entries) = filled();
    let bytes = std::fs::read(place.path()).unwrap();
    // The first pages are those of the schema; the entries begin after them.
    std::fs::write(place.path(), &bytes[..bytes.len() * 3 / 4 / PAGE * PAGE]).unwrap();
    let (_, aside) = opened(&place);
    assert!(aside.entries > 0 && aside.entries < u64::try_from(entries.len()).unwrap());
}

#[test]
fn pins_levels_secrets_and_people_are_carried_over() {
    let place = Place::new();
    let mut book = place.book();
    let digits = |pin: &str| Digits(pin.into());
    book.answer(Request::SetPins { administrator: digits("864209"), guard: digits("1379") });
    append(&mut book, check_in(1, person("Tạ Thử")));
    let levels = SiteLevels { mark_dbm: -41, two_metres_dbm: -68, louder_here_db: 9 };
    let (role, wall) = (Role::Administrator, OPTIONS.wall);
    book.answer(Request::KeepLevels { levels, role, wall, wall_trusted: true });
    let secrets = super::secrets(&place.path());
    // A power cut: the write-ahead log is still there, and holds all of it.
    let crashed = Place::new();
    for name in ["logbook.db", "logbook.db-wal"] {
        let from = place.directory.path().join(name);
        std::fs::copy(from, crashed.directory.path().join(name)).unwrap();
    }
    let raw = raw(&crashed.path());
    raw.execute_batch(
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET rootpage = 9999 WHERE name = 'visit_open';",
    )
    .unwrap();
    drop(raw);

    let (mut book, aside) = opened(&crashed);
    let kept: String = super::raw(&crashed.path())
        .query_row("SELECT levels FROM calibration", [], |row| row.get(0))
        .unwrap();
    assert_eq!(serde_json::from_str::<SiteLevels>(&kept).unwrap(), levels);
    assert_eq!(super::secrets(&crashed.path()), secrets);
    assert_eq!((aside.entries, aside.personal_parts, aside.missing), (1, 1, 0));
    assert_eq!(find(&mut book, "ta thu"), [1]);
    let role = book.answer(Request::CheckPin(digits("1379")));
    assert_eq!(role, Reply::PinChecked(Some(Role::Guard)));
    assert_eq!(book.verify().unwrap().broken, None);
}

#[test]
fn what_a_kiosk_of_old_heard_is_carried_over() {
    // Before schema 5 what was heard had a row each in `hearing`: there it settles.
    for (fixture, carried) in [
        (include_str!("../fixtures/schema/v3.sql"), (0, 2)),
        (include_str!("../fixtures/schema/v4.sql"), (0, 2)),
        (include_str!("../fixtures/schema/v5.sql"), (1, 1)),
    ] {
        let place = Place::new();
        let raw = raw(&place.path());
        raw.execute_batch(fixture).unwrap();
        let heard = |raw: &rusqlite::Connection| {
            let count = "SELECT (SELECT count(*) FROM hearing), (SELECT count(*) FROM encounter)";
            raw.query_row(count, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
        };
        let before: (u32, u32) = heard(&raw);
        raw.execute_batch(
            "PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET rootpage = 9999 WHERE name = 'visit_open';",
        )
        .unwrap();
        drop(raw);
        drop(opened(&place));
        assert_eq!(heard(&super::raw(&place.path())), carried);
        assert_eq!(before, (1, 1));
    }
}

#[test]
fn a_second_damage_keeps_the_first() {
    let place = Place::new();
    for scribble in ["one ", "two "] {
        std::fs::write(place.path(), scribble.repeat(2_000)).unwrap();
        place.open().1.set_aside.unwrap();
    }
    let aside = place.files().into_iter().filter(|name| name.contains("damaged"));
    assert_eq!(aside.count(), 2);
}

#[test]
fn of_a_card_that_fails_again_and_again_the_last_few_are_kept() {
    let place = Place::new();
    for number in 0..i64::try_from(KEPT_MAX).unwrap() + 2 {
        // The last time nobody has set the clock.
        let wall = if number < 4 { Wall(WALL.0 + number) } else { Wall(60) };
        std::fs::write(place.path(), format!("damage {number}").repeat(1_000)).unwrap();
        Book::open(&place.path(), Options { wall, ..OPTIONS }).unwrap();
    }
    let kept: Vec<_> = beside(&place.path()).unwrap().iter().map(|aside| aside.at.0).collect();
    assert_eq!(kept, [60, WALL.0 + 2, WALL.0 + 3]);
}

#[test]
fn a_damaged_book_goes_when_its_persons_would() {
    let place = Place::new();
    let mut book = place.book();
    let day = 86_400;
    let at = |days: i64| {
        place.directory.path().join(format!("logbook.damaged-{}.db", WALL.0 + days * day))
    };
    let unset = place.directory.path().join("logbook.damaged-60.db");
    let wal = place.directory.path().join(format!("logbook.damaged-{}.db-wal", WALL.0 - 31 * day));
    for path in [at(-31), at(-29), at(5), unset.clone(), wal.clone()] {
        std::fs::write(path, "Lê Văn Hỏng").unwrap();
    }
    let bytes = place.directory.path().join("the same bytes");
    std::fs::hard_link(at(-31), &bytes).unwrap();
    let expire = |book: &mut Book, wall_trusted| {
        let before = Wall(WALL.0 - 30 * day);
        let reply = book.answer(Request::Expire { before, limit: 9, wall: WALL, wall_trusted });
        assert!(matches!(reply, Reply::Expired { .. }), "{reply:?}");
    };
    expire(&mut book, false);
    assert_eq!(beside(&place.path()).unwrap().len(), 4, "nobody vouches for the clock");
    for _ in 0..2 {
        expire(&mut book, true);
        // Those whose date cannot be are kept from now on.
        let left: Vec<_> = beside(&place.path()).unwrap().iter().map(|aside| aside.at.0).collect();
        assert_eq!(left, [WALL.0 - 29 * day, WALL.0, WALL.0 + 1]);
    }
    assert!(!wal.exists() && !unset.exists());
    assert!(std::fs::read(bytes).unwrap().iter().all(|&byte| byte == 0), "written over");
}

#[test]
fn setting_aside_may_be_cut_off_and_is_taken_up_again() {
    // While what can be read was being written.
    let (place, entries) = filled();
    overwrite(&place, 9);
    let beside = |name: &str| place.directory.path().join(name);
    std::fs::write(beside("logbook.rescuing.db"), "half").unwrap();
    std::fs::write(beside("logbook.rescuing.db-wal"), "half").unwrap();
    let (_, aside) = opened(&place);
    assert!(!place.files().iter().any(|name| name.contains("rescu")), "{:?}", place.files());
    let carried = aside.entries;

    // After that, before and after the damaged book was moved.
    for moved in [false, true] {
        let place = Place::new();
        let beside = |name: &str| place.directory.path().join(name);
        if !moved {
            std::fs::write(place.path(), "damaged").unwrap();
        }
        let (rescued, _) = filled();
        std::fs::copy(rescued.path(), beside("logbook.rescued.db")).unwrap();
        let (book, opened) = place.open();
        assert_eq!(book.entries().unwrap(), entries);
        assert_eq!(opened.set_aside.unwrap().entries, u64::try_from(entries.len()).unwrap());
        assert_eq!(place.files().iter().any(|name| name.contains("damaged")), !moved);
    }
    assert!(carried > 0);
}
