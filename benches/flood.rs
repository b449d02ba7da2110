//! How much memory a night takes that matches published keys against more than anybody hears: ids
//! that somebody invented and broadcast for days.
//!
//! It prints Markdown for `docs/performance.md`. `cargo bench --no-default-features --features store
//! --bench flood` takes some minutes. "Most so far" is of the whole process and never goes back, so
//! the sizes come in their order.

mod support;

use std::error::Error;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use kiosk::domain::exposure::matched::{FileHash, Matching};
use kiosk::domain::exposure::published::{MatchingKey, PublishedKey};
use kiosk::domain::moment::{Wall, Zone};
use kiosk::domain::venue::door::Venue;
use kiosk::kiosk::matching::{self, SimFile, Source, Task};
use kiosk::store::{Book, Options};
use rusqlite::{Connection, params};

/// 2026-03-02T00:00:00 in Viet Nam.
const BEGINS: Wall = Wall(1_772_384_400);
/// As many as are taken up in a quarter of an hour.
const ROWS_IN_SLOT: i64 = 10_000;

fn main() -> Result<(), Box<dyn Error>> {
    // On the disk of the build, not in memory as a temporary directory may be.
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("flood");
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    std::fs::create_dir_all(&directory)?;
    support::print_heading("Memory of a night after a flood");
    support::print_head(&["rows", "before", "most so far", "took"]);
    for rows in [100_000, 1_000_000, 3_000_000] {
        let book = directory.join(format!("{rows}.db"));
        fill(&book, rows)?;
        let before = support::process_status("VmRSS");
        let keys = vec![PublishedKey::Herald(MatchingKey { key: [7; 32], begin: BEGINS })];
        let source = Source::Sim(vec![SimFile { hash: FileHash([1; 32]), keys: Ok(keys) }]);
        let (zone, venue) = (Zone::VIET_NAM, Venue::default());
        let task = Task { book, zone, cores: 1, wall: BEGINS, venue, source, night: None };
        let mut done = 0;
        let took = support::time(|| {
            matching::run(&task, &AtomicBool::new(false), &mut |news| {
                if let Matching::Ended { progress, .. } = news {
                    done = progress.keys_done;
                }
            });
        });
        assert_eq!(done, 1, "the key was matched");
        support::print_row(&[
            &rows.to_string(),
            &before,
            &support::process_status("VmHWM"),
            &format!("{:.1} s", took.as_secs_f64()),
        ]);
    }
    std::fs::remove_dir_all(directory)?;
    Ok(())
}

/// A book in which so many ids of Exposure Notification were heard, as many in each quarter of an
/// hour as are taken up.
fn fill(path: &Path, rows: i64) -> Result<(), Box<dyn Error>> {
    let options = Options { today_from: BEGINS, wall: BEGINS, in_doubt: false };
    drop(Book::open(path, options)?);
    let mut random = fastrand::Rng::with_seed(21);
    let mut connection = Connection::open(path)?;
    let transaction = connection.transaction()?;
    let mut insert = transaction.prepare(
        "INSERT INTO encounter (id, slots, network, proximity_id, wall_trusted, sightings,
                                strongest_dbm, median_dbm, near_seconds)
         VALUES (?, 0, 'gaen', ?, 1, 9, -60, -70, 0)",
    )?;
    for row in 0..rows {
        let slot = BEGINS.0 / 900 + row / ROWS_IN_SLOT;
        let mut id = [0_u8; 16];
        random.fill(&mut id);
        insert.execute(params![(slot << 20) + row % ROWS_IN_SLOT, &id[..]])?;
    }
    drop(insert);
    transaction.commit()?;
    Ok(())
}
