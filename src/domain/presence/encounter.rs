//! The run of sightings of one subject: when it was heard, and how loud, within bounds.

use std::time::Duration;

use crate::domain::advert::Dbm;
use crate::domain::moment::Mono;
use crate::domain::policy;
use crate::domain::sighting::{Sighting, Strength, Subject};

/// Sightings kept one by one: the last 2 s at up to 16 adverts a second.
const RECENT: usize = 32;

/// Two-second means kept behind them: 36 s, the window before the touch and the approach.
const BUCKETS: usize = 18;

/// The length of one mean.
const BUCKET_MS: u64 = 2_000;

/// One subject and what was heard of it.
#[derive(Clone, Copy, Debug)]
pub struct Encounter {
    /// Who.
    pub subject: Subject,
    /// How sure its form is; `None` when it carries an id.
    pub strength: Option<Strength>,
    /// When it was first heard, or its predecessor was if its id has rotated.
    pub first_heard: Mono,
    /// When it was last heard.
    pub last_heard: Mono,
    /// How often it was heard.
    pub sightings: u32,
    /// Through how many earlier visitors it stayed.
    pub visits_stayed: u8,
    /// Whether it was taken for an earlier visitor's.
    pub served: bool,
    /// Median and count as of the last sighting.
    level: (Dbm, u32),
    recent: [(Mono, i8); RECENT],
    buckets: [Bucket; BUCKETS],
}

/// The mean level of one stretch of two seconds.
#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    /// Which stretch since the clock began.
    stretch: u64,
    sum: i32,
    count: u16,
}

impl Encounter {
    /// An encounter that begins with this sighting.
    #[must_use]
    pub fn new(sighting: &Sighting, now: Mono) -> Self {
        let mut encounter = Self {
            subject: sighting.subject,
            strength: sighting.strength,
            first_heard: now,
            last_heard: now,
            sightings: 0,
            visits_stayed: 0,
            served: false,
            level: (sighting.rssi, 1),
            recent: [(now, 0); RECENT],
            buckets: [Bucket::default(); BUCKETS],
        };
        encounter.hear(sighting, now);
        encounter
    }

    /// Takes in one more sighting of the same subject.
    pub fn hear(&mut self, sighting: &Sighting, now: Mono) {
        self.last_heard = now;
        self.strength = sighting.strength;
        let place = usize::try_from(self.sightings).unwrap_or(0) % RECENT;
        if let Some(slot) = self.recent.get_mut(place) {
            *slot = (now, sighting.rssi.0);
        }
        self.sightings = self.sightings.saturating_add(1);
        let stretch = stretch_of(now);
        if let Some(bucket) = self.buckets.get_mut(bucket_place(stretch)) {
            if bucket.stretch != stretch || bucket.count == 0 {
                *bucket = Bucket { stretch, sum: 0, count: 0 };
            }
            bucket.sum += i32::from(sighting.rssi.0);
            bucket.count = bucket.count.saturating_add(1);
        }
        self.level = self.median(now).unwrap_or((sighting.rssi, 1));
    }

    /// The median of the levels heard in the [`policy::LEVEL_WINDOW`] up to the last sighting,
    /// and how many they were; `None` when that was longer ago than the window.
    #[must_use]
    pub fn level(&self, now: Mono) -> Option<(Dbm, u32)> {
        (self.silent_for(now) <= policy::LEVEL_WINDOW).then_some(self.level)
    }

    /// The mean level between `from` and `to`, in whole stretches of two seconds; `None` when
    /// nothing was heard in them.
    #[must_use]
    pub fn mean_between(&self, from: Mono, to: Mono) -> Option<Dbm> {
        let (first, past) = (stretch_of(from), stretch_of(to));
        let (mut sum, mut count) = (0_i32, 0_i32);
        for bucket in &self.buckets {
            if bucket.count > 0 && (first..past).contains(&bucket.stretch) {
                sum += bucket.sum;
                count += i32::from(bucket.count);
            }
        }
        let mean = sum.checked_div(count)?;
        i8::try_from(mean).ok().map(Dbm)
    }

    /// Whether the subject belongs to the place at `moment`.
    #[must_use]
    pub fn is_resident(&self, moment: Mono) -> bool {
        self.served
            || self.visits_stayed >= policy::RESIDENT_VISITS
            || moment.since(self.first_heard) >= policy::RESIDENT_AFTER
    }

    /// Takes over what was learned of the subject whose id this one's has replaced.
    pub fn inherit(&mut self, predecessor: &Self) {
        self.first_heard = predecessor.first_heard;
        self.visits_stayed = predecessor.visits_stayed;
        self.served = predecessor.served;
        for bucket in &predecessor.buckets {
            if let Some(mine) = self.buckets.get_mut(bucket_place(bucket.stretch))
                && mine.stretch < bucket.stretch
            {
                *mine = *bucket;
            }
        }
    }

    /// How long the subject has been silent.
    #[must_use]
    pub fn silent_for(&self, now: Mono) -> Duration {
        now.since(self.last_heard)
    }

    fn median(&self, now: Mono) -> Option<(Dbm, u32)> {
        let mut levels = [0_i8; RECENT];
        let mut count = 0_usize;
        let kept = usize::try_from(self.sightings).unwrap_or(RECENT).min(RECENT);
        for &(heard, rssi) in self.recent.iter().take(kept) {
            if now.since(heard) <= policy::LEVEL_WINDOW
                && let Some(slot) = levels.get_mut(count)
            {
                *slot = rssi;
                count += 1;
            }
        }
        let heard = levels.get_mut(..count)?;
        let middle = count.checked_sub(1)? / 2;
        let (_, &mut median, _) = heard.select_nth_unstable(middle);
        Some((Dbm(median), u32::try_from(count).unwrap_or(u32::MAX)))
    }
}

fn stretch_of(moment: Mono) -> u64 {
    u64::try_from(moment.since_start().as_millis()).unwrap_or(u64::MAX) / BUCKET_MS
}

fn bucket_place(stretch: u64) -> usize {
    usize::try_from(stretch).unwrap_or(0) % BUCKETS
}
