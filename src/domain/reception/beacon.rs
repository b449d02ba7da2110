//! What the kiosk itself sends: handed to the radio whenever it changes.

use super::book::What;
use super::{Effect, Reception};
use crate::domain::beacon::{Beacon, BeaconKeys};
use crate::domain::fault::Organ;
use crate::domain::moment::Now;
use crate::domain::request::Request;

impl Reception {
    /// The kiosk as a member of the contact networks.
    #[must_use]
    pub const fn beacon(&self) -> &Beacon {
        &self.beacon
    }

    /// The secrets of the book. Until they are known nothing is sent.
    pub fn set_beacon_keys(&mut self, keys: BeaconKeys, now: Now) {
        self.beacon.set_keys(keys, now);
        self.broadcast();
    }

    /// The adapter that sends has told how many things it can have on the air.
    pub fn handle_beacon_sets(&mut self, sets: u8, now: Now) {
        self.beacon.handle_sets(sets, now);
        self.broadcast();
    }

    /// The adapter that listens was told a new address, and has taken or refused it.
    pub fn handle_beacon_address(&mut self, taken: bool) {
        self.changed |= self.beacon.handle_address(taken);
    }

    pub(super) fn turn_beacon(&mut self, now: Now) {
        self.beacon.handle_timeout(now);
        self.broadcast();
    }

    /// Has secrets that begin ahead of a clock that somebody vouches for made anew: until their day
    /// the kiosk would be silent.
    pub(super) fn renew_beacon_keys(&mut self, now: Now) {
        let is_ahead = now.wall_trusted && self.beacon.keys().are_ahead_of(now.wall);
        if is_ahead && self.trouble(Organ::Store).is_none() {
            self.ask(Request::RenewBeaconKeys { wall: now.wall }, What::BeaconKeys, now);
        }
    }

    fn broadcast(&mut self) {
        if let Some(plan) = self.beacon.take_plan() {
            self.effects.push_back(Effect::Broadcast(plan));
        }
    }
}
