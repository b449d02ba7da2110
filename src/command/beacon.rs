//! `kiosk beacon show`: what the kiosk itself has on the air now, taken apart, and when it changes.
//!
//! It reads the secrets from the book and shows what is made of them, never the secrets. What is
//! shown is broadcast to everybody around anyhow.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;

use super::{explain, hex, table};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::advert::{Address, Advertisement};
use crate::domain::beacon::{Airing, Beacon, BeaconKeys, Part, Setup, plan};
use crate::domain::moment::{Now, Wall, Zone};
use crate::store::Reader;

/// Shows what the kiosk itself sends
///
/// The kiosk joins contact networks so that visitors' phones record having been here.
#[derive(clap::Args, Clone, Debug)]
pub struct BeaconArgs {
    #[command(subcommand)]
    pub what: What,
}

/// What is to be shown.
#[derive(clap::Subcommand, Clone, Debug)]
pub enum What {
    Show(ShowArgs),
}

/// Shows what is on the air now, piece by piece, and when it changes
///
/// To what can be connected to, the Bluetooth stack adds flags and, for DP-3T, the level.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct ShowArgs {
    /// The configuration, as for `kiosk run`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Answer in JSON, for programs
    #[arg(long)]
    pub json: bool,
}

/// Carries out `kiosk beacon`.
///
/// # Errors
///
/// When the configuration will not do, the book cannot be read, or `out` cannot be written to.
pub fn run(args: &BeaconArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let What::Show(args) = &args.what;
    let config = Config::load(args.config.as_deref())?;
    let site = config.site();
    show(args, &site.beacon, &config.book()?, site.zone, Clock::real().now(), out)
}

/// Writes what a kiosk with this book and this setup has on the air at `now` to `out`.
///
/// # Errors
///
/// When the book cannot be read, or `out` cannot be written to.
pub fn show(
    args: &ShowArgs,
    setup: &Setup,
    book: &Path,
    zone: Zone,
    now: Now,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let reader = Reader::open(book).context("open the book")?;
    let keys = reader.beacon_keys().context("read the book")?;
    let shown = Shown::new(setup, &keys, Reader::is_in_use(book), now);
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &shown)?;
        writeln!(out)?;
    } else {
        shown.write(zone, out)?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Shown {
    /// Whether a kiosk has the book open; none where that cannot be seen.
    running: Option<bool>,
    at: Wall,
    next_change: Option<Wall>,
    on_air: Vec<OnAir>,
    answers: Vec<Read>,
    silent: Vec<Part>,
}

#[derive(Serialize)]
struct OnAir {
    part: Part,
    connectable: bool,
    turn_seconds: u16,
    until: Option<Wall>,
    bytes: String,
    structures: Vec<Structure>,
}

#[derive(Serialize)]
struct Structure {
    ad_type: u8,
    name: &'static str,
    meaning: String,
}

#[derive(Serialize)]
struct Read {
    service: String,
    characteristic: String,
    value: String,
}

impl Shown {
    fn new(setup: &Setup, keys: &BeaconKeys, running: Option<bool>, now: Now) -> Self {
        let mut beacon = Beacon::new(setup.clone());
        beacon.set_keys(*keys, now);
        let until = |part: Part| match part {
            Part::Member(network) => {
                let base = keys.of(network)?;
                plan::member(network, base, setup, now.wall).map(|member| member.until)
            }
            Part::Wake => None,
        };
        let plan = beacon.plan();
        let on_air: Vec<OnAir> =
            plan.airings.iter().map(|airing| OnAir::new(airing, until(airing.part))).collect();
        let answers = plan.answers.iter().map(|answer| Read {
            service: explain::dashed(answer.gatt.service),
            characteristic: explain::dashed(answer.gatt.characteristic),
            value: hex::show(&answer.value),
        });
        let is_silent = |part: &Part| on_air.iter().all(|each| each.part != *part);
        Self {
            running,
            at: now.wall,
            next_change: on_air.iter().filter_map(|each| each.until).min(),
            silent: crate::domain::beacon::schedule::parts(setup)
                .into_iter()
                .filter(is_silent)
                .collect(),
            answers: answers.collect(),
            on_air,
        }
    }

    fn write(&self, zone: Zone, out: &mut dyn Write) -> std::io::Result<()> {
        let clock = |moment: Wall| moment.civil(zone).time().to_string();
        match self.running {
            Some(true) => writeln!(out, "on the air at {}", clock(self.at))?,
            Some(false) => writeln!(
                out,
                "No kiosk is running with this book, so nothing is on the air. At {} it would be:",
                clock(self.at)
            )?,
            None => writeln!(
                out,
                "Whether a kiosk is running with this book is not known. If one is, at {}:",
                clock(self.at)
            )?,
        }
        if self.on_air.is_empty() && self.silent.is_empty() {
            return writeln!(out, "nothing: no network is named under [beacon]");
        }
        let turns: u16 = self.on_air.iter().map(|each| each.turn_seconds).sum();
        for each in &self.on_air {
            let OnAir { part, connectable, turn_seconds, .. } = each;
            let connectable = if *connectable { ", can be connected to" } else { "" };
            let turn = if self.on_air.len() > 1 {
                format!(", {turn_seconds} of {turns} s where things take turns")
            } else {
                String::new()
            };
            writeln!(out, "\n{part}{connectable}{turn}")?;
            let rows: Vec<_> = each.structures.iter().map(Structure::row).collect();
            table::write(out, &rows, false)?;
            if let Some(until) = each.until {
                let seconds = until.seconds_since(self.at);
                writeln!(out, "  changes at {}, in {seconds} s", clock(until))?;
            }
        }
        if !self.answers.is_empty() {
            writeln!(out, "\nread by whoever connects")?;
            let rows = self
                .answers
                .iter()
                .map(|read| (format!("  {}", read.characteristic), read.value.clone()));
            table::write(out, &rows.collect::<Vec<_>>(), false)?;
        }
        for part in &self.silent {
            writeln!(out, "\n{part} is silent: the clock stands before its secret was made")?;
        }
        match self.next_change {
            Some(next) => writeln!(out, "\nthe next change is at {}", clock(next)),
            None => Ok(()),
        }
    }
}

impl OnAir {
    fn new(airing: &Airing, until: Option<Wall>) -> Self {
        let &Airing { part, connectable, turn_seconds, data, .. } = airing;
        let address = Address { bytes: [0; 6], random: true };
        let advert = Advertisement { address, rssi: None, connectable, data };
        let structures = advert.structures().map_while(Result::ok).map(|structure| Structure {
            ad_type: structure.ad_type,
            name: explain::name(structure.ad_type),
            meaning: explain::meaning(&structure),
        });
        let bytes = hex::show(data.as_bytes());
        Self { part, connectable, turn_seconds, until, bytes, structures: structures.collect() }
    }
}

impl Structure {
    fn row(&self) -> (String, String) {
        (format!("  {:02X}  {}", self.ad_type, self.name), self.meaning.clone())
    }
}
