//! The open book: one connection, the index beside it, and an answer to every request.
//!
//! It is synchronous and belongs to one thread; [`super::Store`] puts a thread around it.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::emptying::{self, Emptying};
use super::error::StoreError;
use super::schema;
use super::search::Search;
use super::{Opened, Options};
use super::{
    append, aside, beacon, encounters, erase, exposures, levels, open, passed_on, pins, projection,
    select, verify,
};
use crate::domain::fault::{Fault, Trouble};
use crate::domain::logbook::{Draft, ENTRY_VERSION, Entry, Event, Public};
use crate::domain::moment::Wall;
use crate::domain::remembering::Batch;
use crate::domain::request::{Reply, Request};

/// The book, open for writing.
#[derive(Debug)]
pub struct Book {
    connection: Connection,
    search: Search,
    /// An erasure is not yet gone from the write-ahead log, because a reader held it.
    scrub_due: bool,
    /// What was heard may be left over from before the book was opened.
    heard_is_left_over: bool,
    /// What is to be done about the write-ahead log when nobody waits.
    emptying: Emptying,
    /// It was to be done when the last batch of what was heard had been written.
    emptying_is_late: bool,
    /// Held as long as the book is open. Dropped after the connection.
    lock: open::Lock,
}

impl Book {
    /// Opens the book at `path` for writing, begins it if there is none, brings it to the newest
    /// schema, and sets a damaged one aside. Whether it is damaged where it need not be read yet
    /// is looked at first if [`Options::in_doubt`] says so.
    ///
    /// # Errors
    /// Every [`StoreError`]; nothing is lost by any of them.
    pub fn open(path: &Path, options: Options) -> Result<(Self, Opened), StoreError> {
        let lock = open::lock(path)?;
        let (connection, opened, set_aside) = open::open(path, options.wall, |connection| {
            if options.in_doubt {
                schema::check(connection)?;
            }
            Opened::read(connection, options)
        })?;
        let mut emptying = Emptying::default();
        if emptying::bytes(&connection) > 0 {
            // The power was cut, or it has been written to just now.
            emptying.is_wanted();
        }
        let opened = Opened { set_aside, ..opened };
        let book = Self {
            connection,
            search: Search::unread(),
            scrub_due: false,
            heard_is_left_over: true,
            emptying,
            emptying_is_late: false,
            lock,
        };
        Ok((book, opened))
    }

    /// Carries out one request. When this returns, what it wrote would survive a power cut.
    pub fn answer(&mut self, request: Request) -> Reply {
        let was_due = self.scrub_due;
        let reply = self.try_answer(request);
        if self.scrub_due {
            self.scrub(was_due);
        }
        self.emptying.look(&self.connection);
        reply.unwrap_or_else(|error| Reply::Failed(self.fault(&error)))
    }

    /// Writes several entries in one transaction, all or none: for a register that is brought in
    /// from elsewhere.
    ///
    /// # Errors
    /// As for one entry; then none is written.
    pub fn append_all(
        &mut self,
        drafts: impl IntoIterator<Item = Draft>,
    ) -> Result<Vec<Entry>, StoreError> {
        let entries: Vec<Entry> = self.write(|transaction| {
            drafts.into_iter().map(|draft| append::append(transaction, draft)).collect()
        })?;
        for entry in &entries {
            self.search.written(&entry.public.event, entry.personal.as_ref());
        }
        Ok(entries)
    }

    /// Every entry of the book, in its order.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and what `SQLite` reports.
    pub fn entries(&self) -> Result<Vec<Entry>, StoreError> {
        select::all_entries(&self.connection)
    }

    /// Walks the whole chain. See [`verify::Proof`] for what that shows and what it cannot.
    ///
    /// # Errors
    /// What `SQLite` reports; a broken chain is an answer, not an error.
    pub fn verify(&self) -> Result<verify::Proof, StoreError> {
        verify::verify(&self.connection)
    }

    /// Throws the projection away and folds it from the entries again.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and what `SQLite` reports; then the former projection stands.
    pub fn rebuild(&mut self) -> Result<(), StoreError> {
        self.write(|transaction| projection::rebuild(transaction))?;
        self.search = Search::unread();
        Ok(())
    }

    /// Reads a slice of the name index; answers whether there is more to read. For when there is
    /// nothing else to do.
    ///
    /// # Errors
    /// What `SQLite` reports.
    pub fn read_on(&mut self) -> Result<bool, StoreError> {
        self.search.read_on(&self.connection)?;
        Ok(self.search.is_behind())
    }

    /// For how long nobody should have asked for anything before [`Self::empty_log`] is called;
    /// `None` where there is nothing to do.
    #[must_use]
    pub const fn empties_log_after(&self) -> Option<Duration> {
        self.emptying.after()
    }

    /// Takes one step to empty the write-ahead log into the book.
    ///
    /// # Errors
    /// What `SQLite` reports; the step is then tried again.
    pub fn empty_log(&mut self) -> Result<(), StoreError> {
        self.emptying.go_on(&self.connection)
    }

    fn try_answer(&mut self, request: Request) -> Result<Reply, StoreError> {
        match request {
            Request::Append(draft) => {
                let entry = self.write(|transaction| append::append(transaction, draft))?;
                self.search.written(&entry.public.event, entry.personal.as_ref());
                Ok(Reply::Appended { entry })
            }
            Request::Probe => {
                // The schema's number is on the first page, which this writes and syncs.
                self.write(schema::rewrite_version)?;
                Ok(Reply::Probed)
            }
            Request::Recall { phone } => {
                self.search.recall(&self.connection, &phone).map(Reply::Recalled)
            }
            Request::Search { query, limit } => {
                self.search.find(&self.connection, &query, limit).map(Reply::Found)
            }
            Request::CheckPin(pin) => pins::role_of(&self.connection, &pin).map(Reply::PinChecked),
            Request::SetPins { administrator, guard } => {
                self.write(|transaction| pins::set(transaction, &administrator, &guard))?;
                Ok(Reply::PinsSet)
            }
            Request::KeepLevels { levels, role, wall, wall_trusted } => {
                self.write(|transaction| {
                    levels::keep(transaction, levels, role, wall, wall_trusted)
                })?;
                Ok(Reply::LevelsKept)
            }
            Request::Erase { visit, wall, wall_trusted } => {
                let erasure =
                    self.write(|transaction| erase::erase(transaction, visit, wall, wall_trusted))?;
                Ok(Reply::Erased { entry: self.forget(erasure) })
            }
            Request::Expire { before, limit, wall, wall_trusted } => {
                let expiry = self.write(|transaction| {
                    erase::expire(transaction, before, limit, wall, wall_trusted)
                })?;
                if let Some(path) = self.connection.path().filter(|_| wall_trusted) {
                    // What cannot be deleted now is tried again with the next; `kiosk check` tells.
                    drop(aside::forget(Path::new(path), before, wall));
                }
                let (mut entries, more) = (expiry.left, expiry.more);
                entries.extend(self.forget(expiry.erasure));
                Ok(Reply::Expired { entries, more })
            }
            heard @ (Request::Remember(_)
            | Request::Forget { .. }
            | Request::KeepExposures { .. }
            | Request::Exposures
            | Request::OpenOverlap { .. }
            | Request::PassOn(_)
            | Request::RenewBeaconKeys { .. }
            | Request::Disclose { .. }) => self.answer_of_phones(heard),
        }
    }

    /// The requests about what was heard of phones.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are answered above")]
    fn answer_of_phones(&mut self, request: Request) -> Result<Reply, StoreError> {
        match request {
            Request::Remember(batch) => self.remember(&batch),
            Request::Forget { before, limit, wall, wall_trusted } => {
                self.forget_heard(before, limit, wall, wall_trusted)
            }
            Request::KeepExposures { matched, wall } => {
                let notices = self.write(|transaction| {
                    exposures::keep(transaction, &matched, wall)?;
                    exposures::notices(transaction)
                })?;
                Ok(Reply::Exposures(notices))
            }
            Request::OpenOverlap { exposure, reason, wall, wall_trusted } => {
                let overlap = self.write(|transaction| {
                    exposures::open_overlap(transaction, exposure, &reason, wall, wall_trusted)
                })?;
                match overlap {
                    Some(overlap) => Ok(Reply::Overlap(Box::new(overlap))),
                    None => exposures::notices(&self.connection).map(Reply::Exposures),
                }
            }
            Request::RenewBeaconKeys { wall } => {
                let keys = self.write(|transaction| beacon::renew(transaction, wall))?;
                Ok(Reply::BeaconKeys(Box::new(keys)))
            }
            Request::PassOn(passed) => {
                self.write(|transaction| passed_on::keep(transaction, passed))?;
                Ok(Reply::PassedOn)
            }
            Request::Disclose { event, reason, wall, wall_trusted } => {
                let public = Public { v: ENTRY_VERSION, wall, wall_trusted, event };
                let entry = self.write(|transaction| {
                    append::append_with_reason(transaction, public, &reason)
                })?;
                Ok(Reply::Appended { entry })
            }
            _ => exposures::notices(&self.connection).map(Reply::Exposures),
        }
    }

    /// What an earlier kiosk left open when the power went off settles first: what is heard now is
    /// another visit to the door. Where there was no quiet moment since the last batch, the log is
    /// emptied here.
    fn remember(&mut self, batch: &Batch) -> Result<Reply, StoreError> {
        let leaves_over = self.heard_is_left_over;
        if self.emptying_is_late && self.emptying != Emptying::NotDue {
            // A reader that holds it is not waited for, and neither is a disk that fails.
            drop(self.empty_log().and_then(|()| self.empty_log()));
        }
        let settled =
            self.write(|transaction| encounters::keep(transaction, batch, leaves_over))?;
        self.heard_is_left_over = false;
        if settled {
            // It tells in which order ids came.
            self.emptying.is_wanted();
        }
        self.emptying_is_late = self.emptying != Emptying::NotDue;
        Ok(Reply::Remembered)
    }

    fn forget_heard(
        &mut self,
        before: Wall,
        limit: u32,
        wall: Wall,
        wall_trusted: bool,
    ) -> Result<Reply, StoreError> {
        let (entry, more) = self.write(|transaction| {
            let (encounters, more) = encounters::forget(transaction, before, limit, wall)?;
            let exposures = exposures::forget(transaction, before, wall)?;
            if encounters == 0 && exposures == 0 {
                return Ok((None, false));
            }
            let event = Event::Forgotten { encounters, exposures };
            let entry = erase::write_down(transaction, event, wall, wall_trusted)?;
            Ok((Some(entry), more))
        })?;
        self.scrub_due |= entry.is_some() && !more;
        Ok(Reply::Forgot { entry, more })
    }

    fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // Dropped without a commit it rolls back, whatever went wrong.
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }

    /// Has the index forget what was erased; answers the entry that says so.
    fn forget(&mut self, erasure: Option<erase::Erasure>) -> Option<Entry> {
        let erasure = erasure?;
        self.search.erased(&erasure.visits);
        self.scrub_due = true;
        Some(erasure.entry)
    }

    /// Tries again after the next request where it fails: what was asked for is done and written
    /// down, and only its traces remain. Whoever asks for something else meanwhile does not wait for
    /// a reader that holds them.
    fn scrub(&mut self, again: bool) {
        let scrub = if again { erase::scrub_at_once } else { erase::scrub };
        self.scrub_due = !scrub(&self.connection).unwrap_or(false);
    }

    /// What the core is told. A disk that the system has made read-only under us reports a mere
    /// failed write, so it is asked again here.
    fn fault(&self, error: &StoreError) -> Fault {
        let fault = error.fault();
        if fault.trouble == Trouble::Gone && self.lock.is_read_only() {
            return StoreError::ReadOnly.fault();
        }
        fault
    }
}
