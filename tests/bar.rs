//! Stories of the bar: whose phone it is about, and what it says when.

mod support;

use kiosk::domain::moment::Mono;
use kiosk::domain::presence::{Face, Sureness};
use kiosk::domain::touch::Touch;
use kiosk::view::Screen;
use support::{House, bluezone, gaen, iphone, seconds};

#[test]
fn the_bar_goes_through_its_faces_and_never_accuses_early() {
    let mut house = House::new();
    house.touch(Touch::Enter);
    assert_eq!(house.view().bar, Some(Face::Looking));
    house.wait(seconds(3));
    assert_eq!(house.view().bar, Some(Face::TapHere));
    house.wait(seconds(16));
    assert_eq!(house.view().bar, Some(Face::TapHere), "a tap may fall into the silent half");
    house.wait(seconds(1));
    assert_eq!(house.view().bar, Some(Face::NotSeenYet));
    house.wait_hearing(seconds(1), |_| Some(bluezone(1, -60)));
    assert_eq!(house.view().bar, Some(Face::Running(Sureness::Confirmed)), "it keeps looking");
}

#[test]
fn what_was_heard_before_the_touch_counts() {
    let mut house = House::new();
    house.wait(seconds(60));
    // From afar to the desk, then silent: the second half of the cycle has begun.
    house.wait_hearing(seconds(6), |_| Some(bluezone(9, -92)));
    house.wait_hearing(seconds(6), |_| Some(bluezone(9, -84)));
    house.wait_hearing(seconds(3), |_| Some(bluezone(9, -58)));
    house.touch(Touch::Enter);
    assert_eq!(house.view().bar, Some(Face::Running(Sureness::Confirmed)));
}

#[test]
fn a_lone_bluezone_phone_is_seen_within_twenty_seconds() {
    // Its 15 s begin anywhere, so it may be silent for most of the visit.
    let seen = (0..60_u64).filter(|phase| {
        let mut rng = fastrand::Rng::with_seed(*phase);
        let mut house = House::new();
        let is_heard =
            |at: Mono| (at.since_start().as_millis() / 500 + u128::from(*phase)) % 60 < 30;
        let mut advert =
            |at: Mono, level: i8| is_heard(at).then(|| bluezone(9, level + rng.i8(-5..=5)));
        house.wait_hearing(seconds(30), |at| advert(at, -92));
        house.wait_hearing(seconds(3), |at| advert(at, -84));
        house.wait_hearing(seconds(1), |at| advert(at, -68));
        house.touch(Touch::Enter);
        house.wait_hearing(seconds(4), |at| advert(at, -68));
        // Asked for the tap, they hold the phone to the mark.
        house.wait_hearing(seconds(16), |at| advert(at, -52));
        house.view().bar == Some(Face::Running(Sureness::Confirmed))
    });
    assert!(seen.count() >= 57, "95 % of 60 visits");
}

#[test]
fn a_queue_that_saw_three_check_ins_is_not_part_of_the_place() {
    let mut house = House::new();
    let waits = |number, level| move |_| Some(bluezone(number, level));
    for name in ["Hồ Thị Bưởi", "Trần Văn Mít", "Lê Văn Ổi", "Phan Thị Na"] {
        house.wait_hearing(seconds(40), waits(9, -88));
        house.check_in(name);
        house.wait_hearing(seconds(12), waits(9, -88));
    }
    // The kiosk looks for the fourth one's phone until half a minute after "welcome in".
    house.wait_hearing(seconds(20), waits(9, -88));
    house.wait_hearing(seconds(2), waits(9, -76));
    house.wait_hearing(seconds(1), waits(9, -62));
    house.touch(Touch::Enter);
    house.wait_hearing(seconds(3), waits(9, -62));
    assert_eq!(house.view().bar, Some(Face::Running(Sureness::Confirmed)));
}

#[test]
fn two_voices_of_one_phone_are_no_rivals() {
    let mut house = House::new();
    let mut turn = 0;
    let mut both = |_| {
        turn += 1;
        Some(if turn % 2 == 0 { bluezone(9, -60) } else { gaen(9, -61) })
    };
    house.touch(Touch::Enter);
    house.wait_hearing(seconds(3), &mut both);
    assert_eq!(house.view().bar, Some(Face::Running(Sureness::Confirmed)));
}

#[test]
fn two_phones_of_one_network_are_rivals() {
    let mut house = House::new();
    let mut turn = 0_u8;
    house.touch(Touch::Enter);
    house.wait_hearing(seconds(3), |_| {
        turn = 1 - turn;
        Some(bluezone(8 + turn, -60))
    });
    assert_eq!(house.view().bar, Some(Face::TapHere));
}

#[test]
fn an_iphone_that_keeps_its_id_is_probably_running() {
    let mut house = House::new();
    house.touch(Touch::Enter);
    house.wait_hearing(seconds(3), |_| Some(iphone(3, -46)));
    assert_eq!(house.view().bar, Some(Face::Running(Sureness::Probable)));
}

#[test]
fn the_guards_phone_is_nobodys_even_when_its_id_rotates() {
    let mut house = House::new();
    // Behind the counter for a quarter of an hour; the id changes while a visitor is there.
    house.wait_hearing(seconds(900), |_| Some(bluezone(1, -66)));
    house.touch(Touch::Enter);
    let begun = house.now.mono;
    house.wait_hearing(seconds(25), |now| {
        let id = if now.since(begun) < seconds(5) { 1 } else { 2 };
        Some(bluezone(id, -66))
    });
    assert_eq!(house.view().bar, Some(Face::NotSeenYet));
}

#[test]
fn the_guards_phone_rotating_over_a_silence_is_still_the_guards() {
    let mut house = House::new();
    let on_air =
        |now: kiosk::domain::moment::Mono| (now.since_start().as_secs() / 15).is_multiple_of(2);
    house.wait_hearing(seconds(900), |now| on_air(now).then(|| bluezone(1, -66)));
    house.touch(Touch::Enter);
    // At 900 s a new window begins, with the id of the new slot.
    house.wait_hearing(seconds(25), |now| on_air(now).then(|| bluezone(2, -66)));
    assert_eq!(house.view().bar, Some(Face::NotSeenYet));
}

#[test]
fn whoever_goes_back_and_begins_again_is_still_the_visitor() {
    let mut house = House::new();
    house.wait_hearing(seconds(1), |_| Some(bluezone(5, -60)));
    for _ in 0..3 {
        house.touch(Touch::Enter);
        house.wait_hearing(seconds(2), |_| Some(bluezone(5, -60)));
        assert_eq!(house.view().bar, Some(Face::Running(Sureness::Confirmed)));
        house.touch(Touch::Back);
        assert!(matches!(house.view().screen, Screen::Welcome { .. }));
    }
}

#[test]
fn a_bystander_is_not_the_visitor_however_long_the_visitor_takes() {
    let mut house = House::new();
    house.wait_hearing(seconds(40), |_| Some(bluezone(5, -68)));
    house.touches(&[Touch::Enter, Touch::ByName]);
    for _ in 0..20 {
        house.wait_hearing(seconds(10), |_| Some(bluezone(5, -68)));
        house.type_text("a");
        assert!(!matches!(house.view().bar, Some(Face::Running(_))));
    }
}

#[test]
fn an_iphone_behind_the_visitor_does_not_hide_the_visitors_phone() {
    let mut house = House::new();
    // At three metres an iPhone is heard as loud as an Android phone at the desk.
    house.wait_hearing(seconds(40), |_| Some(iphone(3, -66)));
    house.touch(Touch::Enter);
    let mut turn = 0;
    house.wait_hearing(seconds(3), |_| {
        turn += 1;
        Some(if turn % 2 == 0 { iphone(3, -66) } else { bluezone(5, -60) })
    });
    assert_eq!(house.view().bar, Some(Face::Running(Sureness::Confirmed)));
}

#[test]
fn the_visitor_before_is_not_the_visitor_now() {
    let mut house = House::new();
    house.touches(&[Touch::Enter, Touch::ByName]);
    house.wait_hearing(seconds(2), |_| Some(bluezone(5, -60)));
    house.type_text("Lê Văn Ổi");
    house.touches(&[Touch::Next, Touch::Host(0), Touch::Next, Touch::Next]);
    // The first visitor lingers at the desk with the phone in hand.
    house.touch(Touch::Enter);
    house.wait_hearing(seconds(22), |_| Some(bluezone(5, -60)));
    assert_eq!(house.view().bar, Some(Face::NotSeenYet));
}

#[test]
fn two_phones_equally_loud_are_not_told_apart_by_listening() {
    let mut house = House::new();
    house.touch(Touch::Enter);
    let mut turn = 0;
    house.wait_hearing(seconds(2), |_| {
        turn += 1;
        Some(bluezone(turn % 2, -62))
    });
    assert_eq!(house.view().bar, Some(Face::Looking));
}

#[test]
fn a_phone_that_sends_once_a_second_is_found_at_the_mark() {
    let mut house = House::new();
    // As an iPhone does in the background: every 1,022.5 ms and up to 10 ms more.
    let heard = |house: &mut House, times: u64, level: i8| {
        let begins = house.now.mono;
        house.wait_hearing(seconds(times), |at| {
            at.since(begins).as_millis().is_multiple_of(1_100).then(|| iphone(9, level))
        });
    };
    heard(&mut house, 30, -72);
    house.touch(Touch::Enter);
    heard(&mut house, 5, -66);
    assert_eq!(house.view().bar, Some(Face::TapHere));
    heard(&mut house, 5, -30);
    assert_eq!(house.view().bar, Some(Face::Running(Sureness::Probable)));
}
