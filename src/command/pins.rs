//! `kiosk pins`: sets every output to its safe level, as the service does after the kiosk has
//! ended in whatever way.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;

use crate::config::Config;
use crate::gpio;

/// Sets lamp, buzzer and gate to their safe levels
///
/// The lamp goes dark, the buzzer falls silent, the gate's relay lets go. The service does this
/// by itself whenever the kiosk ends, even if it was killed. Beside a kiosk that runs it cuts a gate's
/// pulse short, and the lamp stays dark until it is to change.
#[derive(clap::Args, Clone, Debug)]
pub struct PinsArgs {
    /// The configuration, as for `kiosk run`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Sets them, and says so.
///
/// # Errors
///
/// When the configuration will not do, or there are no pins.
pub fn run(args: &PinsArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let config = Config::load(args.config.as_deref())?;
    let Some(wiring) = config.wiring() else {
        writeln!(out, "nothing is wired: there is nothing to set")?;
        return Ok(());
    };
    gpio::make_safe(&wiring).context("set the pins to their safe levels")?;
    writeln!(out, "lamp, buzzer and gate are at their safe levels")?;
    Ok(())
}
