//! The filter in the kernel's own interpreter, over a pair of local sockets.

use std::os::unix::net::UnixDatagram;

use super::*;

const ADAPTER: u16 = 1;

fn packet(opcode: u16, adapter: u16, rest: &[u8]) -> Vec<u8> {
    let len = u16::try_from(rest.len()).unwrap();
    [&opcode.to_le_bytes()[..], &adapter.to_le_bytes(), &len.to_le_bytes(), rest].concat()
}

fn passes(packet: &[u8]) -> bool {
    let (far, near) = UnixDatagram::pair().unwrap();
    let monitor = Monitor::over(near, ADAPTER).unwrap();
    // A filter that refuses a packet refuses it to its sender on a local socket.
    drop(far.send(packet));
    let mut buffer = [0; PACKET_BYTES_MAX];
    match monitor.receive(&mut buffer) {
        Ok(got) => {
            assert_eq!(got, packet);
            true
        }
        Err(error) => {
            assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
            false
        }
    }
}

#[test]
fn reports_the_switching_of_the_scan_and_answers_to_an_address_pass() {
    for rest in [
        &[LE_META, 3, LEGACY_REPORT, 0, 0][..],
        &[LE_META, 3, EXTENDED_REPORT, 0, 0],
        &[COMMAND_COMPLETE, 4, 1, 0x0C, 0x20, 0],
        &[COMMAND_COMPLETE, 4, 1, 0x42, 0x20, 0],
        &[COMMAND_COMPLETE, 4, 1, 0x05, 0x20, 0x0C],
    ] {
        assert!(passes(&packet(EVENT, ADAPTER, rest)), "{rest:x?}");
        assert!(!passes(&packet(EVENT, 0, rest)), "of another adapter: {rest:x?}");
    }
    assert!(passes(&packet(COMMAND, ADAPTER, &[0x0C, 0x20, 2, 1, 0])));
    assert!(passes(&packet(COMMAND, ADAPTER, &[0x42, 0x20, 6, 1, 0, 0, 0, 0, 0])));
}

#[test]
fn another_adapter_can_be_followed() {
    let (far, near) = UnixDatagram::pair().unwrap();
    let monitor = Monitor::over(near, ADAPTER).unwrap();
    monitor.follow(7).unwrap();
    let report = [LE_META, 3, LEGACY_REPORT, 0, 0];
    drop(far.send(&packet(EVENT, ADAPTER, &report)));
    drop(far.send(&packet(EVENT, 7, &report)));
    let mut buffer = [0; PACKET_BYTES_MAX];
    assert_eq!(monitor.receive(&mut buffer).unwrap(), packet(EVENT, 7, &report));
    let error = monitor.receive(&mut buffer).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
}

#[test]
fn nothing_else_passes() {
    let kept_out: [(u16, &[u8]); 9] = [
        // A link key that the host hands to the controller, and one that the controller reports.
        (COMMAND, &[0x0B, 0x04, 22, 1, 2, 3, 4, 5, 6]),
        (EVENT, &[0x18, 23, 1, 2, 3, 4, 5, 6]),
        // LE Start Encryption and LE Long Term Key Request.
        (COMMAND, &[0x19, 0x20, 28, 0, 0]),
        (EVENT, &[LE_META, 13, 0x05, 0, 0]),
        // The address itself.
        (COMMAND, &[0x05, 0x20, 6, 1, 2, 3, 4, 5, 6]),
        // Connections, answers to other commands, data either way.
        (EVENT, &[LE_META, 19, 0x01, 0]),
        (EVENT, &[COMMAND_COMPLETE, 4, 1, 0x03, 0x0C, 0]),
        (4, &[0x3E, 0, 2, 0]),
        (5, &[0x3E, 0, 2, 0]),
    ];
    for (opcode, rest) in kept_out {
        assert!(!passes(&packet(opcode, ADAPTER, rest)), "{opcode} {rest:x?}");
    }
    assert!(!passes(&packet(EVENT, ADAPTER, &[])));
    assert!(!passes(&[3]));
}
