//! What the scorecard is held against: a plain logistic regression over thirteen figures of each
//! phone and its margin to the next, looked at once, at the end. Ids that have rotated are joined for
//! it as simply as can be. It ships nowhere.

use std::collections::BTreeMap;

use kiosk::command::eval::play::Mark;
use kiosk::command::eval::scene::{Scene, Sender};
use kiosk::domain::network::Network;
use kiosk::domain::presence::rule::bystander_dbm;

use super::FOLDS;

/// Where its window begins, in milliseconds after moment zero.
const FROM_MS: i64 = -500;
/// The time before, in which a visitor is not there yet.
const BEFORE_MS: std::ops::Range<i64> = -20_000..-8_000;
/// The time in which a visitor walks up.
const WALKING_MS: std::ops::Range<i64> = -4_000..-2_000;
/// What stands for the level of a phone that was not heard twice in a time, in dBm.
const UNHEARD_DBM: f64 = -104.0;
/// A phone is new that has become louder by more than so much.
const NEW_DB: f64 = 8.0;
/// The largest margin: that of a phone without another beside it.
const MARGIN_MAX_DB: f64 = 30.0;

/// One, thirteen figures and the margin.
const FIGURES: usize = 15;
const MEDIAN: usize = 1;
const MARGIN: usize = 14;

type Figures = [f64; FIGURES];

/// The surest phone of each scene `until_ms` after moment zero, judged by weights that the scene
/// had no part in.
pub(crate) fn cross_validated(scenes: &[Scene], until_ms: i64) -> Vec<Vec<Mark>> {
    let phones: Vec<_> = scenes.iter().map(|scene| phones(scene, until_ms)).collect();
    let mut marks = vec![Vec::new(); scenes.len()];
    for fold in 0..FOLDS {
        let rest = phones.iter().enumerate().filter(|(number, _)| number % FOLDS != fold);
        let judge = Judge::fit(&rest.flat_map(|(_, phones)| phones).copied().collect::<Vec<_>>());
        for (number, phones) in phones.iter().enumerate().filter(|(n, _)| n % FOLDS == fold) {
            let judged = phones.iter().map(|(figures, right)| (judge.odds(figures), *right));
            if let Some((odds, right)) = judged.max_by(|(a, _), (b, _)| a.total_cmp(b)) {
                marks[number].push(Mark { at_ms: until_ms, odds, right });
            }
        }
    }
    marks
}

/// The figures of each phone heard, and whether it is the visitor's.
fn phones(scene: &Scene, until_ms: i64) -> Vec<(Figures, bool)> {
    let mut heard: BTreeMap<Sender, Vec<(i64, f64)>> = BTreeMap::new();
    for packet in scene.packets.iter().filter(|packet| packet.at_ms < until_ms) {
        let level = f64::from(packet.rssi) - bystander(packet.sender);
        heard.entry(packet.sender).or_default().push((packet.at_ms, level));
    }
    join(&mut heard);
    let mut phones: Vec<(Figures, bool)> = heard
        .iter()
        .filter_map(|(sender, levels)| {
            let figures = figures(levels, UNHEARD_DBM - bystander(*sender))?;
            Some((figures, scene.truth.visitors.contains(sender)))
        })
        .collect();
    let medians: Vec<f64> = phones.iter().map(|(figures, _)| figures[MEDIAN]).collect();
    for (number, (figures, _)) in phones.iter_mut().enumerate() {
        let others = medians.iter().enumerate().filter(|(other, _)| *other != number);
        let next = others.map(|(_, median)| *median).fold(f64::NEG_INFINITY, f64::max);
        figures[MARGIN] = (figures[MEDIAN] - next).clamp(-MARGIN_MAX_DB, MARGIN_MAX_DB);
    }
    phones
}

/// Gives the past of an id that fell silent to the one that follows it within 3 s and 10 dB.
fn join(heard: &mut BTreeMap<Sender, Vec<(i64, f64)>>) {
    let ends: Vec<(Sender, (i64, f64), (i64, f64))> = heard
        .iter()
        .map(|(sender, levels)| (*sender, levels[0], levels[levels.len() - 1]))
        .collect();
    for (new, first, _) in &ends {
        let apart = |last: &(i64, f64)| (last.1 - first.1).abs();
        let before = ends.iter().filter(|(old, _, last)| {
            let gap = first.0 - last.0;
            old != new
                && old.iphone == new.iphone
                && (0..=3_000).contains(&gap)
                && apart(last) <= 10.0
        });
        let nearest = before.min_by(|(.., a), (.., b)| apart(a).total_cmp(&apart(b)));
        if let Some(mut past) = nearest.and_then(|(old, ..)| heard.remove(old)) {
            let now = heard.entry(*new).or_default();
            past.append(now);
            *now = past;
        }
    }
}

fn bystander(sender: Sender) -> f64 {
    f64::from(bystander_dbm(sender.sighting(0, Network::Gaen).tx_class))
}

/// `None` of a phone that is heard less than three times in the window.
fn figures(levels: &[(i64, f64)], unheard: f64) -> Option<Figures> {
    let during = |part: std::ops::Range<i64>| -> Vec<f64> {
        levels.iter().filter(|(at_ms, _)| part.contains(at_ms)).map(|&(_, level)| level).collect()
    };
    let window = during(FROM_MS..i64::MAX);
    let mut sorted = window.clone();
    sorted.sort_by(f64::total_cmp);
    if sorted.len() < 3 {
        return None;
    }
    let (weakest, strongest) = (sorted[0], sorted[sorted.len() - 1]);
    let median = sorted[sorted.len() / 2];
    let top = mean(&sorted[sorted.len() - 3..]);
    let smoothed = window.iter().skip(1).fold(window[0], |so_far, x| so_far + 0.3 * (x - so_far));
    let middle = mean(&window);
    let spread = mean(&window.iter().map(|x| (x - middle).powi(2)).collect::<Vec<_>>()).sqrt();
    let of = |levels: Vec<f64>| if levels.len() < 2 { unheard } else { mean(&levels) };
    let (before, walking) = (of(during(BEFORE_MS)), of(during(WALKING_MS)));
    let last = mean(&window[window.len() - 3..]);
    let is_new = f64::from(u8::from(median - before > NEW_DB));
    let count = f64::from(u16::try_from(window.len()).unwrap_or(u16::MAX));
    Some([
        1.0,
        median,
        strongest,
        top,
        smoothed,
        middle,
        weakest,
        spread,
        count,
        before,
        top - before,
        is_new,
        median - walking,
        last - median,
        0.0,
    ])
}

fn mean(levels: &[f64]) -> f64 {
    levels.iter().sum::<f64>() / f64::from(u16::try_from(levels.len()).unwrap_or(u16::MAX))
}

/// Turns of the descent: more change no odds in the third digit.
const TURNS: u32 = 600;
/// The penalty on the square of the weights, divided by the phones.
const PENALTY: f64 = 1.0;

/// A logistic regression over figures brought to one scale.
struct Judge {
    middle: Figures,
    scale: Figures,
    weights: Figures,
}

impl Judge {
    /// Accelerated gradient descent (Nesterov 1983).
    fn fit(phones: &[(Figures, bool)]) -> Self {
        let n = f64::from(u32::try_from(phones.len()).unwrap_or(u32::MAX));
        let mut judge =
            Self { middle: [0.0; FIGURES], scale: [1.0; FIGURES], weights: [0.0; FIGURES] };
        for i in 1..FIGURES {
            judge.middle[i] = phones.iter().map(|(x, _)| x[i]).sum::<f64>() / n;
            let square = |(x, _): &(Figures, bool)| (x[i] - judge.middle[i]).powi(2);
            judge.scale[i] = (phones.iter().map(square).sum::<f64>() / n).sqrt().max(1e-6);
        }
        let scaled: Vec<_> = phones.iter().map(|(x, right)| (judge.scaled(x), *right)).collect();
        // A quarter of the mean square of the figures is the steepest the gradient can turn.
        let step = 4.0 / 15.0;
        let mut ahead = judge.weights;
        for turn in 0..TURNS {
            let mut gradient = ahead.map(|w| w * PENALTY / n);
            gradient[0] = 0.0;
            for (x, right) in &scaled {
                let expected = 1.0 / (1.0 + (-dot(x, &ahead)).exp());
                let error = expected - f64::from(u8::from(*right));
                gradient.iter_mut().zip(x).for_each(|(g, x)| *g += error * x / n);
            }
            let turn = f64::from(turn);
            for i in 0..FIGURES {
                let next = ahead[i] - step * gradient[i];
                ahead[i] = next + turn / (turn + 3.0) * (next - judge.weights[i]);
                judge.weights[i] = next;
            }
        }
        judge
    }

    fn scaled(&self, x: &Figures) -> Figures {
        std::array::from_fn(|i| (x[i] - self.middle[i]) / self.scale[i])
    }

    #[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "as marks are")]
    fn odds(&self, x: &Figures) -> f32 {
        dot(&self.scaled(x), &self.weights) as f32
    }
}

fn dot(x: &Figures, weights: &Figures) -> f64 {
    x.iter().zip(weights).map(|(x, w)| x * w).sum()
}
