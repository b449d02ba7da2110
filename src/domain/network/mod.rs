//! The contact networks, one file each: what is on the air → [`super::sighting::Evidence`], and how a key gives
//! the rotating ids.
//!
//! To add a network: a file beside this one, a variant of [`Network`], and a
//! line in each `match` the compiler then names.

pub mod bluezone;
pub mod gaen;

/// A contact network.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// Viet Nam's Bluezone.
    Bluezone,
    /// Exposure Notification by Apple and Google.
    Gaen,
}

use super::advert::Advertisement;
use super::sighting::Evidence;
/// stub
#[must_use]
pub fn decode(_a: &Advertisement, _n: &[Network]) -> Option<Evidence> {
    None
}
