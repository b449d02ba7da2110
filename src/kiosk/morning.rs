//! One morning at the gate, as a script for a [`Rehearsal`]: everything a visitor, a guard and an
//! unlucky disk can bring about, each once. The people are invented.

use std::time::Duration;

use super::Input;
use super::rehearsal::{Act, Rehearsal};
use crate::domain::fault::{Fault, Organ, Trouble};
use crate::domain::language::Language;
use crate::domain::moment::{Mono, Wall};
use crate::domain::signal::Sensed;
use crate::domain::touch::Touch;
use crate::radio::sim::scene::Scene;
use crate::radio::sim::{PhoneKind, PhoneNumber, Street, Walk};

/// When the morning begins: 2026-03-02T07:30:00 in Viet Nam, a Monday.
pub const BEGINS: Wall = Wall(1_772_411_400);

/// How long it lasts: until half past eleven.
pub const LASTS: Duration = Duration::from_hours(4);

/// The seed of the street.
const SEED: u64 = 2_020;

/// A finger needs this long for a key of a large keyboard, and for a decision.
const PER_KEY: Duration = Duration::from_millis(350);
const PER_TOUCH: Duration = Duration::from_secs(2);

/// The PINs of the rehearsal.
const ADMINISTRATOR_PIN: &str = "802460";
const GUARD_PIN: &str = "135790";

/// The people of the morning who carry phones.
#[derive(Clone, Copy, Debug)]
pub struct Cast {
    second: PhoneNumber,
}

fn at(minute: u64, second: u64) -> Mono {
    Mono::from_start(Duration::from_secs(minute * 60 + second))
}

/// The street of the morning, and who is who in it.
#[must_use]
pub fn street() -> (Street, Cast) {
    let mut street = Scene::Quiet.street(SEED, BEGINS);
    // The guard, behind the counter; and people who pass.
    street.add(PhoneKind::BluezoneAndroid, Walk::always(2.0));
    for minute in (1..240).step_by(2) {
        street.add(PhoneKind::Gaen, Walk::past(at(minute, 10), at(minute, 25)));
        street.add(PhoneKind::NoApp, Walk::past(at(minute, 40), at(minute, 50)));
    }
    street.add(PhoneKind::BluezoneAndroid, Walk::to_the_desk(at(19, 57), at(21, 30)));
    let second = street.add(PhoneKind::NoApp, Walk::to_the_desk(at(30, 0), at(33, 30)));
    street.add(PhoneKind::BluezoneIphone, Walk::to_the_desk(at(45, 0), at(46, 30)));
    street.add(PhoneKind::Gaen, Walk::to_the_desk(at(110, 0), at(111, 30)));
    (street, Cast { second })
}

/// Writes the whole morning into the script.
pub fn plan(rehearsal: &mut Rehearsal, cast: Cast) {
    first_start(rehearsal);
    visitor_with_the_app(rehearsal);
    visitor_who_installs_it(rehearsal, cast);
    visitor_in_english(rehearsal);
    visitor_in_lao(rehearsal);
    visitor_who_walks_away(rehearsal);
    leaving(rehearsal);
    guard(rehearsal);
    returning_visitor(rehearsal);
    troubles(rehearsal);
}

fn touches(rehearsal: &mut Rehearsal, from: Mono, touches: &[Touch]) -> Mono {
    rehearsal.plan_touches(from, PER_TOUCH, touches)
}

fn types(rehearsal: &mut Rehearsal, from: Mono, text: &str) -> Mono {
    rehearsal.plan_typing(from, PER_KEY, text) + PER_TOUCH
}

/// The administrator chooses the PINs.
fn first_start(rehearsal: &mut Rehearsal) {
    let mut now = touches(rehearsal, at(1, 0), &[Touch::ShowNotice, Touch::Back, Touch::Guard]);
    for pin in [ADMINISTRATOR_PIN, ADMINISTRATOR_PIN, GUARD_PIN, GUARD_PIN] {
        now = types(rehearsal, now, pin);
        now = touches(rehearsal, now, &[Touch::Next]);
    }
    touches(rehearsal, now, &[Touch::GuardLock]);
}

/// Bluezone runs; the name is typed in Telex; the phone number is left for next time.
fn visitor_with_the_app(rehearsal: &mut Rehearsal) {
    let now = touches(rehearsal, at(20, 0), &[Touch::Enter, Touch::ByName]);
    let now = types(rehearsal, now, "nguyeenx thij thuwowngf");
    let now = touches(rehearsal, now, &[Touch::Next, Touch::Host(0), Touch::EditPhone]);
    let now = types(rehearsal, now, "0912345678");
    let now = touches(rehearsal, now, &[Touch::Next, Touch::MoreCompanions, Touch::EditPlate]);
    let now = types(rehearsal, now, "74-H1 123.45");
    touches(rehearsal, now, &[Touch::Next, Touch::Purpose(0), Touch::Next]);
}

/// No app yet: the tap is asked for, then the code is shown, and the bar turns green under it.
fn visitor_who_installs_it(rehearsal: &mut Rehearsal, cast: Cast) {
    touches(rehearsal, at(30, 3), &[Touch::Enter]);
    touches(rehearsal, at(30, 27), &[Touch::ShowInstall]);
    let opened = at(31, 50);
    rehearsal.plan(opened, Act::OpenApp(cast.second, PhoneKind::BluezoneAndroid));
    let now = touches(rehearsal, at(32, 5), &[Touch::Later, Touch::ByName]);
    let now = types(rehearsal, now, "traanf quoocs bawcs");
    touches(rehearsal, now, &[Touch::Next, Touch::Host(1), Touch::Purpose(1), Touch::Next]);
}

fn visitor_in_english(rehearsal: &mut Rehearsal) {
    let english = Touch::Language(Language::English);
    let now = touches(rehearsal, at(45, 2), &[english, Touch::Enter, Touch::ByName]);
    let now = types(rehearsal, now, "sam wilson");
    let now = touches(rehearsal, now, &[Touch::Next, Touch::OtherHost]);
    let now = types(rehearsal, now, "mr binh");
    touches(rehearsal, now, &[Touch::Next, Touch::Next]);
}

/// No phone at all, and a name in Lao letters.
fn visitor_in_lao(rehearsal: &mut Rehearsal) {
    let lao = Touch::Language(Language::Lao);
    let now = touches(rehearsal, at(60, 0), &[lao, Touch::Enter, Touch::ByName]);
    let now = types(rehearsal, now, "ບຸນມີ ສີສຸກ");
    let now = touches(rehearsal, now, &[Touch::Next, Touch::Host(2)]);
    let now = touches(rehearsal, now + Duration::from_secs(6), &[Touch::ShowInstall]);
    touches(rehearsal, now, &[Touch::NoPhone, Touch::Next]);
}

fn visitor_who_walks_away(rehearsal: &mut Rehearsal) {
    let now = touches(rehearsal, at(70, 0), &[Touch::Enter, Touch::ByName]);
    types(rehearsal, now, "leee");
}

/// Out by badge number, out by phone number, and a number nobody has.
fn leaving(rehearsal: &mut Rehearsal) {
    for (minute, number) in [(80, "2"), (81, "0912345678"), (82, "77")] {
        let now = touches(rehearsal, at(minute, 0), &[Touch::Leave]);
        let now = types(rehearsal, now, number);
        touches(rehearsal, now, &[Touch::Next]);
    }
    touches(rehearsal, at(82, 15), &[Touch::Back]);
}

/// The guard looks who is inside, looks for somebody, writes somebody down, looks at the radio,
/// opens the gate.
fn guard(rehearsal: &mut Rehearsal) {
    let now = touches(rehearsal, at(90, 0), &[Touch::Guard]);
    let now = types(rehearsal, now, "1234");
    let now = touches(rehearsal, now, &[Touch::Next]);
    let now = types(rehearsal, now, GUARD_PIN);
    let now = touches(rehearsal, now, &[Touch::Next, Touch::GuardSearch]);
    let now = types(rehearsal, now, "thuong");
    let now = touches(rehearsal, now, &[Touch::Next, Touch::GuardShowAll, Touch::GuardWrite]);
    let now = types(rehearsal, now, "baf nawm");
    let now = touches(
        rehearsal,
        now,
        &[Touch::Next, Touch::Host(0), Touch::NoPhone, Touch::Next, Touch::Next],
    );
    let now = touches(rehearsal, now, &[Touch::GuardSweep, Touch::GuardNo, Touch::GuardRadio]);
    touches(rehearsal, now, &[Touch::GuardChecks, Touch::Back, Touch::Back, Touch::GuardLock]);
    rehearsal.plan(at(95, 0), Act::Input(Input::Sensed(Sensed::GuardButton)));
}

/// Three touches and ten digits.
fn returning_visitor(rehearsal: &mut Rehearsal) {
    let now = touches(rehearsal, at(110, 3), &[Touch::Enter, Touch::ByPhone]);
    let now = types(rehearsal, now, "0912345678");
    touches(rehearsal, now, &[Touch::ItIsMe, Touch::Next]);
}

/// The radio falls silent, then the disk is full; both are mended.
fn troubles(rehearsal: &mut Rehearsal) {
    let radio = Fault { organ: Organ::Radio, trouble: Trouble::Gone };
    let store = Fault { organ: Organ::Store, trouble: Trouble::Full };
    rehearsal.plan(at(150, 0), Act::Input(Input::Fault(radio)));
    touches(rehearsal, at(150, 5), &[Touch::Enter, Touch::Back]);
    rehearsal.plan(at(151, 0), Act::Input(Input::Mended(Organ::Radio)));
    rehearsal.plan(at(160, 0), Act::Input(Input::Fault(store)));
    rehearsal.plan(at(160, 8), Act::Input(Input::Mended(Organ::Store)));
}
