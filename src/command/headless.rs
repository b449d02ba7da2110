//! `kiosk run --headless`: the same kiosk on a clock of its own, leaving pictures of every screen
//! it passed, the logbook, and a page of text.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};

use super::run::RunArgs;
use super::{leavings, playing, summary};
use crate::config::Config;
use crate::domain::moment::Now;
use crate::store::Reader;
use crate::ui::snapshot::{Size, Studio};
use crate::view::{Screen, View};

/// The display the pictures are taken of.
const DISPLAY: Size = Size { width: 1280, height: 800 };

/// Plays the scene and writes where its traces lie.
///
/// # Errors
///
/// When something that is not ours is in the way, or cannot be written; when a capture was not played
/// to its end, and then the page says how far.
pub(super) fn run(args: &RunArgs, config: &Config, out: &mut dyn Write) -> anyhow::Result<()> {
    let book = args.out.join("logbook.db");
    if Reader::is_in_use(&book) == Some(true) {
        bail!("take {}: a kiosk has its logbook open; choose another --out", args.out.display());
    }
    leavings::begin(&args.out)?;
    let mut album = Album::new(args.out.clone())?;
    let mut played =
        playing::play(&args.source, config.site(), &book, &mut |view, now| album.look(view, now))?;
    let pictures = album.close()?;

    let page = summary::of(&played, &book, &pictures)?;
    leavings::end(&args.out, &page)?;
    let failure = played.capture.take().and_then(|heard| heard.failure);
    drop(played);
    writeln!(out, "{page}")?;
    writeln!(out, "pictures, logbook.db and summary.txt are in {}", args.out.display())?;
    let (Some(failure), Some(capture)) = (failure, &args.source.replay) else { return Ok(()) };
    Err(failure).with_context(|| format!("replay {}", capture.display()))
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
