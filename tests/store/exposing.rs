//! Exposures in the book: each file once, keys that are taken back, the visits around an exposure
//! for whoever says why, and that this is written down.

use super::*;
use kiosk::domain::exposure::key::KeyDigest;
use kiosk::domain::exposure::matched::{FileHash, Matched, ProcessedFile};
use kiosk::domain::exposure::published::ReportKind;
use kiosk::domain::exposure::reason::Reason;
use kiosk::domain::exposure::windows::{Exposure, ExposureId, ExposureNotice, KeyExposure, Window};
use kiosk::domain::logbook::By;
use kiosk::domain::network::Network;
use kiosk::domain::request::Overlap;
use kiosk::store::Reader;

const HOUR: i64 = 3_600;
const REPORT: ReportKind = ReportKind::ConfirmedTest;

fn at(hours: i64) -> Wall {
    Wall(MIDNIGHT.0 + hours * HOUR)
}

fn of_key(key: u8, report: ReportKind, begins: &[i64]) -> KeyExposure {
    let id = ExposureId { trace: Network::Gaen.into(), day: MIDNIGHT, report };
    let window = |&begin: &i64| Window {
        begin: Wall(MIDNIGHT.0 + begin * 60),
        near_seconds: 60 + u32::from(key),
        attenuation_db: Some(50),
    };
    let windows = begins.iter().map(window).collect();
    KeyExposure { key: KeyDigest([key; 32]), exposure: Exposure { id, windows } }
}

fn keep(book: &mut Book, file: u8, exposures: Vec<KeyExposure>) -> Vec<ExposureNotice> {
    let matches = u64::try_from(exposures.len()).unwrap();
    let hash = FileHash([file; 32]);
    let files = vec![ProcessedFile { hash, format: "gaen".into(), keys: 100, matches }];
    let brought = Box::new(Matched { files, exposures });
    let wall = Wall(at(26).0 + i64::from(file));
    match book.answer(Request::KeepExposures { matched: brought, wall }) {
        Reply::Exposures(notices) => notices,
        other => panic!("{other:?}"),
    }
}

fn begins(notices: &[ExposureNotice]) -> Vec<i64> {
    let windows = notices.iter().flat_map(|notice| &notice.exposure.windows);
    windows.map(|window| (window.begin.0 - MIDNIGHT.0) / 60).collect()
}

fn open(book: &mut Book, reason: &str) -> Reply {
    let exposure = ExposureId { trace: Network::Gaen.into(), day: MIDNIGHT, report: REPORT };
    let reason = Reason::new(reason).unwrap();
    book.answer(Request::OpenOverlap { exposure, reason, wall: at(30), wall_trusted: true })
}

#[test]
fn each_file_counts_once_and_survives_a_restart() {
    let place = Place::new();
    let mut book = place.book();
    let notices = keep(&mut book, 1, vec![of_key(1, REPORT, &[480, 510])]);
    assert_eq!(begins(&notices), [480, 510]);
    assert_eq!(keep(&mut book, 1, vec![of_key(2, REPORT, &[600])]), notices);
    let notices = keep(&mut book, 2, vec![of_key(2, REPORT, &[510, 600])]);
    assert_eq!(begins(&notices), [480, 510, 600]);
    assert_eq!(notices[0].exposure.windows[1].near_seconds, 62);
    assert_eq!(notices[0].learned, Wall(at(26).0 + 2));
    drop(book);
    let (book, opened) = place.open();
    assert_eq!(opened.exposures, notices);
    drop(book);
    let reader = Reader::open(&place.path()).unwrap();
    assert_eq!(reader.exposures().unwrap(), notices);
    assert_eq!(reader.processed_at(FileHash([2; 32])).unwrap(), Some(Wall(at(26).0 + 2)));
    assert_eq!(reader.processed_at(FileHash([3; 32])).unwrap(), None);
}

#[test]
fn a_key_that_is_taken_back_takes_its_exposure_along_in_either_order() {
    for (first, second) in [(1, 2), (2, 1)] {
        let place = Place::new();
        let mut book = place.book();
        keep(&mut book, 9, vec![of_key(7, REPORT, &[700])]);
        let files = [
            vec![of_key(1, REPORT, &[480, 700])],
            vec![of_key(1, ReportKind::Revoked, &[480, 700])],
        ];
        keep(&mut book, first, files[usize::from(first) - 1].clone());
        let notices = keep(&mut book, second, files[usize::from(second) - 1].clone());
        assert_eq!(begins(&notices), [700], "what another key has brought stays");
        assert_eq!(notices[0].exposure.windows[0].near_seconds, 67);
    }
}

#[test]
fn the_visits_around_it_and_who_looked_and_why() {
    let place = Place::new();
    let mut book = place.book();
    // They come and go at these minutes of the day; the window is from 480 to 510.
    let visits = [(100, Some(464)), (200, Some(466)), (300, None), (524, Some(600)), (526, None)];
    for (visit, (came, left)) in (1..).zip(visits) {
        let check_in = Draft {
            personal: Some(person("Lý Thử")),
            ..event(came, Event::CheckIn { facts: facts(visit) })
        };
        append(&mut book, check_in);
        if let Some(left) = left {
            let how = Leaving::Visitor;
            append(&mut book, event(left, Event::CheckOut { visit: VisitId(visit), how }));
        }
    }
    assert!(matches!(open(&mut book, "Công văn 12"), Reply::Exposures(none) if none.is_empty()));
    keep(&mut book, 1, vec![of_key(1, REPORT, &[480])]);
    let entries = book.entries().unwrap().len();
    let Reply::Overlap(overlap) = open(&mut book, " Công văn 12/CDC,\tông Thử ") else {
        panic!()
    };
    let Overlap { visits, more, entry, notice } = *overlap;
    let around: Vec<_> = visits.iter().map(|visit| visit.facts.visit.0).collect();
    assert_eq!((around, more), (vec![2, 3, 4], false));
    assert_eq!(begins(&[notice]), [480]);
    let (trace, day, by) = (Network::Gaen.into(), MIDNIGHT, By::Administrator);
    let event = Event::OverlapOpened { trace, day, report: REPORT, visits: 3, by };
    assert_eq!(entry.public.event, event);
    assert_eq!(book.entries().unwrap().len(), entries + 1);
    assert!(book.verify().unwrap().holds());
    let reader = Reader::open(&place.path()).unwrap();
    let reason = || reader.disclosures().unwrap().into_iter().map(|(_, reason)| reason);
    let given = Reason::new("Công văn 12/CDC, ông Thử").unwrap();
    assert_eq!(reader.disclosures().unwrap(), [(entry, Some(given))]);

    // The reason goes with the persons of its time; that somebody looked stays.
    let expire = |before| Request::Expire { before, limit: 9, wall: at(800), wall_trusted: true };
    assert!(
        matches!(book.answer(expire(at(30))), Reply::Expired { entries, .. } if !entries.is_empty())
    );
    assert_eq!(reason().flatten().count(), 1);
    let Reply::Expired { mut entries, .. } = book.answer(expire(at(31))) else { panic!() };
    let erased = entries.pop().unwrap();
    assert_eq!(erased.public.event, Event::Expired { personal_parts: 1 });
    assert_eq!(reason().collect::<Vec<_>>(), [None], "that somebody looked stays");
    drop(reader);
    assert!(book.verify().unwrap().holds());
    drop(book);
    let bytes = std::fs::read(place.path()).unwrap();
    let wal = std::fs::read(place.directory.path().join("logbook.db-wal")).unwrap_or_default();
    let needle = "12/CDC".as_bytes();
    assert!(![bytes, wal].iter().any(|file| file.windows(needle.len()).any(|at| at == needle)));
}

#[test]
fn a_reason_that_was_changed_is_noticed() {
    let place = Place::new();
    let mut book = place.book();
    keep(&mut book, 1, vec![of_key(1, REPORT, &[480])]);
    assert!(matches!(open(&mut book, "CDC Thử Nghiệm"), Reply::Overlap(_)));
    drop(book);
    raw(&place.path()).execute("UPDATE reason SET body = '\"khác\"'", []).unwrap();
    let broken = place.book().verify().unwrap().broken;
    assert_eq!(broken, Some((1, kiosk::store::verify::Broken::PersonChanged)));
}

#[test]
fn exposures_go_with_what_was_heard() {
    let place = Place::new();
    let mut book = place.book();
    keep(&mut book, 1, vec![of_key(1, REPORT, &[480])]);
    let forget =
        |before| Request::Forget { before, limit: 10, wall: at(100 * 24), wall_trusted: true };
    assert_eq!(book.answer(forget(MIDNIGHT)), Reply::Forgot { entry: None, more: false });
    let Reply::Forgot { entry: Some(entry), more: false } = book.answer(forget(at(24))) else {
        panic!()
    };
    assert_eq!(entry.public.event, Event::Forgotten { encounters: 0, exposures: 1 });
    assert_eq!(book.answer(Request::Exposures), Reply::Exposures(vec![]));
    // And a file of a hundred days ago may be matched again.
    assert_eq!(begins(&keep(&mut book, 1, vec![of_key(1, REPORT, &[480])])), [480]);
}
