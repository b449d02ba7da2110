//! What the radio hears, second by second, for whoever looks at the radio: how many adverts, and
//! how loud the nearest two phones. The last minute, in memory of a fixed size.
//!
//! It decides nothing, and no id outlives the second in which it was heard. Who is at the desk is
//! [`super::presence`]'s business.

use super::moment::Mono;
use super::policy::AIRWAVES_SECONDS;
use super::presence::low_power_dbm;
use super::sighting::{Sighting, Subject};

/// Where adverts come from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// From nowhere: there is no radio.
    #[default]
    Nothing,
    /// A simulated street.
    Simulated,
    /// A capture that is played again.
    Capture,
    /// The radio, through the kernel's monitor channel.
    Monitor,
    /// The radio, through D-Bus.
    Bus,
}

/// What was heard in one whole second.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Second {
    /// Adverts of whatever kind.
    pub adverts: u32,
    /// How loud the nearest phone was at its loudest, in dBm as [`low_power_dbm`] counts.
    pub nearest_dbm: Option<i16>,
    /// The same of the next nearest.
    pub second_dbm: Option<i16>,
}

/// The last minute on the air.
#[derive(Clone, Debug)]
pub struct Airwaves {
    /// Each of the last seconds with its number since the clock began, at its number modulo the
    /// length.
    past: [(u64, Second); AIRWAVES_SECONDS],
    /// The number of the second that is under way.
    second: u64,
    adverts: u32,
    nearest: Option<Loudest>,
    next: Option<Loudest>,
}

/// One phone in the second that is under way.
#[derive(Clone, Copy, Debug)]
struct Loudest {
    subject: Subject,
    dbm: i16,
}

impl Default for Airwaves {
    fn default() -> Self {
        Self {
            past: [(0, Second::default()); AIRWAVES_SECONDS],
            second: 0,
            adverts: 0,
            nearest: None,
            next: None,
        }
    }
}

impl Airwaves {
    /// An advert has come in.
    pub fn note_advert(&mut self, now: Mono) {
        let second = now.since_start().as_secs();
        if second != self.second {
            self.begin(second);
        }
        self.adverts = self.adverts.saturating_add(1);
    }

    /// It came from a phone that counts. [`Self::note_advert`] has noted it.
    pub fn note_sighting(&mut self, sighting: &Sighting) {
        let heard = Loudest {
            subject: sighting.subject,
            dbm: low_power_dbm(sighting.rssi, sighting.tx_class),
        };
        let quieter = |other: &Option<Loudest>| other.is_none_or(|other| other.dbm < heard.dbm);
        // The nearest is not quieter than the next, so most adverts end here.
        if !quieter(&self.next) {
            return;
        }
        let is =
            |other: &Option<Loudest>| other.is_some_and(|other| other.subject == heard.subject);
        if is(&self.nearest) {
            if quieter(&self.nearest) {
                self.nearest = Some(heard);
            }
        } else if quieter(&self.nearest) {
            self.next = self.nearest.replace(heard);
        } else {
            self.next = Some(heard);
        }
    }

    /// The whole seconds before the one under way, the oldest first.
    pub fn seconds(&self, now: Mono) -> impl Iterator<Item = Second> {
        let this = now.since_start().as_secs();
        let length = u64::try_from(AIRWAVES_SECONDS).unwrap_or(u64::MAX);
        (1..=length).rev().map(move |ago| {
            let Some(second) = this.checked_sub(ago) else { return Second::default() };
            if second == self.second {
                return self.under_way();
            }
            let kept = self.past.get(place(second)).filter(|(number, _)| *number == second);
            kept.map_or_else(Second::default, |&(_, heard)| heard)
        })
    }

    /// Adverts in the last whole second.
    #[must_use]
    pub fn adverts_per_second(&self, now: Mono) -> u32 {
        self.seconds(now).last().map_or(0, |second| second.adverts)
    }

    fn under_way(&self) -> Second {
        Second {
            adverts: self.adverts,
            nearest_dbm: self.nearest.map(|loudest| loudest.dbm),
            second_dbm: self.next.map(|loudest| loudest.dbm),
        }
    }

    fn begin(&mut self, second: u64) {
        let ended = self.under_way();
        if let Some(slot) = self.past.get_mut(place(self.second)) {
            *slot = (self.second, ended);
        }
        (self.second, self.adverts, self.nearest, self.next) = (second, 0, None, None);
    }
}

fn place(second: u64) -> usize {
    usize::try_from(second).unwrap_or(0) % AIRWAVES_SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::advert::Dbm;
    use crate::domain::network::Network;
    use crate::domain::sighting::{ProximityId, TxClass};

    fn sighting(number: u8, rssi: i8) -> Sighting {
        let subject = Subject::Id(Network::Gaen, ProximityId::Rpi([number; 16]));
        Sighting { subject, strength: None, tx_class: TxClass::Low, rssi: Dbm(rssi) }
    }

    fn heard(airwaves: &mut Airwaves, at_ms: u64, sighting: &Sighting) {
        airwaves.note_advert(Mono::from_millis(at_ms));
        airwaves.note_sighting(sighting);
    }

    #[test]
    fn a_second_holds_its_adverts_and_its_two_nearest_phones() {
        let mut airwaves = Airwaves::default();
        airwaves.note_advert(Mono::from_millis(5_000));
        for (number, rssi) in [(1, -80), (2, -70), (1, -60), (3, -75), (2, -69), (1, -85)] {
            heard(&mut airwaves, 5_400, &sighting(number, rssi));
        }
        let now = Mono::from_millis(6_100);
        let last = airwaves.seconds(now).last().unwrap();
        assert_eq!(last, Second { adverts: 7, nearest_dbm: Some(-60), second_dbm: Some(-69) });
        assert_eq!(airwaves.adverts_per_second(now), 7);
        assert_eq!(airwaves.seconds(now).count(), AIRWAVES_SECONDS);
        assert_eq!(airwaves.adverts_per_second(Mono::from_millis(7_000)), 0);
    }

    #[test]
    fn the_two_loudest_are_two_phones_whoever_was_loud_before() {
        let mut random = fastrand::Rng::with_seed(3);
        for second in 1..400 {
            let mut airwaves = Airwaves::default();
            let mut loudest = [i16::MIN; 4];
            for _ in 0..random.u32(1..20) {
                let (number, rssi) = (random.u8(0..4), random.i8(-90..-80));
                heard(&mut airwaves, second * 1_000, &sighting(number, rssi));
                let so_far = &mut loudest[usize::from(number)];
                *so_far = i16::from(rssi).max(*so_far);
            }
            loudest.sort_unstable();
            let last = airwaves.seconds(Mono::from_millis(second * 1_000 + 1_000)).last().unwrap();
            assert_eq!(last.nearest_dbm, Some(loudest[3]));
            assert_eq!(last.second_dbm, Some(loudest[2]).filter(|dbm| *dbm > i16::MIN));
        }
    }

    #[test]
    fn a_minute_later_it_is_forgotten() {
        let mut airwaves = Airwaves::default();
        heard(&mut airwaves, 1_000, &sighting(1, -50));
        heard(&mut airwaves, 3_000, &sighting(1, -51));
        let levels = |at: u64| {
            let seconds: Vec<_> = airwaves.seconds(Mono::from_millis(at)).collect();
            seconds.iter().filter_map(|second| second.nearest_dbm).collect::<Vec<_>>()
        };
        assert_eq!(levels(4_000), [-50, -51]);
        assert_eq!(levels(61_999), [-50, -51]);
        assert_eq!(levels(62_000), [-51]);
        assert!(levels(64_000).is_empty());
        let mut airwaves = airwaves.clone();
        heard(&mut airwaves, 121_000, &sighting(1, -52));
        let after = Mono::from_millis(122_000);
        assert_eq!(airwaves.seconds(after).filter(|second| second.adverts > 0).count(), 1);
    }

    #[test]
    fn phones_of_both_classes_stand_on_one_scale() {
        assert_eq!(low_power_dbm(Dbm(-50), TxClass::Full), -67);
        assert_eq!(low_power_dbm(Dbm(-50), TxClass::Low), -50);
    }
}
