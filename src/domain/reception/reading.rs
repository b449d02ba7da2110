//! Asking a phone that keeps its id: when that is fitting, and what an answer changes.

use std::time::Duration;

use super::phones::Heard;
use super::{Effect, Reception};
use crate::domain::asking::{Finding, Reading};
use crate::domain::fault::Organ;
use crate::domain::moment::Now;
use crate::domain::policy;
use crate::domain::presence::low_power_dbm;
use crate::domain::presence::{Face, Sureness};
use crate::domain::sighting::{SendingPower, Sighting, Subject};

impl Reception {
    /// The radio has answered.
    pub fn handle_reading(&mut self, reading: &Reading, now: Now) {
        let changed = match self.asking.handle_reading(reading, now) {
            // A sister door.
            Some(Finding::Id(subject, id)) if self.beacon.own().has_id(id) => {
                self.presence.handle_no_service(&subject)
            }
            Some(Finding::Id(subject, id)) => {
                if let Some((rssi, tx_class)) = self.presence.last_level(&subject) {
                    let network = subject.network();
                    self.note_id(
                        &Heard { network, id, rssi, tx_power: SendingPower::Unsaid, tx_class },
                        now,
                    );
                }
                self.presence.handle_confirmed(&subject, id, now.mono)
            }
            Some(Finding::NoService(subject)) => self.presence.handle_no_service(&subject),
            None => false,
        };
        if changed {
            self.face_changed(now);
        }
        self.ask_candidates(now);
    }

    /// A candidate that can be connected to was heard; what it has told before is not asked again.
    /// Returns whether the face may have changed.
    pub(super) fn note_candidate(&mut self, sighting: &Sighting, now: Now) -> bool {
        let Subject::Candidate(network, address) = sighting.subject else { return false };
        if network.reads().is_empty() {
            return false;
        }
        let dbm = low_power_dbm(sighting.rssi, sighting.tx_class);
        let told = self.asking.handle_candidate(address, network, dbm, now.mono);
        if let Some(id) = told.filter(|id| !self.beacon.own().has_id(*id)) {
            let Sighting { rssi, tx_class, .. } = *sighting;
            self.note_id(
                &Heard { network, id, rssi, tx_power: SendingPower::Unsaid, tx_class },
                now,
            );
        }
        told.is_some_and(|id| self.presence.handle_confirmed(&sighting.subject, id, now.mono))
    }

    /// Asks the nearest candidate if that is fitting now, or ends a reading that no longer is.
    pub(super) fn ask_candidates(&mut self, now: Now) {
        let from_dbm = self.presence.near_dbm() - policy::READ_BELOW_NEAR_DB;
        if let Some(ask) = self.asking.poll(self.reading_limit(now), from_dbm, now.mono) {
            self.effects.push_back(Effect::Ask(ask));
        }
    }

    /// How long a reading may take now. Nobody is asked without a visitor at the desk, nor when an
    /// id has been heard: nothing would be learned from it.
    fn reading_limit(&self, now: Now) -> Option<Duration> {
        if !self.presence.is_looking() || self.trouble(Organ::Radio).is_some() {
            return None;
        }
        match self.presence.face(now.mono) {
            Face::Looking | Face::TapHere => Some(policy::READ_BEFORE_VERDICT),
            Face::NotSeenYet | Face::Running(Sureness::Probable) => Some(policy::READ_WITHIN),
            Face::Running(Sureness::Confirmed) | Face::RadioUnwell => None,
        }
    }
}
