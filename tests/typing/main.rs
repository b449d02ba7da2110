//! Typing as people do it: a corpus of Vietnamese names in Telex and on the tone row, foreign and
//! Lao names left alone, mistakes taken back, and any keys at all.

mod any_keys;
mod corpus;
mod keys;

use corpus::{FOREIGN_CHANGED, FOREIGN_KEPT, SYLLABLES};
use keys::{Habit, cases, row_keys, telex};
use kiosk::domain::language::Language::{English, Lao, Vietnamese};
use kiosk::domain::touch::{Key, Tone};
use kiosk::domain::typing::{Line, Typed};
use kiosk::view::{Layout, TypedField};

#[test]
fn every_syllable_comes_out_in_telex() {
    let mut count = 0;
    for syllable in SYLLABLES.split_whitespace() {
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
    assert!(count >= 150 * 3 * 3, "the corpus has shrunk: {count}");
}

#[test]
fn every_syllable_comes_out_of_the_tone_row() {
    for syllable in SYLLABLES.split_whitespace() {
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
    for name in FOREIGN_KEPT.split_whitespace() {
        assert_eq!(typed(TypedField::Search, name), name);
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
