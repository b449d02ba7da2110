//! How well the radio is, and what is done about it: the self-healing of the ears on a clock that
//! is handed in. It neither hears nor does anything itself.
//!
//! **When it should hear.** An empty street at night is silent too, and nobody can tell it from a
//! deaf radio. So silence alone only brings the two remedies that can do no harm; the third one,
//! and the words that the radio is deaf, need somebody at the screen during the silence: where a
//! person stands there is next to always something that speaks Bluetooth LE, a phone, a watch, an
//! earphone. Any report counts, not only those of contact tracing.
//!
//! **No storm.** Pauses double, and begin anew only after a minute of health.

use std::time::Duration;

use super::fault::Trouble;
use super::moment::Mono;
use super::policy::{
    RADIO_ANSWER_WITHIN, RADIO_PAUSE_FIRST, RADIO_PAUSE_MAX, RADIO_ROUND_FIRST, RADIO_ROUND_MAX,
    RADIO_SILENT_AFTER, RADIO_STEADY_AFTER,
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

/// Why it does not listen.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Obstacle {
    /// The system bus is away.
    NoBus,
    /// BlueZ is away.
    NoBluez,
    /// There is no such adapter.
    NoAdapter,
    /// Somebody has switched it off (rfkill).
    SwitchedOff,
    /// The adapter does not do as it is told.
    Refused,
}

impl Obstacle {
    /// What is wrong, as the screen says it.
    #[must_use]
    pub const fn trouble(self) -> Trouble {
        match self {
            Self::NoBus | Self::NoBluez | Self::Refused => Trouble::Gone,
            Self::NoAdapter => Trouble::Unplugged,
            Self::SwitchedOff => Trouble::SwitchedOff,
        }
    }
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
        self.handle_timeout(now);
    }

    /// The edge has something to say.
    pub fn handle_news(&mut self, news: News, now: Mono) {
        let listening = State::Listening { since: now, due: now + RADIO_SILENT_AFTER };
        match news {
            News::Listening => {
                self.state = listening;
                // Deaf until it hears: only a report proves that a remedy has helped.
                self.trouble = self.trouble.filter(|trouble| *trouble == Trouble::Deaf);
            }
            News::Unable => {
                self.state = listening;
                self.trouble = self.somebody.then_some(Trouble::Deaf);
            }
            News::Down(obstacle) => {
                self.trouble = Some(obstacle.trouble());
                let pause = doubled(RADIO_PAUSE_FIRST, self.failures, RADIO_PAUSE_MAX);
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
            State::Listening { since, due } if now >= due && self.may_go_on() => {
                self.end_silence(since, now);
            }
            State::Busy { .. } | State::Down { .. } | State::Listening { .. } => {}
        }
    }

    /// When [`Self::handle_timeout`] is wanted next; `None` while a silence waits for somebody.
    #[must_use]
    pub const fn poll_timeout(&self) -> Option<Mono> {
        match self.state {
            State::Busy { until: due } | State::Down { due, .. } => Some(due),
            State::Listening { due, .. } if self.may_go_on() => Some(due),
            State::Listening { .. } => None,
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
        self.wanted = Some(remedy);
        self.state = State::Busy { until: now + RADIO_ANSWER_WITHIN };
    }
}

/// At the longest pause a quarter of an hour, so that the driver is bound anew four times an hour
/// at most.
const REFUSALS_PER_ROUND: u32 = 60;

/// `first`, doubled so many times, and never more than `most`.
fn doubled(first: Duration, times: u32, most: Duration) -> Duration {
    first.saturating_mul(2_u32.saturating_pow(times)).min(most)
}
