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
    let (left, entry) = expire_at(book, before, Wall(MIDNIGHT.0 + 40_000), true);
    assert_eq!(left, NOBODY);
    entry
}

/// Who was signed out, and the entry that says what was erased.
fn expire_at(
    book: &mut Book,
    before: Wall,
    wall: Wall,
    wall_trusted: bool,
) -> (Vec<u32>, Option<Entry>) {
    let visit_of = |entry: &Entry| match entry.public.event {
        Event::CheckOut { visit, how: Leaving::ClosingSweep } => Some(visit.0),
        _ => None,
    };
    match book.answer(Request::Expire { before, limit: 2, wall, wall_trusted }) {
        Reply::Expired { entries, more } => {
            let left: Vec<_> = entries.iter().map_while(visit_of).collect();
            assert_eq!(more, left.len() == 2);
            let mut rest = entries.into_iter().skip(left.len());
            let entry = rest.next();
            assert_eq!(rest.next(), None);
            (left, entry)
        }
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
fn people_expire_after_their_time() {
    let place = Place::new();
    let mut book = with_the_person(&place);
    append(&mut book, check_out(1));
    // Visit 1 began a minute after midnight, 2 two minutes after, and 3 is open.
    assert_eq!(expire(&mut book, Wall(MIDNIGHT.0 + 60)), None);
    let entry = expire(&mut book, Wall(MIDNIGHT.0 + 121)).unwrap();
    assert_eq!(entry.public.event, Event::Expired { personal_parts: 3 });
    assert!(!on_disk(&place, &[NAME]));
    assert_eq!(find(&mut book, "quach"), NOBODY);
    assert_eq!(find(&mut book, "le"), [3]);
    assert_eq!(book.verify().unwrap().broken, None);
}

#[test]
fn who_never_signs_out_is_signed_out_and_erased_after_the_longest_stay() {
    let place = Place::new();
    let mut book = place.book();
    for visit in 1..=4 {
        append(&mut book, check_in(visit, person(NAME)));
    }
    let (before, wall) = (Wall(MIDNIGHT.0 + 181), Wall(MIDNIGHT.0 + 40_000));
    let (left, entry) = expire_at(&mut book, before, wall, true);
    assert_eq!(left, [1, 2], "a step");
    assert_eq!(entry.unwrap().public.event, Event::Expired { personal_parts: 2 });
    let (left, entry) = expire_at(&mut book, before, wall, true);
    assert_eq!(left, [3]);
    assert_eq!(entry.unwrap().public.event, Event::Expired { personal_parts: 1 });
    assert_eq!(find(&mut book, "quach"), [4]);
    assert_eq!(book.verify().unwrap().broken, None);
    drop(book);
    let (_, opened) = place.open();
    let inside = opened.entries.iter().filter(|entry| entry.personal.is_some());
    assert_eq!(inside.count(), 1);
}

#[test]
fn who_came_while_nobody_vouched_for_the_clock_is_not_sent_out_by_it() {
    let place = Place::new();
    let mut book = place.book();
    let mut draft = check_in(1, person(NAME));
    (draft.public.wall, draft.public.wall_trusted) = (Wall(60), false);
    append(&mut book, draft);
    let (before, wall) = (MIDNIGHT, Wall(MIDNIGHT.0 + 600));
    assert_eq!(expire_at(&mut book, before, wall, true), (vec![], None));
    // Thirty days after the first entry of which the time is known it is long ago all the same.
    append(&mut book, check_in(2, person(NAME)));
    let later = expire_at(&mut book, Wall(MIDNIGHT.0 + 121), Wall(MIDNIGHT.0 + 40_000), true);
    assert_eq!(later.0, [1, 2]);
}

/// Two days ahead of the clock that is set right afterwards.
const AHEAD: i64 = 2 * 86_400;

fn ahead(visit: u32) -> Draft {
    let mut draft = check_in(visit, person(NAME));
    draft.public.wall.0 += AHEAD;
    draft
}

#[test]
fn persons_dated_ahead_are_kept_no_longer_than_others() {
    for inside in [false, true] {
        let place = Place::new();
        let mut book = place.book();
        append(&mut book, ahead(1));
        if !inside {
            let mut draft = check_out(1);
            draft.public.wall.0 += AHEAD;
            append(&mut book, draft);
        }
        // The clock is set right: that is noticed, once, and nothing is erased.
        let noticed = Wall(MIDNIGHT.0 + 600);
        let before = Wall(MIDNIGHT.0 - 86_400);
        let (left, entry) = expire_at(&mut book, before, noticed, true);
        assert_eq!(left, NOBODY);
        assert_eq!(entry.unwrap().public.event, Event::Expired { personal_parts: 0 });
        let again = expire_at(&mut book, before, Wall(noticed.0 + 60), true);
        assert_eq!(again, (vec![], None));
        append(&mut book, event(11, Event::CheckIn { facts: facts(2) }));
        // From there on they are kept as long as anybody, also when their date has come.
        for wall in [noticed.0 + 700, noticed.0 + 3 * AHEAD] {
            assert_eq!(expire_at(&mut book, noticed, Wall(wall), true), (vec![], None));
        }
        let end = expire_at(&mut book, Wall(noticed.0 + 1), Wall(noticed.0 + 3 * AHEAD), true);
        assert_eq!(end.0, if inside { vec![1] } else { vec![] });
        assert_eq!(end.1.unwrap().public.event, Event::Expired { personal_parts: 1 });
        assert!(!on_disk(&place, &[NAME]));
        assert_eq!(book.verify().unwrap().broken, None);
    }
}

#[test]
fn a_clock_nobody_vouches_for_dates_nothing() {
    let place = Place::new();
    let mut book = place.book();
    append(&mut book, ahead(1));
    let wall = Wall(MIDNIGHT.0 + 600);
    assert_eq!(expire_at(&mut book, MIDNIGHT, wall, false), (vec![], None));
    let mut unsure = event(10, Event::GateOpened { seconds_ago: 0 });
    unsure.public.wall_trusted = false;
    append(&mut book, unsure);
    let later = Wall(wall.0 + 3 * AHEAD);
    assert_eq!(expire_at(&mut book, Wall(wall.0 + 1), later, true).0, NOBODY);
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

#[test]
fn secrets_of_the_beacon_that_begin_ahead_are_replaced_and_no_other() {
    let place = Place::new();
    let mut book = place.book();
    raw(&place.path())
        .execute("UPDATE beacon_key SET begins = begins + 200000 WHERE network = 'gaen'", [])
        .unwrap();
    let before = secrets(&place.path());
    let wall = OPTIONS.wall;
    let Reply::BeaconKeys(keys) = book.answer(Request::RenewBeaconKeys { wall }) else { panic!() };
    assert!(!keys.are_ahead_of(wall));
    for (old, new) in before.iter().zip(secrets(&place.path())) {
        assert_eq!(*old == new, old.0 != "gaen", "{}", old.0);
    }
}
