//! The line itself: keys in, text and keyboard out.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::accepted::{accepts, is_of_word, takes_mark};
use super::composer::Word;
use crate::domain::desk::form::TypedField;
use crate::domain::language::Language;
use crate::domain::name::{capital, is_diacritic, tidy};
use crate::domain::policy::{PLATE_CHARS_MAX, REASON_TYPED_CHARS_MAX, TYPED_CHARS_MAX};
use crate::domain::touch::{Key, Layout, Tone};

/// A line being typed. `Debug` shows nothing of the text.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    field: TypedField,
    language: Language,
    layout: Layout,
    /// NFC, at most [`Line::chars_max`] characters.
    text: String,
    /// The word at the end of `text`.
    word: Word,
    /// What the Shift key says of the next letter; `None` when it was not pressed.
    shift: Option<bool>,
    /// Whether Telex composes where the language is Vietnamese.
    telex: bool,
}

/// What came of a key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Typed {
    /// The text or the keyboard changed.
    Changed,
    /// The key means nothing here.
    Ignored,
    /// The line holds no more.
    Full,
}

impl Line {
    /// An empty line.
    #[must_use]
    pub fn new(field: TypedField, language: Language) -> Self {
        Self {
            field,
            language,
            layout: first_layout(field, language),
            text: String::new(),
            word: Word::default(),
            shift: None,
            telex: true,
        }
    }

    /// A line to be typed on. Characters that the field does not take, and those beyond its
    /// length, are left out.
    #[must_use]
    pub fn with_text(field: TypedField, language: Language, text: &str) -> Self {
        let mut line = Self::new(field, language);
        let kept: String = tidy(text)
            .chars()
            .filter(|c| accepts(field, *c) || is_combining_mark(*c))
            .map(|c| if field == TypedField::Plate { capital(c) } else { c })
            .take(line.chars_max())
            .collect();
        line.text = tidy(&kept);
        line.word = Word::at_end_of(&line.text);
        line
    }

    /// Does what the key says.
    ///
    /// Backspace takes back one letter with all its marks (`ễ` goes at once), but of Lao and other
    /// scripts one mark at a time, as their keyboards do.
    pub fn handle_key(&mut self, key: Key) -> Typed {
        match key {
            Key::Char(c) => self.type_char(c),
            Key::Tone(tone) => self.lay_tone(tone),
            Key::Backspace => self.take_back(),
            Key::Shift => self.press_shift(),
            Key::Layout(layout) => self.show_layout(layout),
            Key::Telex => self.switch_telex(),
        }
    }

    /// Goes over to another language, with its keyboard. The text stays.
    pub fn set_language(&mut self, language: Language) {
        if language != self.language {
            self.language = language;
            self.layout = first_layout(self.field, language);
            self.begin_anew();
        }
    }

    /// The text so far, NFC; it may end in a space.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text to be kept: [`tidy`].
    #[must_use]
    pub fn finished(&self) -> String {
        tidy(&self.text)
    }

    /// Which line it is.
    #[must_use]
    pub const fn field(&self) -> TypedField {
        self.field
    }

    /// Which keys are shown.
    #[must_use]
    pub const fn layout(&self) -> Layout {
        self.layout
    }

    /// Whether the next letter is a capital; on the Lao keys, which have none, whether Shift was
    /// pressed.
    #[must_use]
    pub fn shift(&self) -> bool {
        let by_itself = !self.shows_lao() && self.starts_capital();
        self.shift.unwrap_or(by_itself)
    }

    /// Whether Telex composes. It never does in English or Lao, nor on a plate, where `AA` stays.
    #[must_use]
    pub fn telex(&self) -> bool {
        self.telex && self.may_telex()
    }

    /// The most characters the line holds.
    #[must_use]
    pub const fn chars_max(&self) -> usize {
        match self.field {
            TypedField::Plate => PLATE_CHARS_MAX,
            TypedField::Reason => REASON_TYPED_CHARS_MAX,
            TypedField::Name
            | TypedField::Unit
            | TypedField::Host
            | TypedField::Purpose
            | TypedField::Search => TYPED_CHARS_MAX,
        }
    }

    const fn shows_lao(&self) -> bool {
        matches!(self.layout, Layout::Lao | Layout::LaoMore)
    }

    fn type_char(&mut self, typed: char) -> Typed {
        if is_combining_mark(typed) {
            return self.type_mark(typed);
        }
        let no_space_here = self.text.is_empty() || self.text.ends_with(' ');
        if !accepts(self.field, typed) || (typed == ' ' && no_space_here) {
            return Typed::Ignored;
        }
        let by_itself = self.starts_capital();
        let is_capital = self.field == TypedField::Plate || self.shift.unwrap_or(by_itself);
        let c = if is_capital { capital(typed) } else { typed };
        if !is_of_word(c) {
            let text = self.text.chars().chain([c]).nfc().collect();
            return self.change(text, Word::default());
        }
        let word = if self.telex() && c.is_ascii() {
            self.word.with_telex_key(c)
        } else if self.moves_tones() {
            self.word.with_letter(c)
        } else {
            self.word.with_plain(c)
        };
        self.change_word(word)
    }

    /// A mark that a keyboard sends by itself, after its letter.
    fn type_mark(&mut self, mark: char) -> Typed {
        if !takes_mark(&self.text) {
            return Typed::Ignored;
        }
        let text: String = self.text.chars().chain([mark]).nfc().collect();
        let word = Word::at_end_of(&text);
        self.change(text, word)
    }

    fn lay_tone(&mut self, tone: Tone) -> Typed {
        match self.word.with_tone(tone) {
            Some(word) if self.field != TypedField::Plate => self.change_word(word),
            _ => Typed::Ignored,
        }
    }

    fn take_back(&mut self) -> Typed {
        let Some(mut last) = self.text.pop() else {
            return Typed::Ignored;
        };
        while is_diacritic(last) {
            let Some(before) = self.text.pop() else { break };
            last = before;
        }
        self.begin_anew();
        Typed::Changed
    }

    fn press_shift(&mut self) -> Typed {
        if self.field == TypedField::Plate && !self.shows_lao() {
            return Typed::Ignored;
        }
        self.shift = Some(!self.shift());
        Typed::Changed
    }

    fn show_layout(&mut self, layout: Layout) -> Typed {
        if layout == self.layout {
            return Typed::Ignored;
        }
        self.layout = layout;
        Typed::Changed
    }

    fn switch_telex(&mut self) -> Typed {
        if !self.may_telex() {
            return Typed::Ignored;
        }
        self.telex = !self.telex;
        self.begin_anew();
        Typed::Changed
    }

    /// Puts another word in place of the last one.
    fn change_word(&mut self, word: Word) -> Typed {
        let before = self.text.strip_suffix(self.word.shown()).unwrap_or(&self.text);
        let text = format!("{before}{}", word.shown());
        self.change(text, word)
    }

    fn change(&mut self, text: String, word: Word) -> Typed {
        if text.chars().count() > self.chars_max() {
            return Typed::Full;
        }
        self.text = text;
        self.word = word;
        self.shift = None;
        Typed::Changed
    }

    /// Takes the text as it stands for what was meant.
    fn begin_anew(&mut self) {
        self.word = Word::at_end_of(&self.text);
        self.shift = None;
    }

    /// Whether the next letter is a capital without Shift: every word of a name, the first of
    /// other lines, all of a plate, nothing of what is looked for.
    fn starts_capital(&self) -> bool {
        match self.field {
            TypedField::Name => self.word.shown().is_empty(),
            TypedField::Unit | TypedField::Host | TypedField::Purpose | TypedField::Reason => {
                self.text.is_empty()
            }
            TypedField::Plate => true,
            TypedField::Search => false,
        }
    }

    fn may_telex(&self) -> bool {
        self.language == Language::Vietnamese && self.field != TypedField::Plate
    }

    /// Whether a tone moves along when its syllable grows.
    fn moves_tones(&self) -> bool {
        self.layout == Layout::Vietnamese && self.field != TypedField::Plate
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line({:?}, {} characters)", self.field, self.text.chars().count())
    }
}

/// The keys a line begins with. A Vietnamese plate begins with two digits, a Lao one with letters.
const fn first_layout(field: TypedField, language: Language) -> Layout {
    match (language, field) {
        (Language::Lao, _) => Layout::Lao,
        (Language::Vietnamese | Language::English, TypedField::Plate) => Layout::Digits,
        (Language::English, _) => Layout::Latin,
        (Language::Vietnamese, _) => Layout::Vietnamese,
    }
}
