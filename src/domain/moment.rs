//! The moment at which something happens, as a value that is handed in.
//!
//! Waiting and presence use [`Mono`], which never jumps; the book uses [`Wall`], which may be
//! wrong, and says so in [`Now::wall_trusted`].

use std::ops::Add;
use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::Offset;

/// Time since the process's clock began. It never goes back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Mono(Duration);

impl Mono {
    /// The moment `ms` milliseconds after the clock began.
    #[must_use]
    pub const fn from_millis(ms: u64) -> Self {
        Self(Duration::from_millis(ms))
    }

    /// The moment `since_start` after the clock began.
    #[must_use]
    pub const fn from_start(since_start: Duration) -> Self {
        Self(since_start)
    }

    /// How long the clock has run.
    #[must_use]
    pub const fn since_start(self) -> Duration {
        self.0
    }

    /// The time that has passed since `earlier`; zero when `earlier` lies ahead.
    #[must_use]
    #[inline]
    pub const fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Mono {
    type Output = Self;

    #[inline]
    fn add(self, rhs: Duration) -> Self {
        Self(self.0.saturating_add(rhs))
    }
}

/// Civil time as whole seconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    Default,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct Wall(pub i64);

impl Wall {
    /// The same moment on the clock on the wall, in the site's zone. A moment outside the years
    /// that a calendar holds is shown as the beginning of 1970.
    #[must_use]
    pub fn civil(self, zone: Zone) -> DateTime {
        let moment = jiff::Timestamp::from_second(self.0).unwrap_or_default();
        zone.0.to_datetime(moment)
    }

    /// The moment at which the clock on the wall, in the site's zone, shows `civil`.
    #[must_use]
    pub fn from_civil(civil: DateTime, zone: Zone) -> Self {
        // A calendar's last hours have no moment in zones far from UTC.
        Self(zone.0.to_timestamp(civil).unwrap_or_default().as_second())
    }

    /// The local midnight with which the day of this moment began.
    #[must_use]
    pub fn day_start(self, zone: Zone) -> Self {
        Self::from_civil(self.civil(zone).date().to_datetime(jiff::civil::Time::midnight()), zone)
    }

    /// Seconds from `earlier` to this moment, negative when `earlier` lies ahead.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The site's offset from UTC. Viet Nam has had one zone and no summer time since 1975, so a
/// fixed offset is the whole truth and no zone database has to be kept up to date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Zone(Offset);

impl Zone {
    /// Viet Nam: UTC+7.
    pub const VIET_NAM: Self = Self(Offset::constant(7));

    /// An offset in minutes east of UTC; `None` beyond ±14 hours.
    #[must_use]
    pub fn from_minutes(minutes: i32) -> Option<Self> {
        if minutes.abs() > 14 * 60 {
            return None;
        }
        Offset::from_seconds(minutes * 60).ok().map(Self)
    }
}

/// The moment at which an input is handled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Now {
    /// For waiting and for presence.
    pub mono: Mono,
    /// For the book.
    pub wall: Wall,
    /// Whether somebody (network time, a clock chip, the guard) vouches for `wall`.
    pub wall_trusted: bool,
}

impl Now {
    /// The moment `later` after this one, on both clocks.
    #[must_use]
    pub fn after(self, later: Duration) -> Self {
        let mono = self.mono + later;
        // Whole seconds of the monotonic clock are what the wall clock moves by, so that many
        // short steps do not lose time.
        let seconds = mono.since_start().as_secs() - self.mono.since_start().as_secs();
        Self {
            mono,
            wall: Wall(self.wall.0.saturating_add_unsigned(seconds)),
            wall_trusted: self.wall_trusted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_short_steps_lose_no_wall_time() {
        let mut now = Now { mono: Mono::from_millis(0), wall: Wall(100), wall_trusted: true };
        for _ in 0..40 {
            now = now.after(Duration::from_millis(250));
        }
        assert_eq!(now.wall, Wall(110));
    }

    #[test]
    fn a_morning_in_viet_nam() {
        let wall = Wall(1_622_598_120); // 2021-06-02T01:42:00Z
        assert_eq!(wall.civil(Zone::VIET_NAM).to_string(), "2021-06-02T08:42:00");
    }

    #[test]
    fn a_day_begins_at_local_midnight() {
        // 2021-06-01T17:00:00Z is midnight of 2 June in Viet Nam.
        let midnight = Wall(1_622_566_800);
        assert_eq!(Wall(1_622_598_120).day_start(Zone::VIET_NAM), midnight);
        assert_eq!(midnight.day_start(Zone::VIET_NAM), midnight);
        assert_eq!(Wall(midnight.0 - 1).day_start(Zone::VIET_NAM), Wall(midnight.0 - 86_400));
    }

    #[test]
    fn an_impossible_moment_is_not_a_panic() {
        assert_eq!(Wall(i64::MAX).civil(Zone::VIET_NAM).year(), 1970);
    }
}
