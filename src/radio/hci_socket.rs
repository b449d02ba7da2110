//! Sockets to the kernel's Bluetooth host (`include/net/bluetooth/hci_sock.h`), and how many
//! packets the kernel had to drop for want of room in one, and has counted for an adapter. The only
//! file with unsafe code: no well-kept library knows the address of such a socket or asks for the
//! counters, and tokio leaves it to its user that a descriptor it waits for stays open.
//!
//! What goes over them is the business of [`monitor`](super::monitor) and [`mgmt`](super::mgmt).
#![expect(
    unsafe_code,
    reason = "an address of its own family, one getsockopt, one ioctl, one promise to tokio"
)]

use std::io;
use std::os::fd::AsRawFd;

use socket2::{Domain, Protocol, SockAddr, SockAddrStorage, Socket, Type};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::missed::Counters;

/// `AF_BLUETOOTH`.
const FAMILY: u16 = 31;
/// `BTPROTO_HCI`.
const PROTOCOL: i32 = 1;
/// `HCI_DEV_NONE`: both channels below are of no one adapter.
const NO_ADAPTER: u16 = 0xFFFF;

/// What a socket is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Channel {
    /// A copy of all traffic between host and controllers; needs `CAP_NET_RAW`.
    Monitor,
    /// Questions to the host, such as bluetoothd asks; reading needs no capability.
    Control,
}

/// A socket that does not block and belongs to no channel yet.
///
/// # Errors
///
/// When the kernel has no Bluetooth, or the service may not use the family.
pub(super) fn open() -> io::Result<Socket> {
    let kind = Type::RAW.cloexec().nonblocking();
    Socket::new(Domain::from(i32::from(FAMILY)), kind, Some(Protocol::from(PROTOCOL)))
}

/// Joins the socket to a channel.
///
/// # Errors
///
/// When the capability is missing.
pub(super) fn bind(socket: &Socket, channel: Channel) -> io::Result<()> {
    socket.bind(&address(channel))
}

/// Packets the kernel has dropped because the socket's buffer was full; `None` where the kernel
/// (before 4.6) does not say.
pub(super) fn dropped(socket: &Socket) -> Option<u32> {
    /// `SK_MEMINFO_VARS` numbers, of which `SK_MEMINFO_DROPS` is the last
    /// (`include/uapi/linux/sock_diag.h`).
    const NUMBERS: usize = 9;
    let mut numbers = [0_u32; NUMBERS];
    let room = libc::socklen_t::try_from(size_of_val(&numbers)).ok()?;
    let mut len = room;
    // SAFETY: the kernel writes at most `len` bytes to `numbers`, which has room for as many and
    // may hold any bits; both live until the call returns.
    let failed = unsafe {
        libc::getsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_MEMINFO,
            numbers.as_mut_ptr().cast(),
            &raw mut len,
        )
    };
    (failed == 0 && len == room).then(|| numbers.last().copied())?
}

/// What the kernel has counted for the adapter of this number; `None` when there is none. It needs
/// no capability (`HCIGETDEVINFO`, `include/net/bluetooth/hci_sock.h`).
pub(super) fn counters(adapter: u16) -> Option<Counters> {
    /// `_IOR('H', 211, int)`.
    const GET_DEVICE_INFO: libc::c_ulong = 0x8004_48D3;
    /// `struct hci_dev_info`: the number, what the adapter is, `struct hci_dev_stats`.
    #[repr(C)]
    struct DeviceInfo {
        number: u16,
        about: [u16; 25],
        counts: [u32; 10],
    }
    let socket = open().ok()?;
    let mut info = DeviceInfo { number: adapter, about: [0; 25], counts: [0; 10] };
    // SAFETY: the kernel reads the number and writes the whole of the struct, whose parts may hold
    // any bits; it lives until the call returns.
    let failed =
        unsafe { libc::ioctl(socket.as_raw_fd(), GET_DEVICE_INFO, (&raw mut info).cast::<u8>()) };
    let [_, _, commands, events, ..] = info.counts;
    (failed == 0).then_some(Counters { events, commands })
}

/// Lets the tokio runtime that this is called in say when the socket can be read.
///
/// # Errors
///
/// When the system refuses.
pub(super) fn watch(socket: Socket) -> io::Result<AsyncFd<Socket>> {
    // SAFETY: a `Socket` owns its descriptor, names no other, and is neither replaced nor closed
    // before it is dropped, which the `AsyncFd` that owns it does after it has let go of it.
    Ok(unsafe { AsyncFd::register_with_interest(socket, Interest::READABLE) }?)
}

/// `struct sockaddr_hci`.
#[repr(C)]
struct HciAddress {
    family: u16,
    adapter: u16,
    channel: u16,
}

fn address(channel: Channel) -> SockAddr {
    let channel = match channel {
        Channel::Monitor => 2,
        Channel::Control => 3,
    };
    let mut storage = SockAddrStorage::zeroed();
    // SAFETY: three numbers, for which the storage has room and alignment; any bits are valid.
    let hci = unsafe { storage.view_as::<HciAddress>() };
    *hci = HciAddress { family: FAMILY, adapter: NO_ADAPTER, channel };
    // SAFETY: the storage has just been filled with an address of this family and length.
    unsafe { SockAddr::new(storage, 6) }
}
