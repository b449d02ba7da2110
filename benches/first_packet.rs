//! How long until a phone that has just come near is first heard: simulated, since no air can be
//! made to repeat itself. It is the source of the table in `docs/adr/0009-the-monitor-channel.md`.
//!
//! A phone sends each advert on three channels in turn, 0.75 ms apart, after its interval and a
//! random delay of up to 10 ms (Bluetooth Core 5.4, vol 6 part B, 4.4.2.2.1). The receiver listens
//! on one channel at a time for as long as its interval, and hears nothing for 1 ms after each
//! change, which is an assumption. What reaches it is lost at random.
#![expect(clippy::print_stdout, reason = "a table is what this is for")]

use fastrand::Rng;

const PHONES: usize = 20_000;
const CHANGE_MS: f64 = 1.0;
const APART_MS: f64 = 0.75;
const DELAY_MS: f64 = 10.0;
/// Nobody waits longer at a desk.
const GIVEN_UP_MS: f64 = 60_000.0;

fn main() {
    println!("ms until the first packet, median / 95 of 100 / within 1 s");
    println!(
        "| sent every | reception | scan 11.25 / 11.25 ms | 37.5 / 37.5 ms | 100 / 100 ms | 30 of 60 ms |"
    );
    println!("|--:|--:|--:|--:|--:|--:|");
    for sent_every in [100.0, 277.0, 1_000.0] {
        for reception in [0.9, 0.68] {
            let cells = [(11.25, 11.25), (37.5, 37.5), (100.0, 100.0), (60.0, 30.0)]
                .map(|(interval, window)| cell(sent_every, reception, interval, window));
            println!("| {sent_every} ms | {reception} | {} |", cells.join(" | "));
        }
    }
}

fn cell(sent_every: f64, reception: f64, interval: f64, window: f64) -> String {
    let mut rng = Rng::with_seed(9);
    let mut waits: Vec<f64> =
        (0..PHONES).map(|_| wait(&mut rng, sent_every, reception, interval, window)).collect();
    waits.sort_by(f64::total_cmp);
    let at = |of_100: usize| waits.get(PHONES * of_100 / 100).copied().unwrap_or(GIVEN_UP_MS);
    let within = waits.partition_point(|wait| *wait <= 1_000.0) * 100 / PHONES;
    format!("{:.0} / {:.0} / {within} %", at(50), at(95))
}

fn wait(rng: &mut Rng, sent_every: f64, reception: f64, interval: f64, window: f64) -> f64 {
    let mut sent = rng.f64() * (sent_every + DELAY_MS);
    let phase = rng.f64() * 3.0 * interval;
    while sent < GIVEN_UP_MS {
        for channel in [0.0, 1.0, 2.0] {
            let at = phase + sent + channel * APART_MS;
            let tuned = (at / interval).floor() % 3.0;
            let into = at % interval;
            let changed = into < CHANGE_MS;
            if tuned.total_cmp(&channel).is_eq()
                && !changed
                && into < window
                && rng.f64() < reception
            {
                return sent;
            }
        }
        sent += sent_every + rng.f64() * DELAY_MS;
    }
    GIVEN_UP_MS
}
