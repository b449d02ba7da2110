//! The screens without a display, touched by accessible label: each control sends its touch, and
//! ([`layout`]) every control of every screen lies on the glass and is large enough. What a touch
//! leads to is tested in the domain.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that finds no control should fail")]

mod layout;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use i_slint_backend_testing::{
    AccessibleRole, ElementHandle, TestingBackend, TestingBackendOptions, mock_elapsed_time,
};
use kiosk::domain::exposure::published::ReportKind;
use kiosk::domain::exposure::trace::Trace;
use kiosk::domain::exposure::windows::ExposureId;
use kiosk::domain::language::Language;
use kiosk::domain::moment::Wall;
use kiosk::domain::network::Network;
use kiosk::domain::touch::{Key, Tone, Touch};
use kiosk::domain::visit::VisitId;
use kiosk::ui::snapshot::Size;
use kiosk::ui::tour::stops;
use kiosk::ui::{App, bridge};
use kiosk::view::{Layout, Scheme, View};
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle, PhysicalSize};

const DESK: Size = Size { width: 1280, height: 800 };

/// The screens of one test, and what was touched on them.
struct Glass {
    app: App,
    touched: Rc<RefCell<Vec<Touch>>>,
}

impl Glass {
    fn open() -> Self {
        let backend = TestingBackend::new(TestingBackendOptions {
            mock_time: true,
            threading: false,
            renderer_name: Some("software".into()),
        });
        slint::platform::set_platform(Box::new(backend)).unwrap();
        let app = bridge::open().unwrap();
        let touched = Rc::new(RefCell::new(Vec::new()));
        let sink = Rc::clone(&touched);
        bridge::connect(&app, move |touch| sink.borrow_mut().push(touch));
        app.show().unwrap();
        Self { app, touched }
    }

    fn show(&self, view: &View, size: Size) {
        self.app.window().set_size(PhysicalSize::new(size.width, size.height));
        bridge::show(&self.app, view);
        mock_elapsed_time(Duration::ZERO);
    }

    fn show_stop(&self, name: &str, language: Language, size: Size) {
        let stop = stops(language).into_iter().find(|stop| stop.name == name).unwrap();
        self.show(&stop.view, size);
    }

    fn button(&self, label: &str) -> ElementHandle {
        ElementHandle::find_by_accessible_label(&self.app, label)
            .find(|element| element.accessible_role() == Some(AccessibleRole::Button))
            .unwrap_or_else(|| panic!("no button {label:?}"))
    }

    fn tap(&self, label: &str) -> Vec<Touch> {
        self.button(label).mock_single_click(PointerEventButton::Left);
        self.touched.take()
    }

    /// Touches the glass so many pixels under the middle of a control, or above it.
    fn tap_beside(&self, label: &str, down: f32) -> Vec<Touch> {
        let (from, extent) = (self.button(label).absolute_position(), self.button(label).size());
        let position = slint::LogicalPosition::new(
            from.x + extent.width / 2.0,
            from.y + extent.height / 2.0 + down,
        );
        let button = PointerEventButton::Left;
        for event in [
            WindowEvent::PointerMoved { position },
            WindowEvent::PointerPressed { position, button },
            WindowEvent::PointerReleased { position, button },
        ] {
            self.app.window().dispatch_event(event);
        }
        self.touched.take()
    }

    fn press_key(&self, text: impl Into<slint::SharedString>) -> Vec<Touch> {
        self.app.window().dispatch_event(WindowEvent::KeyPressed { text: text.into() });
        self.touched.take()
    }
}

#[test]
fn each_control_sends_its_touch() {
    let glass = Glass::open();
    let key = |letter| Touch::Key(Key::Char(letter));
    for (stop, label, touch) in [
        ("welcome", "Enter the office", Touch::Enter),
        ("welcome", "Leave", Touch::Leave),
        ("welcome", "Read the whole notice", Touch::ShowNotice),
        ("welcome", "I do not have Bluezone yet", Touch::ShowInstall),
        ("welcome", "Guard", Touch::Guard),
        ("welcome", "Larger letters", Touch::LargeText),
        ("welcome", "Tiếng Việt", Touch::Language(Language::Vietnamese)),
        ("welcome", "English", Touch::Language(Language::English)),
        ("welcome", "ລາວ", Touch::Language(Language::Lao)),
        ("notice", "I have read it", Touch::Back),
        ("identify", "Back", Touch::Back),
        ("identify", "Enter my phone number", Touch::ByPhone),
        ("identify", "Enter my full name", Touch::ByName),
        ("still-there", "Yes, I am here", Touch::StillHere),
        ("phone", "5", key('5')),
        ("phone", "Take back", Touch::Key(Key::Backspace)),
        ("phone", "Continue", Touch::Next),
        ("phone-recalled", "That is me", Touch::ItIsMe),
        ("phone-recalled", "Not me", Touch::ItIsNotMe),
        ("visit", "Education office", Touch::Host(2)),
        ("visit", "Somebody else…", Touch::OtherHost),
        ("visit", "Meeting", Touch::Purpose(1)),
        ("visit", "Something else…", Touch::OtherPurpose),
        ("visit", "One companion more", Touch::MoreCompanions),
        ("visit", "One companion fewer", Touch::FewerCompanions),
        ("visit", "Number plate (if any)", Touch::EditPlate),
        ("visit", "Phone number (if any)", Touch::EditPhone),
        ("visit-all-asked", "Your unit or address (if any)", Touch::EditUnit),
        ("visit-correction", "Correct the name", Touch::EditName),
        ("visit", "Finish", Touch::Next),
        ("visit-not-seen", "Show how to install Bluezone", Touch::ShowInstall),
        ("install", "I have no\nsmartphone", Touch::NoPhone),
        ("install", "Later,\ngo on signing in", Touch::Later),
        ("venue", "Bluezone", Touch::ShowInstall),
        ("venue", "Corona-Warn", Touch::VenueCode(Scheme::CoronaWarnApp)),
        ("venue", "NotifyMe", Touch::VenueCode(Scheme::CrowdNotifier)),
        ("done", "Next visitor", Touch::Next),
        ("left", "Next visitor", Touch::Next),
        ("leave", "0", key('0')),
        ("leave", "Sign out", Touch::Next),
        ("fault", "Guard", Touch::Guard),
        ("pin", "1", key('1')),
        ("pin", "Continue", Touch::Next),
    ] {
        glass.show_stop(stop, Language::English, DESK);
        assert_eq!(glass.tap(label), [touch], "{label:?} on {stop}");
    }
}

/// The first of the tour's health notices.
const MONDAY: ExposureId = ExposureId {
    trace: Trace::Phone(Network::Gaen),
    day: Wall(1_763_917_200),
    report: ReportKind::ConfirmedTest,
};

/// What can be touched behind the PIN: the stop of the tour, the label, what it sends.
const BEHIND_THE_PIN: &[(&str, &str, Touch)] = &[
    ("guard", "+ Write down", Touch::GuardWrite),
    ("guard", "Find", Touch::GuardSearch),
    ("guard", "Open gate", Touch::GuardOpenGate),
    ("guard", "Sign all out", Touch::GuardSweep),
    ("guard", "Lock the screen", Touch::GuardLock),
    ("guard", "Bluetooth radio", Touch::GuardRadio),
    ("radio", "Calibrate the distance", Touch::GuardCalibrate),
    ("radio", "Ignore the guard's phone", Touch::GuardIgnorePhone),
    ("radio", "Check everything", Touch::GuardChecks),
    ("radio", "Lock the screen", Touch::GuardLock),
    ("radio", "Back", Touch::Back),
    ("calibrate", "Back", Touch::Back),
    ("calibrate-done", "Good", Touch::Next),
    ("calibrate-too-few", "Try again", Touch::Next),
    ("ignore-done", "Good", Touch::Next),
    ("ignore-nobody", "Try again", Touch::Next),
    ("checks", "Back", Touch::Back),
    ("guard", "Send out", Touch::GuardSendOut(VisitId(28))),
    ("guard-found", "Show everybody inside", Touch::GuardShowAll),
    ("guard-found", "Next page", Touch::GuardNextPage),
    ("guard-found", "Page before", Touch::GuardPreviousPage),
    ("guard-erase", "Yes, erase", Touch::GuardYes),
    ("guard-erase", "No, leave it", Touch::GuardNo),
    ("guard-sweep", "Yes, sign out", Touch::GuardYes),
    ("guard", "warnings", Touch::GuardExposures),
    ("health-notice-read", "health notices", Touch::GuardExposures),
    ("health-notice", "Show the days", Touch::GuardExposures),
    ("health-notice", "I have read it", Touch::GuardNoticeRead),
    ("exposures", "Back", Touch::Back),
    ("exposures", "Lock the screen", Touch::GuardLock),
    ("exposures", "Next page", Touch::GuardNextPage),
    ("exposures", "Who was here?", Touch::GuardOverlap(MONDAY)),
    ("exposures", "Passed on", Touch::GuardPassOn(MONDAY)),
    ("exposures", "Write out for the health officer", Touch::GuardExport),
    ("exposures-refused", "Compare now", Touch::GuardMatch),
    ("reason", "Back", Touch::Back),
    ("reason", "Continue", Touch::Next),
    ("overlap", "Back", Touch::Back),
    ("overlap", "Lock the screen", Touch::GuardLock),
    ("overlap", "Next page", Touch::GuardNextPage),
    ("export", "Good", Touch::Next),
];

#[test]
fn each_control_of_the_guards_desk_sends_its_touch() {
    let glass = Glass::open();
    for (stop, label, touch) in BEHIND_THE_PIN {
        glass.show_stop(stop, Language::English, DESK);
        assert_eq!(glass.tap(label), [*touch], "{label:?} on {stop}");
    }
    // What is done rarely is behind a touch on the line.
    glass.show_stop("guard", Language::English, DESK);
    assert_eq!(glass.tap("Bounmy Sisouk"), []);
    assert_eq!(glass.tap("Correct"), [Touch::GuardCorrect(VisitId(26))]);
    assert_eq!(glass.tap("Erase"), [Touch::GuardErase(VisitId(26))]);
}

#[test]
fn each_key_sends_what_stands_on_it() {
    let glass = Glass::open();
    let key = |letter| Touch::Key(Key::Char(letter));
    for (stop, label, touch) in [
        ("name", "q", key('q')),
        ("name", "ư", key('ư')),
        ("name", "sắc", Touch::Key(Key::Tone(Tone::Acute))),
        ("name", "huyền", Touch::Key(Key::Tone(Tone::Grave))),
        ("name", "hỏi", Touch::Key(Key::Tone(Tone::HookAbove))),
        ("name", "ngã", Touch::Key(Key::Tone(Tone::Tilde))),
        ("name", "nặng", Touch::Key(Key::Tone(Tone::DotBelow))),
        ("name", "dấu cách", key(' ')),
        ("name", "Chữ hoa", Touch::Key(Key::Shift)),
        ("name", "Telex", Touch::Key(Key::Telex)),
        ("name", "Chữ số", Touch::Key(Key::Layout(Layout::Digits))),
        ("name", "Xóa một chữ", Touch::Key(Key::Backspace)),
        ("name", "Tiếp tục", Touch::Next),
        ("keys-vietnamese", "Q", key('Q')),
        ("keys-vietnamese", "Đ", key('Đ')),
        ("keys-latin", "1", key('1')),
        ("keys-latin", "ă ê ơ", Touch::Key(Key::Layout(Layout::Vietnamese))),
        ("keys-digits", "@", key('@')),
        ("keys-digits", "Chữ cái", Touch::Key(Key::Layout(Layout::Vietnamese))),
        ("keys-lao", "ກ", key('ກ')),
        ("keys-lao", "້", key('້')),
        ("keys-lao", "Thêm dấu", Touch::Key(Key::Layout(Layout::LaoMore))),
        ("keys-lao", "abc", Touch::Key(Key::Layout(Layout::Latin))),
        ("keys-lao-more", "ໝ", key('ໝ')),
        ("keys-lao-more", "໙", key('໙')),
    ] {
        glass.show_stop(stop, Language::Vietnamese, DESK);
        assert_eq!(glass.tap(label), [touch], "{label:?} on {stop}");
    }
}

#[test]
fn every_lao_letter_has_a_key() {
    let glass = Glass::open();
    // The consonants, vowels and tones of Unicode's Lao block that the standard spelling uses.
    let consonants = "ກຂຄງຈສຊຍດຕຖທນບປຜຝພຟມຢຣລວຫອຮ";
    let signs = "ະັາຳິີຶືຸູົຽເແໂໃໄ່້";
    glass.show_stop("keys-lao", Language::Lao, DESK);
    for letter in consonants.chars().chain(signs.chars()) {
        assert_eq!(glass.tap(&letter.to_string()), [Touch::Key(Key::Char(letter))]);
    }
    glass.show_stop("keys-lao-more", Language::Lao, DESK);
    for letter in "໊໋໌ໍຼໜໝໆຯ໐໑໒໓໔໕໖໗໘໙".chars() {
        assert_eq!(glass.tap(&letter.to_string()), [Touch::Key(Key::Char(letter))]);
    }
}

#[test]
fn a_physical_keyboard_types_on_every_screen() {
    let glass = Glass::open();
    for stop in ["name", "phone", "pin", "welcome"] {
        glass.show_stop(stop, Language::English, DESK);
        assert_eq!(glass.press_key("w"), [Touch::Key(Key::Char('w'))]);
        assert_eq!(glass.press_key(slint::platform::Key::Return), [Touch::Next]);
        assert_eq!(glass.press_key(slint::platform::Key::Escape), [Touch::Back]);
        assert_eq!(glass.press_key(slint::platform::Key::Backspace), [Touch::Key(Key::Backspace)]);
        assert_eq!(glass.press_key(slint::platform::Key::LeftArrow), []);
    }
}

#[test]
fn a_touch_on_a_key_leaves_the_keyboard_working() {
    let glass = Glass::open();
    glass.show_stop("name", Language::English, DESK);
    assert_eq!(glass.tap("q"), [Touch::Key(Key::Char('q'))]);
    assert_eq!(glass.press_key("w"), [Touch::Key(Key::Char('w'))]);
}

#[test]
fn the_language_changes_at_once_and_back() {
    let glass = Glass::open();
    for (language, label) in [
        (Language::English, "Enter the office"),
        (Language::Vietnamese, "Vào cơ quan"),
        (Language::Lao, "ເຂົ້າຫ້ອງການ"),
        (Language::English, "Enter the office"),
    ] {
        glass.show_stop("welcome", language, DESK);
        assert_eq!(glass.tap(label), [Touch::Enter]);
    }
}

#[test]
fn the_kind_of_site_changes_the_words() {
    let glass = Glass::open();
    glass.show_stop("welcome-hotel", Language::Vietnamese, DESK);
    assert_eq!(glass.tap("Vào khách sạn"), [Touch::Enter]);
    glass.show_stop("welcome-market", Language::Vietnamese, DESK);
    assert_eq!(glass.tap("Vào chợ"), [Touch::Enter]);
}

#[test]
fn nothing_under_the_question_can_be_touched() {
    let glass = Glass::open();
    glass.show_stop("still-there", Language::English, DESK);
    assert_eq!(glass.tap("Enter my full name"), [Touch::StillHere]);
    glass.show_stop("guard-sweep", Language::English, DESK);
    assert_eq!(glass.tap("Send out"), []);
}
