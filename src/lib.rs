//! The kiosk at the door: it writes visitors into a logbook, sees over Bluetooth LE whether a
//! phone at the desk runs a contact-tracing app, and says so on a touch screen.
//!
//! A pure [`domain::reception`] is told what happened and answers what should happen; a thin loop
//! (`kiosk`) turns it. `docs/ARCHITECTURE.md` has the picture of it, and says where what is added.
//!
//! The `domain` is pure: no clock, no I/O, no async, no locks, no logging. Everything else is an
//! edge that can be replaced by a simulator which ships in the binary.

pub mod clock;
#[cfg(feature = "cli")]
pub mod command;
pub mod config;
pub mod domain;
pub mod gpio;
#[cfg(feature = "store")]
pub mod kiosk;
#[cfg(feature = "exposure")]
pub mod published;
pub mod radio;
#[cfg(feature = "app")]
pub mod service;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "ui")]
pub mod ui;
pub mod view;
