//! Walking the chain: whether the book still is what was written.
//!
//! It finds every entry that was changed, inserted or taken out, and every personal part that is
//! not the one that was committed to. It cannot know that entries were cut off at the end, or that
//! the whole book was written anew: against that, note the head (number and hash of the last
//! entry) somewhere else now and then, and look for it again.

use std::collections::BTreeMap;
use std::fmt;

use rusqlite::{Connection, OptionalExtension, Row};

use super::append::{self, NO_COMMITMENT};
use super::error::StoreError;
use super::projection::{self, FaceText, HowText};
use crate::domain::logbook::{Event, GENESIS, Hash, chain, commitment};
use crate::domain::presence::Face;
use crate::domain::visit::Leaving;

/// What the walk found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proof {
    /// How many entries verify, from the first on.
    pub entries: u64,
    /// The hash of the last of them; [`GENESIS`] when there is none.
    pub head: Hash,
    /// The first entry that does not, and why.
    pub broken: Option<(u64, Broken)>,
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.broken {
            None => write!(f, "the chain of {} entries holds", self.entries),
            Some((seq, why)) => write!(f, "the chain breaks at entry {seq}: {why}"),
        }
    }
}

impl Proof {
    /// Whether every entry verifies.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.broken.is_none()
    }

    /// The head as `sha256sum` writes it, for noting down.
    #[must_use]
    pub fn head_hex(&self) -> String {
        let nibbles = self.head.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
        nibbles.filter_map(|nibble| char::from_digit(nibble.into(), 16)).collect()
    }
}

/// Why an entry does not verify.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Broken {
    /// Its number does not follow the one before.
    #[error("it is missing")]
    Missing,
    /// Its hash is not that of the entry before and its own parts.
    #[error("it, or the order of the entries, was changed")]
    Changed,
    /// Its public part is not one.
    #[error("it cannot be read")]
    Unreadable,
    /// Its personal part, reason or salt is not the one committed to, or stands where none was.
    #[error("its personal part was changed")]
    PersonChanged,
    /// The table of visits says something else than the entries.
    #[error("the table of visits does not follow from the entries")]
    Projection,
}

/// A visit as the projection has it: entry in force, face, begin, end and how.
type Line = (u64, Face, i64, Option<(i64, Leaving)>);

/// Walks the whole book once.
pub(super) fn verify(connection: &Connection) -> Result<Proof, StoreError> {
    let mut visits = BTreeMap::new();
    let mut proof = walk(connection, 0, GENESIS, &mut visits)?;
    if proof.holds() {
        proof.broken = stray_person(connection)?.or(compare(connection, visits)?);
    }
    Ok(proof)
}

/// Walks the last so many entries: where the chain breaks among them, and why.
pub(super) fn tail(
    connection: &Connection,
    entries: u64,
) -> Result<Option<(u64, Broken)>, StoreError> {
    let (last, _) = append::head(connection)?;
    let before = last.saturating_sub(entries);
    let head = connection
        .query_row("SELECT hash FROM entry WHERE seq = ?", [before], |row| row.get(0))
        .optional()?;
    match head {
        None if before > 0 => Ok(Some((before, Broken::Missing))),
        head => {
            let head = head.unwrap_or(GENESIS);
            Ok(walk(connection, before, head, &mut BTreeMap::new())?.broken)
        }
    }
}

/// Walks from behind an entry to the end, and folds what it passes into `visits`.
fn walk(
    connection: &Connection,
    from: u64,
    head: Hash,
    visits: &mut BTreeMap<u32, Line>,
) -> Result<Proof, StoreError> {
    let mut proof = Proof { entries: from, head, broken: None };
    let mut statement = connection.prepare(
        "SELECT e.seq, e.public, e.commitment, e.hash, p.visit, p.salt, p.body, e.visit,
                r.salt, r.body
         FROM entry e LEFT JOIN personal p USING (seq) LEFT JOIN reason r USING (seq)
         WHERE e.seq > ? ORDER BY e.seq",
    )?;
    let mut rows = statement.query([from])?;
    while let Some(row) = rows.next()? {
        let due = proof.entries + 1;
        match step(row, due, &proof.head, visits)? {
            Ok(head) => {
                proof.entries = due;
                proof.head = head;
            }
            Err(why) => {
                proof.broken = Some((due, why));
                break;
            }
        }
    }
    Ok(proof)
}

/// One entry: the new head, or why it does not verify.
fn step(
    row: &Row<'_>,
    due: u64,
    head: &Hash,
    visits: &mut BTreeMap<u32, Line>,
) -> Result<Result<Hash, Broken>, StoreError> {
    let seq: u64 = row.get(0)?;
    if seq != due {
        return Ok(Err(Broken::Missing));
    }
    let (public, committed, hash): (String, Hash, Hash) = (row.get(1)?, row.get(2)?, row.get(3)?);
    if chain(head, &committed, public.as_bytes()) != hash {
        return Ok(Err(Broken::Changed));
    }
    let parsed = match projection::parse(seq, row.get_ref(1)?) {
        Ok(parsed) => parsed,
        Err(newer @ StoreError::NewerEntry { .. }) => return Err(newer),
        Err(_) => return Ok(Err(Broken::Unreadable)),
    };
    if let Some(visit) = row.get::<_, Option<u32>>(4)? {
        let (salt, body): ([u8; 32], String) = (row.get(5)?, row.get(6)?);
        let of: Option<u32> = row.get(7)?;
        let opened = commitment(&salt, body.as_bytes());
        if committed == NO_COMMITMENT || opened != committed || of != Some(visit) {
            return Ok(Err(Broken::PersonChanged));
        }
    }
    if let Some(salt) = row.get::<_, Option<[u8; 32]>>(8)? {
        let body: String = row.get(9)?;
        let opened = commitment(&salt, body.as_bytes());
        if committed == NO_COMMITMENT || opened != committed {
            return Ok(Err(Broken::PersonChanged));
        }
    }
    fold(visits, seq, parsed.wall.0, &parsed.event);
    Ok(Ok(hash))
}

/// The projection once more, written as a plain fold that shares nothing with the SQL.
fn fold(visits: &mut BTreeMap<u32, Line>, seq: u64, wall: i64, event: &Event) {
    match *event {
        Event::CheckIn { facts }
        | Event::Update { facts, .. }
        | Event::Correction { facts, .. } => {
            let line = visits.entry(facts.visit.0).or_insert((seq, facts.face, wall, None));
            (line.0, line.1) = (seq, facts.face);
        }
        Event::Verdict { visit, face } => {
            visits.entry(visit.0).and_modify(|line| line.1 = face);
        }
        Event::CheckOut { visit, how } => {
            visits.entry(visit.0).and_modify(|line| {
                line.3.get_or_insert((wall, how));
            });
        }
        Event::GateOpened { .. }
        | Event::Expired { .. }
        | Event::Erased { .. }
        | Event::Forgotten { .. }
        | Event::OverlapOpened { .. }
        | Event::ExposuresExported { .. }
        | Event::HistoryPublished { .. }
        | Event::PinsChosen { .. } => {}
    }
}

/// A personal part, or a reason, whose entry is not there.
fn stray_person(connection: &Connection) -> Result<Option<(u64, Broken)>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT seq FROM (SELECT seq FROM personal UNION ALL SELECT seq FROM reason)
         WHERE seq NOT IN (SELECT seq FROM entry) ORDER BY seq LIMIT 1",
    )?;
    let mut rows = statement.query([])?;
    match rows.next()? {
        Some(row) => Ok(Some((row.get(0)?, Broken::PersonChanged))),
        None => Ok(None),
    }
}

/// The table of visits against the fold.
fn compare(
    connection: &Connection,
    mut visits: BTreeMap<u32, Line>,
) -> Result<Option<(u64, Broken)>, StoreError> {
    let mut statement =
        connection.prepare("SELECT visit, seq, face, entered, left_at, how FROM visit")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (visit, seq, entered): (u32, u64, i64) = (row.get(0)?, row.get(1)?, row.get(3)?);
        let face = row.get::<_, FaceText>(2).map(|face| face.0);
        let (left, how): (Option<i64>, Option<HowText>) = (row.get(4)?, row.get(5)?);
        let left = left.zip(how.map(|how| how.0));
        let same = face.is_ok_and(|face| visits.remove(&visit) == Some((seq, face, entered, left)));
        if !same {
            return Ok(Some((seq, Broken::Projection)));
        }
    }
    Ok(visits.first_key_value().map(|(_, line)| (line.0, Broken::Projection)))
}
