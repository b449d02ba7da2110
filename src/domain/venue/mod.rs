//! The venue: what this door is called by networks in which visitors scan a code at the entrance.
//!
//! | file | what it says |
//! |---|---|
//! | [`code`] | the code that the Corona-Warn-App reads |
//! | [`crowd_notifier`] | the code of `CrowdNotifier`, and what is derived from it |
//! | [`door`] | which codes this door has, on which day |
//! | [`warning`] | the Corona-Warn-App's warnings of visitors, as far as they are of this door |

pub mod code;
pub mod crowd_notifier;
pub mod door;
pub mod warning;
mod wire;

use std::fmt;

/// How the Corona-Warn-App calls a place: the SHA-256 of what its code holds. Whoever has seen the
/// code can work it out, and with it read the warnings of the place.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LocationId(pub [u8; 32]);

impl fmt::Debug for LocationId {
    /// Nothing of it: it is the key to the warnings.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LocationId(…)")
    }
}
