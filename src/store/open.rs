//! Coming to an open book from whatever lies on the disk: one kiosk at a time, and a damaged
//! book set aside. How long that is kept, `aside` says.
//!
//! Setting aside can be cut off by a power cut at any step:
//!
//! ```text
//! 1  what can be read goes into logbook.rescuing.db       cut off: thrown away, begun again
//! 2  that becomes logbook.rescued.db, whole and synced    cut off: step 3 is taken at next start
//! 3  logbook.db (its -wal and -shm first) becomes logbook.damaged-<unix>.db
//! 4  logbook.rescued.db becomes logbook.db
//! ```

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::aside;
use super::error::StoreError;
use super::salvage::{self, SetAside};
use super::schema;
use crate::domain::moment::Wall;

/// The files `SQLite` keeps beside a book, and the book itself last: while it lies there, the
/// work is not done.
pub(super) const PARTS: [&str; 3] = ["-wal", "-shm", ""];

/// Keeps every other kiosk out of the book. A reader such as `kiosk log` needs none.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    /// Closing it releases the lock, also when the process is killed.
    file: File,
}

impl Lock {
    /// Whether the disk refuses to be written to just now.
    pub(super) fn is_read_only(&self) -> bool {
        let refused = OpenOptions::new().write(true).open(&self.path).err();
        refused.is_some_and(|error| error.kind() == io::ErrorKind::ReadOnlyFilesystem)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A process that is being started at this moment still shares the open file; closing our
        // side alone would leave the lock with it.
        drop(self.file.unlock());
    }
}

/// Takes the lock of the book at `path`. It is a file of its own: closing a second handle of the
/// book itself would release `SQLite`'s locks.
pub(super) fn lock(path: &Path) -> Result<Lock, StoreError> {
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        fs::create_dir_all(directory)
            .map_err(|error| StoreError::disk("create", directory, error))?;
    }
    let lock = beside(path, "-lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&lock)
        .map_err(|error| StoreError::disk("create", &lock, error))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { path: lock, file }),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse { path: path.into() }),
        Err(TryLockError::Error(error)) => Err(StoreError::disk("lock", lock, error)),
    }
}

/// Whether somebody holds the lock of the book at `path`; `None` where the lock cannot be looked at.
/// For a moment it keeps a kiosk out that is being started, which then tries again.
pub(super) fn is_locked(path: &Path) -> Option<bool> {
    match File::open(beside(path, "-lock")) {
        Ok(lock) => match lock.try_lock_shared() {
            Ok(()) => Some(false),
            Err(TryLockError::WouldBlock) => Some(true),
            Err(TryLockError::Error(_)) => None,
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(false),
        Err(_) => None,
    }
}

/// Opens the book for writing and reads in it what has to be known. Where either finds damage, the
/// book is set aside and the new one is read. The caller holds the lock.
pub(super) fn open<T>(
    path: &Path,
    wall: Wall,
    read: impl Fn(&Connection) -> Result<T, StoreError>,
) -> Result<(Connection, T, Option<SetAside>), StoreError> {
    let rescued = path.with_extension("rescued.db");
    if !exists(&rescued)? {
        let book = schema::connect(path).and_then(|book| Ok((read(&book)?, book)));
        match book {
            Ok((known, book)) => return Ok((book, known, None)),
            Err(StoreError::Damaged(_)) => {}
            Err(other) => return Err(other),
        }
        let rescuing = path.with_extension("rescuing.db");
        for part in PARTS {
            remove_if_there(&beside(&rescuing, part))?;
        }
        salvage::carry_over(path, &rescuing)?;
        rename(&rescuing, &rescued)?;
    }
    let (book, aside) = put_in_place(path, &rescued, wall)?;
    let known = read(&book)?;
    Ok((book, known, Some(aside)))
}

fn put_in_place(
    path: &Path,
    rescued: &Path,
    wall: Wall,
) -> Result<(Connection, SetAside), StoreError> {
    let to = free_name(path, wall)?;
    move_book(path, &to)?;
    rename(rescued, path)?;
    let book = schema::connect(path)?;
    // What is too much is taken away again at the next opening where it cannot be now.
    drop(aside::make_room(path, &to));
    let set_aside = salvage::count(&book, to)?;
    Ok((book, set_aside))
}

/// Renames a book and what lies beside it, the book itself last.
pub(super) fn move_book(from: &Path, to: &Path) -> Result<(), StoreError> {
    for part in PARTS {
        let part_from = beside(from, part);
        if exists(&part_from)? {
            rename(&part_from, &beside(to, part))?;
        }
    }
    Ok(())
}

/// `logbook.damaged-<unix>.db`, with the first moment from `wall` on that is not taken.
pub(super) fn free_name(path: &Path, wall: Wall) -> Result<PathBuf, StoreError> {
    let mut unix = wall.0;
    loop {
        let name = aside::named(path, unix);
        if !exists(&name)? {
            return Ok(name);
        }
        unix = unix.saturating_add(1);
    }
}

/// The path with something added to its file name.
pub(super) fn beside(path: &Path, addition: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(addition);
    PathBuf::from(name)
}

fn exists(path: &Path) -> Result<bool, StoreError> {
    path.try_exists().map_err(|error| StoreError::disk("look for", path, error))
}

/// Renames within one directory, and waits until the directory says so on disk.
fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(|error| StoreError::disk("rename", from, error))?;
    sync_directory(to)
}

/// Waits until the directory of a file says on disk which names it holds.
pub(super) fn sync_directory(path: &Path) -> Result<(), StoreError> {
    let directory = directory_of(path);
    File::open(directory)
        .and_then(|directory| directory.sync_all())
        .map_err(|error| StoreError::disk("sync", directory, error))
}

/// Where a file lies.
pub(super) fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    }
}

fn remove_if_there(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::disk("remove", path, error))
        }
        _ => Ok(()),
    }
}
