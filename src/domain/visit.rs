//! A visit: who came, to whom, what for, and what the kiosk saw of their phone.
//!
//! What identifies a person stands in [`Personal`], apart from [`VisitFacts`], because the two
//! are kept for different lengths of time: the person is erased, the visit still counts.

use std::fmt;

use super::badge::Badge;
use super::language::Language;
use super::moment::Wall;
use super::presence::{Face, Sureness};

/// The number of a visit, counted from 1 since the book was begun, never used twice.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Debug,
    Default,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct VisitId(pub u32);

/// What identifies a visitor, and what they told about their errand in their own words. Erased
/// after the retention period; `Debug` shows nothing of it.
///
/// A field that a former kiosk did not know is empty. One that is new raises
/// [`ENTRY_VERSION`](super::logbook::ENTRY_VERSION), so that an older kiosk does not take it for damage.
#[derive(Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Personal {
    /// Full name as typed, NFC.
    pub name: String,
    /// Phone number, digits only; empty when not given.
    pub phone: String,
    /// The visitor's unit, or the address they come from; empty when not given.
    pub unit: String,
    /// Whom or which office they come to see.
    pub host: String,
    /// What for.
    pub purpose: String,
    /// Number plate, empty when not given.
    pub plate: String,
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(…)")
    }
}

/// What is kept of a visit when the person has been erased.
///
/// A field that is new has a `#[serde(default)]`, so that the visits of former kiosks can be read, and
/// raises [`ENTRY_VERSION`](super::logbook::ENTRY_VERSION).
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitFacts {
    /// The visit's number.
    pub visit: VisitId,
    /// The number the visitor was given.
    pub badge: Badge,
    /// People with the visitor, the visitor not counted.
    pub companions: u8,
    /// The face of the bar when the visit was written.
    pub face: Face,
    /// Whether the install screen was shown.
    pub install_shown: bool,
    /// Whether the visitor says to have no smartphone.
    pub no_phone: bool,
    /// The language of the screens.
    pub language: Language,
    /// The version of the notice that was shown.
    pub notice_version: u16,
    /// Whether the guard wrote the visitor down.
    pub by_guard: bool,
}

impl VisitFacts {
    /// What the book says about the visitor's phone.
    #[must_use]
    pub const fn phone_seen(&self) -> PhoneSeen {
        match self.face {
            Face::Running(Sureness::Confirmed) => PhoneSeen::Running,
            Face::Running(Sureness::Probable) => PhoneSeen::Probable,
            _ if self.no_phone => PhoneSeen::NoPhone,
            _ if self.install_shown => PhoneSeen::Guided,
            Face::RadioUnwell => PhoneSeen::RadioUnwell,
            Face::Looking | Face::TapHere | Face::NotSeenYet => PhoneSeen::NotSeen,
        }
    }
}

/// What the book says about a visitor's phone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneSeen {
    /// The id of a tracing app was heard.
    Running,
    /// The form of the adverts speaks for a tracing app; its id was not read.
    Probable,
    /// The install screen was shown.
    Guided,
    /// The visitor says to have no smartphone.
    NoPhone,
    /// Nothing was heard.
    NotSeen,
    /// The radio was unwell.
    RadioUnwell,
}

/// How a visit ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leaving {
    /// The visitor signed out at the kiosk.
    Visitor,
    /// The guard sent them out.
    Guard,
    /// The kiosk did, because nobody had: in the closing sweep, or when the visit had lasted as long
    /// as persons are kept.
    ClosingSweep,
}

/// Somebody who is inside, as the roster knows them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visit {
    /// What is kept.
    pub facts: VisitFacts,
    /// Who it is; `None` once erased.
    pub personal: Option<Personal>,
    /// When they came.
    pub entered: Wall,
    /// Whether somebody vouched for `entered`.
    pub entered_trusted: bool,
    /// The sequence number of the entry that holds the personal part in force.
    pub seq: u64,
}

#[cfg(test)]
mod tests {
    use super::super::logbook::canonical;
    use super::*;

    /// As the first kiosks wrote them. They stand in books that are to be read for good.
    const FACTS: &str = r#"{"badge":{"door":"A","number":28},"by_guard":false,"companions":2,"face":{"running":"confirmed"},"install_shown":false,"language":"vi","no_phone":false,"notice_version":1,"visit":7}"#;
    const PERSONAL: &str = r#"{"host":"Phòng Một cửa","name":"Lê Văn Thử","phone":"0900000111","plate":"","purpose":"Nộp hồ sơ","unit":""}"#;

    #[test]
    fn what_the_first_kiosks_wrote_is_read() {
        let facts: VisitFacts = serde_json::from_str(FACTS).unwrap();
        assert_eq!((facts.visit, facts.companions), (VisitId(7), 2));
        assert_eq!(facts.face, Face::Running(Sureness::Confirmed));
        let personal: Personal = serde_json::from_str(PERSONAL).unwrap();
        assert_eq!(
            (personal.name.as_str(), personal.host.as_str()),
            ("Lê Văn Thử", "Phòng Một cửa")
        );
    }

    #[test]
    fn a_field_that_was_not_known_then_is_empty_and_an_unknown_one_is_refused() {
        let personal: Personal = serde_json::from_str(r#"{"name":"Lê Văn Thử"}"#).unwrap();
        assert_eq!((personal.name.as_str(), personal.plate.as_str()), ("Lê Văn Thử", ""));
        assert!(serde_json::from_str::<Personal>(r#"{"name":"Lê","age":"7"}"#).is_err());
    }

    #[test]
    fn what_is_likely_is_not_said_to_be_so() {
        let facts: VisitFacts = serde_json::from_str(FACTS).unwrap();
        assert_eq!(facts.phone_seen(), PhoneSeen::Running);
        let likely = Face::Running(Sureness::Probable);
        for (face, no_phone, seen) in [
            (likely, false, PhoneSeen::Probable),
            (likely, true, PhoneSeen::Probable),
            (Face::NotSeenYet, true, PhoneSeen::NoPhone),
            (Face::NotSeenYet, false, PhoneSeen::NotSeen),
        ] {
            assert_eq!(VisitFacts { face, no_phone, ..facts }.phone_seen(), seen);
        }
    }

    #[test]
    fn one_spelling() {
        for (kept, again) in [
            (FACTS, canonical(&serde_json::from_str::<VisitFacts>(FACTS).unwrap())),
            (PERSONAL, canonical(&serde_json::from_str::<Personal>(PERSONAL).unwrap())),
        ] {
            assert_eq!(String::from_utf8(again.unwrap()).unwrap(), kept);
        }
    }
}
