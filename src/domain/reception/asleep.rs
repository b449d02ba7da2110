//! The dark screen: when it goes dark, and what wakes it.

use super::{Front, Reception};
use crate::domain::desk::step::Step;
use crate::domain::moment::{Mono, Now};
use crate::domain::policy;

impl Reception {
    /// Whether the screen is dark: nobody has touched it or passed by for long.
    #[must_use]
    pub fn is_asleep(&self, now: Now) -> bool {
        self.sleeps_at().is_some_and(|at| now.mono >= at)
    }

    /// Somebody has passed the motion sensor.
    pub fn handle_motion(&mut self, now: Now) {
        self.changed |= self.is_asleep(now);
        self.last_stir = now.mono;
    }

    /// When the screen goes dark, where a motion sensor can wake it again.
    pub(super) fn sleeps_at(&self) -> Option<Mono> {
        let at_rest = self.front == Front::Visitor && matches!(self.desk.step(), Step::Welcome);
        (self.site.motion_sensor && at_rest).then(|| self.last_stir + policy::SLEEP_AFTER)
    }
}
