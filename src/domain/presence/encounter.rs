//! The run of sightings of one subject: when it was heard, and how loud, within bounds.

use std::time::Duration;

use super::tracker::Place;
use crate::domain::advert::Dbm;
use crate::domain::moment::Mono;
use crate::domain::policy;
use crate::domain::sighting::{Sighting, Strength, Subject, TxClass};

/// Sightings kept one by one: the last 2 s at up to 16 adverts a second.
const RECENT: usize = 32;
const RECENT_U32: u32 = 32;

/// Two-second means kept behind them: 36 s, the window before the touch and the approach.
const BUCKETS: usize = 18;

/// The length of one mean.
const BUCKET_MS: u64 = 2_000;

/// [`policy::LEVEL_WINDOW`] in milliseconds.
const LEVEL_WINDOW_MS: u32 = 2_000;
#[expect(clippy::as_conversions, reason = "a constant that grows")]
const _: () = assert!(policy::LEVEL_WINDOW.as_millis() == LEVEL_WINDOW_MS as u128);

/// One subject and what was heard of it.
#[derive(Clone, Copy, Debug)]
pub struct Encounter {
    /// Who.
    pub subject: Subject,
    /// How sure its form is; `None` when it carries an id.
    pub strength: Option<Strength>,
    /// At which power it was last heard sending.
    pub tx_class: TxClass,
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
    /// The mean level before the visitor at the desk came; `None` when it was not heard then.
    pub level_before: Option<Dbm>,
    /// Which encounter was taken for this one under its next id.
    pub handed_to: Option<Place>,
    /// Whose next id it was taken for, and when it was first heard itself.
    taken_for: Option<(Subject, Mono)>,
    /// Median and count as of the last sighting.
    level: (Dbm, u32),
    /// When each of the last was heard, and how loud; the next takes the oldest one's place.
    recent_at: [Stamp; RECENT],
    recent_level: [i8; RECENT],
    buckets: [Bucket; BUCKETS],
}

/// The mean level of one stretch of two seconds.
#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    /// Which stretch since the clock began. 32 bits last for 272 years.
    stretch: u32,
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
            tx_class: sighting.tx_class,
            first_heard: now,
            last_heard: now,
            sightings: 0,
            visits_stayed: 0,
            served: false,
            level_before: None,
            handed_to: None,
            taken_for: None,
            level: (sighting.rssi, 1),
            recent_at: [Stamp(0); RECENT],
            recent_level: [0; RECENT],
            buckets: [Bucket::default(); BUCKETS],
        };
        encounter.hear(sighting, now);
        encounter
    }

    /// Takes in one more sighting of the same subject.
    pub fn hear(&mut self, sighting: &Sighting, now: Mono) {
        self.last_heard = now;
        self.strength = sighting.strength;
        self.tx_class = sighting.tx_class;
        let stamp = Stamp::of(now);
        let place = recent_place(self.sightings);
        if let (Some(at), Some(level)) =
            (self.recent_at.get_mut(place), self.recent_level.get_mut(place))
        {
            (*at, *level) = (stamp, sighting.rssi.0);
        }
        self.sightings = self.sightings.wrapping_add(1);
        let stretch = stretch_of(now);
        if let Some(bucket) = self.buckets.get_mut(bucket_place(stretch)) {
            if bucket.stretch != stretch || bucket.count == 0 {
                *bucket = Bucket { stretch, sum: 0, count: 0 };
            }
            bucket.sum += i32::from(sighting.rssi.0);
            bucket.count = bucket.count.saturating_add(1);
        }
        self.level = self.median(stamp).unwrap_or((sighting.rssi, 1));
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
        self.taken_for = Some((predecessor.subject, self.first_heard));
        self.first_heard = predecessor.first_heard;
        self.visits_stayed = predecessor.visits_stayed;
        self.served = predecessor.served;
        self.level_before = self.level_before.or(predecessor.level_before);
        for bucket in &predecessor.buckets {
            if let Some(mine) = self.buckets.get_mut(bucket_place(bucket.stretch))
                && mine.stretch < bucket.stretch
            {
                *mine = *bucket;
            }
        }
    }

    /// Gives back what it has inherited of a subject that is another after all. `touched` is when
    /// the visitor at the desk came, if there is one.
    pub fn disinherit(&mut self, predecessor: &Subject, touched: Option<Mono>) {
        let Some((_, first_heard)) = self.taken_for.filter(|(of, _)| of == predecessor) else {
            return;
        };
        self.taken_for = None;
        self.first_heard = first_heard;
        self.visits_stayed = 0;
        self.served = false;
        // Too new to have been heard before the touch.
        if touched.is_none_or(|touched| first_heard + policy::APPROACH > touched) {
            self.level_before = None;
        }
        let own = stretch_of(first_heard);
        for bucket in self.buckets.iter_mut().filter(|bucket| bucket.stretch < own) {
            *bucket = Bucket::default();
        }
    }

    /// How long the subject has been silent.
    #[must_use]
    pub fn silent_for(&self, now: Mono) -> Duration {
        now.since(self.last_heard)
    }

    /// Of what was heard in the window up to `now`, the moment of the last sighting.
    fn median(&self, now: Stamp) -> Option<(Dbm, u32)> {
        let mut levels = [0_i8; RECENT];
        let mut count = 0_usize;
        // From the last one back.
        for back in 1..=self.sightings.min(RECENT_U32) {
            let place = recent_place(self.sightings.wrapping_sub(back));
            let (Some(&at), Some(&level)) =
                (self.recent_at.get(place), self.recent_level.get(place))
            else {
                break;
            };
            if now.ms_since(at) > LEVEL_WINDOW_MS {
                break;
            }
            if let Some(slot) = levels.get_mut(count) {
                *slot = level;
                count += 1;
            }
        }
        let heard = levels.get_mut(..count)?;
        let middle = count.checked_sub(1)? / 2;
        let (_, &mut median, _) = heard.select_nth_unstable(middle);
        Some((Dbm(median), u32::try_from(count).unwrap_or(u32::MAX)))
    }
}

/// Milliseconds since the clock began, round and round in 49 days: enough for what is compared
/// within [`policy::GONE_AFTER`], and a third of the memory of a [`Mono`].
#[derive(Clone, Copy, Debug)]
struct Stamp(u32);

impl Stamp {
    fn of(moment: Mono) -> Self {
        let [.., a, b, c, d] = millis(moment).to_be_bytes();
        Self(u32::from_be_bytes([a, b, c, d]))
    }

    const fn ms_since(self, earlier: Self) -> u32 {
        self.0.wrapping_sub(earlier.0)
    }
}

fn millis(moment: Mono) -> u64 {
    u64::try_from(moment.since_start().as_millis()).unwrap_or(u64::MAX)
}

fn stretch_of(moment: Mono) -> u32 {
    u32::try_from(millis(moment) / BUCKET_MS).unwrap_or(u32::MAX)
}

fn bucket_place(stretch: u32) -> usize {
    usize::try_from(stretch).unwrap_or(0) % BUCKETS
}

fn recent_place(sighting: u32) -> usize {
    usize::try_from(sighting % RECENT_U32).unwrap_or(0)
}
