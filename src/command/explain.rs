//! AD structures and findings in words.

use crate::command::hex;
use crate::domain::advert::uuid;
use crate::domain::advert::{AdStructure, ad_type};
use crate::domain::network::{
    apple, bluetrace, bluezone, dp3t, gaen, herald, robert, sonar, token,
};
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
        Evidence::Id { .. } => Form::RollingId,
        Evidence::Candidate { strength: Strength::Named, .. } => Form::Named,
        Evidence::Candidate { strength: Strength::Hint | Strength::Trace, .. } => Form::Hint,
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
    /// The app is there and keeps its id for whoever connects: an iPhone with the app on screen,
    /// or, in networks where all do so, either make of phone.
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
            Self::Named => "app there, id only on request",
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

/// What the networks' services are called, 16-bit ones written out.
const SERVICES: [(u128, &str); 16] = [
    (uuid::long(bluezone::ANDROID_SERVICE), "Bluezone, Android"),
    (bluezone::IPHONE_SERVICE, "Bluezone, iPhone"),
    (bluezone::IPHONE_SERVICE_V1, "Bluezone, iPhone, first generation"),
    (bluezone::ANDROID_SERVICE_V1, "Bluezone, Android, first generation"),
    (uuid::long(gaen::SERVICE), "Exposure Notification"),
    (uuid::long(dp3t::SERVICE), "DP-3T"),
    (uuid::long(robert::SERVICE), "StopCovid, TousAntiCovid"),
    (uuid::long(token::SERVICE), "unassigned; TraceTogether Token uses it"),
    (sonar::SERVICE, "NHS Sonar"),
    (uuid::long(herald::SERVICE), "Herald"),
    (herald::SERVICE_V1, "Herald before 2.1"),
    (bluetrace::TRACETOGETHER, "TraceTogether, COVIDSafe"),
    (bluetrace::COVIDSAFE_STAGING, "COVIDSafe, trials"),
    (bluetrace::OPENTRACE, "OpenTrace"),
    (bluetrace::OPENTRACE_STAGING, "OpenTrace, trials"),
    (bluetrace::ABTRACETOGETHER, "ABTraceTogether"),
];

/// The companies under which networks put something.
const COMPANIES: [(u16, &str); 4] = [
    (bluezone::COMPANY, "Bluezone, Android"),
    (bluetrace::COMPANY, "BlueTrace, Android"),
    (herald::COMPANY, "Herald, Android"),
    (herald::COMPANY_V1, "Herald before 2.1 and COVIDSafe, Android"),
];

fn service16(uuid: u16) -> String {
    with_name(format!("{uuid:04X}"), service_name(uuid::long(uuid)))
}

fn service128(uuid: u128) -> String {
    with_name(dashed(uuid), service_name(uuid))
}

fn service_name(uuid: u128) -> Option<&'static str> {
    SERVICES.into_iter().find(|(known, _)| *known == uuid).map(|(_, name)| name)
}

fn with_name(text: String, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{text} ({name})"),
        None => text,
    }
}

/// A UUID as people write it.
pub(super) fn dashed(uuid: u128) -> String {
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
        other => {
            let name = COMPANIES.into_iter().find(|(known, _)| *known == other);
            let company = with_name(format!("{other:04X}"), name.map(|(_, name)| name));
            format!("{company}: {}", hex::show(rest))
        }
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
    let on_iphones = SERVICES.into_iter().filter(|(uuid, _)| !NOT_ON_IPHONES.contains(uuid));
    let names: Vec<_> = on_iphones
        .filter(|(uuid, _)| apple::overflow_bit(*uuid) == bit)
        .map(|(_, name)| name)
        .collect();
    let name = (!names.is_empty()).then(|| format!("as {}", names.join(" or ")));
    with_name(bit.to_string(), name.as_deref())
}

/// Services that no iPhone's app advertises: the system does it, or the form is another's.
const NOT_ON_IPHONES: [u128; 4] = [
    uuid::long(bluezone::ANDROID_SERVICE),
    bluezone::ANDROID_SERVICE_V1,
    uuid::long(gaen::SERVICE),
    uuid::long(token::SERVICE),
];
