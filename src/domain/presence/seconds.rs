//! How loud one subject was, second by second, in the last half minute: what it was like before a
//! visitor touched the screen. Single adverts are not kept here.

use std::time::Duration;

use crate::domain::advert::Dbm;
use crate::domain::moment::Mono;
use crate::domain::policy;

/// Seconds kept: [`policy::BEFORE_WINDOW`], and room for a visitor who is taken in again after a
/// moment behind the PIN.
const SECONDS: usize = 36;

/// Mean levels in dBm before a touch; `None` for a window in which nothing was heard.
#[derive(Clone, Copy, PartialEq, Default)]
pub struct Before {
    /// From [`policy::BEFORE_WINDOW`] to [`policy::APPROACH`] before it.
    pub waiting: Option<f32>,
    /// In the loudest two seconds from [`policy::BEFORE_WINDOW`] to [`policy::LOUDEST_UNTIL`]
    /// before it.
    pub loudest: Option<f32>,
}

impl std::fmt::Debug for Before {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let heard = |level: Option<f32>| level.is_some();
        write!(f, "Before({}, {})", heard(self.waiting), heard(self.loudest))
    }
}

/// The levels of the last [`SECONDS`]; each second takes the place of the one so long before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seconds([Second; SECONDS]);

/// The levels of one second, up to 255 of them.
#[derive(Clone, Copy, Debug, Default)]
struct Second {
    /// Which second since the clock began. 32 bits last for 136 years.
    number: u32,
    sum: i16,
    count: u8,
}

impl Default for Seconds {
    fn default() -> Self {
        Self([Second::default(); SECONDS])
    }
}

impl Seconds {
    /// Takes in one more level.
    pub(super) fn hear(&mut self, level: Dbm, now: Mono) {
        let number = number_of(now);
        let Some(second) = self.0.get_mut(place_of(number)) else { return };
        if second.number != number {
            *second = Second { number, ..Second::default() };
        }
        if let Some(count) = second.count.checked_add(1) {
            second.sum += i16::from(level.0);
            second.count = count;
        }
    }

    /// Mean levels in the windows before a touch at `touched`.
    pub(super) fn before(&self, touched: Mono) -> Before {
        let back = |by: Duration| Mono::from_start(touched.since_start().saturating_sub(by));
        let from = back(policy::BEFORE_WINDOW);
        Before {
            waiting: self.mean_between(from, back(policy::APPROACH)),
            loudest: self.loudest_between(from, back(policy::LOUDEST_UNTIL)),
        }
    }

    /// The mean level between `from` and `to`, in whole seconds of the clock; `None` when nothing
    /// was heard in them.
    fn mean_between(&self, from: Mono, to: Mono) -> Option<f32> {
        let numbers = number_of(from)..number_of(to);
        let (mut sum, mut count) = (0.0_f32, 0.0_f32);
        for second in self.0.iter().filter(|second| numbers.contains(&second.number)) {
            sum += f32::from(second.sum);
            count += f32::from(second.count);
        }
        (count > 0.0).then(|| sum / count)
    }

    /// The highest mean of two neighbouring seconds with two adverts or more between `from` and
    /// `to`; where there are none such, the mean of all.
    fn loudest_between(&self, from: Mono, to: Mono) -> Option<f32> {
        let (mut loudest, mut former) = (None::<f32>, Second::default());
        for number in number_of(from)..number_of(to) {
            let kept = self.0.get(place_of(number)).filter(|second| second.number == number);
            let second = kept.copied().unwrap_or_default();
            let count = u16::from(former.count) + u16::from(second.count);
            if count >= 2 {
                let sum = f32::from(former.sum) + f32::from(second.sum);
                let mean = sum / f32::from(count);
                loudest = Some(loudest.map_or(mean, |so_far| so_far.max(mean)));
            }
            former = second;
        }
        loudest.or_else(|| self.mean_between(from, to))
    }

    /// Takes over what another has of later seconds than stand in the same places.
    pub(super) fn fill_gaps(&mut self, other: &Self) {
        for (mine, its) in self.0.iter_mut().zip(&other.0) {
            if mine.number < its.number {
                *mine = *its;
            }
        }
    }

    /// Forgets all seconds before that of `moment`.
    pub(super) fn forget_before(&mut self, moment: Mono) {
        let first = number_of(moment);
        for second in self.0.iter_mut().filter(|second| second.number < first) {
            *second = Second::default();
        }
    }
}

fn number_of(moment: Mono) -> u32 {
    u32::try_from(moment.since_start().as_secs()).unwrap_or(u32::MAX)
}

fn place_of(number: u32) -> usize {
    usize::try_from(number).unwrap_or(0) % SECONDS
}
