//! Shares with their intervals, and what thresholds make of marks.

use serde::Serialize;

use super::play::Mark;

/// So many out of so many.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Share {
    /// How many.
    pub count: u32,
    /// Of how many.
    pub of: u32,
    /// The quotient; 0 of none is 0.
    pub share: f64,
    /// The lower end of the 95 % interval.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Share {
    /// The share with the interval of Wilson (1927).
    #[must_use]
    pub fn new(count: u32, of: u32) -> Self {
        /// The normal distribution holds 95 % within so many standard deviations.
        const Z: f64 = 1.959_964;
        if of == 0 {
            return Self { count, of, share: 0.0, low: 0.0, high: 1.0 };
        }
        let (k, n) = (f64::from(count), f64::from(of));
        let middle = (k + Z * Z / 2.0) / (n + Z * Z);
        let half = Z / (n + Z * Z) * (k * (n - k) / n + Z * Z / 4.0).sqrt();
        let [low, high] = [middle - half, middle + half].map(|end| end.clamp(0.0, 1.0));
        // The whole is the whole, whatever is lost in rounding.
        let high = if count == of { 1.0 } else { high };
        Self { count, of, share: k / n, low, high }
    }

    /// How many of these are true.
    pub fn of(parts: impl IntoIterator<Item = bool>) -> Self {
        let (mut count, mut of) = (0, 0);
        for part in parts {
            count += u32::from(part);
            of += 1;
        }
        Self::new(count, of)
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [share, low, high] = [self.share, self.low, self.high].map(|part| part * 100.0);
        write!(f, "{share:.1} % ({low:.1} to {high:.1}), {} of {}", self.count, self.of)
    }
}

/// The odds above which at most this part of the scenes without the app finds somebody within
/// `until_ms`. The lowest there are when there are no such scenes.
#[must_use]
pub fn threshold(without: &[&[Mark]], until_ms: i64, part: f64) -> f32 {
    thresholds(without, until_ms, part).last().copied().unwrap_or(f32::NEG_INFINITY)
}

/// All such odds, one for each number of scenes that may find somebody, from none on. A lower one
/// can find fewer of the visitors' phones: it may take another's first.
#[must_use]
pub fn thresholds(without: &[&[Mark]], until_ms: i64, part: f64) -> Vec<f32> {
    let mut surest: Vec<f32> = without
        .iter()
        .map(|marks| marks.iter().take_while(|mark| mark.at_ms <= until_ms))
        .map(|marks| marks.last().map_or(f32::NEG_INFINITY, |mark| mark.odds))
        .collect();
    surest.sort_by(|a, b| b.total_cmp(a));
    let of = f64::from(u32::try_from(surest.len()).unwrap_or(u32::MAX));
    let allowed = |wrong: &(u32, f32)| wrong.0 == 0 || f64::from(wrong.0) <= part * of;
    (0..).zip(surest).take_while(allowed).map(|(_, odds)| odds).collect()
}

/// Whether the first mark above `threshold` within `until_ms` is of the visitor's phone.
#[must_use]
pub fn finds(marks: &[Mark], until_ms: i64, threshold: f32) -> bool {
    marks
        .iter()
        .take_while(|mark| mark.at_ms <= until_ms)
        .find(|mark| mark.odds > threshold)
        .is_some_and(|mark| mark.right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilsons_interval() {
        // Newcombe (1998), table I: 81 of 263, 0 of 20, 1 of 29.
        for (count, of, low, high) in
            [(81, 263, 0.2553, 0.3662), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let share = Share::new(count, of);
            assert!((share.low - low).abs() < 1e-4 && (share.high - high).abs() < 1e-4, "{share}");
        }
        assert_eq!((Share::of([]).count, Share::of([]).of), (0, 0));
    }

    #[test]
    fn a_threshold_lets_so_many_through() {
        let marks = [1.0, 2.0, 3.0, 4.0].map(|odds| [Mark { at_ms: 10, odds, right: false }]);
        let without: Vec<&[Mark]> = marks.iter().map(|marks| &marks[..]).collect();
        assert!((threshold(&without, 10, 0.25) - 3.0).abs() < f32::EPSILON);
        assert!((threshold(&without, 10, 0.2) - 4.0).abs() < f32::EPSILON);
        assert!(threshold(&without, 9, 0.2).is_infinite());
        assert_eq!(thresholds(&without, 10, 0.5), [4.0, 3.0, 2.0]);
    }

    #[test]
    fn the_first_above_counts() {
        let mark = |at_ms, odds, right| Mark { at_ms, odds, right };
        let marks = [mark(100, 1.0, false), mark(200, 2.0, true)];
        assert!(!finds(&marks, 300, 0.5));
        assert!(finds(&marks, 300, 1.0));
        assert!(!finds(&marks, 150, 1.0));
        assert!(!finds(&marks, 300, 2.0));
    }
}
