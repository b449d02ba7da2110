//! Any keys in any order leave a text that can be kept.

use kiosk::domain::language::Language::{self, English, Lao, Vietnamese};
use kiosk::domain::plate;
use kiosk::domain::touch::Key;
use kiosk::domain::typing::{Line, Typed};
use kiosk::view::{Layout, TypedField};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::keys::TONES;
use super::type_text;

fn any_field() -> impl Strategy<Value = TypedField> {
    prop::sample::select(vec![
        TypedField::Name,
        TypedField::Unit,
        TypedField::Host,
        TypedField::Purpose,
        TypedField::Plate,
        TypedField::Search,
    ])
}

fn any_language() -> impl Strategy<Value = Language> {
    prop::sample::select(Language::ALL.to_vec())
}

/// A key, or another language.
fn any_step() -> impl Strategy<Value = Result<Key, Language>> {
    let telex_letter = prop::sample::select("aeiouywdsfrxjzgnhtAEOWDS".chars().collect::<Vec<_>>());
    let row_letter =
        prop::sample::select("âăêôơưđÂĐ -.'ບຸ້ນéüç\u{301}\u{323}".chars().collect::<Vec<_>>());
    let layout =
        prop::sample::select(vec![Layout::Vietnamese, Layout::Latin, Layout::Lao, Layout::Digits]);
    prop_oneof![
        10 => telex_letter.prop_map(|c| Ok(Key::Char(c))),
        4 => row_letter.prop_map(|c| Ok(Key::Char(c))),
        3 => prop::sample::select(TONES.to_vec()).prop_map(|tone| Ok(Key::Tone(tone.2))),
        2 => Just(Ok(Key::Backspace)),
        1 => any::<char>().prop_map(|c| Ok(Key::Char(c))),
        1 => Just(Ok(Key::Shift)),
        1 => Just(Ok(Key::Telex)),
        1 => layout.prop_map(|layout| Ok(Key::Layout(layout))),
        1 => any_language().prop_map(Err),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn leave_a_text_that_can_be_kept(
        field in any_field(),
        language in any_language(),
        steps in prop::collection::vec(any_step(), 0..120),
    ) {
        let mut line = Line::new(field, language);
        let mut language = language;
        for step in steps {
            let before = line.clone();
            match step {
                Ok(key) => match line.handle_key(key) {
                    Typed::Changed => prop_assert_ne!(&before, &line),
                    Typed::Ignored | Typed::Full => prop_assert_eq!(&before, &line),
                },
                Err(other) => {
                    line.set_language(other);
                    language = other;
                    prop_assert_eq!(before.text(), line.text());
                }
            }
            let text = line.text();
            prop_assert_eq!(text.nfc().collect::<String>(), text);
            prop_assert!(text.chars().count() <= line.chars_max());
            prop_assert!(!text.starts_with(' ') && !text.contains("  "));
            prop_assert!(!text.chars().any(char::is_control));
            prop_assert!(language == Vietnamese || !line.telex());
            if field == TypedField::Plate {
                prop_assert!(plate::normalise(text).is_ok());
            }
            let again = Line::with_text(field, language, text);
            prop_assert_eq!(again.finished(), line.finished());
        }
    }

    #[test]
    fn never_compose_in_english_or_lao(
        keys in "[a-z]{0,40}",
        language in prop::sample::select(vec![English, Lao]),
    ) {
        let mut line = Line::new(TypedField::Search, language);
        line.handle_key(Key::Telex);
        type_text(&mut line, &keys);
        prop_assert_eq!(line.text(), keys);
    }
}
