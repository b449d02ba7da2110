//! The pins: lamp, buzzer, gate relay, motion sensor, the guard's button.
//!
//! [`schedule`] decides which level each output has at which moment and knows no hardware;
//! `pi` puts the levels on a Raspberry Pi's pins; [`sim`] writes them down instead. Whether the
//! gate may open is not decided here: reception asks for it only when the entry is on disk.
//!
//! Safe levels are all outputs low: lamps dark, buzzer silent, relay released, so that the lock
//! holds and only the guard's button or a power cut opens it (see `deploy/WIRING.md`). They are
//! set before anything else at start and again when [`Pins`] is dropped. A process that was
//! killed cannot do that, so the service runs [`make_safe`] after it.

#[cfg(feature = "pins")]
pub mod pi;
pub mod schedule;
pub mod sim;

use std::time::Duration;

use crate::domain::moment::Mono;
use crate::domain::signal::{Buzz, Lamp, Sensed, Wiring};
use schedule::{Levels, Schedule};

/// Why the pins cannot be reached; fits after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum PinsError {
    /// The machine or its permissions do not allow it.
    #[cfg(feature = "pins")]
    #[error(
        "reach the pins: {0}; is this a Raspberry Pi, and is the account in the group gpio? \
         Without wiring, set wired = false under [pins]"
    )]
    Rppal(#[from] rppal::gpio::Error),
    /// The program was built for a desktop.
    #[error(
        "reach the pins: this program was built without them; set wired = false under [pins], \
         or use the one from the Debian package"
    )]
    NotBuilt,
}

/// The outputs, and the thread that listens to the inputs.
#[derive(Debug)]
pub struct Pins {
    schedule: Schedule,
    written: Levels,
    body: Body,
}

#[derive(Debug)]
enum Body {
    #[cfg(feature = "pins")]
    Real(Box<pi::Outputs>),
    Sim(sim::Record),
}

impl Pins {
    /// Takes the pins of `wiring`, sets every output to its safe level, and from then on calls
    /// `on_sensed` from another thread whenever an input says something.
    ///
    /// # Errors
    /// [`PinsError`] where there are no such pins; nothing has been set then.
    pub fn open(
        wiring: &Wiring,
        on_sensed: impl Fn(Sensed) + Clone + Send + 'static,
    ) -> Result<Self, PinsError> {
        let body = open_body(wiring, on_sensed)?;
        Ok(Self { schedule: Schedule::new(wiring.gate_pulse), written: Levels::SAFE, body })
    }

    /// Pins that only write down what they were told.
    #[must_use]
    pub fn simulated(gate_pulse: Duration) -> Self {
        Self {
            schedule: Schedule::new(gate_pulse),
            written: Levels::SAFE,
            body: Body::Sim(sim::Record::default()),
        }
    }

    /// Lights the lamp until it is told otherwise.
    pub fn light(&mut self, lamp: Lamp, now: Mono) {
        self.schedule.light(lamp);
        self.write(now);
    }

    /// Begins a sound, in place of one that has not ended.
    pub fn buzz(&mut self, buzz: Buzz, now: Mono) {
        self.schedule.buzz(buzz, now);
        self.write(now);
    }

    /// Opens the gate for the time of one pulse; a pulse that has begun is made longer.
    pub fn open_gate(&mut self, now: Mono) {
        self.schedule.open_gate(now);
        self.write(now);
    }

    /// Does what is due.
    pub fn handle_timeout(&mut self, now: Mono) {
        self.write(now);
    }

    /// When something is due next; `None` while nothing sounds and the gate is shut.
    #[must_use]
    pub fn poll_timeout(&self, now: Mono) -> Option<Mono> {
        self.schedule.next_change(now)
    }

    /// What was written so far, if the pins are simulated.
    #[must_use]
    pub fn record(&self) -> Option<&sim::Record> {
        match &self.body {
            #[cfg(feature = "pins")]
            Body::Real(_) => None,
            Body::Sim(record) => Some(record),
        }
    }

    fn write(&mut self, now: Mono) {
        let levels = self.schedule.levels(now);
        if levels == self.written {
            return;
        }
        self.written = levels;
        match &mut self.body {
            #[cfg(feature = "pins")]
            Body::Real(outputs) => outputs.write(levels),
            Body::Sim(record) => record.write(levels, now),
        }
    }
}

/// Whether the pins of `wiring` can be reached. Nothing is set and nothing is taken, so that it can
/// be asked beside a kiosk that runs.
///
/// # Errors
/// [`PinsError`] where there are no such pins.
#[cfg(feature = "pins")]
pub fn look(wiring: &Wiring) -> Result<(), PinsError> {
    pi::look(wiring)
}

/// Sets every output of `wiring` to its safe level and lets go of it: what the service does after
/// the kiosk has ended, in whatever way it ended.
///
/// # Errors
/// [`PinsError`] where there are no such pins.
#[cfg(feature = "pins")]
pub fn make_safe(wiring: &Wiring) -> Result<(), PinsError> {
    pi::make_safe(wiring)
}

#[cfg(feature = "pins")]
fn open_body(
    wiring: &Wiring,
    on_sensed: impl Fn(Sensed) + Clone + Send + 'static,
) -> Result<Body, PinsError> {
    Ok(Body::Real(Box::new(pi::Outputs::open(wiring, on_sensed)?)))
}

/// As with the pins, of which this program knows nothing.
///
/// # Errors
/// [`PinsError::NotBuilt`], always.
#[cfg(not(feature = "pins"))]
pub const fn look(_wiring: &Wiring) -> Result<(), PinsError> {
    Err(PinsError::NotBuilt)
}

/// As with the pins, of which this program knows nothing.
///
/// # Errors
/// [`PinsError::NotBuilt`], always.
#[cfg(not(feature = "pins"))]
pub const fn make_safe(_wiring: &Wiring) -> Result<(), PinsError> {
    Err(PinsError::NotBuilt)
}

#[cfg(not(feature = "pins"))]
fn open_body(
    _wiring: &Wiring,
    _on_sensed: impl Fn(Sensed) + Clone + Send + 'static,
) -> Result<Body, PinsError> {
    Err(PinsError::NotBuilt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_welcome_sounds_and_opens_and_all_of_it_ends() {
        let mut pins = Pins::simulated(Duration::from_secs(3));
        let t0 = Mono::from_millis(5_000);
        pins.light(Lamp::Green, t0);
        pins.buzz(Buzz::Welcome, t0);
        pins.open_gate(t0);
        let mut now = t0;
        while let Some(due) = pins.poll_timeout(now) {
            assert!(due > now, "time goes on");
            now = due;
            pins.handle_timeout(now);
        }
        pins.light(Lamp::Off, now);
        let seen: Vec<_> = pins
            .record()
            .expect("simulated")
            .levels()
            .map(|(at, l)| (at.since(t0).as_millis(), l.lamp, l.buzzer, l.gate))
            .collect();
        assert_eq!(
            seen,
            [
                (0, Lamp::Green, false, false),
                (0, Lamp::Green, true, false),
                (0, Lamp::Green, true, true),
                (100, Lamp::Green, false, true),
                (3_000, Lamp::Green, false, false),
                (3_000, Lamp::Off, false, false),
            ]
        );
        assert_eq!(pins.written, Levels::SAFE);
    }

    #[test]
    fn the_same_levels_are_written_once() {
        let mut pins = Pins::simulated(Duration::from_secs(3));
        for ms in 0..10 {
            pins.light(Lamp::Blue, Mono::from_millis(ms));
            pins.handle_timeout(Mono::from_millis(ms));
        }
        assert_eq!(pins.record().expect("simulated").levels().count(), 1);
    }
}
