//! What `kiosk check` says of sending where a network is joined whose adverts need a new address at
//! each of their turns: an adapter that listens meanwhile may refuse it, and nobody would know.

use std::io::Write;
use std::time::Duration;

use super::Finding;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::beacon::Setup;
use crate::radio::beacon::{Offer, survey};
use crate::radio::monitor::{Monitor, PACKET_BYTES_MAX};
use crate::radio::scanning::{Packet, packet};

/// A turn of every part takes 30 s where all networks are joined (`domain/beacon/schedule.rs`).
const LISTENED_FOR: Duration = Duration::from_secs(35);
/// From one look into the channel to the next.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How the adapter that listens takes new addresses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sends {
    /// No network is joined that needs one, or another adapter sends.
    Unhindered,
    /// Each part has an advertising set with an address of its own.
    WithSets,
    /// It sends one thing at a time, and was seen to take a new address, or to refuse it.
    OneAtATime {
        /// `None` where the kiosk does not send at present, or the monitor channel is shut.
        takes_address: Option<bool>,
    },
    /// BlueZ does not say.
    Unknown,
}

impl Sends {
    /// Asks BlueZ, and where it is in doubt listens for what the controller answers the running kiosk.
    pub(super) fn look(config: &Config, clock: &Clock) -> Self {
        let setup = config.site().beacon;
        if setup.own_adapter || setup.needs_new_address().is_none() {
            return Self::Unhindered;
        }
        match survey(config.adapter()) {
            None => Self::Unknown,
            Some(Offer { has_sets: true, .. }) => Self::WithSets,
            Some(Offer { is_sending: false, .. }) => Self::OneAtATime { takes_address: None },
            Some(_) => Self::OneAtATime { takes_address: listen(config.adapter(), clock) },
        }
    }

    /// A line where a network that needs a new address is sent with the adapter that listens.
    pub(super) fn finding(self, adapter: &str, setup: &Setup) -> Option<Finding> {
        let network = setup.needs_new_address()?;
        let remedy = "give it an adapter of its own: adapter = \"hci1\" under [beacon]";
        Some(match self {
            Self::Unhindered => return None,
            Self::WithSets => {
                Finding::ok("sends", format!("{adapter} has an advertising set for {network}"))
            }
            Self::OneAtATime { takes_address: Some(true) } => {
                Finding::ok("sends", format!("{adapter} takes the new addresses of {network}"))
            }
            Self::OneAtATime { takes_address: Some(false) } => Finding::fail(
                "sends",
                format!(
                    "{adapter} refuses a new address while it listens, so {network} is not sent: \
                     {remedy}"
                ),
            ),
            Self::OneAtATime { takes_address: None } | Self::Unknown => Finding::note(
                "sends",
                format!(
                    "{adapter} may refuse a new address while it listens, and then {network} is \
                     not sent: `sudo kiosk check` while the kiosk runs shows it; if so, {remedy}"
                ),
            ),
        })
    }
}

/// What the controller says to the next new address that it is told; `None` where the channel is shut
/// or nothing comes in time.
fn listen(adapter: &str, clock: &Clock) -> Option<bool> {
    let number = adapter.strip_prefix("hci").and_then(|number| number.parse().ok());
    let monitor = Monitor::open(number.unwrap_or_default()).ok()?;
    // Nobody may be reading.
    drop(writeln!(std::io::stderr(), "listening to {adapter} for half a minute"));
    let until = clock.now().mono + LISTENED_FOR;
    let mut buffer = [0; PACKET_BYTES_MAX];
    while clock.now().mono < until {
        match monitor.receive(&mut buffer) {
            Ok(bytes) => {
                if let Some(Packet::Address { taken }) = packet(bytes) {
                    return Some(taken);
                }
            }
            Err(_) => std::thread::park_timeout(LOOK_EVERY),
        }
    }
    None
}
