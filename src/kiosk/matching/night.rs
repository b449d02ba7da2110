//! The night in which published keys were last begun to be matched, in a small file beside the book:
//! whatever ends the program meanwhile, be it matching itself, it does not begin again at the next
//! start but in the next night.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::domain::moment::Wall;

/// As long as a moment in seconds may be as a number.
const BYTES_MAX: u64 = 20;

/// The night that was begun last; `None` where none was, or the file makes no sense.
pub(in crate::kiosk) fn begun(book: &Path) -> Option<Wall> {
    let mut text = String::new();
    File::open(path(book, "")).ok()?.take(BYTES_MAX).read_to_string(&mut text).ok()?;
    text.trim_end().parse().ok().map(Wall)
}

/// Writes down that a night is begun; it is on the disk when this returns.
pub(super) fn begin(book: &Path, night: Wall) -> io::Result<()> {
    if begun(book) == Some(night) {
        return Ok(());
    }
    let (new, there) = (path(book, ".tmp"), path(book, ""));
    let mut file = File::create(&new)?;
    writeln!(file, "{}", night.0)?;
    file.sync_all()?;
    fs::rename(&new, &there)?;
    match there.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        Some(directory) => File::open(directory)?.sync_all(),
        None => Ok(()),
    }
}

fn path(book: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(book);
    name.push("-night");
    name.push(end);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_is_remembered_until_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let book = folder.path().join("logbook.db");
        assert_eq!(begun(&book), None);
        for night in [Wall(1_622_598_120), Wall(-1), Wall(i64::MIN), Wall(i64::MAX)] {
            for _ in 0..2 {
                begin(&book, night).unwrap();
                assert_eq!(begun(&book), Some(night));
            }
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        fs::write(folder.path().join("logbook.db-night"), "tonight").unwrap();
        assert_eq!(begun(&book), None);
        assert!(begin(&folder.path().join("no/logbook.db"), Wall(1)).is_err());
    }
}
