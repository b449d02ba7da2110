//! What is remembered of costs and levels, which nobody outside sees.

use super::*;

#[test]
fn however_many_answers_a_minute_has_no_more_is_remembered_and_nothing_is_forgotten() {
    let address = Address { bytes: [0x40, 0, 0, 0, 0, 1], random: true };
    let mut asking = Asking::default();
    let mut cost = Duration::ZERO;
    for ms in 0..6_000 {
        let mono = Mono::from_millis(ms);
        let now = Now { mono, wall: Wall(0), wall_trusted: true };
        asking.handle_candidate(address, Network::Bluezone, -60, mono);
        let Some(Ask::Read(question)) = asking.poll(Some(policy::READ_WITHIN), -80, mono) else {
            panic!("{cost:?} of a minute is not all it may cost");
        };
        assert_eq!(question.scan_off_max, policy::SCAN_OFF_MAX.saturating_sub(cost));
        // Half of them cost nothing.
        let scan_off = Duration::from_millis(ms % 2);
        cost += scan_off;
        asking.handle_reading(&Reading { address, outcome: Outcome::Stopped, scan_off }, now);
        assert!(asking.costs.len() <= policy::COSTS_MAX);
    }
    // All of it is paid off a minute after the last one.
    assert_eq!(asking.scan_off_left(Mono::from_millis(66_000)), policy::SCAN_OFF_MAX);
}

/// Phones that come near and go, also while a nearer one is there, and others that are forgotten.
#[test]
fn somebody_who_is_near_enough_is_asked_whoever_was_nearer_before() {
    let mut random = fastrand::Rng::with_seed(9);
    let mut asking = Asking::default();
    let (mut somebody, mut nobody) = (0, 0);
    for ms in (0..600_000).step_by(100) {
        let now = Now { mono: Mono::from_millis(ms), wall: Wall(0), wall_trusted: true };
        let address = Address { bytes: [0x40, 0, 0, 0, 0, random.u8(0..12)], random: true };
        asking.handle_candidate(address, Network::Bluezone, random.i16(-110..-50), now.mono);
        let from_dbm = random.i16(-85..-45);
        let near = |known: &&Known| {
            known.level >= Level::of(from_dbm)
                && now.mono.since(known.heard) <= policy::READ_HEARD_WITHIN
        };
        let nearest = asking.known.values().filter(near).map(|known| known.level).max();
        let asked = asking.poll(Some(policy::READ_WITHIN), from_dbm, now.mono);
        assert_eq!(asked.is_some(), nearest.is_some(), "after {ms} ms");
        let Some(Ask::Read(question)) = asked else {
            nobody += 1;
            continue;
        };
        somebody += 1;
        let address = question.address;
        assert_eq!(asking.known.get(&address).map(|known| known.level), nearest);
        let (outcome, scan_off) = (Outcome::Stopped, Duration::ZERO);
        asking.handle_reading(&Reading { address, outcome, scan_off }, now);
    }
    assert!(somebody > 1_000 && nobody > 1_000, "{somebody}, {nobody}");
}
