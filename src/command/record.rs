//! `kiosk record`: writes what the radio hears into a capture file that can be given away: addresses
//! and ids are replaced unless the bytes are wanted as they are.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};

use super::listen::{self, EVENTS_AT_ONCE, Ended, Next, listen};
use super::source::SourceArgs;
use super::table;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::advert::Address;
use crate::domain::airwaves::Source;
use crate::domain::moment::{Mono, Now};
use crate::domain::pseudonym::Pseudonyms;
use crate::radio::btsnoop::{BtsnoopError, Datalink, Writer};
use crate::radio::hci::{self, DataStatus, Kind, Report};

/// Writes what the radio hears into a capture, for a support case
///
/// The capture can be given away: each address and each id of a contact-tracing app is replaced by
/// another one, made with a random key that is forgotten at the end, and names of phones are
/// blanked. A phone stays the same phone within the capture. Services, companies, levels and times
/// are as they were. Ctrl-C ends it at any time. A capture that is played again (--replay) is written
/// at once, however long it is.
#[derive(clap::Args, Clone, Debug)]
pub struct RecordArgs {
    /// The capture to write; it must not exist yet. kiosk survey and Wireshark can read it
    #[arg(value_name = "FILE.btsnoop")]
    pub file: PathBuf,
    /// For how long [default: until Ctrl-C, or until the file is full]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_080))]
    pub minutes: Option<u64>,
    /// How large the file may become
    #[arg(long, value_name = "N", default_value_t = 100,
        value_parser = clap::value_parser!(u64).range(1..=4_000))]
    pub megabytes: u64,
    /// Write every byte as it came. Such a file tells which phones were here: keep it to yourself
    #[arg(long)]
    pub raw: bool,
    #[command(flatten)]
    pub source: SourceArgs,
    /// The configuration, as for `kiosk run`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Records until the time is over, the file is full, or somebody ends it; says on `out` what was
/// recorded.
///
/// # Errors
///
/// When there is nothing to listen with, the file exists or cannot be written, or `out` cannot; when a
/// capture that is played again breaks off, and then what came before is recorded.
pub fn run(args: &RecordArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let config = Config::load(args.config.as_deref())?;
    record(args, &config, args.source.clock_unwatched(), out)
}

/// The same by any clock.
///
/// # Errors
///
/// As [`run`].
pub fn record(
    args: &RecordArgs,
    config: &Config,
    mut clock: Clock,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let mut ears = args.source.ears(config, &clock)?;
    if ears.source() == Source::Bus {
        bail!(
            "record {}: D-Bus gives no bytes to record, and the kernel's monitor channel needs the \
             capability CAP_NET_RAW: run this with sudo, and `kiosk check` says what else is wrong",
            config.adapter()
        );
    }
    let pseudonyms = if args.raw { None } else { Some(Pseudonyms::new(random_key()?)) };
    let path = args.file.display();
    let file = create(&args.file)?;
    if args.raw {
        writeln!(out, "warning: {path} will tell which phones were here; keep it to yourself")?;
    }
    writeln!(out, "recording {} into {path}; Ctrl-C ends it", args.source.words(config))?;
    let now = clock.now();
    let until = args.minutes.map(|minutes| now.mono + Duration::from_mins(minutes));
    let mut recorder = Recorder::new(BufWriter::new(file), pseudonyms, args.megabytes * 1_000_000)
        .with_context(|| format!("write {path}"))?;
    let began_us = now.wall.0.saturating_mul(1_000_000).saturating_sub(micros(now.mono));
    let mut sync_at = now.mono + SYNC_EVERY;
    let ended = listen(&mut ears, &mut clock, until, |ears, radio, now: Now| {
        radio.speak();
        let mut written = Ok(());
        ears.hear_raw(now.mono, EVENTS_AT_ONCE, |event, at| {
            if written.is_ok() {
                written = recorder.write(began_us.saturating_add(micros(at)), event);
            }
        });
        written.with_context(|| format!("write {path}"))?;
        if now.mono >= sync_at {
            recorder.sync().with_context(|| format!("write {path}"))?;
            sync_at = now.mono + SYNC_EVERY;
        }
        Ok(if recorder.is_full { Next::Enough } else { Next::Turn(sync_at) })
    })?;
    recorder.sync().with_context(|| format!("write {path}"))?;
    let seconds = clock.now().mono.since(now.mono).as_secs();
    recorder.sum_up(args, ended, seconds, out)?;
    listen::end(&mut ears, args.source.replay.as_deref())
}

/// A power cut costs this much at most.
const SYNC_EVERY: Duration = Duration::from_secs(10);

/// Readable by nobody else, whatever lies in it.
const MODE: u32 = 0o600;

fn create(path: &Path) -> anyhow::Result<File> {
    let shown = path.display();
    match OpenOptions::new().write(true).create_new(true).mode(MODE).open(path) {
        Ok(file) => Ok(file),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("write {shown}: it exists already; name another file")
        }
        Err(error) => Err(error).with_context(|| format!("write {shown}")),
    }
}

fn random_key() -> anyhow::Result<[u8; 32]> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).context("make a key")?;
    Ok(key)
}

fn micros(moment: Mono) -> i64 {
    i64::try_from(moment.since_start().as_micros()).unwrap_or(i64::MAX)
}

/// A capture that is being written.
struct Recorder {
    writer: Writer<BufWriter<File>>,
    pseudonyms: Option<Pseudonyms>,
    /// Adverts of which more is to come.
    begun: VecDeque<(Address, u8, Kind)>,
    event: Vec<u8>,
    bytes_left: u64,
    is_full: bool,
    is_synced: bool,
    events: u64,
    left_out: u64,
}

/// What a file begins with, and what a record costs beside its event: a header and a type byte.
const FILE_BYTES: u64 = 16;
const RECORD_BYTES: u64 = 24 + 1;

/// Far more adverts than phones send in pieces at one time.
const BEGUN_MAX: usize = 64;

impl Recorder {
    fn new(
        output: BufWriter<File>,
        pseudonyms: Option<Pseudonyms>,
        bytes_max: u64,
    ) -> Result<Self, BtsnoopError> {
        Ok(Self {
            writer: Writer::new(output, Datalink::H4)?,
            pseudonyms,
            begun: VecDeque::new(),
            event: Vec::new(),
            bytes_left: bytes_max.saturating_sub(FILE_BYTES),
            is_full: false,
            is_synced: false,
            events: 0,
            left_out: 0,
        })
    }

    /// Writes one event, unless the file is full. One that is no advertising report is left out
    /// where pseudonyms are given, because what else it may hold is not known here.
    fn write(&mut self, at_us: i64, event: &[u8]) -> Result<(), BtsnoopError> {
        if let Some(pseudonyms) = &self.pseudonyms {
            let begun = &mut self.begun;
            let is_reports = hci::rewrite(
                event,
                &mut self.event,
                |address| pseudonyms.address(address),
                |report, data| {
                    if goes_on(begun, report) {
                        pseudonyms.opaque(data);
                    } else {
                        pseudonyms.data(data);
                    }
                },
            );
            if !is_reports {
                self.left_out += 1;
                return Ok(());
            }
        } else {
            self.event.clear();
            self.event.extend_from_slice(event);
        }
        let bytes =
            u64::try_from(self.event.len()).unwrap_or(u64::MAX).saturating_add(RECORD_BYTES);
        let Some(left) = self.bytes_left.checked_sub(bytes).filter(|_| !self.is_full) else {
            self.is_full = true;
            return Ok(());
        };
        self.bytes_left = left;
        self.events += 1;
        self.is_synced = false;
        self.writer.write_event(at_us, &self.event)
    }

    /// Brings everything on the disk.
    fn sync(&mut self) -> Result<(), BtsnoopError> {
        if !self.is_synced {
            self.writer.flush()?.get_ref().sync_all()?;
            self.is_synced = true;
        }
        Ok(())
    }

    fn sum_up(
        &self,
        args: &RecordArgs,
        ended: Ended,
        seconds: u64,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let why = match ended {
            Ended::Time => "the time is over",
            Ended::Source => "nothing more is to be heard",
            Ended::Enough => "the file is full",
            Ended::Asked => "ended by hand",
        };
        let events = table::counted(self.events, "event");
        writeln!(out, "{why}: {events} in {}", table::duration(seconds))?;
        if self.left_out > 0 {
            let events = table::counted(self.left_out, "event");
            writeln!(out, "{events} left out, because they are no adverts")?;
        }
        if self.pseudonyms.is_some() {
            writeln!(out, "addresses and ids were replaced, and names blanked")?;
        }
        writeln!(out, "to count what is in it: kiosk survey {}", args.file.display())?;
        Ok(())
    }
}

/// Whether `report` goes on with an advert of which a part came before. Where its structures begin
/// is then not known.
fn goes_on(begun: &mut VecDeque<(Address, u8, Kind)>, report: &Report<'_>) -> bool {
    if report.legacy {
        return false;
    }
    let this = (report.address, report.set, report.kind);
    let place = begun.iter().position(|begun| *begun == this);
    match (report.status, place) {
        (DataStatus::More, None) => {
            if begun.len() == BEGUN_MAX {
                begun.pop_front();
            }
            begun.push_back(this);
        }
        (DataStatus::Complete | DataStatus::Truncated, Some(place)) => {
            begun.remove(place);
        }
        (DataStatus::More, Some(_)) | (DataStatus::Complete | DataStatus::Truncated, None) => {}
    }
    place.is_some()
}
