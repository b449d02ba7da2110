//! What a book says of itself when it is opened, and who may open it.

use super::*;
use kiosk::domain::beacon::keys::JOINABLE;
use kiosk::domain::logbook::{Hash, chain};
use kiosk::domain::network::Network;
use kiosk::domain::presence::SiteLevels;
use kiosk::domain::request::{Calibrated, Digits, Role};
use kiosk::store::verify::Broken;
use kiosk::store::{Reader, StoreError};

#[test]
fn a_new_book_is_empty() {
    let (_, opened) = Place::new().open();
    assert_eq!(opened.entries, []);
    assert_eq!((opened.next_visit, opened.last_badge), (VisitId(1), 0));
    assert_eq!(opened.pins, PinState::ToChoose);
    assert_eq!(opened.set_aside, None);
}

#[test]
fn nobody_but_its_owner_reads_the_book() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let mut book = place.book();
    append(&mut book, check_in(1, person("Lê Riêng Tư")));
    for name in ["logbook.db", "logbook.db-wal", "logbook.db-shm", "logbook.db-lock"] {
        let mode = place.directory.path().join(name).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn open_visits_and_today_come_back() {
    let place = Place::new();
    let mut book = place.book();
    let yesterday = |visit| {
        let draft = check_in(visit, person("Lê Thử Nghiệm"));
        let wall = Wall(MIDNIGHT.0 - 7_200);
        Draft { public: Public { wall, ..draft.public }, ..draft }
    };
    let stays = append(&mut book, yesterday(901));
    let leaves_today = append(&mut book, yesterday(902));
    let left = append(&mut book, yesterday(903));
    let gone = Draft {
        public: Public { wall: Wall(MIDNIGHT.0 - 60), ..check_out(903).public },
        personal: None,
    };
    append(&mut book, gone);
    let today = append(&mut book, check_in(904, person("Trần Thị Mẫu")));
    let leaving = append(&mut book, check_out(902));
    let face = Face::Running(kiosk::domain::presence::Sureness::Confirmed);
    let verdict = append(&mut book, event(30, Event::Verdict { visit: VisitId(901), face }));
    drop(book);

    let (_, opened) = place.open();
    assert_eq!(opened.entries, [stays, today, leaving, verdict]);
    assert!(!opened.entries.contains(&leaves_today) && !opened.entries.contains(&left));
    assert_eq!(opened.next_visit, VisitId(905));
    assert_eq!(opened.last_badge, 904);
}

#[test]
fn a_second_kiosk_is_refused_until_the_first_ends() {
    let place = Place::new();
    let book = place.book();
    let error = Book::open(&place.path(), OPTIONS).unwrap_err();
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    assert!(error.to_string().contains("stop that one first"));
    drop(book);
    place.open();
}

#[test]
fn pins_are_kept() {
    let place = Place::new();
    let mut book = place.book();
    let digits = |pin: &str| Digits(pin.into());
    let set = Request::SetPins { administrator: digits("864209"), guard: digits("1379") };
    assert_eq!(book.answer(set), Reply::PinsSet);
    drop(book);
    let (mut book, opened) = place.open();
    assert_eq!(opened.pins, PinState::Set);
    let whose = |book: &mut Book, pin| book.answer(Request::CheckPin(digits(pin)));
    assert_eq!(whose(&mut book, "864209"), Reply::PinChecked(Some(Role::Administrator)));
    assert_eq!(whose(&mut book, "1379"), Reply::PinChecked(Some(Role::Guard)));
    assert_eq!(whose(&mut book, "1397"), Reply::PinChecked(None));
}

#[test]
fn a_visit_number_is_not_given_twice() {
    let place = Place::new();
    let mut book = place.book();
    append(&mut book, check_in(1, person("Hồ Văn Một")));
    let again = book.answer(Request::Append(check_in(1, person("Hồ Văn Hai"))));
    assert_eq!(again, failed(Trouble::Gone));
    assert_eq!(find(&mut book, "hai"), NOBODY);
    assert_eq!(append(&mut book, check_in(2, person("Hồ Văn Ba"))).seq, 2);
}

#[test]
fn a_chain_that_breaks_among_the_last_entries_is_told_and_stops_nobody() {
    let place = Place::new();
    let mut book = place.book();
    book.append_all((1..=20).map(|visit| check_in(visit, person("Lê Thử Nghiệm")))).unwrap();
    drop(book);
    assert_eq!(place.open().1.broken, None);
    raw(&place.path())
        .execute_batch("UPDATE entry SET public = replace(public, ':true', ':false') WHERE seq = 7")
        .unwrap();
    let (mut book, opened) = place.open();
    assert_eq!((opened.broken, opened.set_aside), (Some((7, Broken::Changed)), None));
    assert_eq!(append(&mut book, check_in(21, person("Lê Thử Nghiệm"))).seq, 21);
}

#[test]
fn the_last_levels_learned_are_in_force_and_the_former_stay_on_record() {
    let place = Place::new();
    let (mut book, opened) = place.open();
    assert_eq!(opened.calibrated, None);
    let wall = OPTIONS.wall;
    for mark_dbm in [-47, -41] {
        let levels = SiteLevels { mark_dbm, two_metres_dbm: -70, louder_here_db: 9 };
        let role = Role::Administrator;
        let keep = Request::KeepLevels { levels, role, wall, wall_trusted: true };
        assert_eq!(book.answer(keep), Reply::LevelsKept);
    }
    drop(book);
    let levels = SiteLevels { mark_dbm: -41, two_metres_dbm: -70, louder_here_db: 9 };
    let (_, opened) = place.open();
    assert_eq!(opened.calibrated, Some(Calibrated { levels, role: Role::Administrator, wall }));
    let kept = raw(&place.path());
    let count: u32 =
        kept.query_row("SELECT count(*) FROM calibration", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 2);
}

#[test]
fn levels_that_are_not_understood_are_left_alone() {
    let place = Place::new();
    drop(place.book());
    let strange = "INSERT INTO calibration (levels, role, wall, wall_trusted)
                   VALUES ('{\"mark\":1}', 'administrator', 0, 1)";
    raw(&place.path()).execute_batch(strange).unwrap();
    assert_eq!(place.open().1.calibrated, None);
}

/// The secrets of networks: others may stand beside them.
fn of_networks(path: &Path) -> Vec<(String, Vec<u8>, i64)> {
    let is_network = |name: &str| name.parse::<Network>().is_ok();
    secrets(path).into_iter().filter(|(name, ..)| is_network(name)).collect()
}

#[test]
fn the_secrets_of_the_beacon_are_made_once() {
    let place = Place::new();
    let (book, opened) = place.open();
    drop(book);
    let made = of_networks(&place.path());
    assert_eq!(
        made.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>(),
        ["bluezone", "dp3t", "gaen", "herald"]
    );
    for (number, (_, base, begins)) in made.iter().enumerate() {
        assert!(made[..number].iter().all(|(_, other, _)| other != base), "not random");
        assert_eq!(*begins, MIDNIGHT.0 - 17 * 3_600, "the UTC day of the first start");
    }
    let keys = opened.beacon_keys;
    assert!(JOINABLE.iter().all(|&network| keys.of(network).is_some()));
    assert_eq!(place.open().1.beacon_keys, keys);
    assert_eq!(of_networks(&place.path()), made);
    let reader = kiosk::store::Reader::open(&place.path()).unwrap();
    assert_eq!(reader.beacon_keys().unwrap(), keys);
    assert_ne!(Place::new().open().1.beacon_keys, keys);
    let shown = format!("{opened:?}");
    assert!(made.iter().all(|(_, base, _)| !shown.contains(format!("{base:?}").as_str())));
}

#[test]
fn a_secret_that_is_there_is_kept_and_one_that_is_missing_is_made() {
    let place = Place::new();
    drop(place.book());
    let before = of_networks(&place.path());
    let strange = "DELETE FROM beacon_key WHERE network = 'gaen';
                   INSERT INTO beacon_key VALUES ('another', zeroblob(32), 0);";
    raw(&place.path()).execute_batch(strange).unwrap();
    let keys = place.open().1.beacon_keys;
    let after = of_networks(&place.path());
    assert_ne!(after[2], before[2], "another one of Exposure Notification's");
    assert_eq!((&after[..2], &after[3]), (&before[..2], &before[3]));
    assert!(secrets(&place.path()).iter().any(|(name, ..)| name == "another"));
    assert!(keys.of(Network::Gaen).is_some());
}

/// Writes an entry past the store, as another kiosk would: its place in the chain is right.
fn written_by_another(place: &Place, public: &str) {
    let raw = raw(&place.path());
    let (seq, previous): (u64, Hash) = raw
        .query_row("SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let hash = chain(&previous, &[0; 32], public.as_bytes());
    let insert = "INSERT INTO entry (seq, public, commitment, hash) VALUES (?, ?, zeroblob(32), ?)";
    raw.execute(insert, (seq + 1, public, hash)).unwrap();
}

#[test]
fn an_entry_of_a_newer_kiosk_is_no_damage() {
    // Of an invented kind, and of a later version; today, and some days ago.
    for (event, v) in [(r#"{"kind":"weather","sky":"grey"}"#, 1), (r#"{"kind":"gate"}"#, 2)] {
        for wall in [MIDNIGHT.0 + 60, MIDNIGHT.0 - 86_400] {
            let place = Place::new();
            append(&mut place.book(), check_in(1, person("Lê Mới")));
            let public =
                format!(r#"{{"event":{event},"v":{v},"wall":{wall},"wall_trusted":true}}"#);
            written_by_another(&place, &public);
            let files = place.files();
            for in_doubt in [false, true] {
                let error = Book::open(&place.path(), Options { in_doubt, ..OPTIONS }).unwrap_err();
                assert_eq!(error.fault().trouble, Trouble::Newer);
                let words = "entry 2 of the book was written by a newer kiosk";
                assert!(error.to_string().starts_with(words), "{error}");
            }
            assert_eq!(place.files(), files, "it is left alone");
            let reader = Reader::open(&place.path()).unwrap();
            assert!(matches!(reader.verify(), Err(StoreError::NewerEntry { seq: 2 })));
        }
    }
}

#[test]
fn a_damaged_book_with_an_entry_of_a_newer_kiosk_waits_for_that_one() {
    let place = Place::new();
    append(&mut place.book(), check_in(1, person("Lê Mới")));
    let wall = MIDNIGHT.0;
    let public =
        format!(r#"{{"event":{{"kind":"weather"}},"v":1,"wall":{wall},"wall_trusted":true}}"#);
    written_by_another(&place, &public);
    raw(&place.path())
        .execute_batch(
            "PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET rootpage = 9999 WHERE name = 'visit_open';",
        )
        .unwrap();
    let error = Book::open(&place.path(), OPTIONS).unwrap_err();
    assert_eq!(error.fault().trouble, Trouble::Newer, "{error}");
    assert!(!place.files().iter().any(|name| name.contains("damaged")), "{:?}", place.files());
}

#[test]
fn a_person_written_before_a_field_was_known_is_read() {
    let place = Place::new();
    append(&mut place.book(), check_in(1, person("Lê Cũ")));
    raw(&place.path())
        .execute("UPDATE personal SET body = json_remove(body, '$.plate')", [])
        .unwrap();
    let (mut book, opened) = place.open();
    assert_eq!(opened.set_aside, None);
    assert_eq!(find(&mut book, "le cu"), [1]);
}
