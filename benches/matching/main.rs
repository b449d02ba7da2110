//! How many published keys a second one core holds against what was heard, and how near that is
//! to deriving the ids alone.
//!
//! `cargo bench --no-default-features --bench matching`. The portable path, in a build of its own:
//! `RUSTFLAGS='--cfg aes_backend="soft" --cfg sha2_backend="soft"' cargo bench
//! --no-default-features --bench matching --target-dir target/portable`.
//!
//! Every round checks that all planted ids are found and none is invented. The sizes and the limit
//! take turns, slices of some milliseconds are timed, and the clock is the one that runs while this
//! thread does, so that what else the machine does falls on all of them alike.
#![expect(clippy::print_stdout, reason = "a table is what this is for")]

mod limit;
#[path = "../support/mod.rs"]
mod support;
mod world;

use std::process::ExitCode;
use std::time::Duration;

use kiosk::domain::exposure::matcher::HeardIds;
use kiosk::domain::exposure::matcher::rpi_key::Extract;
use kiosk::domain::exposure::published::{PublishedKey, TemporaryExposureKey};

use rustix::time::{ClockId, clock_gettime};
use world::{Hours, World};

const KEYS: usize = 1 << 17;
/// The same where there are no instructions for AES, as each takes ten times as long.
const KEYS_PORTABLE: usize = 1 << 15;
/// Keys that are handed over at a time.
const SLICE: usize = 1 << 14;
const ROUNDS: usize = 15;
/// Keys of the other networks.
const OTHERS: usize = 1_000;

/// One row of the table.
struct Case {
    name: &'static str,
    index: HeardIds,
    planted: Vec<(i64, usize)>,
    times: Vec<Duration>,
}

fn main() -> ExitCode {
    let (way, keys) = if aes::hardware_accelerated() {
        ("the processor's AES", KEYS)
    } else {
        ("portable AES", KEYS_PORTABLE)
    };
    support::print_heading(&format!("Matching {keys} keys of Exposure Notification, {way}"));
    let teks = world::teks(keys);
    let keys: Vec<_> = teks.iter().copied().map(PublishedKey::Gaen).collect();
    let mut cases = cases(&teks);
    let (mut limits, mut plain) = (Vec::new(), Vec::new());
    let (extract, mut ids) = (Extract::new(), Vec::new());
    for _ in 0..ROUNDS {
        for teks in teks.chunks(SLICE) {
            plain.push(on_core(|| limit::derive_plainly(teks, &mut ids)));
            limits.push(on_core(|| limit::derive(teks, &extract, &mut ids)));
        }
        for case in &mut cases {
            if matched(&case.index, &keys, &mut case.times) != case.planted {
                println!("{}: the planted ids, and no others, must be found", case.name);
                return ExitCode::FAILURE;
            }
        }
    }
    let openssl = limit::openssl();
    print(&cases, &limits, &plain, openssl);
    print_others();
    ExitCode::SUCCESS
}

fn cases(teks: &[TemporaryExposureKey]) -> Vec<Case> {
    let sizes = [
        ("1,000 ids heard", 1_000, Hours::All),
        ("10,000", 10_000, Hours::All),
        ("100,000", 100_000, Hours::All),
        ("1,000,000", 1_000_000, Hours::All),
        ("sparse: 10,000 in office hours", 10_000, Hours::Office),
        ("sparse: 1,000,000 in office hours", 1_000_000, Hours::Office),
    ];
    let case = |(name, ids, hours)| {
        let World { heard, planted } = World::new(ids, hours, teks);
        Case { name, index: HeardIds::new(heard), planted, times: Vec::new() }
    };
    sizes.into_iter().map(case).collect()
}

/// How long `work` keeps this core.
fn on_core(work: impl FnOnce()) -> Duration {
    let now = || {
        let now = clock_gettime(ClockId::ThreadCPUTime);
        let seconds = Duration::from_secs(now.tv_sec.try_into().unwrap_or(0));
        seconds + Duration::from_nanos(now.tv_nsec.try_into().unwrap_or(0))
    };
    let begun = now();
    work();
    now().saturating_sub(begun)
}

/// Row and key of every match, in order, and how long each slice has taken.
fn matched(
    index: &HeardIds,
    keys: &[PublishedKey],
    times: &mut Vec<Duration>,
) -> Vec<(i64, usize)> {
    let (mut found, mut all) = (Vec::new(), Vec::new());
    for (slice, keys) in keys.chunks(SLICE).enumerate() {
        let mut told = Ok(());
        times.push(on_core(|| told = index.match_keys(keys, &mut found)));
        if told.is_err() {
            return Vec::new();
        }
        all.extend(found.drain(..).map(|found| (found.row, slice * SLICE + found.key)));
    }
    all.sort_unstable();
    all
}

fn print(cases: &[Case], limits: &[Duration], plain: &[Duration], openssl: Option<f64>) {
    let best_of = |times: &[Duration]| support::best_and_median(times.to_vec());
    let rate = |time: Duration| f64::from(u32::try_from(SLICE).unwrap_or(0)) / time.as_secs_f64();
    let thousands = |rate: f64| format!("{:.0}", rate / 1e3);
    let (best_limit, median_limit) = best_of(limits);
    let share = |rate: f64, of: f64| format!("{:.0} %", 100.0 * rate / of);
    support::print_head(&[
        "",
        "thousand keys/s, best slice",
        "median",
        "of HKDF + 144 AES",
        "the same, medians",
        "of AES alone (openssl)",
        "found",
    ]);
    let print = |name: &str, times: &[Duration], found: &str| {
        let (best, median) = best_of(times);
        support::print_row(&[
            name,
            &thousands(rate(best)),
            &thousands(rate(median)),
            &share(rate(best), rate(best_limit)),
            &share(rate(median), rate(median_limit)),
            &openssl.map_or("not there".to_owned(), |openssl| share(rate(best), openssl)),
            found,
        ]);
    };
    for case in cases {
        print(case.name, &case.times, &format!("all {}, no other", case.planted.len()));
    }
    print("HKDF + 144 AES, nothing looked up", limits, "");
    print("the same with the hkdf crate", plain, "");
    println!("\nAES alone: {}", openssl.map_or("openssl is not there".to_owned(), thousands));
}

fn print_others() {
    println!("\nOther networks, 100,000 ids heard in the 14 days, {OTHERS} keys:\n");
    support::print_head(&["", "thousand keys/s, best of 5", "median"]);
    let heard = World::new(100_000, Hours::All, &world::teks(1)).heard;
    for (network, (name, keys)) in world::others(OTHERS).into_iter().enumerate() {
        let index = HeardIds::new(world::as_if_of(network, &heard));
        let mut times = Vec::new();
        for _ in 0..5 {
            matched(&index, &keys, &mut times);
        }
        let (best, median) = support::best_and_median(times);
        let rate = |time: Duration| {
            format!(
                "{:.1}",
                f64::from(u32::try_from(OTHERS).unwrap_or(0)) / time.as_secs_f64() / 1e3
            )
        };
        support::print_row(&[name, &rate(best), &rate(median)]);
    }
}
