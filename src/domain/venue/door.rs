//! The codes of this door: which there are, and what they say on a day.
//!
//! Whoever photographs a code can scan the picture elsewhere, and would be warned as if they had
//! been here. So a code can change daily: its seed is then derived from the venue's secret and the
//! local day, and where it stays, from the secret and the word `always`.
//!
//! ```text
//! seed = HKDF-SHA256(secret, no salt, "kiosk venue" | scheme | YYYY-MM-DD)
//! ```
//!
//! From the same secret the kiosk knows the codes of days gone by, so none of them is stored. Which
//! warnings are read and what they mean is not decided here.

use hkdf::Hkdf;
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use sha2::Sha256;

use super::LocationId;
use super::code::{self, CoronaWarn};
use super::crowd_notifier::{self, PublicKey};
use crate::domain::moment::{Wall, Zone};

/// For so many days before today a warning may still come: the Corona-Warn-App forgets a check-in
/// 15 days after its end (`CHECK_IN_RETENTION_DAYS`).
pub const WARNED_FOR_DAYS: i32 = 15;

/// Where a code that stays says that it ends: the beginning of the year 2100.
const NO_END: Wall = Wall(4_102_444_800);

/// What the place is called in the app of whoever scans its code.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// What it is, at most 100 characters for the apps.
    pub description: String,
    /// Where it is, at most 100 characters for the apps.
    pub address: String,
}

/// Whose app a code is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// Germany's Corona-Warn-App.
    CoronaWarnApp,
    /// `CrowdNotifier`, that is Switzerland's `NotifyMe`.
    CrowdNotifier,
}

impl Scheme {
    /// Every scheme, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::CoronaWarnApp, Self::CrowdNotifier];

    /// The name in the configuration, in commands, and in what seeds are derived from.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CoronaWarnApp => "corona-warn-app",
            Self::CrowdNotifier => "crowd-notifier",
        }
    }
}

/// What the seeds of all codes of this door are derived from. `Debug` shows nothing of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VenueSecret(pub [u8; 32]);

impl std::fmt::Debug for VenueSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VenueSecret(…)")
    }
}

/// The codes of this door. Without any unless the configuration says otherwise.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Venue {
    /// What they say of the place.
    pub place: Place,
    /// For the Corona-Warn-App, where that one is shown.
    pub corona_warn: Option<CoronaWarn>,
    /// For `CrowdNotifier`, where that one is shown: the public key of the authority.
    pub crowd_notifier: Option<PublicKey>,
    /// Whether they are others every day.
    pub rotates_daily: bool,
    /// What they are made of. It is in the book, so there are no codes before that was opened.
    pub secret: Option<VenueSecret>,
}

impl Venue {
    /// Whose apps there are codes for.
    pub fn schemes(&self) -> impl Iterator<Item = Scheme> {
        let shown = |scheme: &Scheme| match scheme {
            Scheme::CoronaWarnApp => self.corona_warn.is_some(),
            Scheme::CrowdNotifier => self.crowd_notifier.is_some(),
        };
        Scheme::ALL.into_iter().filter(move |scheme| self.secret.is_some() && shown(scheme))
    }

    /// What the code of a day holds; `None` where there is none for that app.
    #[must_use]
    pub fn link(&self, scheme: Scheme, day: Date, zone: Zone) -> Option<String> {
        let on = self.rotates_daily.then_some(day);
        match scheme {
            Scheme::CoronaWarnApp => Some(self.corona_warn_code(on)?.link()),
            Scheme::CrowdNotifier => {
                let times = on.map_or((Wall(0), NO_END), |day| whole_day(day, zone));
                let seed = seed(self.secret?, scheme, on);
                let key = self.crowd_notifier?;
                Some(crowd_notifier::Code::new(&self.place, times, key, seed).link())
            }
        }
    }

    /// How the Corona-Warn-App's warnings may call this door: the code that stays, and those of
    /// today and of the days before for which a warning may still come. All of them whether or not
    /// the code changes daily, so that nothing is missed when that was set otherwise. A visit
    /// lasts beyond midnight, so the day of a warning does not say which of them it is about.
    ///
    /// Those of days before today are worked out with the words of today: after a change of what the place is
    /// called, warnings about earlier days are no longer recognised.
    pub fn location_ids(&self, today: Date) -> impl Iterator<Item = LocationId> {
        let days = (0..=WARNED_FOR_DAYS).filter_map(move |ago| today.checked_sub(ago.days()).ok());
        std::iter::once(None)
            .chain(days.map(Some))
            .filter_map(move |on| Some(self.corona_warn_code(on)?.location_id()))
    }

    fn corona_warn_code(&self, on: Option<Date>) -> Option<code::Code> {
        let seed = seed(self.secret?, Scheme::CoronaWarnApp, on);
        Some(code::Code::new(&self.place, self.corona_warn?, seed))
    }
}

/// From local midnight to local midnight.
fn whole_day(day: Date, zone: Zone) -> (Wall, Wall) {
    let midnight = |day: Date| Wall::from_civil(day.to_datetime(Time::midnight()), zone);
    (midnight(day), day.tomorrow().map_or(NO_END, midnight))
}

fn seed<const N: usize>(secret: VenueSecret, scheme: Scheme, on: Option<Date>) -> [u8; N] {
    let on = on.map_or_else(|| "always".to_owned(), |day| day.to_string());
    let mut seed = [0; N];
    #[expect(clippy::expect_used, reason = "a seed has 32 bytes at most, HKDF-SHA256 gives 8,160")]
    Hkdf::<Sha256>::new(None, &secret.0)
        .expand_multi_info(&[b"kiosk venue", scheme.name().as_bytes(), on.as_bytes()], &mut seed)
        .expect("a seed is within HKDF's reach");
    seed
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::venue::code::PlaceKind;

    fn venue(rotates_daily: bool) -> Venue {
        Venue {
            place: Place { description: "Cổng chính".into(), address: "Khe Sanh".into() },
            corona_warn: Some(CoronaWarn { kind: PlaceKind::PublicBuilding, default_minutes: 60 }),
            crowd_notifier: Some(PublicKey([1; crowd_notifier::PUBLIC_KEY_BYTES])),
            rotates_daily,
            secret: Some(VenueSecret([3; 32])),
        }
    }

    fn link(venue: &Venue, scheme: Scheme, day: Date) -> String {
        venue.link(scheme, day, Zone::VIET_NAM).unwrap()
    }

    #[test]
    fn a_code_changes_daily_or_stays() {
        let (monday, tuesday) = (date(2026, 11, 23), date(2026, 11, 24));
        for scheme in Scheme::ALL {
            let (rotating, lasting) = (venue(true), venue(false));
            assert_ne!(link(&rotating, scheme, monday), link(&rotating, scheme, tuesday));
            assert_eq!(link(&rotating, scheme, monday), link(&rotating, scheme, monday));
            assert_eq!(link(&lasting, scheme, monday), link(&lasting, scheme, tuesday));
            let elsewhere = Venue { secret: Some(VenueSecret([4; 32])), ..venue(false) };
            assert_ne!(link(&elsewhere, scheme, monday), link(&lasting, scheme, monday));
        }
    }

    #[test]
    fn nothing_is_shown_unless_it_is_set() {
        let day = date(2026, 11, 23);
        let unset = Venue { secret: Some(VenueSecret([3; 32])), ..Venue::default() };
        for none in [unset, Venue { secret: None, ..venue(true) }] {
            assert_eq!(none.schemes().count(), 0);
            for scheme in Scheme::ALL {
                assert_eq!(none.link(scheme, day, Zone::VIET_NAM), None);
            }
            assert_eq!(none.location_ids(day).count(), 0);
        }
        assert_eq!(venue(true).schemes().collect::<Vec<_>>(), Scheme::ALL);
    }

    #[test]
    fn what_hung_here_lately_is_recognised() {
        let today = date(2026, 11, 24);
        let id = |venue: &Venue, day| {
            let on = venue.rotates_daily.then_some(day);
            venue.corona_warn_code(on).unwrap().location_id()
        };
        for asked in [venue(true), venue(false)] {
            let known: Vec<_> = asked.location_ids(today).collect();
            assert_eq!(known.len(), 17, "today, the 15 days before, and the one that stays");
            for posted in [venue(true), venue(false)] {
                for day in [today, date(2026, 11, 23), date(2026, 11, 9)] {
                    assert!(known.contains(&id(&posted, day)), "{day}");
                }
            }
            assert!(!known.contains(&id(&venue(true), date(2026, 11, 8))));
            assert!(!known.contains(&id(&venue(true), date(2026, 11, 25))));
        }
    }

    #[test]
    fn a_day_lasts_from_midnight_to_midnight() {
        let (start, end) = whole_day(date(2021, 6, 2), Zone::VIET_NAM);
        assert_eq!((start, end), (Wall(1_622_566_800), Wall(1_622_653_200)));
    }
}
