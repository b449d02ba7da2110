//! What `kiosk check` says, word for word: of a book as it is on disk, of a machine as it might be.

use std::fmt::Write;

use super::*;
use kiosk::clock::Clock;
use kiosk::command::check::{self, CheckArgs, Health, Levels, Machine, Radio, Screen, Sends, Way};
use kiosk::config::Config;
use kiosk::domain::radio_health::Obstacle;
use kiosk::radio::mgmt::Settings;

const HIDDEN: &str = "damaged where nobody looks at first";

/// Powered, Bluetooth LE.
const LE_ALONE: Settings = Settings::new(1 | 1 << 9);

/// The kiosk at the door, in order.
fn well() -> Machine {
    let radio = Radio::Adapter {
        settings: LE_ALONE,
        is_switched_off: false,
        bluez: Ok(true),
        way: Way::Monitor,
        levels: Levels::Stated,
        others: vec![],
    };
    let (pins, screen, sends) = (Some(Ok(())), Screen::Display, Sends::Unhindered);
    let (reads, is_let_out) = (None, Some(false));
    Machine { clock_trusted: true, radio, reads, sends, pins, screen, is_let_out }
}

/// A configuration with this place's book.
fn config(place: &Place) -> PathBuf {
    config_with(place, &place.path())
}

fn config_with(place: &Place, book: &Path) -> PathBuf {
    let config = place.directory.path().join("kiosk.toml");
    std::fs::write(&config, format!("[book]\npath = '{}'\n", book.display())).unwrap();
    config
}

/// The line of `kiosk check` about this, where these settings are added.
fn line_about(about: &str, settings: &str, machine: &Machine) -> String {
    let place = Place::new();
    let path = config(&place);
    let book = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{book}{settings}\n")).unwrap();
    let config = Config::load(Some(&path)).unwrap();
    let mut out = Vec::new();
    check::report(&config, &Clock::real(), machine, &mut out).unwrap();
    let said = anywhere(&place, out);
    let line = said.lines().find(|line| line.split_whitespace().nth(1) == Some(about));
    line.unwrap_or("nothing").to_owned()
}

/// What `kiosk check` says of sending, where this stands under `[beacon]`.
fn of_sending(beacon: &str, sends: Sends) -> String {
    line_about("sends", &format!("[beacon]\n{beacon}"), &Machine { sends, ..well() })
}

#[test]
fn the_adapter_that_reads_is_told_where_one_is_wanted() {
    let said = |reads| {
        let settings = "[radio]\nreading_adapter = \"hci1\"";
        line_about("reads", settings, &Machine { reads, ..well() })
    };
    insta::assert_snapshot!(said(Some(true)), @"ok    reads   with hci1, while hci0 listens");
    insta::assert_snapshot!(said(Some(false)), @"note  reads   with hci0, which does not listen meanwhile, because hci1 cannot be used: plug it in, `rfkill unblock bluetooth`, or take reading_adapter out of [radio]");
    assert_eq!(line_about("reads", "", &well()), "nothing");
}

#[test]
fn a_network_that_is_not_sent_is_named_with_the_remedy() {
    let gaen = "networks = [\"bluezone\", \"gaen\"]";
    let at_a_time = |takes_address| Sends::OneAtATime { takes_address };
    let said = |sends| of_sending(gaen, sends);
    insta::assert_snapshot!(said(at_a_time(Some(false))), @r#"FAIL  sends   hci0 refuses a new address while it listens, so gaen is not sent: give it an adapter of its own: adapter = "hci1" under [beacon]"#);
    let in_doubt = said(at_a_time(None));
    insta::assert_snapshot!(in_doubt, @r#"note  sends   hci0 may refuse a new address while it listens, and then gaen is not sent: `sudo kiosk check` while the kiosk runs shows it; if so, give it an adapter of its own: adapter = "hci1" under [beacon]"#);
    assert_eq!(said(Sends::Unknown), in_doubt);
    insta::assert_snapshot!(said(at_a_time(Some(true))), @"ok    sends   hci0 takes the new addresses of gaen");
    insta::assert_snapshot!(said(Sends::WithSets), @"ok    sends   hci0 has an advertising set for gaen");
    assert_eq!(said(Sends::Unhindered), "nothing");
    assert_eq!(of_sending("networks = [\"bluezone\"]", at_a_time(Some(false))), "nothing");
}

/// The words without the name of the directory, which is another in each run.
fn anywhere(place: &Place, said: Vec<u8>) -> String {
    let directory = place.directory.path().to_str().unwrap();
    String::from_utf8(said).unwrap().replace(directory, "…")
}

/// The line of `kiosk check` about this book.
fn of_the_book(place: &Place) -> String {
    of_the_book_at(place, &place.path())
}

fn of_the_book_at(place: &Place, book: &Path) -> String {
    let mut out = Vec::new();
    check::run(&CheckArgs { config: Some(config_with(place, book)) }, &mut out).unwrap();
    let said = anywhere(place, out);
    said.lines().find(|line| line.contains("store")).unwrap().to_owned()
}

/// Everything `kiosk check` says on this machine, with a sound book.
fn of(machine: &Machine) -> (Health, String) {
    let place = Place::new();
    append(&mut place.book(), check_in(1, person("Lê Thử Nghiệm")));
    let config = Config::load(Some(&config(&place))).unwrap();
    let mut out = Vec::new();
    let health = check::report(&config, &Clock::real(), machine, &mut out).unwrap();
    (health, anywhere(&place, out))
}

#[test]
fn everything_in_order() {
    let (health, said) = of(&well());
    assert_eq!(health, Health::Note, "the link is never verified");
    insta::assert_snapshot!(said);
}

#[test]
fn a_bare_machine() {
    let machine = Machine {
        clock_trusted: false,
        radio: Radio::NoKernel("Address family not supported by protocol (os error 97)".into()),
        reads: None,
        sends: Sends::Unhindered,
        pins: None,
        screen: Screen::Nothing,
        is_let_out: None,
    };
    let (health, said) = of(&machine);
    assert_eq!(health, Health::Fail);
    insta::assert_snapshot!(said);
}

#[test]
fn a_file_of_settings_that_will_not_do() {
    let place = Place::new();
    let config = place.directory.path().join("kiosk.toml");
    std::fs::write(&config, "[site]\nkindd = 'office'\n").unwrap();
    let mut out = Vec::new();
    let health = check::run(&CheckArgs { config: Some(config) }, &mut out).unwrap();
    assert_eq!(health, Health::Fail);
    insta::assert_snapshot!(anywhere(&place, out));
}

/// Each thing that can be wrong with one organ, in the lines that differ from a kiosk in order.
#[test]
fn every_organ_names_the_thing_and_the_remedy() {
    let in_order = of(&well()).1;
    let mut said = String::new();
    let mut one = |name: &str, machine: &Machine, worst: Health| {
        let (health, lines) = of(machine);
        assert_eq!(health, worst, "{name}");
        writeln!(said, "{name}").unwrap();
        for line in lines.lines().filter(|line| !in_order.contains(line)) {
            writeln!(said, "  {line}").unwrap();
        }
    };
    let adapter = |settings, is_switched_off, bluez, way| {
        let levels = if way == Way::Monitor { Levels::Stated } else { Levels::Unheard };
        let (settings, others) = (Settings::new(settings), vec![]);
        let radio = Radio::Adapter { settings, is_switched_off, bluez, way, levels, others };
        Machine { radio, ..well() }
    };
    let says = |levels, others: &[&str]| {
        let others = others.iter().map(ToString::to_string).collect();
        let (settings, way) = (LE_ALONE, Way::Monitor);
        let (is_switched_off, bluez) = (false, Ok(true));
        let radio = Radio::Adapter { settings, is_switched_off, bluez, way, levels, others };
        Machine { radio, ..well() }
    };
    let lacking = Levels::Lacking { reports: 60, without: 59 };
    let (on, le, classic) = (1, 1 << 9, 1 << 7);
    let other = Radio::NoAdapter { others: vec!["hci1".into(), "hci2".into()] };
    for (name, machine) in [
        ("no adapter", Machine { radio: Radio::NoAdapter { others: vec![] }, ..well() }),
        ("another adapter", Machine { radio: other, ..well() }),
        ("switched off", adapter(le, true, Ok(true), Way::Monitor)),
        ("no Bluetooth LE", adapter(on | classic, false, Ok(true), Way::Monitor)),
        ("older Bluetooth too", adapter(on | le | classic, false, Ok(true), Way::Monitor)),
        ("without -E", adapter(on | le, false, Ok(false), Way::Monitor)),
        ("no bus", adapter(on | le, false, Err(Obstacle::NoBus), Way::Monitor)),
        ("no bluetoothd", adapter(on | le, false, Err(Obstacle::NoBluez), Way::Monitor)),
        ("unknown to it", adapter(on | le, false, Err(Obstacle::NoAdapter), Way::Monitor)),
        ("no levels", says(lacking, &[])),
        ("no levels, and another", says(lacking, &["hci1"])),
        ("no pins", Machine { pins: Some(Err("reach the pins: (why)".into())), ..well() }),
    ] {
        one(name, &machine, Health::Fail);
    }
    let why = "Operation not supported (os error 95)".to_owned();
    for (name, machine) in [
        ("off", adapter(le, false, Ok(true), Way::Monitor)),
        ("no right to the channel", adapter(on | le, false, Ok(true), Way::NotAllowed)),
        ("no channel", adapter(on | le, false, Ok(true), Way::Shut(why))),
        ("too few reports", says(Levels::TooFew { reports: 3 }, &[])),
        ("no clock", Machine { clock_trusted: false, ..well() }),
        ("a desktop", Machine { screen: Screen::Window, ..well() }),
        ("no display", Machine { screen: Screen::Nothing, ..well() }),
    ] {
        one(name, &machine, Health::Note);
    }
    insta::assert_snapshot!(said);
}

/// Whether it can be begun, where there is none.
#[test]
fn a_place_that_takes_no_book() {
    let place = Place::new();
    insta::assert_snapshot!(of_the_book_at(&place, place.directory.path()), @"FAIL  store   … is a directory: name a file in it, such as logbook.db, under [book]");
    // Nobody can make a file there.
    let said = of_the_book_at(&place, Path::new("/proc/kiosk/logbook.db"));
    insta::assert_snapshot!(said, @"FAIL  store   /proc/kiosk/logbook.db cannot be begun: /proc: No such file or directory (os error 2)");
    let deep = place.directory.path().join("a/b/logbook.db");
    assert!(of_the_book_at(&place, &deep).starts_with("note"));
    assert_eq!(std::fs::read_dir(place.directory.path()).unwrap().count(), 1, "nothing is left");
}

#[test]
fn every_trouble_names_the_thing_and_the_remedy() {
    let mut said = String::new();
    let mut of = |name: &str, place: &Place| {
        let store = of_the_book(place);
        // Where SQLite meets that damage depends on what the salts happen to be.
        let store = match store.split_once("damaged (").zip(store.rsplit_once("): ")) {
            Some(((before, _), (_, after))) if name == HIDDEN => {
                format!("{before}damaged (…): {after}")
            }
            _ => store.clone(),
        };
        // The newest schema is another with each migration.
        let store = match store.split_once("up to ").zip(store.split_once(": install")) {
            Some(((before, _), (_, after))) => format!("{before}up to …: install{after}"),
            None => store,
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

#[test]
fn damaged_books_that_were_set_aside_are_counted_with_their_age() {
    let place = Place::new();
    append(&mut place.book(), check_in(1, person("Lê Thử Nghiệm")));
    let now = Wall(1_772_411_400);
    for days in [12, 3] {
        let unix = now.0 - days * 86_400;
        let name = format!("logbook.damaged-{unix}.db");
        std::fs::write(place.directory.path().join(name), "damaged").unwrap();
    }
    let config = Config::load(Some(&config(&place))).unwrap();
    let mut out = Vec::new();
    check::report(&config, &Clock::at(now), &well(), &mut out).unwrap();
    let said = String::from_utf8(out).unwrap();
    let line = said.lines().find(|line| line.contains("aside")).unwrap();
    assert!(
        line.starts_with("note  aside   damaged logbooks were set aside: 2, the first 12 days")
    );
    assert!(line.contains("deleted after 30 days"), "{line}");
}

/// A server of keys in the settings, while the service is shut off from the network and when it is not.
#[test]
fn a_server_that_the_service_may_not_reach() {
    let place = Place::new();
    let file = config(&place);
    let server = "[exposure]\nindex_url = 'https://keys.example/index.txt'\nbase_url = 'https://keys.example'\n";
    std::fs::write(&file, std::fs::read_to_string(&file).unwrap() + server).unwrap();
    let config = Config::load(Some(&file)).unwrap();
    let line = |is_let_out| {
        let mut out = Vec::new();
        let machine = Machine { is_let_out, ..well() };
        check::report(&config, &Clock::real(), &machine, &mut out).unwrap();
        let said = String::from_utf8(out).unwrap();
        said.lines().find(|line| line.contains("  keys  ")).unwrap().to_owned()
    };
    insta::assert_snapshot!(line(Some(false)), @"FAIL  keys    the service may not reach https://keys.example/index.txt: /usr/share/kiosk/fetch.conf lets it out and says how");
    insta::assert_snapshot!(line(Some(true)), @"note  keys    https://keys.example/index.txt was not asked: the journal says how each round went");
    assert_eq!(line(None), line(Some(true)));
}
