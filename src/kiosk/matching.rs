//! Matching files of published keys against what was heard, on threads of its own: at night on
//! every core, by day on one.
//!
//! It reads the book over a connection that only reads, and tells what each file has brought; the
//! reception has it kept. A file that was processed is known by its hash and is not matched again.
//! Files come from [`Source`]; which id belongs to which key is [`HeardIds`]' business.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::domain::exposure::matched::{
    FileHash, Matched, Matching, ProcessedFile, Progress, REFUSALS_MAX,
};
use crate::domain::exposure::matcher::{HeardIds, MATCHES_MAX, Match, TooManyMatches};
use crate::domain::exposure::published::{PublishedKey, ReportKind};
use crate::domain::exposure::windows::{Contact, KeyDigest, of_each_key, report_of};
use crate::domain::moment::{Wall, Zone};
use crate::store::{Reader, StoreError};

/// Keys that are matched at once. Keys of one day lie together in a published file, and the longer
/// the slice, the better the caches are used: 3 MB of them.
const SLICE_KEYS: usize = 1 << 16;

/// Where files come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// Keys that are ready, for rehearsals and tests.
    Sim(Vec<SimFile>),
}

/// A file that was never one.
#[derive(Clone, PartialEq, Eq)]
pub struct SimFile {
    /// What it is known by.
    pub hash: FileHash,
    /// Its keys, or why it is refused.
    pub keys: Result<Vec<PublishedKey>, String>,
}

impl fmt::Debug for SimFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SimFile({:?})", self.hash)
    }
}

/// What is to be matched.
#[derive(Clone, Debug)]
pub struct Task {
    /// The book.
    pub book: PathBuf,
    /// The zone of the days that are told.
    pub zone: Zone,
    /// Threads that match.
    pub cores: usize,
    /// Now, by a clock that somebody vouches for.
    pub wall: Wall,
    /// Where the files come from.
    pub source: Source,
}

/// A task under way. Dropping it stops it and waits for that.
#[derive(Debug)]
pub struct Work {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Work {
    /// Begins a task. `on_news` is called on its thread.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn begin(
        task: Task,
        mut on_news: impl FnMut(Matching) + Send + 'static,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stops = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("matching".into())
            .spawn(move || run(&task, &stops, &mut on_news))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so.
            drop(thread.join());
        }
    }
}

/// Carries out a task on this thread and those it begins. The last news is that it has ended.
pub fn run(task: &Task, stop: &AtomicBool, on_news: &mut dyn FnMut(Matching)) {
    let mut round = Round { progress: Progress::default(), refused: Vec::new(), on_news, stop };
    if let Err(error) = round.work(task) {
        round.refuse(format!("failed to read what was heard: {error}"));
    }
    let Round { progress, refused, on_news, .. } = round;
    on_news(Matching::Ended { progress, refused });
}

/// A row that a key has matched.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Hit {
    row: i64,
    key: KeyDigest,
    report: ReportKind,
}

/// One task, how far it is, and what is to be told of it.
struct Round<'a> {
    progress: Progress,
    refused: Vec<String>,
    on_news: &'a mut dyn FnMut(Matching),
    stop: &'a AtomicBool,
}

impl Round<'_> {
    fn work(&mut self, task: &Task) -> Result<(), StoreError> {
        let book = Reader::open(&task.book)?;
        let Source::Sim(files) = &task.source;
        self.progress.files = u32::try_from(files.len()).ok();
        // A million rows: read only where there is something to match.
        let mut heard = None;
        for file in files {
            if self.stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            if book.processed_at(file.hash)?.is_none() {
                let heard = match &heard {
                    Some(heard) => heard,
                    None => heard.insert(HeardIds::new(book.heard()?)),
                };
                match self.matched(file, heard, task, &book)? {
                    Ok(matched) => (self.on_news)(Matching::Matched(Box::new(matched))),
                    Err(refusal) => self.refuse(refusal),
                }
            }
            self.progress.files_done = self.progress.files_done.saturating_add(1);
            (self.on_news)(Matching::Progress(self.progress));
        }
        Ok(())
    }

    /// What one file has brought, or why it is refused. One that was broken off is neither.
    fn matched(
        &mut self,
        file: &SimFile,
        heard: &HeardIds,
        task: &Task,
        book: &Reader,
    ) -> Result<Result<Matched, String>, StoreError> {
        let keys = match &file.keys {
            Ok(keys) => keys,
            Err(refusal) => return Ok(Err(refusal.clone())),
        };
        let (read, hits) = spread(heard, task.cores, |give| {
            keys.chunks(SLICE_KEYS).all(|slice| self.goes_on(slice.len()) && give(slice))
        });
        let hits = match hits {
            Ok(hits) if read => hits,
            Ok(_) => return Ok(Err("matching was broken off: it begins anew".to_owned())),
            Err(error) => return Ok(Err(error.to_string())),
        };
        let contacts = contacts(&hits, book)?;
        let count = |length| u64::try_from(length).unwrap_or(u64::MAX);
        Ok(Ok(Matched {
            files: vec![ProcessedFile {
                hash: file.hash,
                format: "simulated".to_owned(),
                keys: count(keys.len()),
                matches: count(contacts.len()),
            }],
            exposures: of_each_key(&contacts, task.zone),
        }))
    }

    /// Counts keys that are about to be matched, and says so; whether to go on.
    fn goes_on(&mut self, keys: usize) -> bool {
        let keys = u64::try_from(keys).unwrap_or(0);
        self.progress.keys_done = self.progress.keys_done.saturating_add(keys);
        (self.on_news)(Matching::Progress(self.progress));
        !self.stop.load(Ordering::Relaxed)
    }

    fn refuse(&mut self, refusal: String) {
        if self.refused.len() < REFUSALS_MAX {
            self.refused.push(refusal);
        }
    }
}

/// Matches the keys that `feed` gives, on so many threads, in slices of [`SLICE_KEYS`]. What it
/// gives with answers whether it is still wanted. Memory depends on neither the number of keys nor
/// that of the threads, but for the slices under way.
///
/// # Errors
/// When keys explain more than [`MATCHES_MAX`] rows.
pub fn spread<T>(
    heard: &HeardIds,
    cores: usize,
    feed: impl FnOnce(&mut dyn FnMut(&[PublishedKey]) -> bool) -> T,
) -> (T, Result<BTreeSet<Hit>, TooManyMatches>) {
    let cores = cores.max(1);
    let hits = Mutex::new(Ok(BTreeSet::new()));
    let (slices, waiting) = sync_channel::<Vec<PublishedKey>>(cores);
    let waiting = Mutex::new(waiting);
    let outcome = std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                while let Ok(slice) = next() {
                    take_in(heard, &slice, &hits);
                }
            });
        }
        let mut slice: Vec<PublishedKey> = Vec::new();
        let is_wanted = || hits.lock().is_ok_and(|hits| hits.is_ok());
        let outcome = feed(&mut |piece| {
            for part in piece.chunks(SLICE_KEYS) {
                slice.extend_from_slice(part);
                if slice.len() >= SLICE_KEYS && slices.send(std::mem::take(&mut slice)).is_err() {
                    return false;
                }
            }
            is_wanted()
        });
        // Nobody waits any more only after a panic, which the scope passes on.
        slices.send(slice).ok();
        drop(slices);
        outcome
    });
    (outcome, hits.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Matches one slice.
fn take_in(
    heard: &HeardIds,
    slice: &[PublishedKey],
    hits: &Mutex<Result<BTreeSet<Hit>, TooManyMatches>>,
) {
    let mut found: Vec<Match> = Vec::new();
    let matched = heard.match_keys(slice, &mut found);
    if found.is_empty() && matched.is_ok() {
        return;
    }
    let found = found.iter().filter_map(|found| {
        let key = slice.get(found.key)?;
        Some(Hit { row: found.row, key: KeyDigest::of(key), report: report_of(key) })
    });
    let mut all = hits.lock().unwrap_or_else(PoisonError::into_inner);
    if let Ok(hits) = &mut *all {
        hits.extend(found);
        if matched.is_err() || hits.len() > MATCHES_MAX {
            *all = Err(TooManyMatches);
        }
    }
}

/// The rows that were matched, as the book has them. One that was deleted meanwhile is none.
fn contacts(hits: &BTreeSet<Hit>, book: &Reader) -> Result<Vec<Contact>, StoreError> {
    let mut contacts = Vec::with_capacity(hits.len());
    for &Hit { row, key, report } in hits {
        contacts.extend(book.remembered(row)?.map(|row| Contact { key, report, row }));
    }
    Ok(contacts)
}
