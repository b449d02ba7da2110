//! The tracker keeps within its room, and keeps those heard last.

use kiosk::domain::advert::Dbm;
use kiosk::domain::moment::Mono;
use kiosk::domain::network::Network;
use kiosk::domain::policy;
use kiosk::domain::presence::Presence;
use kiosk::domain::presence::tracker::Tracker;
use kiosk::domain::sighting::{ProximityId, Sighting, Subject, TxClass};
use proptest::collection::vec;
use proptest::prelude::*;

proptest! {
    // Each case hears thousands.
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// The tracker keeps those heard last, whoever else is heard.
    #[test]
    fn those_heard_longest_ago_make_room(
        numbers in vec(prop_oneof![0_u32..50, 0_u32..6_000], 1..400),
        flood in 0_u32..5_000,
    ) {
        let mut tracker = Tracker::default();
        let mut model: Vec<u32> = vec![];
        let flooded = 10_000..10_000 + flood;
        let heard = numbers.iter().copied().chain(flooded).chain(numbers.iter().copied());
        for (ms, number) in (0..).zip(heard) {
            tracker.hear(&numbered(number), Mono::from_millis(ms));
            if number < 10_000 {
                model.retain(|&known| known != number);
            }
            model.push(number);
        }
        model.reverse();
        model.truncate(policy::TRACKED_MAX);
        let kept: Vec<_> = tracker.newest_first().map(|(_, known)| known.subject).collect();
        let expected: Vec<_> = model.iter().map(|&number| numbered(number).subject).collect();
        prop_assert_eq!(kept, expected);
        for number in 0..6_000 {
            prop_assert_eq!(tracker.find(&numbered(number).subject).is_some(), model.contains(&number));
        }
    }
}

#[test]
fn a_million_ids_never_exceed_the_room() {
    let mut presence = Presence::default();
    presence.begin_visit(Mono::from_millis(0));
    for number in 0..1_000_000 {
        presence.handle_sighting(&numbered(number), Mono::from_millis(u64::from(number)));
        assert!(presence.load().0 <= policy::TRACKED_MAX);
    }
    let made_room = 1_000_000 - u64::try_from(policy::TRACKED_MAX).unwrap();
    assert_eq!(presence.load(), (policy::TRACKED_MAX, made_room));
}

fn numbered(number: u32) -> Sighting {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    let subject = Subject::Id(Network::Gaen, ProximityId::Rpi(id));
    Sighting { subject, strength: None, tx_class: TxClass::Low, rssi: Dbm(-80) }
}
