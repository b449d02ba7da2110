//! The number a visitor is given at the door: the door's letter and a number of the day.

use std::fmt;

/// A badge such as A-028.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Badge {
    /// The door's letter, A to Z.
    pub door: char,
    /// Counted from 1 each day.
    pub number: u16,
}

impl fmt::Display for Badge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:03}", self.door, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::Badge;

    #[test]
    fn reads_like_a_badge() {
        assert_eq!(Badge { door: 'A', number: 28 }.to_string(), "A-028");
        assert_eq!(Badge { door: 'B', number: 1_234 }.to_string(), "B-1234");
    }
}
