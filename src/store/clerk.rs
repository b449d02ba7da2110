//! What a command writes: one line into a book that a running kiosk may have open, that something was
//! handed out; and new PINs into a book that nobody has open.
//!
//! A line belongs to no visit, and its number and hash are taken from the file within the one
//! transaction that writes it, so the kiosk's own lines and this one follow each other whoever
//! writes first. It brings no schema up to date and mends nothing.

use std::os::unix::fs::{MetadataExt, chown};
use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::append::{append, append_with_reason};
use super::error::StoreError;
use super::log::Reader;
use super::{open, pins, schema};
use crate::domain::exposure::reason::Reason;
use crate::domain::logbook::{By, Draft, ENTRY_VERSION, Entry, Event, Public};
use crate::domain::moment::Wall;
use crate::domain::request::Digits;

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
    let mut connection = connect(path)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let public = Public { v: ENTRY_VERSION, wall, wall_trusted, event };
    let entry = append_with_reason(&transaction, public, reason)?;
    transaction.commit()?;
    Ok(entry)
}

/// Keeps these PINs in place of any former ones, and writes down that they were chosen. No kiosk may
/// have the book open: one that runs would go on with what it knew of the PINs when it began.
///
/// # Errors
/// [`StoreError::InUse`], every error of opening a book for reading, and what `SQLite` reports.
pub fn choose_pins(
    path: &Path,
    administrator: &Digits,
    guard: &Digits,
    wall: Wall,
    wall_trusted: bool,
) -> Result<Entry, StoreError> {
    drop(Reader::open(path)?);
    let _lock = open::lock(path)?;
    if let Ok(book) = std::fs::metadata(path) {
        // Made by root, it would keep the kiosk's own account out.
        drop(chown(open::beside(path, "-lock"), Some(book.uid()), Some(book.gid())));
    }
    let mut connection = connect(path)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    pins::set(&transaction, administrator, guard)?;
    let event = Event::PinsChosen { by: By::CommandLine };
    let public = Public { v: ENTRY_VERSION, wall, wall_trusted, event };
    let entry = append(&transaction, Draft { public, personal: None })?;
    transaction.commit()?;
    Ok(entry)
}

/// Opens for writing a book that is there, ours and at the newest schema.
fn connect(path: &Path) -> Result<Connection, StoreError> {
    drop(Reader::open(path)?);
    schema::connect(path)
}
