//! A visit: who came, to whom, what for, and what the kiosk saw of their phone.
//!
//! What identifies a person stands in [`Personal`], apart from [`VisitFacts`], because the two
//! are kept for different lengths of time: the person is erased, the visit still counts.

use std::fmt;

use super::badge::Badge;
use super::language::Language;
use super::moment::Wall;
use super::presence::Face;

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
#[derive(Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
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
            Face::Running(_) => PhoneSeen::Running,
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
    /// A tracing app was heard.
    Running,
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
