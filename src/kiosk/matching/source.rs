//! Where files of published keys come from: a folder, or nowhere, with keys that are ready.

use std::fmt;

#[cfg(feature = "exposure")]
use std::path::Path;
use std::path::PathBuf;

use crate::domain::exposure::matched::{FileHash, ProcessedFile};
use crate::domain::exposure::published::PublishedKey;
#[cfg(feature = "exposure")]
use crate::domain::moment::Mono;
use crate::domain::moment::Wall;
use crate::domain::venue::LocationId;
use crate::domain::venue::warning::Warning;
#[cfg(feature = "exposure")]
use crate::published::fetch::Settler;
#[cfg(feature = "exposure")]
use crate::published::inbox::{Inbox, QUIET};
#[cfg(feature = "exposure")]
use crate::published::{self, Format, Published, Stop, Summary, Trust};

/// Files that are taken in one night; the others wait for the next. A health authority publishes
/// one to six a day.
#[cfg(feature = "exposure")]
const FILES_AT_ONCE: usize = 256;

/// Warnings of this door that are taken from one file, which holds those of an hour. More are
/// invented by somebody who knows its code.
#[cfg(feature = "exposure")]
const WARNINGS_MAX: usize = 10_000;

/// Where files come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// Files in a folder, or named one by one, that somebody on this list has signed where their
    /// form has signatures.
    #[cfg(feature = "exposure")]
    Files {
        /// Folders and files; a folder's own folders are not looked into.
        paths: Vec<PathBuf>,
        /// Who may publish keys.
        trust: std::sync::Arc<Trust>,
        /// What those that were fetched are given to, once the book knows them as processed.
        settler: Option<Settler>,
    },
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

/// What there is to match.
#[derive(Default)]
pub(super) struct Gathered {
    /// Files that belong together, whole.
    pub(super) whole: Vec<Vec<Found>>,
    /// Why others are not among them.
    pub(super) refused: Vec<String>,
    /// Those that were processed before.
    pub(super) done: Vec<PathBuf>,
}

/// A file that is to be matched.
pub(super) struct Found {
    /// What it is called.
    pub(super) name: String,
    pub(super) hash: FileHash,
    /// Its format in words.
    pub(super) format: String,
    body: Body,
}

enum Body {
    #[cfg(feature = "exposure")]
    Real(Box<Published>),
    Sim(Vec<PublishedKey>),
}

impl Source {
    /// Looks also into the folder of what is fetched, and gives what is done there to `settler`.
    #[cfg(feature = "exposure")]
    pub fn look_into(&mut self, folder: PathBuf, settler: Settler) {
        if let Self::Files { paths, settler: none_yet, .. } = self {
            paths.push(folder);
            *none_yet = Some(settler);
        }
    }

    /// Takes files back that were fetched and are done, so that they take no room. Answers what did
    /// not work.
    #[cfg_attr(
        not(feature = "exposure"),
        expect(unused_variables, reason = "only real files take room")
    )]
    pub(super) fn settle(&self, done: &[PathBuf]) -> Vec<String> {
        match self {
            #[cfg(feature = "exposure")]
            Self::Files { settler: Some(settler), .. } => {
                let settle = |path: &PathBuf| settler.settle(path).err();
                done.iter().filter_map(settle).map(|error| error.to_string()).collect()
            }
            #[cfg(feature = "exposure")]
            Self::Files { settler: None, .. } => Vec::new(),
            Self::Sim(_) => Vec::new(),
        }
    }

    /// The files there are, but for those of which `is_done` says that they were processed.
    #[cfg_attr(
        not(feature = "exposure"),
        expect(unused_variables, reason = "simulated files have no date")
    )]
    pub(super) fn gather(&self, wall: Wall, mut is_done: impl FnMut(FileHash) -> bool) -> Gathered {
        let mut gathered = Gathered::default();
        match self {
            #[cfg(feature = "exposure")]
            Self::Files { paths, trust, .. } => {
                let found = open_all(paths, trust, wall, &mut is_done, &mut gathered);
                let sorted = published::batch::sort(found, |(_, summary)| summary);
                for (file, lacking) in sorted.waiting {
                    let name = file.0.name;
                    let words = format!("{name}: it waits for {lacking} more of its batch");
                    gathered.refused.push(words);
                }
                let files = |batch: Vec<(Found, Summary)>| batch.into_iter().map(|(file, _)| file);
                gathered.whole = sorted.whole.into_iter().map(|b| files(b).collect()).collect();
            }
            Self::Sim(files) => {
                for SimFile { hash, keys } in files.iter().filter(|file| !is_done(file.hash)) {
                    let (name, hash) = (format!("{hash:?}"), *hash);
                    match keys {
                        Ok(keys) => gathered.whole.push(vec![Found {
                            name,
                            hash,
                            format: "simulated".to_owned(),
                            body: Body::Sim(keys.clone()),
                        }]),
                        Err(refusal) => gathered.refused.push(refusal.clone()),
                    }
                }
            }
        }
        gathered
    }
}

impl Found {
    /// What the book keeps of it.
    pub(super) fn processed(self, keys: u64, matches: u64) -> ProcessedFile {
        let Self { hash, format, .. } = self;
        ProcessedFile { hash, format, keys, matches }
    }

    /// The warnings of this door, which is known by `places`; `None` for a file of keys.
    #[cfg_attr(
        not(feature = "exposure"),
        expect(unused_variables, reason = "only real files hold warnings")
    )]
    pub(super) fn warnings(
        &mut self,
        places: &[LocationId],
    ) -> Option<Result<Vec<Warning>, String>> {
        match &mut self.body {
            #[cfg(feature = "exposure")]
            Body::Real(file) if file.summary().format == Format::CwaWarnings => {
                let mut warnings: Vec<Warning> = Vec::new();
                let read = file.warnings(places, &mut |piece| {
                    warnings.extend_from_slice(piece);
                    if warnings.len() <= WARNINGS_MAX { Ok(()) } else { Err(Stop) }
                });
                let taken = match read {
                    Err(_) if warnings.len() > WARNINGS_MAX => {
                        Err(format!("{}: more warnings of this door than there can be", self.name))
                    }
                    Err(error) => Err(format!("{}: {error}", self.name)),
                    Ok(_) => Ok(warnings),
                };
                Some(taken)
            }
            #[cfg(feature = "exposure")]
            Body::Real(_) => None,
            Body::Sim(_) => None,
        }
    }

    /// Gives the keys in pieces, as long as they are wanted; answers how many there were.
    pub(super) fn feed(
        &mut self,
        give: &mut dyn FnMut(&[PublishedKey]) -> bool,
    ) -> Result<u64, String> {
        match &mut self.body {
            #[cfg(feature = "exposure")]
            Body::Real(file) => {
                let read = file.keys(&mut |piece| if give(piece) { Ok(()) } else { Err(Stop) });
                read.map(|counts| counts.taken).map_err(|error| format!("{}: {error}", self.name))
            }
            Body::Sim(keys) => {
                if give(keys) {
                    Ok(u64::try_from(keys.len()).unwrap_or(u64::MAX))
                } else {
                    Err(format!("{}: matching it was broken off", self.name))
                }
            }
        }
    }
}

/// Opens the files, the first by name first. Why one is not among them stands in
/// `gathered`.
#[cfg(feature = "exposure")]
fn open_all(
    paths: &[PathBuf],
    trust: &Trust,
    wall: Wall,
    is_done: &mut dyn FnMut(FileHash) -> bool,
    gathered: &mut Gathered,
) -> Vec<(Found, Summary)> {
    let Gathered { refused, done, .. } = gathered;
    let mut found: Vec<(Found, Summary)> = Vec::new();
    let files: Vec<_> = paths.iter().flat_map(|path| files_in(path, refused)).collect();
    for path in files {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let file = match Published::open(&path, trust, wall) {
            Ok(file) => file,
            Err(error) => {
                refused.push(format!("{name}: {error}"));
                continue;
            }
        };
        let summary = file.summary().clone();
        let hash = FileHash(summary.sha256);
        if is_done(hash) {
            done.push(path);
            continue;
        }
        if found.iter().any(|(other, _)| other.hash == hash) {
            continue;
        }
        if found.len() >= FILES_AT_ONCE {
            refused.push(format!("{name}: it waits for the next time"));
            continue;
        }
        let format = summary.format.name().to_owned();
        found.push((Found { name, hash, format, body: Body::Real(Box::new(file)) }, summary));
    }
    found
}

/// The files in a folder that are whole, or the file itself. Where something in the folder is new,
/// it is looked at again after some seconds, to see that it is not still being copied.
#[cfg(feature = "exposure")]
fn files_in(path: &Path, refused: &mut Vec<String>) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let mut inbox = Inbox::new(path.to_owned());
    let mut look = inbox.look(Mono::default(), &|_| false);
    if look.as_ref().is_ok_and(|look| look.unsettled > 0) {
        // Whoever stops the task wakes the thread; what it gathered is then not matched.
        std::thread::park_timeout(QUIET);
        look = inbox.look(Mono::from_start(QUIET), &|_| false);
    }
    let look = match look {
        Ok(look) => look,
        // Nobody has laid anything there yet, or the stick is not in.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            refused.push(format!("{}: {error}", path.display()));
            return Vec::new();
        }
    };
    for (path, error) in look.refused {
        refused.push(format!("{}: {error}", path.display()));
    }
    look.ready.into_iter().map(|arrival| arrival.path).collect()
}
