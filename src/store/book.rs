//! The open book: one connection, the index beside it, and an answer to every request.
//!
//! It is synchronous and belongs to one thread; [`super::Store`] puts a thread around it.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::StoreError;
use super::schema;
use super::search::Search;
use super::{Opened, Options};
use super::{append, erase, levels, open, pins, projection, select, verify};
use crate::domain::fault::{Fault, Trouble};
use crate::domain::logbook::{Draft, Entry};
use crate::domain::request::{Reply, Request};

/// The book, open for writing.
#[derive(Debug)]
pub struct Book {
    connection: Connection,
    search: Search,
    /// An erasure is not yet gone from the write-ahead log, because a reader held it.
    scrub_due: bool,
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
        let opened = Opened { set_aside, ..opened };
        let book = Self { connection, search: Search::unread(), scrub_due: false, lock };
        Ok((book, opened))
    }

    /// Carries out one request. When this returns, what it wrote would survive a power cut.
    pub fn answer(&mut self, request: Request) -> Reply {
        let reply = self.try_answer(request);
        if self.scrub_due {
            self.scrub();
        }
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
                Ok(self.forget(erasure))
            }
            Request::Expire { before, wall, wall_trusted } => {
                let erasure = self
                    .write(|transaction| erase::expire(transaction, before, wall, wall_trusted))?;
                Ok(self.forget(erasure))
            }
        }
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

    fn forget(&mut self, erasure: Option<erase::Erasure>) -> Reply {
        let Some(erasure) = erasure else { return Reply::Erased { entry: None } };
        self.search.erased(&erasure.visits);
        self.scrub_due = true;
        Reply::Erased { entry: Some(erasure.entry) }
    }

    /// Tries again after the next request where it fails: what was asked for is done and written
    /// down, and only its traces remain.
    fn scrub(&mut self) {
        self.scrub_due = !erase::scrub(&self.connection).unwrap_or(false);
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
