//! The book on disk: an append-only, hash-chained logbook in one `SQLite` file.
//!
//! ```text
//! kiosk ──Request──► Store ══queue══► thread: Book ──► entry + personal + visit, one transaction
//!       ◄──Reply──── callback ◄══════════════════════ only after the commit is synced
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
//! | forgetting a person | `erase` |
//! | finding one again | `search`, `terms`, `index` |
//! | whether the chain holds | [`verify`] |
//! | damage | `open`, `salvage` |
//!
//! It decides nothing: what is written, who may erase and when is the core's business. It reads no
//! clock; every moment comes with the request.

mod append;
mod book;
mod erase;
mod error;
mod index;
mod levels;
mod log;
mod open;
mod pins;
mod projection;
mod salvage;
pub mod schema;
mod search;
mod select;
mod terms;
mod thread;
pub mod verify;

pub use book::Book;
pub use error::StoreError;
pub use log::Reader;
pub use salvage::SetAside;
pub use thread::Store;

use crate::domain::logbook::{Entry, Event};
use crate::domain::moment::Wall;
use crate::domain::request::Calibrated;
use crate::domain::visit::VisitId;

/// What the store has to be told before it opens a book.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// The local midnight with which today began: entries since then are handed to the core.
    pub today_from: Wall,
    /// Now, for the name of a damaged file that is set aside.
    pub wall: Wall,
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
    /// Whether the guard's and the administrator's PIN are set.
    pub pins_set: bool,
    /// The levels of the site in force, if anybody has calibrated.
    pub calibrated: Option<Calibrated>,
    /// The damaged book that was set aside just now, if there was one.
    pub set_aside: Option<SetAside>,
}

impl Opened {
    fn last_badge(entries: &[Entry], today_from: Wall) -> u16 {
        let given = entries.iter().filter(|entry| entry.public.wall >= today_from);
        let numbers = given.filter_map(|entry| {
            let Event::CheckIn { facts } = entry.public.event else { return None };
            Some(facts.badge.number)
        });
        numbers.max().unwrap_or(0)
    }
}
