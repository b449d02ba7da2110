//! Names as they are compared: whatever the case, the diacritics and the spacing.
//!
//! Only comparing. What is written into the book stays as it was typed.

use unicode_normalization::UnicodeNormalization;

/// The form in which texts are compared: lower case, đ as d, without the marks of Latin letters,
/// single spaces. Lao letters and their marks stay as they are.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        let letters = word.chars().flat_map(char::to_lowercase).nfd();
        folded.extend(letters.filter(|c| !is_latin_mark(*c)).map(|c| match c {
            'đ' => 'd',
            other => other,
        }));
    }
    folded
}

/// Combining Diacritical Marks, U+0300 to U+036F: what NFD leaves beside a Latin letter.
const fn is_latin_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn folds_marks_case_and_spaces() {
        assert_eq!(fold("  Hồ  Thị Thương "), "ho thi thuong");
        assert_eq!(fold("ĐẶNG Văn Đức"), "dang van duc");
        assert_eq!(fold("Ho\u{302}\u{300}"), "ho");
        assert_eq!(fold("ສົມຈິດ"), "ສົມຈິດ");
    }
}
