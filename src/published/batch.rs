//! Files that belong together. An authority may split what it publishes at one time into several
//! files; none of them counts before all of them are there.

use std::collections::BTreeMap;

use super::summary::Summary;
use crate::domain::moment::Wall;

/// Files, sorted by the batches they are of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sorted<T> {
    /// Whole batches, in the order of their first files. What comes of the files of one counts
    /// together: it is kept, and the files are remembered as done, at once or not at all.
    pub whole: Vec<Vec<T>>,
    /// Files whose batch lacks others, and how many it lacks.
    pub waiting: Vec<(T, u32)>,
}

/// What files of one batch have in common.
type Name = (String, Wall, Wall, u32);

/// Sorts files by the batches they are of. `summary` says what a file says of itself.
pub fn sort<T>(files: Vec<T>, summary: impl Fn(&T) -> &Summary) -> Sorted<T> {
    let mut batches: Vec<(u32, Vec<T>)> = vec![];
    let mut known: BTreeMap<Name, usize> = BTreeMap::new();
    for file in files {
        let Summary { batch, region, span, .. } = summary(&file);
        let parts = batch.parts;
        let name = (region.clone(), span.0, span.1, parts);
        let place = (parts > 1).then(|| known.get(&name).copied()).flatten();
        if let Some((_, batch)) = place.and_then(|place| batches.get_mut(place)) {
            batch.push(file);
        } else {
            known.insert(name, batches.len());
            batches.push((parts, vec![file]));
        }
    }
    let mut sorted = Sorted { whole: vec![], waiting: vec![] };
    for (parts, batch) in batches {
        let mut there: Vec<u32> = batch.iter().map(|file| summary(file).batch.part).collect();
        there.sort_unstable();
        there.dedup();
        match parts.saturating_sub(u32::try_from(there.len()).unwrap_or(u32::MAX)) {
            0 => sorted.whole.push(batch),
            lacking => sorted.waiting.extend(batch.into_iter().map(|file| (file, lacking))),
        }
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::super::summary::{Batch, Format};
    use super::*;

    fn file(region: &str, begin: i64, part: u32, parts: u32) -> Summary {
        let mut summary = Summary::of([0; 32], Format::GaenExport);
        summary.batch = Batch { part, parts };
        summary.region = region.to_owned();
        summary.span = (Wall(begin), Wall(begin + 1));
        summary
    }

    #[test]
    fn a_batch_waits_for_all_its_parts() {
        let (one, two) = (file("VN", 0, 1, 2), file("VN", 0, 2, 2));
        let other = file("VN", 3_600, 2, 3);
        let alone = [file("LA", 0, 1, 1), file("LA", 0, 1, 1)];
        let files = vec![&one, &other, &alone[0], &two, &alone[1]];
        let sorted = sort(files, |file| file);
        assert_eq!(sorted.whole, [vec![&one, &two], vec![&alone[0]], vec![&alone[1]]]);
        assert_eq!(sorted.waiting, [(&other, 2)]);
    }

    #[test]
    fn a_part_twice_is_not_two_parts() {
        let part = file("VN", 0, 1, 2);
        let sorted = sort(vec![&part, &part], |file| file);
        assert_eq!((sorted.whole.len(), sorted.waiting), (0, vec![(&part, 1), (&part, 1)]));
    }
}
