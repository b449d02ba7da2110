//! Who is in the street, and what the bar makes of it.

use std::time::Duration;

use kiosk::domain::moment::Wall;
use kiosk::domain::presence::Face;
use kiosk::domain::touch::Touch;
use kiosk::domain::visit::Leaving;
use kiosk::kiosk::morning::BEGINS;
use kiosk::kiosk::rehearsal::Act;
use kiosk::radio::ears::Ears;
use kiosk::radio::sim::scene::Scene;
use kiosk::radio::sim::{PhoneKind, Walk};
use kiosk::view::Screen;

use super::{Place, at, check_in, names, run_until, touch};

fn is_green(face: Option<Face>) -> bool {
    matches!(face, Some(Face::Running(_)))
}

#[test]
fn the_app_is_running() {
    let mut street = Scene::Quiet.street(1, BEGINS);
    street.add(PhoneKind::BluezoneAndroid, Walk::to_the_desk(at(60), at(120)));
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::in_street(street));
    run_until(&mut kiosk, at(62));
    check_in(&mut kiosk, "Hồ Thị Bưởi");
    // Its silent half may have begun: then the verdict amends the entry.
    run_until(&mut kiosk, at(100));
    assert!(is_green(Some(place.visits()[0].facts.face)));
}

#[test]
fn the_app_is_opened_under_the_install_code() {
    let mut street = Scene::Quiet.street(2, BEGINS);
    let phone = street.add(PhoneKind::NoApp, Walk::to_the_desk(at(60), at(300)));
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::in_street(street));
    run_until(&mut kiosk, at(62));
    touch(&mut kiosk, &[Touch::Enter]);
    run_until(&mut kiosk, at(83));
    assert_eq!(kiosk.view().bar, Some(Face::NotSeenYet));
    touch(&mut kiosk, &[Touch::ShowInstall]);
    run_until(&mut kiosk, at(140));
    assert_eq!(kiosk.view().bar, Some(Face::NotSeenYet));
    kiosk.act(Act::OpenApp(phone, PhoneKind::BluezoneAndroid));
    run_until(&mut kiosk, at(158));
    let view = kiosk.view();
    assert!(matches!(view.screen, Screen::Install(_)));
    assert!(is_green(view.bar), "{:?}", view.bar);
}

#[test]
fn the_guards_phone_rotates_for_hours_and_is_nobodys() {
    let mut street = Scene::Quiet.street(3, BEGINS);
    street.add(PhoneKind::BluezoneAndroid, Walk::always(2.0));
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::in_street(street));
    for visitor in 1..18 {
        run_until(&mut kiosk, at(visitor * 1_201));
        touch(&mut kiosk, &[Touch::Enter]);
        kiosk.run_until(at(visitor * 1_201 + 28), &mut |view, now| {
            assert!(!is_green(view.bar), "visitor {visitor} without a phone at {now:?}");
        });
        assert_eq!(kiosk.view().bar, Some(Face::NotSeenYet));
        touch(&mut kiosk, &[Touch::Back]);
    }
    assert!(kiosk.adverts() > 10_000);
}

#[test]
fn in_a_crowd_of_sixty_the_phone_at_the_desk_is_told_apart() {
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::in_street(Scene::Crowd.street(4, BEGINS)));
    let (mut with_app, mut without) = (Vec::new(), Vec::new());
    // The scene brings somebody to the desk every 90 s, with five kinds of phones in turn.
    for turn in 3..43 {
        let comes = 5 + turn * 90;
        run_until(&mut kiosk, at(comes + 2));
        touch(&mut kiosk, &[Touch::Enter]);
        run_until(&mut kiosk, at(comes + 28));
        match turn % 5 {
            0 => with_app.push(is_green(kiosk.view().bar)),
            1 => without.push(is_green(kiosk.view().bar)),
            _ => {}
        }
        touch(&mut kiosk, &[Touch::Back]);
    }
    let count = |seen: &[bool]| seen.iter().filter(|green| **green).count();
    assert_eq!((with_app.len(), without.len()), (8, 8));
    assert!(count(&with_app) >= 6, "{with_app:?}");
    assert!(count(&without) <= 1, "{without:?}");
    let (tracked, crowded_out) = kiosk.kiosk().reception().radio_load();
    assert!(tracked > 60 && crowded_out == 0, "{tracked} {crowded_out}");
}

#[test]
fn the_clock_jumps_a_year_and_back() {
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::deaf());
    check_in(&mut kiosk, "Hồ Thị Bưởi");
    run_until(&mut kiosk, at(120));
    let year = i64::try_from(Duration::from_hours(366 * 24).as_secs()).unwrap();
    for (wall, name, minute) in
        [(Wall(BEGINS.0 + year), "Trần Văn Mít", 4), (BEGINS, "Lê Văn Ổi", 6)]
    {
        kiosk.act(Act::SetWall(wall, true));
        run_until(&mut kiosk, at(minute * 60 - 60));
        check_in(&mut kiosk, name);
        run_until(&mut kiosk, at(minute * 60));
        assert!(matches!(kiosk.view().screen, Screen::Welcome { .. }), "the timers went on");
    }
    let mut inside = names(&place.visits());
    inside.sort();
    assert_eq!(inside, ["Hồ Thị Bưởi", "Lê Văn Ổi", "Trần Văn Mít"]);
    assert!(place.visits().iter().all(|visit| visit.left.is_none()), "nobody has left for it");
}

#[test]
fn what_happens_by_the_clock_happens_while_nobody_touches() {
    let mut street = Scene::Quiet.street(5, BEGINS);
    street.add(PhoneKind::Gaen, Walk::always(4.0));
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::in_street(street));
    check_in(&mut kiosk, "Hồ Thị Bưởi");
    run_until(&mut kiosk, at(30));
    touch(&mut kiosk, &[Touch::Enter]);
    let (mut faces, mut clocks) = (Vec::new(), std::collections::BTreeSet::new());
    kiosk.run_until(at(20 * 3_600), &mut |view, _| {
        faces.extend(view.bar.filter(|face| faces.last() != Some(face)));
        clocks.insert(view.clock.clone());
    });
    assert_eq!(faces, [Face::Looking, Face::TapHere, Face::NotSeenYet]);
    assert_eq!(clocks.len(), 20 * 60 + 1, "every minute was shown");
    let left = place.visits()[0].left.unwrap();
    assert_eq!(left.1, Leaving::ClosingSweep);
}
