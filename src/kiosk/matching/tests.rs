//! Files that were fetched, from night to night.
#![cfg(feature = "exposure")]

use std::fs;
use std::path::Path;

use super::*;
use crate::domain::request::{Reply, Request};
use crate::published::fetch::{self, Fetcher};
use crate::store::{Book, Options};

/// 2021-06-02T08:42:00 in Viet Nam.
const NOW: Wall = Wall(1_622_598_120);

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
    let options = Options { today_from: NOW, wall: NOW, in_doubt: false };
    let path = folder.path().join("logbook.db");
    let (mut book, _) = Book::open(&path, options).unwrap();
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
    let task = Task {
        book: path,
        zone: Zone::VIET_NAM,
        cores: 1,
        wall: NOW,
        venue: Venue::default(),
        source,
    };
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
