//! Every limit and threshold, with its unit in the name and its sum in the comment.

use std::time::Duration;

/// A touch is awaited this long before "are you still there?" (design: 30 s).
pub const IDLE_QUESTION_AFTER: Duration = Duration::from_secs(30);

/// The question stands this long before everything typed is cleared (design: 15 s).
pub const IDLE_CLEAR_AFTER: Duration = Duration::from_secs(15);
