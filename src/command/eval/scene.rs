//! Reads scenes put together from recorded phones: one JSON object a line, zipped or not. It
//! decides nothing, and keeps what is for scoring apart from what was heard.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader, Read};

use serde::Deserialize;
use thiserror::Error;

use crate::domain::advert::{Address, Dbm};
use crate::domain::network::Network;
use crate::domain::sighting::{ProximityId, Sighting, Strength, Subject, TxClass};
use crate::radio::gzip::MaybeGzip;

/// Scenes of one file, at most: some hundred times what lies beside the package.
pub const SCENES_MAX: usize = 100_000;

/// Bytes of one line: a thousand phones for half a minute.
pub const LINE_BYTES_MAX: u64 = 8 << 20;

/// A scene lies within ten minutes of its moment zero.
const MS_MAX: i64 = 600_000;

/// One scene: what a kiosk hears, and what it never gets to know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scene {
    /// Its number in the file.
    pub id: u64,
    /// What was heard, in the order of time.
    pub packets: Vec<Packet>,
    /// For scoring only.
    pub truth: Truth,
}

/// One advert.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Packet {
    /// Milliseconds since the touch, negative before it.
    pub at_ms: i64,
    /// Who sent it.
    pub sender: Sender,
    /// How loud, in dBm.
    pub rssi: i8,
}

/// An address and the make of phone behind it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sender {
    address: [u8; 6],
    /// Whether it is an iPhone; an Android phone otherwise.
    pub iphone: bool,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.iphone { "Sender(iPhone)" } else { "Sender(Android)" })
    }
}

/// What only the scoring may know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Truth {
    /// Whether the visitor has the app.
    pub app: bool,
    /// The addresses of the visitor's phone, one after the other.
    pub visitors: HashSet<Sender>,
}

impl Truth {
    /// Whether this is the visitor's phone, where Android phones send ids of `android`.
    #[must_use]
    pub fn is_the_visitors(&self, subject: Subject, android: Network) -> bool {
        self.visitors.iter().any(|sender| sender.sighting(0, android).subject == subject)
    }
}

/// Why scenes cannot be read.
#[derive(Debug, Error)]
pub enum SceneError {
    /// The file itself.
    #[error("read it: {0}")]
    Read(#[from] std::io::Error),
    /// A line that is not a scene.
    #[error("understand line {line}: {reason}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// More scenes than are kept.
    #[error("keep more than {SCENES_MAX} scenes: split the file")]
    TooMany,
    /// Nothing to play.
    #[error("find a scene in it: it has no lines")]
    Empty,
}

/// All scenes of `input`.
///
/// # Errors
///
/// When it cannot be read, or a line is not a scene.
pub fn read(input: impl Read) -> Result<Vec<Scene>, SceneError> {
    let mut input = BufReader::new(MaybeGzip::new(input)?);
    let mut scenes = Vec::new();
    for line in 1.. {
        let mut text = Vec::new();
        let got = input.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut text)?;
        if got == 0 {
            break;
        }
        let wrong = |reason: String| SceneError::Line { line, reason };
        if u64::try_from(got).is_ok_and(|got| got == LINE_BYTES_MAX) {
            return Err(wrong(format!("it is longer than {LINE_BYTES_MAX} bytes")));
        }
        if text.trim_ascii().is_empty() {
            continue;
        }
        if scenes.len() == SCENES_MAX {
            return Err(SceneError::TooMany);
        }
        let recorded: Recorded = serde_json::from_slice(text.trim_ascii_end())
            .map_err(|error| wrong(without_line(&error)))?;
        scenes.push(recorded.scene().map_err(wrong)?);
    }
    if scenes.is_empty() { Err(SceneError::Empty) } else { Ok(scenes) }
}

/// What is wrong with a line, and in which column: of its lines JSON knows but the first.
fn without_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&place) {
        Some(what) => format!("{what}, in column {}", error.column()),
        None => text,
    }
}

impl Sender {
    /// What the radio would make of its advert. An Android phone shows its id, sent at low power;
    /// an iPhone keeps it back and sends at full power.
    #[must_use]
    pub fn sighting(self, rssi: i8, android: Network) -> Sighting {
        let (subject, strength, tx_class) = if self.iphone {
            let address = Address { bytes: self.address, random: true };
            let subject = Subject::Candidate(Network::Bluezone, address);
            (subject, Some(Strength::Named), TxClass::Full)
        } else {
            let id = if android == Network::Bluezone {
                ProximityId::Bluezone(padded(self.address))
            } else {
                ProximityId::Rpi(padded(self.address))
            };
            (Subject::Id(android, id), None, TxClass::Low)
        };
        Sighting { subject, strength, tx_class, rssi: Dbm(rssi) }
    }
}

/// A scene as it stands in the file.
#[derive(Deserialize)]
struct Recorded {
    id: u64,
    app: bool,
    /// Milliseconds since the touch, sender, platform (0 Android, 1 iPhone), dBm.
    packets: Vec<(i64, String, u8, i8)>,
    labels: BTreeMap<String, Label>,
}

#[derive(Deserialize)]
struct Label {
    kind: String,
    pop: String,
}

impl Recorded {
    fn scene(self) -> Result<Scene, String> {
        let mut packets = Vec::with_capacity(self.packets.len());
        for (at_ms, address, platform, rssi) in self.packets {
            let iphone = match platform {
                0 => false,
                1 => true,
                other => return Err(format!("platform {other} is neither 0 nor 1")),
            };
            if at_ms.abs() > MS_MAX {
                return Err(format!("{at_ms} ms are more than ten minutes from the touch"));
            }
            let sender = Sender { address: parsed(&address)?, iphone };
            // What has no level is heard by nobody at the desk either.
            if Dbm::received(rssi).is_some() {
                packets.push(Packet { at_ms, sender, rssi });
            }
        }
        packets.sort_by_key(|packet| packet.at_ms);
        let mut visitors = HashSet::new();
        for (address, label) in self.labels.iter().filter(|(_, label)| label.kind == "user") {
            let address = parsed(address)?;
            let senders = packets.iter().map(|packet: &Packet| packet.sender);
            let mut heard = senders.filter(|sender| sender.address == address).peekable();
            if heard.peek().is_none() {
                visitors.insert(Sender { address, iphone: label.pop == "ios" });
            }
            visitors.extend(heard);
        }
        if visitors.is_empty() && self.app {
            return Err("the visitor has the app, and no label says which phone is theirs".into());
        }
        Ok(Scene { id: self.id, packets, truth: Truth { app: self.app, visitors } })
    }
}

/// An id with the address at its beginning.
fn padded<const N: usize>(address: [u8; 6]) -> [u8; N] {
    let mut id = [0; N];
    id.iter_mut().zip(address).for_each(|(to, from)| *to = from);
    id
}

/// Twelve hex digits.
fn parsed(address: &str) -> Result<[u8; 6], String> {
    let wrong = || format!("{address:?} is not an address of twelve hex digits");
    if address.len() != 12 {
        return Err(wrong());
    }
    let [_, _, bytes @ ..] = u64::from_str_radix(address, 16).map_err(|_| wrong())?.to_be_bytes();
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"app":true,"packets":[[50,"2e3b45a69314",0,-60],[-900,"3c98d8c0a202",1,-70]],"labels":{"2e3b45a69314":{"kind":"user","pop":"android","d":0.47}},"id":7}"#;

    #[test]
    fn a_scene_in_the_order_of_time() {
        let [scene] = &read(LINE.as_bytes()).unwrap()[..] else { panic!("one scene") };
        assert_eq!((scene.id, scene.truth.app), (7, true));
        let heard: Vec<_> =
            scene.packets.iter().map(|packet| (packet.at_ms, packet.rssi)).collect();
        assert_eq!(heard, [(-900, -70), (50, -60)]);
        assert!(scene.truth.visitors.contains(&scene.packets[1].sender));
        assert!(!scene.truth.visitors.contains(&scene.packets[0].sender));
    }

    #[test]
    fn what_has_no_level_is_not_heard_and_an_address_alone_says_whose_it_is() {
        for level in ["0", "127", "20"] {
            let [scene] = &read(LINE.replace("-60", level).as_bytes()).unwrap()[..] else {
                panic!()
            };
            assert_eq!(scene.packets.len(), 1, "{level}");
        }
        let [scene] = &read(LINE.replace("\"android\"", "\"ios\"").as_bytes()).unwrap()[..] else {
            panic!()
        };
        assert!(scene.truth.visitors.contains(&scene.packets[1].sender));
    }

    #[test]
    fn errors_name_the_line() {
        let two = |second: &str| format!("{LINE}\n{second}\n");
        for (second, expected) in [
            ("{", "understand line 2: EOF while parsing an object, in column 1"),
            (
                &LINE.replace("\",1,-70", "\",2,-70"),
                "understand line 2: platform 2 is neither 0 nor 1",
            ),
            (
                &LINE.replace("3c98d8c0a202", "+c98d8c0a20"),
                "understand line 2: \"+c98d8c0a20\" is not an address of twelve hex digits",
            ),
            (
                &LINE.replace("\"user\"", "\"queue\""),
                "understand line 2: the visitor has the app, and no label says which phone is theirs",
            ),
            (
                &LINE.replace("[50,", "[700000,"),
                "understand line 2: 700000 ms are more than ten minutes from the touch",
            ),
        ] {
            let error = read(two(second).as_bytes()).unwrap_err().to_string();
            assert_eq!(error, *expected);
        }
        assert_eq!(read(&b""[..]).unwrap_err().to_string(), "find a scene in it: it has no lines");
    }
}
