//! The book against a naive one that keeps everything in a `Vec` and looks at all of it.

use kiosk::domain::name::fold;
use kiosk::domain::request::{Digits, Returning};
use proptest::prelude::*;

use super::*;

const FAMILIES: [&str; 5] = ["Nguyễn", "Trần", "Hồ", "Đặng", "Nguyệt"];
const GIVEN: [&str; 5] = ["Thị Thương", "Văn Đức", "Thử", "Ng Thị Nga", "Đắc"];
const PHONES: [&str; 4] = ["", "0900000111", "0900000112", "0911000111"];
const QUERIES: [&str; 14] = [
    "n",
    "ng",
    "nguyen",
    "nguye t",
    "tran thi",
    "thi tran",
    "d d",
    "ho duc",
    "ng ng",
    "thu",
    "Đặng",
    "thuong ho",
    "x",
    "dac dang",
];

#[derive(Clone, Copy, Debug)]
enum Step {
    CheckIn { person: usize },
    Update { of: usize, person: usize },
    Correct { of: usize, person: usize },
    Verdict { of: usize },
    CheckOut { of: usize },
    Erase { of: usize },
    Expire { back: i64 },
    Reopen,
    ReadOn,
    Rebuild,
}

fn step() -> impl Strategy<Value = Step> {
    let (person, of) = (0..100_usize, 0..100_usize);
    prop_oneof![
        6 => person.clone().prop_map(|person| Step::CheckIn { person }),
        2 => (of.clone(), person.clone()).prop_map(|(of, person)| Step::Update { of, person }),
        1 => (of.clone(), person).prop_map(|(of, person)| Step::Correct { of, person }),
        1 => of.clone().prop_map(|of| Step::Verdict { of }),
        4 => of.clone().prop_map(|of| Step::CheckOut { of }),
        1 => of.prop_map(|of| Step::Erase { of }),
        1 => (0..2_000_i64).prop_map(|back| Step::Expire { back }),
        1 => Just(Step::Reopen),
        1 => Just(Step::ReadOn),
        1 => Just(Step::Rebuild),
    ]
}

fn somebody(number: usize) -> Personal {
    let name = format!("{} {}", FAMILIES[number % 5], GIVEN[number / 5 % 5]);
    Personal { phone: PHONES[number / 25].into(), ..person(&name) }
}

/// The naive book: what every visit looks like, and every entry that was acknowledged.
#[derive(Default)]
struct Model {
    visits: Vec<FoundVisit>,
    entries: Vec<Entry>,
    wall: i64,
}

impl Model {
    fn pick(&mut self, of: usize) -> Option<&mut FoundVisit> {
        let count = self.visits.len();
        self.visits.get_mut(of.checked_rem(count)?)
    }

    fn draft(&self, event: Event, personal: Option<Personal>) -> Draft {
        let wall = Wall(self.wall);
        Draft { personal, ..visits::event(wall, event) }
    }

    fn forget(&mut self, which: impl Fn(&FoundVisit) -> bool) -> usize {
        let gone: Vec<_> = self.visits.iter().filter(|visit| which(visit)).cloned().collect();
        let mut parts = 0;
        for entry in &mut self.entries {
            let of = match entry.public.event {
                Event::CheckIn { facts }
                | Event::Update { facts, .. }
                | Event::Correction { facts, .. } => facts.visit,
                _ => continue,
            };
            if gone.iter().any(|visit| visit.facts.visit == of) {
                parts += usize::from(entry.personal.take().is_some());
            }
        }
        for visit in self.visits.iter_mut().filter(|visit| which(visit)) {
            visit.personal = None;
        }
        parts
    }

    fn find(&self, typed: &str) -> Vec<FoundVisit> {
        let typed = fold(typed);
        let matches = |personal: &Personal| {
            let name = fold(&personal.name);
            typed.split(' ').all(|part| name.split(' ').any(|word| word.starts_with(part)))
        };
        let kept = self.visits.iter().rev().filter(|visit| visit.personal.is_some());
        kept.filter(|visit| matches(visit.personal.as_ref().unwrap())).take(50).cloned().collect()
    }

    fn recall(&self, phone: &str) -> Option<Returning> {
        let kept = self.visits.iter().rev().filter_map(|visit| visit.personal.clone());
        kept.filter(|_| !phone.is_empty())
            .find(|personal| personal.phone == phone)
            .map(|personal| Returning { personal })
    }

    fn roster(&self) -> Vec<Entry> {
        let open: Vec<_> = self.visits.iter().filter(|visit| visit.left.is_none()).collect();
        let of_an_open_visit = |event: &Event| {
            let of = match event {
                Event::CheckIn { facts }
                | Event::Update { facts, .. }
                | Event::Correction { facts, .. } => facts.visit,
                Event::Verdict { visit, .. }
                | Event::CheckOut { visit, .. }
                | Event::Erased { visit } => *visit,
                Event::GateOpened { .. }
                | Event::Expired { .. }
                | Event::Forgotten { .. }
                | Event::OverlapOpened { .. }
                | Event::ExposuresExported { .. }
                | Event::HistoryPublished { .. }
                | Event::PinsChosen { .. } => return false,
            };
            open.iter().any(|visit| visit.facts.visit == of)
        };
        let due = |entry: &&Entry| {
            entry.public.wall >= OPTIONS.today_from || of_an_open_visit(&entry.public.event)
        };
        self.entries.iter().filter(due).cloned().collect()
    }
}

fn written(book: &mut Book, model: &mut Model, draft: &Draft) -> u64 {
    let entry = append(book, draft.clone());
    assert_eq!((entry.public, &entry.personal), (draft.public, &draft.personal));
    let seq = entry.seq;
    model.entries.push(entry);
    seq
}

fn change(book: &mut Book, model: &mut Model, of: usize, new: Personal, correction: bool) {
    let Some(visit) = model.pick(of) else { return };
    visit.facts.companions += 1;
    visit.facts.face = Face::TapHere;
    let (facts, replaces_seq) = (visit.facts, visit.seq);
    let event = if correction {
        Event::Correction { facts, replaces_seq }
    } else {
        Event::Update { facts, replaces_seq }
    };
    let seq = written(book, model, &model.draft(event, Some(new.clone())));
    let visit = model.pick(of).unwrap();
    (visit.seq, visit.personal) = (seq, Some(new));
}

fn erased(model: &mut Model, reply: Reply, parts: usize) {
    let Reply::Erased { entry } = reply else { panic!("{reply:?}") };
    assert_eq!(entry.is_some(), parts > 0);
    if let Some(Event::Expired { personal_parts }) = entry.as_ref().map(|entry| entry.public.event)
    {
        assert_eq!(usize::try_from(personal_parts).unwrap(), parts);
    }
    model.entries.extend(entry);
}

/// Takes one step with both; the book is handed back because it may have been opened anew.
fn take(place: &Place, mut book: Book, model: &mut Model, step: Step) -> Book {
    // Half of the run lies before midnight.
    model.wall += 60;
    let (wall, wall_trusted) = (Wall(model.wall), true);
    match step {
        Step::CheckIn { person } => {
            let id = u32::try_from(model.visits.len() + 1).unwrap();
            let (facts, personal) = (facts(id), Some(somebody(person)));
            let draft = model.draft(Event::CheckIn { facts }, personal.clone());
            let seq = written(&mut book, model, &draft);
            model.visits.push(FoundVisit { facts, personal, entered: wall, left: None, seq });
        }
        Step::Update { of, person } => change(&mut book, model, of, somebody(person), false),
        Step::Correct { of, person } => change(&mut book, model, of, somebody(person), true),
        Step::Verdict { of } => {
            let Some(visit) = model.pick(of) else { return book };
            visit.facts.face = Face::Looking;
            let event = Event::Verdict { visit: visit.facts.visit, face: Face::Looking };
            written(&mut book, model, &model.draft(event, None));
        }
        Step::CheckOut { of } => {
            let Some(visit) = model.pick(of) else { return book };
            visit.left.get_or_insert((wall, Leaving::Visitor));
            let event = Event::CheckOut { visit: visit.facts.visit, how: Leaving::Visitor };
            written(&mut book, model, &model.draft(event, None));
        }
        Step::Erase { of } => {
            let Some(visit) = model.pick(of) else { return book };
            let visit = visit.facts.visit;
            let parts = model.forget(|other| other.facts.visit == visit);
            let reply = book.answer(Request::Erase { visit, wall, wall_trusted });
            erased(model, reply, parts);
        }
        Step::Expire { back } => {
            let before = Wall(wall.0 - back);
            let how = Leaving::ClosingSweep;
            let inside = model.visits.iter_mut().filter(|visit| visit.left.is_none());
            let mut leaving = Vec::new();
            for visit in inside.filter(|visit| visit.entered < before) {
                visit.left = Some((wall, how));
                leaving.push(Event::CheckOut { visit: visit.facts.visit, how });
            }
            let parts = model.forget(|visit| visit.entered < before);
            let reply = book.answer(Request::Expire { before, limit: 100, wall, wall_trusted });
            let Reply::Expired { mut entries, more: false } = reply else { panic!("{reply:?}") };
            let erasure = entries.split_off(leaving.len());
            assert!(entries.iter().map(|entry| entry.public.event).eq(leaving));
            model.entries.extend(entries);
            erased(model, Reply::Erased { entry: erasure.into_iter().next() }, parts);
        }
        Step::Reopen => {
            drop(book);
            let (again, opened) = place.open();
            assert_eq!(opened.entries, model.roster());
            let next = u32::try_from(model.visits.len() + 1).unwrap();
            assert_eq!(opened.next_visit, VisitId(next));
            return again;
        }
        Step::ReadOn => drop(book.read_on().unwrap()),
        Step::Rebuild => book.rebuild().unwrap(),
    }
    book
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_book_says_what_a_naive_one_says(steps in prop::collection::vec(step(), 1..60)) {
        let place = Place::new();
        let mut model = Model { wall: MIDNIGHT.0 - 1_800, ..Model::default() };
        let mut book = place.book();
        for (number, step) in steps.into_iter().enumerate() {
            book = take(&place, book, &mut model, step);
            let typed = QUERIES[number % QUERIES.len()];
            prop_assert_eq!(search(&mut book, typed), model.find(typed), "{}", typed);
            let phone = PHONES[number % PHONES.len()];
            let recalled = book.answer(Request::Recall { phone: Digits(phone.into()) });
            prop_assert_eq!(recalled, Reply::Recalled(model.recall(phone)));
        }
        prop_assert_eq!(book.entries().unwrap(), model.entries);
        // The walk folds every entry again and compares the projection with that.
        prop_assert_eq!(book.verify().unwrap().broken, None);
    }
}
