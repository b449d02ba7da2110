//! What happens by the clock on the wall: the closing sweep, the end of keeping, the minute on
//! the screen.

use std::time::Duration;

use jiff::ToSpan;

use super::Reception;
use super::book::What;
use super::late::Whom;
use crate::domain::fault::{Organ, Trouble};
use crate::domain::logbook::Entry;
use crate::domain::moment::{Mono, Now, Wall, Zone};
use crate::domain::policy;
use crate::domain::request::Request;
use crate::domain::visit::Leaving;

/// When what was last done.
#[derive(Debug)]
pub(super) struct Rounds {
    last: Now,
    /// The closing time up to which everybody has been signed out.
    swept_until: Option<Wall>,
    /// Whether that was looked at by a clock that somebody vouches for, since the book was opened.
    caught_up: bool,
    /// The night in which matching published keys was last begun.
    matched: Option<Wall>,
    last_expire: Option<Mono>,
    last_probe: Mono,
}

impl Rounds {
    pub(super) const fn new(now: Now) -> Self {
        Self {
            last: now,
            swept_until: None,
            caught_up: false,
            matched: None,
            last_expire: None,
            last_probe: now.mono,
        }
    }

    /// When they are next due: at the first whole minute after the last, for the clock on the
    /// screen.
    pub(super) fn next(&self) -> Mono {
        let into_minute = u64::try_from(self.last.wall.0.rem_euclid(60)).unwrap_or(0);
        self.last.mono + Duration::from_secs(60 - into_minute)
    }

    /// The house is as the book has it: who in it should have been signed out is looked at anew.
    pub(super) const fn note_book_opened(&mut self) {
        self.swept_until = None;
        self.caught_up = false;
    }

    pub(super) const fn last_probe(&self) -> Mono {
        self.last_probe
    }

    pub(super) const fn note_probe(&mut self, now: Now) {
        self.last_probe = now.mono;
    }

    /// Whether the clock on the wall has been set since the last round: it went elsewhere than
    /// the time that passed.
    fn clock_was_set(&self, now: Now) -> bool {
        let passed = i64::try_from(now.mono.since(self.last.mono).as_secs()).unwrap_or(i64::MAX);
        let shown = now.wall.seconds_since(self.last.wall);
        shown.saturating_sub(passed).unsigned_abs() > policy::CLOCK_SET_SECONDS
    }
}

impl Reception {
    /// The night in which matching published keys was last begun, if any was.
    #[must_use]
    pub const fn matched_night(&self) -> Option<Wall> {
        self.rounds.matched
    }

    /// It was begun in that night before the program was, and is not begun again in it: should it
    /// be what ended the program, the kiosk would do nothing else.
    pub const fn set_matched_night(&mut self, night: Option<Wall>) {
        self.rounds.matched = night;
    }

    pub(super) fn do_rounds(&mut self, now: Now) {
        self.turn_day(now);
        self.closing_sweep(now);
        let due =
            self.rounds.last_expire.is_none_or(|last| now.mono.since(last) >= policy::EXPIRE_EVERY);
        // A clock that nobody vouches for must not decide what is erased.
        if due && now.wall_trusted {
            self.rounds.last_expire = Some(now.mono);
            self.expire(now);
            self.forget_heard(now);
        }
        self.renew_beacon_keys(now);
        self.match_at_night(now);
        self.rounds.last = now;
    }

    /// Begins the day of this moment, and does away with one that lies ahead of a clock that somebody
    /// vouches for.
    pub(super) fn turn_day(&mut self, now: Now) {
        self.roster.turn_to(now.wall);
        if now.wall_trusted {
            self.roster.turn_back(now.wall);
        }
    }

    /// Has the store end what has been kept long enough, a step at a time.
    fn expire(&mut self, now: Now) {
        let keep_seconds = i64::from(self.site.keep_personal_days) * 24 * 60 * 60;
        let before = Wall(now.wall.0.saturating_sub(keep_seconds));
        let (wall, wall_trusted) = (now.wall, now.wall_trusted);
        let limit = policy::OVERSTAYED_STEP;
        self.ask(Request::Expire { before, limit, wall, wall_trusted }, What::Expire, now);
    }

    /// What was past its keeping has ended.
    pub(super) fn handle_expired(&mut self, entries: &[Entry], more: bool, now: Now) {
        for entry in entries {
            self.roster.apply(entry);
        }
        if !entries.is_empty() {
            self.guard.forget_found();
        }
        if more && now.wall_trusted && self.pending.len() < policy::REQUESTS_IN_BACKGROUND_MAX {
            self.expire(now);
        }
    }

    /// Has published keys matched once a night; by day, and then on one core, where the power was
    /// off all night. A clock that nobody vouches for does not know when it is night.
    fn match_at_night(&mut self, now: Now) {
        if !now.wall_trusted || self.trouble(Organ::Store).is_some() {
            return;
        }
        let (from, until) = self.site.match_minutes;
        let Some(night) = last_at(now.wall, from, self.site.zone) else { return };
        if self.rounds.matched != Some(night) {
            self.rounds.matched = Some(night);
            let night_minutes = (i64::from(until) - i64::from(from)).rem_euclid(24 * 60);
            let is_day = now.wall.seconds_since(night) >= night_minutes * 60;
            self.match_now(from != until && is_day);
        }
    }

    /// Signs out everybody who came before the last closing time. Done at the closing time; and,
    /// should the power have been off then, at the first round by a clock that somebody vouches
    /// for. That one leaves alone who came while nobody did: whether they came before the closing
    /// time cannot be said. Not when the clock was set over a closing time: nobody has left because
    /// of that.
    fn closing_sweep(&mut self, now: Now) {
        if self.trouble(Organ::Store) == Some(Trouble::Opening) {
            return;
        }
        let Some(minute) = self.site.closing_sweep_minute else { return };
        let Some(closed) = last_at(now.wall, minute, self.site.zone) else { return };
        let catches_up = now.wall_trusted && !self.rounds.caught_up;
        let whom = match self.rounds.swept_until {
            _ if catches_up => Some(Whom::SurelyBefore(closed)),
            Some(until) if until < closed && !self.rounds.clock_was_set(now) => {
                let ahead = now.wall.0.saturating_add(policy::CLOCK_AHEAD_SECONDS);
                let ahead = now.wall_trusted.then_some(Wall(ahead));
                Some(Whom::Before { closed, ahead })
            }
            Some(_) | None => None,
        };
        self.rounds.swept_until = Some(closed);
        self.rounds.caught_up |= now.wall_trusted;
        if let Some(whom) = whom {
            self.begin_sweep(Leaving::ClosingSweep, whom, now);
        }
    }
}

/// The last moment at or before `wall` at which the clock showed so many minutes after midnight.
fn last_at(wall: Wall, minute: u16, zone: Zone) -> Option<Wall> {
    let here = wall.civil(zone);
    let closing = here.date().at(0, 0, 0, 0).checked_add(i64::from(minute).minutes()).ok()?;
    let closing = if closing <= here { closing } else { closing.checked_sub(1.day()).ok()? };
    let ago = (here - closing).total(jiff::Unit::Second).ok()?;
    #[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "two days at most")]
    let ago_seconds = ago as i64;
    Some(Wall(wall.0.saturating_sub(ago_seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_closing_time() {
        // 2021-06-02T08:42:00 in Viet Nam.
        let morning = Wall(1_622_598_120);
        let closed = last_at(morning, 22 * 60, Zone::VIET_NAM).unwrap();
        assert_eq!(closed.civil(Zone::VIET_NAM).to_string(), "2021-06-01T22:00:00");
        let closed = last_at(morning, 8 * 60 + 42, Zone::VIET_NAM).unwrap();
        assert_eq!(closed, morning);
    }
}
