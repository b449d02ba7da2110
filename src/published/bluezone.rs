//! Bluezone's cases. Its server has no public list: it pushes a message to the phones, whose
//! `DataContent` is JSON in a string, whose `InfoF` is JSON in a string once more. Any of the
//! three layers may be the outermost one of a file. It has no signature.

use serde::Deserialize;

use super::PublishedError;
use super::json;
use super::pieces::{Pieces, is_midnight};
use crate::domain::exposure::published::{BluezoneCase, PublishedKey};
use crate::domain::moment::Wall;
use crate::domain::network::bluezone::{DAYS_FOLLOWED_MAX, SlotsPerDay};

/// The list of cases.
pub(super) const LIST: &str = "data";

/// The layers around it.
#[derive(Deserialize)]
struct Layer {
    #[serde(rename = "DataContent")]
    content: Option<String>,
    #[serde(rename = "InfoF")]
    info_f: Option<String>,
}

/// An entry of the list.
#[derive(Deserialize)]
struct Case {
    daily_key: String,
    time_start: i64,
    time_end: i64,
    /// 96 in every version that is in use.
    #[serde(default = "usual_slots")]
    max: i64,
}

const fn usual_slots() -> i64 {
    96
}

/// Hands out the cases of a text.
pub(super) fn keys(
    text: &[u8],
    now: Wall,
    pieces: &mut Pieces<'_, PublishedKey>,
) -> Result<(), PublishedError> {
    let mut inner: Option<String> = None;
    // The message, and what it holds; a third layer would be something else.
    for _ in 0..2 {
        let text = inner.as_deref().map_or(text, str::as_bytes);
        let layer: Layer = serde_json::from_slice(text).map_err(|error| json::wrong(&error))?;
        match layer.content.or(layer.info_f) {
            Some(text) => inner = Some(text),
            None => break,
        }
    }
    let text = inner.as_deref().map_or(text, str::as_bytes);
    let take = &mut |case: Case| {
        let case = understand(&case).map(|case| (case.begin, PublishedKey::Bluezone(case)));
        pieces.add_begun(case, now)
    };
    json::each(text, LIST, take)
}

fn understand(case: &Case) -> Option<BluezoneCase> {
    let day_key = json::key(&case.daily_key)?;
    let (begin, end) = (Wall(case.time_start), Wall(case.time_end));
    let slots = SlotsPerDay::try_from(u16::try_from(case.max).ok()?).ok()?;
    let lasts = end.seconds_since(begin);
    let followed = (0..=DAYS_FOLLOWED_MAX * 86_400).contains(&lasts);
    (followed && is_midnight(begin)).then_some(BluezoneCase { day_key, begin, end, slots })
}
