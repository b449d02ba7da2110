//! What comes of matching files of published keys against what was heard: how far it is, and what
//! each file has brought.
//!
//! The work is done by a thread of its own, at night or when it is asked for. It hands every file's
//! outcome to the reception, which has the store keep it.

use std::fmt;

use super::windows::KeyExposure;

/// Which file it was: the SHA-256 of its bytes, so that each is processed once, whatever it is
/// called and wherever it comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileHash(pub [u8; 32]);

impl fmt::Debug for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, third, fourth, ..] = self.0;
        write!(f, "FileHash({:08x}…)", u32::from_be_bytes([first, second, third, fourth]))
    }
}

/// A file that was matched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProcessedFile {
    /// Which file.
    pub hash: FileHash,
    /// Its format in words, such as `InfoF of Bluezone`.
    pub format: String,
    /// How many keys it holds; of warnings, how many are of this door.
    pub keys: u64,
    /// How many rows of what was heard they have matched; of warnings, how many are of this door.
    pub matches: u64,
}

/// What files that belong together have brought. It is kept, and they are remembered as done, at
/// once or not at all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Matched {
    /// The files; never none.
    pub files: Vec<ProcessedFile>,
    /// What follows from them; none is the usual case.
    pub exposures: Vec<KeyExposure>,
}

/// How far the work is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// Files that have been read to their end.
    pub files_done: u32,
    /// Files there are, where that is known.
    pub files: Option<u32>,
    /// Keys that have been matched so far, of all files.
    pub keys_done: u64,
}

/// What the thread that matches has to say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Matching {
    /// It is so far.
    Progress(Progress),
    /// Files were matched: what they have brought is to be kept.
    Matched(Box<Matched>),
    /// It has come to its end, or to where it could not go on.
    Ended {
        /// How far it came.
        progress: Progress,
        /// Files that were refused, each with the reason and what to do, for whoever looks after
        /// the kiosk; at most [`REFUSALS_MAX`].
        refused: Vec<String>,
    },
}

/// Refusals that are told; more in one night have one cause.
pub const REFUSALS_MAX: usize = 20;
