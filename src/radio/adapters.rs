//! The adapters of this machine as the kernel shows them in files, without BlueZ.

use std::fs;
use std::path::{Path, PathBuf};

/// A directory for each adapter.
const DIRECTORY: &str = "/sys/class/bluetooth";

/// Whether the adapter of this name is there.
#[must_use]
pub fn exists(adapter: &str) -> bool {
    Path::new(DIRECTORY).join(adapter).exists()
}

/// Whether rfkill keeps the adapter switched off (`Documentation/driver-api/rfkill.rst`).
#[must_use]
pub fn is_switched_off(adapter: &str) -> bool {
    let is_on = |path: PathBuf| fs::read_to_string(path).is_ok_and(|text| text.trim() == "1");
    let switches = fs::read_dir(Path::new(DIRECTORY).join(adapter));
    switches.into_iter().flatten().flatten().map(|entry| entry.path()).any(|path| {
        let is_switch = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("rfkill"));
        is_switch && (is_on(path.join("soft")) || is_on(path.join("hard")))
    })
}

/// The adapters of this machine, such as `hci0`.
#[must_use]
pub fn names() -> Vec<String> {
    let names = fs::read_dir(DIRECTORY).into_iter().flatten().flatten();
    let names = names.filter_map(|entry| entry.file_name().into_string().ok());
    // A connection has a colon in its name.
    names.filter(|name| !name.contains(':')).collect()
}

/// Whether an adapter such as `hci0` is part of the machine, and not a thing on USB that somebody at
/// the door can pull out; `None` when it is not there, or is a
/// simulated one without a device behind it.
pub(super) fn is_built_in(adapter: &str) -> Option<bool> {
    is_built_in_among(Path::new(DIRECTORY), adapter)
}

fn is_built_in_among(adapters: &Path, adapter: &str) -> Option<bool> {
    let device = adapters.join(adapter).join("device");
    let bus = fs::read_link(device.join("subsystem")).ok()?;
    // A laptop's own hangs on USB too. The port is that of the device, and this an interface of it.
    let is_fixed =
        fs::read_to_string(device.join("../removable")).is_ok_and(|port| port.trim() == "fixed");
    Some(is_fixed || bus.file_name()? != "usb")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn what_hangs_on_usb_can_be_pulled_out() {
        let place = tempfile::tempdir().unwrap();
        let adapters = place.path();
        for (adapter, bus, port) in [
            ("hci0", "usb", "removable"),
            ("hci1", "serial", ""),
            ("hci2", "usb", "unknown"),
            ("hci5", "usb", "fixed"),
        ] {
            let device = adapters.join("devices").join(adapter).join("interface");
            fs::create_dir_all(&device).unwrap();
            fs::create_dir(adapters.join(adapter)).unwrap();
            symlink(format!("../../../../../bus/{bus}"), device.join("subsystem")).unwrap();
            fs::write(device.join("../removable"), format!("{port}\n")).unwrap();
            symlink(&device, adapters.join(adapter).join("device")).unwrap();
        }
        fs::create_dir(adapters.join("hci3")).unwrap();
        let built_in = |adapter| is_built_in_among(adapters, adapter);
        assert_eq!(built_in("hci0"), Some(false));
        assert_eq!(built_in("hci1"), Some(true), "a Raspberry Pi's own");
        assert_eq!(built_in("hci2"), Some(false));
        assert_eq!(built_in("hci5"), Some(true), "a laptop's own");
        assert_eq!(built_in("hci3"), None, "nothing is behind it");
        assert_eq!(built_in("hci4"), None);
    }
}
