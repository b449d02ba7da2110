//! The whole kiosk on a virtual clock: real reception, real store on a real disk, simulated
//! street and pins. What stands in the book afterwards is read with the reader of `kiosk log`.

#![expect(clippy::unwrap_used, reason = "functions that tests share fail as tests do")]

mod ailing;
mod clock;
#[path = "../support/disk.rs"]
mod disk;
mod exposure;
mod iphones;
mod levels;
mod morning;
mod opening;
mod sisters;
mod street;

use std::path::PathBuf;
use std::time::Duration;

use kiosk::config::Config;
use kiosk::domain::moment::{Mono, Wall};
use kiosk::domain::request::FoundVisit;
use kiosk::domain::touch::{Key, Touch};
use kiosk::kiosk::Input;
use kiosk::kiosk::morning::BEGINS;
use kiosk::kiosk::rehearsal::{Act, Rehearsal};
use kiosk::radio::ears::Ears;
use kiosk::store::Reader;

/// A directory with a book's path in it.
struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    fn book(&self) -> PathBuf {
        self.directory.path().join("logbook.db")
    }

    /// A kiosk with this book, in a street.
    fn kiosk(&self, ears: Ears) -> Rehearsal {
        Rehearsal::new(Config::default().site(), self.book(), BEGINS, ears)
    }

    /// Every visit of the book, whose chain holds.
    fn visits(&self) -> Vec<FoundVisit> {
        let reader = Reader::open(&self.book()).unwrap();
        assert_eq!(reader.verify().unwrap().broken, None);
        reader.visits(Wall(0), Wall(i64::MAX)).unwrap()
    }
}

fn at(seconds: u64) -> Mono {
    Mono::from_start(Duration::from_secs(seconds))
}

fn touch(kiosk: &mut Rehearsal, touches: &[Touch]) {
    for &touch in touches {
        kiosk.act(Act::Input(Input::Touch(touch)));
    }
}

fn type_text(kiosk: &mut Rehearsal, text: &str) {
    for letter in text.chars() {
        touch(kiosk, &[Touch::Key(Key::Char(letter))]);
    }
}

fn check_in(kiosk: &mut Rehearsal, name: &str) {
    touch(kiosk, &[Touch::Enter, Touch::ByName]);
    type_text(kiosk, name);
    touch(kiosk, &[Touch::Next, Touch::Host(0), Touch::Next]);
}

/// Lets the clock run, with nobody looking.
fn run_until(kiosk: &mut Rehearsal, end: Mono) {
    kiosk.run_until(end, &mut |_, _| {});
}

fn names(visits: &[FoundVisit]) -> Vec<String> {
    visits.iter().map(|visit| visit.personal.clone().unwrap_or_default().name).collect()
}
