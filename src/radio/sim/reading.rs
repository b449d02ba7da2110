//! The phones of the street asked for the id they keep: one at a time, as the real radio asks.

use std::time::Duration;

use super::{PhoneNumber, Street};
use crate::domain::asking::{Ask, Outcome, Question, Reading, Value};
use crate::domain::moment::{Mono, Wall};

/// How a phone answers when it is asked for its id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answering {
    /// At once.
    Promptly,
    /// After four seconds, as an app that has to be woken first.
    Slowly,
    /// Not at all: no connection is made, and the scan is off all the while.
    Never,
    /// Not without being paired.
    Refuses,
    /// It has another app, of whose bit the network's is the same.
    OtherApp,
}

/// A connection is made with the phone's next advert, and takes so long from then on: an invented
/// time, in the range of what phones need. The scan is off until then.
const CONNECTS_WITHIN: Duration = Duration::from_millis(400);

/// Longer than may be waited for before the verdict.
const SLOW_ANSWER: Duration = Duration::from_secs(4);

/// A phone that is being asked.
#[derive(Debug)]
pub(super) struct Asked {
    since: Mono,
    ends: Mono,
    reading: Reading,
}

impl Asked {
    /// When it has answered, or the time is over.
    pub(super) const fn ends(&self) -> Mono {
        self.ends
    }
}

impl Street {
    /// From now on this phone answers like that.
    pub fn set_answering(&mut self, number: PhoneNumber, answering: Answering) {
        if let Some(phone) = self.phones.get_mut(number.0) {
            phone.set_answering(answering);
        }
    }

    /// When each reading so far ended, and for how long it kept the scan off.
    #[must_use]
    pub fn readings(&self) -> &[(Mono, Duration)] {
        &self.readings
    }

    /// Asks somebody, or ends that.
    pub fn ask(&mut self, ask: Ask, now: Mono) {
        match ask {
            Ask::Read(question) => self.asked = Some(self.answer(&question, now)),
            Ask::Stop => {
                if let Some(asked) = &mut self.asked {
                    asked.reading.outcome = Outcome::Stopped;
                    asked.reading.scan_off = asked.reading.scan_off.min(now.since(asked.since));
                    asked.ends = now;
                }
            }
        }
    }

    /// What came of it, when it is time.
    pub fn take_reading(&mut self, now: Mono) -> Option<Reading> {
        let Asked { ends, reading, .. } = self.asked.take_if(|asked| asked.ends <= now)?;
        self.readings.push((ends, reading.scan_off));
        Some(reading)
    }

    fn answer(&self, question: &Question, now: Mono) -> Asked {
        let &Question { address, within, scan_off_max, .. } = question;
        let wall = Wall(self.began.0.saturating_add_unsigned(now.since_start().as_secs()));
        let asked = self
            .phones
            .iter()
            .find_map(|phone| phone.answering(address, now).map(|answering| (phone, answering)));
        let value = asked.and_then(|(phone, _)| phone.kept_id(wall));
        let (outcome, takes, scan_off) = match (asked, value) {
            (None | Some((_, Answering::Never)), _) => (Outcome::TimedOut, within, within),
            (Some((_, Answering::Refuses)), _) => {
                (Outcome::Refused, CONNECTS_WITHIN, CONNECTS_WITHIN)
            }
            (Some((_, Answering::OtherApp)), _) | (Some(_), None) => {
                (Outcome::NoService, CONNECTS_WITHIN, CONNECTS_WITHIN)
            }
            (Some((_, answering)), Some(id)) => {
                let wakes =
                    if answering == Answering::Slowly { SLOW_ANSWER } else { Duration::ZERO };
                let value = Value(id.as_bytes().to_vec());
                (Outcome::Value(value), CONNECTS_WITHIN + wakes, CONNECTS_WITHIN)
            }
        };
        let in_time = takes <= within && scan_off <= scan_off_max;
        let outcome = if in_time { outcome } else { Outcome::TimedOut };
        let cut = if scan_off > scan_off_max { scan_off_max } else { within };
        let ends = now + takes.min(cut);
        let scan_off = scan_off.min(scan_off_max);
        Asked { since: now, ends, reading: Reading { address, outcome, scan_off } }
    }
}
