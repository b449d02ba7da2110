//! Whoever changes the book past the kiosk is found out by walking the chain.

use super::*;
use kiosk::store::verify::{Broken, Proof};

fn verified_after(meddle: &str) -> Proof {
    let place = Place::new();
    let mut book = place.book();
    for visit in 1..=4 {
        append(&mut book, check_in(visit, person("Đinh Thử")));
    }
    append(&mut book, check_out(2));
    assert_eq!(book.verify().unwrap().broken, None);
    let raw = raw(&place.path());
    raw.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    raw.execute_batch(meddle).unwrap();
    book.verify().unwrap()
}

#[test]
fn every_column_is_watched() {
    let other = "zeroblob(31) || x'07'";
    for (meddle, seq, why) in [
        (
            "UPDATE entry SET public = replace(public, ':true', ':false') WHERE seq = 3".into(),
            3,
            Broken::Changed,
        ),
        ("UPDATE entry SET public = public || ' ' WHERE seq = 3".into(), 3, Broken::Changed),
        (
            format!("UPDATE entry SET commitment = CAST({other} AS BLOB) WHERE seq = 3"),
            3,
            Broken::Changed,
        ),
        (
            format!("UPDATE entry SET hash = CAST({other} AS BLOB) WHERE seq = 3"),
            3,
            Broken::Changed,
        ),
        ("UPDATE entry SET seq = 9 WHERE seq = 5".into(), 5, Broken::Missing),
        ("DELETE FROM entry WHERE seq = 2".into(), 2, Broken::Missing),
        ("DELETE FROM entry WHERE seq = 1".into(), 1, Broken::Missing),
        (
            "UPDATE personal SET body = replace(body, 'Đinh', 'Định') WHERE seq = 4".into(),
            4,
            Broken::PersonChanged,
        ),
        (
            format!("UPDATE personal SET salt = CAST({other} AS BLOB) WHERE seq = 4"),
            4,
            Broken::PersonChanged,
        ),
        ("UPDATE personal SET visit = 3 WHERE seq = 4".into(), 4, Broken::PersonChanged),
        ("UPDATE personal SET seq = 5 WHERE seq = 4".into(), 5, Broken::PersonChanged),
        ("UPDATE personal SET seq = 50 WHERE seq = 4".into(), 50, Broken::PersonChanged),
        ("UPDATE visit SET seq = 1 WHERE visit = 3".into(), 1, Broken::Projection),
        ("UPDATE visit SET face = '\"looking\"' WHERE visit = 3".into(), 3, Broken::Projection),
        ("UPDATE visit SET face = 'x' WHERE visit = 3".into(), 3, Broken::Projection),
        ("UPDATE visit SET entered = 0 WHERE visit = 3".into(), 3, Broken::Projection),
        ("UPDATE visit SET left_at = 0 WHERE visit = 2".into(), 2, Broken::Projection),
        ("UPDATE visit SET how = 'visitor' WHERE visit = 2".into(), 2, Broken::Projection),
        ("DELETE FROM visit WHERE visit = 4".into(), 4, Broken::Projection),
        ("UPDATE visit SET visit = 40 WHERE visit = 4".into(), 4, Broken::Projection),
    ] {
        let proof = verified_after(&meddle);
        assert_eq!(proof.broken, Some((seq, why)), "{meddle}");
    }
}

#[test]
fn erasing_by_hand_is_no_break() {
    assert_eq!(verified_after("DELETE FROM personal WHERE seq = 4").broken, None);
}

#[test]
fn a_cut_off_end_shows_only_against_a_noted_head() {
    let place = Place::new();
    let mut book = place.book();
    for visit in 1..=4 {
        append(&mut book, check_in(visit, person("Đinh Thử")));
    }
    let noted = book.verify().unwrap();
    let digits: Vec<_> = noted.head.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(noted.head_hex(), digits.concat());
    let raw = raw(&place.path());
    raw.execute_batch(
        "DELETE FROM personal WHERE seq = 4; DELETE FROM visit WHERE visit = 4;
         DELETE FROM entry WHERE seq = 4;",
    )
    .unwrap();
    let cut = book.verify().unwrap();
    assert_eq!(cut.broken, None);
    assert_ne!((cut.entries, cut.head), (noted.entries, noted.head));
}

#[test]
fn the_projection_can_be_thrown_away() {
    let place = Place::new();
    let mut book = place.book();
    append(&mut book, check_in(1, person("Đinh Thử")));
    append(&mut book, check_out(1));
    raw(&place.path()).execute_batch("DELETE FROM visit").unwrap();
    assert!(book.verify().unwrap().broken.is_some());
    book.rebuild().unwrap();
    assert_eq!(book.verify().unwrap().broken, None);
    assert_eq!(find(&mut book, "dinh"), [1]);
}
