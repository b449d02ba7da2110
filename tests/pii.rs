//! No person in a log: `Debug` of whatever could be logged shows no name, number, plate, PIN,
//! address or rotating id, wherever it was planted.

mod support;

use std::fmt::Debug;
use std::time::Duration;

use kiosk::domain::advert::{AdStructure, Address, AdvertData, Advertisement};
use kiosk::domain::asking::{Asking, Outcome, Reading, Value};
use kiosk::domain::beacon::{
    Airing, Answer, BaseKey, Beacon, BeaconKeys, Part, Plan, Setup, Sister,
};
use kiosk::domain::desk::form::{Form, Pick, TypedField};
use kiosk::domain::desk::step::{PhoneStep, Recall, Step};
use kiosk::domain::desk::{Desk, Wish};
use kiosk::domain::guard::GuardWish;
use kiosk::domain::language::Language;
use kiosk::domain::logbook::{Draft, Entry};
use kiosk::domain::moment::{Mono, Now};
use kiosk::domain::network::{self, Network, bluezone as bluezone_network};
use kiosk::domain::phone::Phone;
use kiosk::domain::presence::encounter::Encounter;
use kiosk::domain::reception::Effect;
use kiosk::domain::request::{Digits, FoundVisit, Reply, Request, Returning, SearchText};
use kiosk::domain::sighting::Sighting;
use kiosk::domain::touch::{Key, Touch};
use kiosk::domain::typing::Line;
use kiosk::domain::visit::{Leaving, Personal, Visit, VisitId};
use kiosk::radio::hci;
use kiosk::radio::join::Joiner;
use kiosk::view::View;
use support::{House, MORNING, bluezone, site};

const NAME: &str = "Quách Thị Xoài";
const PHONE: &str = "0987612345";
const PLATE: &str = "74B198765";
const PIN: &str = "80642";
/// The byte that address and rotating id are made of: 0xC7, 199.
const ON_AIR: u8 = 0xC7;

/// Parts of what was planted, in every shape in which it could come out.
const TRACES: [&str; 14] = [
    "Quách", "Xoài", "quach", "Quả", "'Q'", "\"Q", "09876", "612345", "74B1", "B198", "8064", "C7",
    "c7", "199",
];

fn hides(what: &str, value: &impl Debug) {
    for shown in [format!("{value:?}"), format!("{value:#?}")] {
        for trace in TRACES {
            assert!(!shown.contains(trace), "{what} shows {trace}: {shown}");
        }
    }
}

fn person() -> Personal {
    Personal {
        name: NAME.to_owned(),
        phone: PHONE.to_owned(),
        unit: NAME.to_owned(),
        host: NAME.to_owned(),
        purpose: NAME.to_owned(),
        plate: PLATE.to_owned(),
    }
}

/// A house in which everything has been planted, at every step of a visit; `look` is shown each.
fn story(mut look: impl FnMut(&House)) -> House {
    let mut house = House::with_site(kiosk::domain::site::Site { ask_unit: true, ..site() });
    let mut go = |house: &mut House, touches: &[Touch], text: &str| {
        for &touch in touches {
            house.reception.handle_advertisement(&bluezone(ON_AIR, -60), house.now);
            house.touch(touch);
            look(house);
        }
        for letter in text.chars() {
            house.touch(Touch::Key(Key::Char(letter)));
            look(house);
        }
    };
    go(&mut house, &[Touch::Enter, Touch::ByName], NAME);
    go(&mut house, &[Touch::Next, Touch::OtherHost], NAME);
    go(&mut house, &[Touch::Next, Touch::OtherPurpose], NAME);
    go(&mut house, &[Touch::Next, Touch::EditUnit], NAME);
    go(&mut house, &[Touch::Next, Touch::EditPlate], PLATE);
    go(&mut house, &[Touch::Next, Touch::EditPhone], PHONE);
    go(&mut house, &[Touch::Next, Touch::Next, Touch::Next, Touch::Enter, Touch::ByPhone], PHONE);
    go(&mut house, &[Touch::ItIsMe, Touch::Next, Touch::Next, Touch::Guard], "135790");
    go(&mut house, &[Touch::Next, Touch::GuardSearch], NAME);
    go(&mut house, &[Touch::Next, Touch::GuardCorrect(VisitId(1)), Touch::EditName], NAME);
    go(&mut house, &[Touch::Next, Touch::Next, Touch::GuardLock, Touch::Guard], PIN);
    go(&mut house, &[Touch::Next, Touch::Back, Touch::Leave], PHONE);
    go(&mut house, &[Touch::Next], "");
    house
}

#[test]
fn the_reception_at_every_step() {
    let mut seen = std::collections::BTreeSet::new();
    let house = story(|house| {
        hides("the reception", &house.reception);
        hides("the view", &house.view());
        hides("the desk's step", house.reception.desk().step());
        seen.insert(format!("{:?}", house.view().screen).split('(').next().unwrap().to_owned());
    });
    let expected =
        ["Done", "Guard", "Identify", "Leave", "Left", "Phone", "Pin", "Typing", "Visit"];
    for screen in expected {
        assert!(seen.iter().any(|seen| seen.starts_with(screen)), "{screen} was not passed");
    }
    assert_eq!(house.entries[0].personal.as_ref().unwrap().name, NAME, "it was planted");
    for entry in &house.entries {
        hides("an entry", entry);
        let draft = Draft { public: entry.public, personal: entry.personal.clone() };
        hides("a request", &Request::Append(draft.clone()));
        hides("an effect", &Effect::Request(Request::Append(draft)));
        hides("a reply", &Reply::Appended { entry: entry.clone() });
    }
    hides("the roster", house.reception.roster());
}

#[test]
fn what_a_phone_hands_out() {
    let address = Address { bytes: [ON_AIR; 6], random: true };
    let outcome = Outcome::Value(Value(vec![ON_AIR; 12]));
    let scan_off = Duration::ZERO;
    let now = Now { mono: Mono::from_millis(0), wall: MORNING, wall_trusted: true };
    let mut asking = Asking::default();
    asking.handle_candidate(address, Network::Bluezone, -60, now.mono);
    let ask = asking.poll(Some(Duration::from_secs(2)), -80, now.mono).unwrap();
    hides("a question", &Effect::Ask(ask));
    let reading = Reading { address, outcome, scan_off };
    hides("a reading", &reading);
    hides("a finding", &asking.handle_reading(&reading, now).unwrap());
    hides("the asking", &asking);
}

#[test]
fn what_is_typed() {
    for letter in NAME.chars().chain(PHONE.chars()) {
        hides("a touch", &Touch::Key(Key::Char(letter)));
    }
    let digits = || Digits(PHONE.to_owned());
    let search = || SearchText(NAME.to_owned());
    hides("a line", &Line::with_text(TypedField::Name, Language::Vietnamese, NAME));
    hides("a number", &Phone::parse(PHONE));
    hides("a wrong number", &Phone::parse(&format!("{PHONE}999")));
    hides("digits", &digits());
    hides("wishes", &[Wish::Recall(digits()), Wish::LeaveByPhone(digits())]);
    let pins = || (Digits(PIN.to_owned()), Digits(PIN.to_owned()));
    let (administrator, guard) = pins();
    hides("the guard's wishes", &[GuardWish::Search(search()), GuardWish::CheckPin(pins().0)]);
    hides("new PINs", &GuardWish::SetPins { administrator, guard });
    let (administrator, guard) = pins();
    hides("a request for PINs", &Request::SetPins { administrator, guard });
    hides("a search", &Request::Search { query: search(), limit: 5 });
    hides("a recall", &Request::Recall { phone: digits() });
    hides("a pick", &Pick::Typed(NAME.to_owned()));
    let known = Recall::Known(Box::new(person()));
    let step = PhoneStep { digits: PHONE.to_owned(), to_recall: true, recall: known };
    hides("the phone step", &Step::Phone(step));
    hides("leaving", &Step::Leave { digits: digits() });
}

#[test]
fn whoever_the_book_knows() {
    let house = story(|_| {});
    let Entry { seq, public, .. } = house.entries[0].clone();
    let kiosk::domain::logbook::Event::CheckIn { facts } = public.event else { panic!() };
    let entered = public.wall;
    let personal = Some(person());
    let visit = Visit { facts, personal: personal.clone(), entered, entered_trusted: true, seq };
    hides("a person", &person());
    hides("a visit", &visit);
    let left = Some((entered, Leaving::Guard));
    let found = FoundVisit { facts, personal, entered, left, seq };
    hides("what was found", &Reply::Found(vec![found]));
    hides("who returns", &Reply::Recalled(Some(Returning { personal: person() })));
    let mut form = Form::new(&site());
    form.recall(&person(), &site());
    hides("a form", &form);
    hides("a desk", &Desk::new(&site()));
    hides("a view", &View::of(&house.reception, house.now));
}

#[test]
fn whatever_is_on_the_air() {
    let address = Address { bytes: [ON_AIR; 6], random: true };
    let advert = Advertisement { address, ..bluezone(ON_AIR, -60) };
    hides("an address", &address);
    hides("an advert", &advert);
    hides("its structures", &advert.structures());
    let structures: Vec<AdStructure<'_>> = advert.structures().flatten().collect();
    assert!(structures.iter().any(|part| part.payload.contains(&ON_AIR)));
    hides("each structure", &structures);
    let evidence = network::decode(&advert, &Network::ALL).unwrap();
    hides("evidence", &evidence);
    let sighting = Sighting::new(evidence, address, advert.rssi.unwrap()).unwrap();
    hides("a sighting", &sighting);
    hides("an encounter", &Encounter::new(&sighting, Mono::default()));

    let mut event = vec![0x3E, 0, 0x02, 1, 0, 1];
    event.extend([ON_AIR; 6]);
    event.push(u8::try_from(advert.data.as_bytes().len()).unwrap());
    event.extend(advert.data.as_bytes());
    event.push(0xC4);
    event[1] = u8::try_from(event.len() - 2).unwrap();
    let mut reports = hci::reports(&event).unwrap();
    hides("reports", &reports);
    let report = reports.next().unwrap().unwrap();
    hides("a report", &report);
    let mut joiner = Joiner::default();
    assert!(joiner.accept(report, Mono::default()).is_some());
    hides("the joiner", &joiner);
}

#[test]
fn what_the_kiosk_itself_sends() {
    let key = BaseKey::new([ON_AIR; 32], MORNING);
    let mut keys = BeaconKeys::default();
    keys.insert(Network::Bluezone, key);
    hides("a secret", &key);
    hides("the secrets", &keys);
    let sisters = vec![Sister { network: Network::Gaen, key }];
    let setup = Setup { networks: vec![Network::Bluezone], sisters, ..Setup::default() };
    hides("a setup", &setup);
    let mut beacon = Beacon::new(setup);
    beacon.set_keys(keys, Now { mono: Mono::from_millis(0), wall: MORNING, wall_trusted: true });
    assert_eq!(beacon.plan().airings.len(), 2);
    hides("a beacon", &beacon);
    let (part, data) = (Part::Wake, AdvertData::new(&[ON_AIR; 31]));
    let airing = Airing { part, connectable: true, states_power: false, data, turn_seconds: 1 };
    let answer = Answer { gatt: bluezone_network::READS[0], value: vec![ON_AIR; 12] };
    let plan = Plan { airings: vec![airing], answers: vec![answer] };
    hides("an effect", &Effect::Broadcast(plan));
}
