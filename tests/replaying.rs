//! Captures that are played again: long ones with hours of silence, broken ones, and those in which
//! there is nothing to hear. The captures are made here.
#![expect(clippy::unwrap_used, reason = "helpers of tests stop at the first surprise")]

use std::fs;
use std::path::PathBuf;

use insta::assert_snapshot;
use kiosk::clock::Clock;
use kiosk::command::playing::{self, Played};
use kiosk::command::radio::{self, Form, RadioArgs};
use kiosk::command::record::{self, RecordArgs};
use kiosk::command::source::SourceArgs;
use kiosk::command::summary;
use kiosk::command::survey::{self, Survey, SurveyArgs};
use kiosk::config::Config;
use kiosk::domain::advert::{Address, AdvertData, Advertisement, Dbm};
use kiosk::domain::moment::Wall;
use kiosk::domain::network::Network;
use kiosk::radio::btsnoop::{Datalink, Writer};
use kiosk::radio::sim;

/// 2026-03-02T08:00:00 in Viet Nam, a Monday.
const MORNING: Wall = Wall(1_772_413_200);

const HOUR_MS: i64 = 3_600_000;

/// HCI's Command Complete, of a reset.
const COMPLETE: [u8; 6] = [0x0E, 4, 1, 0x03, 0x0C, 0];

/// An advert of an Android phone with Bluezone.
fn phone(sender: u8) -> Vec<u8> {
    let mut data = vec![15, 0xFF, 0xB5, 0x22];
    data.extend([sender; 12]);
    data.extend([3, 3, 0x56, 0x4E]);
    let advert = Advertisement {
        address: Address { bytes: [sender; 6], random: true },
        rssi: Some(Dbm(-60)),
        connectable: true,
        data: AdvertData::new(&data),
    };
    let mut event = vec![];
    sim::report(&advert, &mut event);
    event
}

/// A directory with a capture in it.
struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new(events: &[(i64, Vec<u8>)]) -> Self {
        let place = Self { directory: tempfile::tempdir().unwrap() };
        let mut writer = Writer::new(vec![], Datalink::H4).unwrap();
        for (at_ms, event) in events {
            writer.write_event(at_ms * 1_000, event).unwrap();
        }
        fs::write(place.path("hall.btsnoop"), writer.finish().unwrap()).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Changes the capture's bytes.
    fn mar(&self, mar: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = fs::read(self.path("hall.btsnoop")).unwrap();
        mar(&mut bytes);
        fs::write(self.path("hall.btsnoop"), bytes).unwrap();
    }

    fn source(&self) -> SourceArgs {
        SourceArgs { sim: None, replay: Some(self.path("hall.btsnoop")) }
    }

    fn play(&self) -> Result<Played, String> {
        let (site, book) = (Config::default().site(), self.path("logbook.db"));
        let played = playing::play(&self.source(), site, &book, &mut |_, _| {});
        played.map_err(|error| self.words(&error))
    }

    /// What `kiosk radio` writes, and how it fails.
    fn watch(&self, seconds: Option<u64>, form: Form) -> (String, Option<String>) {
        let args = RadioArgs { seconds, source: self.source(), ..RadioArgs::default() };
        let mut out = vec![];
        let done = radio::watch(&args, &Config::default(), Clock::at(MORNING), form, &mut out);
        (String::from_utf8(out).unwrap(), done.err().map(|error| self.words(&error)))
    }

    fn words(&self, error: &anyhow::Error) -> String {
        kiosk::command::in_words(error).replace(&self.directory.path().display().to_string(), "…")
    }
}

/// Two phones for three seconds, one of them again after two hours and both after five.
fn hours() -> Place {
    let mut events = vec![];
    for tenth in 0..30 {
        events.push((tenth * 100, phone(1)));
        events.push((tenth * 100 + 50, phone(2)));
    }
    events.push((HOUR_MS, COMPLETE.to_vec()));
    events.push((2 * HOUR_MS, phone(1)));
    events.push((5 * HOUR_MS, phone(1)));
    events.push((5 * HOUR_MS + 700, phone(2)));
    events.push((5 * HOUR_MS + 9_000, COMPLETE.to_vec()));
    Place::new(&events)
}

#[test]
fn a_capture_of_hours_is_played_to_its_end() {
    let place = hours();
    let played = place.play().unwrap();
    assert_eq!(played.rehearsal.adverts(), 63);
    let heard = played.capture.as_ref().unwrap();
    assert!(heard.failure.is_none(), "{:?}", heard.failure);
    let file = fs::File::open(place.path("hall.btsnoop")).unwrap();
    assert_eq!(heard.survey, Survey { records: 0, ..Survey::of(file).unwrap() });
    let found = &heard.survey.networks[&Network::Bluezone];
    assert_eq!((found.reports, found.ids, found.senders), (63, 2, 2));
    let page = summary::of(&played, &place.path("logbook.db"), &[]).unwrap();
    let (counted, _) = page.split_once("\nNothing of").unwrap();
    assert_snapshot!(counted, @r"
    Cơ quan – Cổng chính

    the capture was played to its end: 5 h 0 min
    63 adverts heard, answers to the scan among them
    ids in memory at the end: 2 of 4096 at most; pushed out while they were around: 0
    0 visits, 0 with an app seen running, 0 ended, 0 people inside
    the gate opened 0 times
    the book: 0 entries; the chain of 0 entries holds

    reports                     63
      in legacy events           0
      in extended events        63
      adverts                   63
      scan responses             0
        joined to their advert   0
      unreadable                 0
    addresses                    2

    bluezone                    63
      rolling id                63
      different ids              2
      different senders          2
    ");
}

#[test]
fn a_capture_that_breaks_off_is_played_up_to_there_and_that_is_said() {
    let place = hours();
    place.mar(|bytes| bytes.truncate(bytes.len() - 40));
    let played = place.play().unwrap();
    assert_eq!(played.rehearsal.adverts(), 62);
    let page = summary::of(&played, &place.path("logbook.db"), &[]).unwrap();
    let said = page.lines().find(|line| line.contains("NOT")).unwrap();
    assert_snapshot!(said, @"the capture was NOT played to its end, only 5 h 0 min of it: failed to read record 64: the file ends after 64 of its 73 bytes");

    let (shown, error) = place.watch(None, Form::Pages);
    assert!(shown.contains("all adverts                  1         62"), "{shown}");
    assert_snapshot!(error.unwrap(), @"replay …/hall.btsnoop: read record 64: the file ends after 64 of its 73 bytes");

    let file = place.path("given-away.btsnoop");
    let args = RecordArgs {
        file: file.clone(),
        minutes: None,
        megabytes: 100,
        raw: false,
        source: place.source(),
        config: None,
    };
    let mut out = vec![];
    let recorded = record::record(&args, &Config::default(), Clock::at(MORNING), &mut out);
    assert_snapshot!(place.words(&recorded.unwrap_err()), @"replay …/hall.btsnoop: read record 64: the file ends after 64 of its 73 bytes");
    let survey = Survey::of(fs::File::open(file).unwrap()).unwrap();
    assert_eq!((survey.reports, survey.broken), (62, None));
}

#[test]
fn a_capture_with_a_damaged_time_is_not_waited_for() {
    let place = Place::new(&[(0, phone(1)), (1_000, phone(2)), (400 * 24 * HOUR_MS, phone(1))]);
    let played = place.play().unwrap();
    assert_eq!(played.rehearsal.adverts(), 2);
    let page = summary::of(&played, &place.path("logbook.db"), &[]).unwrap();
    let said = page.lines().find(|line| line.contains("NOT")).unwrap();
    assert_snapshot!(said, @"the capture was NOT played to its end, only 1 s of it: failed to wait for the rest of it, which comes more than 7 days after the beginning: a time in it is damaged, or it is to be split");
}

#[test]
fn the_silences_of_a_capture_are_skipped_and_every_advert_counts() {
    let place = hours();
    let (shown, error) = place.watch(None, Form::Pages);
    assert_eq!(error, None);
    let times: Vec<_> = shown.lines().filter_map(|line| line.split_once("after ")).collect();
    let times: Vec<_> = times.iter().map(|(_, time)| *time).collect();
    assert_eq!(times, ["1 s", "2 s", "3 s", "7,200 s", "18,000 s", "18,001 s"]);
    let (_, last) = shown.rsplit_once("played again, ").unwrap();
    assert_snapshot!(last, @r"
    after 18,001 s

                 phones  adverts/s     so far   loudest  last heard
    bluezone          2          1         63   -60 dBm         now
    all adverts                  1         63

    damaged so far: 0
    skipped so far: 4 h 59 min in which the capture is silent
    nothing yet of gaen, dp3t, robert, token, sonar, herald, bluetrace
    ");

    let (lines, _) = place.watch(Some(5), Form::Lines);
    assert_eq!(lines.lines().count(), 5, "what is skipped is no time");
    assert_snapshot!(lines.lines().last().unwrap(), @r#"{"seconds":18000,"skipped_seconds":17995,"adverts_per_second":1,"adverts":62,"phones":1,"damaged":0,"zero_levels":0,"networks":{"bluezone":{"phones":1,"adverts_per_second":1,"adverts":62,"loudest_dbm":-60,"silent_seconds":0}},"source":"capture","trouble":null}"#);
}

#[test]
fn the_last_part_of_a_second_counts() {
    let events: Vec<_> = (0..3_000).map(|number| (number * 2, phone(1))).collect();
    let (lines, error) = Place::new(&events).watch(None, Form::Lines);
    assert_eq!((lines.lines().count(), error), (6, None));
    let seconds =
        lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let heard: Vec<_> = seconds.map(|line| line["adverts_per_second"].as_u64().unwrap()).collect();
    assert_eq!(heard.iter().sum::<u64>(), 3_000, "{heard:?}");
}

#[test]
fn what_cannot_be_heard_says_what_to_bring() {
    // As long as the type says it is, by chance, are some events of every file.
    let mut events = vec![(0, vec![0x3E, 62].into_iter().chain([0; 62]).collect())];
    events.extend((1..20).map(|second| (second * 1_000, phone(1))));
    let place = Place::new(&events);
    place.mar(|bytes| bytes[15] = 0xE9);
    let (shown, error) = place.watch(None, Form::Pages);
    assert!(shown.contains("all adverts                  0          0"), "{shown}");
    assert_snapshot!(error.unwrap(), @"replay …/hall.btsnoop: find HCI events in it: its 20 records are not of type 1001, as its header says (1001 is H1, 1002 H4, 2001 btmon's); take the capture anew");
    assert!(place.play().unwrap().capture.unwrap().failure.is_some());
    let mut counted = vec![];
    let args = SurveyArgs { file: place.path("hall.btsnoop"), json: false };
    survey::run(&args, &mut counted).unwrap();
    let counted = String::from_utf8(counted).unwrap();
    assert!(counted.contains("another type than its header says"), "{counted}");

    let place = Place::new(&[(0, COMPLETE.to_vec()), (5_000, COMPLETE.to_vec())]);
    assert_snapshot!(place.watch(None, Form::Pages).1.unwrap(), @"replay …/hall.btsnoop: find an advert in it: it has 2 HCI events of other kinds, so nothing scanned while it was taken; take it while `kiosk run` or `bluetoothctl scan on` scans");

    place.mar(|bytes| bytes.splice(..8, [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0]).for_each(drop));
    assert_snapshot!(place.watch(None, Form::Pages).1.unwrap(), @r#"replay …/hall.btsnoop: read a btsnoop file: it begins with other bytes; bring one as `btmon -w`, Android's "HCI snoop log" or `kiosk record` writes it (pcap is another kind)"#);
    assert_eq!(place.play().unwrap_err(), place.watch(None, Form::Pages).1.unwrap());
}
