//! `kiosk exposure import`: matches files of published keys by hand.
//!
//! While a kiosk runs it alone may write into the book: then the files are laid into its inbox.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use anyhow::{Context, bail};

use super::super::keys;
use super::super::table::{counted, grouped};
use super::Desk;
use crate::config::Config;
use crate::domain::exposure::matched::Matching;
use crate::domain::exposure::trace::Trace;
use crate::domain::exposure::windows::KeyExposure;
use crate::domain::request::{Reply, Request};
use crate::kiosk::matching::{self, Source, Task};
use crate::store::{Book, Options, StoreError};

/// Compares files of published keys with what was heard at this door
///
/// Takes what health authorities publish: exports of Exposure Notification (zip), Bluezone's
/// `InfoF`, lists of DP-3T, matching keys of Herald, and the Corona-Warn-App's warnings of whoever
/// had scanned this door's code. A file that was compared before is passed over. If the
/// kiosk is running, the files are laid into its inbox instead, and it compares them the next night.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct ImportArgs {
    /// The files
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Compare although nobody vouches for this machine's clock, because it shows the right time
    #[arg(long)]
    clock_is_right: bool,
}

pub(super) fn run(
    args: &ImportArgs,
    desk: &Desk,
    config: &Config,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let wall = desk.now.wall;
    let options = Options { today_from: wall.day_start(desk.zone), wall, in_doubt: false };
    let mut book = match Book::open(&desk.book, options) {
        Ok((book, _)) => book,
        Err(StoreError::InUse { .. }) => {
            return lay_into(&args.files, &keys::inbox(&desk.book), out);
        }
        Err(error) => return Err(error).context("open the book"),
    };
    if !desk.now.wall_trusted && !args.clock_is_right {
        bail!(
            "compare by a clock that nobody vouches for: have it set from the network, or add \
             --clock-is-right if it shows the right time"
        );
    }
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let trust = keys::trust(config)?;
    let source = Source::Files { paths: args.files.clone(), trust, settler: None };
    let (zone, venue) = (desk.zone, config.site().venue);
    let task = Task { book: desk.book.clone(), zone, cores, wall, venue, source, night: None };
    let (mut told, mut compared) = (Ok(()), 0);
    let mut refused = Vec::new();
    matching::run(&task, &AtomicBool::new(false), &mut |news| {
        let line = match news {
            Matching::Progress(progress) => {
                format!("{} keys compared", grouped(progress.keys_done))
            }
            Matching::Matched(matched) => {
                compared += matched.files.len();
                let keys = matched.files.iter().map(|file| file.keys).sum();
                let by_code = |of: &KeyExposure| of.exposure.id.trace == Trace::VenueCode;
                let what = if matched.exposures.iter().any(by_code) { "warning" } else { "key" };
                let days = u64::try_from(matched.exposures.len()).unwrap_or(u64::MAX);
                let (keys, days) = (counted(keys, what), counted(days, "exposure"));
                let request = Request::KeepExposures { matched, wall };
                let Reply::Exposures(_) = book.answer(request) else {
                    refused.push("failed to write into the book: kiosk check says why".into());
                    return;
                };
                format!("{keys}: {days}")
            }
            Matching::Ended { refused: others, .. } => {
                refused.extend(others);
                return;
            }
        };
        if told.is_ok() {
            told = writeln!(out, "{line}");
        }
    });
    told?;
    for refusal in &refused {
        writeln!(out, "{refusal}")?;
    }
    let passed_over = args.files.len().saturating_sub(compared + refused.len());
    if passed_over > 0 {
        let files = counted(u64::try_from(passed_over).unwrap_or(u64::MAX), "file");
        writeln!(out, "{files} passed over: the book has what came of it")?;
    }
    match refused.len() {
        0 => Ok(()),
        some => bail!("take {}", counted(u64::try_from(some).unwrap_or(u64::MAX), "file")),
    }
}

/// Copies the files into the inbox of the kiosk that runs: under a hidden name first, so that it
/// never sees half a file. It runs under an account of its own, so what is copied is made readable
/// to all; published keys are no secret.
fn lay_into(files: &[PathBuf], inbox: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    if !inbox.is_dir() {
        fs::create_dir_all(inbox)
            .and_then(|()| fs::set_permissions(inbox, Permissions::from_mode(0o755)))
            .with_context(|| format!("make the inbox {}", inbox.display()))?;
    }
    for file in files {
        let name =
            file.file_name().with_context(|| format!("find a file in {}", file.display()))?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        let (hidden, there) = (inbox.join(hidden), inbox.join(name));
        fs::copy(file, &hidden)
            .and_then(|_| fs::set_permissions(&hidden, Permissions::from_mode(0o644)))
            .and_then(|()| fs::rename(&hidden, &there))
            .with_context(|| format!("copy {} into {}", file.display(), inbox.display()))?;
        writeln!(out, "{}: the kiosk is running and compares it the next night", there.display())?;
    }
    Ok(())
}
