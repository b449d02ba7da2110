//! Every limit and threshold of the core, with its unit in the name and its sum in the comment.

mod presence;
mod remembering;

pub use presence::*;
pub use remembering::*;

use std::time::Duration;

// ── At the desk ────────────────────────────────────────────────────────────────────────────

/// A touch is awaited this long before "are you still there?" (design of the screens: 30 s).
pub const IDLE_QUESTION_AFTER: Duration = Duration::from_secs(30);

/// The same on the install screen, where people look at their phones: fetching 30 MB over a
/// 3G link at 3 Mbit/s takes 80 s, and somebody reads a permission or two.
pub const IDLE_QUESTION_AFTER_INSTALL: Duration = Duration::from_mins(2);

/// The question stands this long before everything typed is cleared (design of the screens).
pub const IDLE_CLEAR_AFTER: Duration = Duration::from_secs(15);

/// "Welcome in" and "good-bye" stay this long, then the welcome returns by itself: time to read
/// a number of four signs and two lines aloud.
pub const DONE_SHOWN_FOR: Duration = Duration::from_secs(10);

/// The guard's screen locks after this long without a touch (design of the screens: 60 s).
pub const GUARD_LOCK_AFTER: Duration = Duration::from_mins(1);

/// A verdict is written behind the entry until this long after "welcome in", unless the next
/// visitor touches the screen first: two of Bluezone's 15 s silences.
pub const VERDICT_AMENDED_FOR: Duration = Duration::from_secs(30);

/// An entry that is not on disk this long after the last touch is no longer waited for at the
/// desk: nobody stands before a standing screen for longer. [`STORE_ANSWER_WITHIN`] three times.
pub const WRITING_GIVEN_UP_AFTER: Duration = Duration::from_mins(1);

/// People with one visitor. A bus has 45 seats; a class has 45 pupils and two teachers.
pub const COMPANIONS_MAX: u8 = 60;

/// Digits of a phone number as dialled: ITU-T E.164 allows 15, and two more for "00".
pub const PHONE_DIGITS_MAX: usize = 17;

/// Digits up to which a number typed on the way out is a badge, not a phone number.
pub const BADGE_DIGITS_MAX: usize = 5;

/// Where a motion sensor can wake it, the screen goes dark after this long at rest.
pub const SLEEP_AFTER: Duration = Duration::from_mins(10);

// ── Behind the PIN ─────────────────────────────────────────────────────────────────────────

/// A PIN that is chosen has at least this many digits: at four tries an hour ([`PIN_WAIT_MAX`]) a
/// million take 28 years; ten thousand, of four digits, would take 104 days.
pub const PIN_DIGITS_MIN: usize = 6;

/// A PIN has at most this many digits.
pub const PIN_DIGITS_MAX: usize = 12;

/// Wrong PINs that cost no waiting: fingers slip.
pub const PIN_FREE_TRIES: u32 = 3;

/// The wait after the first wrong PIN that costs one; it doubles with each further one.
pub const PIN_WAIT_FIRST: Duration = Duration::from_secs(5);

/// The longest wait after a wrong PIN. A guard who has forgotten it still gets in within a shift.
pub const PIN_WAIT_MAX: Duration = Duration::from_mins(15);

/// Visits on one page of the guard's list: five fit the smallest screen.
pub const GUARD_ROWS_PER_PAGE: usize = 5;

/// Health notices on one page: three, with their two buttons, fit the smallest screen.
pub const EXPOSURES_PER_PAGE: usize = 3;

/// Visits around an exposure on one page: six fit the smallest screen, without buttons.
pub const OVERLAP_ROWS_PER_PAGE: usize = 6;

/// Visits a search brings back.
pub const SEARCH_LIMIT: u16 = 50;

/// The live plot of the radio shows so many seconds (design of the screens: 60).
pub const AIRWAVES_SECONDS: usize = 60;

/// A phone counts as being around while it was heard in the last so long: one whole cycle of
/// Bluezone's.
pub const AROUND_WITHIN: Duration = Duration::from_secs(30);

/// The guard's phone is awaited at the mark this long: two of Bluezone's cycles of 30 s.
pub const OWN_PHONE_WITHIN: Duration = Duration::from_mins(1);

/// A phone that is told to belong to the place must be this much nearer than any other, so that
/// nobody else's is taken for it: three standard deviations of a single advert.
pub const HELD_MARGIN_DB: i16 = 12;

// ── The book ───────────────────────────────────────────────────────────────────────────────

/// While the store is unwell it is asked this often whether it is well again.
pub const STORE_PROBE_EVERY: Duration = Duration::from_secs(10);

/// An answer of the store that takes longer counts as a failure of the store. A slow SD card
/// stalls for up to a second or two while it erases blocks.
pub const STORE_ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// Gate openings kept while the store is down. Beyond, the gate opens and nothing is kept of it.
pub const GATE_BACKLOG_MAX: usize = 256;

/// A clock on the wall that has moved by this many seconds more or less than the time that has
/// passed was set. Network time slews smaller errors away within minutes.
pub const CLOCK_SET_SECONDS: u64 = 300;

/// What is dated further ahead of a clock that somebody vouches for than this was written by a clock
/// that was wrong. Less may come from a zone or a day that was mistaken, and mends itself.
pub const CLOCK_AHEAD_SECONDS: i64 = 24 * 60 * 60;

/// Visits that have lasted too long are ended in steps of so many, so that a check-in never waits
/// for long.
pub const OVERSTAYED_STEP: u16 = 500;

/// Persons past their keeping are looked for this often.
pub const EXPIRE_EVERY: Duration = Duration::from_hours(1);

/// Visitors inside at one time. A market of 5,000 a day that nobody signs out of for three days.
pub const INSIDE_MAX: usize = 20_000;

/// Requests to the store under way at once.
pub const REQUESTS_MAX: usize = 64;

/// Requests under way up to which the sweep and late gate openings add theirs: half, so that a
/// visitor always finds room.
pub const REQUESTS_IN_BACKGROUND_MAX: usize = REQUESTS_MAX / 2;

// ── Typed at the screen ────────────────────────────────────────────────────────────────────

/// Characters of a name, a host, a purpose, an address or a search being typed. The line
/// of a passport that machines read holds 39 of a name (ICAO Doc 9303-4); an office or an address
/// needs more, and what is longer than this no longer fits a line of the guard's screen.
pub const TYPED_CHARS_MAX: usize = 60;

/// Characters of a reason typed at the screen: a sentence with an office and the number of its
/// letter. It is well within [`REASON_CHARS_MAX`](super::exposure::reason::REASON_CHARS_MAX).
pub const REASON_TYPED_CHARS_MAX: usize = 120;

/// Characters of a number plate. The longest Vietnamese one, `80-NG-123-45` with its signs, has
/// 12; the rest is room for plates from abroad.
pub const PLATE_CHARS_MAX: usize = 15;

// ── Adverts ────────────────────────────────────────────────────────────────────────────────

/// Adverts that are remembered because an answer to the scan may come: in a hall of 18 phones two
/// seconds held up to 32 addresses that answer (capture 10 of DP-3T), and a crowd is 16 such halls.
pub const ADVERTS_AWAITING_RESPONSE_MAX: usize = 512;

/// An answer to the scan follows its advert by 150 µs on the air (Bluetooth Core 5.4, vol 6
/// part B, 4.1.1); the rest is what a busy computer may take to hand both over.
pub const ADVERT_AWAITS_RESPONSE_MAX: Duration = Duration::from_secs(2);

/// Long adverts of which only a part has come. A controller hands the parts of one over in a row,
/// so there is rarely more than one.
pub const FRAGMENTED_ADVERTS_MAX: usize = 8;

/// The next part of a long advert is awaited this long: a controller reports them right behind each
/// other, and the same phone's next advert, for which a part that is lost must not be taken, comes
/// after 100 ms or more.
pub const FRAGMENT_AWAITS_NEXT_MAX: Duration = Duration::from_millis(100);

// ── The radio's health ─────────────────────────────────────────────────────────────────────

/// A silence that calls for a remedy. With one phone near, even in the background, an advert comes
/// each second or two; and bluetoothd's own pauses are of 10 s.
pub const RADIO_SILENT_AFTER: Duration = Duration::from_secs(90);

/// A scan that is not seen for so long does not go on by itself. BlueZ's search ends and begins again
/// every 10.24 s, which is seen; the scan rests hundredths of a second meanwhile, and 5 s where others
/// have stopped the search.
pub const RADIO_RESTS_MAX: Duration = Duration::from_secs(12);

/// The silence after a remedy that calls for the next one while somebody is at the screen: visitors
/// are told "not seen yet" meanwhile. Whatever speaks Bluetooth LE is heard within 10 s or so.
pub const RADIO_SILENT_BESIDE_SOMEBODY: Duration = Duration::from_secs(30);

/// A remedy without an answer after this long has failed. The longest, binding the driver anew,
/// waits 20 s for the adapter to come back and 15 s for each thing asked of BlueZ.
pub const RADIO_ANSWER_WITHIN: Duration = Duration::from_mins(1);

/// The pause before an obstacle is looked at again; it doubles each time.
pub const RADIO_PAUSE_FIRST: Duration = Duration::from_secs(1);

/// The longest such pause: a guard who has put the adapter back sees it work before going away.
pub const RADIO_PAUSE_MAX: Duration = Duration::from_secs(15);

/// Pauses begin anew after so much health: longer than a service that dies at each start lives.
pub const RADIO_STEADY_AFTER: Duration = Duration::from_mins(1);

/// The pause after all remedies have failed against silence; it doubles each time.
pub const RADIO_ROUND_FIRST: Duration = Duration::from_mins(10);

/// The longest such pause.
pub const RADIO_ROUND_MAX: Duration = Duration::from_hours(1);

// ── Reading the id of a phone that keeps it ────────────────────────────────────────────────

/// A reading takes at most this long while the bar still looks: whoever stands at the desk in
/// those 3 s must be heard in the third second too.
pub const READ_BEFORE_VERDICT: Duration = Duration::from_secs(2);

/// A reading takes at most this long otherwise: Bluezone's own apps give up after as long.
pub const READ_WITHIN: Duration = Duration::from_secs(10);

/// In any minute …
pub const SCAN_OFF_WINDOW: Duration = Duration::from_mins(1);

/// … readings keep the scan off for at most a tenth of it.
pub const SCAN_OFF_MAX: Duration = Duration::from_secs(6);

/// Readings of that minute whose cost is kept apart: one a second, which is more than can be had.
pub const COSTS_MAX: usize = 60;

/// With less than this left of it no reading is begun: a phone in the background is connected to
/// when it next advertises, and that can take a second.
pub const SCAN_OFF_MIN: Duration = Duration::from_secs(1);

/// Only a phone heard in the last so long is asked: a connection begins with its next advert.
pub const READ_HEARD_WITHIN: Duration = Duration::from_secs(3);

/// Only a phone at most this much fainter than one that may be at the desk is asked: 10 dB are
/// three times the distance. Nobody who passes by in the street is connected to.
pub const READ_BELOW_NEAR_DB: i16 = 10;

/// The pause before a phone that did not answer in time is asked again; it doubles each time.
/// Bluezone's own iPhone app waits as long.
pub const READ_AGAIN_FIRST: Duration = Duration::from_secs(5);

/// The longest such pause.
pub const READ_AGAIN_MAX: Duration = Duration::from_secs(80);

/// An answer that is later than this after the reading had to end does not come any more.
pub const READ_ANSWER_SLACK: Duration = Duration::from_secs(5);

/// Phones of which it is remembered what came of asking. Those heard longest ago make room, the
/// ones that refused last.
pub const ASKED_MAX: usize = 512;

/// A rotating address that was not heard for this long has been given up: the longest time for
/// which one may be used (Bluetooth Core 5.4, vol 4 part E, 7.8.45).
pub const ADDRESS_LIVES: Duration = Duration::from_hours(1);
