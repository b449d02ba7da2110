//! A crowd whose rows fill many pages while it is heard: the file says neither who came first nor, by
//! its free pages and where the others lie, in which order they came.

use super::remembering::{log_bytes, remember, rest, row};
use super::*;
use kiosk::domain::advert::Dbm;
use kiosk::domain::network::Network;
use kiosk::domain::remembering::Remembered;
use kiosk::domain::sighting::{ProximityId, SendingPower};

/// As many as once filled so many pages that their order showed.
const CROWD: u32 = 599;
/// Those who come between two batches.
const AT_A_TIME: usize = 13;
/// Those who stay when the first quarter of an hour ends.
const STAY: u32 = 31;

/// A visitor of whatever network, whose row takes as many bytes as it happens to.
fn visitor(number: u32, slot: i64) -> Remembered {
    let mixed = number.wrapping_add(1).wrapping_mul(0x9E37_79B9);
    let bytes = mixed.to_be_bytes();
    let (network, id, tx_power) = if mixed.is_multiple_of(3) {
        let mut id = [number.to_le_bytes()[0]; 12];
        id[..4].copy_from_slice(&bytes);
        (Network::Bluezone, ProximityId::Bluezone(id), SendingPower::Unsaid)
    } else {
        let mut id = [number.to_le_bytes()[0]; 16];
        id[..4].copy_from_slice(&bytes);
        (Network::Gaen, ProximityId::Rpi(id), SendingPower::Sealed(bytes))
    };
    Remembered {
        network,
        id,
        tx_power,
        sightings: mixed % 70_000,
        strongest: Dbm(-40),
        near_seconds: mixed % 300,
        ..row(0, slot)
    }
}

/// The file after two quarters of an hour in which a crowd came in this order, each of them in one batch
/// and updated in the next, the gate opened now and then: when each of the two had settled.
fn files(order: &[u32]) -> Vec<Vec<u8>> {
    let place = Place::new();
    drop(place.book());
    // What is made at random when a book is begun, for the beacon and the codes.
    raw(&place.path()).execute("UPDATE beacon_key SET base = zeroblob(32)", []).unwrap();
    let mut book = place.book();
    let mut files = Vec::new();
    for slot in 0..2 {
        let mut before: &[u32] = &[];
        for (minute, come) in (0..).zip(order.chunks(AT_A_TIME)) {
            let new = |&number: &u32| Remembered { sightings: 3, ..visitor(number + 1_000, slot) };
            let again = |&number: &u32| visitor(number + 1_000, slot);
            let mut rows: Vec<_> = come.iter().map(new).chain(before.iter().map(again)).collect();
            rows.sort_unstable_by_key(|row| (row.network, row.id));
            remember(&mut book, rows, None);
            before = come;
            if minute % 20 == 0 {
                append(&mut book, event(minute, Event::GateOpened { seconds_ago: 0 }));
            }
        }
        let mut last: Vec<_> = order.iter().map(|&number| visitor(number + 1_000, slot)).collect();
        last.sort_unstable_by_key(|row| (row.network, row.id));
        let stay = if slot == 0 { 0..STAY } else { 0..0 };
        let mut still_open: Vec<_> = stay.map(|number| visitor(number + 1_000, slot)).collect();
        still_open.sort_unstable_by_key(|row| (row.network, row.id));
        remember(&mut book, last, Some(still_open));
        rest(&mut book);
        assert_eq!(log_bytes(&place), 0);
        files.push(std::fs::read(place.path()).unwrap());
    }
    files
}

#[test]
fn a_crowd_leaves_the_same_file_in_whatever_order_it_came() {
    let came: Vec<u32> = (0..CROWD).collect();
    let as_they_came = files(&came);
    let pages = |file: &[u8]| file.len() / 4_096;
    assert!(as_they_came.iter().all(|file| pages(file) > 20), "the crowd fills many pages");
    let backwards = came.iter().rev().copied().collect::<Vec<_>>();
    let odd_first: Vec<u32> = (1..CROWD).step_by(2).chain((0..CROWD).step_by(2)).collect();
    let shuffled = [1, 2].map(|seed| {
        let mut order = came.clone();
        fastrand::Rng::with_seed(seed).shuffle(&mut order);
        order
    });
    let by_id = {
        let mut order = came.clone();
        order.sort_unstable_by_key(|&number| {
            let visitor = visitor(number + 1_000, 0);
            (visitor.network, visitor.id)
        });
        order
    };
    for order in [backwards, odd_first, by_id].into_iter().chain(shuffled) {
        let file = files(&order);
        for (slot, (file, other)) in file.iter().zip(&as_they_came).enumerate() {
            let differ: Vec<usize> = (0..pages(file).max(pages(other)))
                .filter(|page| file.chunks(4_096).nth(*page) != other.chunks(4_096).nth(*page))
                .collect();
            assert!(
                differ.is_empty(),
                "quarter {slot}, order {:?}…: {differ:?} differ",
                &order[..9]
            );
        }
    }
}
