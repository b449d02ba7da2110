//! The kiosk's own adverts in the testbed's guest, from secrets that the scenario chooses: so that
//! a phone written in another language can tell which id is right.
//!
//! The word is `beacon=NETWORK,…:SECRET:BEGINS:ADAPTER`, the secret in hex digits and the same for
//! every network, its beginning in seconds since 1970. With `nowake` iPhones are not woken.

use std::io;

use kiosk::domain::advert::Advertisement;
use kiosk::domain::beacon::{BaseKey, Beacon, BeaconKeys, Setup};
use kiosk::domain::moment::{Mono, Now, Wall};
use kiosk::domain::network::Network;
use kiosk::domain::sighting::Evidence;
use kiosk::radio::beacon::{News, Sender};
use kiosk::radio::voice::Voice;

/// What sends, and what it has heard of itself.
pub(crate) struct Door {
    beacon: Beacon,
    voice: Voice,
    sets: Option<u8>,
    remark: String,
    own: u64,
}

impl Door {
    /// The door that the words ask for, if they do.
    pub(crate) fn asked_for(words: &[String], now: Now) -> io::Result<Option<Self>> {
        let asked = words.iter().find_map(|word| word.strip_prefix("beacon="));
        let Some(asked) = asked else { return Ok(None) };
        let wake = !words.iter().any(|word| word == "nowake");
        Self::new(asked, wake, now)?.ok_or_else(|| io::Error::other("no such beacon")).map(Some)
    }

    fn new(asked: &str, wake: bool, now: Now) -> io::Result<Option<Self>> {
        let parts: Vec<&str> = asked.split(':').collect();
        let [networks, secret, begins, adapter] = parts[..] else { return Ok(None) };
        let networks: Option<Vec<Network>> =
            networks.split(',').map(|name| name.parse().ok()).collect();
        let (Some(networks), Some(bytes), Ok(begins)) = (networks, hex(secret), begins.parse())
        else {
            return Ok(None);
        };
        let mut keys = BeaconKeys::default();
        for &network in &networks {
            keys.insert(network, BaseKey::new(bytes, Wall(begins)));
        }
        let mut beacon = Beacon::new(Setup { networks, wake, ..Setup::default() });
        beacon.set_keys(keys, now);
        let voice = Voice::on_air(Sender::start(adapter.to_owned(), false)?);
        Ok(Some(Self { beacon, voice, sets: None, remark: String::new(), own: 0 }))
    }

    /// Does what is due.
    pub(crate) fn turn(&mut self, now: Now) {
        while let Some(news) = self.voice.take_news() {
            match news {
                News::Sets(sets) => {
                    self.sets = Some(sets);
                    self.beacon.handle_sets(sets, now);
                }
                News::Remark(remark) => self.remark = remark,
            }
        }
        self.beacon.handle_timeout(now);
        if let Some(plan) = self.beacon.take_plan() {
            self.voice.say(plan, now.mono);
        }
    }

    pub(crate) fn poll_timeout(&self) -> Option<Mono> {
        self.beacon.poll_timeout()
    }

    pub(crate) async fn stirred(&mut self) {
        self.voice.stirred().await;
    }

    /// Whether the door has heard itself; that is counted.
    pub(crate) fn is_own(&mut self, evidence: &Evidence, advert: &Advertisement) -> bool {
        let is_own = self.beacon.own().sent(evidence, advert);
        self.own += u64::from(is_own);
        is_own
    }

    /// How it is, for the line that is printed each second.
    pub(crate) fn says(&self) -> serde_json::Value {
        serde_json::json!({ "sets": self.sets, "remark": self.remark, "own": self.own })
    }
}

fn hex(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
    let (pairs, []) = digits.as_deref()?.as_chunks::<2>() else { return None };
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    bytes.try_into().ok()
}
