//! What the commands answer, as a person reads it.
#![expect(clippy::unwrap_used, reason = "helpers of tests stop at the first surprise")]

use std::fs;
use std::path::PathBuf;

use clap::{Args, Command, FromArgMatches};
use insta::assert_snapshot;
use kiosk::command::{decode, derive, eval, survey};
use kiosk::domain::advert::{Address, Dbm};
use kiosk::radio::btsnoop::{Datalink, Writer};
use kiosk::radio::hci::{self, DataStatus, Form, Kind, NO_SET, Report};

/// The arguments as typed after the command's name.
fn typed<A: Args + FromArgMatches>(words: &[&str]) -> A {
    let command = A::augment_args(Command::new("kiosk").no_binary_name(true));
    A::from_arg_matches(&command.try_get_matches_from(words).unwrap()).unwrap()
}

fn decode(words: &[&str]) -> Result<String, String> {
    let mut out = vec![];
    let done = decode::run(&typed(words), &mut out);
    done.map(|()| String::from_utf8(out).unwrap()).map_err(|error| format!("{error:#}"))
}

fn derive(words: &[&str]) -> Result<String, String> {
    let mut out = vec![];
    let done = derive::run(&typed(words), &mut out);
    done.map(|()| String::from_utf8(out).unwrap()).map_err(|error| format!("{error:#}"))
}

fn survey(file: PathBuf, json: bool) -> Result<String, String> {
    let mut out = vec![];
    let done = survey::run(&survey::SurveyArgs { file, json }, &mut out);
    done.map(|()| String::from_utf8(out).unwrap()).map_err(|error| format!("{error:#}"))
}

#[test]
fn an_android_phone_explained() {
    let shown = decode(&["0201020FFFB522490C085D937456A4DD07E7100303564E"]).unwrap();
    assert_snapshot!(shown, @r"
    23 bytes, 3 AD structures

      01  flags                 02 discoverable
      FF  manufacturer data     22B5 (Bluezone, Android): 490C085D937456A4DD07E710
      03  16-bit services, all  4E56 (Bluezone, Android)

    bluezone  rolling id 490C085D937456A4DD07E710
    nothing to gaen, dp3t, robert, token, sonar, herald, bluetrace
    ");
}

#[test]
fn exposure_notification_explained() {
    let words = ["02 01 1A", "03:03:6F:FD", "0x17166FFD8BE6CD371C5C891604BFBE49DF84509672033874"];
    assert_snapshot!(decode(&words).unwrap(), @r"
    31 bytes, 3 AD structures

      01  flags                 1A discoverable, classic Bluetooth too (controller), classic Bluetooth too (host)
      03  16-bit services, all  FD6F (Exposure Notification)
      16  service data          FD6F (Exposure Notification): 8BE6CD371C5C891604BFBE49DF84509672033874

    gaen  rolling id 8BE6CD371C5C891604BFBE49DF845096
    nothing to bluezone, dp3t, robert, token, sonar, herald, bluetrace
    ");
}

#[test]
fn an_iphone_explained() {
    let words = [
        "02011A 020A0C 110767A607ADD1172FA1C44BF573564E0000",
        "0BFF4C001006131A3F2B1C0A 14FF4C000108000000000000000000200000000000",
        "0909426C75651B5B7A6F",
    ];
    assert_snapshot!(decode(&words).unwrap(), @r#"
    67 bytes, 6 AD structures

      01  flags                  1A discoverable, classic Bluetooth too (controller), classic Bluetooth too (host)
      0A  TX power               12 dBm
      07  128-bit services, all  00004E56-73F5-4BC4-A12F-17D1AD07A667 (Bluezone, iPhone)
      FF  manufacturer data      004C (Apple): message 10 131A3F2B1C0A
      FF  manufacturer data      004C (Apple): services in the background, bits 3 (as Bluezone, iPhone), 85 (as Herald before 2.1)
      09  name                   "Blue\u{1b}[zo"

    bluezone  app there, id only on request
    herald    perhaps an iPhone, app in the background
    nothing to gaen, dp3t, robert, token, sonar, bluetrace
    "#);
}

#[test]
fn a_broken_advert_explained() {
    assert_snapshot!(decode(&["0303564E", "1AFF4C000215C7"]).unwrap(), @r"
    11 bytes, 1 AD structure

      03  16-bit services, all  4E56 (Bluezone, Android)
      !   the last structure promises 26 bytes, and 6 are left

    bluezone  failed to read the id: the service is there, but the bytes of the id are not
    nothing to gaen, dp3t, robert, token, sonar, herald, bluetrace
    ");
}

#[test]
fn an_advert_explained_to_programs() {
    let shown = decode(&["--json", "03036FFD 06166FFD010203 02"]).unwrap();
    let (shown, others) = shown.split_once("    {\n      \"network\": \"dp3t\"").unwrap();
    assert_eq!(others.matches("\"network\"").count(), 5);
    assert_snapshot!(shown, @r#"
    {
      "bytes": 12,
      "structures": [
        {
          "ad_type": 3,
          "name": "16-bit services, all",
          "payload": "6FFD",
          "meaning": "FD6F (Exposure Notification)"
        },
        {
          "ad_type": 22,
          "name": "service data",
          "payload": "6FFD010203",
          "meaning": "FD6F (Exposure Notification): 010203"
        }
      ],
      "error": "the last structure promises 2 bytes, and 0 are left",
      "networks": [
        {
          "network": "bluezone",
          "form": null,
          "id": null,
          "tx_power_dbm": null,
          "error": null
        },
        {
          "network": "gaen",
          "form": null,
          "id": null,
          "tx_power_dbm": null,
          "error": "read the id: it has 3 bytes, and needs 16 to 24"
        },
    "#);
}

#[test]
fn misspelt_digits_are_pointed_at() {
    assert_snapshot!(decode(&["02", "01", "lA"]).unwrap_err(), @r"
    read the hex digits: 'l' is not one of 0 to 9 and A to F
      02 01 lA
            ^
    ");
}

const GAEN: [&str; 3] = ["gaen", "--key", "75c734c6dd1a782de7a965da5eb93125"];
const ZERO: &str = "0000000000000000000000000000000000000000000000000000000000000000";

#[test]
fn ids_derived() {
    let shown = derive(&["bluezone", "--key", ZERO, "--key-time", "0", "--at", "1252800"]).unwrap();
    assert_snapshot!(shown, @r"
    bluezone id  67F28A935CACEB1A5DCEDBDB
    from         1970-01-15 12:00:00 UTC, which is 1252800
    until        1970-01-15 12:15:00 UTC, which is 1253700
    ");
    let shown =
        derive(&[&GAEN[..], &["--key-time", "1585785600", "--at", "1585786200"]].concat()).unwrap();
    assert_snapshot!(shown, @r"
    gaen id  3C9A1DE5DD6B02AFA7FDED7B570B3E56
    from     2020-04-02 00:10:00 UTC, which is 1585786200
    until    2020-04-02 00:20:00 UTC, which is 1585786800
    ");
}

#[test]
fn an_id_derived_for_programs() {
    let words = ["bluezone", "--key", ZERO, "--key-time", "0", "--at", "600", "--json"];
    assert_snapshot!(derive(&[&words[..], &["--slots-per-day", "144"]].concat()).unwrap(), @r#"
    {
      "network": "bluezone",
      "id": "CC4111FEC540C346EC6A053F",
      "begin": 600,
      "end": 1200
    }
    "#);
}

#[test]
fn what_gives_no_id_says_why() {
    let refused = |words: &[&str]| derive(words).unwrap_err();
    let moments = ["--key-time", "1585785600", "--at", "1585872000"];
    assert_snapshot!(refused(&[&GAEN[..], &moments].concat()), @"derive an id for 1585872000: with this key only ids before 1585872000 are known");
    let slots = [&GAEN[..], &moments, &["--slots-per-day", "96"]].concat();
    assert_snapshot!(refused(&slots), @"use --slots-per-day: it differs only in bluezone; leave it out for gaen");
    let slots = ["--key-time", "0", "--at", "0", "--slots-per-day", "95"];
    assert_snapshot!(refused(&[&["bluezone", "--key", ZERO][..], &slots].concat()), @"divide a day into 95 slots: it must divide 86,400 and be 1 to 1,440, such as 96");
    assert_snapshot!(refused(&[&["gaen", "--key", ZERO][..], &moments].concat()), @"use the key: gaen needs 16 bytes (32 hex digits), and it has 32");
    assert_snapshot!(refused(&[&["dp3t", "--key", ZERO][..], &moments].concat()), @"derive an id of dp3t: a phone uses the ids of a day in an order of its own; use bluezone, gaen or herald");
    let negative = ["--key-time", "0", "--at", "-1"];
    assert_snapshot!(refused(&[&GAEN[..], &negative].concat()), @"use -1 as seconds since 1970: it must be 0 to 253402300799");
}

/// A capture of two phones and one damaged event, in a directory that goes away.
fn capture(cut: usize) -> (tempfile::TempDir, PathBuf) {
    let android = [
        15, 0xFF, 0xB5, 0x22, 0x49, 0x0C, 8, 0x5D, 0x93, 0x74, 0x56, 0xA4, 0xDD, 7, 0xE7, 0x10, 3,
        3, 0x56, 0x4E,
    ];
    let mut overflow = [0; 21];
    overflow[..6].copy_from_slice(&[20, 0xFF, 0x4C, 0, 1, 8]);
    let report = |sender, kind, data| Report {
        form: Form::Extended,
        kind,
        address: Address { bytes: [sender; 6], random: true },
        rssi: Some(Dbm(-60)),
        connectable: true,
        scannable: true,
        legacy: true,
        set: NO_SET,
        status: DataStatus::Complete,
        data,
    };
    let reports = [
        report(1, Kind::Advert, &android[..]),
        report(2, Kind::Advert, &[2, 1, 0x1A]),
        report(2, Kind::ScanResponse, &overflow),
        report(1, Kind::Advert, &android),
        report(1, Kind::Advert, &android[16..]),
        report(3, Kind::Advert, &[9, 9]),
    ];
    let mut writer = Writer::new(vec![], Datalink::H4).unwrap();
    let mut event = vec![];
    for (report, at_ms) in reports.iter().zip([0, 100, 120, 900, 1_800, 77_000]) {
        hci::encode(report, &mut event);
        writer.write_event(at_ms * 1_000, &event).unwrap();
    }
    writer.write_event(90_000_000, &[0x3E, 9, 2]).unwrap();
    let mut file = writer.finish().unwrap();
    file.truncate(file.len() - cut);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("hall.btsnoop");
    fs::write(&path, file).unwrap();
    (directory, path)
}

#[test]
fn a_capture_counted() {
    let (_directory, path) = capture(0);
    let shown = survey(path, false).unwrap();
    assert_snapshot!(shown, @r"
    1 min 17 s in 7 records

    reports                                     6
      in legacy events                          0
      in extended events                        6
      adverts                                   5
      scan responses                            1
        joined to their advert                  1
      unreadable                                1
    addresses                                   3

    bluezone                                    3
      rolling id                                2
      perhaps an iPhone, app in the background  1
      damaged                                   1
      different ids                             1
      different senders                         2

    Nothing of gaen, dp3t, robert, token, sonar, herald, bluetrace.

    Not counted, because unreadable: 1 event.
    ");
    for secret in ["010101", "01:01:01", "490C"] {
        assert!(!shown.contains(secret), "no address and no id");
    }
}

#[test]
fn a_capture_that_breaks_off_is_counted_up_to_there() {
    let (_directory, path) = capture(1);
    let shown = survey(path, false).unwrap();
    assert_snapshot!(shown.lines().last().unwrap(), @"The numbers are of what lies before the break: failed to read record 7: the file ends after 27 of its 28 bytes.");
}

#[test]
fn a_capture_counted_for_programs() {
    let (_directory, path) = capture(0);
    let shown = survey(path, true).unwrap();
    let (shown, others) = shown.split_once("    \"gaen\"").unwrap();
    assert_eq!(others.matches("\"forms\": {}").count(), 7);
    assert!(others.ends_with("  \"broken\": null\n}\n"), "{others}");
    assert_snapshot!(shown, @r#"
    {
      "records": 7,
      "events_unreadable": 1,
      "reports": 6,
      "reports_legacy": 0,
      "reports_extended": 6,
      "adverts": 5,
      "scan_responses": 1,
      "scan_responses_joined": 1,
      "adverts_unreadable": 1,
      "addresses": 3,
      "seconds": 77,
      "networks": {
        "bluezone": {
          "reports": 3,
          "ids": 1,
          "senders": 2,
          "forms": {
            "rolling_id": 2,
            "hint": 1,
            "damaged": 1
          }
        },
    "#);
}

#[test]
fn another_file_is_refused_by_name() {
    let (directory, path) = capture(0);
    fs::write(&path, "#!/bin/sh").unwrap();
    let refused = |path| {
        let place = directory.path().display().to_string();
        survey(path, false).unwrap_err().replace(&place, "…")
    };
    assert_snapshot!(refused(path), @r#"survey …/hall.btsnoop: read a btsnoop file: it begins with other bytes; bring one as `btmon -w`, Android's "HCI snoop log" or `kiosk record` writes it (pcap is another kind)"#);
    assert_snapshot!(refused(directory.path().join("none")), @"open …/none: No such file or directory (os error 2)");
}

/// Eight scenes: a phone steps up to the desk, or only a bystander stands there.
fn scenes() -> String {
    (0..8).map(|id| {
        let app = id % 2 == 0;
        let level = |ms: i32| if app && ms > -2_000 { -60 } else { -90 };
        let packets: Vec<_> = (-66..16)
            .map(|turn| turn * 300)
            .map(|ms| format!(r#"[{ms},"2e3b45a69314",0,{}]"#, level(ms)))
            .collect();
        let kind = if app { "user" } else { "queue" };
        format!(
            r#"{{"id":{id},"app":{app},"packets":[{}],"labels":{{"2e3b45a69314":{{"kind":"{kind}","pop":"android","d":0.4}}}}}}"#,
            packets.join(",")
        ) + "\n"
    }).collect()
}

fn evaluated(text: &str, words: &[&str]) -> Result<String, String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("scenes.jsonl");
    fs::write(&path, text).unwrap();
    let file = path.to_str().unwrap();
    let mut out = vec![];
    let done = eval::presence(&typed(&[&[file], words].concat()), &mut out);
    done.map(|()| String::from_utf8(out).unwrap())
        .map_err(|error| format!("{error:#}").replace(file, "FILE"))
}

#[test]
fn scenes_evaluated() {
    let shown = evaluated(&scenes(), &[]).unwrap();
    assert!(shown.starts_with("4 scenes with the app, 4 scenes without\n"), "{shown}");
    for line in [
        "  after 3 s, 1 %  100.0 % (51.0 to 100.0), 4 of 4\n",
        "  listening, after 3 s, found            100.0 % (51.0 to 100.0), 4 of 4\n",
        "  listening, after 3 s, wrongly found    0.0 % (0.0 to 49.0), 0 of 4\n",
    ] {
        assert!(shown.contains(line), "{line}{shown}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&evaluated(&scenes(), &["--json"]).unwrap()).unwrap();
    assert_eq!(json["horizons"][2]["tpr_at_1_percent"]["share"], 1.0);
    assert_eq!(json["scenes"].as_array().unwrap().len(), 8);
    let tapped = evaluated(&scenes(), &["--tap"]).unwrap();
    assert!(tapped.contains("  tap, after 2 s, found"), "{tapped}");
    assert!(tapped.contains("  30 s after the touch, green  "), "{tapped}");
}

#[test]
fn scenes_that_are_none() {
    let error = evaluated(&format!("{}no scene\n", scenes()), &[]).unwrap_err();
    assert_eq!(error, "evaluate FILE: understand line 9: expected ident, in column 2");
    assert_eq!(
        evaluated("", &[]).unwrap_err(),
        "evaluate FILE: find a scene in it: it has no lines"
    );
}
