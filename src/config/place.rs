//! Where configuration and logbook lie when nothing is said. The appliance, which is the program
//! built with the feature `pi`, has one place for the whole machine; any other program keeps to
//! the home directory of whoever runs it, as the XDG base directory specification says.

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::ConfigError;

/// A configuration is read up to this size; the commented sample has a tenth of it.
const LARGEST_FILE_BYTES: u64 = 64 * 1024;

/// The configuration that is read when none is named.
///
/// # Errors
/// [`ConfigError::NoHome`] if there is no home directory.
pub fn default_file() -> Result<PathBuf, ConfigError> {
    if cfg!(feature = "pi") {
        return Ok(PathBuf::from("/etc/kiosk/kiosk.toml"));
    }
    in_home(Directory::Config).map(|directory| directory.join("kiosk").join("kiosk.toml"))
}

/// The logbook that is kept when none is set.
pub(super) fn default_book() -> Result<PathBuf, ConfigError> {
    if cfg!(feature = "pi") {
        return Ok(PathBuf::from("/var/lib/kiosk/logbook.db"));
    }
    in_home(Directory::Data).map(|directory| directory.join("kiosk").join("logbook.db"))
}

/// Whether somebody has a desktop on which a window can be opened.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the configuration is the reader of the environment")]
pub fn has_window_system() -> bool {
    ["WAYLAND_DISPLAY", "DISPLAY"]
        .iter()
        .any(|name| std::env::var(name).is_ok_and(|v| !v.is_empty()))
}

/// Said of a file in another encoding, or of none at all.
const NO_TEXT: &str = "this is no text in UTF-8: save it as such";

/// The text of a file, or `None` where there is none.
pub(super) fn read(path: &Path) -> Result<Option<String>, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let mut text = String::new();
    let read = file.take(LARGEST_FILE_BYTES + 1).read_to_string(&mut text);
    let read = read.map_err(|error| {
        let is_no_text = error.kind() == ErrorKind::InvalidData;
        unreadable(if is_no_text { std::io::Error::new(error.kind(), NO_TEXT) } else { error })
    })?;
    if u64::try_from(read).unwrap_or(u64::MAX) > LARGEST_FILE_BYTES {
        let kibibytes = LARGEST_FILE_BYTES / 1024;
        let message = format!("it has more than {kibibytes} KiB; this is no configuration");
        return Err(unreadable(std::io::Error::new(ErrorKind::FileTooLarge, message)));
    }
    Ok(Some(text))
}

#[derive(Clone, Copy)]
enum Directory {
    Config,
    Data,
}

fn in_home(directory: Directory) -> Result<PathBuf, ConfigError> {
    use etcetera::BaseStrategy;
    let home = etcetera::base_strategy::Xdg::new().map_err(|_| ConfigError::NoHome)?;
    Ok(match directory {
        Directory::Config => home.config_dir(),
        Directory::Data => home.data_dir(),
    })
}
