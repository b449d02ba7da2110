//! Erasing a person: out of the book, the index and the bytes on disk; the chain still verifies.

use super::*;
use kiosk::store::StoreError;

const NAME: &str = "Quách Thị Nguyệt Hằng";

fn erase(book: &mut Book, visit: u32) -> Option<Entry> {
    let wall = Wall(MIDNIGHT.0 + 40_000);
    match book.answer(Request::Erase { visit: VisitId(visit), wall, wall_trusted: true }) {
        Reply::Erased { entry } => entry,
        other => panic!("{other:?}"),
    }
}

fn expire(book: &mut Book, before: Wall) -> Option<Entry> {
    let wall = Wall(MIDNIGHT.0 + 40_000);
    match book.answer(Request::Expire { before, wall, wall_trusted: false }) {
        Reply::Erased { entry } => entry,
        other => panic!("{other:?}"),
    }
}

/// Whether any file of the place holds any of the needles.
fn on_disk(place: &Place, needles: &[&str]) -> bool {
    place.files().iter().any(|name| {
        let bytes = std::fs::read(place.directory.path().join(name)).unwrap();
        let holds =
            |needle: &&str| bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
        needles.iter().any(holds)
    })
}

fn with_the_person(place: &Place) -> Book {
    let mut book = place.book();
    append(&mut book, check_in(1, person("Lê Văn Trước")));
    let personal =
        Personal { phone: "0900000333".into(), plate: "43B-999.99".into(), ..person(NAME) };
    append(&mut book, check_in(2, personal.clone()));
    append(&mut book, check_in(3, person("Lê Văn Sau")));
    let draft = event(5, Event::Correction { facts: facts(2), replaces_seq: 2 });
    let host = "Bà Viên".to_owned();
    append(&mut book, Draft { personal: Some(Personal { host, ..personal }), ..draft });
    append(&mut book, check_out(2));
    book
}

#[test]
fn nothing_of_the_person_is_left() {
    let place = Place::new();
    let mut book = with_the_person(&place);
    let traces = [NAME, "Hằng", "quach", "nguyet", "hang", "0900000333", "43B-999.99", "43b99999"];
    assert!(on_disk(&place, &traces[..1]), "the test looks in the wrong place");
    let before = book.verify().unwrap();

    let entry = erase(&mut book, 2).unwrap();

    assert_eq!(entry.public.event, Event::Erased { visit: VisitId(2) });
    assert!(!on_disk(&place, &traces));
    for typed in ["quach", "hang nguyet", "0900000333", "43b99999"] {
        assert_eq!(find(&mut book, typed), NOBODY, "{typed}");
    }
    assert_eq!(find(&mut book, "le van"), [3, 1]);
    let after = book.verify().unwrap();
    assert_eq!((after.entries, after.broken), (before.entries + 1, None));
    drop(book);
    let (mut book, opened) = place.open();
    assert_eq!(find(&mut book, "quach"), NOBODY);
    let kept = opened.entries.iter().filter(|entry| entry.personal.is_some());
    assert!(kept.map(|entry| entry.seq).eq([1, 3]));
    assert_eq!(book.verify().unwrap(), after);
}

#[test]
fn the_salt_goes_with_the_person() {
    let place = Place::new();
    let mut book = with_the_person(&place);
    let salts = |place: &Place| -> Vec<Vec<u8>> {
        let raw = raw(&place.path());
        let mut rows = raw.prepare("SELECT salt FROM personal WHERE visit = 2").unwrap();
        rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let before = salts(&place);
    assert_eq!(before.len(), 2);
    erase(&mut book, 2).unwrap();
    for name in place.files() {
        let bytes = std::fs::read(place.directory.path().join(name)).unwrap();
        assert!(!before.iter().any(|salt| bytes.windows(32).any(|window| window == salt)));
    }
}

#[test]
fn erasing_twice_writes_nothing_more() {
    let place = Place::new();
    let mut book = with_the_person(&place);
    assert!(erase(&mut book, 2).is_some());
    assert_eq!(erase(&mut book, 2), None);
    assert_eq!(erase(&mut book, 77), None);
    assert_eq!(book.entries().unwrap().len(), 6);
}

#[test]
fn people_expire_unless_they_are_inside() {
    let place = Place::new();
    let mut book = with_the_person(&place);
    // Visits 1 and 3 are open; 2 began two minutes after midnight.
    assert_eq!(expire(&mut book, Wall(MIDNIGHT.0 + 120)), None);
    let entry = expire(&mut book, Wall(MIDNIGHT.0 + 121)).unwrap();
    assert_eq!(entry.public.event, Event::Expired { personal_parts: 2 });
    assert!(!entry.public.wall_trusted);
    assert!(!on_disk(&place, &[NAME]));
    assert_eq!(find(&mut book, "quach"), NOBODY);
    assert_eq!(find(&mut book, "le"), [3, 1]);

    append(&mut book, check_out(1));
    let entry = expire(&mut book, Wall(MIDNIGHT.0 + 10_000)).unwrap();
    assert_eq!(entry.public.event, Event::Expired { personal_parts: 1 });
    assert_eq!(find(&mut book, "le"), [3]);
    assert_eq!(book.verify().unwrap().broken, None);
}

#[test]
fn a_reader_only_delays_the_scrubbing() {
    let place = Place::new();
    let mut book = with_the_person(&place);
    let reader = raw(&place.path());
    reader.execute_batch("BEGIN; SELECT count(*) FROM entry;").unwrap();
    assert!(erase(&mut book, 2).is_some());
    assert!(on_disk(&place, &[NAME]), "the reader should still hold the old pages");
    reader.execute_batch("COMMIT").unwrap();
    // Any later request takes it up again.
    assert_eq!(find(&mut book, "quach"), NOBODY);
    assert!(!on_disk(&place, &[NAME]));
}

#[test]
fn no_error_and_no_debug_text_shows_a_person() {
    let place = Place::new();
    let mut book = with_the_person(&place);
    let found = format!("{:?} {book:?}", search(&mut book, "quach"));
    assert!(!found.contains("Quách") && !found.contains("quach") && !found.contains("0900000333"));
    let twice = format!("{:?}", book.answer(Request::Append(check_in(2, person(NAME)))));
    assert!(!twice.contains("Quách"), "{twice}");
    let error = book.append_all([check_in(2, person(NAME))]).unwrap_err();
    assert!(matches!(error, StoreError::Sqlite(_)));
    assert!(!format!("{error} {error:?}").contains("Quách"), "{error:?}");
}
