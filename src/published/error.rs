//! Why a file of published keys is refused, in words that name its fault and the remedy. They fit
//! after the file's name and a colon. No key stands in them.

use std::io::{self, ErrorKind};

use zip::result::ZipError;

use super::limits::{BATCH_PARTS_MAX, FILE_BYTES_MAX, KEYS_MAX, NAME_LETTERS_MAX};

/// Why a file is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishedError {
    /// It cannot be read.
    #[error("it cannot be read ({0}): check the medium, and copy the file again")]
    Io(#[source] io::Error),
    /// A directory, a pipe, a device or a link.
    #[error("it is no file of its own: copy the file itself here, not a link to it")]
    NotAFile,
    /// It is larger than such a file may be.
    #[error("it has more than {} MiB, which no such file has: fetch it again", most / (1 << 20))]
    TooLarge {
        /// The most bytes that are read of such a file.
        most: u64,
    },
    /// Its parts inflate to more than anybody publishes.
    #[error(
        "it inflates to more than {} MiB, which no such file does: it was not made by an authority",
        FILE_BYTES_MAX / (1 << 20)
    )]
    Inflates,
    /// Nothing in it says what it is.
    #[error(
        "what it holds is not known: exports of Exposure Notification (zip), InfoF of Bluezone, lists \
         of DP-3T, matching keys of Herald and warnings of the Corona-Warn-App are"
    )]
    UnknownFormat,
    /// The archive is damaged, or of a kind that is not used here.
    #[error("its archive cannot be read ({reason}): fetch it again")]
    Archive {
        /// What is wrong with it.
        reason: String,
    },
    /// The archive has other parts.
    #[error("its archive must hold export.bin and export.sig, each once and nothing else")]
    Entries,
    /// It is an export without its signatures.
    #[error("it is not signed: fetch the archive (zip) that the authority publishes")]
    Unsigned,
    /// None of the keys it is signed with is known.
    #[error(
        "it is signed with key \"{id}\", version \"{version}\", which is not known here: where it is the \
         authority's, add it to authorities under [exposure]"
    )]
    UnknownSigner {
        /// The key's id.
        id: String,
        /// The key's version.
        version: String,
    },
    /// A signature of a known key does not fit.
    #[error(
        "its signature by key \"{id}\", version \"{version}\", is wrong: it was changed after it was \
         signed, or the public key under [exposure] is another one's"
    )]
    WrongSignature {
        /// The key's id.
        id: String,
        /// The key's version.
        version: String,
    },
    /// It is signed by more or fewer than it says.
    #[error("it names {named} signers and has {found} signatures: fetch it again")]
    SignatureCount {
        /// How many signers it names.
        named: usize,
        /// How many signatures there are.
        found: usize,
    },
    /// It is signed in a way that is not known.
    #[error("it is signed with \"{algorithm}\": ECDSA with SHA-256 or SHA-512 is known")]
    Algorithm {
        /// What the file calls it.
        algorithm: String,
    },
    /// It ends too early.
    #[error("it breaks off: fetch it again")]
    CutShort,
    /// It is not built as its kind is.
    #[error("{what} in it is not as it must be: fetch it again")]
    Malformed {
        /// Which part.
        what: &'static str,
    },
    /// Its text is not what it should be.
    #[error("its text is wrong in line {line}, column {column}: {reason}")]
    Text {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// What is wrong.
        reason: &'static str,
    },
    /// It has more entries than anybody publishes.
    #[error("it has more than {KEYS_MAX} entries, which no authority publishes at once")]
    TooMany,
    /// Its number in a batch makes no sense.
    #[error("it says it is part {part} of {parts}: there can be 1 to {BATCH_PARTS_MAX}")]
    Batch {
        /// Which part.
        part: i64,
        /// Of how many.
        parts: i64,
    },
    /// It says that it was published after the time that it is here.
    #[error(
        "it is of days to come: set the kiosk's clock; if that is right, ask the authority. It is \
         looked at again the next time"
    )]
    Ahead,
    /// Somebody wrote to it meanwhile.
    #[error("it was changed while it was read: leave it alone until it is done")]
    Changed,
    /// Whoever took the keys asked for an end.
    #[error("reading it was broken off: it is read again from its beginning the next time")]
    Stopped,
}

impl From<io::Error> for PublishedError {
    /// What the limits, the inflating and the check sum of an archive say comes as an error of
    /// input.
    fn from(error: io::Error) -> Self {
        let kind = error.kind();
        if kind == ErrorKind::FileTooLarge {
            Self::Inflates
        } else if kind == ErrorKind::UnexpectedEof {
            Self::CutShort
        } else if matches!(kind, ErrorKind::InvalidData | ErrorKind::InvalidInput) {
            Self::Archive { reason: shown(&error.to_string()) }
        } else {
            Self::Io(error)
        }
    }
}

impl From<ZipError> for PublishedError {
    fn from(error: ZipError) -> Self {
        if let ZipError::Io(error) = error {
            return error.into();
        }
        Self::Archive { reason: shown(&error.to_string()) }
    }
}

/// What a stranger's file calls something, fit to be shown: short, and without signs that steer a
/// terminal.
pub(super) fn shown(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '?' };
    text.chars().take(NAME_LETTERS_MAX).map(plain).collect()
}
