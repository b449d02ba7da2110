//! The kernel's monitor channel: a copy of what goes between Linux and the controller, which
//! nothing is disturbed by. Only advertising reports, the switching of the scan and whether a new
//! address was taken pass the filter, and only of one adapter; keys, addresses and the data of
//! connections never reach this process.

use std::io::{self, Read};
use std::os::fd::OwnedFd;

use socket2::{SockFilter, Socket};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::hci::{EXTENDED_REPORT, LE_META, LEGACY_REPORT};
use super::hci_socket::{self, Channel};
pub use super::scanning::{
    COMMAND, COMMAND_COMPLETE, EVENT, HEADER_BYTES, SET_EXTENDED_SCAN_ENABLE, SET_RANDOM_ADDRESS,
    SET_SCAN_ENABLE,
};

/// A packet that passes the filter is at most this long: a header, and an event of 255 bytes.
pub const PACKET_BYTES_MAX: usize = HEADER_BYTES + 2 + 255;

/// Room asked for in the kernel. It grants twice `net.core.rmem_max`, on Debian some 400 KB: half
/// a second of 1,000 reports, beyond which it drops and counts.
const BUFFER_BYTES: usize = 1 << 20;

/// A socket on the monitor channel.
#[derive(Debug)]
pub struct Monitor {
    socket: Socket,
    /// The same socket, once a loop waits for it.
    watched: Option<AsyncFd<Socket>>,
}

impl Monitor {
    /// Opens the channel for the adapter of this number. The filter is in place before the first
    /// packet can arrive.
    ///
    /// # Errors
    ///
    /// When the kernel has no Bluetooth, or the capability `CAP_NET_RAW` is missing.
    pub fn open(adapter: u16) -> io::Result<Self> {
        let socket = hci_socket::open()?;
        let monitor = Self::filtering(socket, adapter)?;
        hci_socket::bind(&monitor.socket, Channel::Monitor)?;
        Ok(monitor)
    }

    /// Reads packets in the monitor's form from another datagram socket, through the same filter:
    /// for tests and measurements on machines without Bluetooth.
    ///
    /// # Errors
    ///
    /// When the kernel takes no filter.
    pub fn over(socket: impl Into<OwnedFd>, adapter: u16) -> io::Result<Self> {
        let socket = Socket::from(socket.into());
        socket.set_nonblocking(true)?;
        Self::filtering(socket, adapter)
    }

    /// Lets the packets of the adapter of this number through, and of no other any more.
    ///
    /// # Errors
    ///
    /// When the kernel takes no filter.
    pub fn follow(&self, adapter: u16) -> io::Result<()> {
        self.socket.attach_filter(&filter(adapter))
    }

    /// Lets the loop of the tokio runtime that it is called in wait for packets.
    ///
    /// # Errors
    ///
    /// When the system refuses.
    pub fn join_loop(&mut self) -> io::Result<()> {
        self.watched = Some(hci_socket::watch(self.socket.try_clone()?)?);
        Ok(())
    }

    /// Waits until there is a packet; for ever before it has joined a loop.
    pub async fn stirred(&self) {
        match &self.watched {
            Some(watched) if watched.readable().await.is_ok() => {}
            Some(_) | None => std::future::pending().await,
        }
    }

    /// The next packet, or [`io::ErrorKind::WouldBlock`].
    ///
    /// # Errors
    ///
    /// What the kernel says.
    pub fn receive<'a>(&self, buffer: &'a mut [u8; PACKET_BYTES_MAX]) -> io::Result<&'a [u8]> {
        let len = match &self.watched {
            Some(watched) => {
                watched.try_io(Interest::READABLE, |mut socket| socket.read(buffer))?
            }
            None => (&self.socket).read(buffer)?,
        };
        Ok(buffer.get(..len).unwrap_or_default())
    }

    /// Packets that the kernel had no room for; `None` where it does not say.
    #[must_use]
    pub fn dropped(&self) -> Option<u32> {
        hci_socket::dropped(&self.socket)
    }

    fn filtering(socket: Socket, adapter: u16) -> io::Result<Self> {
        socket.attach_filter(&filter(adapter))?;
        socket.set_recv_buffer_size(BUFFER_BYTES)?;
        Ok(Self { socket, watched: None })
    }
}

const LOAD_BYTE: u16 = 0x30;
const LOAD_TWO: u16 = 0x28;
const JUMP_IF_EQUAL: u16 = 0x15;
const RETURN: u16 = 0x06;

/// The filter as a program for the kernel's packet filter (`Documentation/networking/filter.rst`).
/// It reads two bytes most significant first, the packets have them the other way round.
fn filter(adapter: u16) -> [SockFilter; 20] {
    let load_byte = |at| SockFilter::new(LOAD_BYTE, 0, 0, at);
    let load_two = |at| SockFilter::new(LOAD_TWO, 0, 0, at);
    // Goes on `yes` or `no` instructions further.
    let is = |value: u32, yes, no| SockFilter::new(JUMP_IF_EQUAL, yes, no, value);
    let is_byte = |value: u8, yes, no| is(value.into(), yes, no);
    let is_two = |value: u16, yes, no| is(value.swap_bytes().into(), yes, no);
    [
        load_two(2),
        is_two(adapter, 0, 16),
        load_two(0),
        is_two(EVENT, 3, 0),
        is_two(COMMAND, 0, 13),
        // A command: its opcode follows the header.
        load_two(6),
        is_two(SET_SCAN_ENABLE, 12, 10),
        // An event: its code follows the header, then its length.
        load_byte(6),
        is_byte(LE_META, 0, 3),
        load_byte(8),
        is_byte(LEGACY_REPORT, 8, 0),
        is_byte(EXTENDED_REPORT, 7, 6),
        is_byte(COMMAND_COMPLETE, 0, 5),
        // After the number of further commands, the opcode that is answered.
        load_two(9),
        is_two(SET_RANDOM_ADDRESS, 4, 0),
        is_two(SET_SCAN_ENABLE, 3, 0),
        is_two(SET_EXTENDED_SCAN_ENABLE, 2, 1),
        is_two(SET_EXTENDED_SCAN_ENABLE, 1, 0),
        SockFilter::new(RETURN, 0, 0, 0),
        SockFilter::new(RETURN, 0, 0, u32::MAX),
    ]
}

#[cfg(test)]
mod tests;
