//! What remembering costs: a day's summary and the ids for matching out of a million rows, how much
//! room they take, what the full check and the deletion of a day take, what a batch every few
//! milliseconds, or a quarter of an hour that settles, does to a check-in, and how much is written.
//!
//! It prints Markdown for `docs/performance.md`. `cargo bench --no-default-features --features
//! store,cli --bench diary` takes some minutes; `-- 100000` measures that many rows, `-- written` how
//! much is written and no more.

#![expect(clippy::disallowed_methods, reason = "a bench reads the clock and its arguments")]

#[path = "../tests/support/visits.rs"]
mod visits;

use std::fs;
use std::io::{Write, stdout};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use kiosk::domain::advert::Dbm;
use kiosk::domain::exposure::matcher::HeardIds;
use kiosk::domain::logbook::{Draft, Event};
use kiosk::domain::moment::Wall;
use kiosk::domain::network::Network;
use kiosk::domain::remembering::{Batch, Remembered};
use kiosk::domain::request::{Reply, Request};
use kiosk::domain::sighting::{ProximityId, SendingPower};
use kiosk::store::{Answer, Book, Options, Reader, Store};

const DAY: i64 = 24 * 60 * 60;
const SLOT: i64 = 900;
/// 2026-03-02T00:00:00 in Viet Nam.
const BEGINS: Wall = Wall(1_772_384_400);
const DAYS: i64 = 21;
const BEST_OF: usize = 5;
/// Check-ins that are measured, and rows of each batch between them: as many phones as a market has
/// around the door.
const CHECK_INS: u32 = 1_000;
const AROUND: usize = 300;
/// Quarters of an hour that settle beside check-ins, with so many rows, after so many batches of
/// them, and so many check-ins afterwards.
const QUARTERS: i64 = 100;
const SETTLING: usize = 500;
const BATCHES: u32 = 10;
const AFTERWARDS: usize = 5;
/// As many rows as are taken up in a quarter, in so many quarters.
const FLOOD: usize = 10_000;
const FLOODS: i64 = 5;
/// Batches in a quarter of an hour, and who is heard in it: how many ids, in how many batches they
/// come, and in how many each is heard.
const QUARTER: usize = 90;
const STREETS: [(&str, usize, usize, usize); 4] = [
    ("12 who stay, as in an office", 12, 1, QUARTER),
    ("1,250 who pass in 2 minutes each, as at a market", 1_250, QUARTER, 12),
    ("599 who come and stay", 599, QUARTER, QUARTER),
    ("10,000 invented ids, once each", 10_000, QUARTER, 1),
];

fn main() -> anyhow::Result<()> {
    let rows = std::env::args().skip(1).find_map(|size| size.parse().ok()).unwrap_or(1_000_000_i64);
    // On the disk of the build, not in memory as a temporary directory may be.
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("diary");
    if directory.exists() {
        fs::remove_dir_all(&directory)?;
    }
    fs::create_dir_all(&directory)?;
    let mut out = stdout();
    if std::env::args().any(|argument| argument == "written") {
        quarters(&directory, &mut out)?;
        return Ok(fs::remove_dir_all(directory)?);
    }
    writeln!(out, "| a book with {rows} rows of {DAYS} days | |")?;
    writeln!(out, "|---|--:|")?;
    many(&directory.join("many.db"), rows, &mut out)?;
    writeln!(out, "\n| a check-in, request to reply | p50 µs | p99 µs | worst µs |")?;
    writeln!(out, "|---|--:|--:|--:|")?;
    check_ins(&directory.join("alone.db"), false, &mut out)?;
    check_ins(&directory.join("beside.db"), true, &mut out)?;
    while_settling(&directory.join("settling.db"), &mut out)?;
    quarters(&directory, &mut out)?;
    fs::remove_dir_all(directory)?;
    Ok(())
}

fn options() -> Options {
    Options { today_from: Wall(i64::MAX), wall: BEGINS, in_doubt: false }
}

/// Half of them Bluezone's, half of Exposure Notification; every tenth over two quarters.
fn row(random: &mut fastrand::Rng, slot: i64) -> Remembered {
    let (network, id, tx_power) = if random.bool() {
        let mut id = [0; 12];
        random.fill(&mut id);
        (Network::Bluezone, ProximityId::Bluezone(id), SendingPower::Unsaid)
    } else {
        let (mut id, mut metadata) = ([0; 16], [0; 4]);
        random.fill(&mut id);
        random.fill(&mut metadata);
        (Network::Gaen, ProximityId::Rpi(id), SendingPower::Sealed(metadata))
    };
    let first = Wall(BEGINS.0 + slot * SLOT);
    let slots = i64::from(random.u8(0..10) == 0);
    Remembered {
        network,
        id,
        first,
        last: Wall(first.0 + slots * SLOT),
        wall_trusted: true,
        sightings: random.u32(1..2_000),
        strongest: Dbm(random.i8(-80..-40)),
        median: Dbm(random.i8(-95..-60)),
        tx_power,
        near_seconds: random.u32(0..300),
    }
}

fn many(path: &Path, rows: i64, out: &mut impl Write) -> anyhow::Result<()> {
    let mut random = fastrand::Rng::with_seed(21);
    let (mut book, _) = Book::open(path, options())?;
    let empty = fs::metadata(path)?.len();
    let slots = DAYS * 96;
    let mut settling = Vec::new();
    for slot in 0..slots {
        let count = usize::try_from(rows * (slot + 1) / slots - rows * slot / slots)?;
        let batch = (0..count).map(|_| row(&mut random, slot)).collect();
        remember(&mut book, batch, None)?;
        settling.push(timed(|| remember(&mut book, Vec::new(), Some(Vec::new())))?);
    }
    let worst = settling.into_iter().max().unwrap_or_default();
    writeln!(out, "| a quarter of an hour settles, at worst | {} |", shown(worst))?;
    drop(book);
    let bytes = (fs::metadata(path)?.len() - empty) / u64::try_from(rows)?;
    writeln!(out, "| a row on the disk | {bytes} bytes |")?;
    let mut reader = Reader::open(path)?;
    let from = Wall(BEGINS.0 + 10 * DAY);
    let day = best(|| Ok(reader.heard_between(from, Wall(from.0 + DAY))?))?;
    writeln!(out, "| a day's summary | {} |", shown(day))?;
    let read = best(|| Ok(reader.heard()?))?;
    writeln!(out, "| all ids read for matching | {} |", shown(read))?;
    let heard = reader.heard()?;
    let index = timed(|| Ok(HeardIds::new(heard)))?;
    writeln!(out, "| and put in order | {} |", shown(index))?;
    let check = best(|| Ok(reader.check(|| false)?))?;
    writeln!(out, "| the full check after opening, beside the kiosk | {} |", shown(check))?;
    drop(reader);
    let open = best(|| Ok(Book::open(path, options())?))?;
    writeln!(out, "| the book is opened | {} |", shown(open))?;
    let (mut book, _) = Book::open(path, options())?;
    let wall = Wall(BEGINS.0 + 22 * DAY);
    let (mut steps, mut more) = (Vec::new(), true);
    while more {
        let (before, limit) = (Wall(BEGINS.0 + DAY), 10_000);
        let forget = Request::Forget { before, limit, wall, wall_trusted: true };
        steps.push(timed(|| {
            let Reply::Forgot { more: again, .. } = book.answer(forget) else { bail!("refused") };
            more = again;
            Ok(())
        })?);
    }
    let (count, worst) = (steps.len(), steps.into_iter().max().unwrap_or_default());
    writeln!(out, "| a day is deleted in {count} steps, the longest | {} |", shown(worst))?;
    Ok(())
}

fn check_ins(path: &Path, beside: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let mut random = fastrand::Rng::with_seed(22);
    let (mut book, _) = Book::open(path, options())?;
    let around: Vec<Remembered> = (0..AROUND).map(|_| row(&mut random, 0)).collect();
    let mut batches = Vec::new();
    let mut times = Vec::new();
    for visit in 1..=CHECK_INS {
        // A batch for every second check-in: a hundred times as often as at a door.
        if beside && visit % 2 == 0 {
            let rows = around.iter().map(|row| Remembered { sightings: visit, ..*row }).collect();
            let settles = (visit % 90 == 0).then(|| around.clone());
            batches.push(timed(|| remember(&mut book, rows, settles))?);
        }
        let wall = Wall(BEGINS.0 + i64::from(visit));
        let event = Event::CheckIn { facts: visits::facts(visit, 1) };
        let personal = Some(visits::person("Nguyễn Thị Thử"));
        let draft = Draft { personal, ..visits::event(wall, event) };
        times.push(timed(|| {
            let reply = book.answer(Request::Append(draft));
            let Reply::Appended { .. } = reply else { bail!("{reply:?}") };
            Ok(())
        })?);
    }
    let name = if beside { "with batches of 300 rows between" } else { "alone" };
    line(name, times, out)?;
    if beside {
        line("such a batch itself", batches, out)?;
    }
    Ok(())
}

/// Check-ins of a store with its thread, from asking to the answer, around quarters that settle.
fn while_settling(path: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    let (answers, said) = channel();
    let on_answer = Arc::new(move |answer| answers.send(answer).unwrap_or_default());
    let store = Store::open(path, options(), None, on_answer);
    let answer = || match said.recv_timeout(Duration::from_mins(1))? {
        Answer::NotOpened(unwell) | Answer::FoundDamaged(unwell) => bail!(unwell.words),
        Answer::Reply(Reply::Failed(fault)) => bail!("{fault:?}"),
        Answer::Opened(_) | Answer::Reply(_) => Ok(()),
    };
    answer()?;
    let mut random = fastrand::Rng::with_seed(23);
    let (mut settling, mut behind, mut after) = (Vec::new(), Vec::new(), Vec::new());
    let mut visit = 0;
    let mut check_in = || {
        visit += 1;
        let event = Event::CheckIn { facts: visits::facts(visit, 1) };
        let personal = Some(visits::person("Nguyễn Thị Thử"));
        store.submit(Request::Append(Draft { personal, ..visits::event(BEGINS, event) }));
    };
    for quarter in 0..QUARTERS {
        let around: Vec<Remembered> = (0..SETTLING).map(|_| row(&mut random, quarter)).collect();
        for sightings in 0..BATCHES {
            let rows = around.iter().map(|row| Remembered { sightings, ..*row }).collect();
            store.submit(Request::Remember(Batch { rows, still_open: None }));
            answer()?;
        }
        let asked = Instant::now();
        store.submit(Request::Remember(Batch { rows: Vec::new(), still_open: Some(Vec::new()) }));
        check_in();
        answer()?;
        settling.push(asked.elapsed());
        answer()?;
        behind.push(asked.elapsed());
        for _ in 0..AFTERWARDS {
            std::thread::sleep(Duration::from_millis(random.u64(0..400)));
            after.push(timed(|| {
                check_in();
                answer()
            })?);
        }
    }
    line("right behind a quarter of 500 rows that settles", behind, out)?;
    line("in the second after it", after, out)?;
    line("the quarter itself", settling, out)?;
    let mut flood = Vec::new();
    for quarter in QUARTERS..QUARTERS + FLOODS {
        let rows = (0..FLOOD).map(|_| row(&mut random, quarter)).collect();
        store.submit(Request::Remember(Batch { rows, still_open: None }));
        answer()?;
        flood.push(timed(|| {
            store.submit(Request::Remember(Batch { rows: vec![], still_open: Some(vec![]) }));
            answer()
        })?);
    }
    line("a quarter of 10,000 rows, as after a flood of invented ids", flood, out)
}

/// A quarter of an hour in each of the streets.
fn quarters(directory: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(out, "\n| written | kB a batch | kB in the quarter | of it when it settles | took |")?;
    writeln!(out, "|---|--:|--:|--:|--:|")?;
    for (name, ids, within, stays) in STREETS {
        written(&directory.join(format!("{ids}.db")), (name, ids, within, stays), out)?;
    }
    Ok(())
}

/// How much the book writes in a quarter of an hour, into its log and from there into the file.
fn written(
    path: &Path,
    (name, ids, within, stays): (&str, usize, usize, usize),
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let mut random = fastrand::Rng::with_seed(24);
    let (mut book, _) = Book::open(path, options())?;
    // The quarter before.
    let rows = (0..ids).map(|_| row(&mut random, 0)).collect();
    remember(&mut book, rows, Some(Vec::new()))?;
    rest(&mut book)?;
    let quarter: Vec<Remembered> = (0..ids).map(|_| row(&mut random, 1)).collect();
    let (begun, start) = (bytes_written()?, Instant::now());
    for batch in 0..QUARTER {
        let heard = quarter.iter().enumerate().filter(|(number, _)| {
            let came = number * within / ids;
            (came..came + stays).contains(&batch)
        });
        let sightings = u32::try_from(batch)?;
        let mut rows: Vec<_> = heard.map(|(_, row)| Remembered { sightings, ..*row }).collect();
        rows.sort_unstable_by_key(|row| (row.network, row.id));
        remember(&mut book, rows, None)?;
        rest(&mut book)?;
    }
    let (batches, took) = (bytes_written()? - begun, start.elapsed());
    remember(&mut book, Vec::new(), Some(Vec::new()))?;
    rest(&mut book)?;
    let all = bytes_written()? - begun;
    let a_batch = batches / u64::try_from(QUARTER)?;
    let [a_batch, all, settling] = [a_batch, all, all - batches].map(|bytes| bytes / 1_000);
    writeln!(out, "| {name} | {a_batch} | {all} | {settling} | {} |", shown(took))?;
    Ok(())
}

/// Empties the log where that is due, as in a quiet moment.
fn rest(book: &mut Book) -> anyhow::Result<()> {
    while book.empties_log_after().is_some() {
        book.empty_log()?;
    }
    Ok(())
}

/// What this process has written so far.
fn bytes_written() -> anyhow::Result<u64> {
    let counts = fs::read_to_string("/proc/self/io")?;
    let line = counts.lines().find_map(|line| line.strip_prefix("wchar: "));
    Ok(line.context("the kernel does not say what was written")?.parse()?)
}

fn remember(
    book: &mut Book,
    rows: Vec<Remembered>,
    still_open: Option<Vec<Remembered>>,
) -> anyhow::Result<()> {
    let reply = book.answer(Request::Remember(Batch { rows, still_open }));
    ensure!(reply == Reply::Remembered, "{reply:?}");
    Ok(())
}

fn line(name: &str, mut times: Vec<Duration>, out: &mut impl Write) -> anyhow::Result<()> {
    times.sort();
    let at = |percent: usize| {
        let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(place).map_or(0, Duration::as_micros)
    };
    writeln!(out, "| {name} | {} | {} | {} |", at(50), at(99), at(100))?;
    Ok(())
}

fn best<T>(mut work: impl FnMut() -> anyhow::Result<T>) -> anyhow::Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..BEST_OF {
        best = best.min(timed(&mut work)?);
    }
    Ok(best)
}

fn timed<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<Duration> {
    let start = Instant::now();
    let made = work()?;
    let took = start.elapsed();
    drop(made);
    Ok(took)
}

fn shown(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}
