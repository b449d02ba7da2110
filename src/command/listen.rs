//! Listens until something ends it: the time, the source, the command itself, or whoever asks the
//! program to stop.

#[cfg(feature = "bluetooth")]
use std::io::Write;
use std::ops::ControlFlow;
use std::time::Duration;

use anyhow::Context;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::clock::Clock;
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

/// Lets `turn` listen again and again. It says when it wants its next turn at the latest, if
/// nothing is heard, or that it has had enough.
///
/// # Errors
///
/// What `turn` fails with; or when the system gives no timer.
pub(super) fn listen(
    ears: &mut Ears,
    clock: &mut Clock,
    until: Option<Mono>,
    mut turn: impl FnMut(&mut Ears, Now) -> anyhow::Result<ControlFlow<(), Option<Mono>>>,
) -> anyhow::Result<Ended> {
    let mut waiter = Waiter::new(clock).context("wait for adverts")?;
    loop {
        let now = clock.now();
        look_after(ears, now.mono);
        let ControlFlow::Continue(due) = turn(ears, now)? else { return Ok(Ended::Enough) };
        if until.is_some_and(|until| now.mono >= until) {
            return Ok(Ended::Time);
        }
        if ears.has_ended() {
            return Ok(Ended::Source);
        }
        let next = [ears.poll_timeout(), due, until].into_iter().flatten().min();
        let wake = next.unwrap_or(now.mono + LOOK_EVERY);
        let wake = wake.clamp(now.mono + LOOK_NO_SOONER, now.mono + LOOK_EVERY);
        if waiter.is_stopped_before(wake, clock) {
            return Ok(Ended::Asked);
        }
    }
}

/// What the radio has to say goes beside what the command writes.
#[cfg(feature = "bluetooth")]
fn look_after(ears: &mut Ears, now: Mono) {
    while let Some(change) = ears.turn(now) {
        let words = match change {
            Change::Health(None) => "the radio is well".to_owned(),
            Change::Health(Some(trouble)) => format!("the radio is unwell: {trouble:?}"),
            Change::Remark(remark) => remark,
            Change::Address { .. } => continue,
        };
        // Nobody may be reading.
        drop(writeln!(std::io::stderr(), "{words}"));
    }
}

#[cfg(not(feature = "bluetooth"))]
const fn look_after(_: &mut Ears, _: Mono) {}

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
