//! The kiosk as a member of the contact networks: what it sends, when that changes, and how it is
//! told from a visitor.
//!
//! ```text
//! the book ─BeaconKeys─► Beacon ─Plan─► the radio          (Effect::Broadcast)
//! the clock ───────────►   └───OwnIds─► the reception      (never a visitor)
//! ```
//!
//! | file | what it says |
//! |---|---|
//! | [`keys`] | the secret of each network, and the key of a day that may be published |
//! | [`mark`] | what the kiosk is called in a network at a moment |
//! | [`setup`] | which networks it joins |
//! | `refusal` | whether the adapter takes the addresses it needs for that |
//! | [`plan`] | what is on the air, byte for byte, and what whoever connects is answered |
//! | [`own`] | the ids that are the kiosk's or a sister door's |
//!
//! Nothing here sends: see `radio/beacon.rs`. A kiosk stands still and is nobody, so its ids tell
//! where it is and not who was there.

pub mod keys;
pub mod mark;
pub mod own;
pub mod plan;
mod refusal;
pub mod schedule;
pub mod setup;

pub use keys::{BaseKey, BeaconKeys};
pub use own::OwnIds;
pub use plan::{Airing, Answer, Part, Plan};
pub use schedule::Beacon;
pub use setup::{Setup, Sister, Venue};
