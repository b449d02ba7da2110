//! Typing as people do it: a corpus of Vietnamese names in Telex and on the tone row, foreign and
//! Lao names left alone, mistakes taken back, and any keys at all.

mod corpus;

use corpus::{FOREIGN_CHANGED, FOREIGN_KEPT, SYLLABLES};
use kiosk::domain::language::Language::{self, English, Lao, Vietnamese};
use kiosk::domain::touch::{Key, Tone};
use kiosk::domain::typing::{Line, Typed};
use kiosk::view::{Layout, TypedField};
use unicode_normalization::UnicodeNormalization;

const TONES: [(char, char, Tone); 5] = [
    ('\u{301}', 's', Tone::Acute),
    ('\u{300}', 'f', Tone::Grave),
    ('\u{309}', 'r', Tone::HookAbove),
    ('\u{303}', 'x', Tone::Tilde),
    ('\u{323}', 'j', Tone::DotBelow),
];

/// Where the keys of marks and tone are pressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Habit {
    /// Behind the letter they belong to.
    Inline,
    /// Marks behind their letter, the tone at the end of the word.
    ToneLast,
    /// All of them at the end of the word.
    AllLast,
}

#[test]
fn every_syllable_comes_out_in_telex() {
    let mut count = 0;
    for syllable in SYLLABLES {
        for cased in cases(syllable) {
            for habit in [Habit::Inline, Habit::ToneLast, Habit::AllLast] {
                let keys = telex(&cased, habit);
                let mut line = Line::new(TypedField::Search, Vietnamese);
                type_text(&mut line, &keys);
                assert_eq!(line.text(), cased, "{keys} ({habit:?})");
                count += 1;
            }
        }
    }
    assert!(SYLLABLES.len() >= 150, "{}", SYLLABLES.len());
    assert_eq!(count, SYLLABLES.len() * 9);
}

#[test]
fn every_syllable_comes_out_of_the_tone_row() {
    for syllable in SYLLABLES {
        for cased in cases(syllable) {
            for telex in [true, false] {
                for inline in [true, false] {
                    let mut line = Line::new(TypedField::Search, Vietnamese);
                    if !telex {
                        line.handle_key(Key::Telex);
                    }
                    for key in row_keys(&cased, inline) {
                        line.handle_key(key);
                    }
                    assert_eq!(line.text(), cased, "telex {telex}, inline {inline}");
                }
            }
        }
    }
}

#[test]
fn names_start_with_capitals_by_themselves() {
    assert_eq!(typed(TypedField::Name, "nguyeenx vawn an"), "Nguyễn Văn An");
    assert_eq!(typed(TypedField::Name, "ddawngj h'hen nie-nawm"), "Đặng H'Hen Nie-Năm");
    assert_eq!(typed(TypedField::Name, "HOOF THIJ THUOWNG"), "HỒ THỊ THƯƠNG");
    assert_eq!(typed(TypedField::Unit, "laoj baor, xax 3"), "Lạo bảo, xã 3");
    assert_eq!(typed(TypedField::Search, "hoof thij"), "hồ thị");
}

#[test]
fn shift_overrides_for_one_letter() {
    let mut line = Line::new(TypedField::Name, Vietnamese);
    assert!(line.shift());
    line.handle_key(Key::Shift);
    assert!(!line.shift());
    type_text(&mut line, "de l");
    line.handle_key(Key::Shift);
    assert!(line.shift());
    type_text(&mut line, "AB");
    assert_eq!(line.text(), "de LAB");
    assert!(!line.shift());
    line.handle_key(Key::Shift);
    line.handle_key(Key::Shift);
    type_text(&mut line, "c");
    assert_eq!(line.text(), "de LABc");
}

#[test]
fn foreign_names_are_left_alone() {
    for name in FOREIGN_KEPT {
        assert_eq!(typed(TypedField::Search, name), *name);
    }
    for (name, shown) in FOREIGN_CHANGED {
        assert_eq!(typed(TypedField::Search, name), *shown);
        for language in [English, Lao] {
            let mut line = Line::new(TypedField::Search, language);
            type_text(&mut line, name);
            assert_eq!(line.text(), *name);
        }
    }
}

#[test]
fn a_tone_key_lays_replaces_and_takes_back() {
    let mut line = Line::new(TypedField::Name, Vietnamese);
    type_text(&mut line, "thuong");
    assert_eq!(line.handle_key(Key::Tone(Tone::Acute)), Typed::Changed);
    assert_eq!(line.text(), "Thuóng");
    line.handle_key(Key::Tone(Tone::Grave));
    assert_eq!(line.text(), "Thuòng");
    line.handle_key(Key::Tone(Tone::Grave));
    assert_eq!(line.text(), "Thuong");
    type_text(&mut line, "w");
    assert_eq!(line.text(), "Thương");

    let mut line = Line::new(TypedField::Name, Vietnamese);
    type_text(&mut line, "ho");
    line.handle_key(Key::Tone(Tone::Grave));
    assert_eq!(line.text(), "Hò");
    type_text(&mut line, "an");
    assert_eq!(line.text(), "Hoàn");
    type_text(&mut line, "s");
    assert_eq!(line.text(), "Hoán");
}

#[test]
fn a_tone_key_without_a_vowel_is_ignored() {
    let mut line = Line::new(TypedField::Name, Vietnamese);
    assert_eq!(line.handle_key(Key::Tone(Tone::Acute)), Typed::Ignored);
    type_text(&mut line, "ng");
    assert_eq!(line.handle_key(Key::Tone(Tone::Acute)), Typed::Ignored);
    type_text(&mut line, "a ");
    assert_eq!(line.handle_key(Key::Tone(Tone::Acute)), Typed::Ignored);
    assert_eq!(line.text(), "Nga ");
}

#[test]
fn names_of_the_highlands_keep_their_row_letters() {
    for (name, keys) in [("Kđăm", "Kđăm"), ("Bhăm", "Bhăm"), ("Kpăs", "Kpăs"), ("Niê", "Niê")]
    {
        assert_eq!(typed(TypedField::Name, keys), name);
    }
    let mut line = Line::new(TypedField::Name, Vietnamese);
    type_text(&mut line, "kpă");
    line.handle_key(Key::Tone(Tone::Acute));
    assert_eq!(line.text(), "Kpắ");
}

#[test]
fn backspace_takes_one_letter_and_composing_goes_on() {
    let mut line = Line::new(TypedField::Name, Vietnamese);
    type_text(&mut line, "nguyeenx");
    for left in ["Nguyễ", "Nguy"] {
        line.handle_key(Key::Backspace);
        assert_eq!(line.text(), left);
    }
    type_text(&mut line, "eenx van");
    line.handle_key(Key::Backspace);
    type_text(&mut line, "wn");
    assert_eq!(line.text(), "Nguyễn Văn");

    let mut line = Line::new(TypedField::Name, Vietnamese);
    type_text(&mut line, "hoof ");
    line.handle_key(Key::Backspace);
    assert_eq!(line.text(), "Hồ");
    type_text(&mut line, "ngs");
    assert_eq!(line.text(), "Hống");
    for _ in 0..4 {
        assert_eq!(line.handle_key(Key::Backspace), Typed::Changed);
    }
    assert_eq!(line.handle_key(Key::Backspace), Typed::Ignored);
    assert!(line.shift());
}

#[test]
fn backspace_moves_by_letters_in_latin_and_by_marks_in_lao() {
    let mut line = Line::new(TypedField::Name, English);
    type_text(&mut line, "ax\u{302}\u{301}");
    assert_eq!(line.text().chars().count(), 4);
    line.handle_key(Key::Backspace);
    assert_eq!(line.text(), "A");

    let mut line = Line::new(TypedField::Name, Lao);
    type_text(&mut line, "ນ້ຳກຸ້");
    for left in ["ນ້ຳກຸ", "ນ້ຳກ", "ນ້ຳ", "ນ້", "ນ", ""] {
        line.handle_key(Key::Backspace);
        assert_eq!(line.text(), left);
    }
}

#[test]
fn what_a_guard_does() {
    let mut line = Line::new(TypedField::Host, Vietnamese);
    type_text(&mut line, "chij thar");
    assert_eq!(line.text(), "Chị thả");
    line.handle_key(Key::Layout(Layout::Digits));
    line.handle_key(Key::Layout(Layout::Vietnamese));
    type_text(&mut line, "o");
    assert_eq!(line.text(), "Chị thảo");

    line.set_language(Lao);
    assert_eq!((line.layout(), line.telex(), line.shift()), (Layout::Lao, false, false));
    assert_eq!(line.handle_key(Key::Telex), Typed::Ignored);
    type_text(&mut line, " ss ບຸນ");
    assert_eq!(line.text(), "Chị thảo ss ບຸນ");

    line.set_language(English);
    assert_eq!((line.layout(), line.telex()), (Layout::Latin, false));
    type_text(&mut line, " aa");

    line.set_language(Vietnamese);
    assert_eq!((line.layout(), line.telex()), (Layout::Vietnamese, true));
    type_text(&mut line, "n");
    assert_eq!(line.text(), "Chị thảo ss ບຸນ aan");
    for _ in 0..4 {
        line.handle_key(Key::Backspace);
    }
    line.handle_key(Key::Telex);
    assert!(!line.telex());
    type_text(&mut line, " aas");
    line.handle_key(Key::Telex);
    type_text(&mut line, " naam");
    assert_eq!(line.finished(), "Chị thảo ss ບຸນ aas nâm");
}

#[test]
fn spaces_are_single_and_never_lead() {
    let mut line = Line::new(TypedField::Name, Vietnamese);
    assert_eq!(line.handle_key(Key::Char(' ')), Typed::Ignored);
    type_text(&mut line, "an");
    assert_eq!(line.handle_key(Key::Char(' ')), Typed::Changed);
    assert_eq!(line.handle_key(Key::Char(' ')), Typed::Ignored);
    assert_eq!((line.text(), line.finished().as_str()), ("An ", "An"));
}

#[test]
fn only_sensible_characters_are_taken() {
    for (field, refused) in [
        (TypedField::Name, "1/,;\u{7f}\t\n\u{0}😀\u{200d}\u{202e}\u{e000}"),
        (TypedField::Plate, "/,'!\r"),
        (TypedField::Unit, "\u{1b}!<>\""),
    ] {
        let mut line = Line::new(field, Vietnamese);
        for c in refused.chars() {
            assert_eq!(line.handle_key(Key::Char(c)), Typed::Ignored, "{c:?}");
        }
        assert_eq!(line.text(), "");
    }
    let mut line = Line::new(TypedField::Name, Vietnamese);
    assert_eq!(line.handle_key(Key::Char('\u{301}')), Typed::Ignored);
    type_text(&mut line, "nguye\u{302}\u{303}n");
    assert_eq!(line.text(), "Nguyễn");
    type_text(&mut line, &"\u{316}".repeat(9));
    assert_eq!(line.text().chars().count(), 9);
}

#[test]
fn a_plate_is_all_capitals_and_never_telex() {
    let mut line = Line::new(TypedField::Plate, Vietnamese);
    assert_eq!((line.layout(), line.telex(), line.shift()), (Layout::Digits, false, true));
    assert_eq!(line.handle_key(Key::Telex), Typed::Ignored);
    type_text(&mut line, "74-aa 123.45");
    assert_eq!(line.handle_key(Key::Tone(Tone::Acute)), Typed::Ignored);
    assert_eq!(line.text(), "74-AA 123.45");
    type_text(&mut line, "đ67");
    assert_eq!(line.handle_key(Key::Char('8')), Typed::Full);
    assert_eq!(line.text(), "74-AA 123.45Đ67");
}

#[test]
fn a_full_line_still_takes_tones_and_backspace() {
    let mut line = Line::new(TypedField::Name, Vietnamese);
    type_text(&mut line, &"Anh ".repeat(14));
    type_text(&mut line, "Minh");
    assert_eq!(line.text().chars().count(), line.chars_max());
    assert_eq!(line.handle_key(Key::Char('t')), Typed::Full);
    assert_eq!(line.handle_key(Key::Tone(Tone::Tilde)), Typed::Changed);
    assert!(line.text().ends_with(" Mĩnh"));
    assert_eq!(line.handle_key(Key::Char('s')), Typed::Changed);
    assert!(line.text().ends_with(" Mính"));
    assert_eq!(line.handle_key(Key::Backspace), Typed::Changed);
}

#[test]
fn a_line_is_typed_on() {
    let mut line = Line::with_text(TypedField::Name, Vietnamese, " Hồ  Thi 3\n");
    assert_eq!(line.text(), "Hồ Thi");
    type_text(&mut line, "j");
    assert_eq!(line.text(), "Hồ Thị");
    let line = Line::with_text(TypedField::Plate, English, &"74a-1".repeat(9));
    assert_eq!(line.text(), "74A-174A-174A-1");
}

#[test]
fn debug_shows_nothing() {
    let line = Line::with_text(TypedField::Name, Vietnamese, "Hồ Thị Thương");
    assert_eq!(format!("{line:?}"), "Line(Name, 13 characters)");
}

fn typed(field: TypedField, keys: &str) -> String {
    let mut line = Line::new(field, Vietnamese);
    type_text(&mut line, keys);
    line.text().to_owned()
}

fn type_text(line: &mut Line, keys: &str) {
    for c in keys.chars() {
        line.handle_key(Key::Char(c));
    }
}

/// Lower case, capitalised, upper case.
fn cases(syllable: &str) -> [String; 3] {
    let mut letters = syllable.chars();
    let capitalised = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters);
    [syllable.to_owned(), capitalised.collect(), syllable.to_uppercase()]
}

/// The keys of a syllable in Telex, in the case of its letters.
fn telex(syllable: &str, habit: Habit) -> String {
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
    let base = parts.next().unwrap();
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
fn row_keys(syllable: &str, inline: bool) -> Vec<Key> {
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

mod any_keys {
    use super::*;
    use kiosk::domain::name::{fold, mask, same_person_name, tidy, words};
    use kiosk::domain::phone::Phone;
    use kiosk::domain::plate;
    use proptest::prelude::*;

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
        let telex_letter =
            prop::sample::select("aeiouywdsfrxjzgnhtAEOWDS".chars().collect::<Vec<_>>());
        let row_letter =
            prop::sample::select("âăêôơưđÂĐ -.'ບຸ້ນéüç\u{301}\u{323}".chars().collect::<Vec<_>>());
        let layout = prop::sample::select(vec![
            Layout::Vietnamese,
            Layout::Latin,
            Layout::Lao,
            Layout::Digits,
        ]);
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

        #[test]
        fn tidying_and_folding_are_idempotent(text in any::<String>()) {
            prop_assert_eq!(tidy(&tidy(&text)), tidy(&text));
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
            prop_assert_eq!(fold(&tidy(&text)), fold(&text));
            prop_assert_eq!(plate::fold(&plate::fold(&text)), plate::fold(&text));
            prop_assert!(words(&fold(&text)).all(|word| !word.is_empty()));
            prop_assert!(same_person_name(&text, &tidy(&text)));
        }

        #[test]
        fn a_mask_shows_first_letters_and_the_last_word(text in "\\PC{0,40}|[a-zA-Zăâđêôơưộ ]{0,40}") {
            let tidied = tidy(&text);
            let shown: Vec<&str> = tidied.split(' ').filter(|word| !word.is_empty()).collect();
            let masked = mask(&text);
            let hidden: Vec<&str> = masked.split(' ').filter(|word| !word.is_empty()).collect();
            prop_assert_eq!(shown.len(), hidden.len());
            for (place, (word, hidden)) in shown.iter().zip(&hidden).enumerate() {
                if place > 0 && place + 1 == shown.len() {
                    prop_assert_eq!(word, hidden);
                } else {
                    let first = hidden.strip_suffix("••").unwrap();
                    prop_assert!(word.starts_with(first));
                    let bases = first.chars().skip(1);
                    prop_assert!(bases.into_iter().all(unicode_normalization::char::is_combining_mark));
                }
            }
        }

        #[test]
        fn any_text_is_a_phone_or_told_why_not(text in any::<String>()) {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert_eq!(Phone::parse(phone.digits()), Ok(phone.clone()));
            }
            if let Ok(kept) = plate::normalise(&text) {
                prop_assert_eq!(plate::normalise(&kept), Ok(kept));
            }
        }

        #[test]
        fn numbers_keep_one_spelling(text in "(\\+|00|0)?[0-9 .()-]{0,20}") {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert!(phone.digits().starts_with('0'));
                prop_assert!((10..=17).contains(&phone.digits().len()));
                prop_assert_eq!(Phone::parse(phone.digits()), Ok(phone.clone()));
            }
        }
    }
}
