//! Where adverts come from: nowhere, the real air, a simulated street, or a capture played again
//! at its own pace. Whatever the source, the controller's bytes go the same way: event → reports →
//! joined adverts.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use super::btsnoop::BtsnoopError;
use super::hci;
use super::join::Joiner;
#[cfg(feature = "bluetooth")]
use super::live::{Change, Radio};
use super::replay::{Replay, Wanted};
use super::sim::Street;
use crate::domain::advert::Advertisement;
use crate::domain::airwaves;
use crate::domain::asking::{Ask, Outcome, Question, Reading};
use crate::domain::moment::Mono;

/// The ears of the kiosk.
pub struct Ears {
    source: Source,
    joiner: Joiner,
    event: Vec<u8>,
    /// The answer where there is no radio that could ask.
    reading: Option<Reading>,
}

enum Source {
    Nothing,
    Street(Box<Street>),
    Capture(Box<Replay>),
    #[cfg(feature = "bluetooth")]
    Live(Box<Radio>),
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

    /// Ears on the real air.
    #[cfg(feature = "bluetooth")]
    #[must_use]
    pub fn on_air(radio: Radio) -> Self {
        Self::from(Source::Live(Box::new(radio)))
    }

    /// Ears that hear a capture, gzip'ed or not, from `now` on.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is no capture.
    pub fn replaying(path: &Path, now: Mono) -> Result<Self, BtsnoopError> {
        let mut ears = Self::from(Source::Capture(Box::new(Replay::open(path, now)?)));
        ears.load_next(Wanted::All);
        Ok(ears)
    }

    fn from(source: Source) -> Self {
        Self { source, joiner: Joiner::default(), event: Vec::new(), reading: None }
    }

    /// Whether there is a radio, simulated or not.
    #[must_use]
    pub const fn can_hear(&self) -> bool {
        !matches!(self.source, Source::Nothing)
    }

    /// Where adverts come from, in a word for people.
    #[must_use]
    pub fn source(&self) -> airwaves::Source {
        match &self.source {
            Source::Nothing => airwaves::Source::Nothing,
            Source::Street(_) => airwaves::Source::Simulated,
            Source::Capture(_) => airwaves::Source::Capture,
            #[cfg(feature = "bluetooth")]
            Source::Live(radio) => radio.source(),
        }
    }

    /// Reports that claimed a level nobody can have.
    #[must_use]
    pub const fn zero_levels(&self) -> u64 {
        self.joiner.zero_levels()
    }

    /// The street, to let people walk in it.
    pub fn street_mut(&mut self) -> Option<&mut Street> {
        match &mut self.source {
            Source::Street(street) => Some(street),
            Source::Nothing | Source::Capture(_) => None,
            #[cfg(feature = "bluetooth")]
            Source::Live(_) => None,
        }
    }

    /// When something is heard next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Mono> {
        match &self.source {
            Source::Nothing => None,
            Source::Street(street) => street.poll_timeout(),
            Source::Capture(capture) => capture.due(),
            #[cfg(feature = "bluetooth")]
            Source::Live(radio) => radio.poll_timeout(),
        }
    }

    /// Hands everything heard up to `now` to `heard`, at most `budget` events, so that a touch
    /// need not wait behind a burst.
    pub fn hear(&mut self, now: Mono, budget: u32, heard: impl FnMut(&Advertisement, Mono)) {
        self.hear_with_events(now, budget, |_, _| {}, heard);
    }

    /// The same, and shows the HCI events behind the adverts to `overheard`; the real radio's it
    /// does not show.
    pub fn hear_with_events(
        &mut self,
        now: Mono,
        budget: u32,
        mut overheard: impl FnMut(&[u8], Mono),
        mut heard: impl FnMut(&Advertisement, Mono),
    ) {
        #[cfg(feature = "bluetooth")]
        if let Source::Live(radio) = &mut self.source {
            return radio.hear(now, budget, &mut self.joiner, heard);
        }
        for _ in 0..budget {
            let Some(at) = self.hear_event(now) else { return };
            overheard(&self.event, at);
            // What is damaged is left out; a capture's survey counts it.
            for report in hci::reports(&self.event).into_iter().flatten().flatten() {
                if let Some(advert) = self.joiner.accept(report, at) {
                    heard(advert, at);
                }
            }
            self.load_next(Wanted::Reports);
        }
    }

    /// Asks a phone for its id, or ends that. The answer comes through [`Self::take_reading`].
    pub fn ask(&mut self, ask: Ask, now: Mono) {
        match (&mut self.source, ask) {
            (Source::Street(street), ask) => street.ask(ask, now),
            #[cfg(feature = "bluetooth")]
            (Source::Live(radio), ask) => radio.ask(ask, now),
            (Source::Nothing | Source::Capture(_), Ask::Read(Question { address, .. })) => {
                let scan_off = Duration::ZERO;
                self.reading = Some(Reading { address, outcome: Outcome::Busy, scan_off });
            }
            (Source::Nothing | Source::Capture(_), Ask::Stop) => {}
        }
    }

    /// What came of asking, once.
    pub fn take_reading(&mut self, now: Mono) -> Option<Reading> {
        match &mut self.source {
            Source::Street(street) => street.take_reading(now),
            #[cfg(feature = "bluetooth")]
            Source::Live(radio) => radio.take_reading(),
            Source::Nothing | Source::Capture(_) => self.reading.take(),
        }
    }

    /// Hands over the HCI events as they came, at most `budget`, in place of adverts.
    pub fn hear_raw(&mut self, now: Mono, budget: u32, mut heard: impl FnMut(&[u8], Mono)) {
        #[cfg(feature = "bluetooth")]
        if let Source::Live(radio) = &mut self.source {
            return radio.hear_raw(now, budget, heard);
        }
        for _ in 0..budget {
            let Some(at) = self.hear_event(now) else { return };
            heard(&self.event, at);
            self.load_next(Wanted::All);
        }
    }

    /// Whether nothing will be heard any more: the capture or the scene is over.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        match self.source {
            Source::Nothing | Source::Street(_) | Source::Capture(_) => {
                self.poll_timeout().is_none()
            }
            #[cfg(feature = "bluetooth")]
            Source::Live(_) => false,
        }
    }

    /// Why a capture was over before its end, or held nothing to be heard; once. What came before
    /// was heard.
    pub fn take_failure(&mut self) -> Option<BtsnoopError> {
        match &mut self.source {
            Source::Capture(capture) => capture.take_failure(),
            Source::Nothing | Source::Street(_) => None,
            #[cfg(feature = "bluetooth")]
            Source::Live(_) => None,
        }
    }

    /// Puts the next event that was heard up to `now` into `self.event`; says when it was heard.
    fn hear_event(&mut self, now: Mono) -> Option<Mono> {
        match &mut self.source {
            Source::Nothing => None,
            Source::Street(street) => street.hear(now, &mut self.event),
            Source::Capture(capture) => capture.due().filter(|&due| due <= now),
            #[cfg(feature = "bluetooth")]
            Source::Live(_) => None,
        }
    }

    fn load_next(&mut self, wanted: Wanted) {
        if let Source::Capture(capture) = &mut self.source {
            capture.load_next(wanted, &mut self.event);
        }
    }
}

/// What only the real radio needs: the rest says beforehand when something is heard, and is always
/// well.
#[cfg(feature = "bluetooth")]
impl Ears {
    /// The real radio, if that is what is listened to.
    #[must_use]
    pub fn radio(&self) -> Option<&Radio> {
        match &self.source {
            Source::Live(radio) => Some(radio),
            Source::Nothing | Source::Street(_) | Source::Capture(_) => None,
        }
    }

    fn radio_mut(&mut self) -> Option<&mut Radio> {
        match &mut self.source {
            Source::Live(radio) => Some(radio),
            Source::Nothing | Source::Street(_) | Source::Capture(_) => None,
        }
    }

    /// Joins the loop of the tokio runtime that it is called in.
    ///
    /// # Errors
    ///
    /// When the system refuses. Then nothing wakes the loop when something is heard.
    pub fn join_loop(&mut self) -> std::io::Result<()> {
        self.radio_mut().map_or(Ok(()), Radio::join_loop)
    }

    /// Waits until the radio has something. It may be dropped at any time.
    pub async fn stirred(&mut self) {
        match self.radio_mut() {
            Some(radio) => radio.stirred().await,
            None => std::future::pending().await,
        }
    }

    /// Looks after the radio. To be called until there is nothing more to tell.
    pub fn turn(&mut self, now: Mono) -> Option<Change> {
        self.radio_mut()?.turn(now)
    }

    /// Somebody is at the screen, so that something should be heard.
    pub fn handle_somebody(&mut self, now: Mono) {
        if let Some(radio) = self.radio_mut() {
            radio.handle_somebody(now);
        }
    }
}

impl fmt::Debug for Ears {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.source {
            Source::Nothing => "Nothing",
            Source::Street(_) => "Street",
            Source::Capture(_) => "Capture",
            #[cfg(feature = "bluetooth")]
            Source::Live(_) => "Live",
        })
    }
}
