//! What a reading costs, and when it is cut off.

use super::super::tests::{at, radio, switch};
use super::*;
use crate::domain::network::Network;
use crate::radio::bluez::Message;

const ADDRESS: Address = Address { bytes: [0x40, 0, 0, 0, 0, 1], random: true };
const QUESTION: Question = Question {
    address: ADDRESS,
    network: Network::Bluezone,
    within: Duration::from_secs(2),
    within_apart: Duration::from_secs(10),
    scan_off_max: Duration::from_secs(1),
};

#[test]
fn what_a_reading_costs_is_the_time_without_scan() {
    let (mut radio, _far, mut ordered, report) = radio();
    switch(&mut radio, true, at(50));
    radio.ask(Ask::Read(QUESTION), at(1_000));
    assert_eq!(ordered.try_recv(), Ok(Order::Ask(Ask::Read(QUESTION))));
    switch(&mut radio, false, at(1_100));
    switch(&mut radio, true, at(1_450));
    report.try_send(Message::Read(ADDRESS, Outcome::Refused)).unwrap();
    radio.turn(at(2_000));
    let scan_off = Duration::from_millis(350);
    let reading = Reading { address: ADDRESS, outcome: Outcome::Refused, scan_off };
    assert_eq!(radio.take_reading(), Some(reading));
    assert_eq!(radio.take_reading(), None);
}

#[test]
fn a_reading_that_costs_too_much_is_cut_off() {
    let (mut radio, _far, mut ordered, report) = radio();
    switch(&mut radio, true, at(50));
    radio.ask(Ask::Read(QUESTION), at(1_000));
    switch(&mut radio, false, at(1_100));
    radio.turn(at(2_099));
    while let Ok(order) = ordered.try_recv() {
        assert_ne!(order, Order::Ask(Ask::Stop));
    }
    assert_eq!(radio.cut_at(), Some(at(2_100)));
    radio.turn(at(2_100));
    assert_eq!(ordered.try_recv(), Ok(Order::Ask(Ask::Stop)));
    report.try_send(Message::Read(ADDRESS, Outcome::Stopped)).unwrap();
    radio.turn(at(2_110));
    let reading = radio.take_reading().unwrap();
    assert_eq!(reading.outcome, Outcome::TimedOut, "the kiosk did not ask for that end");
    assert_eq!(reading.scan_off, Duration::from_millis(1_010));
}

#[test]
fn what_another_adapter_reads_costs_nothing_and_is_not_cut_off() {
    let (mut radio, _far, mut ordered, report) = radio();
    switch(&mut radio, true, at(50));
    report.try_send(Message::Apart(true)).unwrap();
    radio.turn(at(100));
    radio.ask(Ask::Read(QUESTION), at(1_000));
    switch(&mut radio, false, at(1_100));
    assert_eq!(radio.cut_at(), None);
    radio.turn(at(9_000));
    while let Ok(order) = ordered.try_recv() {
        assert_ne!(order, Order::Ask(Ask::Stop));
    }
    report.try_send(Message::Read(ADDRESS, Outcome::TimedOut)).unwrap();
    radio.turn(at(9_500));
    assert_eq!(radio.take_reading().unwrap().scan_off, Duration::ZERO);
    report.try_send(Message::Apart(false)).unwrap();
    radio.turn(at(9_600));
    radio.ask(Ask::Read(QUESTION), at(9_700));
    assert!(radio.cut_at().is_some(), "it is pulled out");
}

#[test]
fn without_a_thread_the_answer_is_busy() {
    let (mut radio, _far, ordered, _report) = radio();
    drop(ordered);
    radio.ask(Ask::Read(QUESTION), at(1_000));
    assert_eq!(radio.take_reading().unwrap().outcome, Outcome::Busy);
}
