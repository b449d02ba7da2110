//! Files that were fetched or laid down, from night to night.

use std::fs;

use sha2::{Digest, Sha256};

use super::*;
use crate::domain::exposure::matched::ProcessedFile;
use crate::domain::request::{Reply, Request};
use crate::published::fetch::{self, Fetcher};

fn fetcher(folder: &Path) -> Fetcher {
    // Without a certificate of its own, the system's would have to be there.
    let ca_file = folder.join("ca.pem");
    let certificate = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    fs::write(&ca_file, certificate.cert.pem()).unwrap();
    let source = fetch::Source {
        index_url: "https://127.0.0.1/index.txt".into(),
        base_url: "https://127.0.0.1/".into(),
        proxy: None,
        ca_file: Some(ca_file),
    };
    Fetcher::new(&source, folder.join("fetched")).unwrap()
}

#[test]
fn what_was_fetched_is_emptied_once_the_book_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let (mut book, path) = book(folder.path());
    let fetcher = fetcher(folder.path());
    let (whole, refused) = (fetcher.files().join("1"), fetcher.files().join("2"));
    let (by_hand, key) = (folder.path().join("by-hand.json"), "0A".repeat(32));
    let case =
        format!("{{\"daily_key\":\"{key}\",\"time_start\":1622592000,\"time_end\":1622600000}}");
    fs::write(&whole, format!("{{\"data\":[{case}]}}")).unwrap();
    fs::write(&by_hand, format!("{{\"data\":[{case},{case}]}}")).unwrap();
    fs::write(&refused, "no keys").unwrap();
    let mut source =
        Source::Files { paths: vec![by_hand.clone()], trust: Arc::default(), settler: None };
    for file in [&whole, &refused] {
        source.look_into(file.clone(), fetcher.settler());
    }
    let task = task(path, source);
    // What a night brings, and how many files were refused.
    let night = || {
        let (mut brought, mut refusals) = (Vec::new(), 0);
        run(&task, &AtomicBool::new(false), &mut |news| match news {
            Matching::Matched(matched) => brought.push(matched),
            Matching::Ended { refused, .. } => refusals = refused.len(),
            Matching::Progress(_) => {}
        });
        (brought, refusals)
    };
    let is_whole = |file: &Path| fs::metadata(file).unwrap().len() > 0;

    // As long as the book does not have it, it stays: the power may be cut.
    for _ in 0..2 {
        let (brought, refusals) = night();
        assert_eq!((brought.len(), refusals), (2, 1));
        assert!(is_whole(&whole));
    }
    for matched in night().0 {
        let kept = book.answer(Request::KeepExposures { matched, wall: NOW });
        assert!(matches!(kept, Reply::Exposures(_)));
    }
    assert_eq!(night(), (vec![], 1));
    assert!(!is_whole(&whole), "it takes no room");
    assert!(whole.exists(), "and is not fetched again");
    assert!(is_whole(&refused) && is_whole(&by_hand), "others are left alone");
}

/// More files than any night has, each of a key of its own.
#[test]
fn every_whole_file_is_matched_and_none_takes_anothers_place() {
    let folder = tempfile::tempdir().unwrap();
    let (mut book, path) = book(folder.path());
    let mut paths = vec![];
    for number in 0..400_u32 {
        let key = format!("{number:064x}");
        let case = format!(
            "{{\"daily_key\":\"{key}\",\"time_start\":1622592000,\"time_end\":1622600000}}"
        );
        paths.push(folder.path().join(format!("{number:03}.json")));
        // The first hundred are refused.
        let text = if number < 100 { case } else { format!("{{\"data\":[{case}]}}") };
        fs::write(&paths[paths.len() - 1], text).unwrap();
    }
    let task = task(path, Source::Files { paths, trust: Arc::default(), settler: None });
    let (mut brought, mut ended) = (0, None);
    run(&task, &AtomicBool::new(false), &mut |news| match news {
        Matching::Matched(matched) => {
            brought += matched.files.len();
            book.answer(Request::KeepExposures { matched, wall: NOW });
        }
        Matching::Ended { progress, refused } => ended = Some((progress.keys_done, refused)),
        Matching::Progress(_) => {}
    });
    let (keys, refused) = ended.unwrap();
    assert_eq!((brought, keys, refused.len()), (300, 300, REFUSALS_MAX));
    assert!(refused.iter().all(|why| why.contains("what it holds is not known")), "{refused:?}");
}

/// What the book knows by its hash is not read again, whatever it holds.
#[test]
fn a_file_that_is_done_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let (mut book, path) = book(folder.path());
    let inbox = folder.path().join("inbox");
    fs::create_dir(&inbox).unwrap();
    for text in ["no keys", "no keys either"] {
        fs::write(inbox.join(text), text).unwrap();
    }
    let hash = FileHash(Sha256::digest("no keys").into());
    let file = ProcessedFile { hash, format: String::new(), keys: 0, matches: 0 };
    let matched = Box::new(Matched { files: vec![file], exposures: vec![] });
    book.answer(Request::KeepExposures { matched, wall: NOW });
    let source = Source::Files { paths: vec![inbox], trust: Arc::default(), settler: None };
    let Some(Matching::Ended { refused, .. }) = news(&task(path, source)).pop() else {
        panic!("it ends")
    };
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].starts_with("no keys either: "), "{refused:?}");
}

#[test]
fn a_task_that_is_stopped_opens_no_more_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "no keys").unwrap();
    let source = Source::Files { paths: vec![path], trust: Arc::default(), settler: None };
    for (goes_on, refused) in [(true, 1), (false, 0)] {
        let gathered = source.gather(NOW, &mut |_| false, &|| goes_on);
        assert_eq!(gathered.refused.len(), refused);
    }
}
