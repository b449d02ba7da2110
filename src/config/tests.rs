//! The sample is complete and true, and what will not do is refused with its place and a remedy.

use std::collections::BTreeSet;
use std::path::Path;

use super::*;

const SAMPLE: &str = include_str!("../../deploy/kiosk.toml");

fn parse(text: &str) -> Result<Config, String> {
    Config::parse(text, Path::new("kiosk.toml")).map_err(|error| error.to_string())
}

/// The sample with every setting switched on: a setting follows its `#` at once, a sentence
/// follows it after a space.
fn sample_switched_on() -> String {
    let lines = SAMPLE.lines().map(|line| match line.strip_prefix('#') {
        Some(setting) if setting.starts_with(|c: char| c.is_ascii_lowercase() || c == ']') => {
            setting
        }
        Some(item) if item.starts_with("  {") => item,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_sample_as_shipped_changes_nothing() {
    assert_eq!(parse(SAMPLE), Ok(Config::default()));
}

#[test]
fn the_sample_shows_the_defaults() {
    let shown = parse(&sample_switched_on()).expect("it parses");
    // A make of phone with a link of its own has none by default, and the sample shows one.
    let mut site = shown.site();
    let both = [site.install.android.take(), site.install.iphone.take()];
    assert_eq!(both, [Some(site.install.any.clone()), Some(site.install.any.clone())]);
    assert_eq!(site, Config::default().site());
    // By default no adapter of its own reads, and the sample shows which one does.
    assert_eq!((shown.adapter(), shown.reading_adapter()), (Config::default().adapter(), None));
    assert_eq!(shown.pins, Config::default().pins);
    assert_eq!(shown.exposure, Config::default().exposure);
    assert_eq!(shown.book().expect("set"), Path::new("/var/lib/kiosk/logbook.db"));
}

#[test]
fn the_sample_names_every_setting() {
    let sample: toml::Table = sample_switched_on().parse().expect("it parses");
    let sections = known_keys("unknown = 1");
    assert_eq!(sections, sample.keys().cloned().collect());
    for section in sections {
        let shown = sample.get(&section).and_then(toml::Value::as_table).expect("a section");
        let known = known_keys(&format!("[{section}]\nunknown = 1"));
        assert_eq!(known, shown.keys().cloned().collect(), "[{section}]");
    }
}

/// The keys that the error about an unknown one says would do.
fn known_keys(text: &str) -> BTreeSet<String> {
    let error = parse(text).expect_err("unknown is unknown");
    let (_, known) = error.split_once("it must be ").expect("a list");
    let known = known.trim_start_matches("one of ").replace(" or ", ", ");
    known.split(", ").map(str::to_owned).collect()
}

#[test]
fn what_will_not_do_is_refused_with_place_and_remedy() {
    let cases = [
        (
            "[site]\nkind = \"shop\"",
            "`kind = \"shop\"`: this must be one of \"office\", \"hotel\", \"market\"",
        ),
        ("[site]\nnam = \"x\"", "there is no `nam` here; it must be one of name, door, "),
        ("[sight]", "there is no `sight` here; it must be one of site, notice, "),
        ("[site]\nname = \"\"", "text of 1 to 60 letters"),
        ("[site]\nname = \"a\\nb\"", "on one line"),
        ("[site]\ndoor_letter = \"Đ\"", "one capital letter"),
        ("[site]\nutc_offset = \"7\"", "such as \"+07:00\""),
        ("[site]\nutc_offset = \"+15:00\"", "from \"-14:00\" to \"+14:00\""),
        ("[site]\nask_unit = \"yes\"", "this must be true or false"),
        ("[site]\nclosing_sweep = \"24:00\"", "from \"00:00\" to \"23:59\", or \"off\""),
        ("[site]\nclosing_sweep = \"+8:00\"", "from \"00:00\" to \"23:59\", or \"off\""),
        ("[site]\nhosts = [\"a\", 2]", "or { vi = "),
        ("[site]\nhosts = [{ en = \"a\" }]", "missing field `vi`"),
        ("[site]\nhosts = [{ vi = \"a\", fr = \"b\" }]", "there is no `fr` here"),
        ("[site]\nhosts = \"a\"", "a list of at most 12 choices"),
        ("[notice]\nkeep_personal_days = 0", "a whole number from 1 to 3650"),
        ("[notice]\nkeep_personal_days = 30.5", "a whole number from 1 to 3650"),
        ("[networks]\nenabled = []", "one network or more"),
        ("[networks]\nenabled = [\"gaen\", \"gaen\"]", "each of them once"),
        (
            "[networks]\nenabled = [\"dp-3t\"]",
            "this must be one of \"bluezone\", \"gaen\", \"dp3t\", ",
        ),
        (
            "[beacon]\nnetworks = [\"robert\"]",
            "\"gaen\", \"dp3t\" and \"herald\", each of them once",
        ),
        ("[beacon]\nnetworks = [\"gaen\", \"gaen\"]", "each of them once"),
        ("[beacon]\nadapter = \"usb0\"", "such as \"hci0\""),
        ("[beacon]\ntx_power_dbm = 21", "a whole number from -50 to 20"),
        ("[beacon]\nvenue_state = 65536", "a whole number from 0 to 65535"),
        (
            "[beacon]\nsisters = [{ network = \"gaen\", day = \"2026-11-26\" }]",
            "missing field `key`",
        ),
        (
            "[beacon]\nsisters = [{ network = \"gaen\", day = \"26.11.2026\", key = \"\" }]",
            "64 hex digits",
        ),
        ("[install]\nlink = \"http://a.vn\"", "begins with \"https://\""),
        ("[install]\niphone = \"https://a b.vn\"", "without spaces"),
        ("[radio]\nadapter = \"usb0\"", "such as \"hci0\""),
        ("[pins]\ngate = 28", "from 0 to 27, or \"none\""),
        ("[pins]\ngate = -1", "from 0 to 27, or \"none\""),
        ("[pins]\ngate = \"off\"", "from 0 to 27, or \"none\""),
        ("[pins]\ngate_pulse_ms = 60000", "a whole number from 200 to 10000"),
        ("[book]\npath = \"logbook.db\"", "begins with \"/\""),
        ("[site", "line 1"),
        ("[site]\nname = \"a\"\nname = \"b\"", "duplicate key"),
    ];
    for (text, remedy) in cases {
        let error = parse(text).expect_err(text);
        assert!(error.contains(remedy), "{text:?} gave {error:?}");
        let line = text.lines().count();
        assert!(error.contains(&format!("kiosk.toml, line {line}, column ")), "{error:?}");
    }
}

#[test]
fn two_parts_on_one_pin_are_refused_at_the_later_one() {
    let error = parse("[pins]\ngate = 6\nmotion = 6\n").expect_err("doubled");
    assert!(error.contains("line 3, column 10: `motion = 6`: 6 is the pin of gate"), "{error}");
    let error = parse("[pins]\nmotion = 24\n").expect_err("the gate's by default");
    assert!(error.contains("line 2, column 10: `motion = 24`: 24 is the pin of gate"), "{error}");
    parse("[pins]\nmotion = \"none\"\nguard_button = \"none\"\n").expect("none is no pin");
}

#[test]
fn too_many_choices_are_refused() {
    let of = |count| format!("[site]\nhosts = [{}]", "\"a\",".repeat(count));
    parse(&of(12)).expect("twelve fit");
    assert!(parse(&of(13)).expect_err("thirteen do not").contains("at most 12"));
}

#[test]
fn a_name_is_composed_and_trimmed() {
    let config = parse("[site]\nname = \" Co\u{31b}  quan \"").expect("it parses");
    assert_eq!(config.site().name, "C\u{1a1}  quan");
}

#[test]
fn the_kind_sets_what_is_not_set() {
    let hotel = parse("[site]\nkind = \"hotel\"\nask_plate = false").expect("it parses").site();
    assert_eq!(hotel.closing_sweep_minute, None);
    assert!(hotel.ask_unit && !hotel.ask_plate);
    assert_eq!(hotel.hosts.first().map(|host| host.vi.as_str()), Some("Lễ tân"));
    let market =
        parse("[site]\nkind = \"market\"\nhosts = [\"Quầy 7\"]").expect("it parses").site();
    assert_eq!(market.closing_sweep_minute, Some(22 * 60));
    assert_eq!(market.hosts.len(), 1);
}

#[test]
fn wired_pins_are_wired() {
    assert_eq!(Config::default().wiring(), None);
    let wiring = parse("[pins]\nwired = true\nbuzzer = \"none\"").expect("it parses").wiring();
    let wiring = wiring.expect("wired");
    assert_eq!((wiring.gate, wiring.buzzer), (Some(Gpio(24)), None));
    assert_eq!(wiring.gate_pulse, Duration::from_secs(3));
}

#[test]
fn a_file_that_was_named_has_to_be_there() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("kiosk.toml");
    let error = Config::load(Some(&path)).expect_err("missing").to_string();
    assert!(error.starts_with("read ") && error.ends_with("there is no such file"), "{error}");
    std::fs::write(&path, "[site]\ndoor = \"B\"\n").expect("written");
    assert_eq!(Config::load(Some(&path)).expect("it parses").site().door, "B");
    std::fs::write(&path, "#".repeat(70_000)).expect("written");
    let error = Config::load(Some(&path)).expect_err("too large").to_string();
    assert!(error.contains("more than 64 KiB"), "{error}");
    std::fs::write(&path, [0xff, 0xfe]).expect("written");
    let error = Config::load(Some(&path)).expect_err("no text").to_string();
    assert!(error.ends_with("save it as such"), "{error}");
}

#[test]
fn what_the_kiosk_sends() {
    let setup = Config::default().site().beacon;
    assert_eq!((setup.networks.as_slice(), setup.wake), (&[Network::Bluezone][..], true));
    assert_eq!(setup.venue.premises, "Cơ quan");
    assert_eq!(Config::default().beacon_adapter(), "hci0");
    let text = "[radio]\nadapter = \"hci1\"\n[beacon]\nnetworks = []";
    let config = parse(text).expect("it parses");
    assert_eq!((config.beacon_adapter(), config.site().beacon.networks.len()), ("hci1", 0));
    let text = "[beacon]\nadapter = \"hci2\"\nnetworks = [\"gaen\", \"herald\"]\ntx_power_dbm = -8";
    let config = parse(text).expect("it parses");
    assert_eq!((config.adapter(), config.beacon_adapter()), ("hci0", "hci2"));
    let setup = config.site().beacon;
    assert_eq!(setup.networks, [Network::Gaen, Network::Herald]);
    assert_eq!((setup.tx_power.0, setup.own_adapter), (-8, true));
    let same = parse("[beacon]\nadapter = \"hci0\"").expect("it parses");
    assert!(!same.site().beacon.own_adapter, "the one that listens is none of its own");
}

#[test]
fn phones_may_be_read_with_an_adapter_of_its_own() {
    assert_eq!(Config::default().reading_adapter(), None);
    let apart = parse("[radio]\nreading_adapter = \"hci1\"").expect("it parses");
    assert_eq!((apart.adapter(), apart.reading_adapter()), ("hci0", Some("hci1")));
    let same = parse("[radio]\nreading_adapter = \"hci0\"").expect("it parses");
    assert_eq!(same.reading_adapter(), None, "the one that listens is none of its own");
    assert!(parse("[radio]\nreading_adapter = \"usb\"").is_err());
}

#[test]
fn keys_of_sister_doors_are_read_and_never_shown() {
    let sister = |key: &str| {
        let fields = format!("network = \"bluezone\", day = \"2026-11-26\", key = \"{key}\"");
        parse(&format!("[beacon]\nsisters = [{{ {fields} }}]"))
    };
    let key = "0b5c6d0e".repeat(8);
    let config = sister(&key).expect("it parses");
    let [sister_door] = config.site().beacon.sisters[..] else { panic!("one") };
    assert_eq!(sister_door.key.bytes()[..4], [0x0B, 0x5C, 0x6D, 0x0E]);
    assert_eq!(sister_door.key.begins().0, 1_795_651_200);
    let shown = format!("{config:?}");
    assert!(!shown.contains("11, 92, 109") && !shown.contains("0b5c"), "{shown}");
    let error = sister(key.trim_start_matches('0')).expect_err("too short");
    assert!(error.contains("64 hex digits") && !error.contains("5c6d0e"), "{error}");
    assert!(error.contains("day = \"2026-11-26\", key = \"…\""), "{error}");
}
