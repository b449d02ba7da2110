//! What `kiosk check` says of the radio: each thing that Bluetooth on Linux can have against a
//! kiosk, with the line that mends it. It only looks; what it tries it takes back.

use std::io::ErrorKind;

use super::Finding;
use crate::domain::radio_health::Obstacle;
use crate::radio::bluez;
use crate::radio::mgmt::{self, Settings};
use crate::radio::monitor::Monitor;

/// A line for the adapter, for BlueZ, and for the way adverts come.
pub(super) fn findings(adapter: &str) -> Vec<Finding> {
    let number = adapter.strip_prefix("hci").and_then(|number| number.parse().ok());
    let number = number.unwrap_or_default();
    let settings = match mgmt::settings(number) {
        Ok(settings) => settings,
        Err(error) => {
            let words = format!("this kernel offers no Bluetooth: {error}; `modprobe bluetooth`");
            return vec![Finding::fail("radio", words)];
        }
    };
    let Some(settings) = settings else {
        return vec![Finding::fail("radio", missing(adapter))];
    };
    vec![adapter_health(adapter, settings), bluez_health(adapter), way(number)]
}

fn missing(adapter: &str) -> String {
    let mut others = bluez::adapters();
    others.sort();
    let remedy = if others.is_empty() {
        "plug it in; on a Raspberry Pi, remove disable-bt from /boot/firmware/config.txt".to_owned()
    } else {
        format!("plug it in, or set adapter = \"{}\" under [radio]", others.join("\" or \""))
    };
    format!("there is no adapter {adapter}: {remedy}")
}

fn adapter_health(adapter: &str, settings: Settings) -> Finding {
    if bluez::is_switched_off(adapter) {
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

fn bluez_health(adapter: &str) -> Finding {
    match bluez::survey(adapter) {
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

/// Tries the monitor channel for a moment.
fn way(number: u16) -> Finding {
    match Monitor::open(number) {
        Ok(_) => Finding::ok("hears", "over the kernel's monitor channel"),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Finding::note(
            "hears",
            "over D-Bus, because this account has no CAP_NET_RAW; the service gets it from \
             AmbientCapabilities= in kiosk.service, and `sudo kiosk check` tries it too",
        ),
        Err(error) => Finding::note(
            "hears",
            format!("over D-Bus, because the kernel's monitor channel cannot be opened: {error}"),
        ),
    }
}
