//! What becomes of the ids that are heard: they are remembered, deleted in time, and matched against
//! published keys. What a match means is told in days and half-hours, never in visits.

use super::book::What;
use super::{Effect, Reception};
use crate::domain::advert::Dbm;
use crate::domain::exposure::matched::{Matched, Matching, Progress};
use crate::domain::exposure::reason::Reason;
use crate::domain::exposure::windows::{ExposureId, ExposureNotice};
use crate::domain::fault::Organ;
use crate::domain::moment::{Mono, Now, Wall};
use crate::domain::network::Network;
use crate::domain::policy;
use crate::domain::presence::low_power_dbm;
use crate::domain::remembering::HeardId;
use crate::domain::request::{Request, Role};
use crate::domain::sighting::{ProximityId, SendingPower, TxClass};

/// What is known of matching published keys.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MatchingState {
    /// How far it is, while it is under way.
    pub under_way: Option<Progress>,
    /// When it last came to its end, and what it did.
    pub last: Option<(Wall, Progress)>,
    /// Files that were refused then, each with the reason and what to do.
    pub refused: Vec<String>,
    /// What files have brought that could not be kept yet; at most [`UNKEPT_MAX`].
    unkept: Vec<Matched>,
}

/// Files whose outcome waits for the book to be well. Beyond, a file is matched again next time.
const UNKEPT_MAX: usize = 64;

/// Why nothing is matched by a clock that is perhaps in the past: a file of days to come would be
/// taken for wrong, and a warning be looked for under the name of another day.
const NO_CLOCK: &str = "nobody vouches for the clock: connect the kiosk to the network or set the \
                        clock, and compare again";

/// An id that was heard, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard {
    pub(super) network: Network,
    pub(super) id: ProximityId,
    pub(super) rssi: Dbm,
    pub(super) tx_power: SendingPower,
    pub(super) tx_class: TxClass,
}

impl Reception {
    /// The exposures there are, the latest day first.
    #[must_use]
    pub fn exposures(&self) -> &[ExposureNotice] {
        &self.exposures
    }

    /// How matching published keys goes.
    #[must_use]
    pub const fn matching(&self) -> &MatchingState {
        &self.matching
    }

    /// Ids and rows of what was heard that were left out so far, because there were too many.
    #[must_use]
    pub const fn left_out(&self) -> u64 {
        self.remembering.left_out()
    }

    /// The exposures as the book knows them.
    pub fn set_exposures(&mut self, exposures: Vec<ExposureNotice>) {
        self.exposures = exposures;
        self.changed = true;
    }

    /// The thread that matches has something to say.
    pub fn handle_matching(&mut self, news: Matching, now: Now) {
        self.changed = true;
        match news {
            Matching::Progress(progress) => self.matching.under_way = Some(progress),
            Matching::Matched(file) => {
                if self.matching.unkept.len() < UNKEPT_MAX {
                    self.matching.unkept.push(*file);
                }
                self.keep_matched(now);
            }
            Matching::Ended { progress, refused } => {
                self.matching.under_way = None;
                self.matching.last = Some((now.wall, progress));
                self.matching.refused = refused;
            }
        }
    }

    /// Has everything that lies in the inbox matched, unless that is under way.
    pub(super) fn match_now(&mut self, gently: bool) {
        if self.matching.under_way.is_none() {
            self.matching.under_way = Some(Progress::default());
            self.effects.push_back(Effect::Match { gently });
            self.changed = true;
        }
    }

    /// The same for an administrator, by whose wish it need not be night; that the clock will not do
    /// is told where the outcome would be.
    pub(super) fn match_when_asked(&mut self, now: Now) {
        if now.wall_trusted {
            self.match_now(true);
        } else if self.matching.under_way.is_none() {
            self.matching.last = Some((now.wall, Progress::default()));
            self.matching.refused = vec![NO_CLOCK.to_owned()];
            self.changed = true;
        }
    }

    /// Asks who was inside around an exposure, for an administrator.
    pub(super) fn open_overlap(&mut self, exposure: ExposureId, reason: Reason, now: Now) {
        if self.guard.role() != Some(Role::Administrator) {
            return;
        }
        let what = What::Overlap { session: self.guard.session() };
        let (wall, wall_trusted) = (now.wall, now.wall_trusted);
        self.ask(Request::OpenOverlap { exposure, reason, wall, wall_trusted }, what, now);
    }

    /// An id was heard, in an advert or from a phone that was asked.
    pub(super) fn note_id(&mut self, heard: &Heard, now: Now) {
        let level = low_power_dbm(heard.rssi, heard.tx_class);
        let heard = HeardId {
            network: heard.network,
            id: heard.id,
            rssi: heard.rssi,
            tx_power: heard.tx_power,
            near: level >= self.presence.steps_away_dbm(),
        };
        self.remembering.hear(&heard, self.presence.newest(), now);
    }

    /// When what was heard is to be written: at once where the book was unwell or slow meanwhile.
    pub(super) fn remembering_timeout(&self, now: Now) -> Option<Mono> {
        let well = self.trouble(Organ::Store).is_none();
        let due = well.then(|| self.remembering.poll_timeout()).flatten();
        due.map(|due| due.max(now.mono))
    }

    /// Has what was heard written, if it is time for that and the book is well.
    pub(super) fn write_heard(&mut self, now: Now) {
        if self.trouble(Organ::Store).is_some() {
            return;
        }
        if self.pending.len() >= policy::REQUESTS_IN_BACKGROUND_MAX {
            self.remembering.put_off(now.mono);
            return;
        }
        if let Some(batch) = self.remembering.take_batch(now) {
            self.ask(Request::Remember(batch), What::Remember, now);
        }
    }

    pub(super) fn handle_remembered(&mut self, written: bool) {
        self.remembering.handle_written(written);
    }

    /// Has the store delete what was kept long enough, to whole days, a step at a time. A clock
    /// that nobody vouches for must not decide that.
    pub(super) fn forget_heard(&mut self, now: Now) {
        if !now.wall_trusted || self.pending.len() >= policy::REQUESTS_IN_BACKGROUND_MAX {
            return;
        }
        let keep_seconds = i64::from(self.site.keep_encounters_days) * 24 * 60 * 60;
        let before = Wall(now.wall.day_start(self.site.zone).0.saturating_sub(keep_seconds));
        let (wall, wall_trusted) = (now.wall, now.wall_trusted);
        let limit = policy::FORGET_STEP_ROWS;
        self.ask(Request::Forget { before, limit, wall, wall_trusted }, What::Forget, now);
    }

    /// Has the store keep what files have brought, while it is well.
    pub(super) fn keep_matched(&mut self, now: Now) {
        while self.trouble(Organ::Store).is_none()
            && self.pending.len() < policy::REQUESTS_IN_BACKGROUND_MAX
            && !self.matching.unkept.is_empty()
        {
            let matched = Box::new(self.matching.unkept.remove(0));
            let what = What::KeepMatched(matched.clone());
            self.ask(Request::KeepExposures { matched, wall: now.wall }, what, now);
        }
    }

    /// What a file has brought was not kept: again when the book is well.
    pub(super) fn keep_matched_again(&mut self, matched: &Matched) {
        if self.matching.unkept.len() < UNKEPT_MAX {
            self.matching.unkept.push(matched.clone());
        }
    }
}
