//! Where a command hears adverts: in a simulated street, in a capture played again, or nowhere.

use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::clock::Clock;
use crate::config::Config;
use crate::radio::ears::Ears;
use crate::radio::sim::scene::Scene;

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
    /// The ears that hear there, from `clock`'s present moment on.
    ///
    /// # Errors
    ///
    /// When the capture cannot be read, or the scene is a script.
    pub fn ears(&self, clock: &Clock) -> anyhow::Result<Ears> {
        let now = clock.now();
        match (&self.replay, self.sim) {
            (Some(file), _) => Ears::replaying(file, now.mono)
                .with_context(|| format!("replay {}", file.display())),
            (None, Some(name)) => match name.scene() {
                Some(scene) => Ok(Ears::in_street(scene.street(SEED, now.wall))),
                None => {
                    bail!("the morning is a script with hands of its own: use run --headless")
                }
            },
            (None, None) => Ok(Ears::deaf()),
        }
    }

    /// The same for a command that is of no use without a radio.
    ///
    /// # Errors
    ///
    /// As [`Self::ears`], and when there is no radio.
    pub(super) fn hearing_ears(&self, config: &Config, clock: &Clock) -> anyhow::Result<Ears> {
        let ears = self.ears(clock)?;
        if !ears.can_hear() {
            let adapter = config.adapter();
            bail!("listen with {adapter}: this version hears only with --sim or --replay");
        }
        Ok(ears)
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
