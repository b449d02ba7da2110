//! The kiosk at the door: it writes visitors into a logbook, sees over Bluetooth LE whether a
//! phone at the desk runs a contact-tracing app, and says so on a touch screen.
//!
//! ```text
//! radio ──Advertisement─┐                               ┌─► Append(Draft) ─► store ─► Stored(seq) ─┐
//! ui ─────Touch─────────┼─► kiosk ─(Input, Now)─► domain::reception ─► view, lamp, buzzer          │
//! gpio ───Motion/Button─┤                             (pure)  └─► Gate ◄── only after that ────────┘
//! store ──Stored/Failed─┤
//! timer ──Timeout───────┘
//! ```
//!
//! Where things live:
//!
//! | a … is added in | |
//! |---|---|
//! | tracing network | one file in [`domain::network`], one line in its `mod.rs` |
//! | rule for the face of the bar | [`domain::presence::rule`] |
//! | field of a visit | [`domain::visit`], then the compiler leads the way |
//! | screen | [`domain::desk`] (the step), [`view`] (its words), `ui/screens/` (its drawing) |
//! | limit or threshold | [`domain::policy`] |
//! | command of the binary | one file in [`command`] |
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
