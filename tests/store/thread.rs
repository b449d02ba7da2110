//! The store's thread: everything asked of it is answered, in order, whatever happens to it.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use super::*;
use kiosk::domain::remembering::Batch;
use kiosk::store::{Answer, Store};

/// A store that opens the book of a place, and what it says.
fn opened(place: &Place, options: Options, former: Option<Store>) -> (Store, Receiver<Answer>) {
    let (answers, said) = channel();
    let on_answer = Arc::new(move |answer| answers.send(answer).unwrap());
    (Store::open(&place.path(), options, former, on_answer), said)
}

fn replies(said: impl IntoIterator<Item = Answer>) -> Vec<Reply> {
    said.into_iter()
        .map(|answer| match answer {
            Answer::Reply(reply) => reply,
            other => panic!("{other:?}"),
        })
        .collect()
}

fn ask(store: &Store, visit: u32) {
    store.submit(Request::Append(check_in(visit, person("Đỗ Văn Thử"))));
}

#[test]
fn it_answers_in_order_and_finishes_what_it_was_asked() {
    let place = Place::new();
    let (store, said) = opened(&place, OPTIONS, None);
    (1..=20).for_each(|visit| ask(&store, visit));
    drop(store);
    assert!(matches!(said.recv().unwrap(), Answer::Opened(_)));
    let seqs = replies(said).into_iter().map(|reply| match reply {
        Reply::Appended { entry } => entry.seq,
        other => panic!("{other:?}"),
    });
    assert!(seqs.eq(1..=20));
    // The book was closed whole: nothing is left in a write-ahead log.
    assert_eq!(place.files(), ["logbook.db", "logbook.db-lock"]);
    assert_eq!(place.open().1.entries.len(), 20);
}

#[test]
fn a_full_queue_is_a_fault_and_does_not_block() {
    let place = Place::new();
    let (release, held) = channel::<()>();
    let (answers, said) = channel();
    let held = Mutex::new(held);
    // What the first check-in leads to holds the thread, as a disk that has stopped would.
    let on_answer = move |answer: Answer| {
        if matches!(answer, Answer::Reply(Reply::Appended { .. })) {
            assert!(held.lock().unwrap().recv().is_err());
        }
        answers.send(answer).unwrap();
    };
    let store = Store::open(&place.path(), OPTIONS, None, Arc::new(on_answer));
    (1..=1_000).for_each(|visit| ask(&store, visit));
    drop(release);
    drop(store);
    let said: Vec<_> = said.iter().collect();
    let refused = Answer::Reply(failed(Trouble::Gone));
    let refusals = said.iter().filter(|&answer| *answer == refused).count();
    assert!((700..1_000).contains(&refusals), "{refusals}");
    assert_eq!(said.len(), 1_001, "each has its answer");
}

#[test]
fn a_book_that_cannot_be_opened_refuses_until_it_is_opened_anew() {
    let place = Place::new();
    let first = place.book();
    let (store, said) = opened(&place, OPTIONS, None);
    ask(&store, 1);
    let Answer::NotOpened(unwell) = said.recv().unwrap() else { panic!() };
    assert!(unwell.words.contains("in use by another kiosk"), "{}", unwell.words);
    assert_eq!(said.recv().unwrap(), Answer::Reply(failed(Trouble::Gone)));
    drop(first);
    let (store, said) = opened(&place, OPTIONS, Some(store));
    ask(&store, 1);
    assert!(matches!(said.recv().unwrap(), Answer::Opened(_)));
    assert!(matches!(said.recv().unwrap(), Answer::Reply(Reply::Appended { .. })));
}

#[test]
fn a_thread_that_panics_leaves_no_request_without_an_answer() {
    let place = Place::new();
    let (answers, said) = channel();
    let (go_on, held) = channel::<()>();
    let hand = Mutex::new((answers, Some(held)));
    let on_answer = move |answer: Answer| {
        let is_first = matches!(answer, Answer::Reply(Reply::Appended { .. }));
        let mut hand = hand.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if is_first && let Some(held) = hand.1.take() {
            // All four have been asked for by now.
            held.recv().unwrap();
            panic!("as a defect would");
        }
        hand.0.send(answer).unwrap();
    };
    let store = Store::open(&place.path(), OPTIONS, None, Arc::new(on_answer));
    (1..=4).for_each(|visit| ask(&store, visit));
    go_on.send(()).unwrap();
    assert!(matches!(said.recv().unwrap(), Answer::Opened(_)));
    for _ in 1..=4 {
        assert_eq!(said.recv().unwrap(), Answer::Reply(failed(Trouble::Gone)));
    }
    // So has what is asked of a thread that has ended.
    ask(&store, 5);
    assert_eq!(said.recv().unwrap(), Answer::Reply(failed(Trouble::Gone)));

    let (store, said) = opened(&place, OPTIONS, Some(store));
    let Answer::Opened(opened) = said.recv().unwrap() else { panic!() };
    assert_eq!(opened.entries.len(), 1, "what was on disk before the panic");
    ask(&store, 2);
    assert!(matches!(said.recv().unwrap(), Answer::Reply(Reply::Appended { .. })));
}

#[test]
fn damage_far_from_what_is_read_first_is_found_while_check_in_goes_on() {
    let (place, _) = damage::filled();
    // An inner page of the file, which opening does not come by.
    let page = damage::page_nobody_reads(&place);
    damage::overwrite(&place, page);
    let (store, said) = opened(&place, OPTIONS, None);
    let Answer::Opened(book) = said.recv().unwrap() else { panic!() };
    assert_eq!(book.set_aside, None);
    let Answer::FoundDamaged(unwell) = said.recv().unwrap() else { panic!() };
    assert_eq!(unwell.fault.trouble, Trouble::Damaged);
    let doubtful = Options { in_doubt: true, ..OPTIONS };
    let (store, said) = opened(&place, doubtful, Some(store));
    let Answer::Opened(book) = said.recv().unwrap() else { panic!() };
    assert!(book.set_aside.unwrap().entries > 90);
    ask(&store, 500);
    assert!(matches!(said.recv().unwrap(), Answer::Reply(Reply::Appended { .. })));
}

#[test]
fn the_log_is_emptied_when_nobody_asks_for_anything() {
    let place = Place::new();
    let (store, said) = opened(&place, OPTIONS, None);
    assert!(matches!(said.recv().unwrap(), Answer::Opened(_)));
    let batch = Batch { rows: vec![remembering::row(1, 0)], still_open: Some(vec![]) };
    store.submit(Request::Remember(batch));
    assert_eq!(said.recv().unwrap(), Answer::Reply(Reply::Remembered));
    let log = place.directory.path().join("logbook.db-wal");
    // It takes as long as the machine needs.
    while std::fs::metadata(&log).unwrap().len() > 0 {
        assert!(said.recv_timeout(std::time::Duration::from_millis(20)).is_err());
    }
    ask(&store, 1);
    assert!(matches!(said.recv().unwrap(), Answer::Reply(Reply::Appended { .. })));
}

#[test]
fn an_erasure_does_not_wait_for_the_check() {
    let place = Place::new();
    let (store, said) = opened(&place, OPTIONS, None);
    assert!(matches!(said.recv().unwrap(), Answer::Opened(_)));
    for visit in 1..=50 {
        ask(&store, visit);
        let visit = VisitId(visit);
        store.submit(Request::Erase { visit, wall: MIDNIGHT, wall_trusted: true });
        assert!(matches!(said.recv().unwrap(), Answer::Reply(Reply::Appended { .. })));
        assert!(matches!(said.recv().unwrap(), Answer::Reply(Reply::Erased { entry: Some(_) })));
        let mut log = place.path().into_os_string();
        log.push("-wal");
        assert_eq!(std::fs::metadata(log).unwrap().len(), 0, "the log keeps what was erased");
    }
}
