//! Every limit and threshold, with its unit in the name and its sum in the comment.

use std::time::Duration;

/// A touch is awaited this long before "are you still there?" (design: 30 s).
pub const IDLE_QUESTION_AFTER: Duration = Duration::from_secs(30);

/// The question stands this long before everything typed is cleared (design: 15 s).
pub const IDLE_CLEAR_AFTER: Duration = Duration::from_secs(15);

/// Characters of a name, a host, a purpose, an address or a search being typed. The line
/// of a passport that machines read holds 39 of a name (ICAO Doc 9303-4); an office or an address
/// needs more, and what is longer than this no longer fits a line of the guard's screen.
pub const TYPED_CHARS_MAX: usize = 60;

/// Characters of a number plate. The longest Vietnamese one, `80-NG-123-45` with its signs, has
/// 12; the rest is room for plates from abroad.
pub const PLATE_CHARS_MAX: usize = 15;
