//! What `kiosk check` says of the radio: each thing that Bluetooth on Linux can have against a
//! kiosk, with the line that mends it. It only looks; what it tries it takes back.

use std::io::ErrorKind;

use super::Finding;
use super::levels::Levels;
use crate::clock::Clock;
use crate::domain::radio_health::Obstacle;
use crate::radio::adapters;
use crate::radio::bluez;
use crate::radio::mgmt::{self, Settings};
use crate::radio::monitor::Monitor;

/// How the radio of a machine was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Radio {
    /// The kernel has no Bluetooth; why, in its words.
    NoKernel(String),
    /// There is no adapter of this name.
    NoAdapter {
        /// The names of those there are.
        others: Vec<String>,
    },
    /// There is one.
    Adapter {
        /// How the kernel has set it up.
        settings: Settings,
        /// Whether somebody has switched it off (rfkill).
        is_switched_off: bool,
        /// Whether BlueZ offers advertisement monitors, or why it cannot be asked.
        bluez: Result<bool, Obstacle>,
        /// The way adverts come.
        way: Way,
        /// Whether it says how loud phones are.
        levels: Levels,
        /// The names of the others there are.
        others: Vec<String>,
    },
}

/// The way adverts come to the kiosk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Way {
    /// Over the kernel's monitor channel.
    Monitor,
    /// Over D-Bus, because the account lacks `CAP_NET_RAW`.
    NotAllowed,
    /// Over D-Bus, because the channel cannot be opened; why, in the kernel's words.
    Shut(String),
}

impl Radio {
    /// Looks at the adapter of this name, and tries the monitor channel for a moment.
    pub(super) fn look(adapter: &str, clock: &Clock) -> Self {
        let number = adapter.strip_prefix("hci").and_then(|number| number.parse().ok());
        let number = number.unwrap_or_default();
        let mut others = adapters::names();
        others.retain(|other| other != adapter);
        others.sort();
        match mgmt::settings(number) {
            Err(error) => Self::NoKernel(error.to_string()),
            Ok(None) => Self::NoAdapter { others },
            Ok(Some(settings)) => {
                let (way, levels) = match Monitor::open(number) {
                    Ok(monitor) => (Way::Monitor, Levels::listen(&monitor, adapter, clock)),
                    Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                        (Way::NotAllowed, Levels::Unheard)
                    }
                    Err(error) => (Way::Shut(error.to_string()), Levels::Unheard),
                };
                let is_switched_off = adapters::is_switched_off(adapter);
                let bluez = bluez::survey(adapter);
                Self::Adapter { settings, is_switched_off, bluez, way, levels, others }
            }
        }
    }

    /// A line for the adapter, for BlueZ, and for the way adverts come.
    pub(super) fn findings(&self, adapter: &str) -> Vec<Finding> {
        match self {
            Self::NoKernel(error) => {
                let words =
                    format!("this kernel offers no Bluetooth: {error}; `modprobe bluetooth`");
                vec![Finding::fail("radio", words)]
            }
            Self::NoAdapter { others } => vec![Finding::fail("radio", missing(adapter, others))],
            Self::Adapter { settings, is_switched_off, bluez, way, levels, others } => {
                let mut findings = vec![
                    adapter_health(adapter, *settings, *is_switched_off),
                    bluez_health(adapter, *bluez),
                    way_health(way),
                ];
                findings.extend(levels.finding(adapter, others));
                findings
            }
        }
    }
}

fn missing(adapter: &str, others: &[String]) -> String {
    let remedy = match others {
        [] => "plug it in; on a Raspberry Pi, remove disable-bt from /boot/firmware/config.txt"
            .to_owned(),
        [other, ..] => format!(
            "the kiosk listens with {other} in its place; plug it in, or set adapter = \"{}\" under \
             [radio]",
            others.join("\" or \"")
        ),
    };
    format!("there is no adapter {adapter}: {remedy}")
}

fn adapter_health(adapter: &str, settings: Settings, is_switched_off: bool) -> Finding {
    if is_switched_off {
        return Finding::fail(
            "radio",
            format!("{adapter} is switched off: `rfkill unblock bluetooth`"),
        );
    }
    if !settings.has_le() {
        return Finding::fail(
            "radio",
            format!("{adapter} does not speak Bluetooth LE: use another adapter"),
        );
    }
    if settings.has_classic() {
        return Finding::fail(
            "radio",
            format!(
                "{adapter} also looks for devices of the older Bluetooth, and is deaf half of the \
                 time meanwhile: set ControllerMode = le in bluetoothd's configuration, as \
                 /usr/share/kiosk/bluetooth.conf does; `systemctl restart bluetooth`"
            ),
        );
    }
    let state = if settings.is_powered() { "on" } else { "off until the kiosk runs" };
    Finding::ok("radio", format!("{adapter} is there, speaks Bluetooth LE alone, and is {state}"))
}

fn bluez_health(adapter: &str, answer: Result<bool, Obstacle>) -> Finding {
    match answer {
        Ok(true) => Finding::ok("bluez", "bluetoothd answers, and offers advertisement monitors"),
        Ok(false) => Finding::fail(
            "bluez",
            "bluetoothd runs without -E, so a phone that stays is heard once in ten seconds: \
             install the package's bluetooth.service.d/kiosk.conf, then \
             `systemctl daemon-reload && systemctl restart bluetooth`",
        ),
        Err(Obstacle::NoBus) => {
            Finding::fail("bluez", "the system bus does not answer: `systemctl start dbus`")
        }
        Err(Obstacle::NoBluez | Obstacle::SwitchedOff | Obstacle::Refused) => Finding::fail(
            "bluez",
            "bluetoothd does not answer: `systemctl start bluetooth`; if it runs, this account \
             may not speak to it: `adduser kiosk bluetooth`",
        ),
        Err(Obstacle::NoAdapter) => Finding::fail(
            "bluez",
            format!("bluetoothd does not know {adapter}: `systemctl restart bluetooth`"),
        ),
    }
}

fn way_health(way: &Way) -> Finding {
    match way {
        Way::Monitor => Finding::ok("hears", "over the kernel's monitor channel"),
        Way::NotAllowed => Finding::note(
            "hears",
            "over D-Bus, because this account has no CAP_NET_RAW; the service gets it from \
             AmbientCapabilities= in kiosk.service, and `sudo kiosk check` tries it too",
        ),
        Way::Shut(error) => Finding::note(
            "hears",
            format!("over D-Bus, because the kernel's monitor channel cannot be opened: {error}"),
        ),
    }
}
