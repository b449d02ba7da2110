//! Whole visits made of scenes that end five seconds after the touch, with Android phones that
//! advertise as Bluezone does: 15 s on, 15 s off. This is what a visitor feels; it is computed
//! from recordings, not recorded.
//!
//! After the scene everybody stays as they were: its last three seconds are heard again and
//! again. Everybody's silence begins anywhere. When the tap is asked for, the visitor lifts the
//! phone to the mark after 0.6 to 1.5 s and holds it there until the bar is green: from then on it
//! is louder by 20 dB for a tenth of the distance.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;

use super::play::{Found, Stage, play};
use super::scene::{Packet, Scene, Sender};
use super::share::Share;
use super::table;
use crate::domain::network::Network;
use crate::domain::policy;
use crate::domain::presence::rule::Rule;

/// Whole visits of scenes.
#[derive(Debug)]
pub struct WholeVisits;

/// What came out.
#[derive(Clone, Debug, Serialize)]
pub struct Visits {
    /// Seconds after the touch and what the bar shows then.
    after: Vec<After>,
}

#[derive(Clone, Debug, Serialize)]
struct After {
    seconds: u64,
    /// Green for the visitor's phone, if it has the app.
    green: Share,
    /// Those of them with Android.
    green_android: Share,
    /// Green at all, if it has not.
    wrongly_green: Share,
}

/// The seed of all phases: any other gives other visits, this one the same ones.
const SEED: u64 = 20_261_124;

/// Seconds after the touch at which is looked.
const LOOKS_S: [u64; 4] = [3, 8, 17, 30];

/// One of Bluezone's halves, in milliseconds (protocol: 15 s each).
const HALF_MS: i64 = 15_000;

/// The part of a scene in which everybody has come to stand, heard again and again after it.
const AGAIN_MS: std::ops::Range<i64> = 2_000..5_000;

impl WholeVisits {
    /// Plays them.
    #[must_use]
    pub fn of(scenes: &[Scene]) -> Visits {
        let mut rng = fastrand::Rng::with_seed(SEED);
        let stage = Stage { android: Network::Bluezone, ..Stage::DESK };
        let mut outcomes = Vec::with_capacity(scenes.len());
        for scene in scenes {
            let whole = lay_out(scene, &mut rng);
            let mut at = LOOKS_S.map(|_| Found::Nobodys);
            play(
                &whole,
                Rule::default(),
                stage,
                |_| {},
                |at_ms, found| {
                    for (found_at, seconds) in at.iter_mut().zip(LOOKS_S) {
                        if at_ms < i64::try_from(seconds).unwrap_or(i64::MAX) * 1_000 {
                            *found_at = found;
                        }
                    }
                },
            );
            let android = scene.truth.visitors.iter().any(|sender| !sender.iphone);
            outcomes.push((scene.truth.app, android, at));
        }
        let after = LOOKS_S
            .into_iter()
            .enumerate()
            .map(|(look, seconds)| {
                let found = |at: &[Found; 4]| at.get(look).copied().unwrap_or(Found::Nobodys);
                let green = |at: &[Found; 4]| found(at) == Found::TheVisitors;
                let with = || outcomes.iter().filter(|(app, ..)| *app);
                let without = outcomes.iter().filter(|(app, ..)| !app);
                After {
                    seconds,
                    green: Share::of(with().map(|(.., at)| green(at))),
                    green_android: Share::of(
                        with().filter(|(_, android, _)| *android).map(|(.., at)| green(at)),
                    ),
                    wrongly_green: Share::of(without.map(|(.., at)| found(at) != Found::Nobodys)),
                }
            })
            .collect();
        Visits { after }
    }
}

impl Visits {
    pub(super) fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        writeln!(out, "Whole visits, Android phones 15 s on and 15 s off, tap included:")?;
        let mut rows = Vec::new();
        for at in &self.after {
            let name = format!("  {} s after the touch", at.seconds);
            rows.push((format!("{name}, green"), at.green.to_string()));
            rows.push((format!("{name}, green, Android"), at.green_android.to_string()));
            rows.push((format!("{name}, wrongly green"), at.wrongly_green.to_string()));
        }
        table::write(out, &rows, false)
    }
}

/// A scene of a whole visit.
fn lay_out(scene: &Scene, rng: &mut fastrand::Rng) -> Scene {
    let end_ms = i64::try_from(policy::NOT_SEEN_AFTER.as_millis()).unwrap_or(0) + 10_000;
    let length_ms = AGAIN_MS.end - AGAIN_MS.start;
    let mut packets: Vec<Packet> =
        scene.packets.iter().filter(|packet| packet.at_ms < AGAIN_MS.end).copied().collect();
    let again: Vec<Packet> =
        packets.iter().filter(|packet| packet.at_ms >= AGAIN_MS.start).copied().collect();
    let mut later_ms = length_ms;
    while AGAIN_MS.start + later_ms < end_ms {
        packets.extend(again.iter().map(|p| Packet { at_ms: p.at_ms + later_ms, ..*p }));
        later_ms += length_ms;
    }
    let lift = Lift::of(scene.truth.metres, rng);
    let mut phases: BTreeMap<Sender, i64> = BTreeMap::new();
    packets.retain_mut(|packet| {
        let is_the_visitors = scene.truth.visitors.contains(&packet.sender);
        if is_the_visitors && scene.truth.app && packet.at_ms >= lift.at_ms {
            packet.rssi = packet.rssi.saturating_add(lift.louder_db);
        }
        let phase = *phases.entry(packet.sender).or_insert_with(|| rng.i64(0..2 * HALF_MS));
        packet.sender.iphone || (packet.at_ms + phase).rem_euclid(2 * HALF_MS) < HALF_MS
    });
    Scene { id: scene.id, packets, truth: scene.truth.clone() }
}

/// How the visitor answers the call for the tap.
struct Lift {
    at_ms: i64,
    louder_db: i8,
}

impl Lift {
    /// To 5 to 15 cm from where the phone was.
    fn of(metres: f32, rng: &mut fastrand::Rng) -> Self {
        let asked_ms = i64::try_from(policy::PASSIVE_FOR.as_millis()).unwrap_or(0);
        let at_mark = 0.05 + 0.1 * rng.f32();
        let louder = (20.0 * (metres / at_mark).log10()).clamp(0.0, 30.0);
        #[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "clamped")]
        let louder_db = louder as i8;
        Self { at_ms: asked_ms + rng.i64(600..1_500), louder_db }
    }
}
