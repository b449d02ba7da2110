//! Which characters a line takes. On-screen keys offer little else; a keyboard that is plugged in
//! can send anything.

use unicode_normalization::char::is_combining_mark;

use crate::domain::desk::form::TypedField;

/// Marks that may follow one another on a letter. Lao needs the most: a letter below, a vowel
/// and a tone.
const MARKS_ON_A_LETTER_MAX: usize = 3;

/// Whether a line of this field may hold the character; combining marks apart, for which see
/// [`takes_mark`].
pub(super) fn accepts(field: TypedField, c: char) -> bool {
    let letter_or_space = c.is_alphabetic() || c == ' ';
    letter_or_space
        || match field {
            TypedField::Name => matches!(c, '-' | '.' | '\''),
            TypedField::Plate => is_digit(c) || matches!(c, '-' | '.'),
            TypedField::Unit
            | TypedField::Host
            | TypedField::Purpose
            | TypedField::Search
            | TypedField::Reason => is_digit(c) || matches!(c, '-' | '.' | '\'' | '/' | ','),
        }
}

/// Whether one more combining mark can stand at the end of the text: on a letter that does not
/// carry too many.
pub(super) fn takes_mark(text: &str) -> bool {
    let marks = text.chars().rev().take_while(|c| is_combining_mark(*c)).count();
    let base = text.chars().rev().find(|c| !is_combining_mark(*c));
    marks < MARKS_ON_A_LETTER_MAX && base.is_some_and(char::is_alphabetic)
}

/// Whether a character belongs to a word, so that a word begins after any other.
pub(super) fn is_of_word(c: char) -> bool {
    c.is_alphabetic() || is_combining_mark(c)
}

/// Arabic digits, and those of Lao, which stand on a Lao keyboard.
const fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '\u{ed0}'..='\u{ed9}')
}
