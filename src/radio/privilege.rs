//! Gives `CAP_NET_RAW` back, once the one socket that needed it is bound, and makes sure that no
//! thread kept it.
//!
//! It is called while the program has one thread: later ones inherit what this one has. That is
//! proved, not assumed, by looking at every thread.

use std::fs;
use std::io;

use rustix::io::Errno;
use rustix::thread::{
    CapabilitySet, capabilities, remove_capability_from_bounding_set, set_capabilities,
    set_no_new_privs,
};

/// Gives the capability up, for good.
///
/// The bounding set, which limits what a program started from here may gain, can be lowered only
/// with `CAP_SETPCAP`, which the service does not have; so it is made void instead: after
/// `no_new_privs` nothing that is started gains anything (capabilities(7), prctl(2)).
///
/// # Errors
///
/// When the kernel refuses, or another thread still has it.
pub fn give_up_raw_sockets() -> io::Result<()> {
    set_no_new_privs(true)?;
    match remove_capability_from_bounding_set(CapabilitySet::NET_RAW) {
        Ok(()) | Err(Errno::PERM) => {}
        Err(error) => return Err(error.into()),
    }
    let mut sets = capabilities(None)?;
    // What is neither permitted nor inheritable leaves the ambient set by itself.
    sets.effective.remove(CapabilitySet::NET_RAW);
    sets.permitted.remove(CapabilitySet::NET_RAW);
    sets.inheritable.remove(CapabilitySet::NET_RAW);
    set_capabilities(None, sets)?;
    if nobody_has_raw_sockets()? {
        Ok(())
    } else {
        Err(io::Error::other("a thread that was started before still has CAP_NET_RAW"))
    }
}

/// Whether no thread of this process has the capability, nor can get it.
///
/// # Errors
///
/// When `/proc` cannot be read.
pub fn nobody_has_raw_sockets() -> io::Result<bool> {
    for thread in fs::read_dir("/proc/self/task")? {
        match fs::read_to_string(thread?.path().join("status")) {
            Ok(status) if has_raw_sockets(&status) => return Ok(false),
            Ok(_) => {}
            // It has just ended.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// What `/proc/…/status` says of one thread (proc(5)).
fn has_raw_sockets(status: &str) -> bool {
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        u64::from_str_radix(line.trim_start_matches(':').trim(), 16).ok()
    };
    let has = |name| field(name).is_none_or(|set| set & CapabilitySet::NET_RAW.bits() != 0);
    let may_gain = field("NoNewPrivs") != Some(1);
    ["CapInh", "CapPrm", "CapEff", "CapAmb"].into_iter().any(has) || (has("CapBnd") && may_gain)
}

#[cfg(test)]
mod tests {
    use super::has_raw_sockets;

    fn status(held: &str, bounding: &str, no_new: u8) -> String {
        format!(
            "Name:\tkiosk\nCapInh:\t0\nCapPrm:\t{held}\nCapEff:\t0\nCapBnd:\t{bounding}\nCapAmb:\t0\nNoNewPrivs:\t{no_new}\n"
        )
    }

    #[test]
    fn each_way_of_having_it_is_seen() {
        let all = "000001ffffffffff";
        let rest = "000001ffffffdfff";
        assert!(!has_raw_sockets(&status("0000000000000000", rest, 0)));
        assert!(!has_raw_sockets(&status(rest, all, 1)));
        assert!(has_raw_sockets(&status("0000000000002000", rest, 1)));
        assert!(has_raw_sockets(&status(rest, all, 0)));
        assert!(has_raw_sockets("Name:\tkiosk\n"), "what is not said counts as had");
    }
}
