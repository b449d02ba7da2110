//! What a file is, found by how it begins.

use super::wire::{Field, Wire};
use super::{PublishedError, export, json};

/// What a file is, as far as its first bytes say.
pub(super) enum Kind {
    Zip,
    Json,
    List,
    Warnings,
}

/// A list of DP-3T begins with milliseconds, a package of warnings with hours, both since 1970: the
/// one number has been above this since 1973, the other will not be for ten million years.
const LEAST_MILLISECONDS: u64 = 100_000_000_000;

/// How a zip begins, and a zip without entries.
const ZIP: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

pub(super) fn kind(first: &[u8]) -> Result<Kind, PublishedError> {
    if ZIP.iter().any(|magic| first.starts_with(magic)) {
        return Ok(Kind::Zip);
    }
    if first.starts_with(export::HEADER) {
        return Err(PublishedError::Unsigned);
    }
    if json::begins(first) {
        return Ok(Kind::Json);
    }
    let mut wire = Wire::new(first);
    match wire.next() {
        Ok(Some((1, Field::Varint(number)))) if number >= LEAST_MILLISECONDS => Ok(Kind::List),
        Ok(Some((1, Field::Varint(1..)))) => Ok(Kind::Warnings),
        _ => Err(PublishedError::UnknownFormat),
    }
}
