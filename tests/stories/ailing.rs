//! A disk that is full, read-only, or holds something else than a book.

use kiosk::domain::fault::{Fault, Organ, Trouble};
use kiosk::domain::signal::Sensed;
use kiosk::domain::touch::Touch;
use kiosk::kiosk::Input;
use kiosk::kiosk::rehearsal::Act;
use kiosk::radio::ears::Ears;
use kiosk::view::Screen;
use rusqlite::ffi;

use super::disk::Disk;
use super::{Place, at, check_in, names, run_until, touch};

#[test]
fn a_full_and_a_read_only_disk_stop_check_in_and_lose_nothing() {
    let place = Place::new();
    let disk = Disk::watch(place.directory.path());
    let mut kiosk = place.kiosk(Ears::deaf());
    check_in(&mut kiosk, "Hồ Thị Bưởi");
    for (turn, (code, trouble, name)) in [
        (ffi::SQLITE_FULL, Trouble::Full, "Trần Văn Mít"),
        (ffi::SQLITE_READONLY, Trouble::ReadOnly, "Lê Văn Ổi"),
    ]
    .into_iter()
    .enumerate()
    {
        let begun = u64::try_from(turn).unwrap() * 300 + 60;
        run_until(&mut kiosk, at(begun));
        disk.fail_with(Some(code));
        let openings = |kiosk: &kiosk::kiosk::rehearsal::Rehearsal| {
            kiosk.kiosk().pins().record().unwrap().gate_openings()
        };
        let before = openings(&kiosk);
        check_in(&mut kiosk, name);
        let fault = Fault { organ: Organ::Store, trouble };
        assert_eq!(kiosk.view().screen, Screen::Fault(fault));
        assert_eq!(openings(&kiosk), before, "the gate stays shut");
        kiosk.act(Act::Input(Input::Sensed(Sensed::GuardButton)));
        assert_eq!(openings(&kiosk), before + 1, "unless the guard opens it");
        run_until(&mut kiosk, at(begun + 15));
        assert_eq!(kiosk.view().screen, Screen::Fault(fault));
        disk.fail_with(None);
        run_until(&mut kiosk, at(begun + 25));
        assert!(matches!(kiosk.view().screen, Screen::Visit(_)), "what was typed is still there");
        touch(&mut kiosk, &[Touch::Next]);
        assert!(matches!(kiosk.view().screen, Screen::Done(_)));
    }
    run_until(&mut kiosk, at(900));
    assert_eq!(names(&place.visits()), ["Hồ Thị Bưởi", "Trần Văn Mít", "Lê Văn Ổi"]);
}

#[test]
fn something_else_than_a_book_is_set_aside_and_check_in_goes_on() {
    let place = Place::new();
    let scribble = "scribble ".repeat(5_000);
    std::fs::write(place.book(), &scribble).unwrap();
    let mut kiosk = place.kiosk(Ears::deaf());
    check_in(&mut kiosk, "Hồ Thị Bưởi");
    assert!(matches!(kiosk.view().screen, Screen::Done(_)), "{:?}", kiosk.view());
    let kept = std::fs::read_dir(place.directory.path())
        .unwrap()
        .flatten()
        .find(|entry| entry.file_name().to_string_lossy().starts_with("logbook.damaged-"));
    assert_eq!(std::fs::read_to_string(kept.unwrap().path()).unwrap(), scribble);
    assert_eq!(names(&place.visits()), ["Hồ Thị Bưởi"]);
}

#[test]
fn a_place_where_no_book_can_lie_is_tried_again_and_again() {
    let place = Place::new();
    // A file stands where the directory should be.
    let directory = place.directory.path().join("card");
    std::fs::write(&directory, "").unwrap();
    let site = kiosk::config::Config::default().site();
    let book = directory.join("logbook.db");
    let begins = kiosk::kiosk::morning::BEGINS;
    let mut kiosk = kiosk::kiosk::rehearsal::Rehearsal::new(site, book, begins, Ears::deaf());
    assert!(matches!(kiosk.view().screen, Screen::Fault(_)));
    run_until(&mut kiosk, at(60));
    assert!(matches!(kiosk.view().screen, Screen::Fault(_)));
    std::fs::remove_file(&directory).unwrap();
    run_until(&mut kiosk, at(75));
    check_in(&mut kiosk, "Hồ Thị Bưởi");
    assert!(matches!(kiosk.view().screen, Screen::Done(_)), "{:?}", kiosk.view());
}
