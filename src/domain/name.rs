//! Names: how they are kept, found again, compared and half hidden.
//!
//! Nothing here knows which word is the family name: Vietnamese puts it first, Lao last, and a
//! visitor may type either. Nothing here refuses a name either; what may be typed is decided in
//! [`super::typing`].

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What stands for the hidden rest of a word. Always as long, so that it does not tell how many
/// letters it hides (design: `H•• T•• Thương`).
const HIDDEN: &str = "••";

/// The tone marks of Vietnamese as combining characters: acute, grave, hook above, tilde, dot
/// below (Unicode 16, block Combining Diacritical Marks).
pub(super) const TONES: [char; 5] = ['\u{301}', '\u{300}', '\u{309}', '\u{303}', '\u{323}'];

/// The text as it is kept and shown: NFC, without space at the ends, words parted by one space,
/// without control characters and invisible signs (joiners, signs that turn the direction).
#[must_use]
pub fn tidy(text: &str) -> String {
    single_spaces(text.chars().filter(|c| is_kept(*c))).nfc().collect()
}

/// The text as it is searched: lower case, `đ` as `d`, without diacritics, words parted by one
/// space. Only the diacritics of Latin, Greek and Cyrillic go (U+0300 to U+036F): the vowels and
/// tones of Lao are part of its spelling and stay.
///
/// The result is NFD, which matters where letters decompose without diacritics (Korean): compare
/// it only with another folded text.
#[must_use]
pub fn fold(text: &str) -> String {
    let lower = text.chars().filter(|c| is_kept(*c)).flat_map(char::to_lowercase);
    let bare = lower.nfd().filter(|c| !is_diacritic(*c)).map(without_stroke);
    // Marks that a diacritic kept apart find their order only now.
    single_spaces(bare.nfd())
}

/// The words of a folded text. A hyphen or an apostrophe parts words as a space does, so that
/// `h'hen` is found by `hen`.
pub fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c))
        .filter(|word| !word.is_empty())
}

/// The name as somebody recognises their own and nobody learns another's: of every word but the
/// last only the first letter, with the marks on it (`H•• T•• Thương`). A name of one word is
/// hidden the same way (`H••`).
#[must_use]
pub fn mask(name: &str) -> String {
    let tidied = tidy(name);
    let mut words = tidied.split(' ').filter(|word| !word.is_empty());
    let last = words.next_back();
    let mut masked: Vec<String> = words.map(mask_word).collect();
    match last {
        Some(word) if masked.is_empty() => masked.push(mask_word(word)),
        Some(word) => masked.push(word.to_owned()),
        None => {}
    }
    masked.join(" ")
}

/// The same of a line that is no name: of every word only the first letter.
#[must_use]
pub fn mask_all(text: &str) -> String {
    tidy(text)
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(mask_word)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether two names are spelt alike but for capitals and spaces. Diacritics count: `Hồ Thị Thu`
/// and `Hồ Thị Thư` are two people. Where in a syllable the tone stands does not: `Hòa` and
/// `Hoà` are one word in two styles of spelling, and keyboards differ in the style they give.
#[must_use]
pub fn same_person_name(a: &str, b: &str) -> bool {
    spelling(a) == spelling(b)
}

/// The text without diacritics, capitals as they are: `Nguyễn Đức` becomes `Nguyen Duc`.
#[must_use]
pub fn without_diacritics(text: &str) -> String {
    text.nfd().filter(|c| !is_diacritic(*c)).map(without_stroke).collect()
}

/// The capital of a letter; the letter itself where there is none, or none of one character.
#[must_use]
pub fn capital(letter: char) -> char {
    let mut capitals = letter.to_uppercase();
    match (capitals.next(), capitals.next()) {
        (Some(only), None) => only,
        _ => letter,
    }
}

/// Lower case, and in every word the tones behind the letters.
fn spelling(name: &str) -> String {
    let lower: String = tidy(name).chars().flat_map(char::to_lowercase).collect();
    let mut spelt = String::with_capacity(lower.len());
    for word in tidy(&lower).split(' ') {
        let (tones, letters): (Vec<char>, Vec<char>) = word.nfd().partition(|c| TONES.contains(c));
        spelt.extend(letters);
        spelt.extend(tones);
        spelt.push(' ');
    }
    spelt
}

fn mask_word(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next();
    let marks = letters.take_while(|c| is_combining_mark(*c));
    first.into_iter().chain(marks).chain(HIDDEN.chars()).collect()
}

/// Joins what is parted by white space of any kind by single spaces.
fn single_spaces(letters: impl Iterator<Item = char>) -> String {
    let mut joined = String::new();
    let mut space_due = false;
    for c in letters {
        if c.is_whitespace() {
            space_due = !joined.is_empty();
        } else {
            if space_due {
                joined.push(' ');
            }
            space_due = false;
            joined.push(c);
        }
    }
    joined
}

/// Whether a character is to be seen at all, or parts words.
fn is_kept(c: char) -> bool {
    let invisible = matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    c.is_whitespace() || !(c.is_control() || invisible)
}

/// Whether a character is a combining mark of Latin, Greek or Cyrillic letters.
pub(super) const fn is_diacritic(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// The stroke of `đ` is not a mark that can be taken off: Unicode has no decomposition for it.
const fn without_stroke(c: char) -> char {
    match c {
        'đ' => 'd',
        'Đ' => 'D',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_finds_a_name_whatever_its_marks() {
        for (typed, folded) in [
            ("Hồ Thị Thương", "ho thi thuong"),
            ("HỒ THỊ THƯƠNG", "ho thi thuong"),
            ("Ho\u{302}\u{300}  Thi\u{323} Thu\u{31b}o\u{31b}ng", "ho thi thuong"),
            ("Đặng Đức Đạt", "dang duc dat"),
            ("  Nguyễn\tVăn\u{a0}An\n", "nguyen van an"),
            ("Ưởng Ỵ ặ", "uong y a"),
            ("Jos\u{e9} Müller", "jose muller"),
            ("İstanbul", "istanbul"),
            ("ບຸນມີ ສີສະຫວັດ", "ບຸນມີ ສີສະຫວັດ"),
            ("Thu\u{200d}ong\u{feff}", "thuong"),
            ("\u{301}", ""),
            ("", ""),
        ] {
            assert_eq!(fold(typed), folded, "{typed:?}");
        }
    }

    #[test]
    fn folding_takes_ten_kilobytes() {
        let long = "Đặng ".repeat(10_240 / 8);
        assert_eq!(words(&fold(&long)).filter(|word| *word == "dang").count(), 10_240 / 8);
    }

    #[test]
    fn words_are_parted_by_signs_too() {
        let folded = fold("H'Hen  Niê-Kđăm, ບຸນມີ");
        assert_eq!(words(&folded).collect::<Vec<_>>(), ["h", "hen", "nie", "kdam", "ບຸນມີ"]);
        assert_eq!(words("").count(), 0);
    }

    #[test]
    fn tidying_keeps_what_is_seen() {
        assert_eq!(tidy("  Nguye\u{302}\u{303}n \u{3000} Va\u{306}n\r\nAn "), "Nguyễn Văn An");
        assert_eq!(tidy("An\u{202e}h\u{7}\u{200d}"), "Anh");
        assert_eq!(tidy(" \t "), "");
    }

    #[test]
    fn masking_keeps_first_letters_and_the_last_word() {
        for (name, masked) in [
            ("Hồ Thị Thương", "H•• T•• Thương"),
            ("Hồ", "H••"),
            ("Đặng  An ", "Đ•• An"),
            ("Ẩn Ộp", "Ẩ•• Ộp"),
            ("ບຸນມີ ສີສະຫວັດ", "ບຸ•• ສີສະຫວັດ"),
            ("ບຸນມີ", "ບຸ••"),
            ("Y", "Y••"),
            ("", ""),
        ] {
            assert_eq!(mask(name), masked, "{name:?}");
        }
    }

    #[test]
    fn one_person_two_spellings() {
        assert!(same_person_name("Hồ Thị Hòa", "HỒ  THỊ HOÀ"));
        assert!(same_person_name("Thúy", "Thu\u{79}\u{301}"));
        assert!(same_person_name("ບຸນມີ", "ບຸນມີ "));
        assert!(!same_person_name("Hồ Thị Thu", "Hồ Thị Thư"));
        assert!(!same_person_name("Hồ Thị Thu", "Hồ Thị Thù"));
        assert!(!same_person_name("An Hồ", "Hồ An"));
        assert!(!same_person_name("Hoà An", "Hoa Àn"));
    }

    #[test]
    fn capitals_of_one_letter_only() {
        assert_eq!("ươđßລ".chars().map(capital).collect::<String>(), "ƯƠĐßລ");
    }
}
