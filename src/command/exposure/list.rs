//! `kiosk exposure list`: the exposures there are, and who had a closer look.

use std::io::Write;

use anyhow::Context;

use super::Desk;
use super::sheet::{Line, duration};
use crate::domain::exposure::reason::Reason;
use crate::domain::logbook::{By, Entry, Event};
use crate::domain::moment::Zone;
use crate::store::Reader;

/// Shows on which days somebody infected was at this door, and in which half-hours
///
/// It names no visitor. Below stands who looked up visitors or handed something out, when and why;
/// the reasons are erased when the visitors' names of that time are.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct ListArgs {
    /// Answer in JSON, for programs: one object a half-hour
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &ListArgs, desk: &Desk, out: &mut dyn Write) -> anyhow::Result<()> {
    let book = Reader::open(&desk.book).context("open the book")?;
    let notices = book.exposures().context("read the book")?;
    let lines = Line::all(&notices, desk.zone);
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &lines)?;
        writeln!(out)?;
        return Ok(());
    }
    let mut day = "";
    for line in &lines {
        if line.day != day {
            writeln!(out, "{}", line.day)?;
            day = &line.day;
        }
        let near = match line.near_seconds {
            Some(seconds) => format!("near for {:>9}", duration(seconds)),
            None => "scanned its code  ".to_owned(),
        };
        let loss = match line.attenuation_db {
            Some(db) => format!("loss {db:>3} dB"),
            None => "loss unknown".to_owned(),
        };
        let Line { from, to, network, report, .. } = line;
        writeln!(out, "  {from} – {to}  {near}  {loss:<12}  {network}, {report}")?;
    }
    if lines.is_empty() {
        writeln!(out, "nobody who was reported so far was heard at this door")?;
    }
    for (entry, reason) in book.disclosures().context("read the book")? {
        if let Some(line) = disclosure(&entry, reason.as_ref(), desk.zone) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// One look or handing out on a line.
#[expect(clippy::wildcard_enum_match_arm, reason = "other events are none")]
fn disclosure(entry: &Entry, reason: Option<&Reason>, zone: Zone) -> Option<String> {
    let (what, by) = match entry.public.event {
        Event::OverlapOpened { trace, day, visits, by, .. } => {
            let day = day.civil(zone).date();
            (format!("{visits} visits around the exposure of {day}, {trace}, were shown"), by)
        }
        Event::ExposuresExported { exposures, by } => {
            (format!("{exposures} exposures were exported"), by)
        }
        Event::HistoryPublished { network, from, encounters, by, .. } => {
            let from = from.civil(zone).date();
            let what = format!("keys and {encounters} encounters from {from} on, {network}");
            (format!("{what}, were written out"), by)
        }
        _ => return None,
    };
    let by = match by {
        By::Administrator => "administrator",
        By::CommandLine => "command",
    };
    let when = entry.public.wall.civil(zone).strftime("%Y-%m-%d %H:%M");
    let reason = reason.map_or("(reason erased)", Reason::as_str);
    Some(format!("{when}  {by}: {what}: {reason}"))
}
