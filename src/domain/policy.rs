//! Every limit and threshold, with its unit in the name and its sum in the comment.

use std::time::Duration;

/// A touch is awaited this long before "are you still there?" (design: 30 s).
pub const IDLE_QUESTION_AFTER: Duration = Duration::from_secs(30);

/// The question stands this long before everything typed is cleared (design: 15 s).
pub const IDLE_CLEAR_AFTER: Duration = Duration::from_secs(15);

/// Adverts that are remembered because an answer to the scan may come: in a hall of 18 phones two
/// seconds held up to 32 addresses that answer (capture 10 of DP-3T), and a crowd is 16 such halls.
pub const ADVERTS_AWAITING_RESPONSE_MAX: usize = 512;

/// An answer to the scan follows its advert by 150 µs on the air (Bluetooth Core 5.4, vol 6
/// part B, 4.1.1); the rest is what a busy computer may take to hand both over.
pub const ADVERT_AWAITS_RESPONSE_MAX: Duration = Duration::from_secs(2);

/// Long adverts of which only a part has come. A controller hands the parts of one over in a row,
/// so there is rarely more than one.
pub const FRAGMENTED_ADVERTS_MAX: usize = 8;

/// The next part of a long advert is awaited this long, as an answer to the scan is.
pub const FRAGMENT_AWAITS_NEXT_MAX: Duration = ADVERT_AWAITS_RESPONSE_MAX;
