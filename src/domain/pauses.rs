//! Pauses before something that has gone away is begun again: they double, and begin anew only after
//! a minute of health.

use std::time::Duration;

use super::policy::{RADIO_PAUSE_FIRST, RADIO_PAUSE_MAX, RADIO_STEADY_AFTER};

/// The pauses of something that goes away again and again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Pauses {
    /// Losses since the last minute of health.
    losses: u32,
}

impl Pauses {
    /// How long to wait before the next beginning, when the last one has lasted so long.
    pub fn after(&mut self, lasted: Duration) -> Duration {
        if lasted >= RADIO_STEADY_AFTER {
            self.losses = 0;
        }
        let pause = after(self.losses);
        self.losses = self.losses.saturating_add(1);
        pause
    }
}

/// The pause after so many losses before this one.
pub(super) fn after(losses: u32) -> Duration {
    doubled(RADIO_PAUSE_FIRST, losses, RADIO_PAUSE_MAX)
}

/// `first`, doubled so many times, and never more than `most`.
pub(super) fn doubled(first: Duration, times: u32, most: Duration) -> Duration {
    first.saturating_mul(2_u32.saturating_pow(times)).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_double_until_it_has_been_well_for_a_minute() {
        let mut pauses = Pauses::default();
        let mut after = |seconds| pauses.after(Duration::from_secs(seconds)).as_secs();
        assert_eq!(
            [after(0), after(59), after(2), after(0), after(0), after(0)],
            [1, 2, 4, 8, 15, 15]
        );
        assert_eq!([after(60), after(1)], [1, 2]);
    }
}
