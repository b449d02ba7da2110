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
