//! What systemd is told: ready, alive, stopping, and one line of status.
//!
//! The watchdog is fed by turns of the loop and by nothing else: a loop that stalls is the only
//! thing it judges, so an organ that is unwell never restarts the kiosk. Away from systemd
//! nothing happens here.

use std::time::Duration;

use sd_notify::NotifyState;

use crate::domain::moment::Mono;

/// The line to systemd.
#[derive(Debug)]
pub struct Service {
    watchdog: Option<Watchdog>,
}

impl Service {
    /// Asks systemd whether, and how often, it wants to hear that the loop turns.
    #[must_use]
    pub fn new() -> Self {
        Self {
            watchdog: sd_notify::watchdog_enabled()
                .filter(|limit| !limit.is_zero())
                .map(Watchdog::new),
        }
    }

    /// Check-in is open. `status` is shown by `systemctl status`; it never names a person.
    pub fn ready(&self, status: &str) {
        tell(&[NotifyState::Ready, NotifyState::Status(status)]);
    }

    /// Something that `systemctl status` should show; it never names a person.
    pub fn status(&self, status: &str) {
        tell(&[NotifyState::Status(status)]);
    }

    /// The loop has turned.
    pub fn turn(&mut self, now: Mono) {
        if self.watchdog.as_mut().is_some_and(|watchdog| watchdog.turn(now)) {
            tell(&[NotifyState::Watchdog]);
        }
    }

    /// When the loop has to turn at the latest, though nothing else is due.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Mono> {
        self.watchdog.as_ref().map(Watchdog::due)
    }

    /// The kiosk is being shut down.
    pub fn stopping(&self) {
        tell(&[NotifyState::Stopping]);
    }
}

impl Default for Service {
    fn default() -> Self {
        Self::new()
    }
}

/// When the watchdog is fed. Pure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Watchdog {
    every: Duration,
    due: Mono,
}

impl Watchdog {
    /// `limit` is how long systemd waits before it kills. A third of it leaves room for one turn
    /// that was late and one message that was lost.
    fn new(limit: Duration) -> Self {
        Self { every: limit / 3, due: Mono::default() }
    }

    /// Whether this turn feeds it.
    fn turn(&mut self, now: Mono) -> bool {
        let feeds = now >= self.due;
        if feeds {
            self.due = now + self.every;
        }
        feeds
    }

    const fn due(&self) -> Mono {
        self.due
    }
}

/// The socket may be away while systemd itself is replaced. Then the watchdog decides, so there
/// is nothing to be done about an error here.
fn tell(states: &[NotifyState<'_>]) {
    drop(sd_notify::notify(states));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_turns_feed_it_once_a_third() {
        let mut watchdog = Watchdog::new(Duration::from_secs(30));
        let fed: Vec<_> =
            (0..35_000).step_by(250).filter(|ms| watchdog.turn(Mono::from_millis(*ms))).collect();
        assert_eq!(fed, [0, 10_000, 20_000, 30_000]);
    }

    #[test]
    fn a_loop_that_sleeps_until_it_is_due_never_starves_it() {
        let mut watchdog = Watchdog::new(Duration::from_secs(30));
        let mut now = Mono::from_millis(7);
        for _ in 0..100 {
            assert!(watchdog.turn(now));
            assert!(watchdog.due().since(now) <= Duration::from_secs(10));
            now = watchdog.due();
        }
    }
}
