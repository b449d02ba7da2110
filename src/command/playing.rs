//! A scene or a capture played to its end, through the whole kiosk, on a clock of its own. What it
//! looked like is shown to whoever watches; nothing is drawn or written here but the logbook.

use std::path::Path;
use std::time::Duration;

use super::source::{SceneName, SourceArgs};
use super::survey::{Count, Survey};
use crate::clock::Clock;
use crate::domain::moment::{Mono, Now};
use crate::domain::policy::REMEMBER_EVERY;
use crate::domain::site::Site;
use crate::kiosk::morning;
use crate::kiosk::rehearsal::Rehearsal;
use crate::radio::btsnoop::BtsnoopError;
use crate::radio::ears::Ears;
use crate::view::View;

/// How long a scene without a script is played.
const SCENE_LASTS: Duration = Duration::from_hours(1);

/// How much of a capture is played: as much as `kiosk record` writes. One that seems to last longer
/// mostly has a damaged time in it.
const CAPTURE_LASTS_MAX: Duration = Duration::from_hours(7 * 24);

/// What has been played.
#[derive(Debug)]
pub struct Played {
    /// The kiosk at the end.
    pub rehearsal: Rehearsal,
    /// What it was given to hear, if that was a capture.
    pub capture: Option<Heard>,
}

/// What the kiosk was given to hear of a capture.
#[derive(Debug)]
pub struct Heard {
    /// Counted as `kiosk survey` counts; of the capture's records only those that were played.
    pub survey: Survey,
    /// Why it was not played to its end.
    pub failure: Option<Failure>,
}

/// Why a capture was not played to its end, or there was nothing to play.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It cannot be read on.
    #[error(transparent)]
    Capture(#[from] BtsnoopError),
    /// It lasts too long.
    #[error(
        "wait for the rest of it, which comes more than {} days after the beginning: a time in it \
         is damaged, or it is to be split",
        CAPTURE_LASTS_MAX.as_secs() / 86_400
    )]
    TooLong,
}

/// Plays what `source` names, with the logbook at `book`, and shows `watch` what is to be seen, from
/// the first screen on. Without a scene or a capture there is no air: it is a clock of its own.
///
/// # Errors
///
/// When a capture cannot be opened.
pub fn play(
    source: &SourceArgs,
    site: Site,
    book: &Path,
    watch: &mut dyn FnMut(&View, Now),
) -> anyhow::Result<Played> {
    let book = book.to_owned();
    if source.sim == Some(SceneName::Morning) {
        let (street, cast) = morning::street();
        let ears = Ears::in_street(street);
        let mut rehearsal = Rehearsal::new(site, book, morning::BEGINS, ears);
        morning::plan(&mut rehearsal, cast);
        watch(&rehearsal.view(), rehearsal.now());
        rehearsal.run_until(Mono::from_start(morning::LASTS), watch);
        return Ok(Played { rehearsal, capture: None });
    }
    let ears = source.scene(&Clock::at(morning::BEGINS))?.unwrap_or_else(Ears::deaf);
    let mut rehearsal = Rehearsal::new(site, book, morning::BEGINS, ears);
    watch(&rehearsal.view(), rehearsal.now());
    if source.replay.is_none() {
        rehearsal.run_until(Mono::from_start(SCENE_LASTS), watch);
        return Ok(Played { rehearsal, capture: None });
    }
    let mut count = Count::default();
    let is_whole =
        rehearsal.run_out(Mono::from_start(CAPTURE_LASTS_MAX), watch, &mut |event, at| {
            count.event(event, at);
        });
    // What was heard last is written down by then.
    rehearsal.run_until(rehearsal.now().mono + REMEMBER_EVERY, watch);
    let failure = rehearsal.ears_mut().take_failure().map(Failure::from);
    let failure = if is_whole { failure } else { Some(Failure::TooLong) };
    let capture = Some(Heard { survey: count.finish(), failure });
    Ok(Played { rehearsal, capture })
}
