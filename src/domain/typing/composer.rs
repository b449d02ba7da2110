//! One Vietnamese word being composed, with the spelling rules of `bamboo-core` hidden behind it.
//!
//! The engine is asked anew for every key: a [`Word`] is what stood there when composing began
//! and the keys since, so it can be compared and copied like any value, and there is no state
//! that the text does not show. A word is at most [`COMPOSED_CHARS_MAX`] long, so this is cheap.

use bamboo_core::{Config, Engine, InputMethodPreset, Mode, OutputOptions};
use unicode_normalization::UnicodeNormalization;

use super::accepted::is_of_word;
use crate::domain::name::{TONES, without_diacritics};
use crate::domain::touch::Tone;

/// Letters and keys of a word beyond which nothing is composed. The longest Vietnamese syllable
/// (`nghiêng`) has 7 letters and 9 keys; `bamboo-core` 0.5.3 holds 32 steps of a word
/// (`MAX_ACTIVE_TRANS`), of which a letter with a mark takes two.
const COMPOSED_CHARS_MAX: usize = 15;

/// The letters of Vietnamese that are not ASCII, in lower case.
const MARKED_LETTERS: &str = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ";

/// The Telex key that takes a tone away.
const NO_TONE_KEY: char = 'z';

/// The last word of a line. All its text is NFC.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Word {
    /// As it stood when Telex began to listen.
    base: String,
    /// The Telex keys since.
    keys: String,
    /// What they come to.
    shown: String,
}

impl Word {
    /// The word at the end of a text, empty after a space or a sign; Telex begins to listen.
    pub(super) fn at_end_of(text: &str) -> Self {
        Self::settled(text.rsplit(|c| !is_of_word(c)).next().unwrap_or_default().to_owned())
    }

    /// The word as it is to be seen.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// The word after one more letter, which changes nothing before it.
    pub(super) fn with_plain(&self, letter: char) -> Self {
        Self::settled(self.shown.chars().chain([letter]).nfc().collect())
    }

    /// The word after one more letter, before which a tone moves to where it belongs now:
    /// `hò` and `a` and `n` make `hoàn`.
    pub(super) fn with_letter(&self, letter: char) -> Self {
        let plain = self.with_plain(letter);
        if !is_composable(&plain.shown) || tone_of(&plain.shown).is_none() {
            return plain;
        }
        let moved = compose(&plain.shown, "", Spelling::Any);
        let same_letters = without_tone(&moved) == without_tone(&plain.shown);
        if same_letters { Self::settled(moved) } else { plain }
    }

    /// The word after a Telex key.
    pub(super) fn with_telex_key(&self, key: char) -> Self {
        let plain = self.with_plain(key);
        let keys: String = self.keys.chars().chain([key]).collect();
        let steps = self.base.chars().count() + keys.chars().count();
        if !is_composable(&plain.shown) || !key.is_ascii() || steps > COMPOSED_CHARS_MAX {
            return plain;
        }
        let composed = compose(&self.base, &keys, Spelling::Vietnamese);
        // A word that cannot be Vietnamese is given back by the engine as its bare keys, which is
        // right for what Telex made of a foreign name and wrong for letters of the tone row.
        let bare = without_diacritics(&self.base);
        let shown = match composed.strip_prefix(&bare) {
            Some(rest) if bare != self.base && rest == keys => format!("{}{keys}", self.base),
            _ => composed,
        };
        Self { base: self.base.clone(), keys, shown }
    }

    /// The word with a tone laid on the vowel that takes it, in place of any other; the same tone
    /// again is taken away. `None` when there is no vowel, or the word is not in the letters of
    /// Vietnamese.
    pub(super) fn with_tone(&self, tone: Tone) -> Option<Self> {
        let word = &self.shown;
        if !is_composable(word) || word.chars().count() > COMPOSED_CHARS_MAX {
            return None;
        }
        let wanted = if tone_of(word) == Some(mark(tone)) { None } else { Some(tone) };
        let key = wanted.map_or(NO_TONE_KEY, telex_key);
        // Whoever presses a tone key means it, so it is laid on foreign words as well.
        let toned = compose(word, key.encode_utf8(&mut [0; 4]), Spelling::Any);
        let as_meant =
            tone_of(&toned) == wanted.map(mark) && without_tone(&toned) == without_tone(word);
        as_meant.then(|| Self::settled(toned))
    }

    fn settled(text: String) -> Self {
        Self { base: text.clone(), keys: String::new(), shown: text }
    }
}

/// Which words are composed.
#[derive(Clone, Copy)]
enum Spelling {
    /// Those that may be Vietnamese; others come back as bare keys.
    Vietnamese,
    /// All.
    Any,
}

/// What the engine makes of Telex keys after a word.
fn compose(base: &str, keys: &str, spelling: Spelling) -> String {
    let auto_correct = matches!(spelling, Spelling::Vietnamese);
    let config = Config::builder().auto_correct(auto_correct).build();
    let mut engine = Engine::from_preset_with_config(InputMethodPreset::Telex, config);
    engine.rebuild_from_text(base);
    engine.process_str(keys, Mode::Vietnamese);
    engine.get_processed_str(OutputOptions::FULL_TEXT).nfc().collect()
}

/// Whether every letter is one of Vietnamese, or at least ASCII.
fn is_composable(word: &str) -> bool {
    word.chars().all(|c| {
        c.is_ascii_alphabetic() || c.to_lowercase().all(|lower| MARKED_LETTERS.contains(lower))
    })
}

/// The tone of a word as its combining mark; the first, should there be several.
fn tone_of(word: &str) -> Option<char> {
    word.nfd().find(|c| TONES.contains(c))
}

fn without_tone(word: &str) -> String {
    word.nfd().filter(|c| !TONES.contains(c)).nfc().collect()
}

/// The combining mark of a tone.
const fn mark(tone: Tone) -> char {
    match tone {
        Tone::Acute => '\u{301}',
        Tone::Grave => '\u{300}',
        Tone::HookAbove => '\u{309}',
        Tone::Tilde => '\u{303}',
        Tone::DotBelow => '\u{323}',
    }
}

/// The key of a tone in Telex.
const fn telex_key(tone: Tone) -> char {
    match tone {
        Tone::Acute => 's',
        Tone::Grave => 'f',
        Tone::HookAbove => 'r',
        Tone::Tilde => 'x',
        Tone::DotBelow => 'j',
    }
}
