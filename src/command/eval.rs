//! `kiosk eval`: how well the kiosk decides, on recordings whose truth is known. It plays them
//! through the presence that ships and fits nothing: that is done by `examples/refit/`.

pub mod play;
pub mod queue;
pub mod scene;
pub mod share;
pub mod visit;

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use serde::Serialize;

use self::play::{Found, Mark, Stage};
use self::queue::NextInLine;
use self::scene::Scene;
use self::share::{Share, finds, thresholds};
use self::visit::{Visits, WholeVisits};
use super::table;
use crate::domain::presence::rule::Rule;

/// Measures how well the kiosk decides
#[derive(clap::Args, Clone, Debug)]
pub struct EvalArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum What {
    Presence(PresenceArgs),
}

/// How often the visitor's phone is found, and how often one where there is none
///
/// Reads scenes: one JSON object a line, zipped or not, with the adverts of some phones from 20 s
/// before a touch to 5 s after it. What says whose phone is whose is used for scoring only.
#[derive(clap::Args, Clone, Debug)]
pub struct PresenceArgs {
    /// The scenes
    pub file: PathBuf,
    /// In these scenes the visitor holds the phone to the mark after moment zero
    #[arg(long)]
    pub tap: bool,
    /// As if the radio had begun to hear only so many seconds before moment zero
    #[arg(long, value_name = "SECONDS")]
    pub heard_before: Option<u64>,
    /// Answer in JSON, for programs, with each scene
    #[arg(long)]
    pub json: bool,
}

/// Writes the figures to `out`.
///
/// # Errors
///
/// When the scenes cannot be read, or `out` cannot be written to.
pub fn run(args: &EvalArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let What::Presence(args) = &args.what;
    presence(args, out)
}

/// `kiosk eval presence`.
///
/// # Errors
///
/// As for [`run`].
pub fn presence(args: &PresenceArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let path = args.file.display();
    let file = File::open(&args.file).with_context(|| format!("open {path}"))?;
    let scenes = scene::read(file).with_context(|| format!("evaluate {path}"))?;
    let evaluation = Evaluation::of(&scenes, args.tap, args.heard_before.map(Duration::from_secs));
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &evaluation)?;
        writeln!(out)?;
    } else {
        evaluation.write(out)?;
    }
    Ok(())
}

/// Seconds after moment zero at which is looked.
const HORIZONS_S: [u64; 4] = [1, 2, 3, 5];

/// What came out.
#[derive(Clone, Debug, Serialize)]
pub struct Evaluation {
    /// Scenes in which the visitor has the app.
    with_app: u32,
    /// Scenes in which nobody at the desk has it.
    without_app: u32,
    /// What any threshold could find, by seconds after moment zero.
    horizons: Vec<Horizon>,
    /// What the shipped thresholds find.
    shipped: Vec<Shipped>,
    /// Whole visits with phones that are silent half of the time; for scenes of taps.
    visits: Option<Visits>,
    /// The next in line; for scenes without taps.
    next_in_line: Option<NextInLine>,
    /// Scene by scene.
    scenes: Vec<Scored>,
}

#[derive(Clone, Debug, Serialize)]
struct Horizon {
    seconds: u64,
    /// The most that any threshold finds with at most 1 % of the scenes without the app wrong, and
    /// that threshold.
    tpr_at_1_percent: Share,
    odds_at_1_percent: f32,
    /// The same with 5 %.
    tpr_at_5_percent: Share,
    odds_at_5_percent: f32,
}

#[derive(Clone, Debug, Serialize)]
struct Shipped {
    stage: &'static str,
    seconds: u64,
    /// Scenes with the app in which the bar is green for the visitor's phone.
    tpr: Share,
    /// Scenes without the app in which it is green at all.
    fpr: Share,
    /// Scenes with the app in which it is green for another phone.
    another: Share,
}

/// One scene: its marks give what any threshold would have found, as the first mark above it.
#[derive(Clone, Debug, Serialize)]
struct Scored {
    id: u64,
    app: bool,
    /// Milliseconds after moment zero, odds, whether it was the visitor's phone.
    marks: Vec<(i64, f32, bool)>,
}

impl Evaluation {
    /// Plays all scenes.
    #[must_use]
    pub fn of(scenes: &[Scene], tap: bool, heard_before: Option<Duration>) -> Self {
        let shipped = Rule::default();
        // Listening alone, for as long as is looked.
        let listening = Rule { listens_for: Duration::from_secs(6), ..shipped };
        let (rule, stage) =
            if tap { (tap_only(shipped), Stage::TAP) } else { (listening, Stage::DESK) };
        let stage = Stage { heard_before, ..stage };
        let marks: Vec<_> = scenes.iter().map(|scene| play::marks(scene, &rule, stage)).collect();
        let of = |app: bool| -> Vec<&[Mark]> {
            let all = scenes.iter().zip(&marks);
            all.filter(|(scene, _)| scene.truth.app == app).map(|(_, marks)| &marks[..]).collect()
        };
        let (with, without) = (of(true), of(false));
        let horizons = HORIZONS_S.map(|seconds| horizon(&with, &without, seconds));
        let rows: &[(&'static str, Rule, u64)] = if tap {
            &[
                ("tap", tap_only(shipped), 1),
                ("tap", tap_only(shipped), 2),
                ("tap", tap_only(shipped), 5),
                ("both stages", shipped, 2),
                ("both stages", shipped, 5),
            ]
        } else {
            &[("listening", shipped, 1), ("listening", shipped, 2), ("listening", shipped, 3)]
        };
        Self {
            with_app: count(with.len()),
            without_app: count(without.len()),
            horizons: horizons.into(),
            shipped: rows
                .iter()
                .map(|&(name, rule, seconds)| as_shipped(scenes, name, &rule, stage, seconds))
                .collect(),
            visits: tap.then(|| WholeVisits::of(scenes, heard_before)),
            next_in_line: (!tap).then(|| NextInLine::of(scenes)),
            scenes: scenes
                .iter()
                .zip(&marks)
                .map(|(scene, marks)| Scored {
                    id: scene.id,
                    app: scene.truth.app,
                    marks: marks.iter().map(|m| (m.at_ms, m.odds, m.right)).collect(),
                })
                .collect(),
        }
    }

    fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let scenes = |number: u32| table::counted(u64::from(number), "scene");
        writeln!(
            out,
            "{} with the app, {} without\n",
            scenes(self.with_app),
            scenes(self.without_app)
        )?;
        writeln!(out, "Found, were the threshold so that 1 % or 5 % of those without are wrong:")?;
        let mut rows = Vec::new();
        for at in &self.horizons {
            rows.push((format!("  after {} s, 1 %", at.seconds), at.tpr_at_1_percent.to_string()));
            rows.push((format!("  after {} s, 5 %", at.seconds), at.tpr_at_5_percent.to_string()));
        }
        table::write(out, &rows, false)?;
        writeln!(out, "\nWith the thresholds as shipped:")?;
        let mut rows = Vec::new();
        for row in &self.shipped {
            let name = format!("  {}, after {} s", row.stage, row.seconds);
            rows.push((format!("{name}, found"), row.tpr.to_string()));
            rows.push((format!("{name}, wrongly found"), row.fpr.to_string()));
            rows.push((format!("{name}, another's found"), row.another.to_string()));
        }
        table::write(out, &rows, false)?;
        if let Some(visits) = &self.visits {
            writeln!(out)?;
            visits.write(out)?;
        }
        if let Some(next_in_line) = &self.next_in_line {
            writeln!(out)?;
            next_in_line.write(out)?;
        }
        Ok(())
    }
}

/// The rule without its first stage.
fn tap_only(mut rule: Rule) -> Rule {
    rule.listening.threshold = f32::INFINITY;
    rule
}

fn horizon(with: &[&[Mark]], without: &[&[Mark]], seconds: u64) -> Horizon {
    let until_ms = i64::try_from(seconds * 1_000).unwrap_or(i64::MAX);
    let at = |part: f64| {
        let found = |odds| Share::of(with.iter().map(|marks| finds(marks, until_ms, odds)));
        thresholds(without, until_ms, part)
            .into_iter()
            .map(|odds| (found(odds), odds))
            .reduce(|best, next| if next.0.count > best.0.count { next } else { best })
            // Without such scenes none is wrong.
            .unwrap_or((found(f32::NEG_INFINITY), f32::MIN))
    };
    let ((tpr_at_1_percent, odds_at_1_percent), (tpr_at_5_percent, odds_at_5_percent)) =
        (at(0.01), at(0.05));
    Horizon { seconds, tpr_at_1_percent, odds_at_1_percent, tpr_at_5_percent, odds_at_5_percent }
}

fn as_shipped(
    scenes: &[Scene],
    name: &'static str,
    rule: &Rule,
    stage: Stage,
    seconds: u64,
) -> Shipped {
    // The tap begins at the third second itself.
    let after = Duration::from_secs(seconds).saturating_sub(Duration::from_millis(1));
    let found: Vec<_> = scenes
        .iter()
        .map(|scene| (scene.truth.app, play::found(scene, rule, stage, after)))
        .collect();
    let share = |app: bool, is: fn(Found) -> bool| {
        Share::of(found.iter().filter(|(has, _)| *has == app).map(|&(_, found)| is(found)))
    };
    Shipped {
        stage: name,
        seconds,
        tpr: share(true, |found| found == Found::TheVisitors),
        fpr: share(false, |found| found != Found::Nobodys),
        another: share(true, |found| found == Found::AnotherOnes),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
