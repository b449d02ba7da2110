//! The formats that are JSON.

use super::*;
use crate::domain::exposure::published::{BluezoneCase, MatchingKey};
use crate::domain::network::bluezone::SlotsPerDay;

const MIDNIGHT: i64 = 1_622_592_000;

fn info_f() -> String {
    let case = |key: &str, start: i64, max: &str, end: i64| {
        format!(
            "{{\"daily_key\":\"{key}\",\"time_start\":{start},{max}\"time_end\":{end},\"x\":[]}}"
        )
    };
    let key = "0A".repeat(32);
    let cases = [
        case(&key, MIDNIGHT, "\"max\":96,", MIDNIGHT + 86_400),
        case(&key.to_lowercase(), MIDNIGHT, "\"max\":144,", MIDNIGHT),
        case(&key, MIDNIGHT, "", MIDNIGHT + 400 * 86_400),
        // A digit short, no digit, a number that divides no day, times the wrong way round, no
        // midnight, longer than is followed.
        case(&key.replacen('0', "", 1), MIDNIGHT, "", MIDNIGHT),
        case(&"0G".repeat(32), MIDNIGHT, "", MIDNIGHT),
        case(&key, MIDNIGHT, "\"max\":97,", MIDNIGHT),
        case(&key, MIDNIGHT, "\"max\":-1,", MIDNIGHT),
        case(&key, MIDNIGHT, "\"max\":0,", MIDNIGHT),
        case(&key, MIDNIGHT, "", MIDNIGHT - 1),
        case(&key, MIDNIGHT + 1, "", MIDNIGHT + 2),
        case(&key, MIDNIGHT, "", MIDNIGHT + 400 * 86_400 + 1),
        case(&key, MIDNIGHT, "", i64::MAX),
    ];
    format!(" \n{{\"data\":[{}]}}", cases.join(","))
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("it is text")
}

#[test]
fn cases_are_read_from_any_of_the_three_layers() {
    let bare = info_f();
    let content = format!("{{\"FindGUID\":\"g\",\"Numberdays\":14,\"InfoF\":{}}}", quoted(&bare));
    let message =
        format!("{{\"Type\":\"t\",\"Notify\":\"{{}}\",\"DataContent\":{}}}", quoted(&content));
    for text in [&bare, &content, &message] {
        let (summary, keys) = taken(text.as_bytes()).expect("it is good");
        assert_eq!((summary.format, summary.signed), (Format::Bluezone, false));
        assert_eq!(summary.counts, Counts { taken: 3, revised: 0, skipped: 9 });
        let case = BluezoneCase {
            day_key: [0x0A; 32],
            begin: Wall(MIDNIGHT),
            end: Wall(MIDNIGHT + 86_400),
            slots: SlotsPerDay::DEFAULT,
        };
        assert!(keys[0] == PublishedKey::Bluezone(case));
        let second = BluezoneCase { end: Wall(MIDNIGHT), slots: SlotsPerDay::V2, ..case };
        assert!(keys[1] == PublishedKey::Bluezone(second));
    }
    let fourth = format!("{{\"DataContent\":{}}}", quoted(&message));
    assert!(matches!(refused(fourth.as_bytes()), PublishedError::Text { .. }));
}

#[test]
fn matching_keys_are_read_in_both_spellings() {
    let hex = "ff".repeat(32);
    let base64 = "//////////////////////////////////////////8=";
    let text = format!(
        "{{\"herald_matching_keys\":[{{\"key\":\"{hex}\",\"day\":\"2021-06-02\"}},
          {{\"key\":\"{base64}\",\"day\":\"2021-06-01\",\"by\":\"x\"}},
          {{\"key\":\"{base64}\",\"day\":\"2021-06-31\"}},
          {{\"key\":\"////\",\"day\":\"2021-06-01\"}}]}}"
    );
    let (summary, keys) = taken(text.as_bytes()).expect("it is good");
    assert_eq!(summary.format, Format::Herald);
    assert_eq!(summary.counts, Counts { taken: 2, revised: 0, skipped: 2 });
    let begin = Wall(MIDNIGHT);
    assert!(keys[0] == PublishedKey::Herald(MatchingKey { key: [0xFF; 32], begin }));
    let begin = Wall(MIDNIGHT - 86_400);
    assert!(keys[1] == PublishedKey::Herald(MatchingKey { key: [0xFF; 32], begin }));
}

/// By a clock in the past they would be passed over, and the file be taken for done.
#[test]
fn a_text_with_a_key_of_days_to_come_is_refused() {
    let key = "0A".repeat(32);
    let case = |day: i64| {
        let start = MIDNIGHT + day * 86_400;
        format!("{{\"daily_key\":\"{key}\",\"time_start\":{start},\"time_end\":{start}}}")
    };
    assert!(taken(format!("{{\"data\":[{},{}]}}", case(0), case(1)).as_bytes()).is_ok());
    let cases = format!("{{\"data\":[{},{}]}}", case(0), case(2));
    assert!(matches!(refused(cases.as_bytes()), PublishedError::Ahead));
    let day =
        format!("{{\"herald_matching_keys\":[{{\"key\":\"{key}\",\"day\":\"2021-06-04\"}}]}}");
    assert!(matches!(refused(day.as_bytes()), PublishedError::Ahead));
}

#[test]
fn text_that_is_something_else_is_refused_without_being_repeated() {
    let secret = "5EC3E7";
    let deep = format!("{{\"data\":{}", "[".repeat(100_000));
    for text in [
        format!("{{\"data\":[{{\"daily_key\":\"{secret}\""),
        format!("{{\"data\":[{{\"daily_key\":{{\"{secret}\":1}}}}]}}"),
        format!("{{\"data\":\"{secret}\"}}"),
        format!("{{\"data\":[],\"data\":[\"{secret}\"]}}"),
        format!("{{\"data\":[]}} {secret}"),
        format!("{{\"InfoF\":\"{secret}\"}}"),
        format!("{{\"InfoF\":7,\"{secret}\":7}}"),
        "{}}".to_owned(),
        "{".to_owned(),
        deep,
    ] {
        let error = refused(text.as_bytes());
        assert!(matches!(error, PublishedError::Text { .. }), "{error}");
        assert!(!error.to_string().contains(secret), "{error}");
    }
    assert!(matches!(refused(b"{\"name\":1}"), PublishedError::UnknownFormat));
}

#[test]
fn long_text_is_refused() {
    let long = format!("{{\"data\":[{}]}}", " ".repeat(4 << 20));
    let error = refused(long.as_bytes());
    assert!(matches!(error, PublishedError::TooLarge { .. }), "{error}");
    assert!(error.to_string().contains("more than 4 MiB"), "{error}");
}
