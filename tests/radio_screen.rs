//! Stories of the radio as it is looked at behind the PIN: the live view, a calibration with a
//! phone, the guard's own phone.
#![expect(clippy::panic, reason = "functions that tests share fail as tests do")]

mod support;

use kiosk::domain::advert::Advertisement;
use kiosk::domain::airwaves::Source;
use kiosk::domain::fault::{Fault, Organ, Trouble};
use kiosk::domain::network::Network;
use kiosk::domain::presence::Face;
use kiosk::domain::request::Role;
use kiosk::domain::touch::Touch;
use kiosk::view::{ChecksView, HeldFor, HeldStage, HeldView, NotLearned, RadioView, Screen};
use support::{House, bluezone, iphone, seconds, site};

const ADMINISTRATOR: &str = "246801";
const GUARD: &str = "135790";

fn radio(house: &House) -> RadioView {
    let Screen::Radio(radio) = house.view().screen else { panic!("{:?}", house.view()) };
    radio
}

fn held(house: &House) -> HeldView {
    let Screen::Held(held) = house.view().screen else { panic!("{:?}", house.view()) };
    held
}

fn checks(house: &House) -> ChecksView {
    let Screen::Checks(checks) = house.view().screen else { panic!("{:?}", house.view()) };
    checks
}

fn at_the_radio(pin: &str) -> House {
    let mut house = House::new();
    house.unlock(pin);
    house.touch(Touch::GuardRadio);
    house
}

/// The phone of number 1 is heard at this level for so long.
fn hear(house: &mut House, time: u64, rssi: i8) {
    house.wait_hearing(seconds(time), |_| Some(bluezone(1, rssi)));
}

#[test]
fn the_radio_is_seen_live() {
    let mut house = at_the_radio(GUARD);
    let mut turn = 0;
    house.wait_hearing(seconds(9), |_| {
        turn += 1;
        Some(match turn % 5 {
            0 => bluezone(1, -61),
            1 => bluezone(2, -80),
            2 => iphone(3, -65),
            3 => bluezone(4, -95),
            _ => bluezone(1, -60),
        })
    });
    let seen = radio(&house);
    assert_eq!((seen.adverts_per_second, seen.phones, seen.at_the_desk), (10, 4, 1));
    let [of_bluezone, of_gaen, ..] = seen.networks[..] else { panic!("{:?}", seen.networks) };
    assert_eq!((of_bluezone.ids, of_bluezone.candidates), (3, 1));
    assert_eq!((of_gaen.ids, of_gaen.candidates), (0, 0));
    assert_eq!(seen.nearest_dbm.len(), 60);
    assert_eq!(seen.nearest_dbm[50], None, "before anything was heard");
    assert_eq!(seen.nearest_dbm.last(), Some(&Some(-60)));
    // An iPhone sends 16.5 dB louder, so this one is farther away than the phone at -80 dBm.
    assert_eq!(seen.second_dbm.last(), Some(&Some(-80)));
    assert_eq!((seen.near_dbm, seen.calibrated), (-72, None));
}

#[test]
fn it_is_drawn_anew_once_a_second_and_only_while_it_is_looked_at() {
    let mut house = House::new();
    let drawn = |house: &mut House| {
        let mut count = 0;
        for _ in 0..10 {
            house.wait_hearing(seconds(1), |_| Some(bluezone(1, -70)));
            count += u32::from(house.reception.take_changed());
        }
        count
    };
    house.unlock(GUARD);
    house.reception.take_changed();
    let before = house.reception.poll_timeout(house.now).unwrap().0;
    assert!(before.since(house.now.mono) > seconds(1), "the list waits");
    house.touch(Touch::GuardRadio);
    let due = house.reception.poll_timeout(house.now).unwrap().0;
    assert_eq!(due.since(house.now.mono), seconds(1));
    assert_eq!(drawn(&mut house), 10);
    // An advert changes nothing on the screen by itself.
    house.reception.take_changed();
    house.reception.handle_advertisement(&bluezone(1, -40), house.now);
    assert!(!house.reception.take_changed());
    house.wait(seconds(61));
    assert!(matches!(house.view().screen, Screen::Welcome { .. }), "it locks by itself");
}

/// A phone at the mark, on the way and two metres away, as loud as given.
fn calibrate(house: &mut House, mark: i8, away: i8) {
    hear(house, 10, mark);
    hear(house, 5, away);
    hear(house, 11, away);
}

#[test]
fn the_administrator_calibrates_and_it_outlasts_a_restart() {
    let mut house = at_the_radio(ADMINISTRATOR);
    house.touch(Touch::GuardCalibrate);
    let begun = held(&house);
    assert_eq!((begun.purpose, begun.stage), (HeldFor::Calibration, HeldStage::HoldToMark));
    assert_eq!((begun.seconds_left, begun.percent), (10, 0));
    hear(&mut house, 9, -41);
    assert_eq!((held(&house).level_dbm, held(&house).percent), (Some(-41), 89));
    hear(&mut house, 2, -41);
    assert_eq!(held(&house).stage, HeldStage::StepBack);
    hear(&mut house, 5, -75);
    assert_eq!(held(&house).stage, HeldStage::HoldAway);
    hear(&mut house, 10, -76);
    let HeldStage::Learned(levels) = held(&house).stage else { panic!("{:?}", held(&house)) };
    assert_eq!((levels.mark_dbm, levels.two_metres_dbm), (-41, -76));
    assert!(levels.louder_here_db > 0);
    house.touch(Touch::Next);
    let near = radio(&house).near_dbm;
    assert_eq!(near, -72 + levels.louder_here_db, "a loud site asks for more");
    let kept = house.calibrated.unwrap();
    assert_eq!(kept.role, Role::Administrator);
    assert!((0..=2).contains(&house.now.wall.seconds_since(kept.wall)));
    assert!(house.entries.is_empty(), "no visitor's business");

    house.restart();
    house.unlock(ADMINISTRATOR);
    house.touch(Touch::GuardRadio);
    let seen = radio(&house);
    assert_eq!(seen.near_dbm, near);
    let calibrated = seen.calibrated.unwrap();
    assert_eq!((calibrated.administrator, calibrated.day.as_str()), (true, "2/3/2026"));
}

#[test]
fn a_silent_phone_is_waited_for_and_nothing_locks_meanwhile() {
    let mut house = at_the_radio(ADMINISTRATOR);
    house.touch(Touch::GuardCalibrate);
    house.wait(seconds(20));
    assert_eq!((held(&house).stage, held(&house).percent), (HeldStage::HoldToMark, 0));
    hear(&mut house, 11, -41);
    assert_eq!(held(&house).stage, HeldStage::StepBack);
    house.wait(seconds(20));
    assert_eq!((held(&house).stage, held(&house).seconds_left), (HeldStage::HoldAway, 10));
    hear(&mut house, 12, -76);
    assert!(matches!(held(&house).stage, HeldStage::Learned(_)), "{:?}", held(&house));
}

#[test]
fn a_guard_may_look_and_not_calibrate() {
    let mut house = at_the_radio(GUARD);
    assert!(!radio(&house).administrator);
    house.touch(Touch::GuardCalibrate);
    assert!(matches!(house.view().screen, Screen::Radio(_)));
}

#[test]
fn a_calibration_says_why_it_came_to_nothing() {
    let mut house = at_the_radio(ADMINISTRATOR);
    house.touch(Touch::GuardCalibrate);
    house.wait(seconds(36));
    assert_eq!(held(&house).stage, HeldStage::NotLearned(NotLearned::TooFew));
    for (mark, away, why) in [(-41, -42, NotLearned::TooClose), (-41, -60, NotLearned::TooFar)] {
        house.touch(Touch::Next);
        calibrate(&mut house, mark, away);
        assert_eq!(held(&house).stage, HeldStage::NotLearned(why));
    }
    house.touch(Touch::Next);
    house.book_fault = Some(Trouble::Full);
    calibrate(&mut house, -41, -76);
    assert_eq!(held(&house).stage, HeldStage::NotWritten);
    house.touch(Touch::Back);
    assert_eq!((radio(&house).calibrated, radio(&house).near_dbm), (None, -72));
}

#[test]
fn levels_count_only_when_they_are_in_the_book() {
    let mut house = at_the_radio(ADMINISTRATOR);
    house.touch(Touch::GuardCalibrate);
    house.book_is_slow = true;
    calibrate(&mut house, -41, -76);
    assert_eq!(held(&house).stage, HeldStage::Writing);
    house.touch(Touch::Next);
    assert_eq!(held(&house).stage, HeldStage::Writing, "it waits");
    assert_eq!(house.reception.calibrated(), None);
    house.catch_up();
    assert!(matches!(held(&house).stage, HeldStage::Learned(_)));
}

/// The guard's phone lies at two metres, and is now held to the desk, as one that is a visitor's.
fn is_taken_for_a_visitors(house: &mut House) -> bool {
    hear(house, 40, -88);
    house.touch(Touch::Enter);
    hear(house, 3, -66);
    let face = house.view().bar;
    house.touch(Touch::Back);
    matches!(face, Some(Face::Running(_)))
}

#[test]
fn the_guards_phone_is_nobodys_once_it_was_held_to_the_mark() {
    let mut house = House::new();
    assert!(is_taken_for_a_visitors(&mut house));

    let mut house = at_the_radio(GUARD);
    house.touch(Touch::GuardIgnorePhone);
    assert_eq!(held(&house).purpose, HeldFor::Ignoring);
    hear(&mut house, 3, -66);
    assert_eq!(held(&house).stage, HeldStage::HoldToMark, "not near enough");
    hear(&mut house, 3, -45);
    assert_eq!(held(&house).stage, HeldStage::Ignored);
    house.touches(&[Touch::Next, Touch::GuardLock]);
    assert!(!is_taken_for_a_visitors(&mut house));
    // Its next id is the same phone.
    house.wait_hearing(seconds(20), |_| Some(bluezone(2, -66)));
    house.touch(Touch::Enter);
    house.wait_hearing(seconds(3), |_| Some(bluezone(2, -66)));
    assert!(!matches!(house.view().bar, Some(Face::Running(_))));
    house.touch(Touch::Back);
    // When it has gone, it is forgotten.
    house.wait(seconds(200));
    assert!(is_taken_for_a_visitors(&mut house));
}

#[test]
fn of_two_phones_at_the_mark_neither_is_ignored() {
    let mut house = at_the_radio(GUARD);
    house.touch(Touch::GuardIgnorePhone);
    let mut turn = false;
    house.wait_hearing(seconds(61), |_| {
        turn = !turn;
        Some(bluezone(u8::from(turn), -45))
    });
    assert_eq!(held(&house).stage, HeldStage::NobodyNear);
    house.touch(Touch::Next);
    assert_eq!(held(&house).stage, HeldStage::HoldToMark, "another try");
}

#[test]
fn a_network_that_the_adapter_does_not_let_the_kiosk_send_is_named() {
    let mut site = site();
    site.beacon.networks = vec![Network::Bluezone, Network::Gaen];
    let mut house = House::with_site(site);
    house.unlock(GUARD);
    house.touch(Touch::GuardRadio);
    house.touch(Touch::GuardChecks);
    assert_eq!(checks(&house).unsent, None);
    house.reception.take_changed();
    for (taken, unsent) in [
        (false, Some(Network::Gaen)),
        (false, Some(Network::Gaen)),
        (true, Some(Network::Gaen)),
        (true, None),
    ] {
        let before = checks(&house).unsent;
        house.reception.handle_beacon_address(taken);
        assert_eq!(checks(&house).unsent, unsent);
        assert_eq!(house.reception.take_changed(), before != unsent, "drawn anew if it changes");
    }
}

#[test]
fn every_organ_says_how_it_is() {
    let mut house = at_the_radio(GUARD);
    house.reception.handle_source(Source::Simulated);
    let fault = Fault { organ: Organ::Pins, trouble: Trouble::Gone };
    house.reception.handle_fault(fault, house.now);
    house.touch(Touch::GuardChecks);
    let seen = checks(&house);
    assert_eq!(seen.source, Source::Simulated);
    assert_eq!(seen.organs.len(), Organ::ALL.len());
    assert!(seen.organs.contains(&(Organ::Pins, Some(Trouble::Gone))));
    assert!(seen.organs.contains(&(Organ::Store, None)));
    assert!(seen.organs.contains(&(Organ::Clock, None)));
    house.now.wall_trusted = false;
    let clock = (Organ::Clock, Some(Trouble::Untrusted));
    assert!(checks(&house).organs.contains(&clock), "nobody vouches for the clock");
    house.touches(&[Touch::Back, Touch::Back]);
    assert!(matches!(house.view().screen, Screen::Guard(_)));
}

/// Adverts without a level, as an adapter reports them that says 127 ("not available") of each.
fn hear_without_levels(house: &mut House, time: u64) {
    house.wait_hearing(seconds(time), |_| Some(Advertisement { rssi: None, ..bluezone(1, -40) }));
}

#[test]
fn a_radio_that_says_of_nobody_how_loud_is_unwell_until_it_does() {
    let mut house = at_the_radio(GUARD);
    hear_without_levels(&mut house, 1);
    assert_eq!(radio(&house).trouble, None, "too few reports to judge by");
    hear_without_levels(&mut house, 15);
    assert_eq!(radio(&house).trouble, Some(Trouble::NoLevels));
    house.touch(Touch::GuardChecks);
    assert!(checks(&house).organs.contains(&(Organ::Radio, Some(Trouble::NoLevels))));
    let fault = Fault { organ: Organ::Radio, trouble: Trouble::NoLevels };
    assert_eq!(house.view().fault, Some(fault), "in the corner of the welcome screen too");
    house.touches(&[Touch::Back, Touch::Back, Touch::GuardLock, Touch::Enter]);
    hear_without_levels(&mut house, 5);
    assert_eq!(house.view().bar, Some(Face::RadioUnwell), "nobody is accused");
    // Levels come back, of a phone that stays far from the desk.
    house.wait_hearing(seconds(10), |_| Some(bluezone(2, -95)));
    assert_eq!(house.view().fault, None);
    assert_ne!(house.view().bar, Some(Face::RadioUnwell));
}

#[test]
fn another_adapter_is_judged_anew() {
    let mut house = House::new();
    hear_without_levels(&mut house, 20);
    let lacks = Fault { organ: Organ::Radio, trouble: Trouble::NoLevels };
    assert_eq!(house.view().fault, Some(lacks));
    let unplugged = Fault { organ: Organ::Radio, trouble: Trouble::Unplugged };
    house.reception.handle_fault(unplugged, house.now);
    assert_eq!(house.view().fault, Some(unplugged), "it cannot hear at all");
    house.reception.handle_mended(Organ::Radio, house.now);
    assert_eq!(house.view().fault, None);
}
