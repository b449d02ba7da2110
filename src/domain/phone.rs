//! Phone numbers as they are typed at a desk, brought into the one spelling the book keeps.
//!
//! A number is checked for its shape, never for whether somebody answers. Short service numbers
//! (113, 1900 …) are refused: nobody is reached at them.
//!
//! | typed | kept |
//! |---|---|
//! | 0912 345 678, 0912.345.678, +84 912 345 678, 0084912345678 | 0912345678 |
//! | 0233 3852 000 | 02333852000 |
//! | +856 20 5512 3456, 00856 20 5512 3456 | 008562055123456 |

use std::fmt;

/// Digits of a mobile number with its leading 0. Mobile numbers have had ten digits since the
/// eleven-digit ones were converted in 2018 (Decision 798/QĐ-BTTTT).
const MOBILE_DIGITS: usize = 10;

/// Digits of a landline number with its leading 02. The area codes were made over to this length
/// in 2017 (Decision 2036/QĐ-BTTTT).
const LANDLINE_DIGITS: usize = 11;

/// The fewest digits of a number abroad, country code included. E.164 sets no lower limit; the
/// shortest subscriber numbers in use (five digits, small islands) with a country code of three.
const FOREIGN_DIGITS_MIN: usize = 8;

/// The most digits of a number abroad, country code included (ITU-T E.164).
const FOREIGN_DIGITS_MAX: usize = 15;

/// The country code of Viet Nam (ITU-T E.164 list).
const VIET_NAM: &str = "84";

/// A phone number of the right shape, digits only. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

/// What keeps something typed from being a phone number. Holds nothing of the number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PhoneError {
    /// There are no digits at all.
    #[error("read a phone number: nothing was typed; type ten digits, beginning with 0")]
    Empty,
    /// Something else than digits, spaces, dots, hyphens, brackets and a leading plus sign.
    #[error("read a phone number: it holds something that is not a digit; type digits only")]
    NotADigit,
    /// It begins neither with 0 nor with a plus sign.
    #[error("read a phone number: it does not begin with 0; type the 0 first, or 00 for abroad")]
    NoLeadingZero,
    /// No Vietnamese number begins this way.
    #[error("read a phone number: it begins with neither 02, 03, 05, 07, 08, 09 nor 00; check it")]
    UnknownPrefix,
    /// The number of digits is not that of its kind.
    #[error("read a phone number: it has {digits} digits where {wanted} are needed; check it")]
    Length {
        /// Digits there are, with the leading 0.
        digits: usize,
        /// Digits there should be.
        wanted: usize,
    },
    /// The number of digits after 00 or the plus sign cannot be that of a number abroad.
    #[error(
        "read a phone number: it has {digits} digits after the 00 where {min} to {max} are \
         needed; check it",
        min = FOREIGN_DIGITS_MIN, max = FOREIGN_DIGITS_MAX
    )]
    ForeignLength {
        /// Digits there are, without the 00.
        digits: usize,
    },
}

impl Phone {
    /// Reads a number as typed.
    ///
    /// # Errors
    /// [`PhoneError`], which says what to do about it.
    pub fn parse(typed: &str) -> Result<Self, PhoneError> {
        let typed = typed.trim();
        let abroad = typed.strip_prefix('+');
        let digits = digits_of(abroad.unwrap_or(typed))?;
        match abroad.map(|_| digits.as_str()).or_else(|| digits.strip_prefix("00")) {
            Some(international) => from_international(international),
            None => from_national(&digits),
        }
    }

    /// The digits: a Vietnamese number with its leading 0, a number abroad with a leading 00.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The digits, to be kept.
    #[must_use]
    pub fn into_digits(self) -> String {
        self.0
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

/// The digits without what people put between them.
fn digits_of(typed: &str) -> Result<String, PhoneError> {
    let mut digits = String::new();
    for c in typed.chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '\u{a0}' | '.' | '-' | '(' | ')' => {}
            _ => return Err(PhoneError::NotADigit),
        }
    }
    if digits.is_empty() { Err(PhoneError::Empty) } else { Ok(digits) }
}

/// Digits that begin with a country code.
fn from_international(digits: &str) -> Result<Phone, PhoneError> {
    if let Some(national) = digits.strip_prefix(VIET_NAM) {
        // Many write the 0 as well: +84 (0)912 345 678.
        return from_national(&format!("0{}", national.strip_prefix('0').unwrap_or(national)));
    }
    // No country code begins with 0 (list of the codes assigned under ITU-T E.164).
    if digits.starts_with('0') {
        return Err(PhoneError::UnknownPrefix);
    }
    let count = digits.len();
    if !(FOREIGN_DIGITS_MIN..=FOREIGN_DIGITS_MAX).contains(&count) {
        return Err(PhoneError::ForeignLength { digits: count });
    }
    Ok(Phone(format!("00{digits}")))
}

/// Digits that begin with the trunk prefix 0.
fn from_national(digits: &str) -> Result<Phone, PhoneError> {
    let mut leading = digits.chars();
    if leading.next() != Some('0') {
        return Err(PhoneError::NoLeadingZero);
    }
    let wanted = match leading.next() {
        Some('2') => LANDLINE_DIGITS,
        Some('3' | '5' | '7' | '8' | '9') | None => MOBILE_DIGITS,
        Some(_) => return Err(PhoneError::UnknownPrefix),
    };
    if digits.len() != wanted {
        return Err(PhoneError::Length { digits: digits.len(), wanted });
    }
    Ok(Phone(digits.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_spelling() {
        for (typed, kept) in [
            ("0912345678", "0912345678"),
            (" 0912 345 678 ", "0912345678"),
            ("0912.345.678", "0912345678"),
            ("0912-345-678", "0912345678"),
            ("+84912345678", "0912345678"),
            ("+84 (0)912 345 678", "0912345678"),
            ("0084 912 345 678", "0912345678"),
            ("0312345678", "0312345678"),
            ("0512345678", "0512345678"),
            ("0712345678", "0712345678"),
            ("0812345678", "0812345678"),
            ("0233 3852 000", "02333852000"),
            ("+84 24 3852 0000", "02438520000"),
            ("+856 20 5512 3456", "008562055123456"),
            ("00856 20 5512 3456", "008562055123456"),
            ("+29012345", "0029012345"),
            ("+123456789012345", "00123456789012345"),
        ] {
            assert_eq!(Phone::parse(typed).map(Phone::into_digits), Ok(kept.to_owned()), "{typed}");
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (typed, error) in [
            ("", PhoneError::Empty),
            ("+", PhoneError::Empty),
            (" - ", PhoneError::Empty),
            ("091234567x", PhoneError::NotADigit),
            ("0912+345678", PhoneError::NotADigit),
            ("٠٩١٢٣٤٥٦٧٨", PhoneError::NotADigit),
            ("912345678", PhoneError::NoLeadingZero),
            ("84912345678", PhoneError::NoLeadingZero),
            ("0", PhoneError::Length { digits: 1, wanted: 10 }),
            ("+84", PhoneError::Length { digits: 1, wanted: 10 }),
            ("091234567", PhoneError::Length { digits: 9, wanted: 10 }),
            ("09123456789", PhoneError::Length { digits: 11, wanted: 10 }),
            ("0233385200", PhoneError::Length { digits: 10, wanted: 11 }),
            ("0112345678", PhoneError::UnknownPrefix),
            ("0612345678", PhoneError::UnknownPrefix),
            ("0412345678", PhoneError::UnknownPrefix),
            ("000 12 345 678", PhoneError::UnknownPrefix),
            ("00", PhoneError::ForeignLength { digits: 0 }),
            ("+8562055", PhoneError::ForeignLength { digits: 7 }),
            ("+1234567890123456", PhoneError::ForeignLength { digits: 16 }),
        ] {
            assert_eq!(Phone::parse(typed), Err(error), "{typed}");
        }
        let long = "0".repeat(10_000);
        assert_eq!(Phone::parse(&long), Err(PhoneError::UnknownPrefix));
    }

    #[test]
    fn errors_say_what_to_do() {
        assert_eq!(
            Phone::parse("091234567").unwrap_err().to_string(),
            "read a phone number: it has 9 digits where 10 are needed; check it"
        );
        assert_eq!(
            Phone::parse("+8562055").unwrap_err().to_string(),
            "read a phone number: it has 7 digits after the 00 where 8 to 15 are needed; check it"
        );
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Phone::parse("0912345678")), "Ok(Phone(…))");
    }
}
