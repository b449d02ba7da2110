//! Tasks from their beginning to their end, whatever comes in between.

#[cfg(feature = "exposure")]
mod fetched;

use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Duration;

use super::*;
use crate::config::Config;
use crate::domain::exposure::matched::FileHash;
use crate::domain::exposure::published::PublishedKey;
use crate::domain::moment::Mono;
use crate::kiosk::morning::BEGINS;
use crate::kiosk::rehearsal::Rehearsal;
use crate::radio::ears::Ears;
use crate::radio::sim::scene::Scene;
use crate::radio::sim::{PhoneKind, Walk};
use crate::store::{Book, Options};

/// 2021-06-02T08:42:00 in Viet Nam.
const NOW: Wall = Wall(1_622_598_120);

/// Long enough that only what waits for ever is taken to do so.
const PATIENCE: Duration = Duration::from_mins(1);

fn task(book: PathBuf, source: Source) -> Task {
    let (zone, venue) = (Zone::VIET_NAM, Venue::default());
    Task { book, zone, cores: 1, wall: NOW, venue, source, night: None }
}

/// An empty book in a folder, and where it lies.
fn book(folder: &Path) -> (Book, PathBuf) {
    let options = Options { today_from: NOW, wall: NOW, in_doubt: false };
    let path = folder.join("logbook.db");
    (Book::open(&path, options).unwrap().0, path)
}

/// Everything that a task has to say.
fn news(task: &Task) -> Vec<Matching> {
    let mut all = vec![];
    run(task, &AtomicBool::new(false), &mut |news| all.push(news));
    all
}

/// A book without a visit, and a file without a key.
fn nothing() -> (tempfile::TempDir, Task) {
    let folder = tempfile::tempdir().unwrap();
    let path = book(folder.path()).1;
    let source = Source::Sim(vec![SimFile { hash: FileHash([1; 32]), keys: Ok(vec![]) }]);
    (folder, task(path, source))
}

#[test]
fn the_last_news_is_that_it_has_ended_also_after_a_panic() {
    let (_folder, task) = nothing();
    let (tell, told) = channel();
    let on_news = move |news| match news {
        Matching::Ended { refused, .. } => tell.send(refused).unwrap(),
        Matching::Matched(_) | Matching::Progress(_) => panic!("on purpose"),
    };
    let _work = Work::begin(task, on_news).unwrap();
    assert_eq!(told.recv_timeout(PATIENCE).expect("it is told"), [BROKEN]);
}

#[test]
fn nobody_waits_for_a_task_that_is_dropped() {
    let (_folder, task) = nothing();
    let (begun, has_begun) = channel();
    let (let_go, wait) = channel::<()>();
    let on_news = move |_| {
        begun.send(()).ok();
        wait.recv().ok();
    };
    let work = Work::begin(task, on_news).unwrap();
    has_begun.recv_timeout(PATIENCE).unwrap();
    let (tell, told) = channel();
    std::thread::spawn(move || {
        drop(work);
        tell.send(()).unwrap();
    });
    told.recv_timeout(PATIENCE).expect("it is let go of at once");
    drop(let_go);
}

#[test]
fn a_night_is_written_down_before_anything_is_done_in_it() {
    let (folder, task) = nothing();
    let task = Task { night: Some(NOW), ..task };
    // The book is gone: nothing comes of it, as where the program is ended.
    std::fs::rename(&task.book, folder.path().join("elsewhere")).unwrap();
    let Some(Matching::Ended { refused, .. }) = news(&task).pop() else { panic!("it ends") };
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert_eq!(night::begun(&task.book), Some(NOW));
    // Where that cannot be written, nothing is begun.
    let task = Task { book: folder.path().join("no/logbook.db"), ..task };
    let Some(Matching::Ended { refused, .. }) = news(&task).pop() else { panic!("it ends") };
    assert!(refused[0].contains("that it is begun"), "{refused:?}");
}

/// What is found does not depend on how much of what was heard is held at once.
#[test]
fn a_flood_is_matched_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    let at = |seconds: u64| Mono::from_start(Duration::from_secs(seconds));
    let mut street = Scene::Quiet.street(7, BEGINS);
    let stays = |from, to| Walk::to_the_desk(at(from), at(to));
    let phones = [
        street.add(PhoneKind::BluezoneAndroid, stays(60, 400)),
        street.add(PhoneKind::Gaen, stays(1_000, 1_300)),
        street.add(PhoneKind::Gaen, stays(2_000, 2_300)),
    ];
    let keys: Vec<PublishedKey> =
        phones.iter().map(|&phone| street.published(phone, BEGINS).unwrap()).collect();
    let (site, book) = (Config::default().site(), folder.path().join("logbook.db"));
    let mut kiosk = Rehearsal::new(site, book.clone(), BEGINS, Ears::in_street(street));
    kiosk.run_until(at(3_700), &mut |_, _| {});
    let rows = Reader::open(&book).unwrap().heard().unwrap().len();
    assert!(rows >= 3, "{rows} rows");
    let files = [keys[..2].to_vec(), keys[2..].to_vec()];
    let files = files.into_iter().zip(1..);
    let sim = |(keys, number)| SimFile { hash: FileHash([number; 32]), keys: Ok(keys) };
    let task = Task { wall: BEGINS, ..task(book, Source::Sim(files.map(sim).collect())) };
    let in_parts = |rows_at_once: u32| {
        let mut all = vec![];
        run_in_parts(&task, rows_at_once, &AtomicBool::new(false), &mut |news| all.push(news));
        all
    };
    let whole = in_parts(ROWS_AT_ONCE);
    let exposures = |news: &Matching| match news {
        Matching::Matched(matched) => matched.exposures.len(),
        Matching::Progress(_) | Matching::Ended { .. } => 0,
    };
    assert!(whole.iter().map(exposures).sum::<usize>() >= 3, "{whole:?}");
    for rows_at_once in [1, 2, u32::try_from(rows).unwrap()] {
        assert_eq!(in_parts(rows_at_once), whole);
    }
}

#[test]
fn no_more_rows_are_held_than_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let mut street = Scene::Quiet.street(7, BEGINS);
    let at = |seconds: u64| Mono::from_start(Duration::from_secs(seconds));
    for _ in 0..5 {
        street.add(PhoneKind::Gaen, Walk::to_the_desk(at(60), at(400)));
    }
    let (site, path) = (Config::default().site(), folder.path().join("logbook.db"));
    let mut kiosk = Rehearsal::new(site, path.clone(), BEGINS, Ears::in_street(street));
    kiosk.run_until(at(3_700), &mut |_, _| {});
    let book = Reader::open(&path).unwrap();
    let rows = book.heard().unwrap().len();
    let (mut behind, mut held) = (BEGINNING, vec![]);
    loop {
        let part = Part::read(&book, behind, 2).unwrap();
        held.push(part.heard.len());
        let Some(last) = part.last else { break };
        behind = last;
    }
    assert!(rows >= 5 && held.iter().all(|held| *held <= 2), "{rows} rows: {held:?}");
    assert_eq!(held.iter().sum::<usize>(), rows);
}
