//! Lines of two columns, and numbers one can read. No borders.

use std::io::{self, Write};

/// Writes rows with the first column as wide as its widest cell, and the second to the right
/// when `right` is set.
pub(super) fn write(out: &mut dyn Write, rows: &[(String, String)], right: bool) -> io::Result<()> {
    let width = |cell: fn(&(String, String)) -> &String| {
        rows.iter().map(|row| cell(row).chars().count()).max().unwrap_or(0)
    };
    let (left_width, right_width) = (width(|row| &row.0), width(|row| &row.1));
    for (left, rest) in rows {
        let line = if right {
            format!("{left:left_width$}  {rest:>right_width$}")
        } else {
            format!("{left:left_width$}  {rest}")
        };
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// `1 event`, `2 events`.
pub(super) fn counted(number: u64, thing: &str) -> String {
    format!("{} {thing}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// 16062 as `16,062`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `27 min 13 s`.
pub(super) fn duration(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands() {
        let shown = [0, 999, 1_000, 16_062, 1_000_000].map(grouped);
        assert_eq!(shown, ["0", "999", "1,000", "16,062", "1,000,000"]);
    }
}
