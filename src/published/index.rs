//! The list of files on a server of Exposure Notification (`index.txt`): one relative path a line,
//! the oldest first. It comes from outside, so a path may only lead further down, and everything
//! else refuses the whole list.

use sha2::{Digest, Sha256};

/// Bytes of a list: as many lines as are kept, each of some hundred letters.
pub(super) const INDEX_BYTES_MAX: u64 = 512 << 10;

/// Lines of a list: two weeks of batches every quarter of an hour.
const LINES_MAX: usize = 2_000;

/// Letters of a path. What a file is called here has eight more, and no file system takes over 255.
const PATH_LETTERS_MAX: usize = 200;

/// Why a list is not used; fits after the address and a colon.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum IndexError {
    /// A line is not a path that leads down.
    #[error("line {line} is no relative path of letters, digits and . _ - /")]
    Line {
        /// Counted from 1.
        line: usize,
    },
    /// It has too many lines.
    #[error("it has more than {LINES_MAX} lines")]
    TooMany,
}

/// The paths that a list names, each once.
pub(super) fn paths(text: &[u8]) -> Result<Vec<String>, IndexError> {
    let mut paths: Vec<String> = vec![];
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        let path = path(line).ok_or(IndexError::Line { line: index + 1 })?;
        if paths.len() == LINES_MAX {
            return Err(IndexError::TooMany);
        }
        paths.push(path);
    }
    let mut known = std::collections::HashSet::new();
    paths.retain(|path| known.insert(path.clone()));
    Ok(paths)
}

fn path(line: &[u8]) -> Option<String> {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-/".contains(byte);
    let text = std::str::from_utf8(line).ok()?;
    let fits = line.len() <= PATH_LETTERS_MAX && line.iter().all(plain);
    let leads_down = text.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
    (fits && leads_down).then(|| text.to_owned())
}

/// What the file of a path is called here; a hash at its end keeps two paths from having one name.
/// Names are in the order of the paths.
pub(super) fn file_name(path: &str) -> String {
    let hash: [u8; 32] = Sha256::digest(path).into();
    let [first, second, third, fourth, ..] = hash;
    let hash = u32::from_be_bytes([first, second, third, fourth]);
    format!("{}{hash:08x}", path.replace('/', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_down() {
        let text = b"452/1-2-00001.zip\r\n\n452/3_4-00001.zip\n452/1-2-00001.zip\nplain";
        let known = ["452/1-2-00001.zip", "452/3_4-00001.zip", "plain"];
        assert_eq!(paths(text).expect("they do"), known);
        assert_eq!(paths(b"").expect("it is empty"), Vec::<String>::new());
        for line in [
            "../secret",
            "a/../b",
            "/etc/passwd",
            "a//b",
            "a/",
            "./a",
            ".hidden",
            "https://other.example/a.zip",
            "//other.example/a.zip",
            "a?b",
            "a#b",
            "a%2e%2e/b",
            "a\\b",
            "a b",
            "a\tb",
            "\u{e9}",
            "@host/a",
        ] {
            let text = format!("good.zip\n{line}\n");
            assert_eq!(paths(text.as_bytes()), Err(IndexError::Line { line: 2 }), "{line}");
        }
        let long = "a".repeat(201);
        assert_eq!(paths(long.as_bytes()), Err(IndexError::Line { line: 1 }));
        let many: String = "line\n".repeat(2_001);
        assert_eq!(paths(many.as_bytes()), Err(IndexError::TooMany));
    }

    #[test]
    fn no_two_paths_have_one_name() {
        let [first, second] = ["a/b", "a_b"].map(file_name);
        assert_ne!(first, second);
        assert!(first.starts_with("a_b") && first.len() == 11);
    }
}
