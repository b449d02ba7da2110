//! Where a command hears adverts: in a simulated street, in a capture played again, or else on the
//! real air.

use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::clock::Clock;
use crate::config::Config;
#[cfg(feature = "bluetooth")]
use crate::radio::beacon::Sender;
use crate::radio::ears::Ears;
#[cfg(feature = "bluetooth")]
use crate::radio::live::Radio;
use crate::radio::sim::scene::Scene;
#[cfg(feature = "bluetooth")]
use crate::radio::voice::Voice;

/// The seed of the street that is shown.
const SEED: u64 = 1;

/// Where adverts come from.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct SourceArgs {
    /// Put a simulated street of phones around the kiosk
    #[arg(long, value_name = "SCENE", conflicts_with = "replay")]
    pub sim: Option<SceneName>,
    /// Hear what a Bluetooth capture holds, as if it happened now
    #[arg(long, value_name = "FILE.btsnoop")]
    pub replay: Option<PathBuf>,
}

/// A simulated street.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum SceneName {
    /// A day at an office; somebody comes to the desk every minute and a half
    Street,
    /// A market on a Saturday: sixty more phones around at any time
    Crowd,
    /// Nobody
    Quiet,
    /// One scripted morning at the gate, hands included; only with run --headless
    Morning,
}

impl SceneName {
    /// Who is in the street; `None` for the scene that brings its own.
    #[must_use]
    pub const fn scene(self) -> Option<Scene> {
        match self {
            Self::Street => Some(Scene::Street),
            Self::Crowd => Some(Scene::Crowd),
            Self::Quiet => Some(Scene::Quiet),
            Self::Morning => None,
        }
    }
}

impl SourceArgs {
    /// The ears that hear there, from `clock`'s present moment on; without a scene or a capture,
    /// those of the adapter in the configuration. To be called while the program has one thread.
    ///
    /// # Errors
    ///
    /// When the capture cannot be read, the scene is a script, or the system gives no thread.
    pub fn ears(&self, config: &Config, clock: &Clock) -> anyhow::Result<Ears> {
        match self.scene(clock)? {
            Some(ears) => Ok(ears),
            None => on_air(config, clock),
        }
    }

    /// The clock of a command that nobody watches: that of this machine; for a capture one that is
    /// moved on, so that nobody waits for what it holds.
    pub(super) fn clock_unwatched(&self) -> Clock {
        let real = Clock::real();
        if self.replay.is_some() { Clock::at(real.now().wall) } else { real }
    }

    /// Ears in the scene or the capture that was asked for; `None` when neither was.
    ///
    /// # Errors
    ///
    /// When the capture cannot be read, or the scene is a script.
    pub fn scene(&self, clock: &Clock) -> anyhow::Result<Option<Ears>> {
        let now = clock.now();
        match (&self.replay, self.sim) {
            (Some(file), _) => Ears::replaying(file, now.mono)
                .with_context(|| format!("replay {}", file.display()))
                .map(Some),
            (None, Some(name)) => match name.scene() {
                Some(scene) => Ok(Some(Ears::in_street(scene.street(SEED, now.wall)))),
                None => {
                    bail!(
                        "listen to the morning: it is a script with hands of its own; use run --headless"
                    )
                }
            },
            (None, None) => Ok(None),
        }
    }

    /// Where the kiosk's own adverts go: with a scene or a capture nothing is sent.
    ///
    /// # Errors
    ///
    /// When the system gives no thread.
    #[cfg(feature = "bluetooth")]
    pub fn voice(&self, config: &Config) -> anyhow::Result<Voice> {
        if self.sim.is_some() || self.replay.is_some() {
            return Ok(Voice::simulated());
        }
        let own = config.site().beacon.own_adapter;
        let sender =
            Sender::start(config.beacon_adapter().to_owned(), own).context("start the beacon")?;
        Ok(Voice::on_air(sender))
    }

    /// The source in a few words.
    pub(super) fn words(&self, config: &Config) -> String {
        match (&self.replay, self.sim) {
            (Some(file), _) => format!("{}, played again", file.display()),
            (None, Some(_)) => "a simulated street".to_owned(),
            (None, None) => config.adapter().to_owned(),
        }
    }
}

#[cfg(feature = "bluetooth")]
fn on_air(config: &Config, clock: &Clock) -> anyhow::Result<Ears> {
    let (listens, reads) = (config.adapter(), config.reading_adapter());
    let radio = Radio::open(listens, reads, clock.now().mono).context("start the radio")?;
    Ok(Ears::on_air(radio))
}

#[cfg(not(feature = "bluetooth"))]
fn on_air(config: &Config, _: &Clock) -> anyhow::Result<Ears> {
    let adapter = config.adapter();
    bail!("listen with {adapter}: this build hears only with --sim or --replay")
}
