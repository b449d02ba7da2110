//! Telling what a newer kiosk wrote from what a failing card has spoiled: the one is to be left alone,
//! the other saved.
//!
//! It looks at the outline of an entry only, and understands nothing of what it does not know.

use super::{ENTRY_VERSION, Wall};

/// The words in `kind` that this kiosk knows.
const KINDS: [&str; 13] = [
    "check_in",
    "update",
    "correction",
    "verdict",
    "check_out",
    "gate_opened",
    "expired",
    "erased",
    "forgotten",
    "overlap_opened",
    "exposures_exported",
    "history_published",
    "pins_chosen",
];

/// What every entry has, whichever kiosk wrote it.
#[derive(serde::Deserialize)]
struct Outline {
    v: u16,
    #[serde(rename = "wall")]
    _wall: Wall,
    #[serde(rename = "wall_trusted")]
    _wall_trusted: bool,
    event: Kind,
}

#[derive(serde::Deserialize)]
struct Kind {
    kind: String,
}

/// Whether these bytes are the public part of an entry that only a newer kiosk can read: of a later
/// version, or of a kind that is not known here.
#[must_use]
pub fn is_newer(public: &[u8]) -> bool {
    serde_json::from_slice(public).is_ok_and(|outline: Outline| {
        outline.v > ENTRY_VERSION || !KINDS.contains(&outline.event.kind.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::super::Event;
    use super::*;

    /// What serde says of a kind that is none lists all there are.
    #[test]
    fn every_kind_is_known() {
        let error = serde_json::from_str::<Event>(r#"{"kind":"weather"}"#).unwrap_err().to_string();
        let named: Vec<_> = error.split('`').skip(3).step_by(2).collect();
        assert_eq!(named, KINDS, "{error}");
    }

    #[test]
    fn a_later_version_or_another_kind_and_nothing_that_is_merely_broken() {
        let entry = |v: u16, event: &str| {
            is_newer(
                format!(r#"{{"event":{event},"v":{v},"wall":5,"wall_trusted":true}}"#).as_bytes(),
            )
        };
        assert!(entry(1, r#"{"kind":"weather","sky":"grey"}"#));
        assert!(entry(2, r#"{"kind":"gate_opened","by":"guard"}"#));
        for event in [r#"{"kind":"gate_opened"}"#, r#"{"kind":7}"#, "{}", "null"] {
            assert!(!entry(1, event), "{event}");
        }
        assert!(!is_newer(br#"{"event":{"kind":"weather"},"v":1}"#), "no entry at all");
        assert!(!is_newer(b""));
    }
}
