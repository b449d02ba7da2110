//! The single values of the configuration: what each may be. Each says in its error what would
//! do; where it stands in the file is added by [`super::ConfigError`].

use std::fmt;
use std::path::PathBuf;

use serde::de::{self, Deserializer, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, de::value::MapAccessDeserializer};
use unicode_normalization::UnicodeNormalization;

use crate::domain::moment::Zone;
use crate::domain::network::Network;
use crate::domain::signal::Gpio;
use crate::domain::site::Choice;

/// A name fits one line of a 1280 px screen in 24 px letters.
const LONGEST_NAME_LETTERS: usize = 60;

/// Twelve choices fill a 720 × 1280 screen.
const MOST_CHOICES: usize = 12;

/// A QR code of a longer link has modules under 3 px on the smallest screen (800 × 480, 55 % of
/// the shorter side: 264 px for 57 modules and the quiet zone).
const LONGEST_LINK_LETTERS: usize = 150;

/// The GPIO lines that reach the 40-pin header are 0 to 27.
const LAST_GPIO: u8 = 27;

/// A pin, or none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Pin(pub Option<Gpio>);

/// When everybody still inside is signed out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sweep {
    /// Minutes after local midnight.
    At(u16),
    /// Never.
    Off,
}

impl Sweep {
    pub(super) const fn minute(self) -> Option<u16> {
        match self {
            Self::At(minute) => Some(minute),
            Self::Off => None,
        }
    }
}

pub(super) fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text(deserializer, "text of 1 to 60 letters in quotes, on one line", parse_name)
}

pub(super) fn door_letter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<char, D::Error> {
    text(deserializer, "one capital letter from \"A\" to \"Z\"", |text| {
        text.parse().ok().filter(char::is_ascii_uppercase)
    })
}

pub(super) fn utc_offset<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Zone, D::Error> {
    text(deserializer, "an offset from \"-14:00\" to \"+14:00\", such as \"+07:00\"", |text| {
        let east = if text.strip_prefix('+').is_some() { 1 } else { -1 };
        let minutes = parse_clock(text.strip_prefix(['+', '-'])?)?;
        Zone::from_minutes(east * i32::from(minutes))
    })
}

/// Minutes after midnight.
pub(super) fn clock<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    text(deserializer, "a time from \"00:00\" to \"23:59\"", |text| {
        parse_clock(text).filter(|minute| *minute < 24 * 60)
    })
}

pub(super) fn link<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text(
        deserializer,
        "an address that begins with \"https://\", of at most 150 letters, without spaces",
        |text| {
            let host = text.strip_prefix("https://")?.split('/').next()?;
            let fits =
                text.len() <= LONGEST_LINK_LETTERS && text.chars().all(|c| c.is_ascii_graphic());
            (host.contains('.') && fits).then(|| text.to_owned())
        },
    )
}

pub(super) fn optional_link<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    link(deserializer).map(Some)
}

pub(super) fn adapter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text(deserializer, "the name of a Bluetooth adapter, such as \"hci0\"", |text| {
        let number = text.strip_prefix("hci")?;
        number.parse::<u8>().ok()?;
        Some(text.to_owned())
    })
}

pub(super) fn optional_adapter<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    adapter(deserializer).map(Some)
}

pub(super) fn absolute_path<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<PathBuf>, D::Error> {
    text(deserializer, "the path of a file that begins with \"/\"", |text| {
        let names_a_file = text.starts_with('/') && !text.ends_with('/');
        names_a_file.then(|| Some(PathBuf::from(text)))
    })
}

/// A whole number from `LEAST` to `MOST`.
pub(super) fn within<'de, D, T, const LEAST: i64, const MOST: i64>(
    deserializer: D,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i64>,
{
    struct Within<const LEAST: i64, const MOST: i64>;

    impl<const LEAST: i64, const MOST: i64> Visitor<'_> for Within<LEAST, MOST> {
        type Value = i64;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "a whole number from {LEAST} to {MOST}")
        }

        fn visit_i64<E: de::Error>(self, number: i64) -> Result<i64, E> {
            if (LEAST..=MOST).contains(&number) {
                Ok(number)
            } else {
                Err(E::invalid_value(Unexpected::Signed(number), &self))
            }
        }
    }

    let visitor = Within::<LEAST, MOST>;
    let number = deserializer.deserialize_i64(visitor)?;
    T::try_from(number)
        .map_err(|_| de::Error::invalid_value(Unexpected::Signed(number), &Within::<LEAST, MOST>))
}

pub(super) fn networks<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Network>, D::Error> {
    let networks = Vec::<Network>::deserialize(deserializer)?;
    let each_once = networks
        .iter()
        .enumerate()
        .all(|(i, network)| !networks.iter().take(i).any(|n| n == network));
    if networks.is_empty() || !each_once {
        return Err(de::Error::invalid_value(
            Unexpected::Seq,
            &"a list of one network or more, each of them once",
        ));
    }
    Ok(networks)
}

pub(super) fn choices<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<Choice>>, D::Error> {
    struct Choices;

    impl<'de> Visitor<'de> for Choices {
        type Value = Vec<Choice>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of at most 12 choices in [ ]")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<Choice>, A::Error> {
            let mut choices = Vec::new();
            while let Some(ChoiceValue(choice)) = seq.next_element()? {
                if choices.len() == MOST_CHOICES {
                    return Err(de::Error::invalid_length(MOST_CHOICES + 1, &self));
                }
                choices.push(choice);
            }
            Ok(choices)
        }
    }

    deserializer.deserialize_seq(Choices).map(Some)
}

/// A choice as it is written: its Vietnamese words alone, or a table of languages.
struct ChoiceValue(Choice);

impl<'de> Deserialize<'de> for ChoiceValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Languages {
            #[serde(deserialize_with = "name")]
            vi: String,
            #[serde(default, deserialize_with = "name")]
            en: String,
            #[serde(default, deserialize_with = "name")]
            lo: String,
        }

        struct Words;

        impl<'de> Visitor<'de> for Words {
            type Value = Choice;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "text of 1 to 60 letters in quotes, or { vi = \"…\", en = \"…\", lo = \"…\" }",
                )
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Choice, E> {
                let vi = parse_name(text)
                    .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))?;
                Ok(Choice { vi, ..Choice::default() })
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Choice, A::Error> {
                let Languages { vi, en, lo } =
                    Languages::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Choice { vi, en, lo })
            }
        }

        deserializer.deserialize_any(Words).map(Self)
    }
}

impl<'de> Deserialize<'de> for Sweep {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text(deserializer, "a time from \"00:00\" to \"23:59\", or \"off\"", |text| {
            if text == "off" {
                return Some(Self::Off);
            }
            parse_clock(text).filter(|minute| *minute < 24 * 60).map(Self::At)
        })
    }
}

impl<'de> Deserialize<'de> for Pin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;

        impl Visitor<'_> for Number {
            type Value = Pin;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "the number of a GPIO line from 0 to {LAST_GPIO}, or \"none\"")
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Pin, E> {
                u8::try_from(number)
                    .ok()
                    .filter(|line| *line <= LAST_GPIO)
                    .map(|line| Pin(Some(Gpio(line))))
                    .ok_or_else(|| E::invalid_value(Unexpected::Signed(number), &self))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Pin, E> {
                if text == "none" {
                    Ok(Pin(None))
                } else {
                    Err(E::invalid_value(Unexpected::Str(text), &self))
                }
            }
        }

        deserializer.deserialize_any(Number)
    }
}

/// One line of text in the composed form (NFC), without spaces at its ends.
fn parse_name(text: &str) -> Option<String> {
    let name: String = text.trim().nfc().collect();
    let letters = name.chars().count();
    let fits = (1..=LONGEST_NAME_LETTERS).contains(&letters);
    (fits && !name.chars().any(char::is_control)).then_some(name)
}

/// Minutes, from hours and minutes such as `07:30`.
fn parse_clock(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let two_digits = |part: &str| {
        let digits = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        if digits { part.parse::<u16>().ok() } else { None }
    };
    let minutes = two_digits(minutes).filter(|minutes| *minutes < 60)?;
    Some(two_digits(hours)? * 60 + minutes)
}

/// Text that `parse` understands; `expected` says what it would.
fn text<'de, D, T>(
    deserializer: D,
    expected: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    struct Text<F>(&'static str, F);

    impl<T, F: Fn(&str) -> Option<T>> Visitor<'_> for Text<F> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            self.1(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
        }
    }

    deserializer.deserialize_str(Text(expected, parse))
}
