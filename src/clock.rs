//! The only reader of time. Everything else is handed a [`Now`].

mod voucher;

use std::time::{Duration, Instant, SystemTime};

use crate::domain::moment::{Mono, Now, Wall};
use voucher::Voucher;

/// Where the time comes from.
#[derive(Debug)]
pub enum Clock {
    /// The clocks of the machine.
    Real {
        /// When the monotonic clock began.
        started: Instant,
        /// How far it is ahead of the time that has passed since.
        ahead: Duration,
        /// Who vouches for the time of day.
        voucher: Voucher,
    },
    /// A clock that stands until it is moved.
    Virtual {
        /// What it shows.
        now: Now,
    },
}

impl Clock {
    /// The clocks of this machine, the monotonic one beginning now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the reader of time")]
    pub fn real() -> Self {
        let (started, ahead) = (Instant::now(), Duration::ZERO);
        Self::Real { started, ahead, voucher: Voucher::of_this_machine() }
    }

    /// A clock that shows `wall` and is moved by hand.
    #[must_use]
    pub const fn at(wall: Wall) -> Self {
        Self::Virtual { now: Now { mono: Mono::from_millis(0), wall, wall_trusted: true } }
    }

    /// What it is now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the reader of time")]
    pub fn now(&self) -> Now {
        match self {
            Self::Real { started, ahead, voucher } => {
                let since_start = started.elapsed();
                let wall = SystemTime::now()
                    .duration_since(SystemTime::UNIX_EPOCH)
                    .ok()
                    .and_then(|since| i64::try_from(since.as_secs()).ok())
                    .map_or(Wall(0), Wall);
                Now {
                    mono: Mono::from_start(since_start.saturating_add(*ahead)),
                    wall,
                    wall_trusted: voucher.vouches_for(wall, since_start),
                }
            }
            Self::Virtual { now } => *now,
        }
    }

    /// The moment of the machine's monotonic clock at which this clock will show `mono`; `None`
    /// for a clock that is moved by hand.
    #[must_use]
    pub fn instant(&self, mono: Mono) -> Option<Instant> {
        match self {
            Self::Real { started, ahead, .. } => {
                started.checked_add(mono.since_start().saturating_sub(*ahead))
            }
            Self::Virtual { .. } => None,
        }
    }

    /// Moves a virtual clock on to `mono`; it never goes back. A real clock moves by itself.
    pub fn advance_to(&mut self, mono: Mono) {
        if let Self::Virtual { now } = self {
            *now = now.after(mono.since(now.mono));
        }
    }

    /// Moves the monotonic clock on, as if so much time had passed meanwhile: for what was recorded,
    /// when nobody wants to wait for it. The time of day of a real clock stays the machine's.
    pub fn skip(&mut self, by: Duration) {
        match self {
            Self::Real { ahead, .. } => *ahead = ahead.saturating_add(by),
            Self::Virtual { now } => *now = now.after(by),
        }
    }

    /// Sets a virtual clock's time of day, as network time may do to a real one.
    pub const fn set_wall(&mut self, wall: Wall, trusted: bool) {
        if let Self::Virtual { now } = self {
            now.wall = wall;
            now.wall_trusted = trusted;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_skipped_has_passed_and_is_not_waited_for() {
        let hour = Duration::from_hours(1);
        let mut real = Clock::real();
        let before = real.now();
        let awaited = real.instant(before.mono);
        real.skip(hour);
        let after = real.now();
        assert!(after.mono.since(before.mono) >= hour);
        assert!(after.wall.seconds_since(before.wall) < 3_600, "the time of day is the machine's");
        assert_eq!(real.instant(before.mono + hour), awaited);

        let mut moved = Clock::at(Wall(0));
        moved.skip(hour);
        assert_eq!(moved.now().mono.since_start(), hour);
    }
}
