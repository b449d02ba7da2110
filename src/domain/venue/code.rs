//! The code of a place as Germany's Corona-Warn-App reads it: whoever scans it when coming in is
//! warned by the app when somebody who did the same turns out to be infected. Nothing about the
//! visitor reaches the kiosk by it.
//!
//! ```text
//! https://e.coronawarn.app?v=1#<QRCodePayload in base64url>
//! location id = SHA-256("CWA-GUID" | QRCodePayload)
//! ```
//!
//! By `event_registration.md` of the app's documentation. Reading warnings is
//! [`super::warning`]'s business.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use prost::Message;

use super::LocationId;
use super::door::Place;
use super::wire::{CrowdNotifierData, CwaLocationData, LastingLocation, QrCodePayload};

/// What stands before the payload.
const LINK: &str = "https://e.coronawarn.app?v=1#";

/// The only version there has been of each message.
const VERSION: u32 = 1;

/// The seed's length.
pub const SEED_BYTES: usize = 16;

/// The public key that every code carries. `CrowdNotifier` would encrypt to it; the app does not, so
/// one constant serves all places.
const PUBLIC_KEY: [u8; 96] = [
    0x83, 0x02, 0xcc, 0xcc, 0x4d, 0x79, 0xde, 0xd4, 0x30, 0x00, 0xe7, 0xf6, 0x31, 0x9a, 0x14, 0x5d,
    0x77, 0xf3, 0x59, 0x37, 0x65, 0x4a, 0x97, 0xd2, 0xf7, 0xd8, 0x99, 0x7d, 0xf9, 0x9c, 0x9b, 0x13,
    0x86, 0xf6, 0x78, 0xd2, 0x2b, 0x84, 0x53, 0x8a, 0x61, 0x4e, 0x17, 0x00, 0xe1, 0xea, 0xdd, 0x13,
    0xcb, 0x0f, 0x17, 0x47, 0x4d, 0x6e, 0x80, 0x36, 0x23, 0xb6, 0xe2, 0xb0, 0x8e, 0x3b, 0x8a, 0xe3,
    0xd3, 0xa1, 0xf3, 0x71, 0x56, 0x72, 0xde, 0x97, 0xa5, 0xe7, 0xcf, 0x8b, 0xd4, 0xa4, 0x8f, 0x1b,
    0xef, 0xcf, 0x9d, 0xe2, 0xf6, 0x06, 0x8c, 0x99, 0x41, 0x1c, 0xf7, 0xaa, 0x5b, 0xb6, 0x86, 0x80,
];

/// What kind of place it is, of those that stay. The app has others for single events.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// None of the others.
    Other,
    /// A shop or a market.
    Retail,
    /// Where one eats and drinks.
    FoodService,
    /// A workshop.
    Craft,
    /// A place of work.
    Workplace,
    /// A school.
    Education,
    /// An office of the authorities, or another public building.
    PublicBuilding,
}

impl PlaceKind {
    /// The number in `TraceLocationType`.
    const fn number(self) -> u32 {
        match self {
            Self::Other => 1,
            Self::Retail => 3,
            Self::FoodService => 4,
            Self::Craft => 5,
            Self::Workplace => 6,
            Self::Education => 7,
            Self::PublicBuilding => 8,
        }
    }
}

/// What a code of the Corona-Warn-App says beyond the name of the place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CoronaWarn {
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// After how many minutes the app takes a visitor to have left who says nothing, 1 to 1440.
    pub default_minutes: u16,
}

/// A code, ready to be drawn. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    payload: Vec<u8>,
}

impl Code {
    /// The code of a place. Another seed makes it another place for the app.
    #[must_use]
    pub fn new(place: &Place, what: CoronaWarn, seed: [u8; SEED_BYTES]) -> Self {
        let location = LastingLocation {
            version: VERSION,
            description: place.description.clone(),
            address: place.address.clone(),
        };
        let crowd_notifier = CrowdNotifierData {
            version: VERSION,
            public_key: PUBLIC_KEY.to_vec(),
            seed: seed.to_vec(),
            kind: 0,
        };
        let country = CwaLocationData {
            version: VERSION,
            kind: what.kind.number(),
            default_check_in_minutes: what.default_minutes.into(),
        };
        let payload = QrCodePayload {
            version: VERSION,
            location: location.encode_to_vec(),
            crowd_notifier: Some(crowd_notifier),
            country: country.encode_to_vec(),
        };
        Self { payload: payload.encode_to_vec() }
    }

    /// What the QR code holds.
    #[must_use]
    pub fn link(&self) -> String {
        let mut link = LINK.to_owned();
        URL_SAFE_NO_PAD.encode_string(&self.payload, &mut link);
        link
    }

    /// How warnings call the place.
    #[must_use]
    pub fn location_id(&self) -> LocationId {
        LocationId::of_payload(&self.payload)
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the app's documentation.
    fn barber() -> Code {
        let place = Place { description: "Friseur".into(), address: "Berlin".into() };
        let what = CoronaWarn { kind: PlaceKind::Craft, default_minutes: 120 };
        Code::new(&place, what, 0x04D7_C33C_B222_C873_0474_44B6_C766_73A9_u128.to_be_bytes())
    }

    #[test]
    fn the_example_of_the_documentation() {
        assert_eq!(
            barber().link(),
            "https://e.coronawarn.app?v=1#CAESEwgBEgdGcmlzZXVyGgZCZXJsaW4adggBEmCDAszMTXne1DAA5_\
             YxmhRdd_NZN2VKl9L32Jl9-ZybE4b2eNIrhFOKYU4XAOHq3RPLDxdHTW6ANiO24rCOO4rj06HzcVZy3pel58-\
             L1KSPG-_PneL2BoyZQRz3qlu2hoAaEATXwzyyIshzBHREtsdmc6kiBggBEAUYeA"
        );
        let LocationId(id) = barber().location_id();
        assert_eq!(
            (id.first_chunk(), id.last_chunk()),
            (Some(&[0x44, 0xC7, 0xDF, 0xB0]), Some(&[0x37, 0x29, 0x58, 0xB7]))
        );
    }

    #[test]
    fn another_seed_is_another_place() {
        let place = Place { description: "Friseur".into(), address: "Berlin".into() };
        let what = CoronaWarn { kind: PlaceKind::Craft, default_minutes: 120 };
        let other = Code::new(&place, what, [7; SEED_BYTES]);
        assert_ne!(other.location_id(), barber().location_id());
    }
}
