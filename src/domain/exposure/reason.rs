//! Why something was looked up or handed out that is otherwise shown to nobody.

use std::fmt;

/// Characters of a reason. A sentence with the name of an office and a letter's number has about
/// a hundred.
pub const REASON_CHARS_MAX: usize = 200;

/// A reason in somebody's own words. It should name no visitor but may, so it is kept like a
/// person: apart from the chain of the book, and erased after the same time. `Debug` shows nothing
/// of it.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Reason(String);

impl Reason {
    /// The reason in what was typed, without blanks around it and control characters in it.
    ///
    /// # Errors
    /// When nothing is left, or more than [`REASON_CHARS_MAX`] characters are.
    pub fn new(typed: &str) -> Result<Self, ReasonError> {
        let plain = typed.chars().map(|c| if c.is_control() { ' ' } else { c });
        let text = plain.collect::<String>().trim().to_owned();
        match text.chars().count() {
            0 => Err(ReasonError::Empty),
            chars if chars > REASON_CHARS_MAX => Err(ReasonError::Long { chars }),
            _ => Ok(Self(text)),
        }
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reason(…)")
    }
}

/// What is wrong with a reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ReasonError {
    /// Nothing was said.
    #[error("take no reason for one: say who asked for it and why")]
    Empty,
    /// Too much was said.
    #[error("take a reason of {chars} characters: {REASON_CHARS_MAX} are the most")]
    Long {
        /// How many it has.
        chars: usize,
    },
}
