//! Stories of visitors who leave, come back, or sign in a second time.

mod support;

use kiosk::domain::logbook::Event;
use kiosk::domain::touch::Touch;
use kiosk::view::{Complaint, Screen};
use support::House;

#[test]
fn a_second_check_in_is_an_update() {
    let mut house = House::new();
    house.check_in("Hồ Thị Bưởi");
    house.touch(Touch::Next);
    house.check_in("Hồ Thị Bưởi");
    let Screen::Done(done) = house.view().screen else { panic!() };
    assert!(done.updated);
    assert_eq!(house.reception.roster().len(), 1);
    assert!(matches!(
        house.events()[..],
        [Event::CheckIn { .. }, Event::Update { replaces_seq: 1, .. }]
    ));
    // The same letters with another tone are somebody else.
    house.touch(Touch::Next);
    house.check_in("Hồ Thị Bười");
    assert_eq!(house.reception.roster().len(), 2);
}

#[test]
fn out_by_badge_and_out_by_phone() {
    let mut house = House::new();
    house.touches(&[Touch::Enter, Touch::ByPhone]);
    house.type_text("0912345678");
    assert!(matches!(
        house.view().screen,
        Screen::Phone { complaint: Some(Complaint::PhoneUnknown), .. }
    ));
    house.touch(Touch::Next);
    house.type_text("Hồ Thị Bưởi");
    house.touches(&[Touch::Next, Touch::Host(0), Touch::Next, Touch::Next]);
    house.check_in("Trần Văn Mít");
    house.touches(&[Touch::Next, Touch::Leave]);
    house.type_text("2");
    house.touch(Touch::Next);
    assert_eq!(house.view().screen, Screen::Left);
    house.touches(&[Touch::Next, Touch::Leave]);
    house.type_text("0912345678");
    house.touch(Touch::Next);
    assert_eq!(house.view().screen, Screen::Left);
    assert!(house.reception.roster().is_empty());
    house.touches(&[Touch::Next, Touch::Leave]);
    house.type_text("2");
    house.touch(Touch::Next);
    assert!(matches!(
        house.view().screen,
        Screen::Leave { complaint: Some(Complaint::NobodyInside), .. }
    ));
}

#[test]
fn a_returning_visitor_needs_three_touches_and_ten_digits() {
    let mut house = House::new();
    house.touches(&[Touch::Enter, Touch::ByPhone]);
    house.type_text("0912345678");
    house.touch(Touch::Next);
    house.type_text("Hồ Thị Bưởi");
    house.touches(&[Touch::Next, Touch::Host(1), Touch::Purpose(1), Touch::Next, Touch::Next]);
    house.touch(Touch::Leave);
    house.type_text("1");
    house.touches(&[Touch::Next, Touch::Next]);

    house.touches(&[Touch::Enter, Touch::ByPhone]);
    house.type_text("0912345678");
    let Screen::Phone { recalled: Some(masked), .. } = house.view().screen else { panic!() };
    assert_eq!(masked, "H•• T•• Bưởi");
    house.touches(&[Touch::ItIsMe, Touch::Next]);
    let Screen::Done(done) = house.view().screen else { panic!() };
    assert_eq!((done.name.as_str(), done.host.as_str()), ("H•• T•• Bưởi", "Phòng Tư pháp"));
}
