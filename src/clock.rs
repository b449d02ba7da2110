//! The only reader of time. Everything else is handed a [`Now`].

mod voucher;

use std::time::{Instant, SystemTime};

use crate::domain::moment::{Mono, Now, Wall};
use voucher::Voucher;

/// Where the time comes from.
#[derive(Debug)]
pub enum Clock {
    /// The clocks of the machine.
    Real {
        /// When the monotonic clock began.
        started: Instant,
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
        Self::Real { started: Instant::now(), voucher: Voucher::of_this_machine() }
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
            Self::Real { started, voucher } => {
                let since_start = started.elapsed();
                let wall = SystemTime::now()
                    .duration_since(SystemTime::UNIX_EPOCH)
                    .ok()
                    .and_then(|since| i64::try_from(since.as_secs()).ok())
                    .map_or(Wall(0), Wall);
                Now {
                    mono: Mono::from_start(since_start),
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
            Self::Real { started, .. } => started.checked_add(mono.since_start()),
            Self::Virtual { .. } => None,
        }
    }

    /// Moves a virtual clock on to `mono`; it never goes back. A real clock moves by itself.
    pub fn advance_to(&mut self, mono: Mono) {
        if let Self::Virtual { now } = self {
            *now = now.after(mono.since(now.mono));
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
