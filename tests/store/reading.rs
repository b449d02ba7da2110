//! Reading the book beside a kiosk that is writing it.

use super::*;
use kiosk::store::{Reader, StoreError};

fn visits(reader: &Reader) -> Vec<u32> {
    let day = reader.visits(MIDNIGHT, Wall(MIDNIGHT.0 + 86_400)).unwrap();
    day.iter().map(|found| found.facts.visit.0).collect()
}

#[test]
fn the_day_of_a_running_kiosk() {
    let place = Place::new();
    let mut book = place.book();
    append(&mut book, check_in(3, person("Mai Thử")));
    append(&mut book, check_in(2, person("Cao Thử")));
    append(&mut book, check_in(1_441, person("Ngày Mai")));
    let reader = Reader::open(&place.path()).unwrap();
    assert_eq!(visits(&reader), [2, 3]);
    append(&mut book, check_in(4, person("Kim Thử")));
    append(&mut book, check_out(2));
    assert_eq!(visits(&reader), [2, 3, 4]);
    assert_eq!(reader.verify().unwrap(), book.verify().unwrap());
    drop(reader);
    drop(book);
    assert_eq!(visits(&Reader::open(&place.path()).unwrap()), [2, 3, 4]);
}

#[test]
fn what_is_no_book_is_told_apart() {
    let place = Place::new();
    let refused = || Reader::open(&place.path()).unwrap_err();
    assert!(matches!(refused(), StoreError::Missing { .. }));
    assert!(place.files().is_empty(), "a reader begins no book");
    std::fs::write(place.path(), "").unwrap();
    assert!(matches!(refused(), StoreError::Missing { .. }));
    std::fs::write(place.path(), "scribble ".repeat(1_000)).unwrap();
    assert!(matches!(refused(), StoreError::Damaged(_)));
    std::fs::remove_file(place.path()).unwrap();
    raw(&place.path()).execute_batch("CREATE TABLE t (x)").unwrap();
    assert!(matches!(refused(), StoreError::Foreign { .. }));
    raw(&place.path())
        .execute_batch("PRAGMA application_id = 1802071923; PRAGMA user_version = 99")
        .unwrap();
    assert!(matches!(refused(), StoreError::Newer { .. }));
}
