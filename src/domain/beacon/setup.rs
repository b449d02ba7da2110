//! Which networks the kiosk joins, as the configuration says, and what Herald's payload of a venue
//! tells of the place.

use super::keys::BaseKey;
use crate::domain::advert::Dbm;
use crate::domain::network::Network;
use crate::domain::network::gatt::VALUE_BYTES_MAX;
use crate::domain::network::herald;

/// What the kiosk sends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setup {
    /// The networks it joins, the most important first: that one has most of the time on the air.
    pub networks: Vec<Network>,
    /// Whether it sends the beacon that wakes iPhones with Bluezone, too. Only where it joins
    /// Bluezone.
    pub wake: bool,
    /// The level at which its adapter sends, which Exposure Notification wants to be told.
    pub tx_power: Dbm,
    /// Whether an adapter sends that does not listen meanwhile.
    pub own_adapter: bool,
    /// What Herald's payload tells.
    pub venue: Venue,
    /// Other doors that are kiosks, too.
    pub sisters: Vec<Sister>,
}

impl Default for Setup {
    /// Nothing is sent.
    fn default() -> Self {
        Self {
            networks: Vec::new(),
            wake: true,
            tx_power: Dbm(0),
            own_adapter: false,
            venue: Venue::default(),
            sisters: Vec::new(),
        }
    }
}

impl Setup {
    /// The network that is sent from an address that has to change: the one that hands out nothing
    /// to whoever connects.
    #[must_use]
    pub fn needs_new_address(&self) -> Option<Network> {
        self.networks.iter().copied().find(|network| network.reads().is_empty())
    }
}

/// Another door's secret in one network. A later day's key of a chain does as well, from that day
/// on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sister {
    /// The network.
    pub network: Network,
    /// Its secret.
    pub key: BaseKey,
}

/// A place as Herald's payload names it (`payload-beacon` of Herald's specifications).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Venue {
    /// The part of the country, as the country numbers them; 0 where it does not.
    pub state: u16,
    /// The number of the place, as whoever runs the network gives them out.
    pub location: u32,
    /// What the place is called.
    pub premises: String,
    /// What this door of it is called.
    pub door: String,
}

/// Viet Nam (ISO 3166-1 numeric).
const COUNTRY: u16 = 704;
/// What the place is called.
const TLV_PREMISES: u8 = 0x10;
/// Which of several of its name it is.
const TLV_DOOR: u8 = 0x12;

impl Venue {
    /// What a phone is told that connects. A name too long for its place is cut at a letter.
    #[must_use]
    pub fn payload(&self) -> Vec<u8> {
        let mut payload = vec![herald::KIND_VENUE_FIRST];
        payload.extend(COUNTRY.to_be_bytes());
        payload.extend(self.state.to_be_bytes());
        payload.extend(self.location.to_be_bytes());
        for (code, text) in [(TLV_PREMISES, &self.premises), (TLV_DOOR, &self.door)] {
            let room = VALUE_BYTES_MAX.saturating_sub(payload.len() + 2);
            let cut = text.floor_char_boundary(room.min(usize::from(u8::MAX)));
            let (text, _) = text.as_bytes().split_at(cut);
            if let Ok(len @ 1..) = u8::try_from(text.len()) {
                payload.extend([code, len]);
                payload.extend(text);
            }
        }
        payload
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::network::DecodeError;

    #[test]
    fn a_venue_of_viet_nam() {
        let (premises, door) = ("Chợ".to_owned(), "B".to_owned());
        let venue = Venue { state: 1, location: 0x0102_0304, premises, door };
        let mut expected = vec![0x30, 0x02, 0xC0, 0, 1, 1, 2, 3, 4, 0x10, 5];
        expected.extend("Chợ".bytes());
        expected.extend([0x12, 1, b'B']);
        assert_eq!(venue.payload(), expected);
        assert_eq!(herald::decode_read(&venue.payload()), Err(DecodeError::Venue));
    }

    #[test]
    fn names_that_are_too_long_are_cut_at_a_letter() {
        let venue =
            Venue { premises: "ợ".repeat(200), door: "x".repeat(300), ..Venue::default() };
        let payload = venue.payload();
        assert!(payload.len() <= VALUE_BYTES_MAX, "{}", payload.len());
        assert_eq!(payload[9..11], [0x10, 255]);
        assert_eq!(payload[11 + 255..][..2], [0x12, 244]);
        let empty = Venue::default().payload();
        assert_eq!(empty.len(), 9, "what is not set is left out");
    }
}
