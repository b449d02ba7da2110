//! Where adverts come from: nowhere, a simulated street, or a capture played again at its own
//! pace. Whatever the source, the bytes go the same way: event → reports → joined adverts.

use std::fmt;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::time::Duration;

use super::btsnoop::{BtsnoopError, Reader};
use super::gzip::MaybeGzip;
use super::hci;
use super::join::Joiner;
use super::sim::Street;
use crate::domain::advert::Advertisement;
use crate::domain::moment::Mono;

/// The ears of the kiosk.
pub struct Ears {
    source: Source,
    joiner: Joiner,
    event: Vec<u8>,
}

enum Source {
    Nothing,
    Street(Box<Street>),
    Capture(Box<Capture>),
}

/// A capture that is being played.
struct Capture {
    reader: Reader<MaybeGzip<BufReader<File>>>,
    /// When the first record was played, and the time it was recorded at.
    begun: Option<(Mono, i64)>,
    /// The event in `Ears::event` is due then.
    due: Option<Mono>,
    started: Mono,
}

impl Ears {
    /// Ears that hear nothing.
    #[must_use]
    pub fn deaf() -> Self {
        Self::from(Source::Nothing)
    }

    /// Ears in a simulated street.
    #[must_use]
    pub fn in_street(street: Street) -> Self {
        Self::from(Source::Street(Box::new(street)))
    }

    /// Ears that hear a capture, gzip'ed or not, from `now` on.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is no capture.
    pub fn replaying(path: &Path, now: Mono) -> Result<Self, BtsnoopError> {
        let input = MaybeGzip::new(BufReader::new(File::open(path)?))?;
        let reader = Reader::new(input)?;
        let capture = Capture { reader, begun: None, due: None, started: now };
        let mut ears = Self::from(Source::Capture(Box::new(capture)));
        ears.load_next();
        Ok(ears)
    }

    fn from(source: Source) -> Self {
        Self { source, joiner: Joiner::default(), event: Vec::new() }
    }

    /// Whether there is a radio, simulated or not.
    #[must_use]
    pub const fn can_hear(&self) -> bool {
        !matches!(self.source, Source::Nothing)
    }

    /// The street, to let people walk in it.
    pub fn street_mut(&mut self) -> Option<&mut Street> {
        match &mut self.source {
            Source::Street(street) => Some(street),
            Source::Nothing | Source::Capture(_) => None,
        }
    }

    /// When something is heard next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Mono> {
        match &self.source {
            Source::Nothing => None,
            Source::Street(street) => street.poll_timeout(),
            Source::Capture(capture) => capture.due,
        }
    }

    /// Hands everything heard up to `now` to `heard`, at most `budget` events, so that a touch
    /// need not wait behind a burst.
    pub fn hear(&mut self, now: Mono, budget: u32, mut heard: impl FnMut(&Advertisement, Mono)) {
        for _ in 0..budget {
            let Some(at) = self.hear_event(now) else { return };
            // What is damaged is left out; a capture's survey counts it.
            for report in hci::reports(&self.event).into_iter().flatten().flatten() {
                if let Some(advert) = self.joiner.accept(report, at) {
                    heard(advert, at);
                }
            }
            self.load_next();
        }
    }

    /// The same, but hands over the HCI events as they came.
    pub fn hear_raw(&mut self, now: Mono, budget: u32, mut heard: impl FnMut(&[u8], Mono)) {
        for _ in 0..budget {
            let Some(at) = self.hear_event(now) else { return };
            heard(&self.event, at);
            self.load_next();
        }
    }

    /// Whether nothing will be heard any more: the capture or the scene is over.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        match self.source {
            Source::Nothing | Source::Street(_) | Source::Capture(_) => {
                self.poll_timeout().is_none()
            }
        }
    }

    /// Puts the next event that was heard up to `now` into `self.event`; says when it was heard.
    fn hear_event(&mut self, now: Mono) -> Option<Mono> {
        match &mut self.source {
            Source::Nothing => None,
            Source::Street(street) => street.hear(now, &mut self.event),
            Source::Capture(capture) => capture.due.filter(|&due| due <= now),
        }
    }

    /// Reads the capture on to its next event. A capture that breaks off has ended.
    fn load_next(&mut self) {
        let Source::Capture(capture) = &mut self.source else { return };
        capture.due = None;
        while let Ok(Some(record)) = capture.reader.next_record() {
            let Some(event) = record.event() else { continue };
            let (_, first_us) = *capture.begun.get_or_insert((capture.started, record.at_us));
            let since_us = u64::try_from(record.at_us.saturating_sub(first_us)).unwrap_or(0);
            capture.due = Some(capture.started + Duration::from_micros(since_us));
            self.event.clear();
            self.event.extend_from_slice(event);
            return;
        }
    }
}

impl fmt::Debug for Ears {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.source {
            Source::Nothing => "Nothing",
            Source::Street(_) => "Street",
            Source::Capture(_) => "Capture",
        })
    }
}
