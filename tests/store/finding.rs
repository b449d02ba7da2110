//! Finding people again: by name, badge, phone and plate, and by the number they give at the desk.

use super::*;
use kiosk::domain::request::Digits;

fn visitor(name: &str, phone: &str, plate: &str) -> Personal {
    Personal { phone: phone.into(), plate: plate.into(), ..person(name) }
}

fn filled(place: &Place) -> Book {
    let mut book = place.book();
    append(&mut book, check_in(1, visitor("Hồ Thị Thương", "0900000111", "43A-123.45")));
    append(&mut book, check_in(2, visitor("Nguyễn Văn Đức", "0900000222", "")));
    append(&mut book, check_in(28, visitor("Thương Hồ", "", "74-F1 678.90")));
    append(&mut book, check_in(1_028, visitor("ສົມຈິດ ວົງ", "8562055500001", "")));
    book
}

fn recall(book: &mut Book, phone: &str) -> Option<String> {
    match book.answer(Request::Recall { phone: Digits(phone.into()) }) {
        Reply::Recalled(returning) => returning.map(|returning| returning.personal.name),
        other => panic!("{other:?}"),
    }
}

#[test]
fn by_what_a_guard_would_type() {
    let place = Place::new();
    let mut book = filled(&place);
    let cases: [(&str, &[u32]); 27] = [
        ("ho thi thuong", &[1]),
        ("HỒ THỊ THƯƠNG", &[1]),
        ("thuong ho", &[28, 1]),
        ("thu h", &[28, 1]),
        ("duc", &[2]),
        ("Đức", &[2]),
        ("ng va du", &[2]),
        ("uong", &[]),
        ("ho duc", &[]),
        ("ສົມຈິດ", &[1_028]),
        ("28", &[1_028, 28]),
        ("028", &[1_028, 28]),
        ("A-028", &[1_028, 28]),
        ("a28", &[1_028, 28]),
        ("B-028", &[]),
        ("a28 thuong", &[28]),
        ("0900000222", &[2]),
        ("0900 000 222", &[2]),
        ("+84 900 000 222", &[2]),
        ("0222", &[2]),
        ("0900", &[2, 1]),
        ("43a12345", &[1]),
        ("43A-123.45", &[1]),
        ("67890", &[28]),
        ("74-F1 678.90", &[28]),
        ("", &[]),
        (" .-/", &[]),
    ];
    for (typed, visits) in cases {
        assert_eq!(find(&mut book, typed), visits, "{typed}");
    }
    // The same from an index that is read from the book.
    drop(book);
    let mut book = place.book();
    for (typed, visits) in cases {
        assert_eq!(find(&mut book, typed), visits, "{typed} after a restart");
    }
}

#[test]
fn with_what_is_known_of_the_visit_now() {
    let place = Place::new();
    let mut book = filled(&place);
    let corrected = VisitFacts { companions: 3, ..facts(2) };
    let draft = event(20, Event::Correction { facts: corrected, replaces_seq: 2 });
    let entry = append(&mut book, Draft { personal: Some(person("Nguyễn Văn Đạt")), ..draft });
    let face = Face::Running(kiosk::domain::presence::Sureness::Probable);
    append(&mut book, event(21, Event::Verdict { visit: VisitId(2), face }));
    append(&mut book, check_out(2));

    assert_eq!(find(&mut book, "duc"), NOBODY);
    let [found] = &search(&mut book, "dat")[..] else { panic!() };
    assert_eq!(found.facts, VisitFacts { face, ..corrected });
    assert_eq!(found.personal.as_ref().unwrap().name, "Nguyễn Văn Đạt");
    assert_eq!(found.entered, Wall(MIDNIGHT.0 + 120));
    assert_eq!(found.left, Some((Wall(MIDNIGHT.0 + 36_000), Leaving::Guard)));
    assert_eq!(found.seq, entry.seq);
}

#[test]
fn no_more_than_asked_for_and_the_latest_first() {
    let place = Place::new();
    let mut book = place.book();
    let drafts = (1..=2_500).map(|visit| check_in(visit, person("Lê Thử")));
    book.append_all(drafts).unwrap();
    assert!(find(&mut book, "le").into_iter().eq((2_451..=2_500).rev()));
    drop(book);
    let (mut book, _) = place.open();
    // Nothing of the index is read yet, then a part of it, then all.
    loop {
        assert!(find(&mut book, "le").into_iter().eq((2_451..=2_500).rev()));
        if !book.read_on().unwrap() {
            break;
        }
    }
    let most = Request::Search { query: SearchText("le".into()), limit: u16::MAX };
    let Reply::Found(found) = book.answer(most) else { panic!() };
    assert_eq!(found.len(), 500);
}

#[test]
fn an_old_visit_brought_up_to_date_does_not_hide_a_newer_one() {
    let place = Place::new();
    let mut book = place.book();
    book.append_all((1..=3_000).map(|visit| check_in(visit, person("Lê Thử")))).unwrap();
    let draft = event(1, Event::Update { facts: facts(2_000), replaces_seq: 2_000 });
    append(&mut book, Draft { personal: Some(person("Bùi Hiếm")), ..draft });
    drop(book);
    let mut book = place.book();
    book.read_on().unwrap();
    let draft = event(1, Event::Update { facts: facts(5), replaces_seq: 5 });
    append(&mut book, Draft { personal: Some(person("Bùi Hiếm")), ..draft });
    let one = Request::Search { query: SearchText("hiem".into()), limit: 1 };
    let Reply::Found(found) = book.answer(one) else { panic!() };
    assert_eq!(found[0].facts.visit, VisitId(2_000));
}

#[test]
fn segments_of_the_index_join() {
    let place = Place::new();
    let mut book = place.book();
    for visit in [1, 65_535, 65_536, 131_072, 200_000] {
        append(&mut book, check_in(visit, person("Phan Thử")));
    }
    assert_eq!(find(&mut book, "phan thu"), [200_000, 131_072, 65_536, 65_535, 1]);
}

#[test]
fn who_came_last_under_a_number() {
    let place = Place::new();
    let mut book = filled(&place);
    append(&mut book, check_in(30, visitor("Hồ Thị Thương Mới", "0900000111", "")));
    assert_eq!(recall(&mut book, "0900000111").as_deref(), Some("Hồ Thị Thương Mới"));
    assert_eq!(recall(&mut book, "0900000222").as_deref(), Some("Nguyễn Văn Đức"));
    // The whole number or nothing: half a number must not show who it belongs to.
    for part in ["", "0900000", "000222", "00900000222", "28"] {
        assert_eq!(recall(&mut book, part), None, "{part}");
    }
    drop(book);
    let mut book = place.book();
    assert_eq!(recall(&mut book, "0900000111").as_deref(), Some("Hồ Thị Thương Mới"));
}

#[test]
fn numbers_longer_than_any_phones_are_told_apart() {
    let place = Place::new();
    let mut book = place.book();
    append(&mut book, check_in(1, visitor("Lê Dài Một", "12345678901234567890", "")));
    assert_eq!(recall(&mut book, "1234567890123456").as_deref(), None);
}
