//! Herald's matching keys. Herald leaves it to each country how they are published, and no form of
//! a file is known; so this project has one of its own:
//!
//! ```json
//! {
//!   "herald_matching_keys": [
//!     { "key": "<32 bytes in base64, or as 64 hexadecimal digits>", "day": "2021-06-02" }
//!   ]
//! }
//! ```
//!
//! `day` is the day, by the calendar of UTC, on which a phone broadcast the ids that follow from
//! the key. Other names beside these are passed over. It has no signature.

use serde::Deserialize;

use super::PublishedError;
use super::json;
use super::pieces::{Pieces, is_midnight};
use crate::domain::exposure::published::{MatchingKey, PublishedKey};
use crate::domain::moment::Wall;

/// The list of keys.
pub(super) const LIST: &str = "herald_matching_keys";

/// An entry of the list.
#[derive(Deserialize)]
struct Day {
    key: String,
    day: String,
}

/// Hands out the keys of a text.
pub(super) fn keys(
    text: &[u8],
    now: Wall,
    pieces: &mut Pieces<'_, PublishedKey>,
) -> Result<(), PublishedError> {
    let take = &mut |day: Day| {
        let key = understand(&day).map(|key| (key.begin, PublishedKey::Herald(key)));
        pieces.add_begun(key, now)
    };
    json::each(text, LIST, take)
}

fn understand(day: &Day) -> Option<MatchingKey> {
    let key = json::key(&day.key)?;
    let date: jiff::civil::Date = day.day.parse().ok()?;
    let midnight = jiff::tz::Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?;
    let begin = Wall(midnight.as_second());
    is_midnight(begin).then_some(MatchingKey { key, begin })
}
