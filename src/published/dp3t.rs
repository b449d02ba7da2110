//! DP-3T's list of the exposed, as its servers gave it out before Apple and Google had their own:
//! `ProtoExposedList`, with times in milliseconds. It has no signature within.

use std::io::BufRead;

use prost::Message;

use super::PublishedError;
use super::limits::MESSAGE_BYTES_MAX;
use super::message::Exposee;
use super::pieces::{Pieces, is_midnight, is_past};
use super::wire::{Field, Wire};
use crate::domain::exposure::published::{Dp3tExposee, PublishedKey};
use crate::domain::moment::Wall;

/// The fields of a list.
mod field {
    pub(super) const RELEASED: u32 = 1;
    pub(super) const EXPOSED: u32 = 2;
}

/// Goes through a list; when it was released. Gives its input back at the end.
pub(super) fn survey<R: BufRead>(input: R) -> Result<(Wall, R), PublishedError> {
    let mut wire = Wire::new(input);
    let mut released = None;
    while let Some((number, field)) = wire.next()? {
        match (number, field) {
            (field::RELEASED, Field::Varint(ms)) => released = moment(ms.cast_signed()),
            (field::EXPOSED, Field::Bytes(..=MESSAGE_BYTES_MAX)) => wire.skip(field)?,
            (field::RELEASED | field::EXPOSED, _) => {
                return Err(PublishedError::Malformed { what: "the kind or length of a field" });
            }
            _ => wire.skip(field)?,
        }
    }
    let released = released.ok_or(PublishedError::Malformed { what: "the time of release" })?;
    Ok((released, wire.into_inner()))
}

/// Hands out the keys of a list, and gives its input back.
pub(super) fn keys<R: BufRead>(
    input: R,
    released: Wall,
    now: Wall,
    pieces: &mut Pieces<'_, PublishedKey>,
) -> Result<R, PublishedError> {
    let mut wire = Wire::new(input);
    let mut bytes = vec![];
    while let Some((number, field)) = wire.next()? {
        let (field::EXPOSED, Field::Bytes(len)) = (number, field) else {
            wire.skip(field)?;
            continue;
        };
        wire.take(len, MESSAGE_BYTES_MAX, &mut bytes)?;
        // As in an export: what cannot be understood is one key that is passed over.
        let message = Exposee::decode(&*bytes).ok();
        let key = message.and_then(|message| understand(&message, released, now));
        pieces.add(key.map(PublishedKey::Dp3t))?;
    }
    Ok(wire.into_inner())
}

fn understand(message: &Exposee, released: Wall, now: Wall) -> Option<Dp3tExposee> {
    let key = message.key.as_slice().try_into().ok()?;
    let begin = moment(message.key_date_ms)?;
    let fits = is_midnight(begin) && is_past(begin, now);
    fits.then_some(Dp3tExposee { key, begin, released })
}

/// A moment in whole seconds.
fn moment(ms: i64) -> Option<Wall> {
    (ms >= 0).then_some(Wall(ms / 1_000))
}
