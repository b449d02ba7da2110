//! The morning that `make run` plays without a display.

use std::collections::BTreeSet;
use std::fmt::Write;

use kiosk::domain::logbook::Event;
use kiosk::domain::moment::Mono;
use kiosk::domain::presence::{Face, Sureness};
use kiosk::domain::visit::{Leaving, PhoneSeen};
use kiosk::kiosk::morning;
use kiosk::kiosk::rehearsal::Rehearsal;
use kiosk::radio::ears::Ears;
use kiosk::store::{Book, Options};
use kiosk::view::Screen;

use super::{Place, names, run_until};

const NAMES: [&str; 6] =
    ["Nguyễn Thị Thường", "Trần Quốc Bắc", "Sam Wilson", "ບຸນມີ ສີສຸກ", "Bà Năm", "Nguyễn Thị Thường"];

fn planned(place: &Place) -> Rehearsal {
    let (street, cast) = morning::street();
    let mut kiosk = place.kiosk(Ears::in_street(street));
    morning::plan(&mut kiosk, cast);
    kiosk
}

#[test]
fn leaves_in_the_book_what_happened_and_no_person_anywhere_else() {
    let place = Place::new();
    let mut kiosk = planned(&place);
    let mut green_under_the_code = false;
    let mut logged = String::new();
    kiosk.run_until(Mono::from_start(morning::LASTS), &mut |view, now| {
        let is_green = matches!(view.bar, Some(Face::Running(_)));
        green_under_the_code |= is_green && matches!(view.screen, Screen::Install(_));
        writeln!(logged, "{now:?} {view:?}").unwrap();
    });
    write!(logged, "{kiosk:?} {:?}", kiosk.kiosk().reception()).unwrap();
    assert!(green_under_the_code);

    let visits = place.visits();
    assert_eq!(names(&visits), NAMES);
    let seen: Vec<PhoneSeen> = visits.iter().map(|visit| visit.facts.phone_seen()).collect();
    let (running, no_phone) = (PhoneSeen::Running, PhoneSeen::NoPhone);
    assert_eq!(seen, [running, running, running, no_phone, no_phone, running]);
    assert_eq!(visits[0].facts.face, Face::Running(Sureness::Confirmed));
    // An iPhone, whose id was read.
    assert_eq!(visits[2].facts.face, Face::Running(Sureness::Confirmed));
    let left: Vec<Option<Leaving>> =
        visits.iter().map(|visit| visit.left.map(|(_, how)| how)).collect();
    assert_eq!(left, [Some(Leaving::Visitor), Some(Leaving::Visitor), None, None, None, None]);
    assert_eq!(visits[0].facts.companions, 1);
    assert!(visits[4].facts.by_guard);

    let openings = kiosk.kiosk().pins().record().unwrap().gate_openings();
    drop(kiosk);
    let wall = morning::BEGINS;
    let options = Options { today_from: wall, wall, in_doubt: false };
    let entries = Book::open(&place.book(), options).unwrap().0.entries().unwrap();
    let opened = entries.iter().filter(|entry| {
        let event = entry.public.event;
        matches!(event, Event::CheckIn { .. } | Event::CheckOut { .. } | Event::GateOpened { .. })
    });
    assert_eq!(openings, opened.count(), "each opening has its entry, and each entry its opening");

    for word in NAMES.iter().flat_map(|name| name.split(' ')).chain(["0912345678", "74-H1"]) {
        assert!(!logged.contains(word), "{word} would stand in a log");
    }
}

#[test]
fn a_power_cut_at_any_moment_takes_back_nobody_who_was_welcomed() {
    let place = Place::new();
    let mut kiosk = planned(&place);
    let mut random = fastrand::Rng::with_seed(7);
    let mut cuts: Vec<u64> = (0..24).map(|_| random.u64(60..morning::LASTS.as_secs())).collect();
    // Right behind the last touch of the first visitor, too.
    cuts.extend(1_210..1_240);
    cuts.sort_unstable();
    let mut welcomed = BTreeSet::new();
    for cut in cuts {
        kiosk.run_until(super::at(cut), &mut |view, _| {
            if let Screen::Done(done) = &view.screen {
                welcomed.insert(done.badge);
            }
        });
        // What lies on the disk at this moment.
        let after = Place::new();
        for part in ["logbook.db", "logbook.db-wal"] {
            let from = place.directory.path().join(part);
            std::fs::copy(from, after.directory.path().join(part)).unwrap();
        }
        let again = after.kiosk(Ears::deaf());
        let (before, now) =
            (kiosk.kiosk().reception().roster(), again.kiosk().reception().roster());
        assert!(before.latest_first().eq(now.latest_first()), "after {cut} s");
        assert_eq!(before.next_visit(), now.next_visit());
        drop(again);
        let kept: BTreeSet<_> = after.visits().iter().map(|visit| visit.facts.badge).collect();
        assert!(welcomed.is_subset(&kept), "after {cut} s: {welcomed:?} {kept:?}");
    }
    run_until(&mut kiosk, Mono::from_start(morning::LASTS));
    assert!(welcomed.len() >= 5);
}
