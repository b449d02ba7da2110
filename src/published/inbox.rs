//! A folder in which somebody puts files of published keys: a USB stick, a share of the network,
//! or where what is fetched comes to lie. It lists what is new and whole; it reads none of it, and
//! changes nothing in the folder.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::Dir;
use sha2::{Digest, Sha256};

use super::PublishedError;
use super::folder::{State, open_directory, open_in};
use super::limits::FILE_BYTES_MAX;
use crate::domain::moment::Mono;

/// A file is whole when it has not changed for this long: a copy to a slow stick stalls for some
/// seconds.
pub const QUIET: Duration = Duration::from_secs(10);

/// Files that are kept in mind: an authority's hourly files of a year.
pub const FILES_MAX: usize = 10_000;

/// How the names of files end that are still being written.
const UNFINISHED: [&str; 6] = [".part", ".partial", ".tmp", ".crdownload", ".filepart", "~"];

/// A folder that is looked into.
#[derive(Debug)]
pub struct Inbox {
    folder: PathBuf,
    known: BTreeMap<OsString, Known>,
}

/// A file as it was found earlier.
#[derive(Clone, Copy, Debug)]
struct Known {
    state: State,
    since: Mono,
    sha256: Option<[u8; 32]>,
}

/// A file that is there, whole and new.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arrival {
    /// Where it lies.
    pub path: PathBuf,
    /// Its SHA-256, by which it is remembered once it is done.
    pub sha256: [u8; 32],
    /// Its length.
    pub bytes: u64,
}

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Look {
    /// Files that can be read, in the order of their names.
    pub ready: Vec<Arrival>,
    /// Files that need not be read again.
    pub done: Vec<PathBuf>,
    /// Files that are still being written, or were not there the last time.
    pub unsettled: usize,
    /// Files that can never be read, and why.
    pub refused: Vec<(PathBuf, PublishedError)>,
    /// Files beyond [`FILES_MAX`], which are not looked at: the folder wants tidying up.
    pub beyond: usize,
}

impl Inbox {
    /// The folder at `folder`; it need not be there yet.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder, known: BTreeMap::new() }
    }

    /// What there is now. A file is given when it has not changed for [`QUIET`], so nothing is at
    /// the first look; `done` says of a hash whether its file need not be given again. A file is
    /// hashed once, however often it is looked at.
    ///
    /// # Errors
    /// When the folder itself cannot be read, as when a stick was pulled out.
    pub fn look(&mut self, now: Mono, done: &dyn Fn(&[u8; 32]) -> bool) -> io::Result<Look> {
        let directory = open_directory(&self.folder)?;
        let (names, beyond) = names(&directory)?;
        let mut look = Look { beyond, ..Look::default() };
        let mut known = BTreeMap::new();
        for name in names {
            let Ok(state) = State::of_name(&directory, Path::new(&name)) else { continue };
            if state.directory || (state.regular && state.bytes == 0) {
                continue;
            }
            let path = self.folder.join(&name);
            if !state.regular {
                look.refused.push((path, PublishedError::NotAFile));
                continue;
            }
            if state.bytes > FILE_BYTES_MAX {
                look.refused.push((path, PublishedError::TooLarge { most: FILE_BYTES_MAX }));
                continue;
            }
            let before = self.known.get(&name).filter(|before| before.state == state);
            let mut file = before.copied().unwrap_or(Known { state, since: now, sha256: None });
            if file.sha256.is_none() && now.since(file.since) >= QUIET {
                match hash(&directory, Path::new(&name), state) {
                    Ok(sha256) => file.sha256 = sha256,
                    Err(error) => {
                        look.refused.push((path, error));
                        continue;
                    }
                }
            }
            match file.sha256 {
                Some(sha256) if done(&sha256) => look.done.push(path),
                Some(sha256) => look.ready.push(Arrival { path, sha256, bytes: state.bytes }),
                None => look.unsettled = look.unsettled.saturating_add(1),
            }
            known.insert(name, file);
        }
        self.known = known;
        Ok(look)
    }
}

/// The first names in a directory, in their order, and how many more there are.
fn names(directory: impl AsFd) -> io::Result<(Vec<OsString>, usize)> {
    let mut names = std::collections::BTreeSet::new();
    let mut beyond = 0_usize;
    for entry in Dir::read_from(directory)? {
        let name = OsString::from_vec(entry?.file_name().to_bytes().to_vec());
        if is_unfinished(&name) {
            continue;
        }
        names.insert(name);
        if names.len() > FILES_MAX {
            names.pop_last();
            beyond = beyond.saturating_add(1);
        }
    }
    Ok((names.into_iter().collect(), beyond))
}

/// Hidden, as many programs make a file while they write it, or named as unfinished.
fn is_unfinished(name: &OsString) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") || UNFINISHED.iter().any(|end| name.ends_with(end.as_bytes()))
}

/// The hash of a file; `None` where it was changed meanwhile.
fn hash(
    directory: impl AsFd,
    name: &Path,
    state: State,
) -> Result<Option<[u8; 32]>, PublishedError> {
    let mut file: File = open_in(directory, name)?;
    let mut sha256 = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    let mut left = state.bytes;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        let Some(less) = left.checked_sub(u64::try_from(read).unwrap_or(u64::MAX)) else {
            return Ok(None);
        };
        left = less;
        sha256.update(buffer.get(..read).unwrap_or_default());
    }
    let same = left == 0 && State::of(&file)? == state;
    Ok(same.then(|| sha256.finalize().into()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn at(seconds: u64) -> Mono {
        Mono::from_start(Duration::from_secs(seconds))
    }

    fn names(look: &Look) -> Vec<&str> {
        let name = |arrival: &Arrival| arrival.path.file_name()?.to_str().map(str::len);
        assert!(look.ready.iter().all(|arrival| name(arrival).is_some()));
        look.ready.iter().filter_map(|arrival| arrival.path.file_name()?.to_str()).collect()
    }

    #[test]
    fn a_file_is_given_once_it_has_been_quiet() {
        let folder = tempfile::tempdir().expect("a directory");
        let path = |name: &str| folder.path().join(name);
        let mut inbox = Inbox::new(folder.path().to_owned());
        let nothing = |_: &[u8; 32]| false;
        fs::write(path("b.zip"), "whole").expect("written");
        fs::write(path("a.zip"), "ha").expect("written");
        for name in [".c.zip", "d.zip.part", "e~", "f.zip.tmp"] {
            fs::write(path(name), "x").expect("written");
        }
        fs::write(path("empty"), "").expect("written");
        fs::create_dir(path("folder")).expect("made");
        let look = inbox.look(at(0), &nothing).expect("it is there");
        assert_eq!((look.ready.len(), look.unsettled, look.refused.len()), (0, 2, 0));
        fs::write(path("a.zip"), "half").expect("written");
        let look = inbox.look(at(10), &nothing).expect("it is there");
        assert_eq!((names(&look), look.unsettled), (vec!["b.zip"], 1));
        assert_eq!(look.ready[0].bytes, 5);
        assert_eq!(look.ready[0].sha256, <[u8; 32]>::from(Sha256::digest("whole")));
        let look = inbox.look(at(20), &nothing).expect("it is there");
        assert_eq!(names(&look), ["a.zip", "b.zip"]);
        let whole: [u8; 32] = Sha256::digest("whole").into();
        let look = inbox.look(at(21), &|sha256| *sha256 == whole).expect("it is there");
        assert_eq!((names(&look), &*look.done), (vec!["a.zip"], &[path("b.zip")][..]));
        // The same name, another file.
        fs::remove_file(path("b.zip")).expect("removed");
        fs::write(path("b.zip"), "other").expect("written");
        assert_eq!(names(&inbox.look(at(22), &nothing).expect("it is there")), ["a.zip"]);
        assert_eq!(names(&inbox.look(at(32), &nothing).expect("it is there")), ["a.zip", "b.zip"]);
    }

    #[test]
    fn nothing_leads_out_of_the_folder() {
        let outside = tempfile::tempdir().expect("a directory");
        fs::write(outside.path().join("secret"), "secret").expect("written");
        let folder = tempfile::tempdir().expect("a directory");
        symlink(outside.path().join("secret"), folder.path().join("link")).expect("linked");
        let pipe = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).expect("made");
        let mut inbox = Inbox::new(folder.path().to_owned());
        for seconds in [0, 10] {
            let look = inbox.look(at(seconds), &|_| false).expect("it is there");
            assert_eq!((look.ready.len(), look.refused.len()), (0, 2));
        }
        for name in ["link", "pipe"] {
            let error = super::super::folder::open_file(&folder.path().join(name));
            assert!(matches!(error, Err(PublishedError::NotAFile)), "{name}");
        }
        let directory = super::super::folder::open_file(folder.path());
        assert!(matches!(directory, Err(PublishedError::NotAFile)));
    }

    #[test]
    fn a_large_file_is_refused_unread_and_a_missing_folder_is_an_error() {
        let folder = tempfile::tempdir().expect("a directory");
        let file = File::create(folder.path().join("large")).expect("made");
        file.set_len(FILE_BYTES_MAX + 1).expect("it has holes");
        let mut inbox = Inbox::new(folder.path().to_owned());
        let look = inbox.look(at(0), &|_| false).expect("it is there");
        assert!(matches!(look.refused[..], [(_, PublishedError::TooLarge { .. })]));
        let mut gone = Inbox::new(folder.path().join("gone"));
        assert!(gone.look(at(0), &|_| false).is_err());
    }
}
