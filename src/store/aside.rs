//! The damaged books that were set aside: which lie beside a book, and their end.
//!
//! A damaged file holds the persons of its time as the book does. So it goes when they would, and of
//! a card that fails again and again only the last few are kept. Setting aside is done in `open`.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::StoreError;
use super::open::{self, PARTS};
use crate::domain::moment::Wall;
use crate::domain::policy;

/// So many are kept at most; the one set aside first goes first. What could be read of each is in the
/// book that follows it.
pub const KEPT_MAX: usize = 3;

/// 2026-01-01T00:00:00Z. A clock that showed an earlier moment when a book was set aside was never
/// set: this program did not exist then.
const EARLIEST_POSSIBLE: Wall = Wall(1_767_225_600);

/// How much is written over at once.
const BLOCK: [u8; 4_096] = [0; 4_096];

/// A damaged book that was set aside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Aside {
    /// Where it lies.
    pub path: PathBuf,
    /// When it was set aside, as its name has it.
    pub at: Wall,
}

/// Those that lie beside the book at `path`, the one set aside first before the others.
///
/// # Errors
/// [`StoreError::Disk`] where the directory cannot be read.
pub fn beside(path: &Path) -> Result<Vec<Aside>, StoreError> {
    let Some(prefix) = named(path, "").file_stem().map(|stem| stem.to_string_lossy().into_owned())
    else {
        return Ok(Vec::new());
    };
    let directory = open::directory_of(path);
    let mut found = Vec::new();
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        entries => entries.map_err(|error| StoreError::disk("read", directory, error))?,
    };
    for entry in entries {
        let name = entry.map_err(|error| StoreError::disk("read", directory, error))?.file_name();
        let unix = name.to_str().and_then(|name| name.strip_prefix(&prefix)?.strip_suffix(".db"));
        if let Some(at) = unix.and_then(|unix| unix.parse().ok()).map(Wall) {
            found.push(Aside { path: directory.join(name), at });
        }
    }
    found.sort_unstable_by(|one, other| (one.at, &one.path).cmp(&(other.at, &other.path)));
    Ok(found)
}

/// The name of a book that is set aside at a moment.
pub(super) fn named(path: &Path, moment: impl std::fmt::Display) -> PathBuf {
    path.with_extension(format!("damaged-{moment}.db"))
}

/// Deletes those beyond [`KEPT_MAX`], but not the `last` one, whatever the clock said of it.
pub(super) fn make_room(path: &Path, last: &Path) -> Result<(), StoreError> {
    let mut all = beside(path)?;
    let beyond = all.len().saturating_sub(KEPT_MAX);
    all.retain(|aside| aside.path != last);
    all.iter().take(beyond).try_for_each(|aside| delete(&aside.path))
}

/// Deletes those set aside before a moment. One that cannot have been set aside when its name says,
/// because the clock was wrong, is named after `wall`, which somebody vouches for: its days begin
/// then.
pub(super) fn forget(path: &Path, before: Wall, wall: Wall) -> Result<(), StoreError> {
    for aside in beside(path)? {
        let is_ahead = aside.at.seconds_since(wall) > policy::CLOCK_AHEAD_SECONDS;
        if is_ahead || aside.at < EARLIEST_POSSIBLE {
            open::move_book(&aside.path, &open::free_name(path, wall)?)?;
        } else if aside.at < before {
            delete(&aside.path)?;
        }
    }
    Ok(())
}

/// Writes over every byte and takes the file away, and those beside it. A card that takes no writing
/// there any more still forgets the name.
fn delete(path: &Path) -> Result<(), StoreError> {
    for part in PARTS {
        let part = open::beside(path, part);
        match blank(&part) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Ok(()) | Err(_) => {}
        }
        fs::remove_file(&part).map_err(|error| StoreError::disk("remove", &part, error))?;
    }
    open::sync_directory(path)
}

fn blank(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    let mut left = file.metadata()?.len();
    while left > 0 {
        let step = usize::try_from(left).map_or(BLOCK.len(), |left| left.min(BLOCK.len()));
        file.write_all(BLOCK.get(..step).unwrap_or_default())?;
        left = left.saturating_sub(u64::try_from(step).unwrap_or(left));
    }
    file.sync_all()
}
