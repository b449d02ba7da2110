//! The limits of what is remembered of phones, and of what published keys say about it.

use std::time::Duration;

/// What was heard is written at most this long after it was: a power cut loses no more.
pub const REMEMBER_EVERY: Duration = Duration::from_secs(10);

/// Ids that may still be heard. A market hour brings 5,000, and one is kept for a quarter of an
/// hour and [`GONE_AFTER`](super::GONE_AFTER) at most; the one heard longest ago is written out. 2.4 MB.
pub const REMEMBERED_OPEN_MAX: usize = 4_096;

/// Ids that are taken up in a quarter of an hour: eight times a market's 5,000 an hour. Whoever
/// sends thousands of invented ones fills 45 MB of the card a day, and no more.
pub const REMEMBERED_IN_SLOT_MAX: u32 = 10_000;

/// Between two sightings this far apart a phone was there: Bluezone's silence of 15 s, and an
/// advert or two lost.
pub const NEAR_BRIDGES: Duration = Duration::from_secs(18);

/// What was heard is deleted in steps of so many rows, so that a check-in never waits for long.
pub const FORGET_STEP_ROWS: u32 = 10_000;

/// Visits that are shown beside an exposure. A market has a thousand in an hour.
pub const OVERLAP_LIMIT: u16 = 1_000;

/// A visit overlaps a window also when so much lies between them: a phone is heard at the door a
/// while before its owner signs in, and after they have signed out.
pub const OVERLAP_TOLERANCE_SECONDS: i64 = 900;
