//! Who may choose the PINs: whoever stands at the screen while there are none, and nobody there any
//! more once they were lost with a damaged book; then `kiosk choose-pins` does.

use super::*;
use kiosk::command::choose_pins::choose;
use kiosk::domain::logbook::By;
use kiosk::domain::moment::{Mono, Now};
use kiosk::domain::request::{Digits, Role};

const ADMINISTRATOR: &str = "864209";
const GUARD: &str = "137900";

/// What the command says to two lines, and why it did nothing.
fn typed(place: &Place, lines: &str) -> Result<String, String> {
    let now = Now { mono: Mono::default(), wall: OPTIONS.wall, wall_trusted: true };
    let mut out = Vec::new();
    choose(&place.path(), now, &mut lines.as_bytes(), &mut out)
        .map(|()| String::from_utf8(out).unwrap())
        .map_err(|error| format!("{error:#}"))
}

fn role_of(book: &mut Book, pin: &str) -> Option<Role> {
    match book.answer(Request::CheckPin(Digits(pin.into()))) {
        Reply::PinChecked(role) => role,
        other => panic!("{other:?}"),
    }
}

#[test]
fn until_they_are_chosen_they_can_be_also_after_the_first_visits() {
    let place = Place::new();
    let mut book = place.book();
    append(&mut book, check_in(1, person("Lương Thử")));
    drop(book);
    assert_eq!(place.open().1.pins, PinState::ToChoose);
}

#[test]
fn with_a_damaged_book_they_are_lost_however_little_was_saved() {
    let place = Place::new();
    std::fs::write(place.path(), "scribble".repeat(2_000)).unwrap();
    for _ in 0..2 {
        let (_, opened) = place.open();
        assert_eq!((opened.entries.len(), opened.pins), (0, PinState::Lost));
    }
    // Also when the damaged one is no longer there.
    for name in place.files().into_iter().filter(|name| name.contains("damaged")) {
        std::fs::remove_file(place.directory.path().join(name)).unwrap();
    }
    let (mut book, opened) = place.open();
    assert_eq!(opened.pins, PinState::Lost);
    assert_eq!(role_of(&mut book, ""), None);
}

#[test]
fn the_command_chooses_them_anew_and_the_book_says_so() {
    let place = Place::new();
    let mut book = place.book();
    let digits = |pin: &str| Digits(pin.into());
    book.answer(Request::SetPins { administrator: digits("99999"), guard: digits("88888") });
    append(&mut book, check_in(1, person("Lương Thử")));
    let in_use = typed(&place, "864209\n137900\n").unwrap_err();
    assert!(in_use.contains("in use by another kiosk: stop that one first"), "{in_use}");
    assert_eq!(role_of(&mut book, "99999"), Some(Role::Administrator));
    drop(book);

    let said = typed(&place, "864209\r\n137900\n").unwrap();
    assert_eq!(
        said,
        "the administrator's PIN, 6 to 12 digits: the guards' PIN, 6 to 12 digits: \
         the PINs are kept\n"
    );
    let (mut book, opened) = place.open();
    assert_eq!(opened.pins, PinState::Set);
    assert_eq!(role_of(&mut book, ADMINISTRATOR), Some(Role::Administrator));
    assert_eq!(role_of(&mut book, GUARD), Some(Role::Guard));
    assert_eq!(role_of(&mut book, "99999"), None);
    let last = book.entries().unwrap().pop().unwrap();
    assert_eq!(last.public.event, Event::PinsChosen { by: By::CommandLine });
    assert_eq!((last.personal, book.verify().unwrap().broken), (None, None));
}

#[test]
fn pins_that_will_not_do_change_nothing() {
    let place = Place::new();
    assert!(typed(&place, "864209\n137900\n").unwrap_err().contains("does not exist yet"));
    drop(place.book());
    for lines in ["", "864209\n", "12\n137900\n", "86420x\n137900\n", "864209\n864209\n"] {
        let refused = typed(&place, lines).unwrap_err();
        assert!(refused.starts_with("take the "), "{refused}");
        assert!(!refused.contains("8642"), "a PIN is shown: {refused}");
    }
    assert_eq!(place.open().1.pins, PinState::ToChoose);
}
