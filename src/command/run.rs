//! `kiosk run`: opens the kiosk, in a window or on the appliance's display; or plays a scene
//! without either, on a clock of its own.

use std::cell::OnceCell;
use std::io::Write;
use std::path::PathBuf;
use std::rc::Rc;

use anyhow::{Context, bail};

use super::headless;
use crate::clock::Clock;
use crate::config::Config;
use crate::kiosk::live::{Fingers, Live, Output, Parts};
use crate::radio::ears::Ears;
use crate::radio::live::Radio;
use crate::radio::sim::scene::Scene;
use crate::ui::window::Window;

/// The seed of the street that is shown.
const SEED: u64 = 1;

/// Opens the kiosk
///
/// Without --sim or --replay the Bluetooth adapter of the configuration is listened to; while there
/// is none, visitors are written in all the same, and the bar says that the radio is unwell.
#[derive(clap::Args, Clone, Debug)]
pub struct RunArgs {
    /// The configuration [default: /etc/kiosk/kiosk.toml, or kiosk/kiosk.toml where your programs
    /// keep theirs]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Put a simulated street of phones around the kiosk
    #[arg(long, value_name = "SCENE", conflicts_with = "replay")]
    pub sim: Option<SceneName>,
    /// Hear what a Bluetooth capture holds, as if it happened now
    #[arg(long, value_name = "FILE.btsnoop")]
    pub replay: Option<PathBuf>,
    /// Need no display: play the scene on a clock of its own and leave pictures, the logbook and
    /// a summary
    #[arg(long)]
    pub headless: bool,
    /// Where --headless leaves them
    #[arg(long, value_name = "DIR", default_value = "demo")]
    pub out: PathBuf,
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
    /// One scripted morning at the gate, hands included; only with --headless
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

/// Runs until the window is closed or the scene is over.
///
/// # Errors
///
/// When the configuration will not do, a capture cannot be read, or there is no display.
pub fn run(args: &RunArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let config = Config::load(args.config.as_deref())?;
    if args.headless {
        return headless::run(args, &config, out);
    }
    let clock = Clock::real();
    // Before anything else starts a thread: the radio gives a capability back for all of them.
    let ears = match scene(args, &clock)? {
        Some(ears) => ears,
        None => Ears::on_air(
            Radio::open(config.adapter(), clock.now().mono).context("start the radio")?,
        ),
    };
    let book = config.book()?;
    writeln!(out, "the logbook is {}", book.display())?;

    let fingers: Rc<OnceCell<Fingers>> = Rc::default();
    let touched = Rc::clone(&fingers);
    let window = Window::open(cfg!(feature = "pi"), move |touch| {
        if let Some(fingers) = touched.get() {
            fingers.touch(touch);
        }
    })
    .context("open the screen; without a display, add --headless")?;
    let screen = window.handle();
    let parts = Parts { site: config.site(), book, wiring: config.wiring(), ears, clock };
    let live = Live::start(parts, move |output| match output {
        // Once the window is closed nobody looks, and the loop is about to be stopped.
        Output::Show(view) => _ = screen.show(*view),
        Output::Remark(remark) => drop(writeln!(std::io::stderr(), "{remark}")),
    })
    .context("start the loop")?;
    fingers.set(live.fingers()).ok();
    let screen = window.handle();
    let signals = live.on_signal(move || _ = screen.quit()).context("listen for signals")?;
    let closed = window.run();
    drop(signals);
    live.stop();
    closed.context("show the screen")
}

/// Ears in the scene or the capture that was asked for; `None` when neither was.
///
/// # Errors
///
/// When the capture cannot be read, or the scene is a script.
pub fn scene(args: &RunArgs, clock: &Clock) -> anyhow::Result<Option<Ears>> {
    let now = clock.now();
    match (&args.replay, args.sim) {
        (Some(file), _) => Ears::replaying(file, now.mono)
            .with_context(|| format!("replay {}", file.display()))
            .map(Some),
        (None, Some(name)) => match name.scene() {
            Some(scene) => Ok(Some(Ears::in_street(scene.street(SEED, now.wall)))),
            None => bail!("the morning is a script with hands of its own: add --headless"),
        },
        (None, None) => Ok(None),
    }
}
