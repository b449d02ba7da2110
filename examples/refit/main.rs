//! Fits the numbers of `src/domain/presence/weights.rs` to recorded scenes and prints that file
//! anew, with what the numbers reach on scenes they were not fitted to. What the rule knows of a
//! phone comes from the presence that ships, so nothing is computed twice.
//!
//! `cargo run --release --no-default-features --features cli --example refit -- DESK TAP`
//!
//! It is a conditional logit: in each scene one of the phones heard, or nobody, is the visitor's,
//! and the odds of each are the exponential of its sum. More level and more rise never count for less. Nothing random is in the fit. A plain logistic regression judges the same scenes beside it
//! (`baseline`), and a paired bootstrap says by how much of chance they differ (`paired`).
#![expect(clippy::print_stdout, reason = "it prints the file")]
#![expect(clippy::indexing_slicing, reason = "vectors and matrices of fixed sizes")]

mod baseline;
mod paired;
mod tell;

use std::fs::File;

use anyhow::Context;
use kiosk::command::eval::play::{self, Judgement, Mark, Stage};
use kiosk::command::eval::scene::{self, Scene};
use kiosk::command::eval::share::threshold;
use kiosk::domain::policy;
use kiosk::domain::presence::rule::{Curve, Features, Rule, Scorecard};
use kiosk::domain::sighting::TxClass;

use self::tell::{print_card, report};

/// Points of the curves, in dB.
const LEVEL: [f32; 6] = [-14.0, -4.0, 4.0, 12.0, 20.0, 28.0];
const LEVEL_TAP: [f32; 6] = [-6.0, 6.0, 14.0, 20.0, 28.0, 36.0];
const RISE: [f32; 6] = [-4.0, 4.0, 8.0, 12.0, 16.0, 24.0];
const RISE_TAP: [f32; 6] = [0.0, 8.0, 14.0, 20.0, 26.0, 32.0];
const OVER_LOUDEST: [f32; 6] = [-8.0, -4.0, 0.0, 4.0, 8.0, 14.0];
const OVER_LOUDEST_TAP: [f32; 6] = [0.0, 8.0, 14.0, 20.0, 26.0, 32.0];

/// Points of the curve over the number of adverts.
const SIGHTINGS: [f32; 6] = [1.0, 2.0, 4.0, 6.0, 9.0, 12.0];

/// Base, five pieces of each of the five curves, new.
const WEIGHTS: usize = 27;
const NEW: usize = 26;

/// [`Scorecard::full_power_db`] of the tap: the medians of visitors' phones that are printed here
/// lie so far apart. Any from 6 to 10 dB finds as many.
const FULL_POWER_TAP_DB: f32 = 8.0;

/// Milliseconds after moment zero at which is looked.
const HORIZONS_MS: [i64; 4] = [1_000, 2_000, 3_000, 5_000];

/// Folds of the cross-validation.
const FOLDS: usize = 5;

/// The penalty on the square of the weights: holds pieces down of which there is little to learn.
const PENALTY: f64 = 2.0;

/// The parts of scenes without the app in which the shipped thresholds may find somebody: with
/// reserve, since other phones behave otherwise.
const WRONG_LISTENING: f64 = 0.003;
const WRONG_TAP: f64 = 0.001;

#[derive(Clone, Copy)]
struct Knots {
    level: [f32; 6],
    rise: [f32; 6],
    over_loudest: [f32; 6],
    weakest: Option<[f32; 6]>,
    full_power_db: f32,
}

const LISTENING: Knots = Knots {
    level: LEVEL,
    rise: RISE,
    over_loudest: OVER_LOUDEST,
    weakest: None,
    full_power_db: 0.0,
};
const TAP: Knots = Knots {
    level: LEVEL_TAP,
    rise: RISE_TAP,
    over_loudest: OVER_LOUDEST_TAP,
    weakest: Some(LEVEL_TAP),
    full_power_db: FULL_POWER_TAP_DB,
};

/// One phone at one moment.
struct Row {
    x: [f64; WEIGHTS],
    features: Features,
    right: bool,
}

/// The phones heard in one scene at one moment.
struct Group {
    scene: usize,
    rows: Vec<Row>,
}

fn main() -> anyhow::Result<()> {
    let mut files = std::env::args().skip(1);
    let mut next = |what: &str| {
        let path = files.next().with_context(|| format!("name the file of the {what} scenes"))?;
        let file = File::open(&path).with_context(|| format!("open {path}"))?;
        scene::read(file).context(path)
    };
    let desk = next("desk")?;
    let mut tap = next("tap")?;
    // Whoever has no app holds nothing up, so these serve both.
    tap.extend(desk.iter().filter(|scene| !scene.truth.app).cloned());

    let any = Rule { listens_for: 2 * policy::PASSIVE_FOR, ..Rule::default() };
    let listening = fit_stage("listening", &desk, &any, Stage::DESK, LISTENING, |rule, card| {
        rule.listening = card;
    });
    let tapping = fit_stage("tap", &tap, &Rule::default(), Stage::TAP, TAP, |rule, card| {
        rule.tap = card;
    });
    println!("pub(super) const SHIPPED: Rule = Rule {{");
    print_card("listening", &listening);
    print_card("tap", &tapping);
    println!("    haste: {:.2},\n    listens_for: policy::PASSIVE_FOR,\n}};", any.haste);
    Ok(())
}

fn fit_stage(
    name: &str,
    scenes: &[Scene],
    rule: &Rule,
    stage: Stage,
    knots: Knots,
    set: impl Fn(&mut Rule, Scorecard),
) -> Scorecard {
    let groups = groups(scenes, rule, stage, knots);
    let [low, full] = [TxClass::Low, TxClass::Full].map(|class| median_db(&groups, class));
    println!(
        "// {name}, median level of visitors' phones: Android {low:.1} dB, iPhones {full:.1} dB"
    );
    let (horizon_ms, wrong) =
        if name == "tap" { (5_000, WRONG_TAP) } else { (3_000, WRONG_LISTENING) };
    let with = |card: Scorecard| {
        let mut rule = *rule;
        set(&mut rule, card);
        rule
    };
    // Each scene judged by numbers that it had no part in.
    let mut marks: Vec<Vec<Mark>> = vec![Vec::new(); scenes.len()];
    for fold in 0..FOLDS {
        let rest = groups.iter().filter(|group| group.scene % FOLDS != fold);
        let rule = with(card(&fit(&rest.collect::<Vec<_>>()), knots, 0.0));
        for (number, scene) in scenes.iter().enumerate().filter(|(n, _)| n % FOLDS == fold) {
            marks[number] = play::marks(scene, &rule, stage);
        }
    }
    println!("// {name}, cross-validated by scene:");
    report(scenes, &marks, |_| true);
    println!("// {name}, found at 1 % wrong, beside a logistic baseline, paired bootstrap:");
    for until_ms in HORIZONS_MS {
        let theirs = baseline::cross_validated(scenes, until_ms);
        println!("//   {until_ms} ms: {}", paired::compare(scenes, &marks, &theirs, until_ms));
    }
    for iphone in [false, true] {
        let learned: Vec<Group> = groups_of(scenes, rule, stage, knots, !iphone);
        let rule = with(card(&fit(&learned.iter().collect::<Vec<_>>()), knots, 0.0));
        let others = scenes.iter().map(|scene| only(scene, iphone)).collect::<Vec<_>>();
        let marks: Vec<_> = others.iter().map(|scene| play::marks(scene, &rule, stage)).collect();
        let phones =
            if iphone { "iPhones, learned from Android" } else { "Android, learned from iPhones" };
        println!("// {name}, {phones}:");
        report(&others, &marks, |scene| {
            !scene.truth.app || scene.truth.visitors.iter().any(|sender| sender.iphone == iphone)
        });
    }
    let without: Vec<&[Mark]> = scenes
        .iter()
        .zip(&marks)
        .filter(|(scene, _)| !scene.truth.app)
        .map(|(_, marks)| &marks[..])
        .collect();
    let threshold = threshold(&without, horizon_ms, wrong);
    let all = fit(&groups.iter().collect::<Vec<_>>());
    card(&all, knots, (threshold * 20.0).ceil() / 20.0)
}

/// The same scene with phones of one make only.
fn only(scene: &Scene, iphone: bool) -> Scene {
    let mut scene = scene.clone();
    scene.packets.retain(|packet| packet.sender.iphone == iphone);
    scene
}

fn groups_of(
    scenes: &[Scene],
    rule: &Rule,
    stage: Stage,
    knots: Knots,
    iphone: bool,
) -> Vec<Group> {
    let scenes: Vec<Scene> = scenes.iter().map(|scene| only(scene, iphone)).collect();
    groups(&scenes, rule, stage, knots)
}

fn groups(scenes: &[Scene], rule: &Rule, stage: Stage, knots: Knots) -> Vec<Group> {
    let mut rule = *rule;
    rule.listening.threshold = f32::INFINITY;
    rule.tap.threshold = f32::INFINITY;
    let mut groups = Vec::new();
    for (number, scene) in scenes.iter().enumerate() {
        let mut judgements: Vec<Judgement> = Vec::new();
        play::play(scene, &rule, stage, |judgement| judgements.push(*judgement), |_, _| {});
        for at_ms in [1_000, 1_500, 2_000, 2_500, 3_000, 4_000, 5_000] {
            // The latest of each subject.
            let mut latest: Vec<&Judgement> = Vec::new();
            for judgement in &judgements {
                if judgement.at_ms <= at_ms && at_ms - judgement.at_ms <= 2_000 {
                    latest.retain(|other| other.subject != judgement.subject);
                    latest.push(judgement);
                }
            }
            let row = |judged: &&Judgement| {
                let features = judged.features;
                Row { x: x(&features, knots), features, right: judged.right }
            };
            groups.push(Group { scene: number, rows: latest.iter().map(row).collect() });
        }
    }
    groups
}

/// The median level of the visitors' phones that send at this power, above bystanders'.
fn median_db(groups: &[Group], class: TxClass) -> f32 {
    let rows = groups.iter().flat_map(|group| &group.rows);
    let theirs = rows.filter(|row| row.right && row.features.tx_class == class);
    let mut levels: Vec<f32> = theirs.map(|row| row.features.level_db).collect();
    levels.sort_by(f32::total_cmp);
    levels.get(levels.len() / 2).copied().unwrap_or(f32::NAN)
}

fn x(features: &Features, knots: Knots) -> [f64; WEIGHTS] {
    let mut x = [0.0; WEIGHTS];
    x[0] = 1.0;
    let mut fill = |from: usize, knots: [f32; 6], value: Option<f32>| {
        for piece in 0..5 {
            let part = value.map_or(1.0, |value| {
                ((value - knots[piece]) / (knots[piece + 1] - knots[piece])).clamp(0.0, 1.0)
            });
            x[from + piece] = f64::from(part);
        }
    };
    let more_db = if features.tx_class == TxClass::Full { knots.full_power_db } else { 0.0 };
    fill(1, knots.level, Some(features.level_db - more_db));
    fill(6, knots.rise, features.rise_db);
    fill(11, knots.over_loudest, features.over_loudest_db);
    fill(16, SIGHTINGS, Some(f32::from(features.sightings)));
    if let Some(knots) = knots.weakest {
        fill(21, knots, Some(features.weakest_db - more_db));
    }
    x[NEW] = f64::from(u8::from(features.rise_db.is_none()));
    x
}

/// Accelerated projected gradient descent (Beck and Teboulle 2009) with restarts.
fn fit(groups: &[&Group]) -> [f64; WEIGHTS] {
    let mut w = [0.0; WEIGHTS];
    let (mut ahead, mut t, mut step) = (w, 1.0_f64, 1.0 / 64.0);
    let mut last = f64::INFINITY;
    for _ in 0..4_000 {
        let (loss, gradient) = loss(groups, &ahead);
        let mut next = w;
        loop {
            for i in 0..WEIGHTS {
                next[i] = ahead[i] - step * gradient[i];
                if i != 0 && i != NEW {
                    next[i] = next[i].max(0.0);
                }
            }
            let (mut linear, mut square) = (0.0, 0.0);
            for i in 0..WEIGHTS {
                linear += gradient[i] * (next[i] - ahead[i]);
                square += (next[i] - ahead[i]).powi(2);
            }
            if self::loss(groups, &next).0 <= loss + linear + square / (2.0 * step) + 1e-12 {
                break;
            }
            step /= 2.0;
        }
        let now = self::loss(groups, &next).0;
        let t_next = if now > last { 1.0 } else { f64::midpoint(1.0, (1.0 + 4.0 * t * t).sqrt()) };
        for i in 0..WEIGHTS {
            ahead[i] = next[i] + (t - 1.0) / t_next * (next[i] - w[i]);
        }
        let moved = (0..WEIGHTS).map(|i| (next[i] - w[i]).abs()).fold(0.0, f64::max);
        (w, t, last) = (next, t_next, now);
        if moved < 1e-5 {
            break;
        }
        step *= 1.05;
    }
    w
}

/// The mean loss of the groups and its gradient.
fn loss(groups: &[&Group], w: &[f64; WEIGHTS]) -> (f64, [f64; WEIGHTS]) {
    let n = f64::from(u32::try_from(groups.len()).unwrap_or(u32::MAX));
    let (mut loss, mut gradient) = (0.0, [0.0; WEIGHTS]);
    for group in groups {
        let odds: Vec<f64> = group
            .rows
            .iter()
            .map(|row| row.x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>().exp())
            .collect();
        let all = 1.0 + odds.iter().sum::<f64>();
        let right: f64 =
            odds.iter().zip(&group.rows).filter(|(_, row)| row.right).map(|(odds, _)| odds).sum();
        let is_there = right > 0.0;
        loss += all.ln() - if is_there { right.ln() } else { 0.0 };
        for (odds, row) in odds.iter().zip(&group.rows) {
            let expected = if is_there && row.right { odds / right } else { 0.0 };
            for (gradient, x) in gradient.iter_mut().zip(&row.x) {
                *gradient += (odds / all - expected) * x;
            }
        }
    }
    for i in 0..WEIGHTS {
        gradient[i] /= n;
        if i != 0 {
            // Seven moments of a scene count as one.
            loss += 7.0 * PENALTY / 2.0 * w[i] * w[i];
            gradient[i] += 7.0 * PENALTY / n * w[i];
        }
    }
    (loss / n, gradient)
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "to be rounded anyway")]
fn card(w: &[f64; WEIGHTS], knots: Knots, threshold: f32) -> Scorecard {
    let round = |value: f64| ((value * 100.0).round() / 100.0) as f32;
    let curve = |from: usize, knots: [f32; 6]| {
        let mut sum = 0.0;
        let mut points = [(knots[0], 0.0); 6];
        for piece in 0..5 {
            sum += w[from + piece];
            points[piece + 1] = (knots[piece + 1], round(sum));
        }
        Curve(points)
    };
    Scorecard {
        base: round(w[0]),
        level: curve(1, knots.level),
        rise: curve(6, knots.rise),
        over_loudest: curve(11, knots.over_loudest),
        sightings: curve(16, SIGHTINGS),
        weakest: knots.weakest.map(|knots| curve(21, knots)),
        full_power_db: knots.full_power_db,
        new: round(w[NEW]),
        threshold,
    }
}
