//! Prints what was fitted and how well it does.

use std::collections::BTreeMap;

use kiosk::command::eval::play::Mark;
use kiosk::command::eval::scene::Scene;
use kiosk::command::eval::share::{Share, finds, threshold};
use kiosk::domain::presence::rule::{Curve, Scorecard};

use super::HORIZONS_MS;

/// What is found [`HORIZONS_MS`] after moment zero in the chosen scenes, at three shares of wrong ones.
pub(crate) fn report(scenes: &[Scene], marks: &[Vec<Mark>], chosen: impl Fn(&Scene) -> bool) {
    let of = |app: bool| {
        let chosen = &chosen;
        scenes
            .iter()
            .zip(marks)
            .filter(move |(scene, _)| scene.truth.app == app && chosen(scene))
            .map(|(_, marks)| &marks[..])
            .collect::<Vec<_>>()
    };
    let (with, without) = (of(true), of(false));
    for until_ms in HORIZONS_MS {
        let found: BTreeMap<_, _> = [3, 10, 50]
            .map(|permille| {
                let threshold = threshold(&without, until_ms, f64::from(permille) / 1_000.0);
                let found = with.iter().map(|marks| finds(marks, until_ms, threshold));
                (permille, (Share::of(found), threshold))
            })
            .into();
        print!("//   {until_ms} ms:");
        for (permille, (share, threshold)) in found {
            print!("  {permille} in 1000: {:.3} over {threshold:.2}", share.share);
        }
        println!();
    }
}

/// One card as it stands in `weights.rs`.
pub(crate) fn print_card(name: &str, card: &Scorecard) {
    let curve = |curve: &Curve| {
        let points: Vec<_> = curve.0.iter().map(|(x, y)| format!("({x:.1}, {y:.2})")).collect();
        format!("Curve([{}])", points.join(", "))
    };
    println!("    {name}: Scorecard {{");
    println!("        base: {:.2},", card.base);
    println!("        level: {},", curve(&card.level));
    println!("        rise: {},", curve(&card.rise));
    println!("        over_loudest: {},", curve(&card.over_loudest));
    println!("        sightings: {},", curve(&card.sightings));
    let weakest = card.weakest.as_ref().map(|weakest| format!("Some({})", curve(weakest)));
    println!("        weakest: {},", weakest.as_deref().unwrap_or("None"));
    println!("        full_power_db: {:.1},", card.full_power_db);
    println!("        new: {:.2},", card.new);
    println!("        threshold: {:.2},", card.threshold);
    println!("    }},");
}
