//! After "welcome in": a phone that was silent still counts for the visitor, and that of the next in
//! line does not.

mod support;

use kiosk::domain::logbook::Event;
use kiosk::domain::presence::{Face, Sureness};
use kiosk::domain::touch::Touch;
use kiosk::view::Screen;
use support::{House, bluezone, seconds};

const RUNNING: Face = Face::Running(Sureness::Confirmed);

/// In the hand of somebody who stands at the desk, and held to the mark, in dBm.
const STANDS: i8 = -62;
const HELD: i8 = -50;

/// The faces written into the book, in order.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other entries have no face")]
fn faces(house: &House) -> Vec<Face> {
    house
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::CheckIn { facts } | Event::Update { facts, .. } => Some(facts.face),
            Event::Verdict { face, .. } => Some(face),
            _ => None,
        })
        .collect()
}

#[test]
fn a_phone_that_wakes_up_after_done_amends_the_entry() {
    let mut house = House::new();
    house.check_in("Phạm Thị Chanh");
    house.wait(seconds(12));
    assert!(matches!(house.view().screen, Screen::Welcome { .. }));
    house.wait_hearing(seconds(2), |_| Some(bluezone(4, STANDS)));
    assert_eq!(faces(&house), [Face::Looking], "it may be that of the next in line");
    house.wait(seconds(6));
    assert_eq!(faces(&house), [Face::Looking, RUNNING]);
}

#[test]
fn held_to_the_mark_it_need_not_wait() {
    let mut house = House::new();
    house.check_in("Phạm Thị Chanh");
    house.wait(seconds(4));
    house.wait_hearing(seconds(2), |_| Some(bluezone(4, HELD)));
    assert_eq!(house.view().bar, Some(RUNNING));
    assert_eq!(faces(&house), [Face::Looking, RUNNING]);
}

#[test]
fn what_is_heard_after_thirty_seconds_amends_nothing() {
    let mut house = House::new();
    house.check_in("Phạm Thị Chanh");
    house.wait(seconds(31));
    house.wait_hearing(seconds(2), |_| Some(bluezone(4, HELD)));
    assert_eq!(faces(&house), [Face::Looking]);
}

#[test]
fn the_phone_of_whoever_steps_up_and_then_touches_is_theirs() {
    let mut house = House::new();
    house.check_in("Phạm Thị Chanh");
    house.wait(seconds(5));
    // Under the eyes of the visitor before, nothing turns green.
    house.wait_hearing(seconds(4), |_| Some(bluezone(4, STANDS)));
    assert_ne!(house.view().bar, Some(RUNNING));
    house.touches(&[Touch::Next, Touch::Enter, Touch::ByName]);
    house.wait_hearing(seconds(2), |_| Some(bluezone(4, STANDS)));
    assert_eq!(house.view().bar, Some(RUNNING), "without a tap");
    house.type_text("Đỗ Văn Quýt");
    house.touches(&[Touch::Next, Touch::Host(0), Touch::Next]);
    assert_eq!(faces(&house), [Face::Looking, RUNNING]);
    assert!(!house.events().iter().any(|event| matches!(event, Event::Verdict { .. })));
}

#[test]
fn what_is_heard_after_the_next_touch_is_the_next_visitors() {
    let mut house = House::new();
    house.check_in("Phạm Thị Chanh");
    house.touches(&[Touch::Next, Touch::Enter, Touch::ByName]);
    house.wait_hearing(seconds(2), |_| Some(bluezone(4, STANDS)));
    house.type_text("Đỗ Văn Quýt");
    house.touches(&[Touch::Next, Touch::Host(0), Touch::Next]);
    assert_eq!(faces(&house), [Face::Looking, RUNNING]);
    assert!(!house.events().iter().any(|event| matches!(event, Event::Verdict { .. })));
}
