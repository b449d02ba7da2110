//! Two kiosks that hear each other, and each itself through a second adapter: neither is a visitor
//! to the other or to itself, over slots and days, with one clock that is wrong by ten minutes.

use kiosk::domain::advert::{Address, AdvertData, Advertisement, Dbm};
use kiosk::domain::beacon::keys::JOINABLE;
use kiosk::domain::beacon::{Part, Plan, Sister};
use kiosk::domain::moment::{Mono, Wall};
use kiosk::domain::network::Network;
use kiosk::domain::presence::Face;
use kiosk::domain::site::Site;
use kiosk::domain::touch::Touch;
use kiosk::kiosk::morning::BEGINS;
use kiosk::kiosk::rehearsal::{Act, Rehearsal};
use kiosk::radio::ears::Ears;
use kiosk::radio::sim::scene::Scene;
use kiosk::radio::sim::{PhoneKind, Street, Walk};
use kiosk::store::{Book, Options, Reader};

use super::{Place, at, run_until, touch};

/// A door that joins every network it can, and knows these others.
fn door(sisters: Vec<Sister>) -> Site {
    let mut site = kiosk::config::Config::default().site();
    site.beacon.networks = JOINABLE.to_vec();
    site.beacon.sisters = sisters;
    site
}

/// The secrets of the book in this place, which is begun if there is none.
fn secrets(place: &Place) -> Vec<Sister> {
    let options = Options { today_from: BEGINS, wall: BEGINS, in_doubt: false };
    drop(Book::open(&place.book(), options).unwrap());
    let keys = Reader::open(&place.book()).unwrap().beacon_keys().unwrap();
    let key = |network| Some(Sister { network, key: *keys.of(network)? });
    JOINABLE.into_iter().filter_map(key).collect()
}

fn open(place: &Place, site: Site, wall: Wall, street: Street) -> Rehearsal {
    Rehearsal::new(site, place.book(), wall, Ears::in_street(street))
}

/// What is on the air from this kiosk just now.
fn said(kiosk: &Rehearsal) -> Plan {
    kiosk.voice().said().last().map(|(_, plan)| plan.clone()).unwrap_or_default()
}

/// For a second everything in the plan arrives at this kiosk, ten times and very loud, from `house`.
fn arrives(kiosk: &mut Rehearsal, plan: &Plan, house: u8) {
    let now = kiosk.now().mono;
    let street = kiosk.ears_mut().street_mut().unwrap();
    for tenth in 0..10 {
        for (set, airing) in (0..).zip(&plan.airings) {
            let mut data = AdvertData::EMPTY;
            if airing.connectable {
                data.extend(&[2, 1, 6]);
            }
            data.extend(airing.data.as_bytes());
            let address = Address { bytes: [0x40, 0, 0, 0, house, set], random: true };
            let rssi = Some(Dbm(-35));
            let connectable = airing.connectable;
            let moment = now + std::time::Duration::from_millis(tenth * 100);
            street.arrives(moment, Advertisement { address, rssi, connectable, data });
        }
    }
}

/// Two doors side by side until `end`; what each said is heard by both, as far as `deaf` is not.
fn side_by_side(doors: &mut [Rehearsal], from: u64, until: u64) {
    for second in from..until {
        let plans: Vec<_> = doors.iter().map(said).collect();
        for kiosk in &mut *doors {
            for (house, plan) in (1..).zip(&plans) {
                arrives(kiosk, plan, house);
            }
            run_until(kiosk, at(second + 1));
        }
    }
}

fn tracked(kiosk: &Rehearsal) -> usize {
    kiosk.kiosk().reception().radio_load().0
}

/// Somebody without a phone stands at the screen for ten seconds from `second` on.
fn visitor_without_a_phone(doors: &mut [Rehearsal], second: u64) {
    for kiosk in &mut *doors {
        touch(kiosk, &[Touch::Enter]);
    }
    side_by_side(doors, second, second + 10);
    for kiosk in &mut *doors {
        let face = kiosk.view().bar.unwrap();
        assert!(matches!(face, Face::TapHere | Face::NotSeenYet), "{face:?} after {second} s");
        touch(kiosk, &[Touch::Back]);
    }
}

#[test]
fn neither_door_takes_the_other_or_itself_for_a_visitor() {
    let (one, other) = (Place::new(), Place::new());
    let (of_one, of_other) = (secrets(&one), secrets(&other));
    let street = || Scene::Quiet.street(1, BEGINS);
    let mut doors = vec![
        open(&one, door(of_other), BEGINS, street()),
        open(&other, door(of_one), Wall(BEGINS.0 + 600), street()),
    ];
    let mut from = 0;
    for minute in [1, 16, 31] {
        side_by_side(&mut doors, from, minute * 60);
        visitor_without_a_phone(&mut doors, minute * 60);
        from = minute * 60 + 10;
    }
    for kiosk in &doors {
        assert_eq!(tracked(kiosk), 0);
        assert!(kiosk.adverts() > 100_000, "they hear nothing: {}", kiosk.adverts());
        let ids: std::collections::BTreeSet<Vec<u8>> = kiosk
            .voice()
            .said()
            .flat_map(|(_, plan)| plan.airings.iter().map(|a| a.data.as_bytes().to_vec()))
            .collect();
        assert!(ids.len() >= 10, "they have not turned: {}", ids.len());
    }
}

#[test]
fn a_door_nobody_has_told_of_is_heard_as_phones_are() {
    let (one, other) = (Place::new(), Place::new());
    let street = || Scene::Quiet.street(2, BEGINS);
    let mut doors = vec![
        open(&one, door(Vec::new()), BEGINS, street()),
        open(&other, door(Vec::new()), BEGINS, street()),
    ];
    side_by_side(&mut doors, 0, 20);
    for kiosk in &doors {
        assert_eq!(tracked(kiosk), JOINABLE.len(), "the other's, and none of its own");
    }
}

#[test]
fn a_phone_beside_the_doors_is_found_all_the_same() {
    let (one, other) = (Place::new(), Place::new());
    let (of_one, of_other) = (secrets(&one), secrets(&other));
    let mut street = Scene::Quiet.street(3, BEGINS);
    street.add(PhoneKind::Gaen, Walk::to_the_desk(at(60), at(120)));
    let mut doors = vec![
        open(&one, door(of_other), BEGINS, street),
        open(&other, door(of_one), BEGINS, Scene::Quiet.street(3, BEGINS)),
    ];
    side_by_side(&mut doors, 0, 62);
    touch(&mut doors[0], &[Touch::Enter]);
    side_by_side(&mut doors, 62, 90);
    assert!(matches!(doors[0].view().bar, Some(Face::Running(_))), "{:?}", doors[0].view().bar);
}

#[test]
fn it_is_silent_until_the_book_is_open_and_turns_when_the_clock_is_set() {
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::deaf());
    let plan = said(&kiosk);
    let parts: Vec<Part> = plan.airings.iter().map(|airing| airing.part).collect();
    assert_eq!(parts, [Part::Member(Network::Bluezone), Part::Wake]);
    let before = plan.airings[0].data;
    kiosk.act(Act::SetWall(Wall(BEGINS.0 + 86_400 * 30), true));
    run_until(&mut kiosk, Mono::from_millis(61_000));
    assert_ne!(said(&kiosk).airings[0].data, before);
    assert_eq!(said(&kiosk).answers[0].value.len(), 12);
}
