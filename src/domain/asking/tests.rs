//! What is remembered of costs, which nobody outside sees.

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
