//! The run of sightings of one subject: when it was heard, and how loud, within bounds.

use std::time::Duration;

use super::reading::Read;
use super::seconds::{Before, Seconds};
use super::tracker::Place;
use crate::domain::advert::Dbm;
use crate::domain::moment::Mono;
use crate::domain::policy;
use crate::domain::sighting::{Sighting, Strength, Subject, TxClass};

/// Sightings kept one by one: the last 2 s at up to 16 adverts a second.
const RECENT: usize = 32;
const RECENT_U32: u32 = 32;

/// [`policy::LEVEL_WINDOW`] in milliseconds.
const LEVEL_WINDOW_MS: u32 = 2_000;
#[expect(clippy::as_conversions, reason = "a constant that grows")]
const _: () = assert!(policy::LEVEL_WINDOW.as_millis() == LEVEL_WINDOW_MS as u128);

/// [`policy::LAST_THREE_WITHIN`] in milliseconds.
const LAST_THREE_WITHIN_MS: u32 = 4_000;
#[expect(clippy::as_conversions, reason = "a constant that grows")]
const _: () = assert!(policy::LAST_THREE_WITHIN.as_millis() == LAST_THREE_WITHIN_MS as u128);

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
    /// Whether it was taken for an earlier visitor's.
    pub served: bool,
    /// Whether somebody said that it belongs to the place.
    pub ignored: bool,
    /// How loud it was before the visitor at the desk touched the screen.
    pub before: Before,
    /// What came of asking it for its id.
    pub read: Read,
    /// Which encounter was taken for this one under its next id.
    pub handed_to: Option<Place>,
    /// Whose next id it was taken for, and when it was first heard itself.
    taken_for: Option<(Subject, Mono)>,
    /// When each of the last was heard, and how loud; the next takes the oldest one's place.
    recent_at: [Stamp; RECENT],
    recent_level: [i8; RECENT],
    seconds: Seconds,
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
            served: false,
            ignored: false,
            before: Before::default(),
            read: Read::NotYet,
            handed_to: None,
            taken_for: None,
            recent_at: [Stamp(0); RECENT],
            recent_level: [0; RECENT],
            seconds: Seconds::default(),
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
        self.seconds.hear(sighting.rssi, now);
    }

    /// The median of the levels in the [`policy::LEVEL_WINDOW`] up to the last sighting.
    #[must_use]
    pub fn level_at_last(&self) -> Option<Dbm> {
        let mut levels = [0_i8; RECENT];
        let mut count = 0_usize;
        let heard = self.backwards().take_while(|&(ago_ms, _)| ago_ms <= LEVEL_WINDOW_MS);
        for ((_, level), slot) in heard.zip(&mut levels) {
            *slot = level;
            count += 1;
        }
        let middle = count.checked_sub(1)? / 2;
        let (_, &mut median, _) = levels.get_mut(..count)?.select_nth_unstable(middle);
        Some(Dbm(median))
    }

    /// The mean in dBm of the levels heard from `from` to the last sighting, and how many they
    /// were; fewer than `least` are made up from those before, as far as
    /// [`policy::LEVEL_WINDOW`] reaches. `None` when the last was longer ago than that window.
    #[must_use]
    pub fn mean_since(&self, from: Mono, least: u8, now: Mono) -> Option<(f32, u8)> {
        if self.silent_for(now) > policy::LEVEL_WINDOW {
            return None;
        }
        let window = Stamp::of(self.last_heard).ms_since(Stamp::of(from.min(self.last_heard)));
        let (mut sum, mut count) = (0_i16, 0_u8);
        for (ago_ms, level) in self.backwards() {
            if ago_ms > window && (count >= least || ago_ms > LEVEL_WINDOW_MS) {
                break;
            }
            // 32 levels of at least -128 fit.
            sum += i16::from(level);
            count += 1;
        }
        (count > 0).then(|| (f32::from(sum) / f32::from(count), count))
    }

    /// The weakest of the last three levels heard in [`policy::LAST_THREE_WITHIN`] up to the last
    /// sighting, and how many they were.
    #[must_use]
    pub fn weakest_of_three(&self) -> (Dbm, u8) {
        let (mut weakest, mut count) = (i8::MAX, 0_u8);
        for (ago_ms, level) in self.backwards().take(3) {
            if ago_ms > LAST_THREE_WITHIN_MS {
                break;
            }
            weakest = weakest.min(level);
            count += 1;
        }
        (Dbm(weakest), count)
    }

    /// Mean levels in the windows before a touch at `touched`.
    #[must_use]
    pub fn before(&self, touched: Mono) -> Before {
        self.seconds.before(touched)
    }

    /// Whether the subject belongs to the place at `moment`.
    #[must_use]
    pub fn is_resident(&self, moment: Mono) -> bool {
        self.served || self.ignored || moment.since(self.first_heard) >= policy::RESIDENT_AFTER
    }

    /// Takes over what was learned of the subject whose id this one's has replaced.
    pub fn inherit(&mut self, predecessor: &Self) {
        self.taken_for = Some((predecessor.subject, self.first_heard));
        self.first_heard = predecessor.first_heard;
        self.served = predecessor.served;
        self.ignored = predecessor.ignored;
        self.before = Before {
            waiting: self.before.waiting.or(predecessor.before.waiting),
            loudest: self.before.loudest.or(predecessor.before.loudest),
        };
        self.seconds.fill_gaps(&predecessor.seconds);
    }

    /// Gives back what it has inherited of a subject that is another after all. `touched` is when
    /// the visitor at the desk came, if there is one.
    pub fn disinherit(&mut self, predecessor: &Subject, touched: Option<Mono>) {
        let Some((_, first_heard)) = self.taken_for.filter(|(of, _)| of == predecessor) else {
            return;
        };
        self.taken_for = None;
        self.first_heard = first_heard;
        self.served = false;
        self.ignored = false;
        // Too new to have been heard in the window before the touch.
        if touched.is_none_or(|touched| first_heard + policy::APPROACH > touched) {
            self.before.waiting = None;
        }
        if touched.is_none_or(|touched| first_heard + policy::LOUDEST_UNTIL > touched) {
            self.before.loudest = None;
        }
        self.seconds.forget_before(first_heard);
    }

    /// How long the subject has been silent.
    #[must_use]
    pub fn silent_for(&self, now: Mono) -> Duration {
        now.since(self.last_heard)
    }

    /// The levels kept one by one, the last first, with how long before the last each was heard.
    fn backwards(&self) -> impl Iterator<Item = (u32, i8)> {
        let last = Stamp::of(self.last_heard);
        (1..=self.sightings.min(RECENT_U32)).map_while(move |back| {
            let place = recent_place(self.sightings.wrapping_sub(back));
            let at = *self.recent_at.get(place)?;
            Some((last.ms_since(at), *self.recent_level.get(place)?))
        })
    }
}

/// Milliseconds since the clock began, round and round in 49 days: enough for what is compared
/// within [`policy::GONE_AFTER`], and a third of the memory of a [`Mono`].
#[derive(Clone, Copy, Debug)]
struct Stamp(u32);

impl Stamp {
    fn of(moment: Mono) -> Self {
        let [.., a, b, c, d] = moment.since_start().as_millis().to_be_bytes();
        Self(u32::from_be_bytes([a, b, c, d]))
    }

    const fn ms_since(self, earlier: Self) -> u32 {
        self.0.wrapping_sub(earlier.0)
    }
}

fn recent_place(sighting: u32) -> usize {
    usize::try_from(sighting % RECENT_U32).unwrap_or(0)
}
