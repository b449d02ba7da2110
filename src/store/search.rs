//! Finding visits again: what the guard typed, and who came last under a phone number.
//!
//! Only visits whose personal part is kept are found. The index is read in slices, the latest
//! visits first, whenever the book has nothing else to do, so that a kiosk whose power returns
//! is at work at once; a question that the slices so far cannot answer in full reads the rest.

use rusqlite::Connection;

use super::error::StoreError;
use super::index::Index;
use super::projection;
use super::select::{self, visit_now};
use super::terms::Term;
use crate::domain::logbook::Event;
use crate::domain::request::{Digits, FoundVisit, Returning, SearchText};
use crate::domain::visit::{Personal, VisitId};

/// Visits read at a time: a few milliseconds, so that a check-in never waits longer for its turn.
const SLICE: u32 = 1_000;

/// No question is answered with more visits than this.
const MOST_FOUND: usize = 500;

/// The index, and how far it has been read.
#[derive(Debug, Default)]
pub(super) struct Search {
    index: Index,
    /// Visits below this one are still to be read; `None` when all have been.
    unread_below: Option<u32>,
}

impl Search {
    /// Nothing read yet.
    pub(super) fn unread() -> Self {
        Self { index: Index::default(), unread_below: Some(u32::MAX) }
    }

    /// Whether there is more to read.
    pub(super) fn is_behind(&self) -> bool {
        self.unread_below.is_some()
    }

    /// Reads one slice.
    pub(super) fn read_on(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let Some(below) = self.unread_below else { return Ok(()) };
        let mut statement = connection.prepare_cached(
            "SELECT v.visit, v.seq, e.public, p.body
             FROM personal p JOIN visit v ON v.visit = p.visit AND v.seq = p.seq
                             JOIN entry e ON e.seq = p.seq
             WHERE p.visit < ?1 ORDER BY p.visit DESC LIMIT ?2",
        )?;
        let mut rows = statement.query([below, SLICE])?;
        let mut lowest = None;
        while let Some(row) = rows.next()? {
            let (visit, seq): (u32, u64) = (row.get(0)?, row.get(1)?);
            lowest = Some(visit);
            let public = projection::parse(seq, row.get_ref(2)?)?;
            if let Some(personal) = select::personal(seq, row, 3)? {
                // What was written since the start is there already, and newer.
                if !self.index.knows(VisitId(visit)) {
                    self.take(&public.event, &personal);
                }
            }
        }
        self.unread_below = lowest;
        Ok(())
    }

    /// Takes in an entry that was just written.
    pub(super) fn written(&mut self, event: &Event, personal: Option<&Personal>) {
        if let Some(personal) = personal {
            self.take(event, personal);
        }
    }

    /// Forgets visits whose personal parts were just erased.
    pub(super) fn erased(&mut self, visits: &[VisitId]) {
        for visit in visits {
            self.index.forget(*visit);
        }
    }

    /// The visits that match what was typed, the latest first.
    pub(super) fn find(
        &mut self,
        connection: &Connection,
        query: &SearchText,
        limit: u16,
    ) -> Result<Vec<FoundVisit>, StoreError> {
        let terms = Term::all_in(&query.0);
        let limit = usize::from(limit).min(MOST_FOUND);
        let visits = self.visits(connection, &terms, limit)?;
        // One transaction: without it every visit that is read locks and unlocks the file anew,
        // which takes longer than the reading.
        let snapshot = connection.unchecked_transaction()?;
        let mut found = Vec::new();
        for visit in visits {
            found.extend(visit_now(&snapshot, visit)?);
        }
        Ok(found)
    }

    /// Who came last under a phone number.
    pub(super) fn recall(
        &mut self,
        connection: &Connection,
        phone: &Digits,
    ) -> Result<Option<Returning>, StoreError> {
        let whole = [Term::Phone(phone.0.clone())];
        for visit in self.visits(connection, &whole, 1)? {
            let personal = visit_now(connection, visit)?.and_then(|found| found.personal);
            // The index cuts numbers that are longer than any phone's.
            if let Some(personal) = personal.filter(|personal| personal.phone == phone.0) {
                return Ok(Some(Returning { personal }));
            }
        }
        Ok(None)
    }

    fn visits(
        &mut self,
        connection: &Connection,
        terms: &[Term],
        limit: usize,
    ) -> Result<Vec<VisitId>, StoreError> {
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.index.find(terms, limit);
        // Slices come latest first, so a full answer from among what was read cannot be bettered.
        let full = found.len() >= limit;
        match self.unread_below {
            Some(below) if !full || found.iter().any(|visit| visit.0 < below) => {
                while self.is_behind() {
                    self.read_on(connection)?;
                }
                Ok(self.index.find(terms, limit))
            }
            _ => Ok(found),
        }
    }

    fn take(&mut self, event: &Event, personal: &Personal) {
        if let Event::CheckIn { facts }
        | Event::Update { facts, .. }
        | Event::Correction { facts, .. } = event
        {
            self.index.insert(facts.visit, facts.badge, personal);
        }
    }
}
