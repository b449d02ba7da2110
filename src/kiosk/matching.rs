//! Matching files of published keys against what was heard, on threads of its own: at night on
//! every core, by day on one.
//!
//! It reads the book over a connection that only reads, and tells what each file has brought; the
//! reception has it kept. A file that was processed is known by its hash and is not matched again.
//! Files come from [`Source`]; which id belongs to which key is [`HeardIds`]' business.

mod source;
mod spread;

pub use source::{SimFile, Source};

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use self::source::{Found, Gathered};
use self::spread::{Hit, spread};
use crate::domain::exposure::matched::{Matched, Matching, Progress, REFUSALS_MAX};
use crate::domain::exposure::matcher::HeardIds;
use crate::domain::exposure::warned::of_warnings;
use crate::domain::exposure::windows::{Contact, of_each_key};
use crate::domain::moment::{Wall, Zone};
use crate::domain::venue::LocationId;
use crate::domain::venue::door::Venue;
use crate::store::{Reader, StoreError};

/// How far it is is told after so many keys: a fifth of a second of one core.
const TOLD_EVERY_KEYS: u64 = 100_000;

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
            thread.thread().unpark();
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
        let mut failed = None;
        let is_done = |hash| match book.processed_at(hash) {
            Ok(processed) => processed.is_some(),
            Err(error) => {
                failed = Some(error);
                true
            }
        };
        let Gathered { whole, refused, done } = task.source.gather(task.wall, is_done);
        if let Some(error) = failed {
            return Err(error);
        }
        // The book has answered for each of them, so what they held is kept.
        for refusal in refused.into_iter().chain(task.source.settle(&done)) {
            self.refuse(refusal);
        }
        self.progress.files = u32::try_from(whole.iter().map(Vec::len).sum::<usize>()).ok();
        let places = places(task, &book)?;
        // A million rows: read only where there is something to match.
        let mut heard = None;
        for files in whole {
            if self.stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            let heard = match &heard {
                Some(heard) => heard,
                None => heard.insert(HeardIds::new(book.heard()?)),
            };
            let count = u32::try_from(files.len()).unwrap_or(u32::MAX);
            match self.matched(files, heard, &places, task, &book)? {
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
        heard: &HeardIds,
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
            let (read, hits) = spread(heard, task.cores, |give| {
                file.feed(&mut |piece| self.goes_on(piece.len()) && give(piece))
            });
            let (keys, hits) = match (read, hits) {
                (Ok(keys), Ok(hits)) => (keys, hits),
                (Err(refusal), Ok(_)) => return Ok(Err(refusal)),
                (_, Err(error)) => return Ok(Err(format!("{}: failed to {error}", file.name))),
            };
            let found = self::contacts(&hits, book)?;
            let count = u64::try_from(found.len()).unwrap_or(u64::MAX);
            matched.files.push(file.processed(keys, count));
            contacts.extend(found);
        }
        matched.exposures.extend(of_each_key(&contacts, task.zone));
        Ok(Ok(matched))
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
