//! The real radio: reads what the kernel or BlueZ has heard, when the loop has time for it. The
//! queue is the kernel's own (or a bounded one), so a loop that is busy loses adverts, and knows
//! how many, but never grows.
//!
//! Which remedy the radio needs is not decided here but in [`RadioHealth`]; the thread that looks
//! after BlueZ carries it out.

mod condition;
mod inlet;
mod reading;

pub use condition::{Change, Condition, Way};

use std::fmt;
use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

use tokio::sync::mpsc;

use self::inlet::{Inlet, Taken};
use self::reading::Asked;
use super::bluez::{Bluez, Message, Order};
use super::choice;
use super::hci;
use super::join::Joiner;
use super::missed::Missed;
use super::monitor::Monitor;
use super::privilege::give_up_raw_sockets;
use super::signals::Outlet;
use crate::domain::advert::Advertisement;
use crate::domain::airwaves;
use crate::domain::asking::Reading;
use crate::domain::fault::Trouble;
use crate::domain::moment::Mono;
use crate::domain::radio_health::RadioHealth;

/// After something was heard, the next is taken in so much later, together with what has come by
/// then: a fiftieth of a second is nothing to a visitor, and at 1,000 reports a second the loop
/// turns 50 times instead of 1,000.
const REST: Duration = Duration::from_millis(20);

/// A radio that listens to the real air.
pub struct Radio {
    inlet: Inlet,
    bluez: Bluez,
    health: RadioHealth,
    /// The trouble that was told last.
    told: Option<Trouble>,
    /// A message that has been taken from its queue already.
    message: Option<Message>,
    /// Whether another adapter reads, which keeps no scan off.
    reads_apart: bool,
    /// Until then what comes is left to gather.
    rest_until: Option<Mono>,
    asked: Option<Asked>,
    reading: Option<Reading>,
}

impl Radio {
    /// Binds the monitor channel for `hciN`, gives the capability for it back, and starts the
    /// thread that looks after BlueZ. To be called while the program has one thread. Without the
    /// capability BlueZ's signals are listened to. An adapter that is not there is waited for.
    /// Phones are read with the adapter `reads`, while it is there.
    ///
    /// # Errors
    ///
    /// When the system gives no thread.
    pub fn open(adapter: &str, reads: Option<&str>, now: Mono) -> io::Result<Self> {
        let number = choice::number(adapter).unwrap_or_default();
        let monitor = Monitor::open(number);
        let given_up = give_up_raw_sockets();
        let (inlet, outlet, remark) = match monitor.and_then(|monitor| given_up.map(|()| monitor)) {
            Ok(monitor) => (
                Inlet::monitor(monitor, now),
                None,
                format!("{adapter} is listened to over the kernel's monitor channel"),
            ),
            Err(error) => {
                let (outlet, adverts, counts) = Outlet::new();
                let missed = Missed::new(now);
                let remark = format!(
                    "{adapter} is listened to over D-Bus, because the kernel's monitor channel \
                     cannot be opened: {error}"
                );
                let inlet =
                    Inlet::Signals { adverts, waiting: None, counts, adapter: number, missed };
                (inlet, Some(outlet), remark)
            }
        };
        let bluez = Bluez::start(adapter.to_owned(), reads.map(str::to_owned), outlet)?;
        Ok(Self::new(inlet, bluez, Some(Message::Remark(remark)), now))
    }

    /// A radio that reads packets in the monitor's form from `socket`, with nobody looking after
    /// it: for tests and measurements on machines without Bluetooth.
    ///
    /// # Errors
    ///
    /// When the kernel takes no filter.
    pub fn over(socket: impl Into<OwnedFd>, adapter: u16, now: Mono) -> io::Result<Self> {
        let inlet = Inlet::monitor(Monitor::over(socket, adapter)?, now);
        let (orders, _) = mpsc::channel(1);
        let (_, messages) = mpsc::channel(1);
        Ok(Self::new(inlet, Bluez { orders, messages }, None, now))
    }

    fn new(inlet: Inlet, bluez: Bluez, message: Option<Message>, now: Mono) -> Self {
        let health = RadioHealth::new(now);
        Self {
            inlet,
            bluez,
            health,
            told: None,
            message,
            reads_apart: false,
            rest_until: None,
            asked: None,
            reading: None,
        }
    }

    /// Joins the loop of the tokio runtime that it is called in.
    ///
    /// # Errors
    ///
    /// When the system refuses.
    pub fn join_loop(&mut self) -> io::Result<()> {
        match &mut self.inlet {
            Inlet::Monitor { monitor, .. } => monitor.join_loop(),
            Inlet::Signals { .. } => Ok(()),
        }
    }

    /// Waits until there is something to hear or a message. It may be dropped at any time.
    pub async fn stirred(&mut self) {
        if self.message.is_some() {
            return;
        }
        let rests = self.rest_until.is_some();
        let (inlet, messages) = (&mut self.inlet, &mut self.bluez.messages);
        tokio::select! {
            Some(message) = messages.recv() => self.message = Some(message),
            () = inlet.stirred(), if !rests => {}
            else => std::future::pending().await,
        }
    }

    /// When it has rested, or needs to be looked after.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Mono> {
        let tell = self.inlet.tell_at();
        let times = [self.rest_until, self.health.poll_timeout(), self.cut_at(), tell];
        times.into_iter().flatten().min()
    }

    /// Hands what was heard to `heard`, at most `budget` packets.
    pub(super) fn hear(
        &mut self,
        now: Mono,
        budget: u32,
        joiner: &mut Joiner,
        mut heard: impl FnMut(&Advertisement, Mono),
    ) {
        self.take_in(now, budget, |taken| match taken {
            Taken::Advert(advert) => heard(advert, now),
            Taken::Event(event) => {
                for report in hci::reports(event).into_iter().flatten().flatten() {
                    if let Some(advert) = joiner.accept(report, now) {
                        heard(advert, now);
                    }
                }
            }
        });
    }

    /// The same, but hands over the HCI events as they came. BlueZ's signals have none.
    pub(super) fn hear_raw(&mut self, now: Mono, budget: u32, mut heard: impl FnMut(&[u8], Mono)) {
        self.take_in(now, budget, |taken| match taken {
            Taken::Event(event) => heard(event, now),
            Taken::Advert(_) => {}
        });
    }

    fn take_in(&mut self, now: Mono, budget: u32, mut taken: impl FnMut(Taken<'_>)) {
        if self.rest_until.is_some_and(|until| now < until) {
            return;
        }
        self.rest_until = None;
        let mut anything = false;
        let packets = self.inlet.take_in(now, budget, |heard| {
            anything = true;
            taken(heard);
        });
        if anything {
            self.health.handle_heard(now);
        }
        if packets > 0 {
            // Where there was more than the budget allows, there is no rest.
            self.rest_until = Some(if packets < budget { now + REST } else { now });
        }
    }

    /// Does what is due. To be called until there is nothing more to tell.
    pub fn turn(&mut self, now: Mono) -> Option<Change> {
        match self.message.take().or_else(|| self.bluez.messages.try_recv().ok()) {
            Some(Message::News(news)) => self.health.handle_news(news, now),
            Some(Message::Adapter(name)) => return Some(self.follow(&name, now)),
            Some(Message::Apart(apart)) => self.reads_apart = apart,
            Some(Message::Read(address, outcome)) => self.handle_read(address, outcome, now),
            Some(Message::Found { is_built_in }) => self.health.handle_found(is_built_in),
            Some(Message::Remark(remark)) => return Some(Change::Remark(remark)),
            None => {}
        }
        if let Some(remark) = self.inlet.poll_remark(now) {
            return Some(Change::Remark(remark));
        }
        if let Inlet::Monitor { address_taken, .. } = &mut self.inlet
            && let Some(taken) = address_taken.take()
        {
            return Some(Change::Address { taken });
        }
        self.cut_reading(now);
        self.health.handle_rest(self.asked.is_none() && self.inlet.rests(), now);
        self.health.handle_timeout(now);
        if let Some(remedy) = self.health.poll_remedy() {
            if let Inlet::Monitor { meter, .. } = &mut self.inlet {
                // What is done next may stop the scan without a word on the channel.
                meter.handle_gone(now);
            }
            // If the thread is gone the order stays without an answer, and that is an answer.
            self.bluez.orders.try_send(Order::Remedy(remedy)).ok();
        }
        let trouble = self.health.trouble();
        let anew = self.health.poll_anew() && trouble.is_none();
        (anew || trouble != self.told).then(|| {
            self.told = trouble;
            Change::Health(trouble)
        })
    }

    /// Another adapter is used from now on.
    fn follow(&mut self, name: &str, now: Mono) -> Change {
        let number = choice::number(name).unwrap_or_default();
        Change::Remark(match self.inlet.follow(number, now) {
            Ok(()) => format!("{name} is listened to, the adapter that is there"),
            Err(error) => format!("{name} cannot be listened to: {error}"),
        })
    }

    /// Somebody is at the screen, so that something should be heard.
    pub fn handle_somebody(&mut self, now: Mono) {
        self.health.handle_somebody(now);
    }

    /// Where adverts come from, in a word for people.
    #[must_use]
    pub(super) const fn source(&self) -> airwaves::Source {
        match self.inlet {
            Inlet::Monitor { .. } => airwaves::Source::Monitor,
            Inlet::Signals { .. } => airwaves::Source::Bus,
        }
    }

    /// How it works.
    #[must_use]
    pub fn condition(&self, now: Mono) -> Condition {
        match &self.inlet {
            Inlet::Monitor { monitor, meter, .. } => Condition {
                way: Way::Monitor,
                dropped: monitor.dropped().map(u64::from),
                missed: None,
                scan: Some((meter.off(now), meter.is_without_repeats())),
            },
            Inlet::Signals { counts, missed, .. } => Condition {
                way: Way::Signals,
                dropped: Some(counts.dropped()),
                missed: Some(missed.bounds(counts.told())),
                scan: None,
            },
        }
    }
}

impl fmt::Debug for Radio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.inlet {
            Inlet::Monitor { .. } => "Radio(Monitor)",
            Inlet::Signals { .. } => "Radio(Signals)",
        })
    }
}

#[cfg(test)]
mod tests;
