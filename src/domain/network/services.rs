//! The services by which a network's apps are known, as an advert shows them: by name, or on an
//! iPhone in the background as one bit of Apple's overflow area.

use super::Network;
use super::apple::{self, Message, Overflow};
use crate::domain::advert::{AdStructure, Advertisement};
use crate::domain::sighting::{Evidence, Strength, TxClass};

/// Services of one network.
#[derive(Debug)]
pub(super) struct Services {
    uuids: &'static [u128],
    overflow: Overflow,
}

impl Services {
    /// These services; 16-bit ones written out.
    pub(super) const fn new(uuids: &'static [u128]) -> Self {
        Self { uuids, overflow: Overflow::of(uuids) }
    }

    /// How surely an advert shows one of them.
    pub(super) fn strength(&self, advert: &Advertisement) -> Option<Strength> {
        let structures = advert.structures().map_while(Result::ok);
        structures.filter_map(|structure| self.strength_in(&structure)).max()
    }

    /// How surely one structure shows one of them.
    pub(super) fn strength_in(&self, structure: &AdStructure<'_>) -> Option<Strength> {
        if self.uuids.iter().any(|&uuid| structure.lists_service(uuid)) {
            return Some(Strength::Named);
        }
        let is_hint =
            |message| matches!(message, Message::Overflow(area) if area.may_hold(self.overflow));
        apple::messages(structure).any(is_hint).then_some(Strength::Hint)
    }

    /// A phone at full power that keeps its id, if an advert shows one of the services.
    pub(super) fn candidate(&self, network: Network, advert: &Advertisement) -> Option<Evidence> {
        let strength = self.strength(advert)?;
        Some(Evidence::Candidate { network, strength, tx_class: TxClass::Full })
    }
}
