//! What the book costs: a check-in until it is durable, and finding a name among many.
//!
//! It prints Markdown for `docs/performance.md`. It is no criterion or divan bench because what
//! counts at a door is the slow end, and percentiles of single runs are what neither prints.
//!
//! `cargo bench --no-default-features --features store,cli --bench book` takes some minutes;
//! `-- 10000` measures that many visits alone, `-- --prefixes` also the table of every prefix,
//! `-- --opening` only how long a book takes to be opened.

#![expect(clippy::disallowed_methods, reason = "a bench reads the clock and its arguments")]

mod street;
#[path = "../../tests/support/visits.rs"]
mod visits;
mod yardstick;

use std::fs::{self, File};
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use kiosk::domain::moment::Wall;
use kiosk::domain::request::{Reply, Request, SearchText};
use kiosk::store::{Answer, Book, Options, Store};

use street::Street;
use yardstick::{Way, Yardstick};

const OPTIONS: Options = Options { today_from: Wall(i64::MAX), wall: Wall(0), in_doubt: false };
const CHECK_INS: u32 = 1_000;
/// How often each query is asked.
const TURNS: usize = 20;
/// Of so many turns of one query the best counts, which leaves out what else the machine does; the
/// percentiles are over queries.
const BEST_OF: usize = 5;
/// The commonest words, pairs that hardly ever meet, and what nobody is called.
const COMMON: [&str; 12] = [
    "n",
    "ng",
    "nguyen",
    "nguyen van",
    "thi",
    "nguyen thi hoa",
    "t h",
    "n t h",
    "tran le",
    "huynh vo",
    "nguyen tran le",
    "nguyen zz",
];

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut sizes: Vec<u32> = arguments.iter().filter_map(|size| size.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000, 1_000_000];
    }
    let mut ways = vec![Way::Like, Way::Fts5];
    if arguments.iter().any(|argument| argument == "--prefixes") {
        ways.push(Way::Prefixes);
    }
    // On the disk of the build, not in memory as a temporary directory may be.
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("book");
    if directory.exists() {
        fs::remove_dir_all(&directory)?;
    }
    fs::create_dir_all(&directory)?;
    if arguments.iter().any(|argument| argument == "--opening") {
        openings(&directory, &sizes)?;
        return Ok(fs::remove_dir_all(directory)?);
    }
    check_ins(&directory)?;
    let mut out = stdout();
    writeln!(out, "\n| visits | asked for | way | p50 µs | p99 µs | worst µs |")?;
    writeln!(out, "|--:|---|---|--:|--:|--:|")?;
    let mut costs = Vec::new();
    for size in sizes {
        costs.extend(searches(&directory, size, &ways)?);
    }
    writeln!(out, "\n| visits | way | bytes a visit | bytes written a check-in | notes |")?;
    writeln!(out, "|--:|---|--:|--:|---|")?;
    for line in costs {
        writeln!(out, "{line}")?;
    }
    fs::remove_dir_all(directory)?;
    Ok(())
}

/// Until check-in can begin; until the name index is read to its end; and until check-in can begin
/// where every page is read first, which otherwise is done meanwhile. The best of five.
fn openings(directory: &Path, sizes: &[u32]) -> anyhow::Result<()> {
    let mut out = stdout();
    writeln!(out, "| visits | open ms | index ms | open in doubt ms |")?;
    writeln!(out, "|--:|--:|--:|--:|")?;
    for size in sizes {
        let path = directory.join(format!("{size}.db"));
        fill(&path, *size, &mut Street::new())?;
        let (mut open, mut index, mut in_doubt) = (Duration::MAX, Duration::MAX, Duration::MAX);
        for _ in 0..BEST_OF {
            let start = Instant::now();
            let (mut book, _) = Book::open(&path, OPTIONS)?;
            open = open.min(start.elapsed());
            index = index.min(timed(|| {
                while book.read_on()? {}
                Ok(())
            })?);
            drop(book);
            let doubtful = Options { in_doubt: true, ..OPTIONS };
            in_doubt = in_doubt.min(timed(|| {
                Book::open(&path, doubtful)?;
                Ok(())
            })?);
        }
        let [open, index, in_doubt] = [open, index, in_doubt].map(|time| time.as_millis());
        writeln!(out, "| {size} | {open} | {index} | {in_doubt} |")?;
        fs::remove_file(path)?;
    }
    Ok(())
}

/// From the request to the reply, through the thread, against one bare append and sync.
fn check_ins(directory: &Path) -> anyhow::Result<()> {
    let mut bare = Vec::new();
    let mut file = File::create(directory.join("bare"))?;
    for _ in 0..CHECK_INS {
        bare.push(timed(|| Ok(file.write_all(&[7; 4_096]).and_then(|()| file.sync_data())?))?);
    }
    let path = directory.join("check-ins.db");
    let mut street = Street::new();
    let mut durable = Vec::new();
    let (store, replies) = open(&path)?;
    for visit in 1..=CHECK_INS {
        let draft = street.check_in(visit);
        durable.push(timed(|| {
            let reply = ask(&store, &replies, Request::Append(draft))?;
            let Reply::Appended { .. } = reply else { bail!("{reply:?}") };
            Ok(())
        })?);
    }
    let mut out = stdout();
    writeln!(out, "| until it is on disk | p50 µs | p99 µs |")?;
    writeln!(out, "|---|--:|--:|")?;
    let (bare, durable) = (Percentiles::of(bare), Percentiles::of(durable));
    writeln!(out, "| 4 KiB appended to a file and synced | {} | {} |", bare.half, bare.most)?;
    writeln!(out, "| a check-in, request to reply | {} | {} |", durable.half, durable.most)?;
    Ok(())
}

/// Prints the times of every way, and gives back what each costs.
fn searches(directory: &Path, size: u32, ways: &[Way]) -> anyhow::Result<Vec<String>> {
    let path = directory.join(format!("{size}.db"));
    let mut street = Street::new();
    fill(&path, size, &mut street)?;
    let bytes = fs::metadata(&path)?.len();

    let mut costs = Vec::new();
    let start = Instant::now();
    let (mut book, _) = Book::open(&path, OPTIONS)?;
    let opened = start.elapsed();
    while book.read_on()? {}
    let read = start.elapsed().saturating_sub(opened);
    costs.push(format!(
        "| {size} | the book | {} | {} | opened in {} ms, index read in {} ms |",
        bytes / u64::from(size),
        wal_bytes(&mut book, &path, size, &mut street)?,
        opened.as_millis(),
        read.as_millis(),
    ));
    drop(book);

    let queries = queries(&mut street);
    let (store, replies) = open(&path)?;
    // The first question reads the index to its end.
    ask(&store, &replies, asked("zz"))?;
    table(size, "book", &queries, |typed| {
        let reply = ask(&store, &replies, asked(typed))?;
        let Reply::Found(found) = reply else { bail!("{reply:?}") };
        Ok(found.len())
    })?;
    drop(store);
    for way in ways {
        let (name, turns) = match way {
            Way::Like => ("LIKE", 2),
            Way::Fts5 => ("FTS5", TURNS),
            Way::Prefixes => ("prefixes", 2),
        };
        let file = directory.join(format!("{size}-{name}.db"));
        let stick = Yardstick::new(*way, &path, &file)?;
        let few: Vec<_> = queries.iter().step_by(TURNS / turns).cloned().collect();
        table(size, name, &few, |typed| stick.find(typed))?;
        let names: Vec<_> = (0..CHECK_INS).map(|_| street.name()).collect();
        let (bytes, written) = stick.costs(&file, &names)?;
        costs.push(format!(
            "| {size} | {name}, beside the book | {} | {} | |",
            bytes / u64::from(size),
            written / u64::from(CHECK_INS),
        ));
        drop(stick);
        fs::remove_file(file)?;
    }
    fs::remove_file(path)?;
    Ok(costs)
}

fn fill(path: &Path, size: u32, street: &mut Street) -> anyhow::Result<()> {
    let (mut book, _) = Book::open(path, OPTIONS)?;
    let mut visit = 1;
    while visit <= size {
        let end = (visit + 10_000).min(size + 1);
        let drafts: Vec<_> = (visit..end).map(|visit| street.check_in(visit)).collect();
        let leave: Vec<_> = drafts.iter().zip(visit..).map(street::check_out).collect();
        book.append_all(drafts)?;
        book.append_all(leave)?;
        visit = end;
    }
    Ok(())
}

/// What one check-in adds to the write-ahead log, before the first checkpoint comes.
fn wal_bytes(book: &mut Book, path: &Path, size: u32, street: &mut Street) -> anyhow::Result<u64> {
    const FEW: u32 = 100;
    for visit in size + 1..=size + FEW {
        let reply = book.answer(Request::Append(street.check_in(visit)));
        let Reply::Appended { .. } = reply else { bail!("{reply:?}") };
    }
    let mut wal = path.as_os_str().to_owned();
    wal.push("-wal");
    Ok(fs::metadata(PathBuf::from(wal))?.len() / u64::from(FEW))
}

/// The common ones by name, and as many of "somebody": two words of a name in any order, the
/// second half typed.
fn queries(street: &mut Street) -> Vec<(&'static str, String)> {
    let mut queries = Vec::new();
    for typed in COMMON {
        queries.extend((0..TURNS).map(|_| (typed, typed.to_owned())));
    }
    for _ in 0..TURNS * 50 {
        let name = street.name();
        let mut words: Vec<&str> = name.split(' ').collect();
        street.random().shuffle(&mut words);
        words.truncate(3);
        let last = words.pop().unwrap_or_default();
        let half: String = last.chars().take(last.chars().count().div_ceil(2)).collect();
        words.push(&half);
        queries.push(("somebody", words.join(" ")));
    }
    queries
}

fn table(
    size: u32,
    way: &str,
    queries: &[(&'static str, String)],
    mut find: impl FnMut(&str) -> anyhow::Result<usize>,
) -> anyhow::Result<()> {
    let mut out = stdout();
    let mut all = Vec::new();
    for kind in COMMON.into_iter().chain(["somebody"]) {
        let mut times = Vec::new();
        for (_, typed) in queries.iter().filter(|(of, _)| *of == kind) {
            let mut best = Duration::MAX;
            for _ in 0..BEST_OF {
                best = best.min(timed(|| find(typed).map(drop))?);
            }
            times.push(best);
        }
        all.extend_from_slice(&times);
        let Percentiles { half, most, worst } = Percentiles::of(times);
        writeln!(out, "| {size} | {kind} | {way} | {half} | {most} | {worst} |")?;
    }
    let Percentiles { half, most, worst } = Percentiles::of(all);
    writeln!(out, "| {size} | **all** | {way} | **{half}** | **{most}** | **{worst}** |")?;
    Ok(())
}

fn asked(typed: &str) -> Request {
    Request::Search { query: SearchText(typed.to_owned()), limit: 50 }
}

fn open(path: &Path) -> anyhow::Result<(Store, Receiver<Answer>)> {
    let (answers, answered) = channel();
    let store = Store::open(path, OPTIONS, None, Arc::new(move |said| drop(answers.send(said))));
    let said = answered.recv()?;
    let Answer::Opened(_) = said else { bail!("{said:?}") };
    Ok((store, answered))
}

fn ask(store: &Store, answers: &Receiver<Answer>, request: Request) -> anyhow::Result<Reply> {
    store.submit(request);
    match answers.recv().context("the store's thread is gone")? {
        Answer::Reply(reply) => Ok(reply),
        said @ (Answer::Opened(_) | Answer::NotOpened(_) | Answer::FoundDamaged(_)) => {
            bail!("{said:?}")
        }
    }
}

fn timed(work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

/// In microseconds.
struct Percentiles {
    half: u128,
    most: u128,
    worst: u128,
}

impl Percentiles {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        let at = |percent: usize| {
            let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
            times.get(place).map_or(0, Duration::as_micros)
        };
        Self { half: at(50), most: at(99), worst: at(100) }
    }
}
