//! AD structures and findings in words.

use crate::command::hex;
use crate::domain::advert::{AdStructure, ad_type};
use crate::domain::network::{apple, bluezone, gaen};
use crate::domain::sighting::{Evidence, ProximityId, Strength};

/// What a structure is.
pub(super) fn name(ad_type: u8) -> &'static str {
    match ad_type {
        ad_type::FLAGS => "flags",
        ad_type::UUID16_SOME => "16-bit services, some",
        ad_type::UUID16_ALL => "16-bit services, all",
        ad_type::UUID128_SOME => "128-bit services, some",
        ad_type::UUID128_ALL => "128-bit services, all",
        ad_type::NAME_SHORT => "short name",
        ad_type::NAME => "name",
        ad_type::TX_POWER => "TX power",
        ad_type::SERVICE_DATA16 => "service data",
        ad_type::MANUFACTURER => "manufacturer data",
        _ => "not used here",
    }
}

/// What a structure says.
pub(super) fn meaning(structure: &AdStructure<'_>) -> String {
    let payload = structure.payload;
    match structure.ad_type {
        ad_type::FLAGS => flags(payload),
        ad_type::UUID16_SOME | ad_type::UUID16_ALL => {
            let listed = payload.as_chunks().0.iter().map(|&uuid| u16::from_le_bytes(uuid));
            listed.map(service16).collect::<Vec<_>>().join(", ")
        }
        ad_type::UUID128_SOME | ad_type::UUID128_ALL => {
            let listed = payload.as_chunks().0.iter().map(|&uuid| u128::from_le_bytes(uuid));
            listed.map(service128).collect::<Vec<_>>().join(", ")
        }
        ad_type::NAME_SHORT | ad_type::NAME => {
            format!("{:?}", String::from_utf8_lossy(payload))
        }
        ad_type::TX_POWER => match payload {
            [level] => format!("{} dBm", level.cast_signed()),
            _ => hex::show(payload),
        },
        ad_type::SERVICE_DATA16 => match payload.split_first_chunk() {
            Some((&uuid, rest)) => {
                format!("{}: {}", service16(u16::from_le_bytes(uuid)), hex::show(rest))
            }
            None => hex::show(payload),
        },
        ad_type::MANUFACTURER => manufacturer(structure),
        _ => hex::show(payload),
    }
}

/// What a network found, in a word for tables and JSON.
pub(super) const fn form(evidence: &Evidence) -> Form {
    match evidence {
        Evidence::Id { id: ProximityId::BluezoneV1(_), .. } => Form::FixedId,
        Evidence::Id { id: ProximityId::Rpi(_) | ProximityId::Bluezone(_), .. } => Form::RollingId,
        Evidence::Candidate { strength: Strength::Named, .. } => Form::Named,
        Evidence::Candidate { strength: Strength::Hint, .. } => Form::Hint,
        Evidence::WakeBeacon { .. } => Form::WakeBeacon,
    }
}

/// The forms in which a network shows itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// An id that changes.
    RollingId,
    /// An id that never changed: Bluezone's first generation.
    FixedId,
    /// An iPhone with the app on screen.
    Named,
    /// Perhaps an iPhone with the app in the background.
    Hint,
    /// A fixed beacon.
    WakeBeacon,
    /// The network's form, but damaged.
    Damaged,
}

impl Form {
    /// All of them, the surest first.
    pub const ALL: [Self; 6] =
        [Self::RollingId, Self::FixedId, Self::Named, Self::Hint, Self::WakeBeacon, Self::Damaged];

    /// A few words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::RollingId => "rolling id",
            Self::FixedId => "fixed id, first generation",
            Self::Named => "iPhone, app on screen",
            Self::Hint => "perhaps an iPhone, app in the background",
            Self::WakeBeacon => "wake beacon, not a person",
            Self::Damaged => "damaged",
        }
    }
}

fn flags(payload: &[u8]) -> String {
    const BITS: [(u8, &str); 5] = [
        (0x01, "discoverable for a while"),
        (0x02, "discoverable"),
        (0x04, "no classic Bluetooth"),
        (0x08, "classic Bluetooth too (controller)"),
        (0x10, "classic Bluetooth too (host)"),
    ];
    let [flags, ..] = payload else { return String::new() };
    let set = BITS.iter().filter(|(bit, _)| flags & bit != 0).map(|(_, word)| *word);
    let words = set.collect::<Vec<_>>().join(", ");
    format!("{flags:02X} {words}").trim_end().to_owned()
}

fn service16(uuid: u16) -> String {
    match uuid {
        bluezone::ANDROID_SERVICE => format!("{uuid:04X} (Bluezone, Android)"),
        gaen::SERVICE => format!("{uuid:04X} (Exposure Notification)"),
        _ => format!("{uuid:04X}"),
    }
}

fn service128(uuid: u128) -> String {
    let text = dashed(uuid);
    match uuid {
        bluezone::IPHONE_SERVICE => format!("{text} (Bluezone, iPhone)"),
        bluezone::IPHONE_SERVICE_V1 => format!("{text} (Bluezone, iPhone, first generation)"),
        bluezone::ANDROID_SERVICE_V1 => format!("{text} (Bluezone, Android, first generation)"),
        _ => text,
    }
}

/// A UUID as people write it.
fn dashed(uuid: u128) -> String {
    let digits = format!("{uuid:032X}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

fn manufacturer(structure: &AdStructure<'_>) -> String {
    let Some((&company, rest)) = structure.payload.split_first_chunk() else {
        return hex::show(structure.payload);
    };
    match u16::from_le_bytes(company) {
        apple::COMPANY => {
            let messages: Vec<_> = apple::messages(structure).map(apple_message).collect();
            if messages.is_empty() {
                format!("004C (Apple): {}", hex::show(rest))
            } else {
                format!("004C (Apple): {}", messages.join("; "))
            }
        }
        bluezone::COMPANY => format!("22B5 (Bluezone, Android): {}", hex::show(rest)),
        other => format!("{other:04X}: {}", hex::show(rest)),
    }
}

fn apple_message(message: apple::Message<'_>) -> String {
    match message {
        apple::Message::Overflow(area) => {
            let set: Vec<_> =
                (0..128).filter(|bit| area.0 >> bit & 1 == 1).map(overflow_bit).collect();
            format!("services in the background, bits {}", set.join(", "))
        }
        apple::Message::Beacon { proximity_uuid } => format!("iBeacon {}", dashed(proximity_uuid)),
        apple::Message::Other { kind, payload } => {
            format!("message {kind:02X} {}", hex::show(payload)).trim_end().to_owned()
        }
    }
}

fn overflow_bit(bit: u8) -> String {
    let services = [
        (bluezone::IPHONE_SERVICE, "as Bluezone has"),
        (bluezone::IPHONE_SERVICE_V1, "as Bluezone's first generation has"),
    ];
    match services.into_iter().find(|(uuid, _)| apple::overflow_bit(*uuid) == bit) {
        Some((_, words)) => format!("{bit} ({words})"),
        None => bit.to_string(),
    }
}
