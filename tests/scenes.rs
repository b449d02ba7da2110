//! Presence on scenes put together from recorded phones, so that no change of it makes it worse
//! unseen. The recordings lie beside the package; where they are missing nothing is tested.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "functions that tests share speak and fail as tests do"
)]

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use kiosk::command::eval::play::{self, Found, Stage};
use kiosk::command::eval::queue::NextInLine;
use kiosk::command::eval::scene::{self, Scene};
use kiosk::command::eval::visit::WholeVisits;
use kiosk::domain::presence::rule::Rule;

fn scenes(kind: &str) -> Option<Vec<Scene>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("../shared/ble/kiosk_bench/kiosk_{kind}_dev.jsonl.gz"));
    let Ok(file) = File::open(path) else {
        println!("no recordings beside the package: not tested");
        return None;
    };
    Some(scene::read(file).unwrap())
}

/// Found of those with the app, and wrongly found of those without, in a thousand.
fn found(scenes: &[Scene], stage: Stage, after_ms: u64) -> (usize, usize) {
    let share = |app: bool, is: fn(Found) -> bool| {
        let of: Vec<_> = scenes.iter().filter(|scene| scene.truth.app == app).collect();
        let found = |scene: &Scene| {
            play::found(scene, &Rule::default(), stage, Duration::from_millis(after_ms))
        };
        of.iter().filter(|scene| is(found(scene))).count() * 1_000 / of.len()
    };
    (
        share(true, |found| found == Found::TheVisitors),
        share(false, |found| found != Found::Nobodys),
    )
}

#[test]
fn listening() {
    let Some(scenes) = scenes("scenes") else { return };
    let (right, wrong) = found(&scenes, Stage::DESK, 2_999);
    assert!(right >= 610 && wrong <= 5, "{right} {wrong}");
}

#[test]
fn the_tap() {
    let Some(scenes) = scenes("tap") else { return };
    let (right, wrong) = found(&scenes, Stage::TAP, 2_000);
    assert!(right >= 948 && wrong <= 4, "{right} {wrong}");
}

#[test]
fn the_next_in_line() {
    let Some(scenes) = scenes("scenes") else { return };
    let next = NextInLine::of(&scenes);
    let (before, found) = (next.for_the_one_before.count, next.found.count);
    assert!(before <= 10 && found >= 300, "{before} {found}");
}

#[test]
fn whole_visits_are_the_same_each_time() {
    let Some(mut scenes) = scenes("tap") else { return };
    scenes.truncate(20);
    let [first, second] =
        [(); 2].map(|()| serde_json::to_string(&WholeVisits::of(&scenes, None)).unwrap());
    assert_eq!(first, second);
}
