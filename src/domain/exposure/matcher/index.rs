//! The index over everything that was heard, network by network.

use std::fmt;

use super::book::Book;
use super::gaen::GaenBook;
use super::stretch::Stretch;
use super::table::Row;
use super::{Finds, Match, TooManyMatches, chained};
use crate::domain::exposure::heard::Heard;
use crate::domain::exposure::published::PublishedKey;
use crate::domain::sighting::ProximityId;

/// What was heard at this door, ready to be matched. It does not change any more.
pub struct HeardIds {
    gaen: GaenBook,
    bluezone: Book,
    dp3t: Book,
    herald: Book,
}

impl HeardIds {
    /// Puts in order what was heard. Ids of networks that publish no keys are left out.
    #[must_use]
    pub fn new(heard: impl IntoIterator<Item = Heard>) -> Self {
        let (mut gaen, mut bluezone, mut dp3t, mut herald) = (vec![], vec![], vec![], vec![]);
        for heard in heard {
            let Some(when) = Stretch::of(&heard) else { continue };
            let (rows, id) = match heard.id {
                ProximityId::Rpi(id) => (&mut gaen, id),
                ProximityId::Bluezone(id) => (&mut bluezone, chained::padded(id)),
                ProximityId::EphId(id) => (&mut dp3t, id),
                ProximityId::Herald(id) => (&mut herald, id),
                // Bluezone's first generation never changed its id, and the others' ids are sealed
                // for a server: of none of them is a key ever published.
                ProximityId::BluezoneV1(_)
                | ProximityId::Robert(_)
                | ProximityId::Token(_)
                | ProximityId::Sonar(_)
                | ProximityId::BlueTrace(_) => continue,
            };
            rows.push(Row { id: u128::from_be_bytes(id), number: heard.row, when });
        }
        Self {
            gaen: GaenBook::new(gaen),
            bluezone: Book::new(bluezone, 0),
            dp3t: Book::new(dp3t, 0),
            herald: Book::new(herald, 0),
        }
    }

    /// Adds to `found` each row that one of these keys explains, in no order that can be relied
    /// on. A row is named once for each key and time that explain it.
    ///
    /// # Errors
    ///
    /// When there are more than [`super::MATCHES_MAX`]; `found` then has that many more.
    pub fn match_keys(
        &self,
        keys: &[PublishedKey],
        found: &mut Vec<Match>,
    ) -> Result<(), TooManyMatches> {
        let mut finds = Finds::new(found);
        let of_gaen = keys.iter().enumerate().filter_map(|(index, key)| match key {
            PublishedKey::Gaen(key) => Some((index, key)),
            PublishedKey::Bluezone(_) | PublishedKey::Dp3t(_) | PublishedKey::Herald(_) => None,
        });
        self.gaen.match_keys(of_gaen, &mut finds);
        for (index, key) in keys.iter().enumerate() {
            match key {
                PublishedKey::Gaen(_) => {}
                PublishedKey::Bluezone(case) => {
                    chained::match_bluezone(&self.bluezone, index, case, &mut finds);
                }
                PublishedKey::Dp3t(exposee) => {
                    chained::match_dp3t(&self.dp3t, index, exposee, &mut finds);
                }
                PublishedKey::Herald(key) => {
                    chained::match_herald(&self.herald, index, key, &mut finds);
                }
            }
        }
        finds.told()
    }

    /// How many rows can be matched.
    #[must_use]
    pub fn len(&self) -> usize {
        self.gaen.rows() + self.bluezone.rows() + self.dp3t.rows() + self.herald.rows()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Debug for HeardIds {
    /// Only how many: nothing of an id may reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HeardIds({})", self.len())
    }
}
