//! What the radio does about a scan that rests, and about an adapter that takes another's place.

use std::os::unix::net::UnixDatagram;

use super::*;
use crate::domain::advert::Address;
use crate::domain::asking::{Ask, Outcome, Question};
use crate::domain::radio_health::{News, Remedy};

pub(super) fn at(ms: u64) -> Mono {
    Mono::from_millis(ms)
}

/// A radio whose thread is played by the test, and the far end of its monitor channel.
pub(super) fn radio() -> (Radio, UnixDatagram, mpsc::Receiver<Order>, mpsc::Sender<Message>) {
    let (near, far) = UnixDatagram::pair().unwrap();
    let (orders, ordered) = mpsc::channel(16);
    let (report, messages) = mpsc::channel(16);
    let inlet = Inlet::monitor(Monitor::over(near, 0).unwrap(), at(0));
    (Radio::new(inlet, Bluez { orders, messages }, None, at(0)), far, ordered, report)
}

/// The controller is asked to scan, or to stop, and does so.
pub(super) fn switch(radio: &mut Radio, on: bool, now: Mono) {
    let Inlet::Monitor { meter, .. } = &mut radio.inlet else { panic!("it has a monitor") };
    meter.handle_asked(on, false);
    meter.handle_answered(true, now);
}

/// A report over the monitor channel, of the adapter of this number.
fn report(adapter: u8) -> Vec<u8> {
    let mut packet = vec![3, 0, adapter, 0, 14, 0, 0x3E, 12, 2, 1, 3, 1];
    packet.extend([7, 0, 0, 0, 0, 0x40, 0, 0xC4]);
    packet
}

fn hears(radio: &mut Radio, now: Mono) -> usize {
    let (mut joiner, mut adverts) = (Joiner::default(), 0);
    radio.hear(now, 128, &mut joiner, |_, _| adverts += 1);
    adverts
}

/// Everything it tells, and the last remedy it orders, at this moment.
fn turn(
    radio: &mut Radio,
    ordered: &mut mpsc::Receiver<Order>,
    now: Mono,
) -> (Vec<Change>, Option<Order>) {
    let told = std::iter::from_fn(|| radio.turn(now)).collect();
    (told, std::iter::from_fn(|| ordered.try_recv().ok()).last())
}

#[test]
fn a_scan_that_was_ended_by_others_is_told_and_begun_anew() {
    let (mut radio, _far, mut ordered, report) = radio();
    assert_eq!(turn(&mut radio, &mut ordered, at(0)).1, Some(Order::Remedy(Remedy::Start)));
    switch(&mut radio, true, at(50));
    report.try_send(Message::News(News::Listening)).unwrap();
    assert_eq!(turn(&mut radio, &mut ordered, at(60)).0, [Change::Health(None)]);
    switch(&mut radio, false, at(1_000));
    assert_eq!(turn(&mut radio, &mut ordered, at(1_000)), (vec![], None));
    assert_eq!(radio.poll_timeout(), Some(at(13_000)));
    let gone = vec![Change::Health(Some(Trouble::Gone))];
    assert_eq!(turn(&mut radio, &mut ordered, at(13_000)), (gone, None));
    assert_eq!(turn(&mut radio, &mut ordered, at(14_000)).1, Some(Order::Remedy(Remedy::Start)));
    report.try_send(Message::News(News::Listening)).unwrap();
    assert_eq!(turn(&mut radio, &mut ordered, at(14_100)).0, [], "it is not seen to scan yet");
    switch(&mut radio, true, at(14_200));
    assert_eq!(turn(&mut radio, &mut ordered, at(14_200)).0, [Change::Health(None)]);
}

#[test]
fn a_reading_that_keeps_the_scan_off_is_no_fault() {
    let (mut radio, _far, mut ordered, report) = radio();
    turn(&mut radio, &mut ordered, at(0));
    switch(&mut radio, true, at(50));
    report.try_send(Message::News(News::Listening)).unwrap();
    turn(&mut radio, &mut ordered, at(60));
    let address = Address { bytes: [0x40, 0, 0, 0, 0, 1], random: true };
    let within = Duration::from_mins(1);
    let network = crate::domain::network::Network::Bluezone;
    let (within_apart, scan_off_max) = (within, within);
    let question = Question { address, network, within, within_apart, scan_off_max };
    radio.ask(Ask::Read(question), at(1_000));
    switch(&mut radio, false, at(1_100));
    assert_eq!(turn(&mut radio, &mut ordered, at(30_000)).0, []);
    report.try_send(Message::Read(address, Outcome::TimedOut)).unwrap();
    turn(&mut radio, &mut ordered, at(31_000));
    assert_eq!(turn(&mut radio, &mut ordered, at(31_900)), (vec![], None));
    let restart = Some(Order::Remedy(Remedy::RestartDiscovery));
    assert_eq!(
        turn(&mut radio, &mut ordered, at(32_000)),
        (vec![], restart),
        "it should scan again"
    );
}

#[test]
fn an_adapter_that_takes_the_place_of_another_is_heard() {
    let (mut radio, far, mut ordered, message) = radio();
    far.send(&report(0)).unwrap();
    drop(far.send(&report(1)));
    turn(&mut radio, &mut ordered, at(0));
    assert_eq!(hears(&mut radio, at(100)), 1);
    message.try_send(Message::Adapter("hci1".to_owned())).unwrap();
    let (told, _) = turn(&mut radio, &mut ordered, at(200));
    assert!(matches!(told.as_slice(), [Change::Remark(remark)] if remark.contains("hci1")));
    drop(far.send(&report(0)));
    far.send(&report(1)).unwrap();
    far.send(&report(1)).unwrap();
    assert_eq!(hears(&mut radio, at(300)), 2);
}
