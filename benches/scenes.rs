//! What presence makes of scenes put together from recorded phones: how often it finds the
//! visitor's, and how often it finds one where there is none. The recordings lie beside the
//! package; where they are missing this says so and measures nothing.
//!
//! A scene lasts from 20 s before the touch to 5 s after it. Packets go in one by one at their
//! own times; labels are for scoring only.

#[path = "../tests/support/scene.rs"]
mod scene;
mod support;

use std::time::Duration;

use kiosk::domain::network::Network;
use scene::{Outcome, Recorded};

fn main() {
    let Some((desk, tap)) = scene::read("scenes").zip(scene::read("tap")) else {
        support::print_heading("Presence on recorded scenes: no recordings beside the package");
        return;
    };
    support::print_heading("Presence on recorded scenes");
    support::print_head(&["scenes", "open ids are", "after", "found", "wrongly found"]);
    let passive = Duration::ZERO;
    // The touch comes so early that the tap is asked for at the scene's own moment zero.
    let asked = kiosk::domain::policy::PASSIVE_FOR;
    // Bluezone's silences make its ids wait longer for their successors; all others are alike.
    for network in [Network::Bluezone, Network::Gaen] {
        report("desk", &desk, network, passive, Duration::from_secs(3), |_| true);
        report("tap", &tap, network, asked, Duration::from_secs(2), |_| true);
        report("tap", &tap, network, asked, Duration::from_secs(5), |_| true);
    }
    let network = Network::Gaen;
    let three = Duration::from_secs(3);
    report("desk, first half", &desk, network, passive, three, |scene| scene.id % 2 == 0);
    report("desk, second half", &desk, network, passive, three, |scene| scene.id % 2 == 1);
    report("desk, Android", &desk, network, passive, three, |scene| scene.is_of("android"));
    report("desk, iPhone", &desk, network, passive, three, |scene| scene.is_of("ios"));
}

fn report(
    name: &str,
    scenes: &[Recorded],
    network: Network,
    touched_before: Duration,
    after: Duration,
    chosen: impl Fn(&Recorded) -> bool,
) {
    let (mut found, mut with_app, mut wrong, mut without) = (0, 0, 0, 0);
    for scene in scenes.iter().filter(|&scene| chosen(scene)) {
        let outcome = scene::play(scene, network, touched_before, after);
        if scene.app {
            with_app += 1;
            found += u32::from(outcome == Outcome::TheVisitors);
        } else {
            without += 1;
            wrong += u32::from(outcome != Outcome::Nobodys);
        }
    }
    support::print_row(&[
        name,
        network.name(),
        &format!("{} s", after.as_secs()),
        &share(found, with_app),
        &share(wrong, without),
    ]);
}

/// A share with the 95 % interval of Wilson (1927), in percent.
fn share(part: u32, whole: u32) -> String {
    const Z: f64 = 1.96;
    let (k, n) = (f64::from(part), f64::from(whole));
    let middle = (k + Z * Z / 2.0) / (n + Z * Z);
    let half = Z / (n + Z * Z) * (k * (n - k) / n + Z * Z / 4.0).sqrt();
    let [low, high] = [middle - half, middle + half].map(|share| (share * 100.0).max(0.0));
    format!("{part} of {whole}: {:.1} % ({low:.1} to {high:.1})", 100.0 * k / n)
}
