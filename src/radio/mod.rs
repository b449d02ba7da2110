//! The ears: from bytes of a Bluetooth controller, or of a capture of one, to
//! [`Advertisement`](crate::domain::advert::Advertisement)s.
//!
//! ```text
//! btsnoop ─record─► hci ─Report─► join ─Advertisement─► the kiosk
//! ```
//!
//! Nothing here knows a contact network, and nothing here is allocated for a report that comes as
//! an event of the controller.
//!
//! The live radio (feature `bluetooth`) has two ways to hear (`docs/adr/0009-the-monitor-channel.md`):
//!
//! ```text
//! the kernel's monitor channel ─Packet─► hci ─► join ─► the kiosk      monitor, scanning
//! BlueZ's signals on D-Bus ────────Advertisement─────► the kiosk      signals
//!                    orders ─► bluez ─► news                          a thread that keeps BlueZ scanning
//!                  question ─► reading ─► outcome                     a socket to one phone, speaking att,
//!                                                                     with an adapter of its own: apart
//! the kiosk ─Plan─► voice ─► beacon                                   a thread that keeps BlueZ sending
//! ```

#[cfg(feature = "bluetooth")]
pub mod adapters;
#[cfg(feature = "bluetooth")]
mod apart;
#[cfg(feature = "bluetooth")]
pub mod att;
#[cfg(feature = "bluetooth")]
pub mod beacon;
#[cfg(feature = "bluetooth")]
pub mod bluez;
pub mod btsnoop;
#[cfg(feature = "bluetooth")]
mod choice;
#[cfg(feature = "bluetooth")]
pub mod discovery;
pub mod ears;
pub mod fragments;
pub mod gzip;
pub mod hci;
#[cfg(feature = "bluetooth")]
mod hci_socket;
pub mod join;
#[cfg(feature = "bluetooth")]
pub mod live;
#[cfg(feature = "bluetooth")]
pub mod mgmt;
#[cfg(feature = "bluetooth")]
pub mod missed;
#[cfg(feature = "bluetooth")]
pub mod monitor;
#[cfg(feature = "bluetooth")]
mod patience;
#[cfg(feature = "bluetooth")]
pub mod privilege;
#[cfg(feature = "bluetooth")]
pub mod reading;
#[cfg(feature = "bluetooth")]
mod rebinding;
#[cfg(feature = "bluetooth")]
mod repeats;
mod replay;
pub mod scanning;
#[cfg(feature = "bluetooth")]
pub mod signals;
pub mod sim;
pub mod voice;
