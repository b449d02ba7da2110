//! The ears: from bytes of a Bluetooth controller, or of a capture of one, to
//! [`Advertisement`](crate::domain::advert::Advertisement)s.
//!
//! ```text
//! btsnoop ─record─► hci ─Report─► join ─Advertisement─► the kiosk
//! ```
//!
//! Nothing here knows a contact network, and nothing here is allocated for a report.

pub mod btsnoop;
pub mod ears;
pub mod fragments;
pub mod gzip;
pub mod hci;
pub mod join;
pub mod sim;
