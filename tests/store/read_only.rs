//! A disk that really cannot be written to: a read-only mount, and a directory that belongs to
//! somebody else. Nothing is simulated here; where the system refuses to make such a place, the
//! test says so and does nothing.
//!
//! The children are this test binary, running [`child`], and are told what they are to find.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use super::*;
use crate::kill::told;
use kiosk::store::Reader;

/// Where the child finds the book, and what it is to find.
const BOOK: &str = "KIOSK_READ_ONLY_BOOK";
const FINDS: &str = "KIOSK_READ_ONLY_FINDS";

/// Somebody to whom nothing here belongs: `nobody` on Debian.
const NOBODY_UID: u32 = 65_534;

/// Not a test of its own: what the child does.
#[test]
fn child() {
    let (Some(path), Some(finds)) = (told(BOOK), told(FINDS)) else { return };
    let path = Path::new(&path);
    match finds.as_str() {
        "no book" => {
            let (mut book, _) = Book::open(path, OPTIONS).unwrap();
            append(&mut book, check_in(1, person("Lý Một")));
        }
        "a wall" => {
            let error = Book::open(path, OPTIONS).unwrap_err();
            assert_eq!(error.fault().trouble, Trouble::ReadOnly, "{error}");
            assert!(error.to_string().contains("cannot be written to"), "{error}");
            // What was written can still be read.
            let visits = Reader::open(path).unwrap().visits(MIDNIGHT, Wall(i64::MAX)).unwrap();
            assert_eq!(visits.len(), 1);
        }
        "its book" => {
            let (mut book, opened) = Book::open(path, OPTIONS).unwrap();
            assert_eq!((opened.entries.len(), opened.set_aside), (1, None));
            assert_eq!(append(&mut book, check_in(2, person("Lý Hai"))).seq, 2);
            assert_eq!(book.verify().unwrap().broken, None);
        }
        other => panic!("{other}"),
    }
}

fn this_test() -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["read_only::child", "--exact"]);
    command
}

#[test]
fn a_card_mounted_read_only() {
    let place = Place::new();
    let mount = |what: &str| format!("mount {what} \"$CARD\"");
    let child = |finds: &str| format!("{FINDS}='{finds}' \"$CHILD\" read_only::child --exact");
    let may = "mount -t tmpfs card \"$CARD\"";
    let unshared = |script: &str| {
        Command::new("unshare")
            .args(["--map-root-user", "--mount", "sh", "-c", script])
            .env("CARD", place.directory.path())
            .env("CHILD", std::env::current_exe().unwrap())
            .env(BOOK, place.path())
            .output()
    };
    if !unshared(may).is_ok_and(|tried| tried.status.success()) {
        println!("skipped: the system lets nobody mount anything here");
        return;
    }
    let script = [
        may.to_owned(),
        child("no book"),
        mount("-o remount,ro"),
        child("a wall"),
        mount("-o remount,rw"),
        child("its book"),
    ]
    .join(" && ");
    let played = unshared(&script).unwrap();
    assert!(played.status.success(), "{played:?}");
    let said = String::from_utf8(played.stdout).unwrap();
    assert_eq!(said.matches("1 passed").count(), 3, "{said}");
}

#[test]
fn a_directory_that_belongs_to_somebody_else() {
    let place = Place::new();
    append(&mut place.book(), check_in(1, person("Lý Một")));
    let allow = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    for file in place.files() {
        allow(&place.directory.path().join(file), 0o444);
    }
    allow(place.directory.path(), 0o555);
    let mut child = this_test();
    child.env(BOOK, place.path()).env(FINDS, "a wall");
    // Rights do not bind root, so root's child is somebody else.
    let probe = place.directory.path().join("probe");
    if std::fs::write(&probe, "").is_ok() {
        std::fs::remove_file(probe).unwrap();
        child.uid(NOBODY_UID).gid(NOBODY_UID);
    }
    match child.output() {
        Ok(played) => assert!(played.status.success(), "{played:?}"),
        Err(error) => println!("skipped: no child can be somebody else here: {error}"),
    }
    allow(place.directory.path(), 0o755);
}
