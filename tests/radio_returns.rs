//! What the bar says while the radio is away, and after it is back: nobody is accused for a time in
//! which nothing could be heard, and nobody is taken for the visitor because everybody is new.

mod support;

use kiosk::domain::fault::{Fault, Organ, Trouble};
use kiosk::domain::presence::{Face, Sureness};
use kiosk::domain::touch::Touch;
use support::{House, bluezone, seconds};

const RUNNING: Face = Face::Running(Sureness::Confirmed);

/// Lying on a table one step away, in the hand of somebody at the desk, and held to the mark, in dBm.
const NEAR: i8 = -70;
const STANDS: i8 = -62;
const HELD: i8 = -50;

fn lose(house: &mut House) {
    let fault = Fault { organ: Organ::Radio, trouble: Trouble::Unplugged };
    house.reception.handle_fault(fault, house.now);
}

fn put_back(house: &mut House) {
    house.reception.handle_mended(Organ::Radio, house.now);
}

#[test]
fn the_time_to_be_seen_begins_anew_when_the_radio_is_back() {
    let mut house = House::new();
    house.touch(Touch::Enter);
    house.wait(seconds(2));
    lose(&mut house);
    house.wait(seconds(16));
    assert_eq!(house.view().bar, Some(Face::RadioUnwell));
    put_back(&mut house);
    assert_eq!(house.view().bar, Some(Face::Looking));
    house.wait(seconds(3));
    assert_eq!(house.view().bar, Some(Face::TapHere));
    house.wait(seconds(16));
    assert_eq!(house.view().bar, Some(Face::TapHere));
    house.wait(seconds(1));
    assert_eq!(house.view().bar, Some(Face::NotSeenYet));
}

#[test]
fn what_was_found_stays_found() {
    let mut house = House::new();
    house.touch(Touch::Enter);
    house.wait_hearing(seconds(2), |_| Some(bluezone(4, STANDS)));
    assert_eq!(house.view().bar, Some(RUNNING));
    lose(&mut house);
    assert_eq!(house.view().bar, Some(RUNNING));
    put_back(&mut house);
    assert_eq!(house.view().bar, Some(RUNNING));
}

#[test]
fn a_phone_on_a_table_is_not_new_because_the_radio_is() {
    for (away, level, expected) in [
        (true, NEAR, Face::TapHere),
        (true, STANDS, Face::TapHere),
        (true, HELD, RUNNING),
        (false, STANDS, RUNNING),
    ] {
        let mut house = House::new();
        if away {
            lose(&mut house);
            house.wait(seconds(60));
            put_back(&mut house);
        }
        house.wait_hearing(seconds(1), |_| Some(bluezone(4, level)));
        house.touch(Touch::Enter);
        house.wait_hearing(seconds(6), |_| Some(bluezone(4, level)));
        assert_eq!(house.view().bar, Some(expected), "away {away}, {level} dBm");
    }
}

#[test]
fn half_a_minute_after_it_is_back_all_is_as_before() {
    let mut house = House::new();
    lose(&mut house);
    put_back(&mut house);
    house.wait(seconds(30));
    house.touch(Touch::Enter);
    house.wait_hearing(seconds(2), |_| Some(bluezone(4, STANDS)));
    assert_eq!(house.view().bar, Some(RUNNING));
}
