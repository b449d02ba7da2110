//! Matching files of published keys against what was heard, on threads of its own: at night on
//! every core, by day on one.
//!
//! A night that is begun is written down before: whatever ends the program meanwhile, it does not
//! begin again before the next. It reads the book over a connection that only reads, and tells what each file has brought; the
//! reception has it kept. A file that was processed is known by its hash and is not matched again.
//! Files come from [`Source`]; which id belongs to which key is [`HeardIds`]' business.

#[cfg(feature = "exposure")]
mod files;
pub(super) mod night;
mod parts;
mod source;
mod spread;

pub use source::{SimFile, Source};

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Thread;

use self::parts::{BEGINNING, Part, ROWS_AT_ONCE};
use self::source::{Found, Gathered};
use self::spread::{Hit, spread};
use crate::domain::exposure::matched::{Matched, Matching, Progress, REFUSALS_MAX};
use crate::domain::exposure::matcher::{HeardIds, MATCHES_MAX, TooManyMatches};
use crate::domain::exposure::warned::of_warnings;
use crate::domain::exposure::windows::{Contact, of_each_key};
use crate::domain::moment::{Wall, Zone};
use crate::domain::venue::LocationId;
use crate::domain::venue::door::Venue;
use crate::store::{Reader, StoreError};

/// How far it is is told after so many keys: a fifth of a second of one core.
const TOLD_EVERY_KEYS: u64 = 100_000;

/// What is told where matching has panicked.
const BROKEN: &str = "comparing broke off by a fault of the program: the journal says which; it is \
                      tried again the next night";

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
    /// The codes of this door, by which warnings are known. What they are made of is read out of
    /// the book where it is not here.
    pub venue: Venue,
    /// Where the files come from.
    pub source: Source,
    /// The night it is done in, where that has begun; else it is done because somebody asks for it.
    pub night: Option<Wall>,
}

/// A task under way. Dropping it has it end at the next file or piece of one; nobody waits for that,
/// since it writes nothing that could be left half done.
#[derive(Debug)]
pub struct Work {
    stop: Arc<AtomicBool>,
    thread: Thread,
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
        Ok(Self { stop, thread: thread.thread().clone() })
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // It may be waiting for a file to be copied.
        self.thread.unpark();
    }
}

/// Carries out a task on this thread and those it begins. The last news is that it has ended, also
/// where it panics.
pub fn run(task: &Task, stop: &AtomicBool, on_news: &mut dyn FnMut(Matching)) {
    run_in_parts(task, ROWS_AT_ONCE, stop, on_news);
}

/// The same with so many rows at once.
fn run_in_parts(
    task: &Task,
    rows_at_once: u32,
    stop: &AtomicBool,
    on_news: &mut dyn FnMut(Matching),
) {
    let (progress, refused) = (Progress::default(), Vec::new());
    let mut round = Round { progress, refused, rows_at_once, all: None, on_news, stop };
    if let Err(error) = round.work(task) {
        round.refuse(format!("failed to read what was heard: {error}"));
    }
}

/// One task, how far it is, and what is to be told of it. When it is dropped, it has ended.
struct Round<'a> {
    progress: Progress,
    refused: Vec<String>,
    rows_at_once: u32,
    /// Everything that was heard, once it is read and where it is no more than can be held.
    all: Option<HeardIds>,
    on_news: &'a mut dyn FnMut(Matching),
    stop: &'a AtomicBool,
}

impl Drop for Round<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.refused.insert(0, BROKEN.to_owned());
            self.refused.truncate(REFUSALS_MAX);
        }
        let refused = std::mem::take(&mut self.refused);
        (self.on_news)(Matching::Ended { progress: self.progress, refused });
    }
}

impl Round<'_> {
    fn work(&mut self, task: &Task) -> Result<(), StoreError> {
        if let Some(error) = task.night.and_then(|night| night::begin(&task.book, night).err()) {
            self.refuse(format!("failed to write down beside the book that it is begun: {error}"));
            return Ok(());
        }
        let book = Reader::open(&task.book)?;
        let mut failed = None;
        let mut is_done = |hash| match book.processed_at(hash) {
            Ok(processed) => processed.is_some(),
            Err(error) => {
                failed = Some(error);
                true
            }
        };
        let stop = self.stop;
        let goes_on = || !stop.load(Ordering::Relaxed);
        let Gathered { whole, refused, done } =
            task.source.gather(task.wall, &mut is_done, &goes_on);
        if let Some(error) = failed {
            return Err(error);
        }
        // The book has answered for each of them, so what they held is kept.
        for refusal in refused.into_iter().chain(task.source.settle(&done)) {
            self.refuse(refusal);
        }
        self.progress.files = u32::try_from(whole.iter().map(Vec::len).sum::<usize>()).ok();
        let places = places(task, &book)?;
        for files in whole {
            if !goes_on() {
                return Ok(());
            }
            let count = u32::try_from(files.len()).unwrap_or(u32::MAX);
            match self.matched(files, &places, task, &book)? {
                Ok(matched) => (self.on_news)(Matching::Matched(Box::new(matched))),
                Err(refusal) => self.refuse(refusal),
            }
            self.progress.files_done = self.progress.files_done.saturating_add(count);
            (self.on_news)(Matching::Progress(self.progress));
        }
        Ok(())
    }

    /// What files that belong together have brought, or why one of them is refused.
    fn matched(
        &mut self,
        files: Vec<Found>,
        places: &[LocationId],
        task: &Task,
        book: &Reader,
    ) -> Result<Result<Matched, String>, StoreError> {
        let (mut matched, mut contacts) = (Matched::default(), Vec::new());
        for mut file in files {
            match file.warnings(places) {
                Some(Ok(warnings)) => {
                    let count = u64::try_from(warnings.len()).unwrap_or(u64::MAX);
                    matched.files.push(file.processed(count, count));
                    matched.exposures.extend(of_warnings(&warnings, task.zone, task.wall));
                    continue;
                }
                Some(Err(refusal)) => return Ok(Err(refusal)),
                None => {}
            }
            let (keys, hits) = match self.hits(&mut file, task, book)? {
                Ok(found) => found,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let found = self::contacts(&hits, book)?;
            let count = u64::try_from(found.len()).unwrap_or(u64::MAX);
            matched.files.push(file.processed(keys, count));
            contacts.extend(found);
        }
        matched.exposures.extend(of_each_key(&contacts, task.zone));
        Ok(Ok(matched))
    }

    /// How many keys a file has, and the rows they explain: it is read once for each part of what
    /// was heard, which are one but for a flood.
    fn hits(
        &mut self,
        file: &mut Found,
        task: &Task,
        book: &Reader,
    ) -> Result<Result<(u64, BTreeSet<Hit>), String>, StoreError> {
        let (mut behind, mut all) = (BEGINNING, BTreeSet::new());
        loop {
            let part = match self.all.take() {
                Some(heard) => Part { heard, last: None },
                None => Part::read(book, behind, self.rows_at_once)?,
            };
            let is_first = behind == BEGINNING;
            let (read, hits) = spread(&part.heard, task.cores, |give| {
                file.feed(&mut |piece| {
                    self.goes_on(if is_first { piece.len() } else { 0 }) && give(piece)
                })
            });
            let Part { heard, last } = part;
            if is_first && last.is_none() {
                self.all = Some(heard);
            }
            let too_many = |error| Ok(Err(format!("{}: failed to {error}", file.name)));
            let keys = match (read, hits) {
                (Ok(keys), Ok(hits)) => {
                    all.extend(hits);
                    keys
                }
                (Err(refusal), Ok(_)) => return Ok(Err(refusal)),
                (_, Err(error)) => return too_many(error),
            };
            if all.len() > MATCHES_MAX {
                return too_many(TooManyMatches);
            }
            match last {
                Some(last) => behind = last,
                None => return Ok(Ok((keys, all))),
            }
        }
    }

    /// Counts keys that are about to be matched, and says so now and then; whether to go on.
    fn goes_on(&mut self, keys: usize) -> bool {
        let before = self.progress.keys_done / TOLD_EVERY_KEYS;
        let keys = u64::try_from(keys).unwrap_or(0);
        self.progress.keys_done = self.progress.keys_done.saturating_add(keys);
        if self.progress.keys_done / TOLD_EVERY_KEYS != before {
            (self.on_news)(Matching::Progress(self.progress));
        }
        !self.stop.load(Ordering::Relaxed)
    }

    fn refuse(&mut self, refusal: String) {
        if self.refused.len() < REFUSALS_MAX {
            self.refused.push(refusal);
        }
    }
}

/// How warnings may call this door.
fn places(task: &Task, book: &Reader) -> Result<Vec<LocationId>, StoreError> {
    let secret = match task.venue.secret {
        Some(secret) => Some(secret),
        None => book.venue_secret()?,
    };
    let venue = Venue { secret, ..task.venue.clone() };
    Ok(venue.location_ids(task.wall.civil(task.zone).date()).collect())
}

/// The rows that were matched, as the book has them. One that was deleted meanwhile is none.
fn contacts(hits: &BTreeSet<Hit>, book: &Reader) -> Result<Vec<Contact>, StoreError> {
    let mut contacts = Vec::with_capacity(hits.len());
    for &Hit { row, key } in hits {
        contacts.extend(book.remembered(row)?.map(|row| Contact { key, row }));
    }
    Ok(contacts)
}

#[cfg(test)]
mod tests;
