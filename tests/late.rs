//! What comes too late, comes twice, or comes for somebody who has gone: it opens nothing, shows
//! nothing, and is lost nowhere.

mod support;

use kiosk::domain::fault::{Fault, Organ, Trouble};
use kiosk::domain::guard::PinState;
use kiosk::domain::language::Language;
use kiosk::domain::logbook::Event;
use kiosk::domain::presence::{Face, Sureness};
use kiosk::domain::reception::Effect;
use kiosk::domain::request::{Reply, Request};
use kiosk::domain::signal::Lamp;
use kiosk::domain::site::Site;
use kiosk::domain::touch::{Key, Touch};
use kiosk::domain::visit::Leaving;
use kiosk::view::{Complaint, Screen};
use support::{House, bluezone, seconds, site};

fn gone() -> Fault {
    Fault { organ: Organ::Store, trouble: Trouble::Gone }
}

/// A name of its own for each number: `Kaa`, `Kab`, … `Kba`.
fn guest(number: u32) -> String {
    let letter = |place: u32| char::from_digit(10 + place % 26, 36).unwrap_or('a');
    format!("K{}{}", letter(number / 26), letter(number))
}

fn openings(house: &House) -> usize {
    house.effects.iter().filter(|effect| **effect == Effect::OpenGate).count()
}

fn departures(house: &House) -> usize {
    house.events().iter().filter(|event| matches!(event, Event::CheckOut { .. })).count()
}

#[test]
fn an_answer_that_comes_when_the_visitor_has_gone_welcomes_nobody() {
    let mut house = House::new();
    house.book_is_slow = true;
    house.check_in("Hồ Thị Bưởi");
    house.wait(seconds(61));
    house.catch_up();
    assert!(matches!(house.view().screen, Screen::Welcome { .. }), "{:?}", house.view());
    assert_eq!(openings(&house), 0);
    assert_eq!(house.reception.roster().len(), 1, "yet who is in the book is in the house");
}

#[test]
fn a_pin_that_is_checked_when_the_guard_has_left_the_pad_opens_nothing() {
    let mut house = House::new();
    house.book_is_slow = true;
    house.unlock("135790");
    house.touch(Touch::Back);
    house.catch_up();
    house.touch(Touch::Guard);
    assert!(matches!(house.view().screen, Screen::Pin(_)));
    // Wrong ones count although nobody waited for the answer.
    for _ in 0..3 {
        house.book_is_slow = true;
        house.unlock("0000");
        house.touch(Touch::Back);
        house.catch_up();
    }
    house.touch(Touch::Guard);
    let Screen::Pin(pin) = house.view().screen else { panic!() };
    assert_eq!(pin.wait_seconds, 5);
}

#[test]
fn what_was_found_for_the_guard_before_is_not_shown_to_the_next() {
    let mut house = House::new();
    house.unlock("135790");
    house.book_is_slow = true;
    house.touch(Touch::GuardSearch);
    house.type_text("thuong");
    house.touches(&[Touch::Next, Touch::GuardLock]);
    house.catch_up();
    house.unlock("135790");
    let Screen::Guard(guard) = house.view().screen else { panic!() };
    assert_eq!(guard.query, "");
}

#[test]
fn the_list_locks_behind_a_form_whose_entry_never_comes() {
    let mut house = House::new();
    house.unlock("135790");
    house.touch(Touch::GuardWrite);
    house.type_text("Bà Năm");
    house.book_is_slow = true;
    house.touches(&[Touch::Next, Touch::Host(0), Touch::Next]);
    house.wait(seconds(61));
    assert_eq!(house.view().screen, Screen::Fault(gone()));
    house.touch(Touch::Guard);
    assert!(matches!(house.view().screen, Screen::Pin(_)));
}

#[test]
fn a_recall_answers_only_the_number_it_was_asked_for() {
    let mut house = House::new();
    house.touches(&[Touch::Enter, Touch::ByName]);
    house.type_text("Hồ Thị Bưởi");
    house.touches(&[Touch::Next, Touch::Host(0), Touch::EditPhone]);
    house.type_text("0912345678");
    house.touches(&[Touch::Next, Touch::Next, Touch::Next, Touch::Enter, Touch::ByPhone]);
    house.book_is_slow = true;
    house.type_text("0912345678");
    house.touch(Touch::Key(Key::Backspace));
    house.type_text("9");
    let first = house.waiting.remove(0);
    assert!(matches!(first, Request::Recall { .. }));
    let known = house.entries[0].personal.clone().unwrap();
    let known = kiosk::domain::request::Returning { personal: known };
    house.reception.handle_reply(Reply::Recalled(Some(known)), house.now);
    let Screen::Phone { recalled, complaint, .. } = house.view().screen else { panic!() };
    assert_eq!((recalled, complaint), (None, None));
    house.catch_up();
    let Screen::Phone { complaint, .. } = house.view().screen else { panic!() };
    assert_eq!(complaint, Some(Complaint::PhoneUnknown));
}

#[test]
fn a_recall_tells_no_more_than_the_mask_until_it_is_typed_anew() {
    let mut house = House::with_site(Site { ask_unit: true, ..site() });
    house.touches(&[Touch::Enter, Touch::ByName]);
    house.type_text("Hồ Thị Bưởi");
    house.touches(&[Touch::Next, Touch::Host(0), Touch::EditPhone]);
    house.type_text("0912345678");
    house.touches(&[Touch::Next, Touch::EditUnit]);
    house.type_text("Thôn Bảy");
    house.touches(&[Touch::Next, Touch::EditPlate]);
    house.type_text("74B1");
    house.touches(&[Touch::Next, Touch::Next, Touch::Next, Touch::Enter, Touch::ByPhone]);
    house.type_text("0912345678");
    house.touch(Touch::ItIsMe);
    let Screen::Visit(visit) = house.view().screen else { panic!() };
    assert_eq!((visit.name.as_str(), visit.unit.as_str()), ("H•• T•• Bưởi", "T•• B••"));
    assert_eq!(visit.plate, "7••");
    house.touch(Touch::EditName);
    let Screen::Typing(typing) = house.view().screen else { panic!() };
    assert_eq!(typing.text, "");
    house.type_text("Hồ Thị Bười");
    house.touch(Touch::Next);
    let Screen::Visit(visit) = house.view().screen else { panic!() };
    assert_eq!(visit.name, "Hồ Thị Bười");
    house.touch(Touch::Next);
    let written = house.entries.last().unwrap().personal.clone().unwrap();
    assert_eq!((written.unit.as_str(), written.plate.as_str()), ("Thôn Bảy", "74B1"));
}

#[test]
fn the_button_that_finds_the_book_full_is_recorded_later() {
    let mut house = House::new();
    house.book_fault = Some(Trouble::Full);
    for _ in 0..100 {
        house.reception.handle_gate_button(house.now);
        house.drain();
    }
    assert_eq!(openings(&house), 100);
    house.book_fault = None;
    house.wait(seconds(11));
    let recorded = house.events();
    assert_eq!(recorded.len(), 100);
    assert!(recorded.iter().all(|e| matches!(e, Event::GateOpened { seconds_ago: 9..=11 })));
    assert_eq!(house.reception.fault(), None);
}

#[test]
fn a_sweep_takes_everybody_however_slow_or_unwell_the_book_is() {
    let mut house = House::new();
    for number in 0..150 {
        house.check_in(&guest(number));
        house.touch(Touch::Next);
    }
    house.unlock("135790");
    house.book_is_slow = true;
    house.touches(&[Touch::GuardSweep, Touch::GuardYes, Touch::GuardSweep, Touch::GuardYes]);
    house.book_fault = Some(Trouble::Full);
    assert_eq!(house.waiting.len(), 32);
    house.catch_up();
    assert_eq!(departures(&house), 0);
    house.book_fault = None;
    house.wait(seconds(11));
    assert_eq!((departures(&house), house.reception.roster().len()), (150, 0));
    assert_eq!(house.reception.roster().day().left, 150);
}

#[test]
fn a_closing_sweep_is_made_up_for_when_the_book_is_well_again() {
    let mut house = House::new();
    house.check_in("Hồ Thị Bưởi");
    house.wait(seconds(60));
    house.book_fault = Some(Trouble::ReadOnly);
    house.wait(seconds(14 * 3_600));
    assert_eq!(departures(&house), 0);
    house.book_fault = None;
    house.wait(seconds(15));
    assert!(matches!(
        house.events().last(),
        Some(Event::CheckOut { how: Leaving::ClosingSweep, .. })
    ));
}

#[test]
fn two_touches_send_one_visitor_out_once() {
    let mut house = House::new();
    house.check_in("Hồ Thị Bưởi");
    house.touch(Touch::Next);
    let visit = house.reception.roster().latest_first().next().unwrap().facts.visit;
    house.unlock("135790");
    house.book_is_slow = true;
    house.touches(&[Touch::GuardSendOut(visit), Touch::GuardSendOut(visit)]);
    house.catch_up();
    assert_eq!((departures(&house), house.reception.roster().day().left), (1, 1));
}

#[test]
fn a_book_read_anew_counts_no_entry_twice() {
    let mut house = House::new();
    house.check_in("Hồ Thị Bưởi");
    house.touches(&[Touch::Next, Touch::Leave]);
    house.type_text("1");
    house.touch(Touch::Next);
    let mut roster = house.reception.roster().clone();
    for entry in &house.entries {
        roster.apply(entry);
    }
    assert_eq!(&roster, house.reception.roster());
    // Nor does the guard get free tries from it.
    for _ in 0..3 {
        house.touch(Touch::Back);
        house.unlock("0000");
    }
    house.reception.handle_book_opened(roster, PinState::Set, house.now);
    let Screen::Pin(pin) = house.view().screen else { panic!() };
    assert_eq!(pin.wait_seconds, 5);
}

#[test]
fn a_page_that_has_gone_is_not_shown() {
    let mut house = House::new();
    for number in 0..6 {
        house.check_in(&guest(number));
        house.touch(Touch::Next);
    }
    let first = house.reception.roster().from_visit(kiosk::domain::visit::VisitId(1));
    let first = first.map(|visit| visit.facts.visit).next().unwrap();
    house.unlock("135790");
    house.touches(&[Touch::GuardNextPage, Touch::GuardSendOut(first)]);
    let Screen::Guard(guard) = house.view().screen else { panic!() };
    assert_eq!((guard.rows.len(), guard.page, guard.pages), (5, 0, 1));
}

#[test]
fn another_language_on_done_keeps_the_face() {
    let mut house = House::new();
    house.touches(&[Touch::Enter, Touch::ByName]);
    house.wait_hearing(seconds(2), |_| Some(bluezone(7, -60)));
    house.type_text("Hồ Thị Bưởi");
    house.touches(&[Touch::Next, Touch::Host(0), Touch::Next, Touch::Language(Language::Lao)]);
    let view = house.view();
    assert!(matches!(view.screen, Screen::Done(_)));
    assert_eq!(view.bar, Some(Face::Running(Sureness::Confirmed)));
}

#[test]
fn a_language_nobody_goes_on_in_is_not_left_to_the_next() {
    let mut house = House::new();
    house.touches(&[Touch::Language(Language::Lao), Touch::LargeText]);
    house.wait(seconds(29));
    assert_eq!(house.view().language, Language::Lao);
    house.wait(seconds(1));
    let view = house.view();
    assert_eq!((view.language, view.large_text, view.still_there), Default::default());
}

#[test]
fn whoever_begins_anew_is_still_seen() {
    let mut house = House::new();
    house.touch(Touch::Enter);
    house.wait_hearing(seconds(2), |_| Some(bluezone(7, -60)));
    assert_eq!(house.view().bar, Some(Face::Running(Sureness::Confirmed)));
    house.touches(&[Touch::Back, Touch::Enter]);
    house.wait_hearing(seconds(6), |_| Some(bluezone(7, -55)));
    assert_eq!(house.view().bar, Some(Face::Running(Sureness::Confirmed)), "held to the mark");
}

#[test]
fn reading_the_notice_lights_no_lamp() {
    let mut house = House::new();
    house.touch(Touch::ShowNotice);
    assert!(!house.effects.contains(&Effect::Lamp(Lamp::Blue)));
}

#[test]
fn a_family_that_shares_a_phone_stays_as_many_as_they_are() {
    let mut house = House::new();
    for name in ["Hồ Thị Bưởi", "Hồ Văn Na", "ho thi buoi"] {
        house.touches(&[Touch::Enter, Touch::ByName]);
        house.type_text(name);
        house.touches(&[Touch::Next, Touch::Host(0), Touch::EditPhone]);
        house.type_text("0912345678");
        house.touches(&[Touch::Next, Touch::Next, Touch::Next]);
    }
    assert_eq!(house.reception.roster().len(), 2);
    assert!(matches!(house.events().last(), Some(Event::Update { replaces_seq: 1, .. })));
}

#[test]
fn the_fault_screen_does_not_clear_the_form_of_whoever_says_to_be_there() {
    let mut house = House::new();
    house.book_fault = Some(Trouble::Full);
    house.check_in("Hồ Thị Bưởi");
    house.wait(seconds(35));
    assert!(house.view().still_there);
    house.touch(Touch::StillHere);
    house.wait(seconds(20));
    house.book_fault = None;
    house.wait(seconds(10));
    assert!(matches!(house.view().screen, Screen::Visit(_)));
}

#[test]
fn a_step_back_from_a_name_keeps_a_correction() {
    let mut house = House::new();
    house.check_in("Hồ Thị Bưởi");
    house.touch(Touch::Next);
    let visit = house.reception.roster().latest_first().next().unwrap().facts.visit;
    house.unlock("135790");
    house.touches(&[Touch::GuardCorrect(visit), Touch::MoreCompanions, Touch::EditName]);
    house.touch(Touch::Back);
    let Screen::Visit(visit) = house.view().screen else { panic!() };
    assert_eq!((visit.companions, visit.name.as_str()), (1, "Hồ Thị Bưởi"));
}

#[test]
fn a_step_back_keeps_what_was_typed() {
    let mut house = House::new();
    house.touches(&[Touch::Enter, Touch::ByName]);
    house.type_text("Hồ Thị Bưởi");
    house.touches(&[Touch::Next, Touch::Host(1), Touch::Purpose(0)]);
    for (edit, text) in [
        (Touch::EditUnit, "12 Phố Thử"),
        (Touch::OtherHost, "Anh Thử"),
        (Touch::OtherPurpose, "Xem nhà"),
        (Touch::EditPlate, "74-H1 123.45"),
    ] {
        house.touch(edit);
        house.type_text(text);
        house.touch(Touch::Back);
    }
    let Screen::Visit(visit) = house.view().screen else { panic!() };
    assert_eq!(visit.unit, "12 Phố Thử");
    assert_eq!((visit.other_host.as_str(), visit.other_purpose.as_str()), ("Anh Thử", "Xem nhà"));
    assert_eq!(visit.plate, "74-H1 123.45");
    assert!(visit.hosts.iter().all(|host| !host.chosen));
}

#[test]
fn a_step_back_from_an_untouched_line_changes_nothing() {
    let mut house = House::new();
    house.touches(&[Touch::Enter, Touch::ByName]);
    house.type_text("Hồ Thị Bưởi");
    house.touches(&[Touch::Next, Touch::Host(1), Touch::OtherHost, Touch::Back]);
    let Screen::Visit(visit) = house.view().screen else { panic!() };
    assert!(visit.hosts[1].chosen);
}
