//! Where files of published keys come from: folders, or nowhere, with keys that are ready. What
//! lies in a folder is [`super::files`]' business.

use std::fmt;
use std::path::PathBuf;

#[cfg(feature = "exposure")]
use super::files::{self, Listed};
use crate::domain::exposure::matched::{FileHash, ProcessedFile};
use crate::domain::exposure::published::PublishedKey;
use crate::domain::moment::Wall;
use crate::domain::venue::LocationId;
use crate::domain::venue::warning::Warning;
#[cfg(feature = "exposure")]
use crate::published::{Trust, fetch::Settler};

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
    pub(super) body: Body,
}

pub(super) enum Body {
    #[cfg(feature = "exposure")]
    Real(Box<Listed>),
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

    /// The files there are, but for those of which `is_done` says that they were processed; as many
    /// as it has come to when `goes_on` says no.
    #[cfg_attr(
        not(feature = "exposure"),
        expect(unused_variables, reason = "simulated files have no date and take no time")
    )]
    pub(super) fn gather(
        &self,
        wall: Wall,
        is_done: &mut dyn FnMut(FileHash) -> bool,
        goes_on: &dyn Fn() -> bool,
    ) -> Gathered {
        match self {
            #[cfg(feature = "exposure")]
            Self::Files { paths, trust, .. } => files::gather(paths, trust, wall, is_done, goes_on),
            Self::Sim(files) => {
                let mut gathered = Gathered::default();
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
                gathered
            }
        }
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
        let Self { name, body, .. } = self;
        match body {
            #[cfg(feature = "exposure")]
            Body::Real(file) => {
                let read = file.warnings(places)?;
                Some(read.map_err(|error| format!("{name}: {error}")))
            }
            Body::Sim(_) => None,
        }
    }

    /// Gives the keys in pieces, as long as they are wanted, from the first on each time; answers
    /// how many there were.
    pub(super) fn feed(
        &mut self,
        give: &mut dyn FnMut(&[PublishedKey]) -> bool,
    ) -> Result<u64, String> {
        let Self { name, body, .. } = self;
        match body {
            #[cfg(feature = "exposure")]
            Body::Real(file) => file.feed(give).map_err(|error| format!("{name}: {error}")),
            Body::Sim(keys) => {
                if give(keys) {
                    Ok(u64::try_from(keys.len()).unwrap_or(u64::MAX))
                } else {
                    Err(format!("{name}: matching it was broken off"))
                }
            }
        }
    }
}
