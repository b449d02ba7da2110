//! `kiosk encounters`: how many ids were heard on a day, network by network. No id is shown.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use jiff::civil::Date;

use super::table::grouped;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::moment::Wall;
use crate::store::Reader;

/// Shows how many phones with a contact-tracing app were heard on a day, in numbers
///
/// A phone changes its id every ten to fifteen minutes and then counts again. What was heard in the
/// present quarter of an hour is not yet among it.
#[derive(clap::Args, Clone, Debug)]
pub struct EncountersArgs {
    /// The configuration, as for `kiosk run`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Read this book instead of the one in the configuration
    #[arg(long, value_name = "FILE")]
    book: Option<PathBuf>,
    /// This day instead of today
    #[arg(long, value_name = "YYYY-MM-DD")]
    day: Option<Date>,
    /// Answer in JSON, for programs
    #[arg(long)]
    json: bool,
}

/// Seconds of a day. The zones of a site have no summer time.
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// A network's numbers.
#[derive(serde::Serialize)]
struct Line {
    network: &'static str,
    encounters: u64,
    near_a_minute: u64,
    sightings: u64,
}

/// Writes the numbers of a day.
///
/// # Errors
/// When the configuration or the book cannot be read, or `out` is closed.
pub fn run(args: &EncountersArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let config = Config::load(args.config.as_deref())?;
    let zone = config.site().zone;
    let book = match &args.book {
        Some(book) => book.clone(),
        None => config.book()?,
    };
    let from = match args.day {
        Some(day) => Wall::from_civil(day.at(0, 0, 0, 0), zone),
        None => Clock::real().now().wall.day_start(zone),
    };
    let book = Reader::open(&book).context("open the book")?;
    let heard = book.heard_between(from, Wall(from.0 + DAY_SECONDS)).context("read the book")?;
    let lines: Vec<_> = heard
        .iter()
        .map(|of| Line {
            network: of.network.name(),
            encounters: of.encounters,
            near_a_minute: of.near,
            sightings: of.sightings,
        })
        .collect();
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &lines)?;
        writeln!(out)?;
        return Ok(());
    }
    let day = from.civil(zone).date();
    let all: u64 = lines.iter().map(|line| line.encounters).sum();
    for Line { network, encounters, near_a_minute, sightings } in &lines {
        let (ids, near) = (grouped(*encounters), grouped(*near_a_minute));
        let sightings = grouped(*sightings);
        writeln!(
            out,
            "{network:<10} {ids:>9} ids  {near:>9} near for a minute  {sightings:>11} adverts"
        )?;
    }
    writeln!(out, "{day}: {} ids were heard", grouped(all))?;
    Ok(())
}
