//! What `kiosk check` says of the book, in full; of the machine only how many lines it has.

use std::fmt::Write;

use super::*;
use kiosk::command::check::{self, CheckArgs};

const HIDDEN: &str = "damaged where nobody looks at first";

/// The answer of `kiosk check` with this book, and nothing of where it ran.
fn checked(place: &Place) -> String {
    let config = place.directory.path().join("kiosk.toml");
    std::fs::write(&config, format!("[book]\npath = '{}'\n", place.path().display())).unwrap();
    let mut out = Vec::new();
    check::run(&CheckArgs { config: Some(config) }, &mut out).unwrap();
    let directory = place.directory.path().to_str().unwrap();
    let said = String::from_utf8(out).unwrap().replace(directory, "…");
    // Whether there is a clock chip, a radio or a display is the machine's business.
    let line = |line: &str| match line.split_whitespace().nth(1) {
        Some(organ @ ("clock" | "radio" | "screen")) => format!("{organ}: as the machine has it\n"),
        _ => format!("{line}\n"),
    };
    said.lines().map(line).collect()
}

#[test]
fn a_sound_book() {
    let place = Place::new();
    append(&mut place.book(), check_in(1, person("Lê Thử Nghiệm")));
    insta::assert_snapshot!(checked(&place));
}

#[test]
fn every_trouble_names_the_thing_and_the_remedy() {
    let mut said = String::new();
    let mut of = |name: &str, place: &Place| {
        let lines = checked(place);
        let store = lines.lines().find(|line| line.contains("store")).unwrap();
        // Where SQLite meets that damage depends on what the salts happen to be.
        let store = match store.split_once("damaged (").zip(store.rsplit_once("): ")) {
            Some(((before, _), (_, after))) if name == HIDDEN => {
                format!("{before}damaged (…): {after}")
            }
            _ => store.to_owned(),
        };
        writeln!(said, "{name}\n  {store}").unwrap();
        store.split(' ').next().unwrap_or_default().to_owned()
    };
    let begun = || {
        let place = Place::new();
        append(&mut place.book(), check_in(1, person("Lê Thử Nghiệm")));
        place
    };
    assert_eq!(of("no book yet", &Place::new()), "note");

    let place = begun();
    let meddle = "UPDATE entry SET public = replace(public, ':true', ':false')";
    raw(&place.path()).execute_batch(meddle).unwrap();
    assert_eq!(of("an entry was changed", &place), "FAIL");

    let place = begun();
    std::fs::write(place.path(), "scribble ".repeat(5_000)).unwrap();
    assert_eq!(of("damaged", &place), "FAIL");

    let (place, _) = damage::filled();
    let page = damage::page_nobody_reads(&place);
    damage::overwrite(&place, page);
    let before = std::fs::read(place.path()).unwrap();
    assert_eq!(of(HIDDEN, &place), "FAIL");
    assert_eq!(std::fs::read(place.path()).unwrap(), before, "it is left as it is");

    let place = begun();
    raw(&place.path()).pragma_update(None, "user_version", 99).unwrap();
    assert_eq!(of("a newer kiosk's", &place), "FAIL");

    let place = Place::new();
    raw(&place.path()).execute_batch("CREATE TABLE t (x)").unwrap();
    assert_eq!(of("another program's", &place), "FAIL");

    let place = begun();
    let kiosk = place.book();
    assert_eq!(of("in use", &place), "ok");
    drop(kiosk);
    insta::assert_snapshot!(said);
}
