//! Why a configuration will not do, in words that name the file, the line and the remedy.

use std::ops::Range;
use std::path::{Path, PathBuf};

/// No more than so many letters of a wrong line are shown.
const SHOWN_LETTERS: usize = 80;

/// Why a configuration will not do; fits after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file that was named is not there.
    #[error("read {}: there is no such file", path.display())]
    Missing {
        /// Which file.
        path: PathBuf,
    },
    /// A file is there, but cannot be read.
    #[error("read {}: {source}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Something in the file will not do.
    #[error("understand {}, line {line}, column {column}: `{shown}`: {remedy}", path.display())]
    Wrong {
        /// Which file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in letters.
        column: usize,
        /// The line itself, shortened.
        shown: String,
        /// What would do.
        remedy: String,
    },
    /// There is no home directory to look in.
    #[error(
        "find the home directory; set HOME, or name a file with --config and set path under [book] in it"
    )]
    NoHome,
}

impl ConfigError {
    /// What the TOML reader, or one of the values, has found.
    pub(super) fn from_toml(error: &toml::de::Error, text: &str, path: &Path) -> Self {
        Self::at(error.span().unwrap_or(0..0), remedy(error.message()), text, path)
    }

    /// Something wrong at these bytes of the file.
    pub(super) fn at(span: Range<usize>, remedy: String, text: &str, path: &Path) -> Self {
        let before = text.get(..span.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let shown = text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        Self::Wrong {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            shown: without_keys(shown.trim()).chars().take(SHOWN_LETTERS).collect(),
            remedy,
        }
    }
}

/// The line with what may be a secret key left out: this many hex digits in a row and more.
fn without_keys(line: &str) -> String {
    const KEY_DIGITS: usize = 16;
    let parts = line.split_inclusive(|letter: char| !letter.is_ascii_hexdigit());
    let shown = parts.map(|part| {
        let digits = part.trim_end_matches(|letter: char| !letter.is_ascii_hexdigit());
        let rest = part.strip_prefix(digits).unwrap_or_default();
        if digits.len() < KEY_DIGITS { part.to_owned() } else { format!("…{rest}") }
    });
    shown.collect()
}

/// Serde says "invalid type: …, expected …" and "unknown field `…`, expected one of …"; what the
/// TOML reader says for itself, such as "duplicate key", is kept. What was found stands in the line that is shown, so only what was expected is kept.
fn remedy(message: &str) -> String {
    let one_line = message.lines().collect::<Vec<_>>().join(" ");
    let Some((found, expected)) = one_line.split_once(", expected ") else {
        return one_line;
    };
    let expected = match expected {
        "a boolean" => "true or false",
        "a string" => "text in quotes",
        "a sequence" => "a list in [ ]",
        _ if expected.starts_with("struct ") => "a section in [ ]",
        _ => expected,
    };
    if let Some(key) = found.strip_prefix("unknown field ") {
        return format!("there is no {key} here; it must be {}", expected.replace('`', ""));
    }
    if found.starts_with("invalid ") || found.starts_with("unknown variant ") {
        return format!("this must be {}", expected.replace('`', "\""));
    }
    one_line
}
