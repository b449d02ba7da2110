//! Which level each output has at which moment. Pure: the pins, and the waiting, are elsewhere.

use std::time::Duration;

use crate::domain::moment::Mono;
use crate::domain::signal::{Buzz, Lamp};

/// The levels of all outputs; `true` is high.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Levels {
    /// Which lamp is lit.
    pub lamp: Lamp,
    /// Whether the buzzer sounds.
    pub buzzer: bool,
    /// Whether the gate's relay is held, which opens the gate.
    pub gate: bool,
}

impl Levels {
    /// Lamps dark, buzzer silent, relay released.
    pub const SAFE: Self = Self { lamp: Lamp::Off, buzzer: false, gate: false };
}

/// What was asked for, and when.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    gate_pulse: Duration,
    lamp: Lamp,
    buzz: Option<(Buzz, Mono)>,
    gate_until: Mono,
}

impl Schedule {
    /// Everything at its safe level.
    #[must_use]
    pub const fn new(gate_pulse: Duration) -> Self {
        Self { gate_pulse, lamp: Lamp::Off, buzz: None, gate_until: Mono::from_millis(0) }
    }

    /// Lights the lamp until told otherwise.
    pub const fn light(&mut self, lamp: Lamp) {
        self.lamp = lamp;
    }

    /// Begins a sound, in place of one that has not ended.
    pub const fn buzz(&mut self, buzz: Buzz, now: Mono) {
        self.buzz = Some((buzz, now));
    }

    /// Holds the relay for one pulse from now.
    pub fn open_gate(&mut self, now: Mono) {
        self.gate_until = now + self.gate_pulse;
    }

    /// The levels at `now`.
    #[must_use]
    pub fn levels(&self, now: Mono) -> Levels {
        Levels {
            lamp: self.lamp,
            // The rhythm begins with a sound, so the even steps are the loud ones.
            buzzer: self.buzz_step(now).is_some_and(|(step, _)| step % 2 == 0),
            gate: now < self.gate_until,
        }
    }

    /// The next moment after `now` at which a level changes by itself.
    #[must_use]
    pub fn next_change(&self, now: Mono) -> Option<Mono> {
        let gate = Some(self.gate_until).filter(|until| *until > now);
        let buzz = self.buzz_step(now).map(|(_, ends)| ends);
        gate.into_iter().chain(buzz).min()
    }

    /// Which step of the rhythm `now` falls into, counted from 0, and when that step ends.
    fn buzz_step(&self, now: Mono) -> Option<(usize, Mono)> {
        let (buzz, began) = self.buzz?;
        let mut ends = began;
        buzz.rhythm().iter().enumerate().find_map(|(step, length)| {
            ends = ends + *length;
            (now < ends).then_some((step, ends))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PULSE: Duration = Duration::from_secs(2);

    fn at(ms: u64) -> Mono {
        Mono::from_millis(ms)
    }

    #[test]
    fn a_farewell_is_two_short_sounds() {
        let mut schedule = Schedule::new(PULSE);
        schedule.buzz(Buzz::Farewell, at(1_000));
        let loud: Vec<_> =
            (1_000..1_500).step_by(50).filter(|ms| schedule.levels(at(*ms)).buzzer).collect();
        assert_eq!(loud, [1_000, 1_050, 1_200, 1_250]);
        assert_eq!(schedule.next_change(at(1_000)), Some(at(1_100)));
        assert_eq!(schedule.next_change(at(1_299)), Some(at(1_300)));
        assert_eq!(schedule.next_change(at(1_300)), None);
    }

    #[test]
    fn a_second_pulse_makes_the_first_longer() {
        let mut schedule = Schedule::new(PULSE);
        schedule.open_gate(at(0));
        schedule.open_gate(at(1_500));
        assert!(schedule.levels(at(3_499)).gate);
        assert!(!schedule.levels(at(3_500)).gate);
    }

    #[test]
    fn at_rest_nothing_is_due_and_all_is_safe() {
        let schedule = Schedule::new(PULSE);
        assert_eq!(schedule.levels(at(0)), Levels::SAFE);
        assert_eq!(schedule.next_change(at(0)), None);
    }
}
