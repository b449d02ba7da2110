//! From a finger to a [`Touch`]. Which touches make sense is decided elsewhere.

use std::rc::Rc;

use slint::ComponentHandle;

use super::super::generated as glass;
use super::{exposures, keys};
use crate::domain::language::Language;
use crate::domain::site::PhoneMake;
use crate::domain::touch::{Key, Tone, Touch};
use crate::domain::visit::VisitId;
use crate::view::{Layout, Scheme};

pub(super) type Send = Rc<dyn Fn(Touch)>;

/// Calls `on_touch` with everything that is touched or typed from now on.
pub fn connect(app: &glass::App, on_touch: impl Fn(Touch) + 'static) {
    let send: Send = Rc::new(on_touch);
    frame(&app.global(), &send);
    entrance(app, &send);
    typing(&app.global(), &send);
    digits(app, &send);
    visit(&app.global(), &send);
    ending(app, &send);
    guard(&app.global(), &send);
    radio(&app.global(), &send);
    exposures::connect(app, &send);
    app.global::<glass::HeldAdapter<'_>>().on_next(always(&send, Touch::Next));
}

/// A callback that sends `touch`.
pub(super) fn always(send: &Send, touch: Touch) -> impl Fn() + 'static + use<> {
    let send = Rc::clone(send);
    move || send(touch)
}

/// A callback that sends what `touch` makes of its argument, if anything.
pub(super) fn with<A: 'static>(
    send: &Send,
    touch: impl Fn(A) -> Option<Touch> + 'static,
) -> impl Fn(A) + 'static {
    let send = Rc::clone(send);
    move |argument| {
        if let Some(touch) = touch(argument) {
            send(touch);
        }
    }
}

/// The one letter on a key.
fn letter(text: impl AsRef<str>) -> Option<Touch> {
    text.as_ref().chars().next().map(|letter| Touch::Key(Key::Char(letter)))
}

/// A touch about the visit of a row.
fn about(touch: impl Fn(VisitId) -> Touch + 'static) -> impl Fn(i32) -> Option<Touch> + 'static {
    move |visit| u32::try_from(visit).ok().map(|visit| touch(VisitId(visit)))
}

fn frame(adapter: &glass::FrameAdapter<'_>, send: &Send) {
    adapter.on_speak(with(send, |tongue| {
        Some(Touch::Language(match tongue {
            glass::Tongue::Vi => Language::Vietnamese,
            glass::Tongue::En => Language::English,
            glass::Tongue::Lo => Language::Lao,
        }))
    }));
    adapter.on_toggle_large_text(always(send, Touch::LargeText));
    adapter.on_go_back(always(send, Touch::Back));
    adapter.on_still_here(always(send, Touch::StillHere));
    adapter.on_show_install(always(send, Touch::ShowInstall));
    adapter.on_open_guard(always(send, Touch::Guard));
    let send = Rc::clone(send);
    adapter.on_key_pressed(move |text| keys::touches(&text).for_each(|touch| send(touch)));
}

fn entrance(app: &glass::App, send: &Send) {
    let welcome = app.global::<glass::WelcomeAdapter<'_>>();
    welcome.on_enter(always(send, Touch::Enter));
    welcome.on_leave(always(send, Touch::Leave));
    welcome.on_show_notice(always(send, Touch::ShowNotice));
    let identify = app.global::<glass::IdentifyAdapter<'_>>();
    identify.on_by_phone(always(send, Touch::ByPhone));
    identify.on_by_name(always(send, Touch::ByName));
}

fn typing(adapter: &glass::TypingAdapter<'_>, send: &Send) {
    adapter.on_letter(with(send, letter));
    adapter.on_tone(with(send, |tone| {
        Some(Touch::Key(Key::Tone(match tone {
            glass::Tone::Acute => Tone::Acute,
            glass::Tone::Grave => Tone::Grave,
            glass::Tone::HookAbove => Tone::HookAbove,
            glass::Tone::Tilde => Tone::Tilde,
            glass::Tone::DotBelow => Tone::DotBelow,
        })))
    }));
    adapter.on_take_back(always(send, Touch::Key(Key::Backspace)));
    adapter.on_toggle_shift(always(send, Touch::Key(Key::Shift)));
    adapter.on_toggle_telex(always(send, Touch::Key(Key::Telex)));
    adapter.on_show(with(send, |layout| {
        Some(Touch::Key(Key::Layout(match layout {
            glass::Layout::Vietnamese => Layout::Vietnamese,
            glass::Layout::Latin => Layout::Latin,
            glass::Layout::Lao => Layout::Lao,
            glass::Layout::LaoMore => Layout::LaoMore,
            glass::Layout::Digits => Layout::Digits,
        })))
    }));
    adapter.on_next(always(send, Touch::Next));
}

fn digits(app: &glass::App, send: &Send) {
    let phone = app.global::<glass::PhoneAdapter<'_>>();
    phone.on_digit(with(send, letter));
    phone.on_take_back(always(send, Touch::Key(Key::Backspace)));
    phone.on_next(always(send, Touch::Next));
    phone.on_it_is_me(always(send, Touch::ItIsMe));
    phone.on_it_is_not_me(always(send, Touch::ItIsNotMe));
    let leave = app.global::<glass::LeaveAdapter<'_>>();
    leave.on_digit(with(send, letter));
    leave.on_take_back(always(send, Touch::Key(Key::Backspace)));
    leave.on_next(always(send, Touch::Next));
    let pin = app.global::<glass::PinAdapter<'_>>();
    pin.on_digit(with(send, letter));
    pin.on_take_back(always(send, Touch::Key(Key::Backspace)));
    pin.on_next(always(send, Touch::Next));
}

fn visit(adapter: &glass::VisitAdapter<'_>, send: &Send) {
    adapter.on_host(with(send, |place| u8::try_from(place).ok().map(Touch::Host)));
    adapter.on_type_host(always(send, Touch::OtherHost));
    adapter.on_purpose(with(send, |place| u8::try_from(place).ok().map(Touch::Purpose)));
    adapter.on_type_purpose(always(send, Touch::OtherPurpose));
    adapter.on_more_companions(always(send, Touch::MoreCompanions));
    adapter.on_fewer_companions(always(send, Touch::FewerCompanions));
    adapter.on_edit_name(always(send, Touch::EditName));
    adapter.on_edit_plate(always(send, Touch::EditPlate));
    adapter.on_edit_unit(always(send, Touch::EditUnit));
    adapter.on_edit_phone(always(send, Touch::EditPhone));
    adapter.on_next(always(send, Touch::Next));
}

fn ending(app: &glass::App, send: &Send) {
    let install = app.global::<glass::InstallAdapter<'_>>();
    install.on_no_phone(always(send, Touch::NoPhone));
    install.on_later(always(send, Touch::Later));
    install.on_android(always(send, Touch::InstallFor(PhoneMake::Android)));
    install.on_install(always(send, Touch::ShowInstall));
    install.on_corona_warn(always(send, Touch::VenueCode(Scheme::CoronaWarnApp)));
    install.on_crowd_notifier(always(send, Touch::VenueCode(Scheme::CrowdNotifier)));
    install.on_iphone(always(send, Touch::InstallFor(PhoneMake::Iphone)));
    app.global::<glass::DoneAdapter<'_>>().on_next(always(send, Touch::Next));
}

fn guard(adapter: &glass::GuardAdapter<'_>, send: &Send) {
    adapter.on_write(always(send, Touch::GuardWrite));
    adapter.on_search(always(send, Touch::GuardSearch));
    adapter.on_show_all(always(send, Touch::GuardShowAll));
    adapter.on_send_out(with(send, about(Touch::GuardSendOut)));
    adapter.on_correct(with(send, about(Touch::GuardCorrect)));
    adapter.on_erase(with(send, about(Touch::GuardErase)));
    adapter.on_sweep(always(send, Touch::GuardSweep));
    adapter.on_yes(always(send, Touch::GuardYes));
    adapter.on_no(always(send, Touch::GuardNo));
    adapter.on_next_page(always(send, Touch::GuardNextPage));
    adapter.on_previous_page(always(send, Touch::GuardPreviousPage));
    adapter.on_open_gate(always(send, Touch::GuardOpenGate));
    adapter.on_lock(always(send, Touch::GuardLock));
}

fn radio(adapter: &glass::RadioAdapter<'_>, send: &Send) {
    adapter.on_open(always(send, Touch::GuardRadio));
    adapter.on_calibrate(always(send, Touch::GuardCalibrate));
    adapter.on_ignore_phone(always(send, Touch::GuardIgnorePhone));
    adapter.on_checks(always(send, Touch::GuardChecks));
}
