//! A reception with a book that lives in memory, driven by hand: for tests of the pure core.
#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::unwrap_used,
    reason = "each test file uses a part of it"
)]

use std::time::Duration;

use kiosk::domain::advert::{Address, AdvertData, Advertisement, Dbm};
use kiosk::domain::exposure::windows::{ExposureId, ExposureNotice};
use kiosk::domain::fault::{Fault, Organ, Trouble};
use kiosk::domain::guard::PinState;
use kiosk::domain::logbook::{By, ENTRY_VERSION, Entry, Event, Public};
use kiosk::domain::moment::{Mono, Now, Wall, Zone};
use kiosk::domain::network::Network;
use kiosk::domain::reception::{Effect, Reception};
use kiosk::domain::remembering::Batch;
use kiosk::domain::request::{
    Calibrated, Digits, FoundVisit, Overlap, Reply, Request, Returning, Role,
};
use kiosk::domain::roster::Roster;
use kiosk::domain::site::{Choice, InstallLinks, Site, SiteKind};
use kiosk::domain::touch::{Key, Touch};
use kiosk::domain::venue::door::Venue;
use kiosk::domain::visit::{Visit, VisitId};
use kiosk::view::View;

/// 2026-03-02T08:00:00 in Viet Nam, a Monday.
pub(crate) const MORNING: Wall = Wall(1_772_413_200);

pub(crate) fn site() -> Site {
    let choice = |vi: &str| Choice { vi: vi.to_owned(), ..Choice::default() };
    Site {
        name: "UBND huyện Thử Nghiệm".to_owned(),
        door: "Cổng chính".to_owned(),
        door_letter: 'A',
        kind: SiteKind::Office,
        zone: Zone::VIET_NAM,
        hosts: vec![choice("Bộ phận Một cửa"), choice("Phòng Tư pháp")],
        purposes: vec![choice("Nộp hồ sơ"), choice("Họp")],
        networks: Network::ALL.to_vec(),
        beacon: kiosk::domain::beacon::Setup::default(),
        install: InstallLinks {
            any: "https://www.bluezone.gov.vn".to_owned(),
            android: Some("https://android.example".to_owned()),
            iphone: None,
        },
        venue: Venue::default(),
        keep_personal_days: 30,
        keep_encounters_days: 21,
        match_minutes: (20 * 60, 6 * 60),
        notice_version: 1,
        closing_sweep_minute: Some(22 * 60),
        ask_unit: false,
        ask_plate: true,
        motion_sensor: false,
        card_reader: false,
    }
}

/// The reception, its book, and everything it has asked for.
pub(crate) struct House {
    pub(crate) reception: Reception,
    pub(crate) now: Now,
    pub(crate) entries: Vec<Entry>,
    /// Effects other than requests, in order.
    pub(crate) effects: Vec<Effect>,
    /// What the book answers instead of writing, when it is unwell.
    pub(crate) book_fault: Option<Trouble>,
    /// While true, requests wait.
    pub(crate) book_is_slow: bool,
    pub(crate) waiting: Vec<Request>,
    pub(crate) pins: Option<(Digits, Digits)>,
    pub(crate) calibrated: Option<Calibrated>,
    /// What was heard, batch by batch.
    pub(crate) remembered: Vec<Batch>,
    pub(crate) exposures: Vec<ExposureNotice>,
}

impl House {
    pub(crate) fn new() -> Self {
        Self::with_site(site())
    }

    pub(crate) fn with_site(site: Site) -> Self {
        let now = Now { mono: Mono::from_millis(0), wall: MORNING, wall_trusted: true };
        let roster = Roster::new(site.zone, VisitId(0));
        Self {
            reception: Reception::new(site, roster, PinState::Set, now),
            now,
            entries: Vec::new(),
            effects: Vec::new(),
            book_fault: None,
            book_is_slow: false,
            waiting: Vec::new(),
            pins: Some((Digits("246801".to_owned()), Digits("135790".to_owned()))),
            calibrated: None,
            remembered: Vec::new(),
            exposures: Vec::new(),
        }
    }

    /// The same book after the power was off.
    pub(crate) fn restart(&mut self) {
        let site = self.reception.site().clone();
        let mut roster = Roster::new(site.zone, VisitId(0));
        for entry in &self.entries {
            roster.apply(entry);
        }
        let pins = if self.pins.is_some() { PinState::Set } else { PinState::ToChoose };
        self.reception = Reception::new(site, roster, pins, self.now);
        self.reception.set_calibrated(self.calibrated);
        self.waiting.clear();
    }

    pub(crate) fn view(&self) -> View {
        View::of(&self.reception, self.now)
    }

    pub(crate) fn touch(&mut self, touch: Touch) {
        self.reception.handle_touch(touch, self.now);
        self.drain();
    }

    pub(crate) fn touches(&mut self, touches: &[Touch]) {
        for &touch in touches {
            self.touch(touch);
        }
    }

    pub(crate) fn type_text(&mut self, text: &str) {
        for letter in text.chars() {
            self.touch(Touch::Key(Key::Char(letter)));
        }
    }

    /// Lets time pass, waking the reception whenever it wants to be woken.
    pub(crate) fn wait(&mut self, time: Duration) {
        self.wait_hearing(time, |_| None);
    }

    /// The same while adverts are heard: `heard` is asked every 100 ms.
    pub(crate) fn wait_hearing(
        &mut self,
        time: Duration,
        mut heard: impl FnMut(Mono) -> Option<Advertisement>,
    ) {
        let end = self.now.mono + time;
        let mut next_advert = self.now.mono;
        loop {
            let due = self.reception.poll_timeout(self.now).map_or(end, |(at, _)| at);
            let next = due.min(next_advert).min(end).max(self.now.mono);
            self.now = self.now.after(next.since(self.now.mono));
            if next >= end {
                self.reception.handle_timeout(self.now);
                self.drain();
                return;
            }
            if next == next_advert {
                next_advert = next_advert + Duration::from_millis(100);
                if let Some(advert) = heard(next) {
                    self.reception.handle_advertisement(&advert, self.now);
                }
            } else {
                assert!(due >= next, "a moment in the past would spin");
                self.reception.handle_timeout(self.now);
            }
            self.drain();
        }
    }

    /// Carries out what the reception asks for, to the end.
    pub(crate) fn drain(&mut self) {
        while let Some(effect) = self.reception.poll_effect() {
            match effect {
                Effect::Request(request) if self.book_is_slow => self.waiting.push(request),
                Effect::Request(request) => self.answer(request),
                effect @ (Effect::Lamp(_)
                | Effect::Buzz(_)
                | Effect::OpenGate
                | Effect::Ask(_)
                | Effect::Broadcast(_)
                | Effect::Match { .. }
                | Effect::Export { .. }) => {
                    self.effects.push(effect);
                }
            }
        }
    }

    /// The slow book catches up.
    pub(crate) fn catch_up(&mut self) {
        self.book_is_slow = false;
        for request in std::mem::take(&mut self.waiting) {
            self.answer(request);
        }
        self.drain();
    }

    fn answer(&mut self, request: Request) {
        let reply = match (self.book_fault, request) {
            (Some(trouble), _) => Reply::Failed(Fault { organ: Organ::Store, trouble }),
            (None, Request::Append(draft)) => {
                Reply::Appended { entry: self.write(draft.public, draft.personal) }
            }
            (None, Request::Probe) => Reply::Probed,
            (None, Request::Recall { phone }) => Reply::Recalled(
                self.entries
                    .iter()
                    .rev()
                    .filter_map(|entry| entry.personal.clone())
                    .find(|personal| personal.phone == phone.0)
                    .map(|personal| Returning { personal }),
            ),
            (None, Request::Search { .. }) => Reply::Found(Vec::new()),
            (None, Request::CheckPin(pin)) => {
                let (administrator, guard) = self.pins.clone().unwrap();
                Reply::PinChecked(match pin {
                    pin if pin == administrator => Some(Role::Administrator),
                    pin if pin == guard => Some(Role::Guard),
                    _ => None,
                })
            }
            (None, Request::SetPins { administrator, guard }) => {
                self.pins = Some((administrator, guard));
                Reply::PinsSet
            }
            (None, Request::Erase { visit, wall, wall_trusted }) => {
                let event = Event::Erased { visit };
                let public = Public { v: ENTRY_VERSION, wall, wall_trusted, event };
                Reply::Erased { entry: Some(self.write(public, None)) }
            }
            (None, Request::KeepLevels { levels, role, wall, .. }) => {
                self.calibrated = Some(Calibrated { levels, role, wall });
                Reply::LevelsKept
            }
            (None, Request::Expire { .. }) => Reply::Expired { entries: Vec::new(), more: false },
            (None, Request::Remember(batch)) => {
                self.remembered.push(batch);
                Reply::Remembered
            }
            (None, Request::Forget { .. }) => Reply::Forgot { entry: None, more: false },
            (None, Request::KeepExposures { .. } | Request::Exposures) => {
                Reply::Exposures(self.exposures.clone())
            }
            (None, Request::OpenOverlap { exposure, wall, wall_trusted, .. }) => {
                let ExposureId { trace, day, report } = exposure;
                let by = By::Administrator;
                let visits: Vec<_> = self.reception.roster().latest_first().map(found).collect();
                let count = u32::try_from(visits.len()).unwrap();
                let event = Event::OverlapOpened { trace, day, report, visits: count, by };
                let public = Public { v: ENTRY_VERSION, wall, wall_trusted, event };
                let notice = self.exposures.iter().find(|notice| notice.exposure.id == exposure);
                Reply::Overlap(Box::new(Overlap {
                    notice: notice.unwrap().clone(),
                    visits,
                    more: false,
                    entry: self.write(public, None),
                }))
            }
            (None, Request::PassOn(_)) => Reply::PassedOn,
            (None, Request::RenewBeaconKeys { .. }) => Reply::BeaconKeys(Box::default()),
            (None, Request::Disclose { event, wall, wall_trusted, .. }) => {
                let public = Public { v: ENTRY_VERSION, wall, wall_trusted, event };
                Reply::Appended { entry: self.write(public, None) }
            }
        };
        self.reception.handle_reply(reply, self.now);
    }

    fn write(&mut self, public: Public, personal: Option<kiosk::domain::visit::Personal>) -> Entry {
        let seq = u64::try_from(self.entries.len()).unwrap() + 1;
        let entry = Entry { seq, public, personal };
        self.entries.push(entry.clone());
        entry
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        self.entries.iter().map(|entry| entry.public.event).collect()
    }

    /// Opens the guard's screen.
    pub(crate) fn unlock(&mut self, pin: &str) {
        self.touch(Touch::Guard);
        self.type_text(pin);
        self.touch(Touch::Next);
    }

    /// From the welcome to "welcome in".
    pub(crate) fn check_in(&mut self, name: &str) {
        self.touches(&[Touch::Enter, Touch::ByName]);
        self.type_text(name);
        self.touches(&[Touch::Next, Touch::Host(0), Touch::Next]);
    }
}

/// Somebody inside, as the store finds them.
fn found(visit: &Visit) -> FoundVisit {
    FoundVisit {
        facts: visit.facts,
        personal: visit.personal.clone(),
        entered: visit.entered,
        left: None,
        seq: visit.seq,
    }
}

/// An Android phone with Bluezone; the id is made of `number`.
pub(crate) fn bluezone(number: u8, rssi: i8) -> Advertisement {
    let mut data = AdvertData::new(&[2, 1, 2, 15, 0xFF, 0xB5, 0x22]);
    data.extend(&[number; 12]);
    data.extend(&[3, 3, 0x56, 0x4E]);
    Advertisement {
        address: Address { bytes: [0x40, 0, 0, 0, 0, number], random: true },
        rssi: Some(Dbm(rssi)),
        connectable: true,
        data,
    }
}

/// A phone with Exposure Notification at low power; the id is made of `number`.
pub(crate) fn gaen(number: u8, rssi: i8) -> Advertisement {
    let mut data = AdvertData::new(&[2, 1, 0x1A, 3, 3, 0x6F, 0xFD, 23, 0x16, 0x6F, 0xFD]);
    data.extend(&[number; 20]);
    Advertisement { data, ..bluezone(number, rssi) }
}

/// An iPhone with Bluezone on its screen.
pub(crate) fn iphone(number: u8, rssi: i8) -> Advertisement {
    let mut data = AdvertData::new(&[2, 1, 0x1A, 17, 7]);
    data.extend(&0x0000_4E56_73F5_4BC4_A12F_17D1_AD07_A667_u128.to_le_bytes());
    Advertisement { data, ..bluezone(number, rssi) }
}

/// An iPhone with something in the background that has Bluezone's bit.
pub(crate) fn in_the_background(number: u8, rssi: i8) -> Advertisement {
    let mut data = AdvertData::new(&[20, 0xFF, 0x4C, 0, 1, 8]);
    data.extend(&[0; 15]);
    Advertisement { data, ..bluezone(number, rssi) }
}

pub(crate) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
