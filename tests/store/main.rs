//! The book on disk as the rest of the kiosk sees it: requests in, replies out, files beside.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "functions that tests share fail as tests do"
)]

#[cfg(feature = "cli")]
mod broadcasting;
#[cfg(all(feature = "bluetooth", feature = "cli"))]
mod checking;
#[cfg(feature = "cli")]
mod choosing_pins;
mod crowd;
mod damage;
#[path = "../support/disk.rs"]
mod disk;
mod durability;
mod erasing;
mod exposing;
mod finding;
mod kill;
mod migrations;
mod model;
mod opening;
mod passing_on;
#[cfg(feature = "cli")]
mod printing;
mod read_only;
mod reading;
mod remembering;
mod tampering;
mod thread;
#[path = "../support/visits.rs"]
mod visits;

use std::path::{Path, PathBuf};

use kiosk::domain::fault::{Fault, Organ, Trouble};
use kiosk::domain::guard::PinState;
use kiosk::domain::logbook::{Draft, Entry, Event, Public};
use kiosk::domain::moment::Wall;
use kiosk::domain::presence::Face;
use kiosk::domain::request::{FoundVisit, Reply, Request, SearchText};
use kiosk::domain::visit::{Leaving, Personal, VisitFacts, VisitId};
use kiosk::store::{Book, Opened, Options};

use disk::Disk;
use visits::person;

/// 2021-06-01T17:00:00Z, midnight in Viet Nam.
const MIDNIGHT: Wall = Wall(1_622_566_800);
const OPTIONS: Options =
    Options { today_from: MIDNIGHT, wall: Wall(MIDNIGHT.0 + 3_600), in_doubt: false };

/// No visit is found.
const NOBODY: [u32; 0] = [];

/// A directory with a book's path in it.
struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("logbook.db")
    }

    fn open(&self) -> (Book, Opened) {
        Book::open(&self.path(), OPTIONS).unwrap()
    }

    fn book(&self) -> Book {
        self.open().0
    }

    /// The names of the files that lie there, sorted.
    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.directory.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }
}

fn facts(visit: u32) -> VisitFacts {
    visits::facts(visit, u16::try_from(visit % 1_000).unwrap())
}

/// An entry without a person, `minute` minutes after midnight.
fn event(minute: i64, event: Event) -> Draft {
    visits::event(Wall(MIDNIGHT.0 + minute * 60), event)
}

/// A check-in as many minutes after midnight as the visit has for a number.
fn check_in(visit: u32, personal: Personal) -> Draft {
    let draft = event(i64::from(visit), Event::CheckIn { facts: facts(visit) });
    Draft { personal: Some(personal), ..draft }
}

fn check_out(visit: u32) -> Draft {
    event(600, Event::CheckOut { visit: VisitId(visit), how: Leaving::Guard })
}

fn append(book: &mut Book, draft: Draft) -> Entry {
    match book.answer(Request::Append(draft)) {
        Reply::Appended { entry } => entry,
        other => panic!("{other:?}"),
    }
}

fn search(book: &mut Book, typed: &str) -> Vec<FoundVisit> {
    match book.answer(Request::Search { query: SearchText(typed.into()), limit: 50 }) {
        Reply::Found(found) => found,
        other => panic!("{other:?}"),
    }
}

/// The numbers of the visits that match.
fn find(book: &mut Book, typed: &str) -> Vec<u32> {
    search(book, typed).iter().map(|found| found.facts.visit.0).collect()
}

fn failed(trouble: Trouble) -> Reply {
    Reply::Failed(Fault { organ: Organ::Store, trouble })
}

/// The beacon's secrets as they stand in the file.
fn secrets(path: &Path) -> Vec<(String, Vec<u8>, i64)> {
    let raw = raw(path);
    let mut rows =
        raw.prepare("SELECT network, base, begins FROM beacon_key ORDER BY network").unwrap();
    let secrets = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    secrets.map(Result::unwrap).collect()
}

/// A connection past the store, to look or to meddle.
fn raw(path: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(path).unwrap()
}
