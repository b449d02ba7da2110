//! What the commands answer, as a person reads it.
#![expect(clippy::unwrap_used, reason = "helpers of tests stop at the first surprise")]

use std::fs;
use std::path::PathBuf;

use clap::{Args, Command, FromArgMatches};
use insta::assert_snapshot;
use kiosk::command::{decode, derive, survey};
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
    assert_snapshot!(shown, @"");
}

#[test]
fn exposure_notification_explained() {
    let words = ["02 01 1A", "03:03:6F:FD", "0x17166FFD8BE6CD371C5C891604BFBE49DF84509672033874"];
    assert_snapshot!(decode(&words).unwrap(), @"");
}

#[test]
fn an_iphone_explained() {
    let words = [
        "02011A 020A0C 110767A607ADD1172FA1C44BF573564E0000",
        "0BFF4C001006131A3F2B1C0A 14FF4C000108000000000000000000200000000000",
        "0909426C75651B5B7A6F",
    ];
    assert_snapshot!(decode(&words).unwrap(), @"");
}

#[test]
fn a_broken_advert_explained() {
    assert_snapshot!(decode(&["0303564E", "1AFF4C000215C7"]).unwrap(), @"");
}

#[test]
fn an_advert_explained_to_programs() {
    assert_snapshot!(decode(&["--json", "03036FFD 06166FFD010203 02"]).unwrap(), @"");
}

#[test]
fn misspelt_digits_are_pointed_at() {
    assert_snapshot!(decode(&["02", "01", "lA"]).unwrap_err(), @"");
}

const GAEN: [&str; 3] = ["gaen", "--key", "75c734c6dd1a782de7a965da5eb93125"];
const ZERO: &str = "0000000000000000000000000000000000000000000000000000000000000000";

#[test]
fn ids_derived() {
    let shown = derive(&["bluezone", "--key", ZERO, "--key-time", "0", "--at", "1252800"]).unwrap();
    assert_snapshot!(shown, @"");
    let shown =
        derive(&[&GAEN[..], &["--key-time", "1585785600", "--at", "1585786200"]].concat()).unwrap();
    assert_snapshot!(shown, @"");
}

#[test]
fn an_id_derived_for_programs() {
    let words = ["bluezone", "--key", ZERO, "--key-time", "0", "--at", "600", "--json"];
    assert_snapshot!(derive(&[&words[..], &["--slots-per-day", "144"]].concat()).unwrap(), @"");
}

#[test]
fn what_gives_no_id_says_why() {
    let refused = |words: &[&str]| derive(words).unwrap_err();
    let moments = ["--key-time", "1585785600", "--at", "1585872000"];
    assert_snapshot!(refused(&[&GAEN[..], &moments].concat()), @"");
    let slots = [&GAEN[..], &moments, &["--slots-per-day", "96"]].concat();
    assert_snapshot!(refused(&slots), @"");
    let slots = ["--key-time", "0", "--at", "0", "--slots-per-day", "100"];
    assert_snapshot!(refused(&[&["bluezone", "--key", ZERO][..], &slots].concat()), @"");
    assert_snapshot!(refused(&[&["gaen", "--key", ZERO][..], &moments].concat()), @"");
    let negative = ["--key-time", "0", "--at", "-1"];
    assert_snapshot!(refused(&[&GAEN[..], &negative].concat()), @"");
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
    for (report, at_us) in reports.iter().zip((0..).step_by(15_500_000)) {
        hci::encode(report, &mut event);
        writer.write_event(at_us, &event).unwrap();
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
    assert_snapshot!(shown, @"");
    for secret in ["010101", "01:01:01", "490C"] {
        assert!(!shown.contains(secret), "no address and no id");
    }
}

#[test]
fn a_capture_that_breaks_off_is_counted_up_to_there() {
    let (_directory, path) = capture(1);
    let shown = survey(path, false).unwrap();
    assert_snapshot!(shown.lines().last().unwrap(), @"");
}

#[test]
fn a_capture_counted_for_programs() {
    let (_directory, path) = capture(0);
    assert_snapshot!(survey(path, true).unwrap(), @"");
}

#[test]
fn another_file_is_refused_by_name() {
    let (directory, path) = capture(0);
    fs::write(&path, "#!/bin/sh").unwrap();
    let refused = |path| {
        let place = directory.path().display().to_string();
        survey(path, false).unwrap_err().replace(&place, "…")
    };
    assert_snapshot!(refused(path), @"");
    assert_snapshot!(refused(directory.path().join("none")), @"");
}
