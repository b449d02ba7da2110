//! The place the kiosk stands at: what it is called, what is asked there, and the words offered.

use super::beacon::Setup;
use super::language::Language;
use super::moment::Zone;
use super::network::Network;
use super::venue::door::Venue;

/// The kind of site. It sets words, purposes and what is asked.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, Debug, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum SiteKind {
    /// A government office.
    #[default]
    Office,
    /// A hotel or guest house.
    Hotel,
    /// A market or shopping centre.
    Market,
}

/// A choice offered on the screen: what is written into the book, and how it reads elsewhere.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Choice {
    /// Vietnamese; this is what the book holds.
    pub vi: String,
    /// English; empty when it is the same.
    pub en: String,
    /// Lao; empty when it is the same.
    pub lo: String,
}

impl Choice {
    /// The words in `language`, or the Vietnamese ones where there are none.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        let words = match language {
            Language::Vietnamese => &self.vi,
            Language::English => &self.en,
            Language::Lao => &self.lo,
        };
        if words.is_empty() { &self.vi } else { words }
    }
}

/// What kind of phone it is, for the install code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PhoneMake {
    /// Android.
    Android,
    /// Apple's.
    Iphone,
}

/// Where the install code leads.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct InstallLinks {
    /// For a phone of either make.
    pub any: String,
    /// For Android, where it differs.
    pub android: Option<String>,
    /// For iPhones, where it differs.
    pub iphone: Option<String>,
}

impl InstallLinks {
    /// The link for a phone of this make; for one of which nothing is known, that for any.
    #[must_use]
    pub fn link(&self, make: Option<PhoneMake>) -> &str {
        let own = match make {
            Some(PhoneMake::Android) => self.android.as_deref(),
            Some(PhoneMake::Iphone) => self.iphone.as_deref(),
            None => None,
        };
        own.unwrap_or(&self.any)
    }

    /// Whether the make of the phone matters.
    #[must_use]
    pub const fn differ(&self) -> bool {
        self.android.is_some() || self.iphone.is_some()
    }
}

/// Everything about the place that the core needs. Made by the configuration.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the place")]
pub struct Site {
    /// What the place is called.
    pub name: String,
    /// What this door is called.
    pub door: String,
    /// The door's letter on badges.
    pub door_letter: char,
    /// The kind of site.
    pub kind: SiteKind,
    /// The zone of the clock on the wall.
    pub zone: Zone,
    /// Whom one comes to see, most wanted first.
    pub hosts: Vec<Choice>,
    /// What one comes for, most frequent first.
    pub purposes: Vec<Choice>,
    /// The networks that count as running.
    pub networks: Vec<Network>,
    /// The networks the kiosk itself joins.
    pub beacon: Setup,
    /// Where the install code leads.
    pub install: InstallLinks,
    /// The codes that visitors with a venue app scan.
    pub venue: Venue,
    /// After how many days a person is erased from the book.
    pub keep_personal_days: u16,
    /// After how many days what was heard of phones is deleted.
    pub keep_encounters_days: u16,
    /// Minutes after local midnight from which and until which it is night, and published keys are
    /// matched on every core. Where both are the same, it always is.
    pub match_minutes: (u16, u16),
    /// The version of the notice shown.
    pub notice_version: u16,
    /// Minutes after local midnight at which everybody still inside is signed out; `None` where
    /// people stay overnight.
    pub closing_sweep_minute: Option<u16>,
    /// Whether the visitor is asked for unit or address.
    pub ask_unit: bool,
    /// Whether the visitor is asked for a number plate.
    pub ask_plate: bool,
    /// Whether a motion sensor is fitted, so that the screen may go dark and be woken.
    pub motion_sensor: bool,
    /// Whether a reader for identity cards is fitted.
    pub card_reader: bool,
}
