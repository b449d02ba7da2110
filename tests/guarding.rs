//! Stories of the guard: the screen behind the PIN, and the sweep at closing time.

mod support;

use kiosk::domain::guard::PinState;
use kiosk::domain::logbook::{Entry, Event, Public};
use kiosk::domain::presence::Face;
use kiosk::domain::request::Digits;
use kiosk::domain::site::Site;
use kiosk::domain::touch::Touch;
use kiosk::domain::visit::Leaving;
use kiosk::view::{Complaint, PhoneSeen, PinAsk, Screen};
use support::{House, bluezone, iphone, seconds, site};

#[test]
fn the_closing_sweep_signs_out_whoever_forgot() {
    let mut house = House::new();
    house.check_in("Hồ Thị Bưởi");
    house.wait(seconds(14 * 3_600));
    let last = house.events().pop();
    assert!(matches!(last, Some(Event::CheckOut { how: Leaving::ClosingSweep, .. })), "{last:?}");
    // Somebody who comes after closing stays until the next closing.
    house.check_in("Trần Văn Mít");
    house.wait(seconds(3_600));
    assert_eq!(house.reception.roster().len(), 1);
}

#[test]
fn a_sweep_missed_for_a_power_cut_is_made_up_for() {
    let mut house = House::new();
    house.check_in("Hồ Thị Bưởi");
    house.now = house.now.after(seconds(20 * 3_600));
    house.restart();
    house.wait(seconds(61));
    assert!(house.reception.roster().is_empty());
}

#[test]
fn a_hotel_without_a_sweep_keeps_its_guests() {
    let mut house = House::with_site(Site { closing_sweep_minute: None, ..site() });
    house.check_in("Hồ Thị Bưởi");
    house.wait(seconds(3 * 86_400));
    assert_eq!(house.reception.roster().len(), 1);
}

#[test]
fn the_guard_writes_down_sends_out_and_corrects() {
    let mut house = House::new();
    house.unlock("135790");
    house.touch(Touch::GuardWrite);
    house.type_text("Bà Năm");
    house.touches(&[Touch::Next, Touch::Host(0), Touch::NoPhone, Touch::Next]);
    assert!(matches!(house.view().screen, Screen::Done(_)));
    house.touch(Touch::Next);
    let Screen::Guard(guard) = house.view().screen else { panic!("{:?}", house.view().screen) };
    assert_eq!((guard.rows.len(), guard.came_today), (1, 1));
    let visit = guard.rows[0].visit;

    house.touches(&[Touch::GuardCorrect(visit), Touch::EditName]);
    house.type_text(" Sa Đéc");
    house.touches(&[Touch::Next, Touch::Next]);
    let Screen::Guard(guard) = house.view().screen else { panic!("{:?}", house.view().screen) };
    assert_eq!(guard.rows[0].name, "Bà Năm Sa Đéc");
    assert!(matches!(house.events()[1], Event::Correction { replaces_seq: 1, .. }));

    house.touch(Touch::GuardSendOut(visit));
    let Screen::Guard(guard) = house.view().screen else { panic!() };
    assert!(guard.rows.is_empty());
    assert_eq!((guard.people_inside, guard.left_today), (0, 1));
    house.wait(seconds(61));
    assert!(matches!(house.view().screen, Screen::Welcome { .. }), "it locks by itself");
    house.touch(Touch::Guard);
    assert!(matches!(house.view().screen, Screen::Pin(_)));
}

/// An iPhone says by the form of its adverts that it may have the app; the id is yet to be read.
#[test]
fn what_is_likely_stands_apart_from_what_was_heard() {
    let mut house = House::new();
    house.touches(&[Touch::Enter, Touch::ByName]);
    house.type_text("Hồ Thị Bưởi");
    house.wait_hearing(seconds(8), |_| Some(iphone(1, -35)));
    house.touches(&[Touch::Next, Touch::Host(0), Touch::Next]);
    house.touch(Touch::Next);
    house.wait(seconds(120));
    house.touches(&[Touch::Enter, Touch::ByName]);
    house.type_text("Trần Văn Mít");
    house.wait_hearing(seconds(8), |_| Some(bluezone(2, -35)));
    house.touches(&[Touch::Next, Touch::Host(0), Touch::Next, Touch::Next]);
    house.check_in("Lê Văn Ổi");
    house.touch(Touch::Next);
    house.unlock("135790");
    let Screen::Guard(guard) = house.view().screen else { panic!("{:?}", house.view().screen) };
    let seen: Vec<PhoneSeen> = guard.rows.iter().map(|row| row.phone).collect();
    assert_eq!(seen, [PhoneSeen::NotSeen, PhoneSeen::Running, PhoneSeen::Probable]);
    assert_eq!((guard.running_percent, guard.likely_percent), (Some(33), Some(33)));

    // What was likely may turn out otherwise; an id that was heard was heard.
    for row in guard.rows.iter().rev() {
        let event = Event::Verdict { visit: row.visit, face: Face::NotSeenYet };
        let public = Public { event, ..house.entries[0].public };
        let entry = Entry { seq: 100 + u64::from(row.visit.0), public, personal: None };
        house.entries.push(entry);
    }
    house.restart();
    let day = house.reception.roster().day();
    assert_eq!((day.came, day.running, day.likely), (3, 1, 0));
}

#[test]
fn wrong_pins_cost_more_and_more_time() {
    let mut house = House::new();
    house.touch(Touch::Guard);
    for _ in 0..3 {
        house.type_text("0000");
        house.touch(Touch::Next);
    }
    let Screen::Pin(pin) = house.view().screen else { panic!() };
    assert_eq!((pin.complaint, pin.wait_seconds), (Some(Complaint::PinWrong), 5));
    house.type_text("135790");
    house.touch(Touch::Next);
    assert!(matches!(house.view().screen, Screen::Pin(_)), "not even the right one, yet");
    // Leaving the pad and coming back does not shorten the wait.
    house.touches(&[Touch::Back, Touch::Guard]);
    let Screen::Pin(pin) = house.view().screen else { panic!() };
    assert_eq!(pin.wait_seconds, 5);
    house.wait(seconds(5));
    house.type_text("135790");
    house.touch(Touch::Next);
    assert!(matches!(house.view().screen, Screen::Guard(_)));
}

#[test]
fn a_pin_is_chosen_with_six_digits_and_an_older_one_still_opens() {
    let mut house = House::new();
    let chosen = house.pins.replace((Digits("2468".to_owned()), Digits("1357".to_owned())));
    house.unlock("1357");
    assert!(matches!(house.view().screen, Screen::Guard(_)));

    house.pins = None;
    house.restart();
    house.touch(Touch::Guard);
    for (digits, short) in [("13579", true), ("0", false)] {
        house.type_text(digits);
        house.touch(Touch::Next);
        let Screen::Pin(pin) = house.view().screen else { panic!("{:?}", house.view().screen) };
        assert_eq!(pin.complaint == Some(Complaint::PinShort), short, "after {digits}");
        let asked = if short { PinAsk::ChooseAdministrator } else { PinAsk::RepeatAdministrator };
        assert_eq!(pin.ask, asked);
    }
    assert!(chosen.is_some());
}

#[test]
fn only_an_administrator_erases_and_only_when_sure() {
    let mut house = House::new();
    house.check_in("Hồ Thị Bưởi");
    house.touch(Touch::Next);
    let visit = house.reception.roster().latest_first().next().unwrap().facts.visit;
    house.unlock("135790");
    house.touches(&[Touch::GuardErase(visit), Touch::GuardYes, Touch::GuardLock]);
    assert_eq!(house.entries.len(), 1);
    house.unlock("246801");
    house.touches(&[Touch::GuardErase(visit), Touch::GuardNo, Touch::GuardYes]);
    assert_eq!(house.entries.len(), 1);
    house.touches(&[Touch::GuardErase(visit), Touch::GuardYes]);
    assert!(matches!(house.events()[1], Event::Erased { .. }));
    let Screen::Guard(guard) = house.view().screen else { panic!() };
    assert_eq!((guard.rows.len(), guard.rows[0].name.as_str()), (1, ""));
}

#[test]
fn a_form_left_open_by_the_guard_does_not_leave_the_list_open() {
    let mut house = House::new();
    house.unlock("135790");
    house.touch(Touch::GuardWrite);
    house.wait(seconds(46));
    assert!(matches!(house.view().screen, Screen::Welcome { .. }));
    house.touch(Touch::Guard);
    assert!(matches!(house.view().screen, Screen::Pin(_)));
}

#[test]
fn lost_pins_are_not_chosen_at_the_screen() {
    let mut house = House::new();
    let roster = house.reception.roster().clone();
    house.reception.handle_book_opened(roster, PinState::Lost, house.now);
    let before = house.pins.clone();
    house.unlock("864209");
    house.touch(Touch::Next);
    let Screen::Pin(pin) = house.view().screen else { panic!("{:?}", house.view().screen) };
    assert_eq!((pin.ask, pin.digits, pin.complaint), (PinAsk::Lost, 0, None));
    assert_eq!(house.pins, before);
    house.touch(Touch::Back);
    assert!(matches!(house.view().screen, Screen::Welcome { .. }));
}
