//! Any text at all through what the book does with names, phone numbers and plates.

use kiosk::domain::name::{fold, mask, same_person_name, tidy, words};
use kiosk::domain::phone::Phone;
use kiosk::domain::plate;
use proptest::prelude::*;
use unicode_normalization::char::is_combining_mark;

#[test]
fn marks_find_their_order_when_signs_between_them_go() {
    let odd = "\u{1e023}﹔\u{f71}";
    assert_eq!(plate::fold(&plate::fold(odd)), plate::fold(odd));
    let odd = "\u{1e023}\u{34f}\u{f71}";
    assert_eq!(fold(&fold(odd)), fold(odd));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

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
                                prop_assert!(first.chars().skip(1).all(is_combining_mark));
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
