//! Files in a folder that somebody else can write to: opened without following a link out of it,
//! and without waiting for a pipe to be written.

use std::fs::File;
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, OFlags, fstat, openat};

use super::PublishedError;

/// Opens a regular file for reading.
pub(super) fn open_file(path: &Path) -> Result<File, PublishedError> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match openat(CWD, path, flags, Mode::empty()) {
        Ok(file) => file,
        Err(rustix::io::Errno::LOOP | rustix::io::Errno::NXIO) => {
            return Err(PublishedError::NotAFile);
        }
        Err(error) => return Err(std::io::Error::from(error).into()),
    };
    let status = fstat(&file).map_err(std::io::Error::from)?;
    if FileType::from_raw_mode(status.st_mode) == FileType::RegularFile {
        Ok(File::from(file))
    } else {
        Err(PublishedError::NotAFile)
    }
}
