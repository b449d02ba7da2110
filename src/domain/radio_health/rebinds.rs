//! How often the driver is bound anew: that takes the adapter from everybody for some seconds.

use std::time::Duration;

use crate::domain::moment::Mono;

/// So often at most, within [`WITHIN`].
const MAX: usize = 4;
const WITHIN: Duration = Duration::from_hours(1);

/// When it was to be bound anew the last times, the latest last.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Rebinds([Option<Mono>; MAX]);

impl Rebinds {
    /// Whether it may be once more; if so it is counted.
    pub(super) fn may(&mut self, now: Mono) -> bool {
        let earliest = self.0.first().copied().flatten();
        let may = earliest.is_none_or(|at| now.since(at) >= WITHIN);
        if may {
            self.0.rotate_left(1);
            self.0.last_mut().into_iter().for_each(|last| *last = Some(now));
        }
        may
    }
}
