//! Scenes put together from recorded phones, and how presence fares in them.
#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::unwrap_used,
    reason = "each test and benchmark uses a part of it"
)]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use kiosk::domain::advert::{Address, Dbm};
use kiosk::domain::moment::Mono;
use kiosk::domain::network::Network;
use kiosk::domain::presence::Presence;
use kiosk::domain::sighting::{ProximityId, Sighting, Strength, Subject, TxClass};
use serde::Deserialize;

/// One scene as it stands in the file.
#[derive(Deserialize, Debug)]
pub(crate) struct Recorded {
    pub(crate) id: u32,
    /// Whether the visitor has the app.
    pub(crate) app: bool,
    /// Milliseconds since the touch, sender, platform (0 Android, 1 iPhone), dBm.
    packets: Vec<(i64, String, u8, i8)>,
    labels: BTreeMap<String, Label>,
}

#[derive(Deserialize, Debug)]
struct Label {
    kind: String,
    pop: String,
}

impl Recorded {
    /// Whether the visitor's phone, if it has the app, is of this platform.
    pub(crate) fn is_of(&self, platform: &str) -> bool {
        !self.app || self.labels.values().any(|who| who.kind == "user" && who.pop == platform)
    }
}

/// Whose phone was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    TheVisitors,
    AnotherOnes,
    Nobodys,
}

/// The scenes of one kind; `None` where the recordings are missing.
pub(crate) fn read(kind: &str) -> Option<Vec<Recorded>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("../shared/ble/kiosk_bench/kiosk_{kind}_dev.jsonl.gz"));
    let lines = BufReader::new(MultiGzDecoder::new(File::open(path).ok()?)).lines();
    Some(lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect())
}

/// Plays a scene to a kiosk that is touched so long before the scene's moment zero, and looks at
/// the face so long after that moment. Open ids are taken for `network`'s.
pub(crate) fn play(
    scene: &Recorded,
    network: Network,
    touched_before: Duration,
    after: Duration,
) -> Outcome {
    // The scene's moment zero on the kiosk's clock.
    let zero = Mono::from_millis(100_000);
    let touched = Mono::from_start(zero.since_start().saturating_sub(touched_before));
    let mut presence = Presence::default();
    let mut begun = false;
    for (ms, sender, platform, rssi) in &scene.packets {
        let now = Mono::from_millis(u64::try_from(100_000 + ms).unwrap());
        if !begun && now >= touched {
            presence.begin_visit(touched);
            begun = true;
        }
        if now > zero + after {
            break;
        }
        presence.handle_sighting(&sighting(sender, *platform, *rssi, network), now);
    }
    let Some(found) = presence.found() else { return Outcome::Nobodys };
    let is_the_visitors = scene.packets.iter().any(|(_, sender, platform, rssi)| {
        scene.labels.get(sender).is_some_and(|who| who.kind == "user")
            && sighting(sender, *platform, *rssi, network).subject == found
    });
    if is_the_visitors { Outcome::TheVisitors } else { Outcome::AnotherOnes }
}

fn sighting(sender: &str, platform: u8, rssi: i8, network: Network) -> Sighting {
    let [_, _, bytes @ ..] = u64::from_str_radix(sender, 16).unwrap().to_be_bytes();
    let (subject, strength, tx_class) = if platform == 0 {
        let mut id = [0; 16];
        id[..6].copy_from_slice(&bytes);
        (Subject::Id(network, ProximityId::Rpi(id)), None, TxClass::Low)
    } else {
        let address = Address { bytes, random: true };
        (Subject::Candidate(Network::Bluezone, address), Some(Strength::Named), TxClass::Full)
    };
    Sighting { subject, strength, tx_class, rssi: Dbm(rssi) }
}
