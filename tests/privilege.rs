//! After the radio has given `CAP_NET_RAW` back, no thread of the process has it, nor can any get
//! it again: read from the kernel, for the threads that were there and those that come later.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot read its files should fail, and says what it could not show"
)]

use std::fs;
use std::sync::mpsc::channel;

use kiosk::domain::moment::Mono;
use kiosk::radio::live::Radio;
use kiosk::radio::privilege::nobody_has_raw_sockets;

/// Bit 13 (`include/uapi/linux/capability.h`).
const CAP_NET_RAW: u64 = 1 << 13;
/// Bit 8. Without it the bounding set stays, and is void.
const CAP_SETPCAP: u64 = 1 << 8;

fn main() {
    let had = |capability| {
        sets("self").iter().any(|(name, set)| name == "CapEff" && set & capability != 0)
    };
    let may_lower_bounds = had(CAP_SETPCAP);
    if !had(CAP_NET_RAW) {
        println!("started without CAP_NET_RAW: only that it is not gained is shown");
    }
    let radio = Radio::open("hci0", None, Mono::default()).unwrap();
    let (ready, is_ready) = channel();
    let (end, ended) = channel::<()>();
    let later = std::thread::spawn(move || {
        ready.send(()).unwrap();
        ended.recv().ok();
    });
    is_ready.recv().unwrap();

    let mut threads = 0;
    for thread in fs::read_dir("/proc/self/task").unwrap() {
        let thread = thread.unwrap().file_name().into_string().unwrap();
        threads += 1;
        let sets = sets(&format!("self/task/{thread}"));
        assert_eq!(sets.len(), 6, "the kernel names five sets and no_new_privs");
        let no_new = sets.iter().any(|(name, value)| name == "NoNewPrivs" && *value == 1);
        assert!(no_new, "thread {thread} may gain privileges");
        for (name, set) in sets.iter().filter(|(name, _)| name != "NoNewPrivs") {
            let void = name == "CapBnd" && !may_lower_bounds;
            assert!(void || set & CAP_NET_RAW == 0, "thread {thread} has it in {name}");
        }
    }
    assert!(threads >= 3, "this one, the radio's and a later one");
    assert!(nobody_has_raw_sockets().unwrap());
    drop(end);
    later.join().unwrap();
    drop(radio);
    println!("{threads} threads, none with CAP_NET_RAW");
}

fn sets(process: &str) -> Vec<(String, u64)> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let fields = status.lines().filter_map(|line| line.split_once(":\t"));
    fields
        .filter(|(name, _)| name.starts_with("Cap") || *name == "NoNewPrivs")
        .map(|(name, value)| (name.to_owned(), u64::from_str_radix(value, 16).unwrap()))
        .collect()
}
