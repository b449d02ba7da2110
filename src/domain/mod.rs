//! Everything a visitor, a guard or an inspector relies on, decided without a clock, a radio, a
//! disk or a screen. Time comes in as [`moment::Now`]; what should happen comes out as
//! [`reception::Effect`].

pub mod advert;
pub mod airwaves;
pub mod asking;
pub mod badge;
pub mod beacon;
pub mod complaint;
pub mod desk;
pub mod exposure;
pub mod fault;
pub mod guard;
pub mod language;
pub mod levels;
pub mod logbook;
pub mod moment;
pub mod name;
pub mod network;
pub mod pauses;
pub mod phone;
pub mod plate;
pub mod policy;
pub mod presence;
pub mod pseudonym;
pub mod radio_health;
pub mod reception;
pub mod remarks;
pub mod remembering;
pub mod request;
pub mod roster;
pub mod sighting;
pub mod signal;
pub mod site;
pub mod touch;
pub mod typing;
pub mod venue;
pub mod visit;
