//! What a key of a physical keyboard asks for.

use slint::platform;

use crate::domain::touch::{Key, Touch};

/// The touches that stand for the text Slint reports for one key press. Keys that write nothing,
/// such as the arrows, give none.
pub(super) fn touches(text: &str) -> impl Iterator<Item = Touch> {
    text.chars().filter_map(touch)
}

fn touch(sign: char) -> Option<Touch> {
    if sign == char::from(platform::Key::Backspace) {
        Some(Touch::Key(Key::Backspace))
    } else if sign == char::from(platform::Key::Return) {
        Some(Touch::Next)
    } else if sign == char::from(platform::Key::Escape) {
        Some(Touch::Back)
    } else if writes(sign) {
        Some(Touch::Key(Key::Char(sign)))
    } else {
        None
    }
}

/// Slint gives keys without a letter a control character, or one of the private use area.
fn writes(sign: char) -> bool {
    !sign.is_control() && !('\u{E000}'..='\u{F8FF}').contains(&sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(key: platform::Key) -> Vec<Touch> {
        touches(&slint::SharedString::from(key)).collect()
    }

    #[test]
    fn keys_that_write_and_keys_that_act() {
        assert_eq!(touches("đ").collect::<Vec<_>>(), [Touch::Key(Key::Char('đ'))]);
        assert_eq!(touches(" ").collect::<Vec<_>>(), [Touch::Key(Key::Char(' '))]);
        assert_eq!(of(platform::Key::Backspace), [Touch::Key(Key::Backspace)]);
        assert_eq!(of(platform::Key::Return), [Touch::Next]);
        assert_eq!(of(platform::Key::Escape), [Touch::Back]);
    }

    #[test]
    fn keys_that_write_nothing_are_silent() {
        for key in
            [platform::Key::LeftArrow, platform::Key::F1, platform::Key::Shift, platform::Key::Tab]
        {
            assert_eq!(of(key), []);
        }
    }
}
