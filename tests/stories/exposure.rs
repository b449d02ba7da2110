//! Somebody who was here is reported: the kiosk has remembered them, finds it at night, says it in
//! half-hours, and forgets in time.

use super::*;
use kiosk::domain::exposure::matched::FileHash;
use kiosk::domain::exposure::trace::Trace;
use kiosk::domain::logbook::Event;
use kiosk::domain::network::Network;
use kiosk::kiosk::matching::SimFile;
use kiosk::radio::sim::scene::Scene;
use kiosk::radio::sim::{PhoneKind, PhoneNumber, Walk};

const BLUEZONE: Trace = Trace::Phone(Network::Bluezone);
const GAEN: Trace = Trace::Phone(Network::Gaen);
const DAY: i64 = 24 * 60 * 60;
/// 02:30 of the night after the morning of the story, which begins at 07:30.
const NIGHT: Wall = Wall(BEGINS.0 + 19 * 60 * 60);

/// A phone of each kind stays at the desk for some minutes; the kiosk has settled what it heard.
fn morning(place: &Place) -> (Rehearsal, [PhoneNumber; 3]) {
    let mut street = Scene::Quiet.street(7, BEGINS);
    let stays = |from, to| Walk::to_the_desk(at(from), at(to));
    let phones = [
        street.add(PhoneKind::BluezoneAndroid, stays(60, 400)),
        street.add(PhoneKind::Gaen, stays(1_000, 1_300)),
        street.add(PhoneKind::BluezoneIphone, stays(2_000, 2_300)),
    ];
    let mut kiosk = place.kiosk(Ears::in_street(street));
    for (second, name) in [(80, "Lý Một"), (1_020, "Lý Hai"), (2_020, "Lý Ba")] {
        run_until(&mut kiosk, at(second));
        check_in(&mut kiosk, name);
    }
    run_until(&mut kiosk, at(3_700));
    (kiosk, phones)
}

fn publish(kiosk: &mut Rehearsal, file: u8, phones: &[PhoneNumber]) {
    let street = kiosk.ears_mut().street_mut().unwrap();
    let keys = phones.iter().map(|&phone| street.published(phone, BEGINS).unwrap()).collect();
    kiosk.publish(SimFile { hash: FileHash([file; 32]), keys: Ok(keys) });
}

fn night(kiosk: &mut Rehearsal, nights: i64) {
    kiosk.act(Act::SetWall(Wall(NIGHT.0 + nights * DAY), true));
    let end = kiosk.now().mono + Duration::from_mins(3);
    kiosk.run_until(end, &mut |_, _| {});
}

/// Network, minutes after half past seven, near time; of every window.
fn told(kiosk: &Rehearsal) -> Vec<(Trace, i64, u32)> {
    let notices = kiosk.kiosk().reception().exposures();
    let windows = notices.iter().flat_map(|notice| {
        let of = notice.exposure.id.trace;
        notice.exposure.windows.iter().map(move |window| (of, window))
    });
    windows
        .map(|(of, window)| (of, (window.begin.0 - BEGINS.0) / 60, window.near_seconds))
        .collect()
}

#[test]
fn what_was_heard_is_found_again_at_night_and_told_in_half_hours() {
    let place = Place::new();
    let (mut kiosk, [android, gaen, iphone]) = morning(&place);
    assert_eq!(told(&kiosk), []);
    publish(&mut kiosk, 1, &[android]);
    publish(&mut kiosk, 2, &[gaen, iphone]);
    kiosk.publish(SimFile { hash: FileHash([3; 32]), keys: Err("it is not signed".into()) });
    night(&mut kiosk, 0);
    let told_then = told(&kiosk);
    let mut found: Vec<_> = told_then.iter().map(|&(of, begin, _)| (of, begin)).collect();
    found.sort_unstable();
    assert_eq!(found, [(BLUEZONE, 0), (BLUEZONE, 30), (GAEN, 0)]);
    // The phone of Exposure Notification was at the desk for five minutes.
    let near = told_then.iter().find(|told| told.0 == GAEN).unwrap().2;
    assert!((240..=330).contains(&near), "{near} s");
    // It says it sends at -15 dBm, sealed under the key, and is heard at -64 dBm half a metre away.
    let windows = kiosk.kiosk().reception().exposures().iter().map(|notice| &notice.exposure);
    for exposure in windows {
        let attenuation = exposure.windows[0].attenuation_db;
        if exposure.id.trace == GAEN {
            assert!((45..=53).contains(&attenuation.unwrap()), "{attenuation:?} dB");
        } else {
            assert_eq!(attenuation, None, "Bluezone does not say it");
        }
    }
    let matching = kiosk.kiosk().reception().matching();
    assert_eq!(matching.refused, ["it is not signed"]);
    assert_eq!(matching.last.unwrap().1.files_done, 2);
    assert_eq!(matching.last.unwrap().1.keys_done, 3);

    // The next night nothing is matched again, and nothing changes.
    night(&mut kiosk, 1);
    assert_eq!(told(&kiosk), told_then);
    assert_eq!(kiosk.kiosk().reception().matching().last.unwrap().1.keys_done, 0);
    drop(kiosk);
    assert_eq!(place.visits().len(), 3);
}

/// Matching may be what ended the program: it is not to begin anew at each start.
#[test]
fn a_night_that_was_begun_is_not_begun_again_after_a_start() {
    let place = Place::new();
    let (mut kiosk, [android, ..]) = morning(&place);
    let street = kiosk.ears_mut().street_mut().unwrap();
    let key = street.published(android, BEGINS).unwrap();
    night(&mut kiosk, 0);
    assert!(kiosk.kiosk().reception().matching().last.is_some());
    drop(kiosk);
    let mut kiosk = place.kiosk(Ears::in_street(Scene::Quiet.street(7, BEGINS)));
    kiosk.publish(SimFile { hash: FileHash([1; 32]), keys: Ok(vec![key]) });
    night(&mut kiosk, 0);
    assert_eq!(kiosk.kiosk().reception().matching().last, None);
    night(&mut kiosk, 1);
    assert_eq!(told(&kiosk).len(), 1);
}

#[test]
fn whoever_was_not_here_is_not_found() {
    let place = Place::new();
    let (mut kiosk, _) = morning(&place);
    let street = kiosk.ears_mut().street_mut().unwrap();
    let away = street.add(PhoneKind::Gaen, Walk::to_the_desk(at(1_000_000), at(1_000_001)));
    publish(&mut kiosk, 1, &[away]);
    night(&mut kiosk, 0);
    assert_eq!(told(&kiosk), []);
    assert_eq!(kiosk.kiosk().reception().matching().last.unwrap().1.keys_done, 1);
}

#[test]
fn after_three_weeks_it_is_gone_and_the_book_says_how_much() {
    let place = Place::new();
    let (mut kiosk, [android, ..]) = morning(&place);
    publish(&mut kiosk, 1, &[android]);
    night(&mut kiosk, 0);
    let reader = Reader::open(&place.book()).unwrap();
    let rows = reader.heard().unwrap().len();
    assert!(rows >= 3, "{rows} rows");
    // Nobody vouches for the clock: nothing is deleted.
    kiosk.act(Act::SetWall(Wall(NIGHT.0 + 30 * DAY), false));
    let end = kiosk.now().mono + Duration::from_mins(90);
    kiosk.run_until(end, &mut |_, _| {});
    assert_eq!(reader.heard().unwrap().len(), rows);
    kiosk.act(Act::SetWall(Wall(NIGHT.0 + 20 * DAY), true));
    let end = kiosk.now().mono + Duration::from_mins(90);
    kiosk.run_until(end, &mut |_, _| {});
    assert_eq!(reader.heard().unwrap().len(), rows, "the day ended less than three weeks ago");
    kiosk.act(Act::SetWall(Wall(NIGHT.0 + 21 * DAY), true));
    let end = kiosk.now().mono + Duration::from_mins(90);
    kiosk.run_until(end, &mut |_, _| {});
    assert_eq!(reader.heard().unwrap(), []);
    assert_eq!(told(&kiosk), []);
    let forgotten: Vec<_> = reader
        .entries()
        .unwrap()
        .into_iter()
        .filter(|entry| matches!(entry.public.event, Event::Forgotten { .. }))
        .map(|entry| entry.public.event)
        .collect();
    let encounters = u32::try_from(rows).unwrap();
    assert_eq!(forgotten, [Event::Forgotten { encounters, exposures: 1 }]);
    assert!(reader.verify().unwrap().holds());
}
