//! `kiosk exposure`: what published keys say about this door, and what is handed to a health
//! authority. Each of its commands has a file of its own.

mod export;
#[cfg(feature = "exposure")]
mod import;
mod list;
#[cfg(feature = "exposure")]
mod publish;
#[cfg(feature = "app")]
mod screen;
mod sheet;

#[cfg(feature = "app")]
pub(super) use screen::writer;

use std::io::Write;
use std::path::PathBuf;

use crate::clock::Clock;
use crate::config::Config;
use crate::domain::moment::{Now, Zone};

/// Tells when somebody infected was at this door, and writes what a health officer asks for
///
/// A health authority publishes the keys of people who were found infected. The kiosk compares them
/// by itself each night with what it heard, and tells on which days and in which half-hours one of
/// them was at this door. It never tells who.
#[derive(clap::Args, Clone, Debug)]
pub struct ExposureArgs {
    #[command(subcommand)]
    command: Command,
    /// The configuration, as for `kiosk run`
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Use this book instead of the one in the configuration
    #[arg(long, value_name = "FILE", global = true)]
    book: Option<PathBuf>,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Command {
    List(list::ListArgs),
    Export(export::ExportArgs),
    #[cfg(feature = "exposure")]
    Import(import::ImportArgs),
    #[cfg(feature = "exposure")]
    Publish(publish::PublishArgs),
}

/// What each of them needs to know.
struct Desk {
    book: PathBuf,
    place: String,
    door: String,
    zone: Zone,
    now: Now,
}

/// Carries out one of them.
///
/// # Errors
/// When the configuration or the book cannot be read, or `out` is closed; and each for its own
/// reasons.
pub fn run(args: &ExposureArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let config = Config::load(args.config.as_deref())?;
    let book = match &args.book {
        Some(book) => book.clone(),
        None => config.book()?,
    };
    let site = config.site();
    let now = Clock::real().now();
    let desk = Desk { book, place: site.name, door: site.door, zone: site.zone, now };
    match &args.command {
        Command::List(args) => list::run(args, &desk, out),
        Command::Export(args) => export::run(args, &desk, out),
        #[cfg(feature = "exposure")]
        Command::Import(args) => import::run(args, &desk, &config, out),
        #[cfg(feature = "exposure")]
        Command::Publish(args) => publish::run(args, &desk, out),
    }
}
