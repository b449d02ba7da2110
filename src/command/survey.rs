//! `kiosk survey`: what a capture holds, in numbers. No address and no id is shown.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::hash::Hash;
use std::io::{BufReader, Read, Write};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use serde::Serialize;

use super::{Form, explain, table};
use crate::domain::advert::{Address, AdvertData, Advertisement};
use crate::domain::moment::Mono;
use crate::domain::network::Network;
use crate::domain::sighting::{Evidence, ProximityId};
use crate::radio::btsnoop::{BtsnoopError, Reader};
use crate::radio::fragments::Fragments;
use crate::radio::gzip::MaybeGzip;
use crate::radio::hci::{self, Kind, Report};
use crate::radio::join::Joiner;

/// Counts what a Bluetooth capture holds
///
/// Reads a btsnoop file, as Android's "Bluetooth HCI snoop log" and btmon write it, zipped or
/// not, and counts the advertisements in it and those of contact-tracing apps. It shows numbers
/// only: no address and no id.
#[derive(clap::Args, Clone, Debug)]
pub struct SurveyArgs {
    /// The capture
    pub file: PathBuf,
    /// Answer in JSON, for programs
    #[arg(long)]
    pub json: bool,
}

/// Writes the numbers to `out`.
///
/// # Errors
///
/// When the file cannot be read, or `out` cannot be written to. A file that breaks off is counted
/// up to there.
pub fn run(args: &SurveyArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let path = args.file.display();
    let file = File::open(&args.file).with_context(|| format!("open {path}"))?;
    let survey = Survey::of(file).with_context(|| format!("survey {path}"))?;
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &survey)?;
        writeln!(out)?;
    } else {
        survey.write(out)?;
    }
    Ok(())
}

/// What a capture holds.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Survey {
    /// Packets of all kinds.
    pub records: u64,
    /// HCI events, or reports in them, that could not be read.
    pub events_unreadable: u64,
    /// Advertising reports.
    pub reports: u64,
    /// Reports in LE Advertising Report events.
    pub reports_legacy: u64,
    /// Reports in LE Extended Advertising Report events.
    pub reports_extended: u64,
    /// Reports of what a phone sent by itself.
    pub adverts: u64,
    /// Reports of answers to the scan.
    pub scan_responses: u64,
    /// Answers whose advert was heard shortly before.
    pub scan_responses_joined: u64,
    /// Reports that are not a sequence of AD structures.
    pub adverts_unreadable: u64,
    /// Different addresses, counted up to [`DISTINCT_MAX`]. One phone has many in turn.
    pub addresses: u64,
    /// From the first report to the last, in whole seconds.
    pub seconds: u64,
    /// What each network found.
    pub networks: BTreeMap<Network, Found>,
    /// Where and how the file breaks off.
    pub broken: Option<String>,
}

/// What a network found.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Found {
    /// Reports in one of its forms, whole.
    pub reports: u64,
    /// Different ids, counted up to [`DISTINCT_MAX`].
    pub ids: u64,
    /// Different addresses that sent one of its forms, counted up to [`DISTINCT_MAX`].
    pub senders: u64,
    /// Reports by form.
    pub forms: BTreeMap<Form, u64>,
}

/// Different things of a kind are counted up to here.
pub const DISTINCT_MAX: usize = 1_000_000;

impl Survey {
    /// Counts what `input` holds, inflating it where needed.
    ///
    /// # Errors
    ///
    /// When it is no btsnoop file or cannot be read. A file that breaks off is no error: see
    /// [`Survey::broken`].
    pub fn of(input: impl Read) -> Result<Self, BtsnoopError> {
        let mut reader = Reader::new(BufReader::new(MaybeGzip::new(input)?))?;
        let mut count = Count::default();
        let (mut records, mut broken, mut first_us) = (0, None, None);
        loop {
            match reader.next_record() {
                Ok(Some(record)) => {
                    records += 1;
                    let first_us = *first_us.get_or_insert(record.at_us);
                    let since_us = u64::try_from(record.at_us.saturating_sub(first_us));
                    let at = Mono::from_start(Duration::from_micros(since_us.unwrap_or(0)));
                    record.event().into_iter().for_each(|event| count.event(event, at));
                }
                Ok(None) => break,
                Err(
                    error @ (BtsnoopError::RecordCutShort { .. }
                    | BtsnoopError::RecordTooLong { .. }),
                ) => broken = Some(error.to_string()),
                Err(error) => return Err(error),
            }
        }
        Ok(Self { records, broken, ..count.finish() })
    }

    /// The rows of the numbers, and what there was nothing of.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written to.
    pub(super) fn write_counts(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let row = |words: &str, number| (words.to_owned(), table::grouped(number));
        let mut rows = vec![
            row("reports", self.reports),
            row("  in legacy events", self.reports_legacy),
            row("  in extended events", self.reports_extended),
            row("  adverts", self.adverts),
            row("  scan responses", self.scan_responses),
            row("    joined to their advert", self.scan_responses_joined),
            row("  unreadable", self.adverts_unreadable),
            row("addresses", self.addresses),
        ];
        let nothing_of: Vec<_> = self
            .networks
            .iter()
            .filter(|(_, found)| found.forms.is_empty())
            .map(|(network, _)| network.name())
            .collect();
        for (network, found) in self.networks.iter().filter(|(_, found)| !found.forms.is_empty()) {
            rows.push((String::new(), String::new()));
            rows.push(row(network.name(), found.reports));
            let forms = found.forms.iter();
            rows.extend(forms.map(|(form, reports)| row(&format!("  {}", form.words()), *reports)));
            rows.push(row("  different ids", found.ids));
            rows.push(row("  different senders", found.senders));
        }
        table::write(out, &rows, true)?;
        if !nothing_of.is_empty() {
            writeln!(out, "\nNothing of {}.", nothing_of.join(", "))?;
        }
        if self.events_unreadable > 0 {
            let events = table::counted(self.events_unreadable, "event");
            writeln!(out, "\nNot counted, because unreadable: {events}.")?;
        }
        Ok(())
    }

    fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let records = table::counted(self.records, "record");
        writeln!(out, "{} in {records}\n", table::duration(self.seconds))?;
        self.write_counts(out)?;
        if self.reports == 0 && self.records > 0 {
            writeln!(
                out,
                "\nNo record tells of an advert: nothing scanned while the capture was taken, or its \
                 records are of another type than its header says."
            )?;
        }
        if let Some(broken) = &self.broken {
            writeln!(out, "\nThe numbers are of what lies before the break: failed to {broken}.")?;
        }
        Ok(())
    }
}

/// Counts what HCI events hold, one after the other.
pub(super) struct Count {
    survey: Survey,
    fragments: Fragments,
    joiner: Joiner,
    advert: Advertisement,
    addresses: HashSet<Address>,
    ids: HashSet<(Network, ProximityId)>,
    senders: HashSet<(Network, Address)>,
    reports_at: Option<(Mono, Mono)>,
}

impl Default for Count {
    fn default() -> Self {
        let address = Address { bytes: [0; 6], random: true };
        let data = AdvertData::EMPTY;
        Self {
            survey: Survey {
                networks: Network::ALL.map(|network| (network, Found::default())).into(),
                ..Survey::default()
            },
            fragments: Fragments::default(),
            joiner: Joiner::default(),
            advert: Advertisement { address, rssi: None, connectable: false, data },
            addresses: HashSet::new(),
            ids: HashSet::new(),
            senders: HashSet::new(),
            reports_at: None,
        }
    }
}

impl Count {
    /// Takes in an event, code first, that came at `now`.
    pub(super) fn event(&mut self, event: &[u8], now: Mono) {
        match hci::reports(event) {
            Err(_) => self.survey.events_unreadable += 1,
            Ok(reports) => reports.for_each(|report| match report {
                Ok(report) => self.report(report, now),
                Err(_) => self.survey.events_unreadable += 1,
            }),
        }
    }

    fn report(&mut self, report: Report<'_>, now: Mono) {
        let survey = &mut self.survey;
        survey.reports += 1;
        match report.form {
            hci::Form::Legacy => survey.reports_legacy += 1,
            hci::Form::Extended => survey.reports_extended += 1,
        }
        match report.kind {
            Kind::Advert => survey.adverts += 1,
            Kind::ScanResponse => survey.scan_responses += 1,
        }
        let (_, last) = self.reports_at.get_or_insert((now, now));
        *last = now;
        insert(&mut self.addresses, report.address);
        // The joined form is not looked into: an advert would be counted again with each answer.
        self.joiner.accept(report, now);
        let Some(whole) = self.fragments.accept(report, now) else { return };
        self.advert.data.replace(whole.data);
        if self.advert.structures().any(|structure| structure.is_err()) {
            survey.adverts_unreadable += 1;
        }
        for (network, found) in &mut survey.networks {
            let form = match network.decode(&self.advert) {
                Ok(None) => continue,
                Ok(Some(evidence)) => {
                    found.reports += 1;
                    let sender = (*network, report.address);
                    found.senders += u64::from(insert(&mut self.senders, sender));
                    if let Evidence::Id { id, .. } = evidence {
                        found.ids += u64::from(insert(&mut self.ids, (*network, id)));
                    }
                    explain::form(&evidence)
                }
                Err(_) => Form::Damaged,
            };
            *found.forms.entry(form).or_default() += 1;
        }
    }

    /// The numbers, without what only the file knows: its records, and where it breaks off.
    pub(super) fn finish(mut self) -> Survey {
        self.survey.scan_responses_joined = self.joiner.counts().joined;
        self.survey.addresses = u64::try_from(self.addresses.len()).unwrap_or(u64::MAX);
        let span = self.reports_at.map_or(Duration::ZERO, |(first, last)| last.since(first));
        self.survey.seconds = span.as_secs();
        self.survey
    }
}

/// Whether `thing` is new and there was room to remember it.
fn insert<T: Hash + Eq>(known: &mut HashSet<T>, thing: T) -> bool {
    known.len() < DISTINCT_MAX && known.insert(thing)
}
