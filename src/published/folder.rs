//! Files in a folder that somebody else can write to: opened without following a link out of it,
//! and without waiting for a pipe to be written.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat, fstat, openat, statat};
use rustix::io::Errno;

use super::PublishedError;

/// Opens a regular file for reading.
pub(super) fn open_file(path: &Path) -> Result<File, PublishedError> {
    open_in(CWD, path)
}

/// Opens a regular file of a directory that is open.
pub(super) fn open_in(directory: impl AsFd, name: &Path) -> Result<File, PublishedError> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match openat(directory, name, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        // A link; a pipe or socket that nobody has open.
        Err(Errno::LOOP | Errno::NXIO) => return Err(PublishedError::NotAFile),
        Err(error) => return Err(io::Error::from(error).into()),
    };
    if State::of(&file)?.regular { Ok(file) } else { Err(PublishedError::NotAFile) }
}

/// Opens the directory itself.
pub(super) fn open_directory(path: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok(openat(CWD, path, flags, Mode::empty())?)
}

/// What tells whether a file is still the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct State {
    pub regular: bool,
    pub directory: bool,
    pub bytes: u64,
    number: u64,
    modified: (i64, i64),
}

impl State {
    /// Of a file that is open.
    pub(super) fn of(file: &File) -> io::Result<Self> {
        Ok(Self::from_stat(&fstat(file)?))
    }

    /// Of a name in a directory, itself where it is a link.
    pub(super) fn of_name(directory: impl AsFd, name: &Path) -> io::Result<Self> {
        Ok(Self::from_stat(&statat(directory, name, AtFlags::SYMLINK_NOFOLLOW)?))
    }

    fn from_stat(stat: &Stat) -> Self {
        let kind = FileType::from_raw_mode(stat.st_mode);
        Self {
            regular: kind == FileType::RegularFile,
            directory: kind == FileType::Directory,
            bytes: u64::try_from(stat.st_size).unwrap_or(0),
            number: stat.st_ino,
            modified: (stat.st_mtime, i64::try_from(stat.st_mtime_nsec).unwrap_or(0)),
        }
    }
}
