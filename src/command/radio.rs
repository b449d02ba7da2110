//! `kiosk radio`: what is heard now, network by network, once a second. No address and no id is
//! shown.

mod sheet;
mod tally;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

use self::sheet::Sheet;
use super::listen::{self, EVENTS_AT_ONCE, Next, listen};
use super::source::SourceArgs;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::airwaves::Source;
use crate::domain::moment::Mono;
use crate::radio::ears::Ears;

/// Shows what is heard now, network by network
///
/// A table that is drawn anew each second, until Ctrl-C. "Phones" counts the ids heard in the last
/// half minute, and the phones that keep theirs. "Loudest" is that of the last second. An answer to
/// the scan counts as one more advert of its phone; `kiosk survey` counts it apart. No address and no
/// id is shown. Of a capture (--replay) silences of more than ten seconds are skipped, and how long
/// they were is said.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct RadioArgs {
    /// Answer in JSON, one line each second, for programs
    #[arg(long)]
    pub json: bool,
    /// For how long, without what is skipped [default: until Ctrl-C, or a capture's end]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub seconds: Option<u64>,
    /// Do not wait a second for each second of a capture
    #[arg(long, requires = "replay")]
    pub at_once: bool,
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
/// When there is nothing to listen with, or `out` cannot be written to; when a capture breaks off, and
/// then what came before is shown.
pub fn run(args: &RadioArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let config = Config::load(args.config.as_deref())?;
    let form = match args.json {
        true => Form::Lines,
        false if std::io::stdout().is_terminal() => Form::Screen,
        false => Form::Pages,
    };
    let clock = if args.at_once { args.source.clock_unwatched() } else { Clock::real() };
    watch(args, &config, clock, form, out)
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
    let began = clock.now().mono;
    let mut sheet = Sheet::new(args.source.words(config), config.site().networks, form, began);
    let until = args.seconds.map(|seconds| began + Duration::from_secs(seconds));
    listen(&mut ears, &mut clock, until, |ears, radio, now| {
        ears.hear(now.mono, EVENTS_AT_ONCE, |advert, at| sheet.tally.hear(advert, at));
        sheet.take_in(radio);
        if now.mono < sheet.due {
            return Ok(Next::Turn(sheet.due));
        }
        sheet.write(ears, now.mono, out)?;
        Ok(silence(ears, now.mono).map_or(Next::Turn(sheet.due), |by| {
            sheet.skip(by);
            Next::Skip(by)
        }))
    })?;
    // The second in which it ended is shown as if it had been awaited.
    if sheet.tally.has_heard() || !sheet.is_begun {
        let ends = sheet.due;
        sheet.write(&ears, ends, out)?;
    }
    listen::end(&mut ears, args.source.replay.as_deref())
}

const SECOND: Duration = Duration::from_secs(1);

/// A longer silence of a capture is not waited for: whoever watches would take it for the end.
const SILENCE_MAX: Duration = Duration::from_secs(10);

/// For how long a capture is silent from now on, but for the second before it goes on, in whole
/// seconds; `None` when that can be waited for.
fn silence(ears: &Ears, now: Mono) -> Option<Duration> {
    let ahead = ears.poll_timeout().filter(|_| ears.source() == Source::Capture)?.since(now);
    let seconds = ahead.saturating_sub(SECOND).as_secs();
    (ahead > SILENCE_MAX).then_some(Duration::from_secs(seconds))
}
