//! The invented air around the tour's office: a phone comes to the desk and goes again.

use super::Named;
use super::sample::view;
use crate::domain::fault::{Organ, Trouble};
use crate::domain::language::Language;
use crate::domain::network::Network;
use crate::domain::presence::{NetworkCount, SiteLevels};
use crate::view::{
    CalibratedView, ChecksView, HeldFor, HeldStage, HeldView, NotLearned, RadioView, Screen, Source,
};

/// The radio behind the PIN.
pub(super) fn stops(language: Language) -> Named {
    let radio = |radio| view(language, Screen::Radio(radio));
    let silent = RadioView {
        administrator: false,
        source: Source::Nothing,
        trouble: Some(Trouble::Gone),
        adverts_per_second: 0,
        phones: 0,
        networks: counts(0, 0),
        at_the_desk: 0,
        nearest_dbm: vec![None; 60],
        second_dbm: vec![None; 60],
        near_dbm: -72,
        calibrated: None,
    };
    let no_levels = RadioView {
        trouble: Some(Trouble::NoLevels),
        adverts_per_second: 148,
        source: Source::Monitor,
        ..silent.clone()
    };
    let held = |purpose, stage| {
        let held = HeldView { purpose, stage, level_dbm: Some(-41), percent: 40, seconds_left: 6 };
        view(language, Screen::Held(held))
    };
    let learned = SiteLevels { mark_dbm: -41, two_metres_dbm: -68, louder_here_db: 14 };
    let unsent = ChecksView { unsent: Some(Network::Gaen), ..checks() };
    let (calibration, ignoring) = (HeldFor::Calibration, HeldFor::Ignoring);
    vec![
        ("radio", radio(live())),
        ("radio-silent", radio(silent)),
        ("radio-no-levels", radio(no_levels)),
        ("calibrate", held(calibration, HeldStage::HoldToMark)),
        ("calibrate-step-back", held(calibration, HeldStage::StepBack)),
        ("calibrate-hold-away", held(calibration, HeldStage::HoldAway)),
        ("calibrate-done", held(calibration, HeldStage::Learned(learned))),
        ("calibrate-too-few", held(calibration, HeldStage::NotLearned(NotLearned::TooFew))),
        ("calibrate-too-close", held(calibration, HeldStage::NotLearned(NotLearned::TooClose))),
        ("calibrate-too-noisy", held(calibration, HeldStage::NotLearned(NotLearned::TooNoisy))),
        ("calibrate-too-far", held(calibration, HeldStage::NotLearned(NotLearned::TooFar))),
        ("calibrate-not-written", held(calibration, HeldStage::NotWritten)),
        ("ignore", held(ignoring, HeldStage::HoldToMark)),
        ("ignore-done", held(ignoring, HeldStage::Ignored)),
        ("ignore-nobody", held(ignoring, HeldStage::NobodyNear)),
        ("checks", view(language, Screen::Checks(checks()))),
        ("checks-unsent", view(language, Screen::Checks(unsent))),
        ("checks-no-levels", view(language, Screen::Checks(deaf_ears(Trouble::NoLevels)))),
        ("checks-deaf", view(language, Screen::Checks(deaf_ears(Trouble::Deaf)))),
    ]
}

fn live() -> RadioView {
    // A tooth and a saw, so that the lines look alive and are the same each time.
    let waver = |second: i16, by: i16| (second * 7 % 11) - (second * 5 % 7) + by;
    let nearest = |second: i16| match second {
        20..=43 => waver(second, -35),
        _ => waver(second, -74),
    };
    RadioView {
        administrator: true,
        source: Source::Simulated,
        trouble: None,
        adverts_per_second: 148,
        phones: 31,
        networks: counts(9, 22),
        at_the_desk: 1,
        nearest_dbm: (0..60).map(|second| Some(nearest(second))).collect(),
        second_dbm: (0..60)
            .map(|second| (second % 29 != 0).then(|| waver(second * 3, -78)))
            .collect(),
        near_dbm: -58,
        calibrated: Some(CalibratedView { administrator: true, day: "2/6/2021".into() }),
    }
}

fn checks() -> ChecksView {
    let wrong = |organ| match organ {
        Organ::Store | Organ::Radio => None,
        Organ::Pins => Some(Trouble::Gone),
        Organ::Clock => Some(Trouble::Untrusted),
    };
    ChecksView {
        organs: Organ::ALL.map(|organ| (organ, wrong(organ))).to_vec(),
        source: Source::Simulated,
        adverts_per_second: 148,
        networks: counts(9, 22),
        unsent: None,
    }
}

/// With a radio that is unwell in this way.
fn deaf_ears(trouble: Trouble) -> ChecksView {
    let mut checks = checks();
    for (organ, wrong) in &mut checks.organs {
        if *organ == Organ::Radio {
            *wrong = Some(trouble);
        }
    }
    checks
}

fn counts(bluezone: u32, gaen: u32) -> Vec<NetworkCount> {
    vec![
        NetworkCount {
            network: Network::Bluezone,
            ids: bluezone - bluezone / 4,
            candidates: bluezone / 4,
        },
        NetworkCount { network: Network::Gaen, ids: gaen, candidates: 0 },
    ]
}
