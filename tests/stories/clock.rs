//! The power was off, and the clock is set only after the kiosk was started.

use kiosk::config::Config;
use kiosk::domain::moment::Wall;
use kiosk::domain::request::FoundVisit;
use kiosk::domain::site::Site;
use kiosk::domain::visit::Leaving;
use kiosk::kiosk::morning::BEGINS;
use kiosk::kiosk::rehearsal::{Act, Rehearsal};
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

/// Three days ahead of the right clock.
const AHEAD: Wall = Wall(BEGINS.0 + 3 * DAY);

#[test]
fn a_clock_once_in_the_future_leaves_the_day_the_sweep_and_the_badges_alone() {
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::deaf());
    kiosk.act(Act::SetWall(AHEAD, true));
    check_in(&mut kiosk, "Hồ Thị Bưởi");
    run_until(&mut kiosk, at(30));
    check_in(&mut kiosk, "Trần Văn Mít");
    kiosk.act(Act::SetWall(BEGINS, true));
    run_until(&mut kiosk, at(120));
    check_in(&mut kiosk, "Lê Thị Na");
    let today = |kiosk: &Rehearsal| {
        let roster = kiosk.kiosk().reception().roster();
        (roster.day().came, roster.latest_first().next().map(|visit| visit.facts.badge.number))
    };
    // The first two badges of the day are still worn.
    assert_eq!(today(&kiosk), (1, Some(3)));
    drop(kiosk);
    let mut kiosk = place.kiosk(Ears::deaf());
    run_until(&mut kiosk, at(60));
    assert_eq!(today(&kiosk), (1, Some(3)), "after a restart too");
    run_until(&mut kiosk, at(20 * 3_600));
    let how = |visit: &FoundVisit| visit.left.unwrap().1;
    assert!(place.visits().iter().all(|visit| how(visit) == Leaving::ClosingSweep));
    run_until(&mut kiosk, at(24 * 3_600));
    check_in(&mut kiosk, "Hồ Văn Đu");
    assert_eq!(today(&kiosk), (1, Some(1)), "the next day begins anew");
}

#[test]
fn who_stays_longer_than_persons_are_kept_is_signed_out_and_erased() {
    let place = Place::new();
    let site = Site { closing_sweep_minute: None, ..Config::default().site() };
    let mut kiosk = Rehearsal::new(site, place.book(), BEGINS, Ears::deaf());
    check_in(&mut kiosk, "Hồ Thị Bưởi");
    kiosk.act(Act::SetWall(Wall(BEGINS.0 + 29 * DAY), true));
    run_until(&mut kiosk, at(2 * 3_600));
    assert_eq!(place.visits()[0].left, None, "a hotel keeps its guests for weeks");
    kiosk.act(Act::SetWall(Wall(BEGINS.0 + 31 * DAY), true));
    run_until(&mut kiosk, at(4 * 3_600));
    let visits = place.visits();
    assert_eq!(visits[0].left.unwrap().1, Leaving::ClosingSweep);
    assert_eq!(visits[0].personal, None);
    assert!(kiosk.kiosk().reception().roster().is_empty());
}

#[test]
fn secrets_that_begin_ahead_of_the_clock_are_made_anew() {
    let place = Place::new();
    let mut kiosk = place.kiosk(Ears::deaf());
    let on_air = |kiosk: &Rehearsal| !kiosk.kiosk().reception().beacon().plan().airings.is_empty();
    run_until(&mut kiosk, at(60));
    assert!(on_air(&kiosk));
    kiosk.act(Act::SetWall(Wall(BEGINS.0 - 3 * DAY), false));
    run_until(&mut kiosk, at(600));
    assert!(!on_air(&kiosk), "a clock nobody vouches for replaces no secret");
    kiosk.act(Act::SetWall(Wall(BEGINS.0 - 3 * DAY), true));
    run_until(&mut kiosk, at(720));
    assert!(on_air(&kiosk));
}
