//! The next in line: before each visitor of the scenes somebody without an app is at the desk, was
//! written in, and has not gone. Whoever steps up is heard before they touch the screen, and their
//! phone must not count for the one before.

use std::io::Write;
use std::time::Duration;

use serde::Serialize;

use super::play::{Stage, moment, ms_before};
use super::scene::{Packet, Scene};
use super::share::Share;
use super::table;
use crate::domain::policy;
use crate::domain::presence::Presence;

/// What came out of the scenes in which the visitor has the app.
#[derive(Clone, Debug, Serialize)]
pub struct NextInLine {
    /// Those in which their phone counted for the one before.
    pub for_the_one_before: Share,
    /// Those in which it was found for themselves, within [`policy::PASSIVE_FOR`] of their touch.
    pub found: Share,
    /// The same, were nobody before them.
    pub found_without_queue: Share,
}

/// How long before the scene's moment zero the one before touches the screen: most recordings
/// begin not long before.
const TOUCHED_BEFORE: Duration = Duration::from_secs(8);

/// And is written in: before anybody of the scenes has stepped up.
const WRITTEN_BEFORE: Duration = Duration::from_secs(4);

impl NextInLine {
    /// Plays them.
    #[must_use]
    pub fn of(scenes: &[Scene]) -> Self {
        let with_app = || scenes.iter().filter(|scene| scene.truth.app);
        let queued: Vec<_> = with_app().map(|scene| outcome(scene, true)).collect();
        Self {
            for_the_one_before: Share::of(queued.iter().map(|&(before, _)| before)),
            found: Share::of(queued.iter().map(|&(_, found)| found)),
            found_without_queue: Share::of(with_app().map(|scene| outcome(scene, false).1)),
        }
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        writeln!(out, "Next in line behind somebody who was just written in:")?;
        let row = |name: &str, share: &Share| (format!("  {name}"), share.to_string());
        let rows = [
            row("taken for the phone of the one before", &self.for_the_one_before),
            row("found, 3 s after their touch", &self.found),
            row("found, were there nobody before", &self.found_without_queue),
        ];
        table::write(out, &rows, false)
    }
}

/// Whether the visitor's phone counted for the one before, and whether it was found for them.
fn outcome(scene: &Scene, queued: bool) -> (bool, bool) {
    let mut presence = Presence::default();
    let is_the_visitors = |presence: &Presence, at_ms| {
        presence
            .found(moment(at_ms))
            .is_some_and(|subject| scene.truth.is_the_visitors(subject, Stage::DESK.android))
    };
    let mut turns = vec![];
    if queued {
        turns.push((ms_before(TOUCHED_BEFORE), Turn::Touches));
        turns.push((ms_before(WRITTEN_BEFORE), Turn::IsWritten));
    }
    turns.push((0, Turn::Touches));
    let mut turns = turns.into_iter().peekable();
    let mut before = false;
    let until_ms = -ms_before(policy::PASSIVE_FOR);
    for &Packet { at_ms, sender, rssi } in &scene.packets {
        while let Some((turn_ms, turn)) = turns.next_if(|&(turn_ms, _)| turn_ms <= at_ms) {
            match turn {
                Turn::IsWritten => presence.handle_written(),
                Turn::Touches => {
                    before |= is_the_visitors(&presence, turn_ms);
                    presence.end_visit(moment(turn_ms));
                    presence.begin_visit(moment(turn_ms));
                }
            }
        }
        if at_ms >= until_ms {
            break;
        }
        presence.handle_sighting(&sender.sighting(rssi, Stage::DESK.android), moment(at_ms));
    }
    (before, is_the_visitors(&presence, until_ms))
}

/// What somebody at the desk does.
#[derive(Clone, Copy)]
enum Turn {
    Touches,
    IsWritten,
}
