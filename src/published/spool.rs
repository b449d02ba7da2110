//! Where what is fetched comes to lie, in a directory of the kiosk's own:
//!
//! ```text
//! index.txt, index.etag      the server's list as it was last
//! parts/NAME, NAME.etag      a file that has come in part
//! files/NAME                 a file that is whole; empty once it is done
//! ```
//!
//! An empty file stays as long as the server lists it, so that it is not fetched again.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::index::{INDEX_BYTES_MAX, file_name};

/// Bytes of a server's mark of a version that are kept.
const ETAG_BYTES_MAX: u64 = 256;

/// The directory.
#[derive(Clone, Debug)]
pub(super) struct Spool {
    root: PathBuf,
}

impl Spool {
    /// Makes what is missing of it.
    pub(super) fn open(root: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(root.join("parts"))?;
        fs::create_dir_all(root.join("files"))?;
        Ok(Self { root })
    }

    /// Where the whole files lie.
    pub(super) fn files(&self) -> PathBuf {
        self.root.join("files")
    }

    /// The list as it was last, and its mark.
    pub(super) fn index(&self) -> io::Result<Option<(Vec<u8>, String)>> {
        let etag = self.root.join("index.etag");
        match (short(&self.root.join("index.txt"), INDEX_BYTES_MAX)?, short(&etag, ETAG_BYTES_MAX)?)
        {
            (Some(text), Some(etag)) => Ok(String::from_utf8(etag).ok().map(|etag| (text, etag))),
            _ => Ok(None),
        }
    }

    /// Keeps a list. Its mark is written last, so that a mark never stands beside another list.
    pub(super) fn keep_index(&self, text: &[u8], etag: Option<&str>) -> io::Result<()> {
        remove(&self.root.join("index.etag"))?;
        fs::write(self.root.join("index.txt"), text)?;
        match etag {
            Some(etag) => fs::write(self.root.join("index.etag"), etag),
            None => Ok(()),
        }
    }

    /// Whether the file of that path has been fetched.
    pub(super) fn has(&self, path: &str) -> bool {
        self.files().join(file_name(path)).exists()
    }

    /// What there is in part of the file of that path: its length, and the mark of its version.
    pub(super) fn part(&self, path: &str) -> io::Result<Option<(u64, String)>> {
        let (part, etag) = self.part_paths(path);
        let Some(etag) = short(&etag, ETAG_BYTES_MAX)? else { return Ok(None) };
        match fs::metadata(part) {
            Ok(found) if found.len() > 0 => {
                Ok(String::from_utf8(etag).ok().map(|etag| (found.len(), etag)))
            }
            _ => Ok(None),
        }
    }

    /// Begins a file anew.
    pub(super) fn begin(&self, path: &str, etag: Option<&str>) -> io::Result<File> {
        let (part, mark) = self.part_paths(path);
        remove(&mark)?;
        let file = File::create(part)?;
        if let Some(etag) = etag {
            fs::write(mark, etag)?;
        }
        Ok(file)
    }

    /// Goes on with a file.
    pub(super) fn go_on(&self, path: &str) -> io::Result<File> {
        File::options().append(true).open(self.part_paths(path).0)
    }

    /// Throws away what there is in part.
    pub(super) fn forget_part(&self, path: &str) -> io::Result<()> {
        let (part, etag) = self.part_paths(path);
        remove(&etag)?;
        remove(&part)
    }

    /// The file is whole and on the disk.
    pub(super) fn complete(&self, path: &str, file: &File) -> io::Result<()> {
        file.sync_all()?;
        let (part, etag) = self.part_paths(path);
        fs::rename(part, self.files().join(file_name(path)))?;
        remove(&etag)
    }

    /// Bytes of all files, whole or not.
    pub(super) fn bytes(&self) -> io::Result<u64> {
        let mut bytes = 0_u64;
        for directory in ["parts", "files"] {
            for entry in fs::read_dir(self.root.join(directory))? {
                bytes = bytes.saturating_add(entry?.metadata().map_or(0, |found| found.len()));
            }
        }
        Ok(bytes)
    }

    /// Removes the marks of files that are done and no longer listed, and what came in part of
    /// files that are no longer listed.
    pub(super) fn tidy(&self, paths: &[String]) -> io::Result<()> {
        let listed: std::collections::HashSet<String> =
            paths.iter().map(|path| file_name(path)).collect();
        for entry in fs::read_dir(self.files())? {
            let entry = entry?;
            let is_done = entry.metadata().is_ok_and(|found| found.len() == 0);
            if is_done && !entry.file_name().to_str().is_some_and(|name| listed.contains(name)) {
                remove(&entry.path())?;
            }
        }
        for entry in fs::read_dir(self.root.join("parts"))? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_str().map(|name| name.strip_suffix(".etag").unwrap_or(name));
            if !name.is_some_and(|name| listed.contains(name)) {
                remove(&entry.path())?;
            }
        }
        Ok(())
    }

    fn part_paths(&self, path: &str) -> (PathBuf, PathBuf) {
        let name = file_name(path);
        let parts = self.root.join("parts");
        (parts.join(&name), parts.join(format!("{name}.etag")))
    }
}

/// A short file, if it is there.
fn short(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = vec![];
    file.take(most).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
