//! Number plates, loosely: a plate is optional information, so an odd one is written down as it
//! was typed and never turned away for its pattern.
//!
//! Vietnamese plates read `74A-123.45` (car), `74-B1 123.45` (motorcycle), `74-MĐ1 123.45`
//! (electric motorcycle); plates of the army, of diplomats and of Laos look otherwise, the last
//! in Lao letters. Nothing here knows provinces or kinds.

use unicode_normalization::char::is_combining_mark;

use super::name;
use super::policy::PLATE_CHARS_MAX;

/// Why something typed cannot be a number plate. Holds nothing of the plate.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PlateError {
    /// There is more of it than a plate holds.
    #[error(
        "read a number plate: it has {chars} characters where {PLATE_CHARS_MAX} are the most; \
         shorten it"
    )]
    TooLong {
        /// Characters there are.
        chars: usize,
    },
    /// It holds something that no plate does.
    #[error(
        "read a number plate: it holds something that is neither a letter, a digit, a hyphen, a \
         dot nor a space; take it out"
    )]
    OddSign,
}

/// The plate as it is kept and shown: capitals, NFC, single spaces; hyphens and dots as typed.
/// Empty stays empty.
///
/// # Errors
/// [`PlateError`] for a sign that no plate has, or more than [`PLATE_CHARS_MAX`] characters.
pub fn normalise(typed: &str) -> Result<String, PlateError> {
    let plate: String = name::tidy(typed).chars().map(name::capital).collect();
    if !plate.chars().all(is_plate_sign) {
        return Err(PlateError::OddSign);
    }
    match plate.chars().count() {
        chars if chars > PLATE_CHARS_MAX => Err(PlateError::TooLong { chars }),
        _ => Ok(plate),
    }
}

/// The plate as it is searched: letters and digits only, lower case, `đ` as `d`, so that
/// `74-MĐ1 123.45` is found by `74md112345`. Compare it only with another folded plate.
#[must_use]
pub fn fold(plate: &str) -> String {
    let bare: String = name::fold(plate).chars().filter(|c| c.is_alphanumeric()).collect();
    name::fold(&bare)
}

/// Whether a plate may hold it: letters of any script with their marks, digits, `-`, `.`, space.
#[must_use]
pub fn is_plate_sign(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '-' | '.' | ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_plates_are_kept() {
        for (typed, kept) in [
            ("74a-123.45", "74A-123.45"),
            (" 74-b1   123.45 ", "74-B1 123.45"),
            ("74-mđ1 123.45", "74-MĐ1 123.45"),
            ("tm 12-34", "TM 12-34"),
            ("ກຂ 1234", "ກຂ 1234"),
            ("80-NG-123-45", "80-NG-123-45"),
            ("", ""),
            ("  ", ""),
        ] {
            assert_eq!(normalise(typed), Ok(kept.to_owned()), "{typed}");
        }
    }

    #[test]
    fn only_length_and_signs_are_refused() {
        assert_eq!(normalise("74A-123.45!"), Err(PlateError::OddSign));
        assert_eq!(normalise("74A_12345"), Err(PlateError::OddSign));
        assert_eq!(normalise("1234567890123456"), Err(PlateError::TooLong { chars: 16 }));
        assert_eq!(normalise(&"A".repeat(10_000)), Err(PlateError::TooLong { chars: 10_000 }));
        assert_eq!(
            PlateError::TooLong { chars: 16 }.to_string(),
            "read a number plate: it has 16 characters where 15 are the most; shorten it"
        );
    }

    #[test]
    fn a_plate_is_found_however_it_is_dotted() {
        assert_eq!(fold("74-MĐ1 123.45"), "74md112345");
        assert_eq!(fold("74 md1-12345"), "74md112345");
        assert_eq!(fold("ກຂ 1234"), "ກຂ1234");
    }
}
