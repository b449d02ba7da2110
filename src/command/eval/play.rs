//! Plays scenes to the presence that ships, and writes down what it made of them. Scoring is
//! done from outside: labels never reach the detector.

use std::time::Duration;

use super::scene::{Packet, Scene};
use crate::domain::moment::Mono;
use crate::domain::network::Network;
use crate::domain::policy;
use crate::domain::presence::Presence;
use crate::domain::presence::rule::{Features, Rule};
use crate::domain::sighting::Subject;

/// The scenes' moment zero on the kiosk's clock: late enough for what lies before it.
const ZERO_MS: i64 = 700_000;

/// A judgement of the rule that was surer than all before it in the scene.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Mark {
    /// Milliseconds after the scene's moment zero.
    pub at_ms: i64,
    /// The odds against all others and nobody, as a natural logarithm.
    pub odds: f32,
    /// Whether it was of the visitor's phone.
    pub right: bool,
}

/// What was made of one subject at one moment.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Judgement {
    /// Milliseconds after the scene's moment zero.
    pub at_ms: i64,
    /// Of whom.
    pub subject: Subject,
    /// What was known of it.
    pub features: Features,
    /// Its odds.
    pub odds: f32,
    /// Whether it is the visitor's phone.
    pub right: bool,
}

/// Whose phone was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found {
    /// The visitor's.
    TheVisitors,
    /// Somebody else's.
    AnotherOnes,
    /// Nobody's.
    Nobodys,
}

/// How the visit lies over a scene.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Stage {
    /// How long before the scene's moment zero the screen is touched.
    pub touched_before: Duration,
    /// The network whose ids the Android phones send.
    pub android: Network,
    /// How long before the scene's moment zero the radio begins to hear; all the while if `None`.
    pub heard_before: Option<Duration>,
}

impl Stage {
    /// The screen is touched at moment zero.
    pub const DESK: Self =
        Self { touched_before: Duration::ZERO, android: Network::Gaen, heard_before: None };

    /// The screen is touched so early that the tap is asked for at moment zero.
    pub const TAP: Self = Self { touched_before: policy::PASSIVE_FOR, ..Self::DESK };
}

/// So long before the scene's moment zero, in milliseconds after it.
pub(super) fn ms_before(by: Duration) -> i64 {
    -i64::try_from(by.as_millis()).unwrap_or(i64::MAX)
}

/// Plays a scene; `judged` is told of each judgement, and `tell` of whom the bar is green for
/// after each advert, with its milliseconds after moment zero.
pub fn play(
    scene: &Scene,
    rule: &Rule,
    stage: Stage,
    mut judged: impl FnMut(&Judgement),
    mut tell: impl FnMut(i64, Found),
) {
    let mut presence = Presence::with_rule(*rule);
    let touched_ms = ms_before(stage.touched_before);
    let hears_ms = stage.heard_before.map_or(i64::MIN, ms_before);
    if stage.heard_before.is_some() {
        presence.handle_hearing_again(moment(hears_ms));
    }
    let is_the_visitors = |subject| scene.truth.is_the_visitors(subject, stage.android);
    let mut begun = false;
    let heard = scene.packets.iter().filter(|packet| packet.at_ms >= hears_ms);
    for &Packet { at_ms, sender, rssi } in heard {
        if !begun && at_ms >= touched_ms {
            presence.begin_visit(moment(touched_ms));
            begun = true;
        }
        presence.handle_sighting(&sender.sighting(rssi, stage.android), moment(at_ms));
        if !begun {
            continue;
        }
        if let Some(judgement) = presence
            .judged()
            .filter(|judged| judged.subject == sender.sighting(rssi, stage.android).subject)
        {
            judged(&Judgement {
                at_ms,
                subject: judgement.subject,
                features: judgement.features,
                odds: judgement.odds,
                right: is_the_visitors(judgement.subject),
            });
        }
        let found = match presence.found(moment(at_ms)) {
            None => Found::Nobodys,
            Some(subject) if is_the_visitors(subject) => Found::TheVisitors,
            Some(_) => Found::AnotherOnes,
        };
        tell(at_ms, found);
    }
}

/// The judgements of a scene that were surer than all before, were the bar never to turn green:
/// from them follows what any threshold would have found, and when. `rule` gives the scores.
#[must_use]
pub fn marks(scene: &Scene, rule: &Rule, stage: Stage) -> Vec<Mark> {
    let mut rule = *rule;
    rule.listening.threshold = f32::INFINITY;
    rule.tap.threshold = f32::INFINITY;
    let mut marks: Vec<Mark> = Vec::new();
    let mut judged = |judgement: &Judgement| {
        let Judgement { at_ms, odds, right, .. } = *judgement;
        let looked = stage.touched_before + Duration::from_millis(at_ms.unsigned_abs());
        if at_ms >= 0
            && rule.is_heard_enough(&judgement.features, looked)
            && marks.last().is_none_or(|last| odds > last.odds)
        {
            marks.push(Mark { at_ms, odds, right });
        }
    };
    play(scene, &rule, stage, &mut judged, |_, _| {});
    marks
}

/// Whose phone the bar is green for so long after moment zero.
#[must_use]
pub fn found(scene: &Scene, rule: &Rule, stage: Stage, after: Duration) -> Found {
    let until_ms = i64::try_from(after.as_millis()).unwrap_or(i64::MAX);
    let mut found = Found::Nobodys;
    play(
        scene,
        rule,
        stage,
        |_| {},
        |at_ms, now| {
            if at_ms <= until_ms {
                found = now;
            }
        },
    );
    found
}

/// A moment of a scene on the kiosk's clock.
pub(super) fn moment(at_ms: i64) -> Mono {
    Mono::from_millis(u64::try_from(ZERO_MS + at_ms).unwrap_or(0))
}
