//! How the radio heals itself, on a virtual clock: stories with a simulated edge that answers
//! remedies, and any news in any order without a storm.

use std::time::Duration;

use kiosk::domain::fault::Trouble;
use kiosk::domain::moment::Mono;
use kiosk::domain::radio_health::{News, Obstacle, RadioHealth, Remedy};
use proptest::prelude::*;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

/// The edge, and what it was ordered to do.
struct World {
    health: RadioHealth,
    now: Mono,
    answer: News,
    done: Vec<(Mono, Remedy)>,
}

impl World {
    fn new() -> Self {
        let now = Mono::default();
        let mut world =
            Self { health: RadioHealth::new(now), now, answer: News::Listening, done: Vec::new() };
        world.pass(Duration::ZERO);
        world.done.clear();
        world
    }

    /// Lets time pass; each remedy is answered at once.
    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        loop {
            self.health.handle_timeout(self.now);
            if let Some(remedy) = self.health.poll_remedy() {
                self.done.push((self.now, remedy));
                self.health.handle_news(self.answer, self.now);
                continue;
            }
            match self.health.poll_timeout().filter(|due| *due <= end) {
                Some(due) => self.now = due.max(self.now),
                None => break,
            }
        }
        self.now = end;
    }

    fn lose(&mut self, obstacle: Obstacle) {
        self.answer = News::Down(obstacle);
        self.health.handle_news(self.answer, self.now);
    }

    /// The most that the driver was bound anew within any hour.
    fn rebinds_within_an_hour(&self) -> usize {
        let done = self.done.iter().filter(|(_, remedy)| *remedy == Remedy::Rebind);
        let at: Vec<Mono> = done.map(|(at, _)| *at).collect();
        let within =
            |from: Mono| at.iter().filter(|at| **at >= from && at.since(from) < HOUR).count();
        at.iter().map(|from| within(*from)).max().unwrap_or(0)
    }

    fn remedies(&self) -> Vec<Remedy> {
        self.done.iter().map(|(_, remedy)| *remedy).collect()
    }
}

#[test]
fn an_empty_street_at_night_is_not_a_broken_radio() {
    let mut world = World::new();
    world.health.handle_heard(world.now);
    world.pass(8 * HOUR);
    assert_eq!(world.health.trouble(), None);
    // What can do no harm was tried once; the driver was left alone.
    assert_eq!(world.remedies(), [Remedy::RestartDiscovery, Remedy::PowerCycle]);
    assert_eq!(world.done.first().unwrap().0, Mono::default() + 90 * SECOND);
    // In the morning the first advert is heard, and all is as it was.
    world.health.handle_heard(world.now);
    world.pass(89 * SECOND);
    assert_eq!(world.done.len(), 2);
}

#[test]
fn silence_around_people_ends_in_words_for_the_guard() {
    let mut world = World::new();
    for _ in 0..4 {
        assert_eq!(world.health.trouble(), None);
        world.health.handle_somebody(world.now);
        world.pass(50 * SECOND);
    }
    assert_eq!(world.remedies(), [Remedy::RestartDiscovery, Remedy::PowerCycle, Remedy::Rebind]);
    let at: Vec<_> = world.done.iter().map(|(at, _)| at.since_start().as_secs()).collect();
    assert_eq!(at, [90, 120, 150], "each remedy has its time, and visitors wait no longer");
    assert_eq!(world.health.trouble(), Some(Trouble::Deaf));
    // A remedy alone proves nothing; a report does.
    world.pass(10 * MINUTE);
    assert_eq!(world.health.trouble(), Some(Trouble::Deaf));
    world.health.handle_heard(world.now);
    assert_eq!(world.health.trouble(), None);
}

#[test]
fn somebody_after_a_silent_night_brings_the_last_remedy_at_once() {
    let mut world = World::new();
    world.pass(HOUR);
    world.health.handle_somebody(world.now);
    world.pass(SECOND);
    assert_eq!(world.remedies().last(), Some(&Remedy::Rebind));
    world.pass(28 * SECOND);
    assert_eq!(world.health.trouble(), None, "not before it has had its time");
    world.pass(2 * SECOND);
    assert_eq!(world.health.trouble(), Some(Trouble::Deaf));
}

#[test]
fn where_the_driver_cannot_be_bound_the_guard_is_told_at_once() {
    let mut world = World::new();
    world.pass(HOUR);
    world.answer = News::Unable;
    world.health.handle_somebody(world.now);
    world.pass(SECOND);
    assert_eq!(world.health.trouble(), Some(Trouble::Deaf));
}

#[test]
fn a_scan_that_others_have_ended_is_grey_and_begun_again_without_waiting_for_silence() {
    let mut world = World::new();
    world.pass(30 * SECOND);
    world.health.handle_heard(world.now);
    world.health.handle_rest(true, world.now);
    world.pass(11 * SECOND);
    assert_eq!(world.health.trouble(), None, "a search of BlueZ's may begin again by itself");
    world.pass(SECOND);
    assert_eq!(world.health.trouble(), Some(Trouble::Gone));
    world.pass(SECOND);
    assert_eq!(world.remedies(), [Remedy::Start]);
    assert_eq!(world.health.trouble(), Some(Trouble::Gone), "BlueZ says so, and it is not seen");
    world.health.handle_rest(false, world.now);
    assert_eq!(world.health.trouble(), None);
    world.pass(MINUTE);
    assert_eq!((world.remedies().len(), world.health.trouble()), (1, None));
}

#[test]
fn a_controller_that_answers_nothing_is_brought_harder_things_and_no_storm() {
    let mut world = World::new();
    world.health.handle_rest(true, world.now);
    world.pass(13 * SECOND);
    for _ in 0..3600 {
        assert_eq!(world.health.trouble(), Some(Trouble::Gone));
        world.pass(SECOND);
    }
    let first = [Remedy::Start, Remedy::PowerCycle, Remedy::Rebind, Remedy::Start];
    assert!(world.remedies().starts_with(&first), "{:?}", world.remedies());
    assert!(world.done.len() < 200, "{} remedies in an hour", world.done.len());
    assert!(world.rebinds_within_an_hour() <= 4);
}

#[test]
fn reports_prove_that_the_scan_does_not_rest() {
    let mut world = World::new();
    for _ in 0..600 {
        world.health.handle_rest(true, world.now);
        world.pass(SECOND);
        world.health.handle_heard(world.now);
    }
    assert!(world.done.is_empty(), "{:?}", world.done);
    assert_eq!(world.health.trouble(), None);
}

#[test]
fn what_went_away_is_grey_at_once_and_back_soon_after_it_is_back() {
    for (obstacle, trouble) in [
        (Obstacle::NoBus, Trouble::Gone),
        (Obstacle::NoBluez, Trouble::Gone),
        (Obstacle::NoAdapter, Trouble::Unplugged),
        (Obstacle::SwitchedOff, Trouble::SwitchedOff),
        (Obstacle::Refused, Trouble::Gone),
    ] {
        let mut world = World::new();
        world.lose(obstacle);
        assert_eq!(world.health.trouble(), Some(trouble));
        world.pass(5 * HOUR);
        assert_eq!(world.health.trouble(), Some(trouble));
        world.answer = News::Listening;
        world.pass(15 * SECOND);
        assert_eq!(world.health.trouble(), None);
    }
}

#[test]
fn what_comes_back_at_once_is_looked_for_after_a_second() {
    let mut world = World::new();
    world.lose(Obstacle::NoBluez);
    world.answer = News::Listening;
    world.pass(SECOND);
    assert_eq!(world.remedies(), [Remedy::Start]);
    assert_eq!(world.health.trouble(), None);
}

#[test]
fn an_adapter_that_refuses_is_switched_off_and_on_and_then_bound_anew() {
    let mut world = World::new();
    world.lose(Obstacle::Refused);
    world.pass(MINUTE);
    assert_eq!(world.remedies()[..3], [Remedy::Start, Remedy::PowerCycle, Remedy::Rebind]);
    world.done.clear();
    world.pass(HOUR);
    let rebound = world.remedies().iter().filter(|remedy| **remedy == Remedy::Rebind).count();
    assert!(rebound <= 4, "{rebound} times within an hour");
}

#[test]
fn an_adapter_that_comes_and_goes_is_not_bound_anew_without_end() {
    let mut world = World::new();
    for _ in 0..100 {
        // Lost until its driver has been bound anew, or for a minute; then well for a minute.
        world.lose(Obstacle::Refused);
        world.pass(MINUTE);
        world.answer = News::Listening;
        world.pass(15 * SECOND);
        for _ in 0..7 {
            world.health.handle_heard(world.now);
            world.pass(10 * SECOND);
        }
    }
    assert_eq!(world.rebinds_within_an_hour(), 4);
    let rebinds = world.remedies().iter().filter(|remedy| **remedy == Remedy::Rebind).count();
    assert!(rebinds > 8, "it is still tried: {rebinds} times in four hours");
}

#[test]
fn an_edge_that_never_answers_has_failed() {
    let mut health = RadioHealth::new(Mono::default());
    assert_eq!(health.poll_remedy(), Some(Remedy::Start));
    health.handle_timeout(Mono::default() + MINUTE);
    assert_eq!(health.trouble(), Some(Trouble::Gone));
    health.handle_timeout(Mono::default() + 62 * SECOND);
    assert_eq!(health.poll_remedy(), Some(Remedy::Start));
}

#[derive(Clone, Copy, Debug)]
enum Happens {
    Heard,
    Somebody,
    News(News),
    Waits(u64),
}

fn happens() -> impl Strategy<Value = Happens> {
    let obstacle = prop::sample::select(vec![
        Obstacle::NoBus,
        Obstacle::NoBluez,
        Obstacle::NoAdapter,
        Obstacle::SwitchedOff,
        Obstacle::Refused,
    ]);
    prop_oneof![
        Just(Happens::Heard),
        Just(Happens::Somebody),
        Just(Happens::News(News::Listening)),
        Just(Happens::News(News::Unable)),
        obstacle.prop_map(|obstacle| Happens::News(News::Down(obstacle))),
        (1_u64..600_000).prop_map(Happens::Waits),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_there_is_no_storm(story in prop::collection::vec(happens(), 1..200)) {
        let mut world = World::new();
        for happens in story {
            match happens {
                Happens::Heard => world.health.handle_heard(world.now),
                Happens::Somebody => world.health.handle_somebody(world.now),
                Happens::News(news) => {
                    world.answer = news;
                    world.health.handle_news(news, world.now);
                }
                Happens::Waits(ms) => world.pass(Duration::from_millis(ms)),
            }
        }
        prop_assert!(world.rebinds_within_an_hour() <= 4);
        // From here on nothing changes any more.
        for _ in 0..4 {
            world.done.clear();
            world.pass(HOUR);
            let of = |wanted| world.done.iter().filter(|(_, remedy)| *remedy == wanted).count();
            prop_assert!(of(Remedy::Start) <= 250);
            prop_assert!(of(Remedy::RestartDiscovery) <= 6);
            prop_assert!(of(Remedy::PowerCycle) <= 6);
            prop_assert!(of(Remedy::Rebind) <= 6);
        }
        // And it is well as soon as it can be.
        world.answer = News::Listening;
        world.pass(15 * SECOND);
        world.health.handle_heard(world.now);
        prop_assert_eq!(world.health.trouble(), None);
    }
}
