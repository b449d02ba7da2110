//! Whole visits made of scenes in which the visitor holds the phone to the mark, with Android
//! phones that advertise as Bluezone does: 15 s on, 15 s off. This is what a visitor feels; it is
//! put together from recordings, not recorded.
//!
//! The screen is touched at the scene's moment zero. While the kiosk only listens, everybody
//! stays as they were around that moment: one second is heard three times. Then the tap is asked
//! for, and the scene goes on; after it everybody stays as they were in its last three seconds.
//! The visitor so holds the phone to the mark until the bar is green. Everybody's silence begins
//! anywhere.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;

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

/// Until the last of them after "not seen yet".
const LOOKED_ON: Duration = Duration::from_secs(10);

/// One of Bluezone's halves, in milliseconds (protocol: 15 s each).
const HALF_MS: i64 = 15_000;

/// The second of a scene in which the visitor stands there and lifts nothing yet.
const STANDING_MS: std::ops::Range<i64> = -400..600;

/// The part of it in which the phone is at the mark.
const HELD_MS: std::ops::Range<i64> = 2_000..5_000;

impl WholeVisits {
    /// Plays them; the radio begins to hear so long before moment zero, or has heard all the while.
    #[must_use]
    pub fn of(scenes: &[Scene], heard_before: Option<Duration>) -> Visits {
        let mut rng = fastrand::Rng::with_seed(SEED);
        let stage = Stage { android: Network::Bluezone, heard_before, ..Stage::DESK };
        let mut outcomes = Vec::with_capacity(scenes.len());
        for scene in scenes {
            let whole = lay_out(scene, &mut rng);
            let mut at = LOOKS_S.map(|_| Found::Nobodys);
            play(
                &whole,
                &Rule::default(),
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
    let [asked_ms, over_ms] = [policy::PASSIVE_FOR, policy::NOT_SEEN_AFTER + LOOKED_ON]
        .map(|after| i64::try_from(after.as_millis()).unwrap_or(0));
    let during = |part: std::ops::Range<i64>, later_ms: i64| {
        let packets = scene.packets.iter().filter(move |packet| part.contains(&packet.at_ms));
        packets.map(move |packet| Packet { at_ms: packet.at_ms + later_ms, ..*packet })
    };
    let mut packets: Vec<Packet> = during(i64::MIN..0, 0).collect();
    let mut begins_ms = 0;
    while begins_ms < asked_ms {
        packets.extend(during(STANDING_MS, begins_ms - STANDING_MS.start));
        begins_ms += STANDING_MS.end - STANDING_MS.start;
    }
    packets.extend(during(0..HELD_MS.end, begins_ms));
    begins_ms += HELD_MS.end;
    while begins_ms < over_ms {
        packets.extend(during(HELD_MS, begins_ms - HELD_MS.start));
        begins_ms += HELD_MS.end - HELD_MS.start;
    }
    packets.sort_by_key(|packet| packet.at_ms);
    let mut phases: BTreeMap<Sender, i64> = BTreeMap::new();
    packets.retain(|packet| {
        let phase = *phases.entry(packet.sender).or_insert_with(|| rng.i64(0..2 * HALF_MS));
        packet.sender.iphone || (packet.at_ms + phase).rem_euclid(2 * HALF_MS) < HALF_MS
    });
    Scene { id: scene.id, packets, truth: scene.truth.clone() }
}
