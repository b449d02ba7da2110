//! What every benchmark needs: a stopwatch, the middle of several runs, and the line that says on
//! which machine. It judges nothing.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark reads the clock and prints what it measured"
)]
#![allow(dead_code, clippy::allow_attributes, reason = "each benchmark uses a part of it")]

use std::fs;
use std::time::{Duration, Instant};

/// How long `work` takes, once.
pub(crate) fn time(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

/// The shortest and the middle of several times. Other programs only ever make a time longer, so
/// the shortest is the nearest to what the machine can do.
pub(crate) fn best_and_median(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    let best = times.first().copied().unwrap_or_default();
    (best, times.get(times.len() / 2).copied().unwrap_or_default())
}

/// Prints a heading and the machine: processor, cores, how busy it is.
pub(crate) fn print_heading(title: &str) {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown processor", |(_, name)| name);
    let cores = cpus.lines().filter(|line| line.starts_with("processor")).count();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default().to_owned();
    println!("\n## {title}\n\n{model}, {cores} cores, load {load} when begun\n");
}

/// Prints one row of a Markdown table.
pub(crate) fn print_row(cells: &[&str]) {
    println!("| {} |", cells.join(" | "));
}

/// Prints the head of a Markdown table.
pub(crate) fn print_head(cells: &[&str]) {
    print_row(cells);
    println!("|{}", "---|".repeat(cells.len()));
}

/// A field of this process's status, as the kernel prints it, e.g. `VmRSS`.
pub(crate) fn process_status(field: &str) -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap_or_default();
    line.split_once(':').map_or("unknown", |(_, value)| value.trim()).to_owned()
}
