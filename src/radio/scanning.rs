//! What the monitor channel's packets say: an event with reports, that the controller's scan was
//! switched, or whether it took a new address; and from the second, for how long the kiosk was deaf.
//! Pure.

use std::time::Duration;

use crate::domain::moment::Mono;

/// Bytes before a packet: opcode, adapter and length, each of two bytes (`struct hci_mon_hdr`).
pub const HEADER_BYTES: usize = 6;
/// `HCI_MON_COMMAND_PKT`.
pub const COMMAND: u16 = 2;
/// `HCI_MON_EVENT_PKT`.
pub const EVENT: u16 = 3;
/// The event that answers a command.
pub const COMMAND_COMPLETE: u8 = 0x0E;
/// LE Set Scan Enable (Bluetooth Core 5.4, vol 4 part E, 7.8.11).
pub const SET_SCAN_ENABLE: u16 = 0x200C;
/// LE Set Random Address (7.8.4).
pub const SET_RANDOM_ADDRESS: u16 = 0x2005;
/// LE Set Extended Scan Enable (7.8.65).
pub const SET_EXTENDED_SCAN_ENABLE: u16 = 0x2042;

/// A packet of the monitor channel.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Packet<'a> {
    /// An event for [`hci::reports`](super::hci::reports).
    Event(&'a [u8]),
    /// The host has asked the controller to scan, or to stop.
    Asked {
        /// Whether it is to scan.
        on: bool,
        /// Whether the controller is to keep repeated adverts to itself.
        without_repeats: bool,
    },
    /// The controller has answered.
    Answered {
        /// Whether it does as it was asked.
        granted: bool,
    },
    /// The controller was told a new address to send from.
    Address {
        /// Whether it takes it. The specification has one refuse that scans and has no advertising
        /// sets.
        taken: bool,
    },
}

impl std::fmt::Debug for Packet<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Event(event) => write!(f, "Event({} bytes)", event.len()),
            Self::Asked { on, without_repeats } => write!(f, "Asked({on}, {without_repeats})"),
            Self::Answered { granted } => write!(f, "Answered({granted})"),
            Self::Address { taken } => write!(f, "Address({taken})"),
        }
    }
}

/// Understands a packet; `None` for one of another kind, or cut short.
#[must_use]
pub fn packet(bytes: &[u8]) -> Option<Packet<'_>> {
    let (&[opcode_low, opcode_high, ..], rest) = bytes.split_first_chunk::<HEADER_BYTES>()?;
    match (u16::from_le_bytes([opcode_low, opcode_high]), rest) {
        (COMMAND, &[low, high, _, on, without_repeats, ..]) if switches_scan(low, high) => {
            Some(Packet::Asked { on: on != 0, without_repeats: without_repeats != 0 })
        }
        (EVENT, &[COMMAND_COMPLETE, _, _, low, high, status, ..]) if switches_scan(low, high) => {
            Some(Packet::Answered { granted: status == 0 })
        }
        (EVENT, &[COMMAND_COMPLETE, _, _, low, high, status, ..])
            if u16::from_le_bytes([low, high]) == SET_RANDOM_ADDRESS =>
        {
            Some(Packet::Address { taken: status == 0 })
        }
        (EVENT, event) => Some(Packet::Event(event)),
        _ => None,
    }
}

fn switches_scan(low: u8, high: u8) -> bool {
    matches!(u16::from_le_bytes([low, high]), SET_SCAN_ENABLE | SET_EXTENDED_SCAN_ENABLE)
}

/// Adds up for how long the controller did not scan.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ScanMeter {
    asked: Option<bool>,
    /// `None` while it scans.
    off_since: Option<Mono>,
    off_before: Duration,
    without_repeats: bool,
}

impl ScanMeter {
    /// A controller that does not scan yet.
    #[must_use]
    pub const fn new(now: Mono) -> Self {
        Self {
            asked: None,
            off_since: Some(now),
            off_before: Duration::ZERO,
            without_repeats: false,
        }
    }

    /// The host has asked for a change.
    pub const fn handle_asked(&mut self, on: bool, without_repeats: bool) {
        self.asked = Some(on);
        if on {
            self.without_repeats = without_repeats;
        }
    }

    /// The controller has answered.
    pub fn handle_answered(&mut self, granted: bool, now: Mono) {
        match self.asked.take().filter(|_| granted) {
            Some(true) => self.handle_heard(now),
            Some(false) => self.handle_gone(now),
            None => {}
        }
    }

    /// A report has come, so the controller scans, whatever was missed before.
    pub fn handle_heard(&mut self, now: Mono) {
        if let Some(since) = self.off_since.take() {
            self.off_before += now.since(since);
        }
    }

    /// The controller is gone, or what comes next may stop it without a word.
    pub fn handle_gone(&mut self, now: Mono) {
        self.off_since.get_or_insert(now);
        self.asked = None;
    }

    /// Whether the controller is not seen to scan: it does not, as far as is known, or it has not
    /// answered yet what it was told of that. Both pass in hundredths of a second.
    #[must_use]
    pub const fn rests(&self) -> bool {
        self.off_since.is_some() || self.asked.is_some()
    }

    /// For how long it has not scanned, all together. What a connection costs is the difference
    /// between two readings.
    #[must_use]
    pub fn off(&self, now: Mono) -> Duration {
        self.off_before + self.off_since.map_or(Duration::ZERO, |since| now.since(since))
    }

    /// When [`Self::off`] will have come to `total` if nothing changes; `None` while it scans.
    #[must_use]
    pub fn off_reaches(&self, total: Duration) -> Option<Mono> {
        self.off_since.map(|since| since + total.saturating_sub(self.off_before))
    }

    /// Whether the controller was asked to keep repeated adverts to itself, so that a phone that
    /// stays is heard once in ten seconds.
    #[must_use]
    pub const fn is_without_repeats(&self) -> bool {
        self.without_repeats
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Mono {
        Mono::from_millis(ms)
    }

    #[test]
    fn packets_are_told_apart() {
        let asked = [2, 0, 0, 0, 5, 0, 0x42, 0x20, 6, 1, 0, 0, 0, 0, 0];
        assert_eq!(packet(&asked), Some(Packet::Asked { on: true, without_repeats: false }));
        let answered = [3, 0, 0, 0, 6, 0, 0x0E, 4, 1, 0x0C, 0x20, 0];
        assert_eq!(packet(&answered), Some(Packet::Answered { granted: true }));
        for (status, taken) in [(0, true), (0x0C, false)] {
            let address = [3, 0, 0, 0, 6, 0, 0x0E, 4, 1, 0x05, 0x20, status];
            assert_eq!(packet(&address), Some(Packet::Address { taken }));
        }
        let event = [3, 0, 0, 0, 4, 0, 0x3E, 2, 2, 0];
        assert_eq!(packet(&event), Some(Packet::Event(&event[6..])));
        for len in 0..6 {
            assert!(packet(&asked[..len]).is_none());
        }
    }

    #[test]
    fn the_time_between_off_and_on_is_added_up() {
        let mut meter = ScanMeter::new(at(0));
        meter.handle_asked(true, true);
        meter.handle_answered(true, at(100));
        assert!(meter.is_without_repeats());
        assert_eq!(meter.off(at(5_000)), Duration::from_millis(100));
        assert!(!meter.rests());
        meter.handle_asked(false, false);
        assert!(meter.rests(), "it has not answered");
        meter.handle_answered(true, at(5_000));
        assert!(meter.rests());
        assert_eq!(meter.off(at(5_010)), Duration::from_millis(110));
        assert_eq!(meter.off_reaches(Duration::from_millis(600)), Some(at(5_500)));
        meter.handle_asked(true, false);
        meter.handle_answered(true, at(5_020));
        assert!(!meter.is_without_repeats() && !meter.rests());
        assert_eq!(meter.off(at(9_000)), Duration::from_millis(120));
        assert_eq!(meter.off_reaches(Duration::from_millis(600)), None);
    }

    #[test]
    fn a_refusal_changes_nothing_and_a_report_proves_the_scan() {
        let mut meter = ScanMeter::new(at(0));
        meter.handle_asked(true, false);
        meter.handle_answered(false, at(50));
        assert_eq!(meter.off(at(200)), Duration::from_millis(200));
        meter.handle_heard(at(200));
        assert_eq!(meter.off(at(900)), Duration::from_millis(200));
        meter.handle_answered(true, at(901));
        assert_eq!(meter.off(at(950)), Duration::from_millis(200));
        assert!(!meter.rests());
        meter.handle_gone(at(1_000));
        assert!(meter.rests());
    }
}
