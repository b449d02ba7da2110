//! `kiosk choose-pins`: new PINs, for when they were forgotten or lost with a damaged book.
//!
//! At the screen they are chosen only once, while there are none. This is the way for whoever looks
//! after the machine.

use std::io::{BufRead, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::clock::Clock;
use crate::config::Config;
use crate::domain::moment::Now;
use crate::domain::policy::{PIN_DIGITS_MAX, PIN_DIGITS_MIN};
use crate::domain::request::Digits;
use crate::store::{self, Reader};

/// Chooses the administrator's and the guards' PIN anew, when they are forgotten or were lost
///
/// Asks for the two, a line each; they are seen while they are typed. The kiosk must not be running.
/// The book notes that PINs were chosen, and neither which nor by whom.
#[derive(clap::Args, Clone, Debug)]
#[command(
    after_help = "Example:\n  systemctl stop kiosk\n  sudo -u kiosk kiosk choose-pins\n  systemctl start kiosk"
)]
pub struct ChoosePinsArgs {
    /// The configuration, as for `kiosk run`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Use this book instead of the one in the configuration
    #[arg(long, value_name = "FILE")]
    pub book: Option<PathBuf>,
}

/// Asks for the PINs and keeps them in the book of the configuration.
///
/// # Errors
/// When the configuration will not do, and as [`choose`].
pub fn run(
    args: &ChoosePinsArgs,
    typed: &mut dyn BufRead,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let book = match &args.book {
        Some(book) => book.clone(),
        None => Config::load(args.config.as_deref())?.book()?,
    };
    choose(&book, Clock::real().now(), typed, out)
}

/// Asks for the PINs and keeps them in a book.
///
/// # Errors
/// When a PIN will not do, when the book cannot be opened or a kiosk has it open, or when `out` is
/// closed.
pub fn choose(
    book: &std::path::Path,
    now: Now,
    typed: &mut dyn BufRead,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    // Nobody types PINs for a book that cannot take them.
    drop(Reader::open(book).context("open the book")?);
    let administrator = ask("the administrator's PIN", typed, out)?;
    let guard = ask("the guards' PIN", typed, out)?;
    if administrator == guard {
        bail!("take the guards' PIN: it is the administrator's, and must be another one");
    }
    store::choose_pins(book, &administrator, &guard, now.wall, now.wall_trusted)
        .context("open the book")?;
    writeln!(out, "the PINs are kept")?;
    Ok(())
}

fn ask(what: &str, typed: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<Digits> {
    write!(out, "{what}, {PIN_DIGITS_MIN} to {PIN_DIGITS_MAX} digits: ")?;
    out.flush()?;
    let mut line = String::new();
    typed.read_line(&mut line).with_context(|| format!("read {what}"))?;
    let pin = line.trim();
    let fits = (PIN_DIGITS_MIN..=PIN_DIGITS_MAX).contains(&pin.len());
    if !fits || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
        bail!("take {what}: it must be {PIN_DIGITS_MIN} to {PIN_DIGITS_MAX} digits");
    }
    Ok(Digits(pin.to_owned()))
}
