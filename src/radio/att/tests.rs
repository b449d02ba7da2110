//! A phone that answers as the specification has it, and ones that do not.

use proptest::prelude::*;

use super::*;
use crate::domain::network::Network;

const SERVICE: u128 = 0x0000_4E56_73F5_4BC4_A12F_17D1_AD07_A667;
const VALUE: u128 = 0x0000_4E56_73F5_4BC4_A12F_17D1_AD07_A689;
const WANTED: [GattId; 2] = [
    GattId { service: uuid::long(0xFD64), characteristic: uuid::long(0x2A00), least: 1, most: 512 },
    GattId { service: SERVICE, characteristic: VALUE, least: 1, most: 512 },
];

/// A phone with one service of two characteristics, the second of which has the value.
struct Phone {
    mtu: u16,
    value: Vec<u8>,
    /// What it says to a request for the value instead.
    error: Option<u8>,
}

impl Phone {
    fn answer(&self, request: &[u8]) -> Vec<u8> {
        let two = |at: usize| u16::from_le_bytes([request[at], request[at + 1]]);
        let error = |reason| vec![ERROR, request[0], request[1], request[2], reason];
        let room = usize::from(self.mtu) - 1;
        match request[0] {
            MTU_REQUEST if self.mtu == LEAST_MTU => error(0x06),
            MTU_REQUEST => with_two(MTU_RESPONSE, &[self.mtu]),
            FIND_BY_TYPE_VALUE if request[7..] == SERVICE.to_le_bytes() => {
                with_two(FIND_BY_TYPE_VALUE | IS_ANSWER, &[0x10, 0x1F])
            }
            READ_BY_TYPE if two(1) <= 0x11 => characteristic(0x11, &[0x00, 0x2A]),
            READ_BY_TYPE if two(1) <= 0x13 => characteristic(0x13, &VALUE.to_le_bytes()),
            FIND_BY_TYPE_VALUE | READ_BY_TYPE => error(ATTRIBUTE_NOT_FOUND),
            READ if let Some(reason) = self.error => error(reason),
            READ if two(1) == 0x14 => {
                [&[READ | IS_ANSWER][..], &self.value[..self.value.len().min(room)]].concat()
            }
            READ_BLOB if usize::from(two(3)) > self.value.len() => error(INVALID_OFFSET),
            READ_BLOB => {
                let rest = &self.value[usize::from(two(3))..];
                [&[READ_BLOB | IS_ANSWER][..], &rest[..rest.len().min(room)]].concat()
            }
            _ => panic!("asked with {request:?}"),
        }
    }

    fn read(&self) -> (Outcome, usize) {
        let (mut enquiry, mut request) = Enquiry::begin(&WANTED);
        for requests in 1..100 {
            assert!(request.len() <= usize::from(LEAST_MTU), "{request:?}");
            match enquiry.handle(&self.answer(&request)) {
                Next::Send(next) => request = next,
                Next::Wait => panic!("it waits for an answer that has come"),
                Next::Ended(outcome) => return (outcome, requests),
            }
        }
        panic!("it does not end");
    }
}

fn characteristic(handle: u16, uuid: &[u8]) -> Vec<u8> {
    let len = u8::try_from(5 + uuid.len()).unwrap();
    let [low, high] = handle.to_le_bytes();
    let mut answer = vec![READ_BY_TYPE | IS_ANSWER, len, low, high, 0x02];
    answer.extend((handle + 1).to_le_bytes());
    answer.extend(uuid);
    answer
}

#[test]
fn a_value_is_read_whole_whatever_fits_a_packet() {
    for len in [0, 12, 22, 23, 44, 45, 184, 512] {
        for mtu in [LEAST_MTU, 185, MTU] {
            let value: Vec<u8> = (0..=255).cycle().take(len).collect();
            let phone = Phone { mtu, value: value.clone(), error: None };
            assert_eq!(phone.read().0, Outcome::Value(Value(value)), "{len} bytes in {mtu}");
        }
    }
    let phone = Phone { mtu: 185, value: vec![7; 12], error: None };
    // How much it takes, the first service, the second, a characteristic, another, the value.
    assert_eq!(phone.read().1, 6);
}

#[test]
fn a_refusal_is_the_end_of_it() {
    // Encryption is too weak, authentication is missing, reading is not permitted, one of its own.
    for reason in [0x05, 0x0F, 0x0C, 0x08, 0x02, 0x80] {
        let phone = Phone { mtu: 185, value: vec![7; 12], error: Some(reason) };
        assert_eq!(phone.read(), (Outcome::Refused, 6));
    }
}

#[test]
fn a_phone_that_cannot_just_now_is_no_refusal() {
    for reason in [0x0E, 0x11] {
        let phone = Phone { mtu: 185, value: vec![7; 12], error: Some(reason) };
        assert_eq!(phone.read(), (Outcome::TimedOut, 6));
    }
}

#[test]
fn a_phone_without_the_service_has_nothing() {
    let nothing = [ERROR, FIND_BY_TYPE_VALUE, 1, 0, ATTRIBUTE_NOT_FOUND];
    let (mut enquiry, _) = Enquiry::begin(&WANTED);
    let first = enquiry.handle(&[MTU_RESPONSE, 185, 0]);
    assert_eq!(first, Next::Send(vec![6, 1, 0, 0xFF, 0xFF, 0, 0x28, 0x64, 0xFD]), "16 bits");
    assert!(matches!(enquiry.handle(&nothing), Next::Send(second) if second.len() == 23));
    assert_eq!(enquiry.handle(&nothing), Next::Ended(Outcome::NoService));
}

#[test]
fn what_the_phone_asks_is_answered_and_disturbs_nothing() {
    let (mut enquiry, _) = Enquiry::begin(&WANTED);
    assert_eq!(enquiry.handle(&[MTU_REQUEST, 0, 2]), Next::Send(vec![3, 5, 2]));
    assert_eq!(
        enquiry.handle(&[0x10, 1, 0, 0xFF, 0xFF, 0, 0x28]),
        Next::Send(vec![ERROR, 0x10, 1, 0, ATTRIBUTE_NOT_FOUND])
    );
    assert_eq!(enquiry.handle(&[INDICATION, 3, 0, 1]), Next::Send(vec![CONFIRMATION]));
    assert_eq!(enquiry.handle(&[0x1B, 3, 0, 1]), Next::Wait, "a notification");
    assert_eq!(enquiry.handle(&[0x0B, 1]), Next::Wait, "an answer to what was not asked");
    assert!(matches!(enquiry.handle(&[MTU_RESPONSE, 185, 0]), Next::Send(_)));
}

proptest! {
    #[test]
    fn any_bytes_bring_it_to_an_end_or_nowhere(
        packets in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..200)
    ) {
        let (mut enquiry, _) = Enquiry::begin(Network::Bluezone.reads());
        for packet in packets {
            match enquiry.handle(&packet) {
                Next::Send(next) => prop_assert!(next.len() <= usize::from(LEAST_MTU)),
                Next::Wait => {}
                Next::Ended(_) => break,
            }
            prop_assert!(enquiry.value.len() <= VALUE_BYTES_MAX + PACKET_BYTES_MAX);
        }
    }
}
