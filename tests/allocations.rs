//! Once warm, no advert costs an allocation, whatever the crowd sends.
#![expect(unsafe_code, reason = "an allocator that counts has to be one")]

#[path = "support/stream.rs"]
mod stream;
mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use stream::{Payloads, Stream, Way};
use support::House;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call goes on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller keeps to the contract, which is the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block came from the system's allocator with this layout.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[expect(clippy::unwrap_used, reason = "a count of adverts fits")]
fn allocations_of(payloads: Payloads, count: u32) -> u64 {
    let stream = Stream::new(payloads);
    let house = House::new();
    let mut way = Way::with_a_visitor(house.reception, house.now);
    let mut events = stream.events();
    let mut adverts = 0;
    // Until the tracker has been full several times over.
    events.by_ref().take(15_000).for_each(|event| {
        way.hear(event);
    });
    let before = ALLOCATIONS.get();
    events
        .by_ref()
        .take(usize::try_from(count).unwrap())
        .for_each(|event| adverts += way.hear(event));
    let allocations = ALLOCATIONS.get() - before;
    assert_eq!(adverts, count, "every advert was heard");
    let (tracked, crowded_out) = way.reception.radio_load();
    assert!(tracked >= 1_000);
    assert_eq!(crowded_out > 0, payloads != Payloads::Unchanged);
    allocations
}

#[test]
fn unchanged_payloads() {
    assert_eq!(allocations_of(Payloads::Unchanged, 100_000), 0);
}

#[test]
fn an_id_with_each_advert() {
    assert_eq!(allocations_of(Payloads::Changing, 100_000), 0);
}

#[test]
fn an_id_with_each_third_advert() {
    assert_eq!(allocations_of(Payloads::ChangingEachThird, 10_000), 0);
}

#[test]
fn an_allocation_is_counted() {
    let before = ALLOCATIONS.get();
    drop(std::hint::black_box(Box::new(7)));
    assert_eq!(ALLOCATIONS.get() - before, 1);
}
