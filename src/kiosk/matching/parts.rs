//! What was heard, read out of the book in parts, so that memory does not depend on how much that
//! is: whoever floods the air with ids would else have the kiosk ended for lack of it.

use crate::domain::exposure::matcher::HeardIds;
use crate::store::{Reader, StoreError};

/// Rows that are held at once. They take some 40 MB (docs/performance.md), an eighth of what the
/// service may take as a whole.
pub(super) const ROWS_AT_ONCE: u32 = 1_000_000;

/// Rows that are read at once.
const ROWS_READ_AT_ONCE: u32 = 1 << 14;

/// Some rows, ready to be matched.
pub(super) struct Part {
    pub(super) heard: HeardIds,
    /// The last row it holds, where there may be more.
    pub(super) last: Option<i64>,
}

impl Part {
    /// Reads at most so many rows behind the row of that number.
    pub(super) fn read(book: &Reader, behind: i64, most: u32) -> Result<Self, StoreError> {
        let (mut piece, mut failed) = (Vec::new(), None);
        let (mut last, mut left) = (Some(behind), most);
        let rows = std::iter::from_fn(|| {
            while piece.is_empty() {
                let limit = left.min(ROWS_READ_AT_ONCE);
                let from = last.filter(|_| limit > 0)?;
                left -= limit;
                match book.heard_behind(from, limit, |row| piece.push(row)) {
                    Ok(read_to) => last = read_to,
                    Err(error) => {
                        failed = Some(error);
                        return None;
                    }
                }
            }
            piece.pop()
        });
        let heard = HeardIds::new(rows);
        match failed {
            Some(error) => Err(error),
            None => Ok(Self { heard, last }),
        }
    }
}

/// In front of every row.
pub(super) const BEGINNING: i64 = i64::MIN;
