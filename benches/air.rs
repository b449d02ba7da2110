//! How many adverts a second one core takes from the controller's bytes to the face of the bar,
//! with a thousand phones around and a visitor at the desk. It does not measure a radio: one gives
//! at most a thousand a second.
//!
//! `benches/against_habluetooth.py` drives the best public tracker with a stream of the same shape.
//! `cargo bench --bench air -- unchanged` measures one stream alone, by its name.

#[path = "../tests/support/mod.rs"]
mod house;
#[path = "../tests/support/stream.rs"]
mod stream;
mod support;

use std::hint::black_box;

use house::House;
use stream::{Payloads, Stream, Way};

/// Runs of each stream.
const RUNS: usize = 15;

fn main() {
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    support::print_heading("Adverts from bytes to presence, 1,000 phones, a visitor at the desk");
    support::print_head(&["payloads", "million/s, best of 15", "median", "ids crowded out"]);
    for (name, payloads, adverts) in [
        ("unchanged", Payloads::Unchanged, 100_000),
        ("a new id with each advert", Payloads::Changing, 100_000),
        ("a new id with each third advert", Payloads::ChangingEachThird, 10_000),
    ] {
        if only.as_ref().is_some_and(|only| only != name) {
            continue;
        }
        let stream = Stream::new(payloads);
        let house = House::new();
        let mut way = Way::with_a_visitor(house.reception, house.now);
        let mut events = stream.events();
        let mut run = || {
            for event in events.by_ref().take(adverts) {
                black_box(way.hear(event));
            }
        };
        run();
        let times = (0..RUNS).map(|_| support::time(&mut run)).collect();
        let (best, median) = support::best_and_median(times);
        let rate = |time: std::time::Duration| {
            let adverts = u32::try_from(adverts).map_or(0.0, f64::from);
            format!("{:.2}", adverts / time.as_secs_f64() / 1e6)
        };
        let (_, crowded_out) = way.reception.radio_load();
        support::print_row(&[name, &rate(best), &rate(median), &crowded_out.to_string()]);
    }
}
