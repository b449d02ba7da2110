//! The commands that listen, in a simulated street and on a clock moved by hand.
#![expect(clippy::unwrap_used, reason = "helpers of tests stop at the first surprise")]

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use insta::assert_snapshot;
use kiosk::clock::Clock;
use kiosk::command::radio::{self, Form, RadioArgs};
use kiosk::command::record::{self, RecordArgs};
use kiosk::command::source::{SceneName, SourceArgs};
use kiosk::command::survey::Survey;
use kiosk::config::Config;
use kiosk::domain::moment::Wall;

/// 2026-03-02T08:00:00 in Viet Nam, a Monday.
const MORNING: Wall = Wall(1_772_413_200);

fn in_the(scene: SceneName) -> SourceArgs {
    SourceArgs { sim: Some(scene), replay: None }
}

fn recorded(args: &RecordArgs) -> Result<String, String> {
    let mut out = vec![];
    let done = record::record(args, &Config::default(), Clock::at(MORNING), &mut out);
    done.map(|()| String::from_utf8(out).unwrap()).map_err(|error| format!("{error:#}"))
}

fn to_record(file: PathBuf) -> RecordArgs {
    let source = in_the(SceneName::Crowd);
    RecordArgs { file, minutes: Some(2), megabytes: 100, raw: false, source, config: None }
}

#[test]
fn a_crowd_recorded_with_and_without_pseudonyms_counts_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let [given_away, kept] = ["given-away", "kept"].map(|name| directory.path().join(name));
    let shown = recorded(&to_record(given_away.clone())).unwrap();
    let place = directory.path().display().to_string();
    assert_snapshot!(shown.replace(&place, "…"), @r"
    recording a simulated street into …/given-away; Ctrl-C ends it
    the time is over: 6,504 events in 2 min 0 s
    addresses and ids were replaced, and names blanked
    to count what is in it: kiosk survey …/given-away
    ");
    let raw = RecordArgs { raw: true, ..to_record(kept.clone()) };
    let shown = recorded(&raw).unwrap();
    assert!(shown.starts_with("warning: ") && shown.contains("keep it to yourself"), "{shown}");
    let surveys = [&given_away, &kept].map(|path| Survey::of(File::open(path).unwrap()).unwrap());
    assert_eq!(surveys[0], surveys[1]);
    assert!(surveys[0].addresses > 30, "{}", surveys[0].addresses);
    let files = [&given_away, &kept].map(|path| fs::read(path).unwrap());
    assert_eq!(files[0].len(), files[1].len());
    assert_ne!(files[0], files[1]);
    let mode = fs::metadata(&given_away).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "for nobody else to read");
}

#[test]
fn two_recordings_of_one_street_cannot_be_joined() {
    let directory = tempfile::tempdir().unwrap();
    let files = ["one", "two"].map(|name| directory.path().join(name));
    for file in &files {
        recorded(&RecordArgs { minutes: Some(1), ..to_record(file.clone()) }).unwrap();
    }
    let [one, two] = files.map(|file| fs::read(file).unwrap());
    assert_eq!(one.len(), two.len());
    assert_ne!(one, two, "the key is another one");
}

#[test]
fn a_file_that_is_there_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("there.btsnoop");
    fs::write(&file, "mine").unwrap();
    let refused = recorded(&to_record(file.clone())).unwrap_err();
    assert!(refused.ends_with("there.btsnoop: it exists already; name another file"), "{refused}");
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}

#[test]
fn a_full_file_ends_the_recording_and_is_whole() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("full.btsnoop");
    let args = RecordArgs { minutes: Some(60), megabytes: 1, ..to_record(file.clone()) };
    let shown = recorded(&args).unwrap();
    assert!(shown.contains("the file is full: "), "{shown}");
    let bytes = fs::metadata(&file).unwrap().len();
    assert!((999_700..=1_000_000).contains(&bytes), "{bytes}");
    assert_eq!(Survey::of(File::open(&file).unwrap()).unwrap().broken, None);
}

#[cfg(not(feature = "bluetooth"))]
#[test]
fn a_build_without_a_radio_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("nothing.btsnoop");
    let source = SourceArgs::default();
    let refused = recorded(&RecordArgs { source, ..to_record(file.clone()) }).unwrap_err();
    assert_snapshot!(refused, @"listen with hci0: this build hears only with --sim or --replay");
    assert!(!file.exists());
}

#[test]
fn a_script_cannot_be_watched() {
    let script = RadioArgs { source: in_the(SceneName::Morning), ..RadioArgs::default() };
    let refused = watched(&script, Form::Pages).unwrap_err();
    assert_snapshot!(refused, @"listen to the morning: it is a script with hands of its own; use run --headless");
}

fn watched(args: &RadioArgs, form: Form) -> Result<String, String> {
    let mut out = vec![];
    let done = radio::watch(args, &Config::default(), Clock::at(MORNING), form, &mut out);
    done.map(|()| String::from_utf8(out).unwrap()).map_err(|error| format!("{error:#}"))
}

#[test]
fn a_crowd_watched() {
    let source = in_the(SceneName::Crowd);
    let args = RadioArgs { seconds: Some(40), source, ..RadioArgs::default() };
    let pages = watched(&args, Form::Pages).unwrap();
    assert_eq!(pages.matches("after ").count(), 40);
    let (_, last) = pages.rsplit_once("a simulated street, ").unwrap();
    assert_snapshot!(last, @r"
    after 40 s

                 phones  adverts/s     so far   loudest  last heard
    bluezone          4         39        645   -61 dBm         now
    gaen              3         11        201   -78 dBm         now
    all adverts                 60      1,066

    damaged so far: 0
    nothing yet of dp3t, robert, token, sonar, herald, bluetrace
    ");
    let screen = watched(&args, Form::Screen).unwrap();
    assert_eq!(screen.matches("\x1B[H\x1B[J").count(), 40, "drawn over the last one");
}

#[test]
fn a_crowd_watched_by_a_program() {
    let source = in_the(SceneName::Crowd);
    let args = RadioArgs { seconds: Some(3), source, ..RadioArgs::default() };
    let lines = watched(&args, Form::Lines).unwrap();
    assert_eq!(lines.lines().count(), 3);
    assert_snapshot!(lines.lines().last().unwrap(), @r#"{"seconds":3,"skipped_seconds":0,"adverts_per_second":20,"adverts":41,"phones":2,"damaged":0,"zero_levels":0,"networks":{"bluezone":{"phones":2,"adverts_per_second":19,"adverts":39,"loudest_dbm":-73,"silent_seconds":0}},"source":"simulated","trouble":null}"#);
}
