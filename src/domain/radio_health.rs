//! How well the radio is, and what is done about it: the self-healing of the ears on a clock that
//! is handed in. It neither hears nor does anything itself.
//!
//! **When it should hear.** An empty street at night is silent too, and nobody can tell it from a
//! deaf radio. So silence alone only brings the two remedies that can do no harm; the third one,
//! and the words that the radio is deaf, need somebody at the screen during the silence: where a
//! person stands there is next to always something that speaks Bluetooth LE, a phone, a watch, an
//! earphone. Any report counts, not only those of contact tracing.
//!
//! **When it does not scan.** Where the scan can be seen, and is not, nobody has to wait for silence to
//! tell that the adapter does not do as it is told.
//!
//! **No storm.** Pauses double, and begin anew only after a minute of health. However often it comes
//! and goes meanwhile, the driver is bound anew four times an hour at most.

mod news;
mod rebinds;

use std::time::Duration;

use self::rebinds::Rebinds;
use super::fault::Trouble;
use super::moment::Mono;
use super::pauses::{self, doubled};
use super::policy::{
    RADIO_ANSWER_WITHIN, RADIO_RESTS_AFTER_READING_MAX, RADIO_RESTS_MAX, RADIO_ROUND_FIRST,
    RADIO_ROUND_MAX, RADIO_SILENT_AFTER, RADIO_SILENT_BESIDE_SOMEBODY, RADIO_STEADY_AFTER,
};
pub use news::{News, Obstacle, Remedy};

/// The health of the radio.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RadioHealth {
    state: State,
    /// What the screen says is wrong.
    trouble: Option<Trouble>,
    /// Failures and losses since the last minute of health.
    failures: u32,
    /// Remedies tried in this silence, in this round, and rounds that are over.
    tried: u8,
    rounds: u32,
    /// Somebody has been at the screen since the last report.
    somebody: bool,
    /// The adapter is part of the machine.
    is_built_in: bool,
    /// Since when the scan is not seen, where it can be.
    rests_since: Option<Mono>,
    /// When the last reading of a phone ended, until a scan is seen.
    read: Option<Mono>,
    /// It listens anew after a silence, and that was not told yet.
    anew: bool,
    rebinds: Rebinds,
    wanted: Option<Remedy>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// A remedy is being carried out.
    Busy { until: Mono },
    /// It listens. Unless something is heard, something is done when it is due.
    Listening { since: Mono, due: Mono },
    /// It does not listen until something is tried again.
    Down { obstacle: Obstacle, due: Mono },
}

/// What is tried against silence, in this order.
const AGAINST_SILENCE: [Remedy; 3] = [Remedy::RestartDiscovery, Remedy::PowerCycle, Remedy::Rebind];
/// How many of them can do no harm to a radio that is well.
const HARMLESS: u8 = 2;
/// So many refusals make a round: at the longest pause, a quarter of an hour.
const REFUSALS_PER_ROUND: u32 = 60;

impl RadioHealth {
    /// A radio that is to be started.
    #[must_use]
    pub fn new(now: Mono) -> Self {
        Self {
            state: State::Busy { until: now + RADIO_ANSWER_WITHIN },
            trouble: Some(Trouble::Gone),
            failures: 0,
            tried: 0,
            rounds: 0,
            somebody: false,
            is_built_in: false,
            rests_since: None,
            read: None,
            anew: false,
            rebinds: Rebinds::default(),
            wanted: Some(Remedy::Start),
        }
    }

    /// What is wrong; `None` when it is well, as far as anybody can tell. Nobody is told to pull an
    /// adapter that is part of the machine, or to plug it in.
    #[must_use]
    pub const fn trouble(&self) -> Option<Trouble> {
        match self.trouble {
            Some(Trouble::Deaf) if self.is_built_in => Some(Trouble::DeafBuiltIn),
            Some(Trouble::Unplugged) if self.is_built_in => Some(Trouble::Gone),
            trouble => trouble,
        }
    }

    /// The adapter has been found: whether it is part of the machine, or hangs on USB.
    pub const fn handle_found(&mut self, is_built_in: bool) {
        self.is_built_in = is_built_in;
    }

    /// What is to be done, once.
    pub const fn poll_remedy(&mut self) -> Option<Remedy> {
        self.wanted.take()
    }

    /// A report has come, of whatever sender.
    pub fn handle_heard(&mut self, now: Mono) {
        self.tried = 0;
        self.rounds = 0;
        self.somebody = false;
        self.rests_since = None;
        if let State::Listening { since, due } = &mut self.state {
            *due = now + RADIO_SILENT_AFTER;
            self.trouble = None;
            if now.since(*since) >= RADIO_STEADY_AFTER {
                self.failures = 0;
            }
        }
    }

    /// Somebody is at the screen.
    pub fn handle_somebody(&mut self, now: Mono) {
        self.somebody = true;
        let patience = self.patience();
        if let State::Listening { due, .. } = &mut self.state
            && self.tried > 0
        {
            *due = (*due).min(now + patience);
        }
        self.handle_timeout(now);
    }

    /// Whether the scan rests, where that can be seen; what a reading of a phone brings with it does
    /// not count.
    pub fn handle_rest(&mut self, rests: bool, now: Mono) {
        if rests {
            self.rests_since.get_or_insert(now);
        } else {
            self.read = None;
            if self.rests_since.take().is_some() {
                self.handle_scan();
            }
        }
    }

    /// The adapter that listens has read a phone. Kernels before the spring of 2026 take the search
    /// for one that goes on afterwards, and scan no more (2cabe7ff1001 in Linux).
    pub const fn handle_reading_ended(&mut self, now: Mono) {
        self.read = Some(now);
    }

    /// Whether it listens anew after it was silent, and perhaps deaf; once.
    pub const fn poll_anew(&mut self) -> bool {
        std::mem::replace(&mut self.anew, false)
    }

    /// It scans.
    fn handle_scan(&mut self) {
        if matches!(self.state, State::Listening { .. }) {
            // Deaf until it hears: only a report proves that a remedy has helped.
            self.trouble = self.trouble.filter(|trouble| *trouble == Trouble::Deaf);
        }
    }

    /// The edge has something to say.
    pub fn handle_news(&mut self, news: News, now: Mono) {
        let listening = State::Listening { since: now, due: now + self.patience() };
        match news {
            News::Listening => {
                self.state = listening;
                self.anew |= self.tried > 0;
                if self.rests_since.is_none() {
                    self.handle_scan();
                }
            }
            News::Unable => {
                self.state = listening;
                self.trouble = self.somebody.then_some(Trouble::Deaf);
            }
            News::Down(obstacle) => {
                self.trouble = Some(obstacle.trouble());
                let pause = pauses::after(self.failures);
                self.failures = self.failures.saturating_add(1);
                self.state = State::Down { obstacle, due: now + pause };
            }
        }
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Mono) {
        match self.state {
            State::Busy { until } if now >= until => {
                self.handle_news(News::Down(Obstacle::Refused), now);
            }
            State::Down { obstacle, due } if now >= due => {
                self.order(self.against(obstacle), now);
            }
            State::Listening { since, .. }
                if self.rests_until(since).is_some_and(|at| now >= at) =>
            {
                if self.read.take().is_some() {
                    self.order(Remedy::RestartDiscovery, now);
                } else {
                    self.handle_news(News::Down(Obstacle::Refused), now);
                }
            }
            State::Listening { since, due } if now >= due && self.may_go_on() => {
                self.end_silence(since, now);
            }
            State::Busy { .. } | State::Down { .. } | State::Listening { .. } => {}
        }
    }

    /// When [`Self::handle_timeout`] is wanted next; `None` while a silence waits for somebody.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Mono> {
        match self.state {
            State::Busy { until: due } | State::Down { due, .. } => Some(due),
            State::Listening { since, due } => {
                let silent = self.may_go_on().then_some(due);
                [silent, self.rests_until(since)].into_iter().flatten().min()
            }
        }
    }

    /// How long a silence is borne: after a remedy less long where somebody waits to be seen.
    const fn patience(&self) -> Duration {
        if self.tried > 0 && self.somebody {
            RADIO_SILENT_BESIDE_SOMEBODY
        } else {
            RADIO_SILENT_AFTER
        }
    }

    /// Until when the scan may rest as it does now, having listened since then.
    fn rests_until(&self, listens_since: Mono) -> Option<Mono> {
        let rests_since = self.rests_since?;
        Some(match self.read {
            Some(read) => rests_since.max(read) + RADIO_RESTS_AFTER_READING_MAX,
            None => rests_since.max(listens_since) + RADIO_RESTS_MAX,
        })
    }

    /// Whether silence is a reason for what would be tried next.
    const fn may_go_on(&self) -> bool {
        self.tried < HARMLESS || self.somebody
    }

    fn end_silence(&mut self, since: Mono, now: Mono) {
        if let Some(&remedy) = AGAINST_SILENCE.get(usize::from(self.tried)) {
            self.tried += 1;
            self.order(remedy, now);
            return;
        }
        self.trouble = Some(Trouble::Deaf);
        let pause = doubled(RADIO_ROUND_FIRST, self.rounds, RADIO_ROUND_MAX);
        self.tried = 0;
        self.rounds = self.rounds.saturating_add(1);
        self.state = State::Listening { since, due: now + pause };
    }

    /// What helps against an obstacle: to look again whether it has gone; and where the adapter
    /// itself refuses, harder things now and then.
    const fn against(&self, obstacle: Obstacle) -> Remedy {
        match (obstacle, self.failures % REFUSALS_PER_ROUND) {
            (Obstacle::Refused, 2) => Remedy::PowerCycle,
            (Obstacle::Refused, 3) => Remedy::Rebind,
            _ => Remedy::Start,
        }
    }

    fn order(&mut self, remedy: Remedy, now: Mono) {
        // Where the driver was bound anew too often, all else is begun anew.
        let once_more = remedy != Remedy::Rebind || self.rebinds.may(now);
        self.wanted = Some(if once_more { remedy } else { Remedy::Start });
        self.state = State::Busy { until: now + RADIO_ANSWER_WITHIN };
    }
}
