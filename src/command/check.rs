//! `kiosk check`: tries each organ and says on one line each how it is. What is found of the machine
//! is gathered first, so that what is said of it can be held against any machine.

mod levels;
mod network;
mod radio;
mod reads;
mod sends;

pub use levels::Levels;
pub use radio::{Radio, Way};
pub use sends::Sends;

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::clock::Clock;
use crate::config::{self, Config};
use crate::gpio;
use crate::store::{Book, Options, Reader, StoreError, aside};

/// Seconds of a day.
const DAY_SECONDS: i64 = 24 * 60 * 60;

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

/// What is found of the machine the kiosk runs on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Machine {
    /// Whether network time or a clock chip vouches for the time.
    pub clock_trusted: bool,
    /// Its Bluetooth.
    pub radio: Radio,
    /// Whether the adapter of its own that phones are read with can be used; `None` where nobody wants
    /// one.
    pub reads: Option<bool>,
    /// How the kiosk's own adverts fare.
    pub sends: Sends,
    /// Whether the wired pins can be reached, or why not; `None` when nothing is wired.
    pub pins: Option<Result<(), String>>,
    /// What a screen can be shown on.
    pub screen: Screen,
    /// Whether the service may reach the network; `None` where it is not installed.
    pub is_let_out: Option<bool>,
}

/// What a screen can be shown on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Screen {
    /// A window of a desktop.
    Window,
    /// The display itself.
    Display,
    /// Nothing.
    Nothing,
}

impl Machine {
    /// Looks at this machine, and tries what can be tried without being seen.
    fn look(config: &Config, clock: &Clock) -> Self {
        let pins = |wiring| gpio::look(&wiring).map_err(|error| error.to_string());
        let screen = if config::has_window_system() {
            Screen::Window
        } else if Path::new("/dev/dri").exists() {
            Screen::Display
        } else {
            Screen::Nothing
        };
        Self {
            clock_trusted: clock.now().wall_trusted,
            radio: Radio::look(config.adapter(), clock),
            reads: reads::look(config),
            sends: Sends::look(config, clock),
            pins: config.wiring().map(pins),
            screen,
            is_let_out: network::is_let_out(Path::new("/")),
        }
    }
}

/// Tries everything and writes a line each. Returns the worst of it.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn run(args: &CheckArgs, out: &mut dyn Write) -> anyhow::Result<Health> {
    match Config::load(args.config.as_deref()) {
        Err(error) => write(&[Finding::fail("config", format!("failed to {error}"))], out),
        Ok(config) => {
            let clock = Clock::real();
            report(&config, &clock, &Machine::look(&config, &clock), out)
        }
    }
}

/// Tries the book and writes a line for it and for each organ of `machine`. Returns the worst of it.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn report(
    config: &Config,
    clock: &Clock,
    machine: &Machine,
    out: &mut dyn Write,
) -> anyhow::Result<Health> {
    let mut findings = vec![Finding::ok("config", config.site().name)];
    match config.book() {
        Ok(book) => {
            findings.push(store(&book, config, clock));
            findings.extend(set_aside(&book, config, clock));
        }
        Err(error) => findings.push(Finding::fail("store", error.to_string())),
    }
    findings.push(clock_health(machine.clock_trusted));
    findings.extend(machine.radio.findings(config.adapter()));
    findings.extend(reads::finding(config, machine.reads));
    findings.extend(machine.sends.finding(config.adapter(), &config.site().beacon));
    findings.extend([pins(machine.pins.as_ref()), screen(machine.screen), link(config)]);
    if let Some(server) = config.exposure().server {
        findings.push(network::finding(&server.index_url, machine.is_let_out));
    }
    write(&findings, out)
}

fn write(findings: &[Finding], out: &mut dyn Write) -> anyhow::Result<Health> {
    let mut worst = Health::Ok;
    for Finding { organ, health, words } in findings {
        let mark = match health {
            Health::Ok => "ok",
            Health::Note => "note",
            Health::Fail => "FAIL",
        };
        writeln!(out, "{mark:<4}  {organ:<6}  {words}")?;
        worst = worst.max(*health);
    }
    Ok(worst)
}

/// Reads the whole book, and opens it for writing as the kiosk would. A damaged one is left as it
/// is: setting it aside is for the kiosk to do, when it is started.
fn store(path: &Path, config: &Config, clock: &Clock) -> Finding {
    let shown = path.display();
    if !path.exists() {
        return match room_for(path) {
            Ok(()) => {
                let words = format!("{shown} is begun when the kiosk is first started");
                Finding::note("store", words)
            }
            Err(error) => Finding::fail("store", format!("{shown} cannot be begun: {error}")),
        };
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

/// The damaged books that were set aside, if there are any: they hold persons as the book does.
fn set_aside(path: &Path, config: &Config, clock: &Clock) -> Option<Finding> {
    let all = match aside::beside(path) {
        Ok(all) => all,
        Err(error) => return Some(Finding::note("aside", error.to_string())),
    };
    let first = all.first()?;
    let days = clock.now().wall.seconds_since(first.at).max(0) / DAY_SECONDS;
    let (count, keep, shown) = (all.len(), config.site().keep_personal_days, first.path.display());
    let words = format!(
        "damaged logbooks were set aside: {count}, the first {days} days ago ({shown}); they hold \
         persons, and are deleted after {keep} days by a clock that somebody vouches for"
    );
    Some(Finding::note("aside", words))
}

/// Tries whether a book can be begun: writes its first 100 kB beside it, and takes them away again.
/// Of directories that are still to be made, the one in which they would be is tried.
fn room_for(path: &Path) -> Result<(), String> {
    let directory = path.ancestors().skip(1).find(|directory| directory.is_dir());
    let directory = directory.unwrap_or(Path::new("."));
    let trial = directory.join(".kiosk-check");
    let written = std::fs::write(&trial, vec![0; 100_000]);
    let removed = std::fs::remove_file(&trial);
    written.and(removed).map_err(|error| format!("{}: {error}", directory.display()))
}

/// The error with the book it is about, once.
fn about(path: &Path, error: &StoreError) -> String {
    let (shown, words) = (path.display().to_string(), error.to_string());
    if words.contains(&shown) { words } else { format!("{shown}: {words}") }
}

fn clock_health(is_trusted: bool) -> Finding {
    if is_trusted {
        Finding::ok("clock", "network time or a clock chip vouches for it")
    } else {
        Finding::note(
            "clock",
            "nobody vouches for it: fit a clock chip with a good battery (a Raspberry Pi 5 has the \
             chip alone), or connect the network once after each start; until then entries are \
             marked, and nothing is erased",
        )
    }
}

fn pins(tried: Option<&Result<(), String>>) -> Finding {
    match tried {
        None => Finding::ok("pins", "nothing is wired"),
        Some(Ok(())) => Finding::ok("pins", "lamp, buzzer, gate and sensor can be reached"),
        Some(Err(error)) => Finding::fail("pins", format!("failed to {error}")),
    }
}

fn screen(screen: Screen) -> Finding {
    match screen {
        Screen::Window => Finding::ok("screen", "a window can be opened"),
        Screen::Display => Finding::ok("screen", "/dev/dri is there"),
        Screen::Nothing => Finding::note("screen", "no display: only --headless works here"),
    }
}

/// Nobody can say from here whether the page behind the code is there.
fn link(config: &Config) -> Finding {
    let link = &config.site().install.any;
    Finding::note("link", format!("{link} was not verified: scan the code with a phone once"))
}
