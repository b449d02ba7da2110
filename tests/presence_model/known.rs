//! One subject of the model, with every sighting of it.

use kiosk::domain::moment::Mono;
use kiosk::domain::policy;
use kiosk::domain::sighting::{Strength, Subject, TxClass};

/// One subject and everything heard of it.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) subject: Subject,
    pub(super) tx_class: TxClass,
    pub(super) strength: Option<Strength>,
    pub(super) first: Mono,
    pub(super) heard: Vec<(Mono, i8)>,
    /// What was heard of the ids it has replaced.
    pub(super) inherited: Vec<(Mono, i8)>,
    /// Whether another was taken for its next id; whose next id it was taken for, and since when
    /// it was heard itself.
    pub(super) handed: bool,
    pub(super) taken_for: Option<(Subject, Mono)>,
    pub(super) served: bool,
    /// The levels before the touch, if they were known when the visitor touched.
    pub(super) waiting: Option<f32>,
    pub(super) loudest: Option<f32>,
    /// What spoke for it in this visit when it was last weighed, how loud it was, and when.
    pub(super) weighed: Option<(f32, f32, Mono)>,
}

impl Known {
    pub(super) fn last(&self) -> Mono {
        self.heard.last().unwrap().0
    }

    /// The last 32 sightings, the last first.
    pub(super) fn recent(&self) -> impl Iterator<Item = (Mono, i8)> {
        self.heard.iter().rev().take(32).copied()
    }

    /// Median of those no older than the window before the last.
    pub(super) fn median_at_last(&self) -> i16 {
        let mut levels: Vec<i8> = self
            .recent()
            .filter(|(at, _)| self.last().since(*at) <= policy::LEVEL_WINDOW)
            .map(|(_, level)| level)
            .collect();
        levels.sort_unstable();
        i16::from(levels[(levels.len() - 1) / 2])
    }

    /// Mean and count since a moment; if fewer than `least`, of those before as well.
    pub(super) fn mean(&self, from: Mono, least: usize) -> (f32, u8) {
        let from = from.min(self.last());
        let since = self.recent().filter(|(at, _)| *at >= from).count();
        let window =
            self.recent().filter(|(at, _)| self.last().since(*at) <= policy::LEVEL_WINDOW).count();
        let taken = since.max(least.min(window));
        let sum: i16 = self.recent().take(taken).map(|(_, level)| i16::from(level)).sum();
        let count = u8::try_from(taken).unwrap();
        (f32::from(sum) / f32::from(count), count)
    }

    pub(super) fn is_resident(&self, touched: Mono) -> bool {
        self.served || touched.since(self.first) >= policy::RESIDENT_AFTER
    }

    /// How loud it was before the touch: the mean, and the highest mean of two neighbouring seconds
    /// with two adverts.
    pub(super) fn remember(&mut self, touched: Mono) {
        let second = |by| second(Mono::from_start(touched.since_start().saturating_sub(by)));
        let from = second(policy::BEFORE_WINDOW);
        self.waiting = mean(&self.levels_in(from..second(policy::APPROACH)));
        let until = second(policy::LOUDEST_UNTIL);
        let pairs = (from..until).map(|at| self.levels_in(at.saturating_sub(1).max(from)..at + 1));
        let loud = pairs.filter(|levels| levels.len() >= 2).filter_map(|levels| mean(&levels));
        self.loudest = loud.reduce(f32::max).or_else(|| mean(&self.levels_in(from..until)));
    }

    /// The levels in whole seconds of the clock. A second in which its own voice was heard counts
    /// without its predecessor's.
    fn levels_in(&self, window: std::ops::Range<u64>) -> Vec<f32> {
        let own: Vec<_> = self.heard.iter().map(|&(at, _)| second(at)).collect();
        self.inherited
            .iter()
            .filter(|(at, _)| !own.contains(&second(*at)))
            .chain(&self.heard)
            .filter(|(at, _)| window.contains(&second(*at)))
            .map(|&(_, level)| f32::from(level))
            .collect()
    }
}

fn second(at: Mono) -> u64 {
    at.since_start().as_secs()
}

fn mean(levels: &[f32]) -> Option<f32> {
    let count = f32::from(u16::try_from(levels.len()).unwrap());
    (count > 0.0).then(|| levels.iter().sum::<f32>() / count)
}
