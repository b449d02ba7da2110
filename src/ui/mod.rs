//! The screens: Slint on one side, plain values on the other.
//!
//! ```text
//! View ─► bridge::show ─► adapters ─► ui/screens/*.slint ─► adapters' callbacks ─► bridge::connect ─► Touch
//! ```
//!
//! Nothing is decided here. [`window`] opens a real window, [`snapshot`] draws without one, and
//! both show a [`crate::view::View`] through the same [`bridge`].

pub mod bridge;
mod fonts;
mod generated;
pub mod qr;
pub mod snapshot;
pub mod tour;
pub mod window;

pub use generated::App;
