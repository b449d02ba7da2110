//! The only reader of time. Everything else is handed a [`Now`].

use std::path::Path;
use std::time::{Instant, SystemTime};

use crate::domain::moment::{Mono, Now, Wall};

/// Made by systemd-timesyncd when network time has been taken over; other time services make it
/// too (systemd-timesyncd.service(8)).
const SYNCHRONISED: &str = "/run/systemd/timesync/synchronized";

/// A clock chip that keeps the time while the power is off.
const CLOCK_CHIP: &str = "/dev/rtc0";

/// 2026-01-01T00:00:00Z. A clock that shows an earlier moment was never set: this program did not
/// exist then.
const EARLIEST_POSSIBLE: Wall = Wall(1_767_225_600);

/// Where the time comes from.
#[derive(Debug)]
pub enum Clock {
    /// The clocks of the machine.
    Real {
        /// When the monotonic clock began.
        started: Instant,
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
        Self::Real { started: Instant::now() }
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
            Self::Real { started } => {
                let wall = SystemTime::now()
                    .duration_since(SystemTime::UNIX_EPOCH)
                    .ok()
                    .and_then(|since| i64::try_from(since.as_secs()).ok())
                    .map_or(Wall(0), Wall);
                Now {
                    mono: Mono::from_start(started.elapsed()),
                    wall,
                    wall_trusted: wall >= EARLIEST_POSSIBLE && somebody_vouches(),
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
            Self::Real { started } => started.checked_add(mono.since_start()),
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

/// Whether network time was taken over since the start, or a clock chip kept the time.
fn somebody_vouches() -> bool {
    Path::new(SYNCHRONISED).exists() || Path::new(CLOCK_CHIP).exists()
}
