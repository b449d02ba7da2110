//! What the guard typed to find somebody, taken apart: words of a name, and numbers that may be a
//! badge, a phone number or a plate.

use std::fmt;

use crate::domain::badge::Badge;
use crate::domain::name;

/// No more of what was typed is looked at than this, in characters. The name field takes fewer.
const QUERY_CHARS: usize = 100;
/// No more words and numbers are looked for than this.
const TERMS: usize = 8;
/// Fewer signs than this of a phone number or plate fit too many to say anything.
const NUMBER_SIGNS: usize = 3;
/// With the country's code in front a Vietnamese number has at least this many digits.
const INTERNATIONAL_DIGITS: usize = 11;

/// Something a visit must have to be found. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Term {
    /// A word of the name begins so. Folded.
    Word(String),
    /// The phone number is this one, whole.
    Phone(String),
    /// It may mean either.
    Number {
        /// A phone number or plate begins or ends so: letters and digits alone.
        signs: Option<String>,
        /// The badge: its door if one was typed, and its number.
        badge: Option<(Option<char>, u16)>,
    },
}

impl Term {
    /// The terms in what was typed; none when nothing in it can be looked for.
    pub(super) fn all_in(typed: &str) -> Vec<Self> {
        let typed: String = typed.chars().take(QUERY_CHARS).collect();
        // A phone number typed in groups is one number.
        if typed.chars().all(|c| !c.is_alphabetic()) {
            return Self::number(&typed).into_iter().collect();
        }
        let mut terms = Vec::new();
        for part in typed.split_whitespace() {
            if part.chars().any(|c| c.is_ascii_digit()) {
                terms.extend(Self::number(part));
            } else {
                terms.extend(words(part).into_iter().map(Self::Word));
            }
        }
        terms.truncate(TERMS);
        terms
    }

    /// Whether a badge is the one that was typed.
    pub(super) fn means(&self, badge: Badge) -> bool {
        match self {
            Self::Number { badge: Some((door, number)), .. } => {
                *number == badge.number
                    && door.is_none_or(|door| door.eq_ignore_ascii_case(&badge.door))
            }
            Self::Word(_) | Self::Phone(_) | Self::Number { badge: None, .. } => false,
        }
    }

    fn number(typed: &str) -> Option<Self> {
        let signs = national(signs(typed));
        let badge = badge(&signs);
        let signs = (signs.len() >= NUMBER_SIGNS).then_some(signs);
        (signs.is_some() || badge.is_some()).then_some(Self::Number { signs, badge })
    }
}

impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Word(_) => "Word(…)",
            Self::Phone(_) => "Phone(…)",
            Self::Number { .. } => "Number(…)",
        })
    }
}

/// The words of a name, folded, as they are found again.
pub(super) fn words(name: &str) -> Vec<String> {
    name::words(&name::fold(name)).map(str::to_owned).collect()
}

/// Letters and digits alone, in lower case: how plates and phone numbers are compared.
pub(super) fn signs(number: &str) -> String {
    name::fold(number).chars().filter(char::is_ascii_alphanumeric).collect()
}

/// A phone number as it is dialled within Viet Nam: +84 stands for the leading 0.
fn national(signs: String) -> String {
    match signs.strip_prefix("84") {
        Some(rest) if signs.len() >= INTERNATIONAL_DIGITS => format!("0{rest}"),
        _ => signs,
    }
}

/// The badge that "28", "028" or "a028" may mean.
fn badge(signs: &str) -> Option<(Option<char>, u16)> {
    let digits = signs.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let door = signs.strip_suffix(digits)?;
    let mut letters = door.chars();
    let letter = letters.next();
    if letters.next().is_some() {
        return None;
    }
    Some((letter, digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(word: &str) -> Term {
        Term::Word(word.into())
    }

    fn number(signs: Option<&str>, badge: Option<(Option<char>, u16)>) -> Term {
        Term::Number { signs: signs.map(str::to_owned), badge }
    }

    #[test]
    fn takes_apart_what_was_typed() {
        for (typed, terms) in [
            ("", vec![]),
            (" - ", vec![]),
            ("Thương HỒ-thị", vec![word("thuong"), word("ho"), word("thi")]),
            ("28", vec![number(None, Some((None, 28)))]),
            ("A-028", vec![number(Some("a028"), Some((Some('a'), 28)))]),
            ("a28 ho", vec![number(Some("a28"), Some((Some('a'), 28))), word("ho")]),
            ("0912 345 678", vec![number(Some("0912345678"), None)]),
            ("+84 912 345 678", vec![number(Some("0912345678"), None)]),
            (
                "74-F1 123.45",
                vec![number(Some("74f1"), None), number(Some("12345"), Some((None, 12_345)))],
            ),
            ("99999", vec![number(Some("99999"), None)]),
        ] {
            assert!(Term::all_in(typed) == terms, "{typed}");
        }
    }

    #[test]
    fn is_bounded() {
        assert_eq!(Term::all_in(&"a ".repeat(1_000)).len(), TERMS);
        assert_eq!(Term::all_in(&"9".repeat(1_000)).len(), 1);
    }
}
