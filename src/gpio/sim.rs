//! Pins that write down what they were told: for stories, and for a kiosk on a desktop.

use std::collections::VecDeque;

use super::schedule::Levels;
use crate::domain::moment::Mono;

/// How many changes are remembered; the oldest go first. A visit makes about ten, so this is a
/// few hundred visits.
const CAPACITY: usize = 4_096;

/// The changes of level, the oldest first.
#[derive(Clone, Debug, Default)]
pub struct Record {
    changes: VecDeque<(Mono, Levels)>,
}

impl Record {
    /// Every change that is remembered, with the moment from which it held, the oldest first.
    pub fn levels(&self) -> impl Iterator<Item = (Mono, Levels)> + '_ {
        self.changes.iter().copied()
    }

    /// How many of the remembered changes opened the gate.
    #[must_use]
    pub fn gate_openings(&self) -> usize {
        let before = self.levels().map(|(_, levels)| levels.gate);
        let before = std::iter::once(false).chain(before);
        self.levels().zip(before).filter(|((_, levels), before)| levels.gate && !before).count()
    }

    pub(super) fn write(&mut self, levels: Levels, now: Mono) {
        if self.changes.len() == CAPACITY {
            self.changes.pop_front();
        }
        self.changes.push_back((now, levels));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_remembers_no_more_than_it_should_and_counts_openings() {
        let mut record = Record::default();
        for ms in 0..10_000 {
            record.write(Levels { gate: ms % 4 < 2, ..Levels::SAFE }, Mono::from_millis(ms));
        }
        assert_eq!(record.levels().count(), CAPACITY);
        assert_eq!(record.gate_openings(), CAPACITY / 4);
    }
}
