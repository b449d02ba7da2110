//! What `kiosk check` says of fetching published keys: whether the service may reach the network at
//! all. The server itself is not asked.

use std::path::{Path, PathBuf};

use super::Finding;

/// Where the package and an administrator put units, what is changed about the kiosk's beside it.
const UNIT: &str = "usr/lib/systemd/system/kiosk.service";
const CHANGES: [&str; 3] = [
    "usr/lib/systemd/system/kiosk.service.d",
    "run/systemd/system/kiosk.service.d",
    "etc/systemd/system/kiosk.service.d",
];

/// Whether the service may speak to the network, seen from `root`; `None` where it is not installed.
pub(super) fn is_let_out(root: &Path) -> Option<bool> {
    if !root.join(UNIT).exists() {
        return None;
    }
    let changes = CHANGES.iter().flat_map(|directory| {
        let files = std::fs::read_dir(root.join(directory)).into_iter().flatten().flatten();
        files.map(|file| file.path()).filter(|path| path.extension() == Some("conf".as_ref()))
    });
    let lets_out = |path: PathBuf| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.lines().any(|line| {
            line.strip_prefix("RestrictAddressFamilies=")
                .is_some_and(|rest| rest.contains("AF_INET"))
        })
    };
    Some(changes.into_iter().any(lets_out))
}

/// What is said of a server that the settings name.
pub(super) fn finding(index_url: &str, is_let_out: Option<bool>) -> Finding {
    if is_let_out == Some(false) {
        let words = format!(
            "the service may not reach {index_url}: /usr/share/kiosk/fetch.conf lets it out and says how"
        );
        return Finding::fail("keys", words);
    }
    Finding::note(
        "keys",
        format!("{index_url} was not asked: the journal says how each round went"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_is_let_out_by_the_file_of_the_package() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        assert_eq!(is_let_out(root), None, "nothing is installed");
        let put = |path: &str, text: &str| {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        put(UNIT, "[Service]\nRestrictAddressFamilies=AF_UNIX AF_INET\n");
        assert_eq!(is_let_out(root), Some(false), "the unit itself is the package's");
        put("etc/systemd/system/kiosk.service.d/other.conf", "# RestrictAddressFamilies=AF_INET\n");
        assert_eq!(is_let_out(root), Some(false));
        let ours = include_str!("../../../deploy/systemd/kiosk.service.d/fetch.conf");
        put("etc/systemd/system/kiosk.service.d/fetch.conf", ours);
        assert_eq!(is_let_out(root), Some(true));
    }
}
