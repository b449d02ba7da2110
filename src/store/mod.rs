//! The book on disk: an append-only, hash-chained logbook in one `SQLite` file.
//!
//! ```text
//! kiosk ──Request──► Store ══queue══► thread: Book ──► entry + personal + visit, one transaction
//!       ◄──Answer─── callback ◄══════════════════════ only after the commit is synced
//!                             ◄───────── thread: Check, reads every page once, damage or nothing
//! ```
//!
//! What lies on the disk, beside each other: `logbook.db`, while it is open also `logbook.db-wal`,
//! `-shm` and `-lock`, and, if a book was ever found damaged, `logbook.damaged-<unix>.db`.
//!
//! | what | where |
//! |---|---|
//! | the schema and the settings, each with its reason | `migrations/`, [`schema`] |
//! | an entry: number, salt, chain | `append` |
//! | which visits are open, what is in force | `projection`, `select` |
//! | the levels of the site | `levels` |
//! | the kiosk's secrets in the contact networks | `beacon` |
//! | the secret of the door's codes | `venue` |
//! | forgetting a person | `erase` |
//! | what was heard of phones | `encounters` |
//! | emptying the write-ahead log while nobody waits | `emptying` |
//! | what published keys say about it | `exposures`, `passed_on` |
//! | what is written with a command | `clerk` |
//! | finding one again | `search`, `terms`, `index` |
//! | whether the chain holds | [`verify`] |
//! | opening, and answering whatever happens | `open`, `thread` |
//! | damage | `check`, `open`, `salvage`, [`aside`] |
//!
//! It decides nothing: what is written, who may erase and when is the core's business. It reads no
//! clock; every moment comes with the request.

mod append;
pub mod aside;
mod beacon;
mod book;
mod check;
mod clerk;
mod emptying;
mod encounters;
mod erase;
mod error;
mod exposures;
mod hearing;
mod index;
mod levels;
mod log;
mod open;
mod passed_on;
mod pins;
mod projection;
mod salvage;
pub mod schema;
mod search;
mod select;
mod terms;
mod thread;
mod venue;
pub mod verify;

pub use book::Book;
pub use clerk::{choose_pins, disclose};
pub use encounters::Summary;
pub use error::StoreError;
pub use log::Reader;
pub use salvage::SetAside;
pub use thread::{OnAnswer, Store};

use rusqlite::Connection;

use crate::domain::beacon::BeaconKeys;
use crate::domain::exposure::windows::ExposureNotice;
use crate::domain::fault::Fault;
use crate::domain::guard::PinState;
use crate::domain::logbook::{Entry, Event};
use crate::domain::moment::Wall;
use crate::domain::request::{Calibrated, PassedOn, Reply};
use crate::domain::venue::door::VenueSecret;
use crate::domain::visit::VisitId;
use verify::Broken;

/// So many of the last entries are held against the chain at each opening: a busy day, in a few
/// milliseconds. What a power cut or a tired card spoils is what was written last.
const TAIL_ENTRIES: u64 = 1_000;

/// What the store has to be told before it opens a book.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// The local midnight with which today began: entries since then are handed to the core.
    pub today_from: Wall,
    /// Now, for the name of a damaged file that is set aside.
    pub wall: Wall,
    /// Whether damage was met since the book was last opened. Then every page is read before it is
    /// opened again; else that is done while it is in use.
    pub in_doubt: bool,
}

/// What the store's thread says. Each opening and each request has one answer, in their order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The book was opened.
    Opened(Box<Opened>),
    /// The book could not be opened. Requests are refused until it is opened anew.
    NotOpened(Unwell),
    /// The answer to a request.
    Reply(Reply),
    /// Nobody asked: the book in use has a page that is damaged. It is to be opened anew, in
    /// doubt.
    FoundDamaged(Unwell),
}

/// What is wrong with the book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unwell {
    /// For the core.
    pub fault: Fault,
    /// For the journal; it names no person.
    pub words: String,
}

impl From<StoreError> for Unwell {
    fn from(error: StoreError) -> Self {
        Self { fault: error.fault(), words: error.to_string() }
    }
}

/// What the core needs to know of a book that was opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opened {
    /// What the roster is folded from, in the order of the book: every entry of visits still
    /// open, and every entry written today.
    pub entries: Vec<Entry>,
    /// The number the next visit gets.
    pub next_visit: VisitId,
    /// The highest number on a badge given out today; 0 when there was none.
    pub last_badge: u16,
    /// Whether the guard's and the administrator's PIN are kept, and who may choose them.
    pub pins: PinState,
    /// The levels of the site in force, if anybody has calibrated.
    pub calibrated: Option<Calibrated>,
    /// What the codes of the door are made of.
    pub venue_secret: VenueSecret,
    /// The exposures there are, the latest day first.
    pub exposures: Vec<ExposureNotice>,
    /// Which of them were passed on.
    pub passed_on: Vec<PassedOn>,
    /// The secrets of the beacon.
    pub beacon_keys: BeaconKeys,
    /// The damaged book that was set aside just now, if there was one.
    pub set_aside: Option<SetAside>,
    /// Where the chain breaks among the last entries, and why.
    pub broken: Option<(u64, Broken)>,
}

impl Opened {
    /// Reads it out of the book: what was written lately, whatever its size. The beacon's secrets are
    /// made where there are none.
    fn read(connection: &Connection, options: Options) -> Result<Self, StoreError> {
        let entries = select::roster_entries(connection, options.today_from)?;
        // Before anything is written: a newer kiosk's book is left alone.
        let broken = verify::tail(connection, TAIL_ENTRIES)?;
        Ok(Self {
            last_badge: Self::last_badge(&entries, options.today_from),
            entries,
            next_visit: append::next_visit(connection)?,
            pins: pins::state(connection)?,
            calibrated: levels::in_force(connection)?,
            venue_secret: venue::secret(connection, options.wall)?,
            exposures: exposures::notices(connection)?,
            passed_on: passed_on::all(connection)?,
            beacon_keys: beacon::make_missing(connection, options.wall)?,
            set_aside: None,
            broken,
        })
    }

    fn last_badge(entries: &[Entry], today_from: Wall) -> u16 {
        let given = entries.iter().filter(|entry| entry.public.wall >= today_from);
        let numbers = given.filter_map(|entry| {
            let Event::CheckIn { facts } = entry.public.event else { return None };
            Some(facts.badge.number)
        });
        numbers.max().unwrap_or(0)
    }
}
