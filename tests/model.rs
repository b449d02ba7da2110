//! Any sequence of touches, waits, adverts, presses, clocks and ailing disks: the house keeps its
//! promises after every step, and comes to rest by itself.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kiosk::domain::desk::Errand;
use kiosk::domain::desk::form::Form;
use kiosk::domain::desk::step::Step as DeskStep;
use kiosk::domain::fault::Trouble;
use kiosk::domain::language::Language;
use kiosk::domain::logbook::Event;
use kiosk::domain::moment::Wall;
use kiosk::domain::reception::Effect;
use kiosk::domain::roster::Roster;
use kiosk::domain::site::PhoneMake;
use kiosk::domain::touch::{Key, Layout, Tone, Touch};
use kiosk::domain::visit::{VisitFacts, VisitId};
use kiosk::view::{Screen, View};
use proptest::prelude::*;
use support::{House, MORNING, bluezone, iphone, site};

/// The longest a screen stands without a touch: the install code, and then the question.
const AT_REST_AFTER: u64 = 120 + 15 + 1;

#[derive(Clone, Debug)]
enum Step {
    Touch(Touch),
    CheckIn,
    GiveNumber(u8),
    Unlock(bool),
    Wait(u64),
    Advert(u8, i8, bool),
    Button,
    Motion,
    Book(Book),
    Clock(i64, bool),
    Restart,
}

#[derive(Clone, Copy, Debug)]
enum Book {
    Well,
    Slow,
    Unwell(Trouble),
}

fn key() -> impl Strategy<Value = Key> {
    use Tone::{Acute, DotBelow, Grave, HookAbove, Tilde};
    prop_oneof![
        8 => prop::sample::select("aeinos ĐƯbmt".chars().collect::<Vec<_>>()).prop_map(Key::Char),
        8 => prop::char::range('0', '9').prop_map(Key::Char),
        1 => any::<char>().prop_filter("kept for names", |c| !"kK".contains(*c)).prop_map(Key::Char),
        2 => prop::sample::select(vec![Acute, Grave, HookAbove, Tilde, DotBelow]).prop_map(Key::Tone),
        3 => Just(Key::Backspace),
        1 => Just(Key::Shift),
        1 => Just(Key::Layout(Layout::Lao)),
        1 => Just(Key::Telex),
    ]
}

fn touch() -> impl Strategy<Value = Touch> {
    let plain = [
        Touch::LargeText,
        Touch::Back,
        Touch::StillHere,
        Touch::Enter,
        Touch::Leave,
        Touch::ShowNotice,
        Touch::ShowInstall,
        Touch::InstallFor(PhoneMake::Android),
        Touch::Guard,
        Touch::ByPhone,
        Touch::ByName,
        Touch::ItIsMe,
        Touch::ItIsNotMe,
        Touch::OtherHost,
        Touch::OtherPurpose,
        Touch::MoreCompanions,
        Touch::FewerCompanions,
        Touch::EditName,
        Touch::EditPlate,
        Touch::EditUnit,
        Touch::EditPhone,
        Touch::NoPhone,
        Touch::Later,
        Touch::GuardWrite,
        Touch::GuardSearch,
        Touch::GuardShowAll,
        Touch::GuardSweep,
        Touch::GuardYes,
        Touch::GuardNo,
        Touch::GuardNextPage,
        Touch::GuardPreviousPage,
        Touch::GuardOpenGate,
        Touch::GuardRadio,
        Touch::GuardCalibrate,
        Touch::GuardIgnorePhone,
        Touch::GuardChecks,
        Touch::GuardLock,
    ];
    prop_oneof![
        12 => prop::sample::select(plain.to_vec()),
        6 => Just(Touch::Next),
        6 => key().prop_map(Touch::Key),
        1 => prop::sample::select(Language::ALL.to_vec()).prop_map(Touch::Language),
        2 => (0_u8..4).prop_map(Touch::Host),
        1 => (0_u8..4).prop_map(Touch::Purpose),
        2 => (0_u32..9).prop_map(|visit| Touch::GuardSendOut(VisitId(visit))),
        2 => (0_u32..9).prop_map(|visit| Touch::GuardCorrect(VisitId(visit))),
        1 => (0_u32..9).prop_map(|visit| Touch::GuardErase(VisitId(visit))),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let book = prop_oneof![
        Just(Book::Well),
        Just(Book::Slow),
        Just(Book::Unwell(Trouble::Full)),
        Just(Book::Unwell(Trouble::Gone)),
    ];
    let clock = prop_oneof![
        (-400_i64..400).prop_map(|days| MORNING.0 + days * 86_400),
        Just(0),
        Just(i64::MAX),
        Just(i64::MIN),
    ];
    prop_oneof![
        24 => touch().prop_map(Step::Touch),
        5 => Just(Step::CheckIn),
        3 => (0_u8..3).prop_map(Step::GiveNumber),
        2 => any::<bool>().prop_map(Step::Unlock),
        4 => (0_u64..90).prop_map(Step::Wait),
        1 => (90_u64..100_000).prop_map(Step::Wait),
        2 => (0_u8..5, -90_i8..-40, any::<bool>()).prop_map(|(id, rssi, i)| Step::Advert(id, rssi, i)),
        1 => Just(Step::Button),
        1 => Just(Step::Motion),
        2 => book.prop_map(Step::Book),
        1 => (clock, any::<bool>()).prop_map(|(wall, trusted)| Step::Clock(wall, trusted)),
        1 => Just(Step::Restart),
    ]
}

/// The house, and what is remembered of it from outside.
struct Watched {
    house: House,
    /// In whose turn a name was typed.
    names: BTreeMap<String, (u32, u32)>,
    restarts: u32,
    presses: usize,
}

impl Watched {
    fn new(motion_sensor: bool) -> Self {
        let house = House::with_site(kiosk::domain::site::Site { motion_sensor, ..site() });
        Self { house, names: BTreeMap::new(), restarts: 0, presses: 0 }
    }

    fn turn(&self) -> (u32, u32) {
        (self.restarts, self.house.reception.desk().turn())
    }

    /// A name nobody else has, in letters that neither Telex nor a random key makes.
    fn new_name(&self) -> String {
        let letter =
            |place: u32| "bcghlmnp".chars().nth((self.names.len() >> place) % 8).unwrap_or('b');
        format!("Kk{}{}{}", letter(6), letter(3), letter(0))
    }

    fn touch(&mut self, touch: Touch) {
        self.presses += usize::from(touch == Touch::GuardOpenGate);
        self.house.touch(touch);
        self.check();
    }

    fn do_step(&mut self, step: &Step) {
        match *step {
            Step::Touch(touch) => self.touch(touch),
            Step::CheckIn => {
                self.touch(Touch::Enter);
                self.touch(Touch::ByName);
                let name = self.new_name();
                self.names.insert(name.clone(), self.turn());
                for letter in name.chars() {
                    self.touch(Touch::Key(Key::Char(letter)));
                }
                self.touch(Touch::Next);
                self.touch(Touch::Host(0));
                self.touch(Touch::Next);
            }
            Step::GiveNumber(number) => {
                for letter in format!("091234567{number}").chars() {
                    self.touch(Touch::Key(Key::Char(letter)));
                }
            }
            Step::Unlock(administrator) => {
                self.touch(Touch::Guard);
                for letter in if administrator { "246801" } else { "135790" }.chars() {
                    self.touch(Touch::Key(Key::Char(letter)));
                }
                self.touch(Touch::Next);
            }
            Step::Wait(seconds) => self.wait(seconds),
            Step::Advert(id, rssi, is_iphone) => {
                let advert = if is_iphone { iphone(id, rssi) } else { bluezone(id, rssi) };
                self.house.reception.handle_advertisement(&advert, self.house.now);
            }
            Step::Button => {
                self.presses += 1;
                self.house.reception.handle_gate_button(self.house.now);
            }
            Step::Motion => self.house.reception.handle_motion(self.house.now),
            Step::Book(book) => {
                self.house.book_is_slow = matches!(book, Book::Slow);
                self.house.book_fault = match book {
                    Book::Unwell(trouble) => Some(trouble),
                    Book::Well | Book::Slow => None,
                };
                if !self.house.book_is_slow {
                    self.house.catch_up();
                }
            }
            Step::Clock(wall, trusted) => {
                self.house.now.wall = Wall(wall);
                self.house.now.wall_trusted = trusted;
            }
            Step::Restart => {
                self.restarts += 1;
                self.house.restart();
            }
        }
        self.house.drain();
        self.settle();
        self.check();
    }

    /// Wakes the reception until it wants to be woken later than now.
    fn settle(&mut self) {
        let mut turns = 0;
        while let Some((at, why)) = self.house.reception.poll_timeout(self.house.now)
            && at <= self.house.now.mono
        {
            turns += 1;
            assert!(turns <= 8, "it spins for {why:?}");
            self.house.reception.handle_timeout(self.house.now);
            self.house.drain();
        }
    }

    fn wait(&mut self, seconds: u64) {
        let end = self.house.now.mono + Duration::from_secs(seconds);
        let mut wakes = 0;
        while self.house.now.mono < end {
            // The clock's minutes, a wait counted down by the second, the store asked every ten.
            wakes += 1;
            assert!(wakes <= 100 + 2 * seconds, "time does not pass");
            self.settle();
            let due = self.house.reception.poll_timeout(self.house.now).map_or(end, |(at, _)| at);
            self.house.now = self.house.now.after(due.min(end).since(self.house.now.mono));
        }
    }

    fn check(&self) {
        let house = &self.house;
        let mut folded = Roster::new(site().zone, VisitId(0));
        house.entries.iter().for_each(|entry| folded.apply(entry));
        let roster = house.reception.roster();
        assert!(roster.latest_first().eq(folded.latest_first()), "the roster is the fold");
        assert_eq!(roster.next_visit(), folded.next_visit());

        let badges: BTreeSet<_> = roster.latest_first().map(|visit| visit.facts.badge).collect();
        assert_eq!(badges.len(), roster.len(), "one badge for two people inside");
        let mut begun = Vec::new();
        for event in house.events() {
            if let Event::CheckIn { facts } = event {
                begun.push(facts);
            }
        }
        let numbers: BTreeSet<VisitId> = begun.iter().map(|facts| facts.visit).collect();
        assert_eq!(numbers.len(), begun.len(), "one number for two visits");

        let opened = house.effects.iter().filter(|effect| **effect == Effect::OpenGate).count();
        let passed = house.events().into_iter().filter(|event| {
            matches!(event, Event::CheckIn { .. } | Event::Update { .. } | Event::CheckOut { .. })
        });
        assert!(opened <= self.presses + passed.count(), "the gate opened for nobody in the book");
        self.check_view(&house.view(), &begun);
    }

    fn check_view(&self, view: &View, begun: &[VisitFacts]) {
        if let Screen::Done(done) = &view.screen {
            let is_written = begun.iter().any(|facts| facts.badge == done.badge);
            assert!(is_written, "welcomed before it was written");
        }
        let reception = &self.house.reception;
        if reception.guard_in_front() || reception.desk().errand() != Errand::Visitor {
            return;
        }
        for text in texts(view) {
            for (name, turn) in &self.names {
                let is_own = *turn == self.turn();
                assert!(is_own || !text.contains(name.as_str()), "{name} is shown to another");
            }
        }
    }

    fn check_at_rest(&self) {
        let reception = &self.house.reception;
        let view = self.house.view();
        assert!(matches!(view.screen, Screen::Welcome { .. } | Screen::Fault(_)), "{view:?}");
        assert_eq!(texts(&view), Vec::<String>::new());
        assert!(!reception.guard().is_open(), "the guard's screen is open");
        assert_eq!(*reception.desk().step(), DeskStep::Welcome);
        assert_eq!(*reception.desk().form(), Form::new(&site()));
        assert_eq!((view.language, view.large_text), (Language::default(), false));
    }
}

/// Every text on a screen that comes from a person.
fn texts(view: &View) -> Vec<String> {
    match &view.screen {
        Screen::Typing(typing) => vec![typing.text.clone()],
        Screen::Phone { digits, recalled, .. } => {
            vec![digits.clone(), recalled.clone().unwrap_or_default()]
        }
        Screen::Visit(visit) => vec![
            visit.name.clone(),
            visit.other_host.clone(),
            visit.other_purpose.clone(),
            visit.plate.clone(),
            visit.unit.clone(),
            visit.phone.clone(),
        ],
        Screen::Done(done) => vec![done.name.clone(), done.host.clone()],
        Screen::Leave { digits, .. } => vec![digits.clone()],
        Screen::Overlap(overlap) => overlap.rows.iter().map(|row| row.name.clone()).collect(),
        Screen::Guard(guard) => guard.rows.iter().map(|row| row.name.clone()).collect(),
        Screen::Welcome { .. }
        | Screen::Notice { .. }
        | Screen::Identify
        | Screen::Install(_)
        | Screen::Writing
        | Screen::Left
        | Screen::Fault(_)
        | Screen::Pin(_)
        | Screen::Radio(_)
        | Screen::Held(_)
        | Screen::Checks(_)
        | Screen::Exposures(_)
        | Screen::Export(_) => Vec::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_house_keeps_its_promises_and_comes_to_rest(
        motion_sensor in any::<bool>(),
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let mut watched = Watched::new(motion_sensor);
        for step in &steps {
            watched.do_step(step);
        }
        watched.wait(AT_REST_AFTER);
        watched.settle();
        watched.check_at_rest();
    }
}
