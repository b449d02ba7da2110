//! Hex digits as people paste them: with or without spaces, colons, line ends and `0x`. An error
//! points at the place.

/// The bytes that `text` spells, at most `most` of them.
///
/// # Errors
///
/// When it holds something else, half a byte, nothing, or too much.
pub(super) fn parse(text: &str, most: usize) -> Result<Vec<u8>, HexError> {
    let mut bytes = Vec::new();
    let mut half: Option<u32> = None;
    let mut begins = true;
    let mut places = text.chars().enumerate().peekable();
    while let Some((place, character)) = places.next() {
        if character.is_whitespace() || character == ':' {
            if half.take().is_some() {
                return Err(HexError::half_byte(text, place.saturating_sub(1)));
            }
            begins = true;
        } else if begins
            && character == '0'
            && places.next_if(|(_, next)| matches!(next, 'x' | 'X')).is_some()
        {
            begins = false;
        } else if let Some(digit) = character.to_digit(16) {
            begins = false;
            half = if let Some(high) = half {
                bytes.extend(u8::try_from(high * 16 + digit));
                None
            } else {
                Some(digit)
            };
        } else {
            return Err(HexError::character(text, place, character));
        }
    }
    match (half, bytes.len()) {
        (Some(_), _) => Err(HexError::half_byte(text, text.trim_end().chars().count() - 1)),
        (None, 0) => Err(HexError::Empty),
        (None, got) if got > most => Err(HexError::TooLong { most, got }),
        (None, _) => Ok(bytes),
    }
}

/// Upper-case digits without anything between them.
pub(super) fn show(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect::<String>().to_uppercase()
}

/// Why a text does not spell bytes.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(super) enum HexError {
    /// There is a character that is no digit.
    #[error("read the hex digits: {character:?} is not one of 0 to 9 and A to F\n{pointer}")]
    Character {
        /// The character.
        character: char,
        /// Its line, and a mark under it.
        pointer: String,
    },
    /// A byte has one digit only.
    #[error("read the hex digits: a byte has two, and here one is missing\n{pointer}")]
    HalfByte {
        /// The line, and a mark under the digit that is alone.
        pointer: String,
    },
    /// There is nothing.
    #[error("read the hex digits: there are none")]
    Empty,
    /// There are more bytes than the thing can have.
    #[error("read the hex digits: they spell {got} bytes, and at most {most} can be used")]
    TooLong {
        /// The most that can be used.
        most: usize,
        /// What there is.
        got: usize,
    },
}

impl HexError {
    fn character(text: &str, place: usize, character: char) -> Self {
        Self::Character { character, pointer: pointer(text, place) }
    }

    fn half_byte(text: &str, place: usize) -> Self {
        Self::HalfByte { pointer: pointer(text, place) }
    }
}

/// Characters of the text that are shown on either side of the mark.
const CONTEXT: usize = 24;

fn pointer(text: &str, place: usize) -> String {
    let before = place.saturating_sub(CONTEXT);
    let excerpt: String = text
        .chars()
        .skip(before)
        .take(2 * CONTEXT)
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    format!("  {excerpt}\n  {:>width$}", '^', width = place - before + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_in_every_dress() {
        for text in ["02011A", "02 01 1a", "02:01:1A", "0x02 0x01 0X1A", "0x02011a\n", " 0201 1A "]
        {
            assert_eq!(parse(text, 3), Ok(vec![0x02, 0x01, 0x1A]), "{text}");
        }
    }

    #[test]
    fn the_mark_stands_under_the_fault() {
        let shown = |text: &str| parse(text, 8).unwrap_err().to_string();
        assert_eq!(
            shown("02 01 g0"),
            "read the hex digits: 'g' is not one of 0 to 9 and A to F\n  02 01 g0\n        ^"
        );
        assert_eq!(
            shown("02 1 1A"),
            "read the hex digits: a byte has two, and here one is missing\n  02 1 1A\n     ^"
        );
        assert!(shown("02011 ").ends_with("\n  02011 \n      ^"));
        let long = format!("{}ắ{}", "0".repeat(100), "0".repeat(100));
        assert!(shown(&long).ends_with(&format!("\n  {:>25}", '^')));
    }

    #[test]
    fn nothing_and_too_much() {
        assert_eq!(parse(" 0x ", 8), Err(HexError::Empty));
        assert_eq!(parse("0102", 1), Err(HexError::TooLong { most: 1, got: 2 }));
    }
}
