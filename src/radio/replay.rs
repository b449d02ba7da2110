//! A capture that is played again: each of its events as long after the first as it was recorded.
//! What lies in an event is counted here and read elsewhere.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::time::Duration;

use super::btsnoop::{BtsnoopError, Reader};
use super::gzip::MaybeGzip;
use super::hci;
use crate::domain::moment::Mono;

/// A capture that is being played.
pub(super) struct Replay {
    reader: Reader<MaybeGzip<BufReader<File>>>,
    started: Mono,
    /// The time the first event was recorded at.
    first_us: Option<i64>,
    /// When the event that was read last is due.
    due: Option<Mono>,
    read: Read,
    failure: Option<BtsnoopError>,
}

/// What was read so far.
#[derive(Clone, Copy, Default)]
struct Read {
    events: u64,
    reports: u64,
    damaged: u64,
}

/// Which events are played.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Every one.
    All,
    /// Those with advertising reports, and damaged ones among them.
    Reports,
}

impl Replay {
    /// Opens the capture, gzip'ed or not, to be played from `now` on.
    pub(super) fn open(path: &Path, now: Mono) -> Result<Self, BtsnoopError> {
        let input = MaybeGzip::new(BufReader::new(File::open(path)?))?;
        Ok(Self {
            reader: Reader::new(input)?,
            started: now,
            first_us: None,
            due: None,
            read: Read::default(),
            failure: None,
        })
    }

    /// When the event that was read last is due; `None` when the capture is over.
    pub(super) const fn due(&self) -> Option<Mono> {
        self.due
    }

    /// Why the capture is over before its end, or holds nothing to be heard; once.
    pub(super) const fn take_failure(&mut self) -> Option<BtsnoopError> {
        self.failure.take()
    }

    /// Reads on to the next event that is wanted, and puts it into `event`.
    pub(super) fn load_next(&mut self, wanted: Wanted, event: &mut Vec<u8>) {
        self.due = None;
        loop {
            let record = match self.reader.next_record() {
                Ok(Some(record)) => record,
                Ok(None) => return self.end(),
                Err(error) => {
                    self.failure = Some(error);
                    return;
                }
            };
            let Some(bytes) = record.event() else { continue };
            // The first event is when the capture begins, wanted or not.
            let first_us = *self.first_us.get_or_insert(record.at_us);
            if !self.read.count(bytes) && wanted == Wanted::Reports {
                continue;
            }
            let since_us = u64::try_from(record.at_us.saturating_sub(first_us)).unwrap_or(0);
            self.due = Some(self.started + Duration::from_micros(since_us));
            event.clear();
            event.extend_from_slice(bytes);
            return;
        }
    }

    /// The file has been read to its end. One without a single report is no use to whoever wants
    /// to hear it, and what is wrong with it they cannot see.
    fn end(&mut self) {
        let Read { events, reports, damaged } = self.read;
        if reports > 0 || self.failure.is_some() {
            return;
        }
        let records = self.reader.records();
        let got = self.reader.datalink().number();
        self.failure = Some(if damaged >= events / 2 {
            BtsnoopError::NoEvents { records, got }
        } else {
            BtsnoopError::NoReports { events }
        });
    }
}

impl Read {
    /// Whether it has advertising reports, or is damaged so that nobody knows. Before the first report
    /// a damaged one is perhaps none, and nobody is to wait for it.
    fn count(&mut self, event: &[u8]) -> bool {
        self.events = self.events.saturating_add(1);
        let Ok(reports) = hci::reports(event) else {
            self.damaged = self.damaged.saturating_add(1);
            return self.reports > 0;
        };
        let mut is_wanted = false;
        for report in reports {
            is_wanted = true;
            match report {
                Ok(_) => self.reports = self.reports.saturating_add(1),
                Err(_) => self.damaged = self.damaged.saturating_add(1),
            }
        }
        is_wanted
    }
}
