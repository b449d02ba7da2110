//! `kiosk run --headless`: the same kiosk on a clock of its own, leaving pictures of every screen
//! it passed, the logbook, and a page of text.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};

use super::run::RunArgs;
use super::source::SceneName;
use super::{leavings, summary};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::moment::{Mono, Now};
use crate::kiosk::morning;
use crate::kiosk::rehearsal::Rehearsal;
use crate::radio::ears::Ears;
use crate::store::Reader;
use crate::ui::snapshot::{Size, Studio};
use crate::view::{Screen, View};

/// How long a scene without a script is played.
const SCENE_LASTS: Duration = Duration::from_hours(1);

/// The display the pictures are taken of.
const DISPLAY: Size = Size { width: 1280, height: 800 };

/// Plays the scene and writes where its traces lie.
///
/// # Errors
///
/// When something that is not ours is in the way, or cannot be written.
pub(super) fn run(args: &RunArgs, config: &Config, out: &mut dyn Write) -> anyhow::Result<()> {
    let book = args.out.join("logbook.db");
    if Reader::is_in_use(&book) == Some(true) {
        bail!("take {}: a kiosk has its logbook open; choose another --out", args.out.display());
    }
    leavings::begin(&args.out)?;
    let is_morning = args.source.sim == Some(SceneName::Morning);
    let (mut rehearsal, lasts) = if is_morning {
        let (street, cast) = morning::street();
        let ears = Ears::in_street(street);
        let mut rehearsal = Rehearsal::new(config.site(), book.clone(), morning::BEGINS, ears);
        morning::plan(&mut rehearsal, cast);
        (rehearsal, morning::LASTS)
    } else {
        let clock = Clock::at(morning::BEGINS);
        // There is no air on a virtual clock.
        let ears = args.source.scene(&clock)?.unwrap_or_else(Ears::deaf);
        (Rehearsal::new(config.site(), book.clone(), morning::BEGINS, ears), SCENE_LASTS)
    };
    let mut album = Album::new(args.out.clone())?;
    album.look(&rehearsal.view(), rehearsal.now());
    rehearsal.run_until(Mono::from_start(lasts), &mut |view, now| album.look(view, now));
    let pictures = album.close()?;

    let page = summary::of(&rehearsal, &book, &pictures)?;
    leavings::end(&args.out, &page)?;
    drop(rehearsal);
    writeln!(out, "{page}")?;
    writeln!(out, "pictures, logbook.db and summary.txt are in {}", args.out.display())?;
    Ok(())
}

/// One picture of each thing worth seeing, in the order they were passed.
struct Album {
    studio: Studio,
    directory: PathBuf,
    taken: BTreeSet<String>,
    names: Vec<String>,
    failed: Option<anyhow::Error>,
}

impl Album {
    fn new(directory: PathBuf) -> anyhow::Result<Self> {
        let studio = Studio::open().context("draw without a display")?;
        let (taken, names) = (BTreeSet::new(), Vec::new());
        Ok(Self { studio, directory, taken, names, failed: None })
    }

    /// Takes a picture unless there is one of this screen with this bar in this language.
    fn look(&mut self, view: &View, now: Now) {
        let kind = kind(view);
        if self.failed.is_some() || !self.taken.insert(kind.clone()) {
            return;
        }
        let name = format!("{:02}-{kind}.png", self.taken.len());
        if let Err(error) = self.save(view, &name) {
            self.failed = Some(error);
        }
        let seconds = now.mono.since_start().as_secs();
        self.names.push(format!("{:>3}:{:02}  {name}", seconds / 60, seconds % 60));
    }

    fn save(&self, view: &View, name: &str) -> anyhow::Result<()> {
        let picture = self.studio.picture(view, DISPLAY).to_png()?;
        fs::write(self.directory.join(name), picture).with_context(|| format!("write {name}"))
    }

    fn close(self) -> anyhow::Result<Vec<String>> {
        self.failed.map_or(Ok(self.names), Err)
    }
}

/// What makes a screen worth a picture of its own: which it is, what the bar says, the language.
fn kind(view: &View) -> String {
    let screen = match &view.screen {
        Screen::Welcome { .. } => "welcome",
        Screen::Notice { .. } => "notice",
        Screen::Identify => "identify",
        Screen::Typing(_) => "typing",
        Screen::Phone { recalled: Some(_), .. } => "recalled",
        Screen::Phone { .. } => "phone",
        Screen::Visit(_) => "visit",
        Screen::Install(_) => "install",
        Screen::Writing => "writing",
        Screen::Done(_) => "done",
        Screen::Leave { .. } => "leave",
        Screen::Left => "left",
        Screen::Fault(_) => "fault",
        Screen::Pin(_) => "pin",
        Screen::Guard(_) => "guard",
        Screen::Radio(_) => "radio",
        Screen::Held(_) => "held",
        Screen::Checks(_) => "checks",
        Screen::Exposures(_) => "exposures",
        Screen::Overlap(_) => "overlap",
        Screen::Export(_) => "export",
    };
    let bar = view.bar.map_or("", |face| match face {
        crate::domain::presence::Face::Looking => "-looking",
        crate::domain::presence::Face::Running(_) => "-running",
        crate::domain::presence::Face::TapHere => "-tap-here",
        crate::domain::presence::Face::NotSeenYet => "-not-seen-yet",
        crate::domain::presence::Face::RadioUnwell => "-radio-unwell",
    });
    let asked = if view.still_there { "-still-there" } else { "" };
    format!("{screen}{bar}{asked}-{}", view.language.code())
}
