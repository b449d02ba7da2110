//! Where adverts come in: the kernel's monitor channel, or the queue of BlueZ's signals. It takes in what
//! is there and heals nothing.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::super::hci_socket;
use super::super::missed::Missed;
use super::super::monitor::{Monitor, PACKET_BYTES_MAX};
use super::super::scanning::{Packet, ScanMeter, packet};
use super::super::signals::Counts;
use crate::domain::advert::Advertisement;
use crate::domain::moment::Mono;

/// Where adverts come in.
pub(super) enum Inlet {
    Monitor {
        monitor: Monitor,
        meter: ScanMeter,
        /// Whether the controller took the last new address, until that is told.
        address_taken: Option<bool>,
    },
    Signals {
        adverts: mpsc::Receiver<Advertisement>,
        waiting: Option<Box<Advertisement>>,
        counts: Arc<Counts>,
        adapter: u16,
        missed: Missed,
    },
}

/// What is taken in, as it came.
pub(super) enum Taken<'a> {
    Event(&'a [u8]),
    Advert(&'a Advertisement),
}

impl Inlet {
    pub(super) fn monitor(monitor: Monitor, now: Mono) -> Self {
        Self::Monitor { monitor, meter: ScanMeter::new(now), address_taken: None }
    }

    /// For how long the scan has been off since the start, where that is measured.
    pub(super) fn scan_off(&self, now: Mono) -> Option<Duration> {
        match self {
            Self::Monitor { meter, .. } => Some(meter.off(now)),
            Self::Signals { .. } => None,
        }
    }

    /// Listens to the adapter of this number.
    pub(super) fn follow(&mut self, number: u16, now: Mono) -> io::Result<()> {
        match self {
            Self::Monitor { monitor, meter, .. } => {
                meter.handle_gone(now);
                monitor.follow(number)
            }
            Self::Signals { adapter, .. } => {
                *adapter = number;
                Ok(())
            }
        }
    }

    /// Whether the scan rests, where that can be seen.
    pub(super) const fn rests(&self) -> bool {
        match self {
            Self::Monitor { meter, .. } => meter.rests(),
            Self::Signals { .. } => false,
        }
    }

    pub(super) fn tell_at(&self) -> Option<Mono> {
        match self {
            Self::Monitor { .. } => None,
            Self::Signals { missed, .. } => Some(missed.tell_at()),
        }
    }

    /// What somebody should know of adverts that did not come, once a minute.
    pub(super) fn poll_remark(&mut self, now: Mono) -> Option<String> {
        let Self::Signals { counts, adapter, missed, .. } = self else { return None };
        if !missed.poll_look(now) {
            return None;
        }
        if let Some(counters) = hci_socket::counters(*adapter) {
            missed.count(counters);
        }
        missed.poll_words(counts.told(), counts.dropped(), now)
    }

    pub(super) async fn stirred(&mut self) {
        match self {
            Self::Monitor { monitor, .. } => monitor.stirred().await,
            Self::Signals { adverts, waiting, .. } if waiting.is_none() => {
                *waiting = adverts.recv().await.map(Box::new);
                if waiting.is_none() {
                    std::future::pending::<()>().await;
                }
            }
            Self::Signals { .. } => {}
        }
    }

    /// Returns how many packets were taken in.
    pub(super) fn take_in(
        &mut self,
        now: Mono,
        budget: u32,
        mut taken: impl FnMut(Taken<'_>),
    ) -> u32 {
        let mut buffer = [0; PACKET_BYTES_MAX];
        for packets in 0..budget {
            match self {
                Self::Signals { adverts, waiting, .. } => {
                    let advert = waiting.take().map(|advert| *advert);
                    let Some(advert) = advert.or_else(|| adverts.try_recv().ok()) else {
                        return packets;
                    };
                    taken(Taken::Advert(&advert));
                }
                Self::Monitor { monitor, meter, address_taken } => {
                    let Ok(bytes) = monitor.receive(&mut buffer) else { return packets };
                    match packet(bytes) {
                        Some(Packet::Event(event)) => {
                            meter.handle_heard(now);
                            taken(Taken::Event(event));
                        }
                        Some(Packet::Asked { on, without_repeats }) => {
                            meter.handle_asked(on, without_repeats);
                        }
                        Some(Packet::Answered { granted }) => meter.handle_answered(granted, now),
                        Some(Packet::Address { taken }) => *address_taken = Some(taken),
                        None => {}
                    }
                }
            }
        }
        budget
    }
}
