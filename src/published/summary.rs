//! What is said of a file of published keys: what it is, and what was handed out of it.

use super::PublishedError;
use super::limits::BATCH_PARTS_MAX;
use crate::domain::moment::Wall;

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Format {
    /// Exposure Notification's export.
    GaenExport,
    /// Bluezone's `InfoF`.
    Bluezone,
    /// DP-3T's list of the exposed.
    Dp3tList,
    /// Herald's matching keys.
    Herald,
    /// The Corona-Warn-App's package of warnings.
    CwaWarnings,
}

impl Format {
    /// What it is called in a message.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GaenExport => "export of Exposure Notification",
            Self::Bluezone => "InfoF of Bluezone",
            Self::Dp3tList => "list of DP-3T",
            Self::Herald => "matching keys of Herald",
            Self::CwaWarnings => "warnings of the Corona-Warn-App",
        }
    }
}

/// Which part of a batch a file is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Batch {
    /// Which part, from 1.
    pub part: u32,
    /// Of how many.
    pub parts: u32,
}

impl Batch {
    /// A batch of one file.
    pub const WHOLE: Self = Self { part: 1, parts: 1 };

    pub(super) fn new(part: i64, parts: i64) -> Result<Self, PublishedError> {
        let batch = u32::try_from(part).ok().zip(u32::try_from(parts).ok());
        let batch =
            batch.filter(|(part, parts)| (1..=*parts).contains(part) && *parts <= BATCH_PARTS_MAX);
        let (part, parts) = batch.ok_or(PublishedError::Batch { part, parts })?;
        Ok(Self { part, parts })
    }
}

/// What a file says of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Summary {
    /// The SHA-256 of the file.
    pub sha256: [u8; 32],
    /// What it is.
    pub format: Format,
    /// Whether somebody who is trusted has signed it.
    pub signed: bool,
    /// Its place in its batch.
    pub batch: Batch,
    /// The region it is for; empty where it does not say.
    pub region: String,
    /// From when to when what it holds came in; zero where it does not say.
    pub span: (Wall, Wall),
    /// What was handed out of it; zero until then.
    pub counts: Counts,
}

impl Summary {
    /// Of a file that says nothing of itself.
    pub(super) const fn of(sha256: [u8; 32], format: Format) -> Self {
        Self {
            sha256,
            format,
            signed: false,
            batch: Batch::WHOLE,
            region: String::new(),
            span: (Wall(0), Wall(0)),
            counts: Counts { taken: 0, revised: 0, skipped: 0 },
        }
    }
}

/// What was handed out of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Keys, or warnings of this place.
    pub taken: u64,
    /// How many of them replace what was published earlier, or take it back.
    pub revised: u64,
    /// Keys from which no ids follow, and warnings that are forged.
    pub skipped: u64,
}
