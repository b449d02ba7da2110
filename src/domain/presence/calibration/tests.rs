//! Calibrations with phones of which some are silent half of the time.

use super::*;
use crate::domain::advert::Dbm;
use crate::domain::network::Network;
use crate::domain::sighting::ProximityId;

fn sighting(number: u8, rssi: i8) -> Sighting {
    let subject = Subject::Id(Network::Bluezone, ProximityId::Bluezone([number; 12]));
    Sighting { subject, strength: None, tx_class: TxClass::Low, rssi: Dbm(rssi) }
}

/// A phone heard every 250 ms at two levels, each moved by what `noise` says, beside another.
fn calibrated(mark: i8, away: i8, noise: fn(u64) -> i8) -> Result<Levels, CalibrationError> {
    let mut calibration = Calibration::begin(Mono::from_millis(1_000));
    for turn in 0..=100 {
        let now = Mono::from_millis(1_000 + turn * 250);
        let level = if turn < 45 { mark } else { away };
        assert!(calibration.outcome(now).is_none());
        calibration.handle_sighting(&sighting(2, -75), now);
        calibration.handle_sighting(&sighting(1, level + noise(turn)), now);
    }
    calibration.outcome(Mono::from_millis(26_000)).unwrap()
}

fn little(turn: u64) -> i8 {
    i8::try_from(turn % 5).unwrap() - 2
}

#[test]
fn what_is_as_usual_shifts_nothing() {
    let levels = calibrated(-52, -82, little).unwrap();
    assert_eq!((levels.at_mark, levels.at_two_metres), (-52.0, -82.0));
    assert!(levels.louder_here_db.abs() < 1.0);
}

#[test]
fn a_deaf_antenna_shifts_down() {
    let levels = calibrated(-60, -90, little).unwrap();
    assert!((levels.louder_here_db + 7.5).abs() < 0.1, "{levels:?}");
}

#[test]
fn it_says_why_not() {
    let error = |mark, away, noise| calibrated(mark, away, noise).unwrap_err().to_string();
    assert!(error(-70, -78, little).starts_with("tell the mark from two metres: 8 dB apart"));
    let much = |turn: u64| if turn.is_multiple_of(2) { -8 } else { 8 };
    assert!(error(-45, -80, much).starts_with("get a steady level: it varies by 16 dB"));
    assert!(error(-30, -55, little).starts_with("believe the levels: 28 dB off"));
    let silent = Calibration::begin(Mono::from_millis(0));
    let outcome = silent.outcome(Mono::from_millis(35_000)).unwrap();
    assert_eq!(outcome, Err(CalibrationError::TooFew { heard: 0 }));
}

#[test]
fn a_phone_that_is_silent_half_of_the_time_is_waited_for() {
    // Bluezone's 30 s begin anywhere.
    for phase in (0..30_000).step_by(500) {
        let mut calibration = Calibration::begin(Mono::from_millis(0));
        let mut turn = 0;
        let levels = loop {
            let now = Mono::from_millis(turn * 250);
            if let Some(outcome) = calibration.outcome(now) {
                break outcome.unwrap();
            }
            let level = if calibration.step(now) == Step::AtTheMark { -52 } else { -82 };
            if (turn * 250 + phase) % 30_000 < 15_000 {
                calibration.handle_sighting(&sighting(1, level + little(turn)), now);
            }
            turn += 1;
        };
        assert_eq!((levels.at_mark, levels.at_two_metres), (-52.0, -82.0), "{phase}");
    }
}

#[test]
fn silence_is_no_progress() {
    let mut calibration = Calibration::begin(Mono::from_millis(0));
    for turn in 0..=8 {
        calibration.handle_sighting(&sighting(1, -50), Mono::from_millis(turn * 500));
    }
    let later = Mono::from_millis(20_000);
    assert_eq!(calibration.progress(later), (Duration::from_secs(4), HOLD_FOR));
    calibration.handle_sighting(&sighting(1, -50), later);
    assert_eq!(calibration.progress(later), (Duration::from_secs(4), HOLD_FOR));
    assert_eq!(calibration.poll_timeout(later), Some(Mono::from_millis(35_000)));
}

#[test]
fn it_says_where_to_stand() {
    let mut calibration = Calibration::begin(Mono::from_millis(0));
    for turn in 0..8 {
        calibration.handle_sighting(&sighting(1, -50), Mono::from_millis(turn * 500));
    }
    let mut steps = vec![calibration.step(Mono::from_millis(0))];
    let mut now = Mono::from_millis(0);
    while let Some(at) = calibration.poll_timeout(now) {
        now = at;
        steps.push(calibration.step(now));
    }
    assert_eq!(steps, [Step::AtTheMark, Step::Walking, Step::AtTwoMetres, Step::Done]);
}
