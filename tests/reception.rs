//! Stories of the reception on a clock that is moved by hand, with a book in memory.

mod support;

use kiosk::domain::asking::{Ask, Outcome, Reading, Value};
use kiosk::domain::beacon::{BaseKey, Setup, Sister};
use kiosk::domain::fault::{Fault, Organ, Trouble};
use kiosk::domain::language::Language;
use kiosk::domain::logbook::Event;
use kiosk::domain::moment::Wall;
use kiosk::domain::network::Network;
use kiosk::domain::network::bluezone::SlotsPerDay;
use kiosk::domain::presence::{Face, Sureness};
use kiosk::domain::reception::Effect;
use kiosk::domain::signal::Lamp;
use kiosk::domain::site::{PhoneMake, Site};
use kiosk::domain::touch::{Key, Touch};
use kiosk::view::{Complaint, InstallView, Screen};
use support::{House, MORNING, bluezone, in_the_background, iphone, seconds, site};

#[test]
fn a_visitor_with_the_app_running() {
    let mut house = House::new();
    house.touches(&[Touch::Enter, Touch::ByName]);
    house.wait_hearing(seconds(2), |_| Some(bluezone(7, -60)));
    assert_eq!(house.view().bar, Some(Face::Running(Sureness::Confirmed)));
    house.type_text("Hồ Thị Bưởi");
    house.touches(&[Touch::Next, Touch::Host(1), Touch::Purpose(0), Touch::MoreCompanions]);
    assert!(house.entries.is_empty(), "nothing is written before the last touch");
    house.touch(Touch::Next);
    let Screen::Done(done) = house.view().screen else { panic!("{:?}", house.view().screen) };
    assert_eq!((done.badge.to_string().as_str(), done.time.as_str()), ("A-001", "08:00"));
    assert_eq!(done.host, "Phòng Tư pháp");
    let [Event::CheckIn { facts }] = house.events()[..] else { panic!() };
    assert_eq!((facts.face, facts.companions), (Face::Running(Sureness::Confirmed), 1));
    assert_eq!(house.view().people_inside, 2);
    assert!(house.effects.contains(&Effect::OpenGate));
    assert!(house.effects.contains(&Effect::Lamp(Lamp::Green)));
    house.wait(seconds(11));
    assert!(matches!(house.view().screen, Screen::Welcome { .. }));
}

#[test]
fn no_gate_and_no_welcome_before_the_entry_is_on_disk() {
    let mut house = House::new();
    house.book_is_slow = true;
    house.check_in("Trần Văn Mít");
    assert_eq!(house.view().screen, Screen::Writing);
    assert!(!house.effects.contains(&Effect::OpenGate));
    house.wait(seconds(2));
    house.touch(Touch::Next);
    assert_eq!(house.view().screen, Screen::Writing, "an impatient finger changes nothing");
    house.catch_up();
    assert!(matches!(house.view().screen, Screen::Done(_)));
    assert!(house.effects.contains(&Effect::OpenGate));
    assert_eq!(house.entries.len(), 1);
}

#[test]
fn an_office_must_know_whom_a_visitor_sees() {
    let mut house = House::new();
    house.touches(&[Touch::Enter, Touch::ByName, Touch::Next]);
    let Screen::Typing(typing) = house.view().screen else { panic!() };
    assert_eq!(typing.complaint, Some(Complaint::NameMissing));
    house.type_text("Lê Văn Ổi");
    house.touches(&[Touch::Next, Touch::Next]);
    let Screen::Visit(visit) = house.view().screen else { panic!() };
    assert_eq!(visit.complaint, Some(Complaint::HostMissing));
    assert!(house.entries.is_empty());
}

#[test]
fn silence_asks_and_then_clears_everything() {
    let mut house = House::new();
    house.touches(&[Touch::Enter, Touch::ByName]);
    house.type_text("Hồ");
    house.wait(seconds(30));
    assert!(house.view().still_there);
    house.touch(Touch::StillHere);
    assert!(!house.view().still_there);
    let Screen::Typing(typing) = house.view().screen else { panic!() };
    assert_eq!(typing.text.trim(), "Hồ");
    house.wait(seconds(46));
    assert!(matches!(house.view().screen, Screen::Welcome { .. }));
    house.touches(&[Touch::Enter, Touch::ByName]);
    let Screen::Typing(typing) = house.view().screen else { panic!() };
    assert_eq!(typing.text, "");
}

#[test]
fn switching_the_language_keeps_what_was_typed() {
    let mut house = House::new();
    house.touches(&[Touch::Enter, Touch::ByName]);
    house.type_text("Bounmy");
    house.touch(Touch::Language(Language::Lao));
    let view = house.view();
    assert_eq!(view.language, Language::Lao);
    let Screen::Typing(typing) = view.screen else { panic!() };
    assert_eq!(typing.text, "Bounmy");
    house.touches(&[Touch::Language(Language::English), Touch::Next]);
    let Screen::Visit(visit) = house.view().screen else { panic!() };
    assert_eq!(visit.name, "Bounmy");
}

#[test]
fn the_store_full_stops_check_in_and_says_so_and_keeps_what_was_typed() {
    let mut house = House::new();
    house.book_fault = Some(Trouble::Full);
    house.check_in("Hồ Thị Bưởi");
    let fault = Fault { organ: Organ::Store, trouble: Trouble::Full };
    assert_eq!(house.view().screen, Screen::Fault(fault));
    assert!(!house.effects.contains(&Effect::OpenGate));
    // The guard's button opens all the same, and it is written down when the book is well.
    house.reception.handle_gate_button(house.now);
    house.drain();
    assert!(house.effects.contains(&Effect::OpenGate));
    house.wait(seconds(15));
    house.book_fault = None;
    house.wait(seconds(10));
    assert!(matches!(house.view().screen, Screen::Visit(_)), "{:?}", house.view().screen);
    assert!(
        matches!(house.events()[..], [Event::GateOpened { seconds_ago: 15..=26 }]),
        "{:?}",
        house.events()
    );
    house.touch(Touch::Next);
    assert!(matches!(house.view().screen, Screen::Done(_)));
}

#[test]
fn a_store_that_never_answers_is_gone_and_a_late_answer_counts() {
    let mut house = House::new();
    house.book_is_slow = true;
    house.check_in("Hồ Thị Bưởi");
    house.wait(seconds(21));
    let fault = Fault { organ: Organ::Store, trouble: Trouble::Gone };
    assert_eq!(house.view().screen, Screen::Fault(fault));
    house.catch_up();
    assert!(matches!(house.view().screen, Screen::Done(_)));
}

#[test]
fn an_unwell_radio_accuses_nobody() {
    let mut house = House::new();
    let fault = Fault { organ: Organ::Radio, trouble: Trouble::Gone };
    house.reception.handle_fault(fault, house.now);
    house.touch(Touch::Enter);
    house.wait(seconds(25));
    assert_eq!(house.view().bar, Some(Face::RadioUnwell));
    house.reception.handle_mended(Organ::Radio, house.now);
    assert_eq!(house.view().bar, Some(Face::Looking), "nothing could be heard until now");
}

#[test]
fn a_clock_that_jumps_a_year_signs_nobody_out_and_moves_no_timer() {
    let mut house = House::new();
    house.check_in("Hồ Thị Bưởi");
    house.wait(seconds(60));
    house.touch(Touch::Enter);
    house.now.wall = Wall(MORNING.0 + 366 * 86_400);
    house.wait(seconds(5));
    assert_eq!(house.view().bar, Some(Face::TapHere));
    assert_eq!(house.reception.roster().len(), 1);
    house.now.wall = MORNING;
    house.wait(seconds(61));
    assert_eq!(house.reception.roster().len(), 1);
    // Set back into the day before, badges go on from where they were.
    house.touch(Touch::Back);
    house.check_in("Trần Văn Mít");
    let Screen::Done(done) = house.view().screen else { panic!() };
    assert_eq!(done.badge.number, 2);
}

#[test]
fn a_crowd_of_sixty_while_one_stands_at_the_desk() {
    let mut house = House::new();
    house.wait_hearing(seconds(40), |now| {
        let turn = u8::try_from(now.since_start().as_millis() / 100 % 60).unwrap();
        Some(bluezone(100 + turn, -80))
    });
    house.touch(Touch::Enter);
    house.wait_hearing(seconds(3), |now| {
        let turn = u8::try_from(now.since_start().as_millis() / 100 % 60).unwrap();
        Some(if turn % 2 == 0 { bluezone(1, -62) } else { bluezone(100 + turn, -80) })
    });
    assert_eq!(house.view().bar, Some(Face::Running(Sureness::Confirmed)));
}

#[test]
fn the_install_code_is_that_of_the_phone_where_they_differ() {
    let mut house = House::new();
    house.touch(Touch::ShowInstall);
    let link = |house: &House| {
        let Screen::Install(view) = house.view().screen else { panic!() };
        let InstallView { link, by_make: true, .. } = view else { panic!() };
        link
    };
    assert_eq!(link(&house), "https://www.bluezone.gov.vn");
    house.touch(Touch::InstallFor(PhoneMake::Android));
    assert_eq!(link(&house), "https://android.example");
    house.touch(Touch::InstallFor(PhoneMake::Iphone));
    assert_eq!(link(&house), "https://www.bluezone.gov.vn");
}

#[test]
fn a_key_held_down_fills_nothing_beyond_its_bounds() {
    let mut house = House::new();
    house.touches(&[Touch::Enter, Touch::ByPhone]);
    for _ in 0..1_000 {
        house.touch(Touch::Key(Key::Char('0')));
    }
    let Screen::Phone { digits, .. } = house.view().screen else { panic!() };
    assert_eq!(digits.len(), 17);
    for _ in 0..1_000 {
        house.touch(Touch::MoreCompanions);
    }
}

/// What the bar says of something with the form of an iPhone that hands out the id of `secret`, at a
/// door that knows the sister with the secret of sevens.
#[expect(clippy::unwrap_used, reason = "functions that tests share fail as tests do")]
fn told_by(secret: [u8; 32]) -> Option<Face> {
    let key = BaseKey::new([7; 32], MORNING);
    let sisters = vec![Sister { network: Network::Bluezone, key }];
    let beacon = Setup { sisters, ..Setup::default() };
    let mut house = House::with_site(Site { beacon, ..site() });
    house.touch(Touch::Enter);
    house.wait_hearing(seconds(2), |_| Some(iphone(1, -45)));
    let wall = house.now.wall;
    let id = Network::Bluezone.derive(&secret, MORNING, wall, SlotsPerDay::DEFAULT).unwrap().id;
    answer(&mut house, Outcome::Value(Value(id.as_bytes().to_vec())));
    house.view().bar
}

/// Whoever was asked for an id answers so.
#[expect(clippy::unwrap_used, reason = "functions that tests share fail as tests do")]
fn answer(house: &mut House, outcome: Outcome) {
    let asked = house.effects.iter().find_map(|effect| match effect {
        Effect::Ask(Ask::Read(question)) => Some(question.address),
        Effect::Ask(Ask::Stop)
        | Effect::Request(_)
        | Effect::Lamp(_)
        | Effect::Buzz(_)
        | Effect::OpenGate
        | Effect::Broadcast(_)
        | Effect::Match { .. }
        | Effect::Export { .. } => None,
    });
    let reading = Reading { address: asked.unwrap(), outcome, scan_off: seconds(1) };
    house.reception.handle_reading(&reading, house.now);
    house.drain();
}

#[test]
fn a_hint_that_is_proved_wrong_after_welcome_in_is_taken_back() {
    let mut house = House::new();
    house.touches(&[Touch::Enter, Touch::ByName]);
    house.wait_hearing(seconds(2), |_| Some(in_the_background(1, -45)));
    assert_eq!(house.view().bar, Some(Face::Running(Sureness::Probable)));
    house.type_text("Hồ Thị Bưởi");
    house.touches(&[Touch::Next, Touch::Host(0), Touch::Next]);
    answer(&mut house, Outcome::NoService);
    let verdicts: Vec<_> = house
        .events()
        .into_iter()
        .filter_map(|event| if let Event::Verdict { face, .. } = event { Some(face) } else { None })
        .collect();
    assert_eq!(verdicts, [Face::NotSeenYet]);
}

#[test]
fn an_id_that_was_heard_is_not_forgotten_for_a_hint_when_somebody_signs_in_again() {
    let mut house = House::new();
    let running = |sureness| Some(Face::Running(sureness));
    house.touches(&[Touch::Enter, Touch::ByName]);
    house.wait_hearing(seconds(2), |_| Some(bluezone(7, -60)));
    assert_eq!(house.view().bar, running(Sureness::Confirmed));
    house.type_text("Hồ Thị Bưởi");
    house.touches(&[Touch::Next, Touch::Host(0), Touch::Next]);
    house.wait(seconds(180));
    house.touches(&[Touch::Enter, Touch::ByName]);
    house.wait_hearing(seconds(2), |_| Some(in_the_background(1, -45)));
    assert_eq!(house.view().bar, running(Sureness::Probable));
    house.type_text("Hồ Thị Bưởi");
    house.touches(&[Touch::Next, Touch::Host(0), Touch::Next]);
    let Some(Event::Update { facts, .. }) = house.events().pop() else { panic!() };
    assert_eq!(Some(facts.face), running(Sureness::Confirmed));
}

#[test]
fn a_hint_of_a_network_that_is_not_the_places_own_says_nothing_before_it_is_read() {
    for (networks, expected) in [
        (vec![Network::Bluezone, Network::Herald], Face::Running(Sureness::Probable)),
        (vec![Network::Herald, Network::Bluezone], Face::Looking),
    ] {
        let mut house = House::with_site(Site { networks, ..site() });
        house.touch(Touch::Enter);
        house.wait_hearing(seconds(2), |_| Some(in_the_background(1, -45)));
        assert_eq!(house.view().bar, Some(expected));
        answer(&mut house, Outcome::Value(Value(vec![7; 12])));
        assert_eq!(house.view().bar, Some(Face::Running(Sureness::Confirmed)));
    }
}

#[test]
fn the_id_of_a_sister_door_confirms_nobody() {
    assert_eq!(told_by([8; 32]), Some(Face::Running(Sureness::Confirmed)));
    assert_eq!(told_by([7; 32]), Some(Face::Running(Sureness::Probable)));
}
