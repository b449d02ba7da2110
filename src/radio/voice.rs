//! Where the kiosk's own adverts go: nowhere, into a list to be looked at, or on the real air.
//!
//! What is sent and when it changes is decided in `domain/beacon`.

use std::collections::VecDeque;
use std::fmt;

#[cfg(feature = "bluetooth")]
use super::beacon::{News, Sender};
use crate::domain::beacon::Plan;
use crate::domain::moment::Mono;

/// So many plans are kept to be looked at: a week of Bluezone's.
const KEPT: usize = 672;

/// The voice of the kiosk.
pub struct Voice(Place);

enum Place {
    Nowhere,
    Kept(VecDeque<(Mono, Plan)>),
    #[cfg(feature = "bluetooth")]
    OnAir(Sender),
}

impl Voice {
    /// A voice that says nothing.
    #[must_use]
    pub const fn mute() -> Self {
        Self(Place::Nowhere)
    }

    /// A voice that only remembers what it would have sent.
    #[must_use]
    pub const fn simulated() -> Self {
        Self(Place::Kept(VecDeque::new()))
    }

    /// A voice on the real air.
    #[cfg(feature = "bluetooth")]
    #[must_use]
    pub const fn on_air(sender: Sender) -> Self {
        Self(Place::OnAir(sender))
    }

    /// From now on this is on the air, and nothing else.
    pub fn say(&mut self, plan: Plan, now: Mono) {
        match &mut self.0 {
            Place::Nowhere => {}
            Place::Kept(said) => {
                if said.len() == KEPT {
                    said.pop_front();
                }
                said.push_back((now, plan));
            }
            #[cfg(feature = "bluetooth")]
            Place::OnAir(sender) => sender.say(plan),
        }
    }

    /// What a simulated voice has said and when, the oldest first.
    pub fn said(&self) -> impl Iterator<Item = &(Mono, Plan)> {
        let said = match &self.0 {
            Place::Kept(said) => Some(said),
            Place::Nowhere => None,
            #[cfg(feature = "bluetooth")]
            Place::OnAir(_) => None,
        };
        said.into_iter().flatten()
    }
}

#[cfg(feature = "bluetooth")]
impl Voice {
    /// What the real air has to say. To be called until there is nothing more.
    pub fn take_news(&mut self) -> Option<News> {
        match &mut self.0 {
            Place::OnAir(sender) => sender.take_news(),
            Place::Nowhere | Place::Kept(_) => None,
        }
    }

    /// Waits until there is something to say. It may be dropped at any time.
    pub async fn stirred(&mut self) {
        match &mut self.0 {
            Place::OnAir(sender) => sender.stirred().await,
            Place::Nowhere | Place::Kept(_) => std::future::pending().await,
        }
    }
}

impl fmt::Debug for Voice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Place::Nowhere => "Nowhere",
            Place::Kept(_) => "Kept",
            #[cfg(feature = "bluetooth")]
            Place::OnAir(_) => "OnAir",
        })
    }
}
