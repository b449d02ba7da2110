//! What was heard of one network: its rows in order, and for each day a filter of the ids that a
//! key of that day may explain.

use std::collections::BTreeMap;

use super::filter::Filter;
use super::stretch::{DAY_SECONDS, QUARTERS_PER_DAY, Stretch};
use super::table::{Row, Table};
use crate::domain::exposure::heard::SLOT_SECONDS;

/// The most days with an id that are matched, the latest first. What was heard is forgotten after 60
/// at most; the rest is room for a clock that was wrong now and then.
const DAYS_MAX: usize = 400;

/// The index of one network.
pub(super) struct Book {
    table: Table,
    /// In their order; days without an id are not there.
    days: Vec<Day>,
}

/// One day by UTC.
pub(super) struct Day {
    /// Days since 1970.
    pub(super) number: u32,
    /// The ids that may have been broadcast on it.
    pub(super) filter: Filter,
    /// The quarters of it in which anything was heard, the first in the lowest bit.
    quarters: u128,
}

impl Book {
    /// The index of these rows. An id may have been broadcast up to `tolerance_seconds` before or
    /// after it was heard.
    pub(super) fn new(rows: Vec<Row>, tolerance_seconds: i64) -> Self {
        let table = Table::new(rows);
        let reach = |when: Stretch| {
            let (first, after) = when.seconds();
            day(first - tolerance_seconds)..=day(after - 1 + tolerance_seconds)
        };
        let mut counts: BTreeMap<u32, (usize, u128)> = BTreeMap::new();
        for row in table.rows() {
            for number in reach(row.when) {
                counts.entry(number).or_default().0 += 1;
            }
            for quarter in row.when.quarters() {
                let day = counts.entry(quarter / QUARTERS_PER_DAY).or_default();
                day.1 |= 1 << (quarter % QUARTERS_PER_DAY);
            }
        }
        while counts.len() > DAYS_MAX {
            counts.pop_first();
        }
        let empty = |(number, (ids, quarters))| Day {
            number,
            filter: Filter::with_room_for(ids),
            quarters,
        };
        let mut days: Vec<Day> = counts.into_iter().map(empty).collect();
        for row in table.rows() {
            for number in reach(row.when) {
                if let Ok(at) = days.binary_search_by_key(&number, |day| day.number)
                    && let Some(day) = days.get_mut(at)
                {
                    day.filter.insert(&row.id.to_be_bytes());
                }
            }
        }
        Self { table, days }
    }

    /// The days that have an id, in their order.
    pub(super) fn days(&self) -> &[Day] {
        &self.days
    }

    /// The rows of all days.
    pub(super) fn rows(&self) -> usize {
        self.table.rows().len()
    }

    /// The rows with this id that were heard at some time from `begin` to before `end`, whatever
    /// the filters say.
    pub(super) fn find(&self, id: &[u8; 16], begin: i64, end: i64) -> impl Iterator<Item = i64> {
        self.table.find(u128::from_be_bytes(*id), begin, end)
    }

    /// The same, where the filters are asked first.
    pub(super) fn sift(&self, id: &[u8; 16], begin: i64, end: i64) -> impl Iterator<Item = i64> {
        let may_be = self.days_of(begin, end).any(|day| day.filter.may_hold(id));
        may_be.then(|| self.find(id, begin, end)).into_iter().flatten()
    }

    /// Whether anything was heard at some time from `begin` to before `end`, as far as quarters
    /// tell.
    pub(super) fn heard_between(&self, begin: i64, end: i64) -> bool {
        self.days_of(begin, end).any(|day| {
            let midnight = i64::from(day.number) * DAY_SECONDS;
            let quarter = |moment: i64| {
                let quarter = (moment - midnight).div_euclid(SLOT_SECONDS);
                u32::try_from(quarter.clamp(0, i64::from(QUARTERS_PER_DAY) - 1)).unwrap_or(0)
            };
            let (first, last) = (quarter(begin), quarter(end - 1));
            day.quarters & (u128::MAX << first) & (u128::MAX >> (127 - last)) != 0
        })
    }

    /// The last day of which anything is known.
    pub(super) fn last_day(&self) -> Option<u32> {
        self.days.last().map(|day| day.number)
    }

    /// The days that have a second in common with the time from `begin` to before `end`.
    fn days_of(&self, begin: i64, end: i64) -> impl Iterator<Item = &Day> {
        let from = self.days.partition_point(|of| of.number < day(begin));
        let days = self.days.get(from..).unwrap_or_default().iter();
        days.take_while(move |of| i64::from(of.number) * DAY_SECONDS < end)
    }
}

/// The day of a moment, in days since 1970; the first for what lies before it.
fn day(moment: i64) -> u32 {
    u32::try_from((moment / DAY_SECONDS).max(0)).unwrap_or(u32::MAX)
}
