//! `kiosk check`: tries each organ and says on one line each how it is.

mod radio;

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::clock::Clock;
use crate::config::{self, Config};
use crate::gpio::Pins;
use crate::store::{Book, Options, Reader, StoreError};

/// Tries every part of the kiosk and says how it is
///
/// One line each: "ok", "note" for something you should know, "FAIL" for something that must be
/// mended, with what to do. Ends with 1 if anything failed.
#[derive(clap::Args, Clone, Debug)]
pub struct CheckArgs {
    /// The configuration, as for `kiosk run`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// How an organ is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Health {
    /// Well.
    Ok,
    /// Works, but somebody should know.
    Note,
    /// Must be mended.
    Fail,
}

/// What was found of one organ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Which organ.
    pub organ: &'static str,
    /// How it is.
    pub health: Health,
    /// In words.
    pub words: String,
}

impl Finding {
    fn ok(organ: &'static str, words: impl Into<String>) -> Self {
        Self { organ, health: Health::Ok, words: words.into() }
    }

    fn note(organ: &'static str, words: impl Into<String>) -> Self {
        Self { organ, health: Health::Note, words: words.into() }
    }

    fn fail(organ: &'static str, words: impl Into<String>) -> Self {
        Self { organ, health: Health::Fail, words: words.into() }
    }
}

/// Tries everything and writes a line each. Returns the worst of it.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn run(args: &CheckArgs, out: &mut dyn Write) -> anyhow::Result<Health> {
    let findings = match Config::load(args.config.as_deref()) {
        Err(error) => vec![Finding::fail("config", error.to_string())],
        Ok(config) => {
            let clock = Clock::real();
            let mut findings = vec![Finding::ok("config", config.site().name)];
            findings.push(match config.book() {
                Ok(book) => store(&book, &config, &clock),
                Err(error) => Finding::fail("store", error.to_string()),
            });
            findings.push(clock_health(&clock));
            findings.extend(radio::findings(config.adapter()));
            findings.extend([pins(&config), screen(), link(&config)]);
            findings
        }
    };
    let mut worst = Health::Ok;
    for Finding { organ, health, words } in findings {
        let mark = match health {
            Health::Ok => "ok",
            Health::Note => "note",
            Health::Fail => "FAIL",
        };
        writeln!(out, "{mark:<4}  {organ:<6}  {words}")?;
        worst = worst.max(health);
    }
    Ok(worst)
}

/// Reads the whole book, and opens it for writing as the kiosk would. A damaged one is left as it
/// is: setting it aside is for the kiosk to do, when it is started.
fn store(path: &Path, config: &Config, clock: &Clock) -> Finding {
    let shown = path.display();
    if !path.exists() {
        let words = format!("{shown} is begun when the kiosk is first started");
        return Finding::note("store", words);
    }
    let read = Reader::open(path).and_then(|mut reader| {
        reader.check(|| false)?;
        reader.verify()
    });
    let proof = match read {
        Ok(proof) if proof.holds() => proof,
        Ok(proof) => return Finding::fail("store", format!("{shown}: {proof}")),
        Err(error) => return Finding::fail("store", about(path, &error)),
    };
    let wall = clock.now().wall;
    let today_from = wall.day_start(config.site().zone);
    let options = Options { today_from, wall, in_doubt: false };
    match Book::open(path, options) {
        // While the kiosk runs it alone may write, and it says on the screen when it cannot.
        Ok(_) | Err(StoreError::InUse { .. }) => Finding::ok("store", format!("{shown}: {proof}")),
        Err(error) => Finding::fail("store", about(path, &error)),
    }
}

/// The error with the book it is about, once.
fn about(path: &Path, error: &StoreError) -> String {
    let (shown, words) = (path.display().to_string(), error.to_string());
    if words.contains(&shown) { words } else { format!("{shown}: {words}") }
}

fn clock_health(clock: &Clock) -> Finding {
    if clock.now().wall_trusted {
        Finding::ok("clock", "network time or a clock chip vouches for it")
    } else {
        Finding::note(
            "clock",
            "nobody vouches for it: fit a clock chip, or connect the network once after each \
             start; until then entries are marked, and nothing is erased",
        )
    }
}

fn pins(config: &Config) -> Finding {
    let Some(wiring) = config.wiring() else {
        return Finding::ok("pins", "nothing is wired");
    };
    match Pins::open(&wiring, |_| {}) {
        Ok(_) => Finding::ok("pins", "lamp, buzzer, gate and sensor can be reached"),
        Err(error) => Finding::fail("pins", format!("failed to {error}")),
    }
}

fn screen() -> Finding {
    let cards = Path::new("/dev/dri").exists();
    match (config::has_window_system(), cards) {
        (true, _) => Finding::ok("screen", "a window can be opened"),
        (false, true) => Finding::ok("screen", "/dev/dri is there"),
        (false, false) => Finding::note("screen", "no display: only --headless works here"),
    }
}

/// Nobody can say from here whether the page behind the code is there.
fn link(config: &Config) -> Finding {
    let link = &config.site().install.any;
    Finding::note("link", format!("{link} was not verified: scan the code with a phone once"))
}
