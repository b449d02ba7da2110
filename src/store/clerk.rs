//! One line into a book that a running kiosk has open: that something was handed out with a command.
//!
//! A line belongs to no visit, and its number and hash are taken from the file within the one
//! transaction that writes it, so the kiosk's own lines and this one follow each other whoever
//! writes first. It brings no schema up to date and mends nothing.

use std::path::Path;

use rusqlite::TransactionBehavior;

use super::append::append_with_reason;
use super::error::StoreError;
use super::log::Reader;
use super::schema;
use crate::domain::exposure::reason::Reason;
use crate::domain::logbook::{ENTRY_VERSION, Entry, Event, Public};
use crate::domain::moment::Wall;

/// Writes the line, and returns when it would survive a power cut.
///
/// # Errors
/// Every error of opening a book for reading, and what `SQLite` reports.
pub fn disclose(
    path: &Path,
    event: Event,
    reason: &Reason,
    wall: Wall,
    wall_trusted: bool,
) -> Result<Entry, StoreError> {
    // That it is there, ours and at the newest schema.
    drop(Reader::open(path)?);
    let mut connection = schema::connect(path)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let public = Public { v: ENTRY_VERSION, wall, wall_trusted, event };
    let entry = append_with_reason(&transaction, public, reason)?;
    transaction.commit()?;
    Ok(entry)
}
