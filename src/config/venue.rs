//! The section `[venue]`: the codes that visitors with a venue app scan at this door. None is shown
//! unless it is switched on here.
//!
//! What is in a code, [`crate::domain::venue`] says.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{self, Unexpected};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::value;
use crate::domain::site::SiteKind;
use crate::domain::venue::code::{CoronaWarn, PlaceKind};
use crate::domain::venue::crowd_notifier::PublicKey;
use crate::domain::venue::door::{Place, Scheme, Venue};

/// Two lines of this length make a code of at most 97 modules, its quiet zone counted: 3 pixels
/// each on the smallest screen (800 × 480, whose card leaves 302).
const LONGEST_LINE_BYTES: usize = 100;

/// What can be set about them.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct VenueSection {
    #[serde(deserialize_with = "codes")]
    codes: Spanned<Vec<Scheme>>,
    new_code_daily: bool,
    #[serde(deserialize_with = "line")]
    description: Option<String>,
    #[serde(deserialize_with = "line")]
    address: Option<String>,
    kind: Option<PlaceKind>,
    #[serde(deserialize_with = "value::within::<_, _, 1, 1440>")]
    check_in_minutes: u16,
    #[serde(deserialize_with = "public_key")]
    crowd_notifier_key: Option<PublicKey>,
}

impl Default for VenueSection {
    fn default() -> Self {
        Self {
            codes: Spanned::new(0..0, Vec::new()),
            new_code_daily: true,
            description: None,
            address: None,
            kind: None,
            check_in_minutes: 60,
            crowd_notifier_key: None,
        }
    }
}

impl VenueSection {
    /// The codes; `name` and `door` stand for what is not set.
    pub(super) fn venue(&self, kind: SiteKind, name: &str, door: &str) -> Venue {
        let shows = |scheme| self.codes.get_ref().contains(&scheme);
        let corona_warn = CoronaWarn {
            kind: self.kind.unwrap_or(match kind {
                SiteKind::Office => PlaceKind::PublicBuilding,
                SiteKind::Hotel => PlaceKind::Other,
                SiteKind::Market => PlaceKind::Retail,
            }),
            default_minutes: self.check_in_minutes,
        };
        let words = |set: &Option<String>, usual: &str| match set {
            Some(words) => words.clone(),
            None => up_to(usual, LONGEST_LINE_BYTES),
        };
        Venue {
            place: Place {
                description: words(&self.description, name),
                address: words(&self.address, door),
            },
            corona_warn: shows(Scheme::CoronaWarnApp).then_some(corona_warn),
            crowd_notifier: self.crowd_notifier_key.filter(|_| shows(Scheme::CrowdNotifier)),
            rotates_daily: self.new_code_daily,
            secret: None,
        }
    }

    /// What a code that is wanted still lacks, and where it is wanted.
    pub(super) fn lacking(&self) -> Option<(Range<usize>, String)> {
        let wanted = self.codes.get_ref().contains(&Scheme::CrowdNotifier);
        (wanted && self.crowd_notifier_key.is_none()).then(|| {
            let remedy = "\"crowd-notifier\" needs the authority's public key in \
                          crowd_notifier_key; without one, take it out of the list";
            (self.codes.span(), remedy.to_owned())
        })
    }
}

fn codes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Spanned<Vec<Scheme>>, D::Error> {
    let codes = Spanned::<Vec<Scheme>>::deserialize(deserializer)?;
    let list = codes.get_ref();
    let each_once =
        list.iter().enumerate().all(|(i, code)| !list.iter().take(i).any(|c| c == code));
    if each_once {
        return Ok(codes);
    }
    Err(de::Error::invalid_value(Unexpected::Seq, &"a list that has each of them once"))
}

fn line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let line = value::name(deserializer)?;
    if line.len() <= LONGEST_LINE_BYTES {
        return Ok(Some(line));
    }
    let expected = "shorter: with its marks it takes more than 100 bytes of the code";
    Err(de::Error::invalid_value(Unexpected::Str(&line), &expected))
}

fn public_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PublicKey>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    let url_safe = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
    let bytes = URL_SAFE_NO_PAD.decode(url_safe).ok();
    let key = bytes.and_then(|bytes| bytes.try_into().ok()).map(PublicKey);
    key.map(Some).ok_or_else(|| {
        de::Error::invalid_value(Unexpected::Str(&text), &"96 bytes in base64, or \"\" for none")
    })
}

/// The letters from the beginning that take no more than so many bytes.
fn up_to(text: &str, bytes: usize) -> String {
    let mut kept = String::new();
    for letter in text.chars() {
        if kept.len() + letter.len_utf8() > bytes {
            break;
        }
        kept.push(letter);
    }
    kept
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::civil::date;

    use super::*;
    use crate::config::Config;
    use crate::domain::moment::Zone;
    use crate::domain::venue::door::VenueSecret;

    fn parse(text: &str) -> Result<Venue, String> {
        let config = Config::parse(text, Path::new("kiosk.toml"));
        let secret = Some(VenueSecret([9; 32]));
        config
            .map(|config| Venue { secret, ..config.site().venue })
            .map_err(|error| error.to_string())
    }

    #[test]
    fn no_code_is_shown_unless_it_is_switched_on() {
        assert_eq!(parse("").unwrap().schemes().count(), 0);
        let venue = parse("[venue]\ncodes = [\"corona-warn-app\"]").unwrap();
        assert_eq!(venue.schemes().collect::<Vec<_>>(), [Scheme::CoronaWarnApp]);
        let what = CoronaWarn { kind: PlaceKind::PublicBuilding, default_minutes: 60 };
        assert_eq!(venue.corona_warn, Some(what));
        assert_eq!((&*venue.place.description, &*venue.place.address), ("Cơ quan", "Cổng chính"));
        let market = "[site]\nkind = \"market\"\n[venue]\ncodes = [\"corona-warn-app\"]";
        assert_eq!(parse(market).unwrap().corona_warn.unwrap().kind, PlaceKind::Retail);
    }

    #[test]
    fn crowd_notifier_needs_the_key_of_the_authority() {
        let error = parse("[venue]\ncodes = [\"crowd-notifier\"]").unwrap_err();
        assert!(error.contains("line 2, column 9") && error.contains("public key"), "{error}");
        let key = "Kw".repeat(64);
        for key in [key.clone(), format!("{}==", key.replacen("Kw", "+/", 1))] {
            let text = format!(
                "[venue]\ncodes = [\"corona-warn-app\", \"crowd-notifier\"]\ncrowd_notifier_key = \"{key}\""
            );
            assert_eq!(parse(&text).unwrap().schemes().count(), 2);
        }
        let error = parse("[venue]\ncrowd_notifier_key = \"S3ds\"").unwrap_err();
        assert!(error.contains("96 bytes in base64"), "{error}");
    }

    #[test]
    fn the_longest_words_make_a_code_for_the_smallest_screen() {
        let long = "ế".repeat(33);
        let text = format!(
            "[venue]\ncodes = [\"crowd-notifier\"]\ndescription = \"{long}\"\naddress = \"{long}\"\n\
             crowd_notifier_key = \"{}\"",
            "Kw".repeat(64)
        );
        let venue = parse(&text).unwrap();
        let link = venue.link(Scheme::CrowdNotifier, date(2026, 11, 24), Zone::VIET_NAM);
        // Version 18 at level M holds 560 bytes (ISO/IEC 18004:2015, table 7): 89 + 8 modules.
        assert!(link.as_ref().unwrap().len() <= 560, "{}", link.unwrap().len());
        let error = parse(&text.replace(&long, &"ế".repeat(34))).unwrap_err();
        assert!(error.contains("more than 100 bytes"), "{error}");
    }

    #[test]
    fn what_will_not_do_is_refused() {
        for (text, remedy) in [
            ("[venue]\ncodes = [\"luca\"]", "\"corona-warn-app\" or \"crowd-notifier\""),
            ("[venue]\ncodes = [\"corona-warn-app\", \"corona-warn-app\"]", "each of them once"),
            ("[venue]\nkind = \"club\"", "this must be one of \"other\", \"retail\""),
            ("[venue]\ncheck_in_minutes = 0", "a whole number from 1 to 1440"),
            ("[venue]\naddress = \"\"", "text of 1 to 60 letters"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(remedy), "{error}");
        }
    }
}
