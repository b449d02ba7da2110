//! The Corona-Warn-App's package of one hour's warnings (`TraceWarningPackage`). Those of the
//! places that are asked for are found by the hash of the place's name and unsealed by
//! [`crate::domain::venue::warning`]; of all others nothing can be read.
//!
//! Warnings in the open, which the app's first version had, are passed over: anybody could have
//! made them.

use std::collections::HashMap;
use std::io::BufRead;

use prost::Message;

use super::PublishedError;
use super::error::shown;
use super::limits::{KEYS_MAX, MESSAGE_BYTES_MAX};
use super::message::SealedWarning;
use super::pieces::{Pieces, is_past};
use super::summary::{Format, Summary};
use super::wire::{Field, Wire};
use crate::domain::moment::Wall;
use crate::domain::venue::LocationId;
use crate::domain::venue::warning::{Sealed, Warning};

/// The fields of a package.
mod field {
    pub(super) const HOUR: u32 = 1;
    pub(super) const REGION: u32 = 2;
    pub(super) const SEALED: u32 = 4;
}

const HOUR_SECONDS: i64 = 3_600;

/// What a package says of itself.
pub(super) struct Heading {
    hour: u32,
    region: String,
}

impl Heading {
    /// Writes it into a file's summary.
    pub(super) fn tell(self, summary: &mut Summary) {
        let begin = i64::from(self.hour) * HOUR_SECONDS;
        summary.format = Format::CwaWarnings;
        summary.span = (Wall(begin), Wall(begin + HOUR_SECONDS));
        summary.region = self.region;
    }
}

/// Goes through a package, whose input it gives back at the end.
pub(super) fn survey<R: BufRead>(input: R) -> Result<(Heading, R), PublishedError> {
    let mut wire = Wire::new(input);
    let (mut hour, mut region, mut entries) = (None, String::new(), 0_u64);
    let mut bytes = vec![];
    while let Some((number, field)) = wire.next()? {
        match (number, field) {
            (field::HOUR, Field::Varint(hours)) => hour = u32::try_from(hours).ok(),
            (field::REGION, Field::Bytes(len)) => {
                wire.take(len, MESSAGE_BYTES_MAX, &mut bytes)?;
                region = shown(&String::from_utf8_lossy(&bytes));
            }
            (field::SEALED, Field::Bytes(..=MESSAGE_BYTES_MAX)) => {
                entries = entries.saturating_add(1);
                if entries > KEYS_MAX {
                    return Err(PublishedError::TooMany);
                }
                wire.skip(field)?;
            }
            (field::HOUR | field::REGION | field::SEALED, _) => {
                return Err(PublishedError::Malformed { what: "the kind or length of a field" });
            }
            _ => wire.skip(field)?,
        }
    }
    let hour = hour.ok_or(PublishedError::Malformed { what: "the hour" })?;
    Ok((Heading { hour, region }, wire.into_inner()))
}

/// Hands out the warnings of these places, and gives the input back.
pub(super) fn of_places<R: BufRead>(
    input: R,
    places: &[LocationId],
    now: Wall,
    pieces: &mut Pieces<'_, Warning>,
) -> Result<R, PublishedError> {
    let by_hash: HashMap<[u8; 32], &LocationId> =
        places.iter().map(|place| (place.published_hash(), place)).collect();
    let mut wire = Wire::new(input);
    let mut bytes = vec![];
    let mut message = SealedWarning::default();
    while let Some((number, field)) = wire.next()? {
        let (field::SEALED, Field::Bytes(len)) = (number, field) else {
            wire.skip(field)?;
            continue;
        };
        wire.take(len, MESSAGE_BYTES_MAX, &mut bytes)?;
        message.clear();
        if message.merge(&*bytes).is_err() {
            pieces.add(None)?;
            continue;
        }
        let hash = <[u8; 32]>::try_from(message.location_hash.as_slice()).ok();
        if let Some(place) = hash.and_then(|hash| by_hash.get(&hash)) {
            let SealedWarning { location_hash, iv, record, mac } = &message;
            let warning = Sealed { location_hash, iv, record, mac }.open(place).ok();
            pieces.add(warning.filter(|warning| is_past(warning.begin, now)))?;
        }
    }
    Ok(wire.into_inner())
}
