//! The power was off, and the clock is set only after the kiosk was started.

use kiosk::domain::moment::Wall;
use kiosk::domain::visit::Leaving;
use kiosk::kiosk::morning::BEGINS;
use kiosk::kiosk::rehearsal::Act;
use kiosk::radio::ears::Ears;

use super::{Place, at, check_in, names, run_until};

const DAY: i64 = 24 * 60 * 60;

#[test]
fn a_closing_sweep_missed_is_made_up_for_when_the_clock_is_set() {
    let place = Place::new();
    check_in(&mut place.kiosk(Ears::deaf()), "Hồ Thị Bưởi");
    // The next morning the clock goes on where it stood, and nobody vouches for it.
    let mut kiosk = place.kiosk(Ears::deaf());
    kiosk.act(Act::SetWall(Wall(BEGINS.0 + 60), false));
    check_in(&mut kiosk, "Trần Văn Mít");
    run_until(&mut kiosk, at(300));
    assert!(place.visits().iter().all(|visit| visit.left.is_none()));
    let morning = Wall(BEGINS.0 + DAY);
    kiosk.act(Act::SetWall(morning, true));
    run_until(&mut kiosk, at(420));
    let visits = place.visits();
    assert_eq!(names(&visits), ["Hồ Thị Bưởi", "Trần Văn Mít"]);
    let (left, how) = visits[0].left.unwrap();
    assert_eq!(how, Leaving::ClosingSweep);
    assert!(left >= morning);
    assert_eq!(visits[1].left, None, "came this morning, whatever the clock said");
    // The next closing time takes everybody, and only once.
    run_until(&mut kiosk, at(20 * 3_600));
    assert!(place.visits().iter().all(|visit| visit.left.is_some()));
}

#[test]
fn a_clock_that_nobody_vouches_for_sweeps_at_its_closing_time() {
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::deaf());
    kiosk.act(Act::SetWall(BEGINS, false));
    check_in(&mut kiosk, "Hồ Thị Bưởi");
    run_until(&mut kiosk, at(20 * 3_600));
    assert_eq!(place.visits()[0].left.unwrap().1, Leaving::ClosingSweep);
}

#[test]
fn an_erasure_missed_is_made_up_for_when_the_clock_is_set() {
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::deaf());
    check_in(&mut kiosk, "Hồ Thị Bưởi");
    run_until(&mut kiosk, at(20 * 3_600));
    drop(kiosk);
    let mut kiosk = place.kiosk(Ears::deaf());
    let later = Wall(BEGINS.0 + 40 * DAY);
    kiosk.act(Act::SetWall(later, false));
    run_until(&mut kiosk, at(2 * 3_600));
    assert!(place.visits()[0].personal.is_some(), "nobody vouches for the forty days");
    kiosk.act(Act::SetWall(later, true));
    run_until(&mut kiosk, at(2 * 3_600 + 120));
    assert!(place.visits()[0].personal.is_none());
}
