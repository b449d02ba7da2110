//! The book is being opened, is found damaged, or its thread ends: the loop turns on, the gate
//! obeys the guard, and check-in goes on by itself.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kiosk::clock::Clock;
use kiosk::config::Config;
use kiosk::domain::fault::{Fault, Organ, Trouble};
use kiosk::domain::request::Reply;
use kiosk::domain::signal::Sensed;
use kiosk::domain::touch::{Key, Touch};
use kiosk::gpio::Pins;
use kiosk::kiosk::morning::BEGINS;
use kiosk::kiosk::{Input, Kiosk};
use kiosk::radio::ears::Ears;
use kiosk::store::{Answer, OnAnswer};
use kiosk::view::{Screen, View};

use super::{Place, at, check_in, names};

/// A kiosk whose answers come when they are let through, one at a time.
struct Slow {
    kiosk: Kiosk,
    clock: Clock,
    answers: Receiver<Answer>,
}

impl Slow {
    fn new(place: &Place, on_answer: OnAnswer, answers: Receiver<Answer>) -> Self {
        let clock = Clock::at(BEGINS);
        let pins = Pins::simulated(Duration::from_secs(3));
        let kiosk =
            Kiosk::new(Config::default().site(), place.book(), pins, on_answer, clock.now());
        Self { kiosk, clock, answers }
    }

    fn begin(place: &Place) -> Self {
        let (send, answers) = channel();
        Self::new(place, Arc::new(move |answer| drop(send.send(answer))), answers)
    }

    fn handle(&mut self, input: Input) {
        self.kiosk.handle(input, self.clock.now());
    }

    /// Lets one answer through.
    fn answer(&mut self) {
        let answer = self.answers.recv().unwrap();
        self.handle(Input::Answer(answer));
    }

    fn settle(&mut self) {
        while self.kiosk.unanswered() > 0 {
            self.answer();
        }
    }

    fn touch(&mut self, touches: &[Touch]) {
        for &touch in touches {
            self.handle(Input::Touch(touch));
        }
    }

    /// Up to the touch that writes it down.
    fn fill_in(&mut self, name: &str) {
        self.touch(&[Touch::Enter, Touch::ByName]);
        name.chars().for_each(|letter| self.touch(&[Touch::Key(Key::Char(letter))]));
        self.touch(&[Touch::Next, Touch::Host(0)]);
    }

    fn screen(&self) -> Screen {
        View::of(self.kiosk.reception(), self.clock.now()).screen
    }

    fn gate_openings(&self) -> usize {
        self.kiosk.pins().record().unwrap().gate_openings()
    }
}

const fn store(trouble: Trouble) -> Screen {
    Screen::Fault(Fault { organ: Organ::Store, trouble })
}

#[test]
fn while_the_book_is_being_opened_the_gate_obeys_the_guard() {
    let place = Place::new();
    check_in(&mut place.kiosk(Ears::deaf()), "Hồ Thị Bưởi");
    let mut slow = Slow::begin(&place);
    assert_eq!(slow.screen(), store(Trouble::Opening));
    slow.touch(&[Touch::Enter, Touch::Guard]);
    assert_eq!(slow.screen(), store(Trouble::Opening), "nobody is let behind the PIN");
    slow.handle(Input::Sensed(Sensed::GuardButton));
    assert_eq!(slow.gate_openings(), 1);
    slow.answer();
    assert!(matches!(slow.screen(), Screen::Welcome { .. }));
    assert_eq!(slow.kiosk.reception().roster().len(), 1);
    // The opening of the gate is written down after it.
    slow.settle();
    slow.fill_in("Trần Văn Mít");
    slow.touch(&[Touch::Next]);
    slow.settle();
    assert!(matches!(slow.screen(), Screen::Done(_)));
    assert_eq!(slow.kiosk.reception().roster().len(), 2);
}

#[test]
fn nobody_chooses_pins_before_the_book_was_read() {
    let place = Place::new();
    std::fs::create_dir(place.book()).unwrap();
    let mut slow = Slow::begin(&place);
    slow.answer();
    assert_eq!(slow.screen(), store(Trouble::Gone));
    slow.touch(&[Touch::Guard]);
    let Screen::Pin(pin) = slow.screen() else { panic!("{:?}", slow.screen()) };
    assert_eq!(pin.ask, kiosk::view::PinAsk::Unlock);
}

#[test]
fn a_thread_that_panics_costs_a_touch_and_nobody_is_lost() {
    let place = Place::new();
    let (send, answers) = channel();
    let hand = Mutex::new((send, true));
    let on_answer = move |answer: Answer| {
        let mut hand = hand.lock().unwrap_or_else(PoisonError::into_inner);
        if hand.1 && matches!(answer, Answer::Reply(Reply::Appended { .. })) {
            hand.1 = false;
            panic!("as a defect would");
        }
        drop(hand.0.send(answer));
    };
    let mut slow = Slow::new(&place, Arc::new(on_answer), answers);
    slow.settle();
    slow.fill_in("Hồ Thị Bưởi");
    slow.touch(&[Touch::Next]);
    slow.settle();
    assert_eq!(slow.screen(), store(Trouble::Gone));
    slow.clock.advance_to(at(11));
    slow.handle(Input::Timeout);
    slow.settle();
    assert!(matches!(slow.screen(), Screen::Visit(_)), "what was typed is still there");
    slow.touch(&[Touch::Next]);
    slow.settle();
    assert!(matches!(slow.screen(), Screen::Done(_)));
    drop(slow);
    assert_eq!(names(&place.visits()), ["Hồ Thị Bưởi"], "written once, brought up to date once");
}

#[test]
fn damage_found_while_visitors_come_is_set_aside_without_a_restart() {
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::deaf());
    check_in(&mut kiosk, "Hồ Thị Bưởi");
    drop(kiosk);
    // An index that opening the book does not come by.
    let meddler = rusqlite::Connection::open(place.book()).unwrap();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'personal_by_visit'";
    let page: usize = meddler.query_row(sql, [], |row| row.get(0)).unwrap();
    drop(meddler);
    let mut bytes = std::fs::read(place.book()).unwrap();
    bytes[(page - 1) * 4_096..page * 4_096].fill(0xaa);
    std::fs::write(place.book(), bytes).unwrap();

    let mut slow = Slow::begin(&place);
    slow.answer();
    assert!(matches!(slow.screen(), Screen::Welcome { .. }), "check-in is open");
    slow.answer();
    assert_eq!(slow.screen(), store(Trouble::Opening), "reading the whole book found it");
    slow.handle(Input::Sensed(Sensed::GuardButton));
    assert_eq!(slow.gate_openings(), 1);
    slow.settle();
    assert!(slow.kiosk.take_remark().unwrap().contains("logbook.damaged-"));
    slow.fill_in("Trần Văn Mít");
    slow.touch(&[Touch::Next]);
    slow.settle();
    assert!(matches!(slow.screen(), Screen::Done(_)));
    drop(slow);
    assert_eq!(names(&place.visits()), ["Hồ Thị Bưởi", "Trần Văn Mít"]);
}
