//! Files of published keys in folders, or named one by one: which of them are whole and new, and
//! what they hold.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::source::{Body, Found, Gathered};
use crate::domain::exposure::matched::FileHash;
use crate::domain::exposure::published::PublishedKey;
use crate::domain::moment::{Mono, Wall};
use crate::domain::venue::LocationId;
use crate::domain::venue::warning::Warning;
use crate::published::inbox::{Inbox, QUIET};
use crate::published::{self, Format, Published, PublishedError, Stop, Summary, Trust};

/// Files that stay open from the time they are looked into until they are matched; others are opened
/// once more. The system gives a thousand in all.
const OPEN_MAX: usize = 64;

/// Warnings of this door that are taken from one file, which holds those of an hour. More are
/// invented by somebody who knows its code.
const WARNINGS_MAX: usize = 10_000;

/// A file that was found to be good.
pub(super) struct Listed {
    path: PathBuf,
    trust: Arc<Trust>,
    wall: Wall,
    summary: Summary,
    open: Option<Published>,
}

impl Listed {
    /// The file, once more if it does not stay open.
    fn opened(&mut self) -> Result<&mut Published, PublishedError> {
        let file = match self.open.take() {
            Some(file) => file,
            None => Published::open(&self.path, &self.trust, self.wall)?,
        };
        if file.summary() != &self.summary {
            return Err(PublishedError::Changed);
        }
        Ok(self.open.insert(file))
    }

    /// The warnings of this door, which is known by `places`; `None` for a file of keys.
    pub(super) fn warnings(
        &mut self,
        places: &[LocationId],
    ) -> Option<Result<Vec<Warning>, String>> {
        if self.summary.format != Format::CwaWarnings {
            return None;
        }
        let mut warnings: Vec<Warning> = Vec::new();
        let read = self.opened().and_then(|file| {
            file.warnings(places, &mut |piece| {
                warnings.extend_from_slice(piece);
                if warnings.len() <= WARNINGS_MAX { Ok(()) } else { Err(Stop) }
            })
        });
        Some(match read {
            Err(_) if warnings.len() > WARNINGS_MAX => {
                Err("more warnings of this door than there can be".to_owned())
            }
            Err(error) => Err(error.to_string()),
            Ok(_) => Ok(warnings),
        })
    }

    /// Gives the keys in pieces, as long as they are wanted; answers how many there were.
    pub(super) fn feed(
        &mut self,
        give: &mut dyn FnMut(&[PublishedKey]) -> bool,
    ) -> Result<u64, String> {
        let mut sink = |piece: &[PublishedKey]| if give(piece) { Ok(()) } else { Err(Stop) };
        let read = self.opened().and_then(|file| file.keys(&mut sink));
        read.map(|counts| counts.taken).map_err(|error| error.to_string())
    }
}

/// Finds the files that are whole and new, the first by name first. What is done, waits for others
/// or is refused takes nobody's place.
pub(super) fn gather(
    paths: &[PathBuf],
    trust: &Arc<Trust>,
    wall: Wall,
    is_done: &mut dyn FnMut(FileHash) -> bool,
    goes_on: &dyn Fn() -> bool,
) -> Gathered {
    let mut gathered = Gathered::default();
    let is_done = RefCell::new(is_done);
    let is_done = |hash: &[u8; 32]| is_done.borrow_mut()(FileHash(*hash));
    let mut new: Vec<PathBuf> = Vec::new();
    for path in paths {
        new.extend(files_in(path, &is_done, &mut gathered));
    }
    let (mut listed, mut seen) = (Vec::new(), BTreeSet::new());
    for path in new {
        if !goes_on() {
            return gathered;
        }
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let file = match Published::open(&path, trust, wall) {
            Ok(file) => file,
            Err(error) => {
                gathered.refused.push(format!("{name}: {error}"));
                continue;
            }
        };
        let summary = file.summary().clone();
        if is_done(&summary.sha256) {
            gathered.done.push(path);
        } else if seen.insert(summary.sha256) {
            let open = (listed.len() < OPEN_MAX).then_some(file);
            let trust = Arc::clone(trust);
            listed.push((name, Listed { path, trust, wall, summary, open }));
        }
    }
    let sorted = published::batch::sort(listed, |(_, file)| &file.summary);
    for ((name, _), lacking) in sorted.waiting {
        let words = format!("{name}: it waits for {lacking} more of its batch");
        gathered.refused.push(words);
    }
    let batches = sorted.whole.into_iter();
    gathered.whole = batches.map(|batch| batch.into_iter().map(found).collect()).collect();
    gathered
}

fn found((name, file): (String, Listed)) -> Found {
    let hash = FileHash(file.summary.sha256);
    let format = file.summary.format.name().to_owned();
    Found { name, hash, format, body: Body::Real(Box::new(file)) }
}

/// The files in a folder that are whole and not done, or the file itself. Where something in the
/// folder is new, it is looked at again after some seconds, to see that it is not still being
/// copied.
fn files_in(
    path: &Path,
    is_done: &dyn Fn(&[u8; 32]) -> bool,
    gathered: &mut Gathered,
) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let mut inbox = Inbox::new(path.to_owned());
    let mut look = inbox.look(Mono::default(), is_done);
    if look.as_ref().is_ok_and(|look| look.unsettled > 0) {
        // Whoever stops the task wakes the thread; what it gathered is then not matched.
        std::thread::park_timeout(QUIET);
        look = inbox.look(Mono::from_start(QUIET), is_done);
    }
    let look = match look {
        Ok(look) => look,
        // Nobody has laid anything there yet, or the stick is not in.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            gathered.refused.push(format!("{}: {error}", path.display()));
            return Vec::new();
        }
    };
    for (path, error) in look.refused {
        gathered.refused.push(format!("{}: {error}", path.display()));
    }
    if look.beyond > 0 {
        let (path, beyond) = (path.display(), look.beyond);
        gathered.refused.push(format!("{path}: {beyond} files too many: remove old ones"));
    }
    gathered.done.extend(look.done);
    look.ready.into_iter().map(|arrival| arrival.path).collect()
}
