//! What is handed to a health officer: the commands, the files they leave, and the lines in the
//! book that say so.
#![expect(clippy::unwrap_used, reason = "functions that tests share fail as tests do")]

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Command, FromArgMatches};
use kiosk::command::{encounters, exposure};
use kiosk::domain::advert::Dbm;
use kiosk::domain::exposure::key::KeyDigest;
use kiosk::domain::exposure::matched::{FileHash, Matched, ProcessedFile};
use kiosk::domain::exposure::published::ReportKind;
use kiosk::domain::exposure::windows::{Exposure, ExposureId, KeyExposure, Window};
use kiosk::domain::logbook::{By, Event};
use kiosk::domain::moment::{Wall, Zone};
use kiosk::domain::network::Network;
use kiosk::domain::remembering::{Batch, Remembered};
use kiosk::domain::request::{Reply, Request};
use kiosk::domain::sighting::{ProximityId, SendingPower};
use kiosk::store::{Book, Options, Reader};

/// 2026-03-02T08:00:00 in Viet Nam.
const MORNING: Wall = Wall(1_772_413_200);
const ZONE: Zone = Zone::VIET_NAM;

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn shown(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn book(&self) -> Book {
        let options = Options { today_from: MORNING, wall: MORNING, in_doubt: false };
        Book::open(&self.path("logbook.db"), options).unwrap().0
    }

    /// A configuration whose names begin as formulas do.
    fn config(&self) -> String {
        let text = "[site]\nname = \"=HYPERLINK(1)\"\ndoor = \"@Cổng\"\n";
        fs::write(self.path("kiosk.toml"), text).unwrap();
        self.shown("kiosk.toml")
    }

    /// `kiosk exposure` with these words, on the book of this place.
    fn exposure(&self, words: &[&str]) -> Result<String, String> {
        let (config, book) = (self.config(), self.shown("logbook.db"));
        let mut all = words.to_vec();
        all.extend(["--config", &config, "--book", &book]);
        let mut out = vec![];
        let done = exposure::run(&typed(&all), &mut out);
        done.map(|()| String::from_utf8(out).unwrap()).map_err(|error| format!("{error:#}"))
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn events(&self) -> Vec<Event> {
        let reader = Reader::open(&self.path("logbook.db")).unwrap();
        assert!(reader.verify().unwrap().holds());
        reader.entries().unwrap().into_iter().map(|entry| entry.public.event).collect()
    }
}

fn typed<A: Args + FromArgMatches>(words: &[&str]) -> A {
    let command = A::augment_args(Command::new("kiosk").no_binary_name(true));
    A::from_arg_matches(&command.try_get_matches_from(words).unwrap()).unwrap()
}

fn row(id: ProximityId, network: Network, slots: i64) -> Remembered {
    Remembered {
        network,
        id,
        first: MORNING,
        last: Wall(MORNING.0 + slots * 900),
        wall_trusted: true,
        sightings: 50,
        strongest: Dbm(-60),
        median: Dbm(-72),
        tx_power: SendingPower::Unsaid,
        near_seconds: 90,
    }
}

fn expose(book: &mut Book) {
    let id = ExposureId {
        trace: Network::Bluezone.into(),
        day: MORNING.day_start(ZONE),
        report: ReportKind::ConfirmedTest,
    };
    let window = |begin, attenuation_db| Window { begin, near_seconds: 725, attenuation_db };
    let windows = vec![window(MORNING, None), window(Wall(MORNING.0 + 1_800), Some(55))];
    let exposure = Exposure { id, windows };
    let format = "InfoF of Bluezone".to_owned();
    let files = vec![ProcessedFile { hash: FileHash([1; 32]), format, keys: 9, matches: 2 }];
    let exposures = vec![KeyExposure { key: KeyDigest([5; 32]), exposure }];
    let matched = Box::new(Matched { files, exposures });
    let wall = Wall(MORNING.0 + 86_400);
    let kept = book.answer(Request::KeepExposures { matched, wall });
    assert!(matches!(kept, Reply::Exposures(_)));
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn nothing_to_list_and_nothing_to_export() {
    let place = Place::new();
    drop(place.book());
    let listed = place.exposure(&["list"]).unwrap();
    assert_eq!(listed, "nobody who was reported so far was heard at this door\n");
    let out = place.shown("out");
    let refused = place.exposure(&["export", "--out", &out, "--reason", "CDC"]).unwrap_err();
    assert!(refused.starts_with("export what there is not"), "{refused}");
    assert!(!place.path("out").exists());
    assert_eq!(place.events(), []);
}

#[test]
fn exposures_are_exported_for_a_health_officer_and_noted() {
    let place = Place::new();
    // The kiosk runs, and has the book open, all the while.
    let mut book = place.book();
    expose(&mut book);
    let out = place.shown("out");
    let refused = place.exposure(&["export", "--out", &out, "--reason", " "]).unwrap_err();
    assert!(refused.contains("say who asked for it and why"), "{refused}");
    let reason = "-1+Công văn 12";
    place.exposure(&["export", "--out", &out, &format!("--reason={reason}")]).unwrap();
    let table = place.read("out/exposures.csv");
    let lines: Vec<_> = table.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[1].starts_with(
        "'=HYPERLINK(1),'@Cổng,2026-03-02,08:00,08:30,bluezone,confirmed by a test,725,,"
    ));
    assert!(lines[2].contains(",725,55,"), "{}", lines[2]);
    let sheet: serde_json::Value = serde_json::from_str(&place.read("out/exposures.json")).unwrap();
    assert_eq!(sheet["windows"][0]["attenuation_db"], serde_json::Value::Null);
    assert_eq!(sheet["windows"][1]["attenuation_db"], 55);
    assert_eq!(sheet["format"], "kiosk-exposures-1");
    assert_eq!(sheet["reason"], reason);
    assert_eq!(sheet["windows"][1]["from"], "08:30");
    assert!(place.read("out/README.txt").contains("near_seconds"));
    assert_eq!(mode(&place.path("out")), 0o700);
    assert_eq!(mode(&place.path("out/exposures.csv")), 0o600);
    let exported = Event::ExposuresExported { exposures: 1, by: By::CommandLine };
    assert_eq!(place.events(), [exported]);
    // A folder that is there is left alone, and nothing is noted.
    let again = place.exposure(&["export", "--out", &out, "--reason", "CDC"]).unwrap_err();
    assert!(again.contains("give one that is not there yet"), "{again}");
    assert_eq!(place.events().len(), 1);
    // The kiosk goes on writing behind it.
    let wall = MORNING;
    let event = Event::GateOpened { seconds_ago: 0 };
    let public = kiosk::domain::logbook::Public { v: 1, wall, wall_trusted: true, event };
    let draft = kiosk::domain::logbook::Draft { public, personal: None };
    assert!(matches!(book.answer(Request::Append(draft)), Reply::Appended { .. }));
    assert_eq!(place.events(), [exported, event]);
    let listed = place.exposure(&["list"]).unwrap();
    assert!(listed.contains("2026-03-02\n  08:00 – 08:30  near for"), "{listed}");
    assert!(listed.contains("  loss unknown  bluezone"), "{listed}");
    assert!(listed.contains("  loss  55 dB   bluezone"), "{listed}");
    assert!(listed.contains("command: 1 exposures were exported: -1+Công văn 12"), "{listed}");
    let json: serde_json::Value =
        serde_json::from_str(&place.exposure(&["list", "--json"]).unwrap()).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 2);
    assert_eq!(json[1]["attenuation_db"], 55);
}

#[test]
fn a_day_in_numbers_and_no_id() {
    let place = Place::new();
    let mut book = place.book();
    let rows = vec![row(ProximityId::Rpi([0x5e; 16]), Network::Gaen, 0)];
    book.answer(Request::Remember(Batch { rows, still_open: Some(vec![]) }));
    let (config, shown) = (place.config(), place.shown("logbook.db"));
    let words = ["--config", &config, "--book", &shown, "--day", "2026-03-02"];
    let mut out = vec![];
    encounters::run(&typed(&words), &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(out.contains("1 ids") && out.ends_with("2026-03-02: 1 ids were heard\n"), "{out}");
    assert!(!out.to_lowercase().contains("5e5e"), "{out}");
}

#[cfg(feature = "exposure")]
mod with_files {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_is_compared_by_hand_once() {
        let place = Place::new();
        let case = [7; 32];
        let day = MORNING.0 - MORNING.0.rem_euclid(86_400);
        let slots = kiosk::domain::network::bluezone::SlotsPerDay::DEFAULT;
        let id = Network::Bluezone.derive(&case, Wall(day), MORNING, slots).unwrap().id;
        let rows = vec![row(id, Network::Bluezone, 0)];
        let mut book = place.book();
        book.answer(Request::Remember(Batch { rows, still_open: Some(vec![]) }));
        let key = "07".repeat(32);
        let end = day + 86_399;
        let text = format!(
            r#"{{"data":[{{"daily_key":"{key}","time_start":{day},"max":96,"time_end":{end}}}]}}"#
        );
        fs::write(place.path("infof.json"), text).unwrap();
        fs::write(place.path("other.json"), "{}").unwrap();
        let (file, other) = (place.shown("infof.json"), place.shown("other.json"));
        // While a kiosk runs, it goes into the inbox, where it can be read by the kiosk's account.
        fs::set_permissions(place.path("infof.json"), Permissions::from_mode(0o600)).unwrap();
        let laid = place.exposure(&["import", &file]).unwrap();
        assert!(laid.contains("the kiosk is running"), "{laid}");
        assert_eq!(fs::read_dir(place.path("inbox")).unwrap().count(), 1);
        let mode = |path: &str| fs::metadata(place.path(path)).unwrap().permissions().mode();
        assert_eq!((mode("inbox") & 0o005, mode("inbox/infof.json") & 0o777), (0o005, 0o644));
        drop(book);
        if !kiosk::clock::Clock::real().now().wall_trusted {
            let refused = place.exposure(&["import", &file]).unwrap_err();
            assert!(refused.contains("clock that nobody vouches for"), "{refused}");
        }
        let by_hand = |file: &str| place.exposure(&["import", "--clock-is-right", file]);
        let compared = by_hand(&file).unwrap();
        assert!(compared.contains("1 key: 1 exposure"), "{compared}");
        assert!(place.exposure(&["list"]).unwrap().contains("08:00 – 08:30"));
        let again = by_hand(&file).unwrap();
        assert_eq!(again, "1 file passed over: the book has what came of it\n");
        let refused = by_hand(&other).unwrap_err();
        assert_eq!(refused, "take 1 file");
    }

    #[test]
    fn keys_and_history_in_bluezones_own_form() {
        let place = Place::new();
        let mut book = place.book();
        let heard = ProximityId::Bluezone([0xab; 12]);
        let rows = vec![
            row(heard, Network::Bluezone, 1),
            row(ProximityId::Rpi([1; 16]), Network::Gaen, 0),
        ];
        book.answer(Request::Remember(Batch { rows, still_open: Some(vec![]) }));
        let out = place.shown("out");
        let words = |days| {
            ["publish", "--network", "bluezone", "--days", days, "--out", &out, "--reason", "CDC"]
                .map(str::to_owned)
        };
        let publish = |days| {
            let words = words(days);
            place.exposure(&words.each_ref().map(String::as_str))
        };
        publish("2026-03-02").unwrap();
        let info: serde_json::Value = serde_json::from_str(&place.read("out/InfoF.json")).unwrap();
        // The kiosk's secret begins with the UTC day on which its book was begun.
        let day = MORNING.0 - MORNING.0.rem_euclid(86_400);
        assert_eq!(info["time_start"], day);
        let key = info["daily_key"].as_str().unwrap();
        let key = base16ct::mixed::decode_vec(key).unwrap();
        let slots = kiosk::domain::network::bluezone::SlotsPerDay::DEFAULT;
        let trace = place.read("out/data_trace.txt");
        let expected: String = [MORNING, Wall(MORNING.0 + 900)]
            .map(|at| {
                let own = Network::Bluezone.derive(&key, Wall(day), at, slots).unwrap();
                let own = base16ct::upper::encode_string(own.id.as_bytes());
                format!("{own}\t{}\t-72\t{}000\n", "AB".repeat(12), at.0)
            })
            .concat();
        assert_eq!(trace, expected);
        let (from, to) = (MORNING.day_start(ZONE), Wall(MORNING.day_start(ZONE).0 + 86_400));
        let (network, by) = (Network::Bluezone, By::CommandLine);
        let event = Event::HistoryPublished { network, from, to, encounters: 1, by };
        assert_eq!(place.events(), [event]);
        let again = publish("2026-03-02").unwrap_err();
        assert!(again.contains("not there yet"), "{again}");
    }

    #[test]
    fn keys_of_days_that_have_ended_as_a_signed_export() {
        let place = Place::new();
        drop(place.book());
        let out = place.shown("out");
        let publish = |network, days| {
            let words = ["publish", "--network", network, "--days", days, "--out", &out];
            place.exposure(&[&words[..], &["--reason", "CDC"]].concat())
        };
        let refused = publish("herald", "2026-03-02").unwrap_err();
        assert!(refused.contains("only those of bluezone and gaen"), "{refused}");
        let refused = publish("gaen", "2099-01-01").unwrap_err();
        assert!(refused.contains("have not ended"), "{refused}");
        assert_eq!(place.events(), []);
        publish("gaen", "2026-03-02..2026-03-04").unwrap();
        assert!(place.read("out/signing-key.pem").starts_with("-----BEGIN PUBLIC KEY-----\nMFkw"));
        assert!(fs::metadata(place.path("out/export.zip")).unwrap().len() > 200);
    }
}
