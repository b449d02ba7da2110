//! An id that may still be heard: when, how often, and every level it was heard at, counted level
//! by level, so that the median is exact whatever their number.

use super::HeardId;
use super::row::{Remembered, slot_begin};
use crate::domain::advert::Dbm;
use crate::domain::moment::{Mono, Now};
use crate::domain::network::Network;
use crate::domain::policy;
use crate::domain::sighting::{ProximityId, SendingPower};

/// As many as a level of one byte can have.
const LEVELS: usize = 256;

/// One id and what was heard of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) network: Network,
    pub(super) id: ProximityId,
    pub(super) last: Mono,
    /// Whether something was heard that was not yet handed out.
    pub(super) changed: bool,
    first: Mono,
    sightings: u32,
    strongest: i8,
    tx_power: SendingPower,
    near_ms: u32,
    was_near: bool,
    /// How often each level was heard, from -128 dBm on.
    counts: [u16; LEVELS],
}

impl Open {
    pub(super) fn new(heard: &HeardId, now: Mono) -> Self {
        let mut open = Self {
            network: heard.network,
            id: heard.id,
            last: now,
            changed: false,
            first: now,
            sightings: 0,
            strongest: i8::MIN,
            tx_power: SendingPower::Unsaid,
            near_ms: 0,
            was_near: false,
            counts: [0; LEVELS],
        };
        open.hear(heard, now);
        open
    }

    pub(super) fn is_of(&self, heard: &HeardId) -> bool {
        self.network == heard.network && self.id == heard.id
    }

    pub(super) fn hear(&mut self, heard: &HeardId, now: Mono) {
        let silent = now.since(self.last);
        if self.was_near && silent <= policy::NEAR_BRIDGES {
            let ms = u32::try_from(silent.as_millis()).unwrap_or(0);
            self.near_ms = self.near_ms.saturating_add(ms);
        }
        self.was_near = heard.near;
        self.last = now;
        self.changed = true;
        self.sightings = self.sightings.saturating_add(1);
        self.strongest = self.strongest.max(heard.rssi.0);
        self.tx_power = self.tx_power.and(heard.tx_power);
        if let Some(count) = self.counts.get_mut(place_of(heard.rssi.0)) {
            if *count == u16::MAX {
                // An id that never changes, heard all day: from now on each counts half, which
                // moves the median by nothing that matters.
                self.counts.iter_mut().for_each(|count| *count /= 2);
            } else {
                *count += 1;
                return;
            }
        }
        if let Some(count) = self.counts.get_mut(place_of(heard.rssi.0)) {
            *count += 1;
        }
    }

    /// The row as it stands now, by the clock as it is now.
    pub(super) fn hand_out(&mut self, now: Now) -> Remembered {
        self.changed = false;
        let first = slot_begin(self.first, now);
        Remembered {
            network: self.network,
            id: self.id,
            first,
            last: slot_begin(self.last, now).max(first),
            wall_trusted: now.wall_trusted,
            sightings: self.sightings,
            strongest: Dbm(self.strongest),
            median: self.median(),
            tx_power: self.tx_power,
            near_seconds: self.near_ms / 1_000,
        }
    }

    fn median(&self) -> Dbm {
        let all: u32 = self.counts.iter().map(|&count| u32::from(count)).sum();
        let half = all.div_ceil(2);
        let mut below = 0;
        for (level, &count) in (i8::MIN..=i8::MAX).zip(&self.counts) {
            below += u32::from(count);
            if below >= half {
                return Dbm(level);
            }
        }
        Dbm(self.strongest)
    }
}

fn place_of(level: i8) -> usize {
    usize::try_from(i16::from(level) - i16::from(i8::MIN)).unwrap_or(0)
}
