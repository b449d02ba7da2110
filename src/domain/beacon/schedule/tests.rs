//! What is on the air when, on a clock moved by hand.

use super::*;
use crate::domain::beacon::keys::{BaseKey, JOINABLE};
use crate::domain::moment::Wall;

/// A midnight UTC.
const MIDNIGHT: Wall = Wall(1_622_505_600);

fn at(wall: i64) -> Now {
    let mono = Mono::from_millis(u64::try_from(wall - MIDNIGHT.0).unwrap_or(0) * 1_000);
    Now { mono, wall: Wall(wall), wall_trusted: true }
}

fn keys() -> BeaconKeys {
    let mut keys = BeaconKeys::default();
    for network in JOINABLE {
        keys.insert(network, BaseKey::new([7; 32], MIDNIGHT));
    }
    keys
}

fn beacon(networks: &[Network], wake: bool) -> Beacon {
    let setup = Setup { networks: networks.to_vec(), wake, ..Setup::default() };
    let mut beacon = Beacon::new(setup);
    beacon.set_keys(keys(), at(MIDNIGHT.0 + 100));
    beacon
}

fn on_air(beacon: &Beacon) -> Vec<(Part, u16)> {
    beacon.plan().airings.iter().map(|airing| (airing.part, airing.turn_seconds)).collect()
}

const BLUEZONE: Part = Part::Member(Network::Bluezone);

#[test]
fn the_first_network_has_most_of_the_time() {
    assert_eq!(on_air(&beacon(&[Network::Bluezone], false)), [(BLUEZONE, 2)]);
    assert_eq!(on_air(&beacon(&[Network::Bluezone], true)), [(BLUEZONE, 8), (Part::Wake, 1)]);
    let all = on_air(&beacon(&JOINABLE, true));
    let turns = all.iter().map(|(_, seconds)| *seconds).collect::<Vec<_>>();
    assert_eq!(turns, [26, 1, 1, 1, 1]);
    assert_eq!(all[..2], [(BLUEZONE, 26), (Part::Wake, 1)]);
    let gaen = beacon(&[Network::Gaen], true);
    assert_eq!(on_air(&gaen), [(Part::Member(Network::Gaen), 2)], "it wakes for Bluezone alone");
}

#[test]
fn a_network_that_needs_a_new_address_is_unsent_while_it_is_refused() {
    let mut all = beacon(&JOINABLE, true);
    assert_eq!(all.unsent(), None);
    assert!(!all.handle_address(true));
    assert!(all.handle_address(false));
    assert_eq!(all.unsent(), Some(Network::Gaen));
    assert!(!all.handle_address(false) && !all.handle_address(true));
    assert!(all.handle_address(true));
    assert_eq!(all.unsent(), None);
    let mut others = beacon(&[Network::Bluezone, Network::Dp3t, Network::Herald], true);
    assert!(!others.handle_address(false), "phones connect in all of them");
    let setup = Setup { networks: JOINABLE.to_vec(), own_adapter: true, ..Setup::default() };
    let mut apart = Beacon::new(setup);
    assert!(!apart.handle_address(false), "the adapter that sends does not listen");
}

#[test]
fn without_keys_or_networks_it_is_silent() {
    let mut silent = Beacon::new(Setup { networks: JOINABLE.to_vec(), ..Setup::default() });
    silent.handle_timeout(at(MIDNIGHT.0));
    assert_eq!(silent.take_plan(), None);
    assert!(on_air(&beacon(&[], true)).is_empty());
    let mut early = beacon(&JOINABLE, true);
    let wall = Wall(MIDNIGHT.0 - 1);
    early.handle_timeout(Now { wall, ..at(MIDNIGHT.0 + 500) });
    assert!(on_air(&early).is_empty(), "a clock that stands before the secrets is wrong");
}

#[test]
fn it_turns_at_the_slot_and_says_when() {
    let mut beacon = beacon(&[Network::Bluezone, Network::Gaen], false);
    let first = beacon.take_plan().unwrap();
    assert_eq!(beacon.take_plan(), None);
    let mut turns = Vec::new();
    let mut plan = first;
    while let Some(due) = beacon.poll_timeout().filter(|due| *due < Mono::from_millis(3_700_000)) {
        let now = at(MIDNIGHT.0 + i64::try_from(due.since_start().as_secs()).unwrap());
        beacon.handle_timeout(now);
        assert!(beacon.poll_timeout() > Some(now.mono));
        if let Some(next) = beacon.take_plan() {
            let turned = plan.airings.iter().zip(&next.airings).filter(|(a, b)| a.data != b.data);
            turns.push((now.wall.0 - MIDNIGHT.0, turned.count()));
            plan = next;
        }
    }
    let expected = [
        (600, 1),
        (900, 1),
        (1_200, 1),
        (1_800, 2),
        (2_400, 1),
        (2_700, 1),
        (3_000, 1),
        (3_600, 2),
    ];
    assert_eq!(turns, expected);
}

#[test]
fn a_clock_that_is_set_is_noticed_within_a_minute() {
    let mut beacon = beacon(&[Network::Bluezone], false);
    let before = beacon.take_plan().unwrap();
    let due = beacon.poll_timeout().unwrap();
    assert!(due.since(Mono::from_millis(100_000)) <= Duration::from_mins(1));
    let wall = Wall(MIDNIGHT.0 + 5_000_000);
    beacon.handle_timeout(Now { mono: due, wall, wall_trusted: true });
    let after = beacon.take_plan().unwrap();
    assert_ne!(before.airings[0].data, after.airings[0].data);
    let own = crate::domain::network::bluezone::READS[0];
    assert_eq!(after.answers[0].gatt, own);
}

/// How long each part was on the air in so many minutes.
fn shares(sets: u8, minutes: u64) -> (Vec<Part>, Vec<u64>) {
    let mut beacon = beacon(&JOINABLE, true);
    beacon.handle_sets(sets, at(MIDNIGHT.0));
    let all = parts(&Setup { networks: JOINABLE.to_vec(), ..Setup::default() });
    let mut seconds = vec![0; all.len()];
    for second in 0..minutes * 60 {
        beacon.handle_timeout(at(MIDNIGHT.0 + i64::try_from(second).unwrap()));
        assert!(beacon.plan().airings.len() <= usize::from(sets));
        for (part, _) in on_air(&beacon) {
            seconds[all.iter().position(|each| *each == part).unwrap()] += 1;
        }
    }
    (all, seconds)
}

#[test]
fn with_too_few_sets_the_first_keeps_its_own_and_everybody_has_a_turn() {
    let (_, seconds) = shares(3, 60);
    assert_eq!(seconds[0], 3_600);
    assert!(seconds[1..].iter().all(|&each| (1_700..1_900).contains(&each)), "{seconds:?}");
}

#[test]
fn with_one_set_the_first_has_four_fifths_and_everybody_a_turn() {
    let (_, seconds) = shares(1, 60);
    assert!(seconds[0] >= 2_880, "{seconds:?}");
    assert!(seconds[1..].iter().all(|&each| each >= 120), "{seconds:?}");
    let (_, seconds) = shares(0, 1);
    assert_eq!(seconds, [0; 5]);
}
