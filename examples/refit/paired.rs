//! Two ways to judge the same scenes, held against each other: a paired bootstrap. Each turn draws
//! as many scenes anew, sets both thresholds by them and counts what both find. It says how much
//! is chance among scenes; that few phones stand behind them it cannot say.

use kiosk::command::eval::play::Mark;
use kiosk::command::eval::scene::Scene;
use kiosk::command::eval::share::{Share, finds, threshold};

/// Draws.
const TURNS: usize = 2_000;

/// Any other seed gives other draws, this one the same ones.
const SEED: u64 = 20_261_126;

/// What both find at 1 % wrong, and by how much ours finds more.
#[derive(Debug)]
pub(crate) struct Comparison {
    ours: f64,
    theirs: f64,
    low: f64,
    high: f64,
    /// The part of the draws in which the other finds more.
    behind: f64,
}

impl std::fmt::Display for Comparison {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { ours, theirs, low, high, behind } = self;
        let more = ours - theirs;
        write!(f, "{ours:.3} against {theirs:.3}, {more:+.3} ({low:+.3} to {high:+.3}), ")?;
        write!(f, "behind in {:.1} % of {TURNS} draws", behind * 100.0)
    }
}

/// Holds the marks of the same scenes against each other, until `until_ms`.
pub(crate) fn compare(
    scenes: &[Scene],
    ours: &[Vec<Mark>],
    theirs: &[Vec<Mark>],
    until_ms: i64,
) -> Comparison {
    let of = |app: bool| -> Vec<usize> {
        let all = scenes.iter().enumerate();
        all.filter(|(_, scene)| scene.truth.app == app).map(|(number, _)| number).collect()
    };
    let (with, without) = (of(true), of(false));
    let found = |with: &[usize], without: &[usize]| {
        [ours, theirs].map(|marks| {
            let without: Vec<&[Mark]> = without.iter().map(|&n| &marks[n][..]).collect();
            let odds = threshold(&without, until_ms, 0.01);
            Share::of(with.iter().map(|&n| finds(&marks[n], until_ms, odds))).share
        })
    };
    let [all_ours, all_theirs] = found(&with, &without);
    let mut rng = fastrand::Rng::with_seed(SEED);
    let mut draw = |from: &[usize]| -> Vec<usize> {
        from.iter().map(|_| from[rng.usize(..from.len())]).collect()
    };
    let mut more: Vec<f64> = (0..TURNS)
        .map(|_| {
            let [ours, theirs] = found(&draw(&with), &draw(&without));
            ours - theirs
        })
        .collect();
    more.sort_by(f64::total_cmp);
    Comparison {
        ours: all_ours,
        theirs: all_theirs,
        low: more[TURNS / 40],
        high: more[TURNS - 1 - TURNS / 40],
        behind: Share::of(more.iter().map(|&more| more < 0.0)).share,
    }
}
