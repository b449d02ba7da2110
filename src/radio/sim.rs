//! A street of phones: people walk by, come to the desk, stay behind the counter. What they
//! broadcast is made as the bytes a controller would hand over, so everything behind the
//! controller is the real thing.
//!
//! The same seed gives the same street. Loudness follows the log-distance rule with noise; that
//! is good enough to show and to test what the kiosk does, and no proof of how well it detects.

mod phone;
mod reading;
pub mod scene;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

pub use phone::{Phone, PhoneKind, Walk};
pub use reading::Answering;

use self::reading::Asked;
use super::hci::{self, Form, Report};
use crate::domain::advert::Advertisement;
use crate::domain::exposure::published::PublishedKey;
use crate::domain::moment::{Mono, Wall};

/// Which phone of the street.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PhoneNumber(usize);

/// A street and everybody in it.
#[derive(Debug)]
pub struct Street {
    rng: fastrand::Rng,
    /// What the wall clock showed when the monotonic one began.
    began: Wall,
    phones: Vec<Phone>,
    /// When each phone speaks next, the earliest first.
    next: BinaryHeap<Reverse<(Mono, PhoneNumber)>>,
    /// What else is heard, the earliest first.
    others: VecDeque<(Mono, Advertisement)>,
    /// The phone that is being asked for its id.
    asked: Option<Asked>,
    /// When each reading so far ended, and for how long it kept the scan off.
    readings: Vec<(Mono, Duration)>,
}

impl Street {
    /// An empty street. `began` is the time of day at which the monotonic clock began.
    #[must_use]
    pub fn new(seed: u64, began: Wall) -> Self {
        Self {
            rng: fastrand::Rng::with_seed(seed),
            began,
            phones: Vec::new(),
            next: BinaryHeap::new(),
            others: VecDeque::new(),
            asked: None,
            readings: Vec::new(),
        }
    }

    /// Adds somebody who carries a phone of this kind and walks like this.
    pub fn add(&mut self, kind: PhoneKind, walk: Walk) -> PhoneNumber {
        let number = PhoneNumber(self.phones.len());
        let phone = Phone::new(kind, walk, &mut self.rng);
        self.next.push(Reverse((phone.first_advert(), number)));
        self.phones.push(phone);
        number
    }

    /// Has an advert arrive that is no phone's of the street, such as another kiosk's; each no earlier
    /// than the one before.
    pub fn arrives(&mut self, at: Mono, advert: Advertisement) {
        self.others.push_back((at, advert));
    }

    /// Switches the app of a phone on: its owner has installed or opened it.
    pub fn open_app(&mut self, number: PhoneNumber, kind: PhoneKind, now: Mono) {
        if let Some(phone) = self.phones.get_mut(number.0) {
            phone.open_app(kind, now);
        }
    }

    /// What a health authority publishes when the owner of a phone is ill: its key of the day of
    /// `wall`. `None` for one without an app.
    #[must_use]
    pub fn published(&self, number: PhoneNumber, wall: Wall) -> Option<PublishedKey> {
        self.phones.get(number.0)?.published(wall)
    }

    /// When somebody speaks or answers next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Mono> {
        let advert = self.next.peek().map(|Reverse((at, _))| *at);
        let reading = self.asked.as_ref().map(Asked::ends);
        let other = self.others.front().map(|(at, _)| *at);
        [advert, reading, other].into_iter().flatten().min()
    }

    /// The next HCI event, if somebody within earshot speaks at or before `now`; written into
    /// `event`. Returns when it was heard.
    pub fn hear(&mut self, now: Mono, event: &mut Vec<u8>) -> Option<Mono> {
        loop {
            let next = self.next.peek().map(|Reverse((at, _))| *at);
            if let Some(&(at, advert)) = self.others.front()
                && at <= now
                && next.is_none_or(|next| at <= next)
            {
                self.others.pop_front();
                report(&advert, event);
                return Some(at);
            }
            let &Reverse((at, number)) = self.next.peek()?;
            if at > now {
                return None;
            }
            self.next.pop();
            let phone = self.phones.get_mut(number.0)?;
            let wall = Wall(self.began.0.saturating_add_unsigned(at.since_start().as_secs()));
            let advert = phone.advertise(at, wall, &mut self.rng);
            if let Some(again) = phone.next_advert(at, &mut self.rng) {
                self.next.push(Reverse((again, number)));
            }
            if let Some(advert) = advert {
                report(&advert, event);
                return Some(at);
            }
        }
    }
}

/// Puts the event by which a controller tells of this advert into `event`.
pub fn report(advert: &Advertisement, event: &mut Vec<u8>) {
    let report = Report {
        form: Form::Extended,
        kind: hci::Kind::Advert,
        address: advert.address,
        rssi: advert.rssi,
        connectable: advert.connectable,
        scannable: false,
        legacy: true,
        set: hci::NO_SET,
        status: hci::DataStatus::Complete,
        data: advert.data.as_bytes(),
    };
    hci::encode(&report, event);
}
