//! `kiosk radio`: what is heard now, network by network, once a second. No address and no id is
//! shown.

mod tally;

use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use self::tally::{Glance, Tally};
use super::listen::{EVENTS_AT_ONCE, listen};
use super::source::SourceArgs;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::network::Network;

/// Shows what is heard now, network by network
///
/// A table that is drawn anew each second, until Ctrl-C. "Phones" counts the ids heard in the last
/// half minute, and the phones that keep theirs. "Loudest" is that of the last second. No address
/// and no id is shown.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct RadioArgs {
    /// Answer in JSON, one line each second, for programs
    #[arg(long)]
    pub json: bool,
    /// For how long [default: until Ctrl-C]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub seconds: Option<u64>,
    #[command(flatten)]
    pub source: SourceArgs,
    /// The configuration, as for `kiosk run`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Listens, and writes a table or a line to `out` each second.
///
/// # Errors
///
/// When there is nothing to listen with, or `out` cannot be written to.
pub fn run(args: &RadioArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let config = Config::load(args.config.as_deref())?;
    let form = match args.json {
        true => Form::Lines,
        false if std::io::stdout().is_terminal() => Form::Screen,
        false => Form::Pages,
    };
    watch(args, &config, Clock::real(), form, out)
}

/// How each second is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// JSON, a line each.
    Lines,
    /// A table over the last one.
    Screen,
    /// A table below the last one.
    Pages,
}

/// The same by any clock.
///
/// # Errors
///
/// As [`run`].
pub fn watch(
    args: &RadioArgs,
    config: &Config,
    mut clock: Clock,
    form: Form,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let mut ears = args.source.ears(config, &clock)?;
    let source = args.source.words(config);
    let networks = config.site().networks;
    let began = clock.now().mono;
    let mut tally = Tally::new(&networks, began);
    let mut shown_at = began + SECOND;
    let until = args.seconds.map(|seconds| began + Duration::from_secs(seconds));
    listen(&mut ears, &mut clock, until, |ears, now| {
        ears.hear(now.mono, EVENTS_AT_ONCE, |advert, at| tally.hear(advert, at));
        if now.mono >= shown_at {
            let glance = tally.close(ears.zero_levels(), now.mono);
            write(&glance, &source, &networks, form, out)?;
            out.flush()?;
            shown_at = now.mono + SECOND;
        }
        Ok(ControlFlow::Continue(Some(shown_at)))
    })?;
    Ok(())
}

const SECOND: Duration = Duration::from_secs(1);

/// To the first corner, and nothing below (ECMA-48, CUP and ED).
const CLEAR: &str = "\x1B[H\x1B[J";

fn write(
    glance: &Glance,
    source: &str,
    networks: &[Network],
    form: Form,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    if form == Form::Lines {
        return Ok(writeln!(out, "{}", serde_json::to_string(glance)?)?);
    }
    if form == Form::Screen {
        write!(out, "{CLEAR}")?;
    }
    writeln!(out, "{source}, after {} s\n", glance.seconds)?;
    row(out, ["", "phones", "adverts/s", "loudest", "last heard"])?;
    for (network, heard) in &glance.networks {
        row(
            out,
            [
                network.name(),
                &heard.phones.to_string(),
                &heard.adverts_per_second.to_string(),
                &heard.loudest_dbm.map_or_else(String::new, |level| format!("{} dBm", level.0)),
                &match heard.silent_seconds {
                    0 => "now".to_owned(),
                    seconds => format!("{seconds} s ago"),
                },
            ],
        )?;
    }
    row(out, ["all adverts", "", &glance.adverts_per_second.to_string(), "", ""])?;
    let silent: Vec<_> = networks
        .iter()
        .filter(|network| !glance.networks.contains_key(network))
        .map(|network| network.name())
        .collect();
    writeln!(out, "\ndamaged so far: {}", glance.damaged)?;
    if glance.zero_levels > 0 {
        let adverts = glance.zero_levels;
        writeln!(
            out,
            "without a level so far: {adverts}; the adapter states 0 dBm, another may do better"
        )?;
    }
    if !silent.is_empty() {
        writeln!(out, "nothing yet of {}", silent.join(", "))?;
    }
    if form == Form::Pages {
        writeln!(out)?;
    }
    Ok(())
}

fn row(out: &mut dyn Write, cells: [&str; 5]) -> std::io::Result<()> {
    let [name, phones, adverts, loudest, last] = cells;
    let line = format!("{name:<11}  {phones:>6}  {adverts:>9}  {loudest:>8}  {last:>10}");
    writeln!(out, "{}", line.trim_end())
}
