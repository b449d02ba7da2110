//! The keys people press for a Vietnamese syllable.

use kiosk::domain::touch::{Key, Tone};
use unicode_normalization::UnicodeNormalization;

/// The tones: as a combining mark, as a Telex key, as a key of the tone row.
pub(crate) const TONES: [(char, char, Tone); 5] = [
    ('\u{301}', 's', Tone::Acute),
    ('\u{300}', 'f', Tone::Grave),
    ('\u{309}', 'r', Tone::HookAbove),
    ('\u{303}', 'x', Tone::Tilde),
    ('\u{323}', 'j', Tone::DotBelow),
];

/// Where the keys of marks and tone are pressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Habit {
    /// Behind the letter they belong to.
    Inline,
    /// Marks behind their letter, the tone at the end of the word.
    ToneLast,
    /// All of them at the end of the word.
    AllLast,
}

/// Lower case, capitalised, upper case.
pub(crate) fn cases(syllable: &str) -> [String; 3] {
    let mut letters = syllable.chars();
    let capitalised = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters);
    [syllable.to_owned(), capitalised.collect(), syllable.to_uppercase()]
}

/// The keys of a syllable in Telex, in the case of its letters.
pub(crate) fn telex(syllable: &str, habit: Habit) -> String {
    let upper = syllable.chars().all(char::is_uppercase);
    let (mut keys, mut marks, mut tone) = (String::new(), String::new(), String::new());
    for letter in syllable.chars() {
        let (base, mark, toned) = taken_apart(letter);
        keys.push(base);
        // A stroke is typed at once, or the `d` behind the word would close it.
        keys.extend(mark.filter(|key| *key == 'd'));
        marks.extend(mark.filter(|key| *key != 'd'));
        tone.extend(toned);
        if habit != Habit::AllLast {
            keys.push_str(&std::mem::take(&mut marks));
        }
        if habit == Habit::Inline {
            keys.push_str(&std::mem::take(&mut tone));
        }
    }
    // `ươ` takes its two horns from one key.
    let marks = marks.replace("ww", "w");
    let keys = keys + &marks + &tone;
    if upper { keys.to_uppercase() } else { keys }
}

/// A letter without marks, the key of its mark and the key of its tone.
fn taken_apart(letter: char) -> (char, Option<char>, Option<char>) {
    match letter {
        'đ' => return ('d', Some('d'), None),
        'Đ' => return ('D', Some('d'), None),
        _ => {}
    }
    let mut parts = letter.nfd();
    let base = parts.next().unwrap_or(letter);
    let (mut mark, mut tone) = (None, None);
    for part in parts {
        match part {
            '\u{302}' => mark = Some(base.to_ascii_lowercase()),
            '\u{306}' | '\u{31b}' => mark = Some('w'),
            _ => tone = TONES.iter().find(|(mark, ..)| *mark == part).map(|(_, key, _)| *key),
        }
    }
    (base, mark, tone)
}

/// The keys of a syllable on the row of vowels and tones.
pub(crate) fn row_keys(syllable: &str, inline: bool) -> Vec<Key> {
    let (mut keys, mut last) = (Vec::new(), None);
    for letter in syllable.chars() {
        let tone = letter.nfd().find_map(|c| TONES.iter().find(|(mark, ..)| *mark == c));
        let bare = letter.nfd().filter(|c| TONES.iter().all(|(mark, ..)| mark != c)).nfc();
        keys.extend(bare.map(Key::Char));
        if let Some((_, _, tone)) = tone {
            if inline {
                keys.push(Key::Tone(*tone));
            } else {
                last = Some(Key::Tone(*tone));
            }
        }
    }
    keys.extend(last);
    keys
}
