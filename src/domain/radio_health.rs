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

mod obstacle;

pub use obstacle::Obstacle;

use std::time::Duration;

use super::fault::Trouble;
use super::moment::Mono;
use super::pauses::{self, doubled};
use super::policy::{
    RADIO_ANSWER_WITHIN, RADIO_RESTS_MAX, RADIO_ROUND_FIRST, RADIO_ROUND_MAX, RADIO_SILENT_AFTER,
    RADIO_SILENT_BESIDE_SOMEBODY, RADIO_STEADY_AFTER,
};

/// Something to be done about the radio. The edge answers each with one [`News`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Remedy {
    /// Connect, switch the adapter on, begin to listen.
    Start,
    /// Stop listening and begin again.
    RestartDiscovery,
    /// Switch the adapter off and on.
    PowerCycle,
    /// Take the adapter from its driver and give it back.
    Rebind,
}

/// What the edge has to say: the answer to a [`Remedy`], or that something has changed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum News {
    /// It listens.
    Listening,
    /// It listens, but the remedy could not be carried out.
    Unable,
    /// It does not listen.
    Down(Obstacle),
}

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
    /// Since when the scan is not seen, where it can be.
    rests_since: Option<Mono>,
    /// When the driver was to be bound anew the last times, the latest last.
    rebinds: [Option<Mono>; REBINDS_MAX],
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
/// So often the driver is bound anew at most, within [`REBINDS_WITHIN`]: it takes the adapter from
/// everybody for some seconds.
const REBINDS_MAX: usize = 4;
const REBINDS_WITHIN: Duration = Duration::from_hours(1);

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
            rests_since: None,
            rebinds: [None; REBINDS_MAX],
            wanted: Some(Remedy::Start),
        }
    }

    /// What is wrong; `None` when it is well, as far as anybody can tell.
    #[must_use]
    pub const fn trouble(&self) -> Option<Trouble> {
        self.trouble
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
        } else if self.rests_since.take().is_some() {
            self.handle_scan();
        }
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
                self.handle_news(News::Down(Obstacle::Refused), now);
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

    /// Until when the scan may rest as it does now, having listened since then.
    fn rests_until(&self, listens_since: Mono) -> Option<Mono> {
        self.rests_since.map(|rests| rests.max(listens_since) + RADIO_RESTS_MAX)
    }

    /// How long a silence is borne: after a remedy less long where somebody waits to be seen.
    const fn patience(&self) -> Duration {
        if self.tried > 0 && self.somebody {
            RADIO_SILENT_BESIDE_SOMEBODY
        } else {
            RADIO_SILENT_AFTER
        }
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
        let once_more = remedy != Remedy::Rebind || self.may_rebind(now);
        self.wanted = Some(if once_more { remedy } else { Remedy::Start });
        self.state = State::Busy { until: now + RADIO_ANSWER_WITHIN };
    }

    /// Whether the driver may be bound anew once more; if so it is counted.
    fn may_rebind(&mut self, now: Mono) -> bool {
        let earliest = self.rebinds.first().copied().flatten();
        let may = earliest.is_none_or(|at| now.since(at) >= REBINDS_WITHIN);
        if may {
            self.rebinds.rotate_left(1);
            self.rebinds.last_mut().into_iter().for_each(|last| *last = Some(now));
        }
        may
    }
}
