//! iPhones: what the bar says before the id is read, what afterwards, and what asking costs.

use std::time::Duration;

use kiosk::domain::policy;
use kiosk::domain::presence::{Face, Sureness};
use kiosk::domain::touch::Touch;
use kiosk::kiosk::morning::BEGINS;
use kiosk::kiosk::rehearsal::Rehearsal;
use kiosk::radio::ears::Ears;
use kiosk::radio::sim::scene::Scene;
use kiosk::radio::sim::{Answering, PhoneKind, Street, Walk};

use super::{Place, at, check_in, run_until, touch};

const PROBABLE: Face = Face::Running(Sureness::Probable);
const CONFIRMED: Face = Face::Running(Sureness::Confirmed);

/// One iPhone with the app in the background comes to the desk after a minute.
fn one_iphone(seed: u64, answering: Answering) -> Street {
    let mut street = Scene::Quiet.street(seed, BEGINS);
    let walk = Walk::to_the_desk(at(60), at(180));
    let phone = street.add(PhoneKind::BluezoneIphoneAsleep, walk);
    street.set_answering(phone, answering);
    street
}

/// What the bar says, one after the other, from the touch at 62 s until `until`.
fn faces(kiosk: &mut Rehearsal, until: u64) -> Vec<Face> {
    run_until(kiosk, at(62));
    touch(kiosk, &[Touch::Enter]);
    let mut faces: Vec<Face> = kiosk.view().bar.into_iter().collect();
    kiosk.run_until(at(until), &mut |view, _| {
        faces.extend(view.bar.filter(|face| faces.last() != Some(face)));
    });
    faces
}

fn asked(kiosk: &mut Rehearsal) -> usize {
    kiosk.ears_mut().street_mut().unwrap().readings().len()
}

#[test]
fn in_the_background_it_is_probable_and_after_the_reading_confirmed() {
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::in_street(one_iphone(1, Answering::Slowly)));
    let faces = faces(&mut kiosk, 90);
    assert_eq!(faces[faces.len() - 2..], [PROBABLE, CONFIRMED], "{faces:?}");
    let asked_until_then = asked(&mut kiosk);
    run_until(&mut kiosk, at(120));
    assert_eq!(asked(&mut kiosk), asked_until_then, "whoever has told is not asked again");
}

#[test]
fn the_book_says_that_it_was_confirmed() {
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::in_street(one_iphone(2, Answering::Promptly)));
    run_until(&mut kiosk, at(62));
    check_in(&mut kiosk, "Hồ Thị Bưởi");
    run_until(&mut kiosk, at(100));
    assert_eq!(place.visits()[0].facts.face, CONFIRMED);
}

#[test]
fn one_that_refuses_stays_probable_and_is_not_asked_again() {
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::in_street(one_iphone(3, Answering::Refuses)));
    let faces = faces(&mut kiosk, 110);
    assert_eq!(faces.last(), Some(&PROBABLE), "{faces:?}");
    assert_eq!(asked(&mut kiosk), 1);
    // Nor for the next visitor.
    touch(&mut kiosk, &[Touch::Back, Touch::Enter]);
    run_until(&mut kiosk, at(150));
    assert_eq!(asked(&mut kiosk), 1);
}

#[test]
fn another_app_with_the_same_bit_is_not_taken_for_it_any_longer() {
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::in_street(one_iphone(4, Answering::OtherApp)));
    let faces = faces(&mut kiosk, 100);
    assert_eq!(faces.last(), Some(&Face::NotSeenYet), "{faces:?}");
    assert!(!faces.contains(&CONFIRMED), "{faces:?}");
    assert_eq!(asked(&mut kiosk), 1);
}

#[test]
fn nobody_is_asked_while_nobody_is_at_the_desk() {
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::in_street(one_iphone(5, Answering::Promptly)));
    run_until(&mut kiosk, at(170));
    assert!(kiosk.adverts() > 50);
    assert_eq!(asked(&mut kiosk), 0);
}

#[test]
fn twenty_iphones_cost_a_tenth_of_any_minute_at_most() {
    let mut street = Scene::Quiet.street(6, BEGINS);
    for number in 0..20_u8 {
        let metres = 0.6 + f32::from(number) * 0.05;
        let kind = [PhoneKind::BluezoneIphone, PhoneKind::BluezoneIphoneAsleep];
        let phone = street.add(kind[usize::from(number % 2)], Walk::always(metres));
        let answering = [Answering::Never, Answering::Never, Answering::Refuses];
        street.set_answering(phone, answering[usize::from(number % 3)]);
    }
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::in_street(street));
    for visitor in 0..10 {
        run_until(&mut kiosk, at(5 + visitor * 60));
        touch(&mut kiosk, &[Touch::Enter]);
        run_until(&mut kiosk, at(30 + visitor * 60));
        touch(&mut kiosk, &[Touch::Back]);
    }
    let street = kiosk.ears_mut().street_mut().unwrap();
    let costs = street.readings();
    assert!(costs.len() >= 20, "{}", costs.len());
    let worst = costs
        .iter()
        .map(|&(end, _)| {
            let minute = costs
                .iter()
                .filter(|&&(other, _)| other <= end && end.since(other) < policy::SCAN_OFF_WINDOW);
            minute.map(|&(_, cost)| cost).sum::<Duration>()
        })
        .max()
        .unwrap();
    assert!(worst <= policy::SCAN_OFF_MAX, "{worst:?}");
    assert!(worst > policy::SCAN_OFF_MAX / 2, "so few tries show nothing: {worst:?}");
}
