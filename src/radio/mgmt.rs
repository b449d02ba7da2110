//! What the kernel says of an adapter, asked over the management channel as bluetoothd does
//! (`doc/mgmt-protocol.rst` of BlueZ). Reading needs no capability. It changes nothing.

use std::io::{self, Read, Write};
use std::time::Duration;

use super::hci_socket::{self, Channel};

/// How an adapter is set up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Settings(u32);

impl Settings {
    /// From the bits that the kernel calls the adapter's current settings.
    #[must_use]
    pub const fn new(bits: u32) -> Self {
        Self(bits)
    }

    /// Whether it is switched on.
    #[must_use]
    pub const fn is_powered(self) -> bool {
        self.has(0)
    }

    /// Whether it speaks the older Bluetooth as well. BlueZ then spends half of a search on it,
    /// during which nothing of Bluetooth LE is heard.
    #[must_use]
    pub const fn has_classic(self) -> bool {
        self.has(7)
    }

    /// Whether it speaks Bluetooth LE.
    #[must_use]
    pub const fn has_le(self) -> bool {
        self.has(9)
    }

    const fn has(self, bit: u32) -> bool {
        self.0 >> bit & 1 == 1
    }
}

/// The adapter of this number; `None` when there is none.
///
/// # Errors
///
/// When the kernel has no Bluetooth, or does not answer within a second.
pub fn settings(adapter: u16) -> io::Result<Option<Settings>> {
    let socket = hci_socket::open()?;
    hci_socket::bind(&socket, Channel::Control)?;
    socket.set_nonblocking(false)?;
    socket.set_read_timeout(Some(Duration::from_secs(1)))?;
    let [low, high] = adapter.to_le_bytes();
    match (&socket).write_all(&[READ_INFO, 0, low, high, 0, 0]) {
        Ok(()) => {}
        // Where there is no such adapter, the kernel answers so at once, and counts no byte as taken.
        Err(error) if error.kind() == io::ErrorKind::WriteZero => {}
        Err(error) => return Err(error),
    }
    let mut buffer = [0; 512];
    // Other news of the adapters comes the same way.
    for _ in 0..64 {
        let len = (&socket).read(&mut buffer)?;
        match answer(buffer.get(..len).unwrap_or_default(), adapter) {
            Answer::NotYet => {}
            Answer::NoAdapter => return Ok(None),
            Answer::Settings(settings) => return Ok(Some(settings)),
        }
    }
    Err(io::Error::from(io::ErrorKind::TimedOut))
}

/// Read Controller Information.
const READ_INFO: u8 = 0x04;
const COMMAND_COMPLETE: u16 = 1;
const COMMAND_STATUS: u16 = 2;

/// What an answer may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Answer {
    /// It is news of something else.
    NotYet,
    NoAdapter,
    Settings(Settings),
}

fn answer(bytes: &[u8], adapter: u16) -> Answer {
    let Some((&[e0, e1, a0, a1, _, _, o0, o1, status], info)) = bytes.split_first_chunk::<9>()
    else {
        return Answer::NotYet;
    };
    let event = u16::from_le_bytes([e0, e1]);
    let is_answer = matches!(event, COMMAND_COMPLETE | COMMAND_STATUS)
        && u16::from_le_bytes([a0, a1]) == adapter
        && u16::from_le_bytes([o0, o1]) == u16::from(READ_INFO);
    if !is_answer {
        return Answer::NotYet;
    }
    // Address (6), version (1), maker (2), supported settings (4), current settings (4).
    match info.get(13..17).and_then(|bytes| bytes.first_chunk::<4>()) {
        Some(bytes) if status == 0 => Answer::Settings(Settings::new(u32::from_le_bytes(*bytes))),
        Some(_) | None => Answer::NoAdapter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_told_from_news() {
        let mut bytes = vec![1, 0, 2, 0, 0, 0, 4, 0, 0];
        bytes.extend([0; 13]);
        bytes.extend([0x81, 0x02, 0, 0]);
        let Answer::Settings(settings) = answer(&bytes, 2) else { panic!() };
        assert!(settings.is_powered() && settings.has_classic() && settings.has_le());
        assert_eq!(answer(&bytes, 1), Answer::NotYet, "of another adapter");
        assert_eq!(answer(&[2, 0, 2, 0, 3, 0, 4, 0, 0x11], 2), Answer::NoAdapter);
        assert_eq!(answer(&[6, 0, 2, 0, 4, 0, 0, 0, 0, 0], 2), Answer::NotYet);
        assert_eq!(answer(&[1], 2), Answer::NotYet);
    }
}
