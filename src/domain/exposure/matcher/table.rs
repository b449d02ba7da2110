//! Every id of one network that was heard, in order, so that an id finds its rows and when they
//! were heard.

use super::stretch::Stretch;

/// One row: 32 bytes.
pub(super) struct Row {
    /// The id as a number, shorter ones with zeros behind.
    pub(super) id: u128,
    /// The row in which the store keeps it.
    pub(super) number: i64,
    /// When it was heard.
    pub(super) when: Stretch,
}

/// Rows that share the leading bits of their ids, on average: few enough to look through.
const ROWS_PER_DRAWER: usize = 4;

/// The rows in the order of their ids, and where those with the same leading bits begin.
pub(super) struct Table {
    rows: Vec<Row>,
    /// For each value of the leading bits the place of its first row, and at the end their number.
    drawers: Vec<u32>,
    /// Bits of an id that are not leading.
    behind: u32,
}

impl Table {
    /// Puts the rows in order.
    pub(super) fn new(mut rows: Vec<Row>) -> Self {
        rows.shrink_to_fit();
        rows.sort_unstable_by_key(|row| row.id);
        let bits = (rows.len() / ROWS_PER_DRAWER).max(2).ilog2();
        let behind = u128::BITS - bits;
        let mut drawers = Vec::with_capacity((1 << bits) + 1);
        let mut from = 0;
        for drawer in 0..1_u128 << bits {
            drawers.push(u32::try_from(from).unwrap_or(u32::MAX));
            let rest = rows.get(from..).unwrap_or_default();
            from += rest.iter().take_while(|row| row.id >> behind == drawer).count();
        }
        drawers.push(u32::try_from(from).unwrap_or(u32::MAX));
        Self { rows, drawers, behind }
    }

    /// All rows.
    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The rows with this id that were heard at some time from `begin` to before `end`.
    #[inline]
    pub(super) fn find(&self, id: u128, begin: i64, end: i64) -> impl Iterator<Item = i64> {
        let drawer = self.drawer(id).unwrap_or_default();
        let from = drawer.start;
        let before = self.rows.get(drawer).unwrap_or_default().partition_point(|row| row.id < id);
        let rows = self.rows.get(from + before..).unwrap_or_default().iter();
        let same = rows.take_while(move |row| row.id == id);
        same.filter(move |row| row.when.overlaps(begin, end)).map(|row| row.number)
    }

    /// Where the rows with the leading bits of an id stand.
    fn drawer(&self, id: u128) -> Option<std::ops::Range<usize>> {
        let drawer = usize::try_from(id >> self.behind).ok()?;
        let [from, to] = self.drawers.get(drawer..)?.first_chunk()?;
        Some(usize::try_from(*from).ok()?..usize::try_from(*to).ok()?)
    }
}
