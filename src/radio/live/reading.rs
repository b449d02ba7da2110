//! A phone asked for its id: the order to the thread that looks after BlueZ, what it costs, and the
//! answer. Whom to ask is not decided here.

use std::time::Duration;

use super::super::bluez::Order;
use super::{Inlet, Radio};
use crate::domain::advert::Address;
use crate::domain::asking::{Ask, Outcome, Question, Reading};
use crate::domain::moment::Mono;

/// A phone that is being asked for its id.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    question: Question,
    since: Mono,
    /// For how long the scan had been off before, where that is measured.
    off_before: Option<Duration>,
    /// Another adapter asks, so it costs nothing.
    is_apart: bool,
    /// It has cost all it may.
    is_cut: bool,
}

impl Radio {
    /// Asks a phone for its id, or ends that.
    pub(in crate::radio) fn ask(&mut self, ask: Ask, now: Mono) {
        let sent = self.bluez.orders.try_send(Order::Ask(ask)).is_ok();
        if let Ask::Read(question) = ask {
            let off_before = self.inlet.scan_off(now);
            self.asked = Some(Asked {
                question,
                since: now,
                off_before,
                is_apart: self.reads_apart,
                is_cut: false,
            });
            if !sent {
                self.handle_read(question.address, Outcome::Busy, now);
            }
        }
    }

    /// The answer, once.
    pub(in crate::radio) const fn take_reading(&mut self) -> Option<Reading> {
        self.reading.take()
    }

    pub(super) fn handle_read(&mut self, address: Address, outcome: Outcome, now: Mono) {
        let Some(asked) = self.asked.take_if(|asked| asked.question.address == address) else {
            return;
        };
        if !asked.is_apart {
            self.health.handle_reading_ended(now);
        }
        let scan_off = match (self.inlet.scan_off(now), asked.off_before) {
            _ if asked.is_apart => Duration::ZERO,
            (Some(off), Some(before)) => off.saturating_sub(before),
            _ => now.since(asked.since),
        };
        // The kiosk has not asked for that end.
        let is_cut = asked.is_cut && outcome == Outcome::Stopped;
        let outcome = if is_cut { Outcome::TimedOut } else { outcome };
        self.reading = Some(Reading { address, outcome, scan_off });
    }

    /// When the reading under way will have cost all it may, as things are.
    pub(super) fn cut_at(&self) -> Option<Mono> {
        let asked = self.asked.as_ref().filter(|asked| !asked.is_cut && !asked.is_apart)?;
        let max = asked.question.scan_off_max;
        match (&self.inlet, asked.off_before) {
            (Inlet::Monitor { meter, .. }, Some(before)) => meter.off_reaches(before + max),
            _ => Some(asked.since + max),
        }
    }

    /// Ends a reading that has cost all it may.
    pub(super) fn cut_reading(&mut self, now: Mono) {
        if self.cut_at().is_some_and(|at| now >= at)
            && let Some(asked) = &mut self.asked
        {
            asked.is_cut = true;
            self.bluez.orders.try_send(Order::Ask(Ask::Stop)).ok();
        }
    }
}

#[cfg(test)]
mod tests;
