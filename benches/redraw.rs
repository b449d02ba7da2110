//! How long the software renderer takes to draw each screen in full at 1280×800, into 32-bit pixels
//! that are there already, as on a display; as a Markdown table.
//! `cargo bench --no-default-features --features ui --bench redraw`.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark reads the clock and prints what it read"
)]

use std::time::{Duration, Instant};

use kiosk::domain::language::Language;
use kiosk::ui::snapshot::{Size, SnapshotError, Studio};
use kiosk::ui::tour::stops;
use slint::platform::software_renderer::PremultipliedRgbaColor;

const ROUNDS: usize = 200;

fn main() -> Result<(), SnapshotError> {
    let studio = Studio::open()?;
    let size = Size { width: 1280, height: 800 };
    let mut pixels = vec![PremultipliedRgbaColor::default(); 1280 * 800];
    println!("| screen | min ms | median ms | p99 ms |");
    println!("|---|---|---|---|");
    for stop in stops(Language::Vietnamese) {
        // The first drawing fills the cache of letters.
        studio.draw(&stop.view, size, &mut pixels);
        let mut times: Vec<Duration> = (0..ROUNDS)
            .map(|_| {
                let begun = Instant::now();
                studio.draw(&stop.view, size, &mut pixels);
                begun.elapsed()
            })
            .collect();
        times.sort_unstable();
        let at = |share: usize| {
            let place = (ROUNDS - 1) * share / 100;
            times.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1_000.0)
        };
        println!("| {} | {:.2} | {:.2} | {:.2} |", stop.name, at(0), at(50), at(99));
    }
    Ok(())
}
