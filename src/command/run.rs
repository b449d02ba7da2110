//! `kiosk run`: opens the kiosk, in a window or on the appliance's display; or plays a scene
//! without either, on a clock of its own.

use std::cell::OnceCell;
use std::io::Write;
use std::path::PathBuf;
use std::rc::Rc;

use anyhow::Context;

use super::source::SourceArgs;
use super::{exposure, headless, keys};
use crate::clock::Clock;
use crate::config::Config;
use crate::kiosk::live::{Fingers, Live, Output, Parts};
use crate::ui::window::Window;

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
    #[command(flatten)]
    pub source: SourceArgs,
    /// Need no display: play the scene for an hour, or the capture to its end, on a clock of its own
    /// and leave pictures, the logbook and a summary
    #[arg(long)]
    pub headless: bool,
    /// Where --headless leaves them
    #[arg(long, value_name = "DIR", default_value = "demo")]
    pub out: PathBuf,
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
    let ears = args.source.ears(&config, &clock)?;
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
    let published = keys::origin(&config, &book)?;
    let voice = args.source.voice(&config)?;
    let (site, wiring) = (config.site(), config.wiring());
    let writer = exposure::writer(&site, config.handouts(&book));
    let parts = Parts { site, book, wiring, ears, published, writer, voice, clock };
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
