//! Listens until something ends it: the time, the source, the command itself, or whoever asks the
//! program to stop.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::clock::Clock;
use crate::domain::fault::Trouble;
use crate::domain::moment::{Mono, Now};
use crate::radio::ears::Ears;
#[cfg(feature = "bluetooth")]
use crate::radio::live::Change;

/// The ears are asked this often, whether or not they say when they hear something next.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Never shorter than this, so that a signal gets through while much is heard.
const LOOK_NO_SOONER: Duration = Duration::from_millis(1);

/// Events taken in one turn.
pub(super) const EVENTS_AT_ONCE: u32 = 1_024;

/// Why listening has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ended {
    /// The time is over.
    Time,
    /// The capture or the scene is over.
    Source,
    /// The command has had enough.
    Enough,
    /// Somebody has asked for it (SIGINT, SIGTERM).
    Asked,
}

/// How the radio is.
#[derive(Debug, Default)]
pub(super) struct Radio {
    /// What is wrong with it.
    pub(super) trouble: Option<Trouble>,
    /// What was wrong with it when that was last spoken of.
    told: Option<Trouble>,
    /// What else it has to say, since the last turn.
    pub(super) remarks: Vec<String>,
}

/// What a turn wants next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Next {
    /// The next turn, at this moment at the latest.
    Turn(Mono),
    /// The next turn so much later, without waiting for it. It counts as no time.
    Skip(Duration),
    /// Nothing more.
    Enough,
}

/// Lets `turn` listen again and again, with how the radio is at the moment.
///
/// # Errors
///
/// What `turn` fails with; or when the system gives no timer.
pub(super) fn listen(
    ears: &mut Ears,
    clock: &mut Clock,
    mut until: Option<Mono>,
    mut turn: impl FnMut(&mut Ears, &mut Radio, Now) -> anyhow::Result<Next>,
) -> anyhow::Result<Ended> {
    let mut waiter = Waiter::new(clock).context("wait for adverts")?;
    let mut radio = Radio::default();
    loop {
        let now = clock.now();
        look_after(ears, &mut radio, now.mono);
        let next = turn(ears, &mut radio, now)?;
        if next == Next::Enough {
            return Ok(Ended::Enough);
        }
        if until.is_some_and(|until| now.mono >= until) {
            return Ok(Ended::Time);
        }
        if ears.has_ended() {
            return Ok(Ended::Source);
        }
        if let Next::Skip(by) = next {
            clock.skip(by);
            until = until.map(|until| until + by);
            continue;
        }
        let due = if let Next::Turn(due) = next { Some(due) } else { None };
        let latest = now.mono + LOOK_EVERY;
        let wake = [ears.poll_timeout(), due, until].into_iter().flatten().fold(latest, Mono::min);
        if waiter.is_stopped_before(wake.max(now.mono + LOOK_NO_SOONER), clock) {
            return Ok(Ended::Asked);
        }
    }
}

/// Ends a command that has heard `capture`, if it did. What it heard it has shown.
///
/// # Errors
///
/// When the capture broke off, or held nothing to be heard.
pub(super) fn end(ears: &mut Ears, capture: Option<&Path>) -> anyhow::Result<()> {
    let (Some(failure), Some(path)) = (ears.take_failure(), capture) else { return Ok(()) };
    Err(failure).with_context(|| format!("replay {}", path.display()))
}

/// Takes in what the radio has to say.
#[cfg(feature = "bluetooth")]
fn look_after(ears: &mut Ears, radio: &mut Radio, now: Mono) {
    while let Some(change) = ears.turn(now) {
        match change {
            Change::Health(trouble) => radio.trouble = trouble,
            Change::Remark(remark) => radio.remarks.push(remark),
            Change::Address { .. } => {}
        }
    }
}

#[cfg(not(feature = "bluetooth"))]
const fn look_after(_: &mut Ears, _: &mut Radio, _: Mono) {}

impl Radio {
    /// Writes what it has to say beside what the command writes.
    pub(super) fn speak(&mut self) {
        if std::mem::replace(&mut self.told, self.trouble) != self.trouble {
            let words = self.trouble.map_or("the radio is well", unwell);
            self.remarks.push(words.to_owned());
        }
        for words in self.remarks.drain(..) {
            // Nobody may be reading.
            drop(writeln!(std::io::stderr(), "{words}"));
        }
    }
}

/// What is wrong with the radio, in words for a terminal, and what helps.
pub(super) const fn unwell(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Unplugged => "the radio is unwell: there is no such adapter; plug it in",
        Trouble::SwitchedOff => {
            "the radio is unwell: Bluetooth is switched off; `rfkill unblock bluetooth`"
        }
        Trouble::Deaf => "the radio is unwell: it hears nothing; unplug the adapter for 10 seconds",
        Trouble::Gone
        | Trouble::Opening
        | Trouble::Full
        | Trouble::ReadOnly
        | Trouble::Damaged
        | Trouble::Newer
        | Trouble::Untrusted => {
            "the radio is unwell: Bluetooth is not answering; `kiosk check` says why"
        }
    }
}

/// Waits on the machine's clock, or moves one that stands.
enum Waiter {
    Real { runtime: Runtime, interrupted: Signal, terminated: Signal },
    Virtual,
}

impl Waiter {
    fn new(clock: &Clock) -> std::io::Result<Self> {
        if matches!(clock, Clock::Virtual { .. }) {
            return Ok(Self::Virtual);
        }
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let guard = runtime.enter();
        let interrupted = signal(SignalKind::interrupt())?;
        let terminated = signal(SignalKind::terminate())?;
        drop(guard);
        Ok(Self::Real { runtime, interrupted, terminated })
    }

    /// Waits until `wake`, unless somebody asks the program to stop.
    fn is_stopped_before(&mut self, wake: Mono, clock: &mut Clock) -> bool {
        match self {
            Self::Real { runtime, interrupted, terminated } => {
                let wake = clock.instant(wake);
                runtime.block_on(async {
                    let time = async {
                        if let Some(wake) = wake {
                            tokio::time::sleep_until(wake.into()).await;
                        }
                    };
                    tokio::select! {
                        biased;
                        _ = interrupted.recv() => true,
                        _ = terminated.recv() => true,
                        () = time => false,
                    }
                })
            }
            Self::Virtual => {
                clock.advance_to(wake);
                false
            }
        }
    }
}
