//! Published keys as JSON: which of the two forms a text has, and its list, entry by entry.
//!
//! What is wrong with a text is said by its place and kind, never by what stands there, since that
//! may be a key.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::PublishedError;
use super::summary::Format;
use super::{bluezone, herald};

/// Spaces that may stand in front of the text.
const SPACES: [u8; 4] = [b' ', b'\t', b'\r', b'\n'];

/// Whether a file begins as an object in JSON.
pub(super) fn begins(first: &[u8]) -> bool {
    first.iter().find(|byte| !SPACES.contains(byte)) == Some(&b'{')
}

/// Which form a text has.
pub(super) fn format(text: &[u8]) -> Result<Format, PublishedError> {
    let outline: Outline = serde_json::from_slice(text).map_err(|error| wrong(&error))?;
    let bluezone = outline.data.is_some() || outline.info_f.is_some();
    if outline.herald.is_some() {
        Ok(Format::Herald)
    } else if bluezone || outline.content.is_some() {
        Ok(Format::Bluezone)
    } else {
        Err(PublishedError::UnknownFormat)
    }
}

/// The names by which a text is known.
#[derive(Deserialize)]
struct Outline {
    #[serde(rename = "herald_matching_keys")]
    herald: Option<IgnoredAny>,
    #[serde(rename = "DataContent")]
    content: Option<IgnoredAny>,
    #[serde(rename = "InfoF")]
    info_f: Option<IgnoredAny>,
    data: Option<IgnoredAny>,
}

const _: (&str, &str) = (herald::LIST, bluezone::LIST);

/// Hands out the entries of the list of that name in the object that `text` is.
pub(super) fn each<T: for<'de> Deserialize<'de>>(
    text: &[u8],
    list: &'static str,
    take: &mut dyn FnMut(T) -> Result<(), PublishedError>,
) -> Result<(), PublishedError> {
    let mut refused = None;
    let mut reader = serde_json::Deserializer::from_slice(text);
    let object = Object(List { name: list, take, refused: &mut refused });
    let read = object.deserialize(&mut reader).and_then(|()| reader.end());
    match (refused, read) {
        (Some(error), _) => Err(error),
        (None, read) => read.map_err(|error| wrong(&error)),
    }
}

/// The kind of fault and its place.
pub(super) fn wrong(error: &serde_json::Error) -> PublishedError {
    use serde_json::error::Category;
    let reason = match error.classify() {
        Category::Eof => "it breaks off",
        Category::Data => "a value is missing or of another kind than it must be",
        Category::Syntax | Category::Io => "this is no JSON",
    };
    PublishedError::Text { line: error.line(), column: error.column(), reason }
}

/// A key of 32 bytes, written as 64 hexadecimal digits or in base64.
pub(super) fn key(text: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    if text.len() == 64 {
        base16ct::mixed::decode(text, &mut key).ok()?;
        return Some(key);
    }
    STANDARD.decode(text).ok()?.try_into().ok()
}

/// A list that is being read.
struct List<'a, T> {
    name: &'static str,
    take: &'a mut dyn FnMut(T) -> Result<(), PublishedError>,
    refused: &'a mut Option<PublishedError>,
}

struct Object<'a, T>(List<'a, T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Object<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with a list \"{}\"", self.0.name)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut found = false;
        while let Some(name) = map.next_key::<String>()? {
            if name != self.0.name {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            if found {
                return Err(A::Error::duplicate_field(self.0.name));
            }
            found = true;
            map.next_value_seed(&mut self.0)?;
        }
        if found { Ok(()) } else { Err(A::Error::missing_field(self.0.name)) }
    }
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for &mut List<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for &mut List<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(entry) = entries.next_element()? {
            if let Err(error) = (self.take)(entry) {
                *self.refused = Some(error);
                return Err(A::Error::custom("refused"));
            }
        }
        Ok(())
    }
}
