//! What is heard in the quarter of an hour that has not ended, and of ids that are still there: all of
//! it in one value of one row, by network and id, written anew with each batch.
//!
//! Each id takes as many bytes as any other, and there is always room for some more. So how the file is
//! laid out, down to its free pages, depends on how many ids were heard, and not on which of them came
//! first. A table with a row for each would show that in where its pages are split.
//!
//! It knows nothing of what has settled, which is `encounters`' business. Why: ADR 0017.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use super::error::StoreError;
use crate::domain::advert::Dbm;
use crate::domain::moment::Wall;
use crate::domain::network::Network;
use crate::domain::remembering::Remembered;
use crate::domain::sighting::{ProximityId, SendingPower};

/// Rows that may still change, in the order in which they are written.
pub(super) type Hearing = BTreeMap<(Network, ProximityId), Remembered>;

/// The bytes of one id, and the longest id.
const ROW_BYTES: usize = 50;
const ID_BYTES: usize = 16;

/// So many rows, with what `SQLite` adds, fill a page of 4,096 bytes. There is room for so many, or twice,
/// four times, … as many: a value that stays as long as it was is written over where it stands, and
/// only those of its pages that have changed.
const ROWS_AT_LEAST: usize = 80;

/// What stands in place of a network where there is no row.
const NO_ROW: u8 = 0;

/// What stands there now. A row that makes no sense is passed over.
pub(super) fn read(connection: &Connection) -> Result<Hearing, StoreError> {
    let mut statement = connection.prepare_cached("SELECT rows FROM hearing WHERE id = 1")?;
    let bytes: Vec<u8> = statement.query_row([], |row| row.get(0)).optional()?.unwrap_or_default();
    let (rows, _) = bytes.as_chunks::<ROW_BYTES>();
    Ok(rows.iter().filter_map(decode).map(|row| ((row.network, row.id), row)).collect())
}

/// Writes all of it in place of what stands there.
pub(super) fn write(connection: &Connection, hearing: &Hearing) -> Result<(), StoreError> {
    let rows = ROWS_AT_LEAST * hearing.len().div_ceil(ROWS_AT_LEAST).next_power_of_two();
    let mut bytes = Vec::with_capacity(rows * ROW_BYTES);
    for row in hearing.values() {
        encode(row, &mut bytes);
    }
    bytes.resize(rows * ROW_BYTES, NO_ROW);
    connection
        .prepare_cached(
            "INSERT INTO hearing (id, rows) VALUES (1, ?)
             ON CONFLICT (id) DO UPDATE SET rows = excluded.rows",
        )?
        .execute([bytes])?;
    Ok(())
}

/// Takes in a row as it stands now. One of an id that was written out and came back keeps what is more
/// of each; of metadata that differs it keeps that it did.
pub(super) fn take_in(hearing: &mut Hearing, row: &Remembered) {
    let known = hearing.entry((row.network, row.id)).or_insert(*row);
    *known = Remembered {
        sightings: known.sightings.max(row.sightings),
        strongest: known.strongest.max(row.strongest),
        tx_power: known.tx_power.and(row.tx_power),
        near_seconds: known.near_seconds.max(row.near_seconds),
        ..*row
    };
}

fn encode(row: &Remembered, bytes: &mut Vec<u8>) {
    let begins = bytes.len();
    let id = row.id.as_bytes();
    bytes.extend([number_of(row.network), u8::try_from(id.len()).unwrap_or(0)]);
    bytes.extend(id);
    bytes.resize(begins + 2 + ID_BYTES, 0);
    bytes.extend(row.first.0.to_be_bytes());
    bytes.extend(row.last.0.to_be_bytes());
    bytes.push(row.wall_trusted.into());
    bytes.extend(row.sightings.to_be_bytes());
    bytes.extend(row.strongest.0.to_be_bytes());
    bytes.extend(row.median.0.to_be_bytes());
    let (kind, power) = match row.tx_power {
        SendingPower::Unsaid => (0, [0; 4]),
        SendingPower::Stated(level) => (1, [level.0.cast_unsigned(), 0, 0, 0]),
        SendingPower::Sealed(sealed) => (2, sealed),
        SendingPower::Contradicted => (3, [0; 4]),
    };
    bytes.push(kind);
    bytes.extend(power);
    bytes.extend(row.near_seconds.to_be_bytes());
}

fn decode(bytes: &[u8; ROW_BYTES]) -> Option<Remembered> {
    let ([number, length], rest) = bytes.split_first_chunk()?;
    let (id, rest) = rest.split_first_chunk::<ID_BYTES>()?;
    let network = Network::ALL.into_iter().find(|network| number_of(*network) == *number)?;
    let id = id_of(network, id.get(..usize::from(*length))?)?;
    let (first, rest) = rest.split_first_chunk()?;
    let (last, rest) = rest.split_first_chunk()?;
    let ([wall_trusted], rest) = rest.split_first_chunk()?;
    let (sightings, rest) = rest.split_first_chunk()?;
    let ([strongest, median, kind], rest) = rest.split_first_chunk()?;
    let (power, rest) = rest.split_first_chunk::<4>()?;
    let [stated, ..] = *power;
    let tx_power = match kind {
        1 => SendingPower::Stated(Dbm(stated.cast_signed())),
        2 => SendingPower::Sealed(*power),
        3 => SendingPower::Contradicted,
        _ => SendingPower::Unsaid,
    };
    Some(Remembered {
        network,
        id,
        first: Wall(i64::from_be_bytes(*first)),
        last: Wall(i64::from_be_bytes(*last)),
        wall_trusted: *wall_trusted != 0,
        sightings: u32::from_be_bytes(*sightings),
        strongest: Dbm(strongest.cast_signed()),
        median: Dbm(median.cast_signed()),
        tx_power,
        near_seconds: u32::from_be_bytes(rest.try_into().ok()?),
    })
}

/// What stands for a network in the books that are there: never another, and never [`NO_ROW`].
const fn number_of(network: Network) -> u8 {
    match network {
        Network::Bluezone => 1,
        Network::Gaen => 2,
        Network::Dp3t => 3,
        Network::Robert => 4,
        Network::Token => 5,
        Network::Sonar => 6,
        Network::Herald => 7,
        Network::BlueTrace => 8,
    }
}

/// The id with these bytes: a network has one form of id, Bluezone two of different length.
pub(super) fn id_of(network: Network, bytes: &[u8]) -> Option<ProximityId> {
    Some(match network {
        Network::Bluezone => match bytes.try_into() {
            Ok(id) => ProximityId::Bluezone(id),
            Err(_) => ProximityId::BluezoneV1(bytes.try_into().ok()?),
        },
        Network::Gaen => ProximityId::Rpi(bytes.try_into().ok()?),
        Network::Dp3t => ProximityId::EphId(bytes.try_into().ok()?),
        Network::Robert => ProximityId::Robert(bytes.try_into().ok()?),
        Network::Token => ProximityId::Token(bytes.try_into().ok()?),
        Network::Sonar => ProximityId::Sonar(bytes.try_into().ok()?),
        Network::Herald => ProximityId::Herald(bytes.try_into().ok()?),
        Network::BlueTrace => ProximityId::BlueTrace(bytes.try_into().ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(network: Network, bytes: &[u8]) -> Remembered {
        Remembered {
            network,
            id: id_of(network, bytes).unwrap(),
            first: Wall(1_622_602_800),
            last: Wall(-900),
            wall_trusted: true,
            sightings: u32::MAX,
            strongest: Dbm(-58),
            median: Dbm(-128),
            tx_power: SendingPower::Unsaid,
            near_seconds: 95,
        }
    }

    #[test]
    fn every_row_comes_back_as_it_was_and_is_as_long_as_any_other() {
        let said = [
            SendingPower::Unsaid,
            SendingPower::Stated(Dbm(-7)),
            SendingPower::Sealed([0, 255, 7, 1]),
            SendingPower::Contradicted,
        ];
        for network in Network::ALL {
            let id = (1..=16).collect::<Vec<u8>>();
            for (length, tx_power) in [6, 9, 12, 16].iter().flat_map(|l| said.map(|s| (*l, s))) {
                let Some(id) = id_of(network, &id[..length]) else { continue };
                let row = Remembered { id, tx_power, ..row(network, id.as_bytes()) };
                let mut bytes = Vec::new();
                encode(&row, &mut bytes);
                assert_eq!(decode(&bytes.try_into().unwrap()), Some(row));
            }
        }
        assert_eq!(decode(&[NO_ROW; ROW_BYTES]), None);
        assert_eq!(decode(&[0xaa; ROW_BYTES]), None);
    }

    /// What a kiosk of this schema writes, the next one has to read.
    #[test]
    fn a_row_in_bytes() {
        let mut bytes = Vec::new();
        encode(&row(Network::Bluezone, b"3Ih7QP"), &mut bytes);
        let written = [
            &[1, 6][..],
            b"3Ih7QP",
            &[0; 10],
            &1_622_602_800_i64.to_be_bytes(),
            &(-900_i64).to_be_bytes(),
            &[1, 255, 255, 255, 255, 0xC6, 0x80, 0, 0, 0, 0, 0],
            &[0, 0, 0, 95],
        ];
        assert_eq!(bytes, written.concat());
    }
}
