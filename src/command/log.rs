//! `kiosk log`: a day of the book as a table or as JSON, and whether the chain holds.
//!
//! It only reads, beside a kiosk that may be running. What it prints are the names in the book,
//! for whoever may read the file; nothing of it goes to a log.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jiff::civil::Date;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::clock::Clock;
use crate::config::Config;
use crate::domain::moment::{Wall, Zone};
use crate::domain::presence::{Face, Sureness};
use crate::domain::request::FoundVisit;
use crate::domain::visit::Leaving;
use crate::store::Reader;

/// Seconds of a day. The zones of [`Zone`] have no summer time.
const DAY: i64 = 24 * 60 * 60;

/// The heads of the table, in the order of [`Line::cells`].
const HEADS: [&str; 11] =
    ["badge", "in", "out", "by", "name", "host", "purpose", "with", "plate", "phone", "app"];

/// Shows the visits of a day as a table, or proves that nothing was taken out of the book
#[derive(Clone, PartialEq, Eq, Debug, clap::Args)]
pub struct LogArgs {
    /// The configuration, as for `kiosk run`.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Read this book instead of the one in the configuration.
    #[arg(long, value_name = "FILE")]
    book: Option<PathBuf>,
    /// Show this day instead of today.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    day: Option<Date>,
    /// Print JSON, one object a visit.
    #[arg(long)]
    json: bool,
    /// Check every entry of the whole book instead: whether anything was changed or taken out.
    #[arg(long, conflicts_with_all = ["day", "json"])]
    verify: bool,
}

/// A day as it is typed.
fn date(text: &str) -> Result<Date, &'static str> {
    text.parse().map_err(|_| "this must be a day such as 2026-01-31")
}

/// Carries out `kiosk log` on the book of the configuration, today.
///
/// # Errors
/// As [`run`], and when the configuration will not do.
pub fn show(args: &LogArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let config = Config::load(args.config.as_deref())?;
    let now = Clock::real().now();
    run(args, &config.book()?, config.site().zone, now.wall, out)
}

/// Carries out `kiosk log`.
///
/// # Errors
/// When the book cannot be read, when the chain does not hold, or when `out` is closed.
pub fn run(
    args: &LogArgs,
    default_book: &Path,
    zone: Zone,
    now: Wall,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let path = args.book.as_deref().unwrap_or(default_book);
    let book = Reader::open(path).context("open the book")?;
    if args.verify {
        return verify(&book, out);
    }
    let from = match args.day {
        Some(day) => Wall::from_civil(day.at(0, 0, 0, 0), zone),
        None => now.day_start(zone),
    };
    let visits = book.visits(from, Wall(from.0 + DAY)).context("read the book")?;
    let lines: Vec<_> = visits.iter().map(|visit| Line::new(visit, zone)).collect();
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &lines)?;
        writeln!(out)?;
    } else {
        let day = from.civil(zone).date();
        let inside = visits.iter().filter(|visit| visit.left.is_none()).count();
        table(&lines, out)?;
        let visits = match visits.len() {
            1 => "1 visit".to_owned(),
            count => format!("{count} visits"),
        };
        writeln!(out, "{day}: {visits}, {inside} still inside")?;
    }
    Ok(())
}

fn verify(book: &Reader, out: &mut dyn Write) -> anyhow::Result<()> {
    let proof = book.verify().context("read the book")?;
    let head = proof.head_hex();
    if let Some((seq, why)) = proof.broken {
        let good = proof.entries;
        bail!(
            "vouch for the book: the chain breaks at entry {seq}: {why}. Entries 1 to {good} hold, head {head}"
        );
    }
    writeln!(out, "the chain holds: {} entries, head {head}", proof.entries)?;
    writeln!(
        out,
        "note the head elsewhere: that entries were cut off at the end shows only against it"
    )?;
    Ok(())
}

/// A visit as it is printed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
struct Line {
    visit: u32,
    badge: String,
    entered: String,
    left: Option<String>,
    how: Option<&'static str>,
    /// `None` once the person was erased; so are all of the next but the companions.
    name: Option<String>,
    host: Option<String>,
    purpose: Option<String>,
    companions: u8,
    plate: Option<String>,
    phone: Option<String>,
    unit: Option<String>,
    app: &'static str,
}

impl Line {
    fn new(visit: &FoundVisit, zone: Zone) -> Self {
        let civil = |wall: Wall| wall.civil(zone).to_string();
        let personal = visit.personal.clone();
        let part = |text: fn(&crate::domain::visit::Personal) -> &String| {
            personal.as_ref().map(|personal| text(personal).clone())
        };
        Self {
            visit: visit.facts.visit.0,
            badge: visit.facts.badge.to_string(),
            entered: civil(visit.entered),
            left: visit.left.map(|(left, _)| civil(left)),
            how: visit.left.map(|(_, how)| how_word(how)),
            name: part(|personal| &personal.name),
            host: part(|personal| &personal.host),
            purpose: part(|personal| &personal.purpose),
            companions: visit.facts.companions,
            plate: part(|personal| &personal.plate),
            phone: part(|personal| &personal.phone),
            unit: part(|personal| &personal.unit),
            app: app_word(visit.facts.face, visit.facts.no_phone),
        }
    }

    fn cells(&self) -> [String; 11] {
        let or_blank = |text: &Option<String>| text.as_deref().map(plain).unwrap_or_default();
        [
            self.badge.clone(),
            clock(&self.entered),
            self.left.as_deref().map(clock).unwrap_or_default(),
            self.how.unwrap_or_default().to_owned(),
            self.name.as_deref().map_or_else(|| "(erased)".to_owned(), plain),
            or_blank(&self.host),
            or_blank(&self.purpose),
            if self.companions == 0 { String::new() } else { format!("+{}", self.companions) },
            or_blank(&self.plate),
            or_blank(&self.phone),
            self.app.to_owned(),
        ]
    }
}

const fn how_word(how: Leaving) -> &'static str {
    match how {
        Leaving::Visitor => "self",
        Leaving::Guard => "guard",
        Leaving::ClosingSweep => "sweep",
    }
}

/// The face of the bar in a word. "not seen" does not mean "not installed".
const fn app_word(face: Face, no_phone: bool) -> &'static str {
    match face {
        Face::Running(Sureness::Confirmed) => "running",
        Face::Running(Sureness::Probable) => "probably",
        Face::Looking | Face::TapHere | Face::NotSeenYet if no_phone => "no phone",
        Face::Looking | Face::TapHere | Face::NotSeenYet => "not seen",
        Face::RadioUnwell => "radio out",
    }
}

/// Hours and minutes of a civil moment, which begins with `YYYY-MM-DDTHH:MM`.
fn clock(civil: &str) -> String {
    civil.chars().skip("YYYY-MM-DDT".len()).take("HH:MM".len()).collect()
}

/// The text without what would move a terminal's cursor.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '·' } else { c }).collect()
}

fn table(lines: &[Line], out: &mut dyn Write) -> anyhow::Result<()> {
    let heads = HEADS.map(str::to_owned);
    let rows: Vec<_> = std::iter::once(heads).chain(lines.iter().map(Line::cells)).collect();
    let mut widths = [0; HEADS.len()];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    for row in &rows {
        let mut text = String::new();
        for (cell, width) in row.iter().zip(widths) {
            text.push_str(cell);
            // Vietnamese and Lao marks take no column of their own.
            text.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width()) + 2));
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}
