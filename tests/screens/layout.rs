//! Where things stand on the glass: nothing beyond it, nothing too small, nothing over another.

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use kiosk::domain::language::Language;
use kiosk::ui::snapshot::Size;
use kiosk::ui::tour::stops;
use kiosk::view::Screen;
use slint::platform::PointerEventButton;

use super::{BEHIND_THE_PIN, Glass};

/// A guard's finger hits 60 pixels, and on a line of the list of the smallest display 58. The keys of
/// the keyboard, five rows of them, are as high there as a visitor's.
#[test]
fn each_control_of_the_guards_desk_is_high_enough() {
    let glass = Glass::open();
    for size in Size::ALL {
        let off_the_keyboard = BEHIND_THE_PIN.iter().filter(|(stop, ..)| *stop != "reason");
        for (stop, label, touch) in off_the_keyboard {
            let of_a_line = *label == "Send out" && size.height == 480;
            let half = if of_a_line { 28.5 } else { 29.5 };
            for down in [-half, half] {
                glass.show_stop(stop, Language::English, size);
                let place = format!("{label:?} on {stop} {size:?}, {down} from its middle");
                assert_eq!(glass.tap_beside(label, down), [*touch], "{place}");
            }
        }
    }
}

/// Every screen in every language at every size: nothing lies beyond the glass, nothing that is
/// to be touched is too small for a finger.
#[test]
fn every_control_lies_on_the_glass() {
    let glass = Glass::open();
    for size in Size::ALL.into_iter().chain(OTHER_DISPLAYS) {
        for language in Language::ALL {
            for stop in stops(language) {
                glass.show(&stop.view, size);
                let place = format!("{} {language:?} {}×{}", stop.name, size.width, size.height);
                for role in [AccessibleRole::Button, AccessibleRole::Text] {
                    let found = ElementQuery::from_root(&glass.app)
                        .match_descendants()
                        .match_accessible_role(role)
                        .find_all();
                    assert!(!found.is_empty(), "{place}: nothing was found");
                    for element in found {
                        on_the_glass(&element, size, &place);
                    }
                }
            }
        }
    }
}

/// What a hand is to do about the radio stands beside the guard's key, not under it.
#[test]
fn the_words_for_the_guard_end_before_the_key() {
    let glass = Glass::open();
    let find = |role| {
        ElementQuery::from_root(&glass.app)
            .match_descendants()
            .match_accessible_role(role)
            .find_all()
    };
    let mut seen = 0;
    for size in Size::ALL.into_iter().chain(OTHER_DISPLAYS) {
        for language in Language::ALL {
            let stops = stops(language).into_iter();
            for stop in stops.filter(|stop| stop.name.starts_with("welcome-radio")) {
                glass.show(&stop.view, size);
                let y = |element: &ElementHandle| element.absolute_position().y;
                let keys = find(AccessibleRole::Button).into_iter();
                let key = keys.max_by(|one, other| y(one).total_cmp(&y(other))).unwrap();
                let at = key.absolute_position();
                for words in find(AccessibleRole::Text) {
                    let (from, extent) = (words.absolute_position(), words.size());
                    let beside = from.y + extent.height > at.y && from.x < at.x;
                    seen += usize::from(beside);
                    let about = format!("{} {language:?} {size:?}", stop.name);
                    assert!(!beside || from.x + extent.width <= at.x, "{about}");
                }
            }
        }
    }
    assert!(seen > 100, "{seen} words were looked at");
}

/// Displays that the screens were not drawn for and that are on sale.
const OTHER_DISPLAYS: [Size; 3] = [
    Size { width: 1024, height: 600 },
    Size { width: 1920, height: 1080 },
    Size { width: 600, height: 1024 },
];

/// At every size, whatever can be touched is reached by a finger on its middle: nothing lies over it.
#[test]
fn nothing_lies_over_a_control() {
    let glass = Glass::open();
    let mut tried = 0;
    for size in Size::ALL.into_iter().chain(OTHER_DISPLAYS) {
        for stop in stops(Language::Vietnamese) {
            // A question or a notice stands before everything else.
            if stop.view.still_there
                || matches!(&stop.view.screen, Screen::Guard(guard)
                    if guard.question.is_some() || guard.health.is_some())
            {
                continue;
            }
            glass.show(&stop.view, size);
            let buttons: Vec<_> = ElementQuery::from_root(&glass.app)
                .match_descendants()
                .match_accessible_role(AccessibleRole::Button)
                .find_all();
            for button in buttons {
                // In this order a line that opens under the finger is closed again.
                button.mock_single_click(PointerEventButton::Left);
                let reached = glass.touched.take();
                button.invoke_accessible_default_action();
                let meant = glass.touched.take();
                let label = button.accessible_label().unwrap_or_default();
                assert_eq!(
                    reached, meant,
                    "{label:?} on {} {}×{}",
                    stop.name, size.width, size.height
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 1_000, "{tried} controls were tried");
}

fn on_the_glass(element: &ElementHandle, size: Size, place: &str) {
    let (from, extent) = (element.absolute_position(), element.size());
    let label = element.accessible_label().unwrap_or_default();
    let (width, height) = (
        f32::from(u16::try_from(size.width).unwrap()),
        f32::from(u16::try_from(size.height).unwrap()),
    );
    let about = format!("{place}: {label:?} at {from:?}, {extent:?}");
    assert!(from.x >= -0.5 && from.y >= -0.5, "{about}");
    assert!(from.x + extent.width <= width + 0.5, "{about}");
    assert!(from.y + extent.height <= height + 0.5, "{about}");
    if element.accessible_role() == Some(AccessibleRole::Button) {
        assert!(extent.width >= 28.0 && extent.height >= 28.0, "{about}");
        assert!(!label.is_empty(), "{about}");
    }
}
