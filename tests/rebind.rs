//! What root's unit does when the kiosk asks for its Bluetooth driver to be bound anew: the script
//! `deploy/rebind`, held against directories that look like the kernel's. It waits for nothing here.

#![expect(clippy::unwrap_used, reason = "a test that cannot make its place has failed")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The machine as the script sees it, with an adapter hci0 on a USB socket.
struct Machine(tempfile::TempDir);

impl Machine {
    fn new() -> Self {
        let machine = Self(tempfile::tempdir().unwrap());
        for directory in ["bin", "answers", "sys/class/bluetooth/hci0", "sys/devices/1-1:1.0"] {
            fs::create_dir_all(machine.at(directory)).unwrap();
        }
        fs::create_dir_all(machine.driver()).unwrap();
        let device = machine.at("sys/devices/1-1:1.0");
        symlink(machine.driver(), device.join("driver")).unwrap();
        symlink(&device, machine.at("sys/class/bluetooth/hci0/device")).unwrap();
        fs::write(machine.driver().join("bind"), "").unwrap();
        fs::write(machine.driver().join("unbind"), "").unwrap();
        machine.started_for(5_000);
        machine.while_it_sleeps("");
        machine
    }

    fn at(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn driver(&self) -> PathBuf {
        self.at("sys/bus/usb/drivers/btusb")
    }

    fn started_for(&self, seconds: u32) {
        fs::write(self.at("uptime"), format!("{seconds}.25 1234.50\n")).unwrap();
    }

    /// A sleep that only writes down how long it was to be, and does something meanwhile.
    fn while_it_sleeps(&self, what: &str) {
        let slept = self.at("slept");
        let script = format!("#!/bin/sh\necho \"$1\" >>'{}'\n{what}\n", slept.display());
        fs::write(self.at("bin/sleep"), script).unwrap();
        fs::set_permissions(self.at("bin/sleep"), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Nothing can be written to a directory.
    fn takes_nothing_back(&self) {
        fs::remove_file(self.driver().join("bind")).unwrap();
        fs::create_dir(self.driver().join("bind")).unwrap();
    }

    fn ask(&self, request: &str) -> bool {
        fs::write(self.at("request"), request).unwrap();
        self.run()
    }

    /// Whether the script says that it was done.
    fn run(&self) -> bool {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/rebind");
        let mut command = Command::new("/bin/sh");
        command.arg(script).env("PATH", format!("{}:/usr/bin:/bin", self.at("bin").display()));
        for path in ["request", "answers", "sys", "uptime"] {
            command.arg(self.at(path));
        }
        let done = command.output().unwrap().status.success();
        assert_eq!(done, self.read("answers/result") == "done\n");
        done
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap_or_default()
    }

    fn bound(&self) -> String {
        fs::read_to_string(self.driver().join("bind")).unwrap_or_default()
    }

    fn unbound(&self) -> String {
        fs::read_to_string(self.driver().join("unbind")).unwrap()
    }
}

#[test]
fn an_adapter_is_taken_from_its_driver_and_given_back() {
    let machine = Machine::new();
    assert!(machine.ask("hci0"));
    assert_eq!(machine.unbound(), "1-1:1.0");
    assert_eq!(machine.bound(), "1-1:1.0");
    assert_eq!(machine.read("slept"), "1\n");
    assert!(!machine.at("request").exists());
    assert!(!machine.at("answers/unbound").exists());
}

#[test]
fn a_driver_that_does_not_take_it_back_at_once_is_asked_again() {
    let machine = Machine::new();
    machine.takes_nothing_back();
    let bind = machine.driver().join("bind");
    machine.while_it_sleeps(&format!(
        "if [ \"$1\" = 4 ]; then rmdir '{0}'; : >'{0}'; fi",
        bind.display()
    ));
    assert!(machine.ask("hci0"));
    assert_eq!(machine.read("slept"), "1\n2\n4\n");
    assert_eq!(machine.bound(), "1-1:1.0");
}

#[test]
fn what_could_not_be_given_back_is_given_back_by_the_next_request() {
    let machine = Machine::new();
    machine.takes_nothing_back();
    assert!(!machine.ask("hci0"));
    assert_eq!(machine.read("slept"), "1\n2\n4\n8\n");
    assert!(machine.read("answers/unbound").starts_with("hci0\n"));
    assert!(!machine.at("request").exists(), "it is taken away all the same");

    // Without a driver there is no adapter.
    fs::remove_dir_all(machine.at("sys/class/bluetooth/hci0")).unwrap();
    fs::remove_file(machine.at("sys/devices/1-1:1.0/driver")).unwrap();
    fs::remove_dir(machine.driver().join("bind")).unwrap();
    fs::write(machine.driver().join("bind"), "").unwrap();
    fs::write(machine.driver().join("unbind"), "").unwrap();
    assert!(machine.ask("hci0"));
    assert_eq!(machine.bound(), "1-1:1.0");
    assert_eq!(machine.unbound(), "", "it was not taken away twice");
    assert!(!machine.at("answers/unbound").exists());
}

#[test]
fn what_was_pulled_out_meanwhile_is_forgotten() {
    let machine = Machine::new();
    machine.takes_nothing_back();
    assert!(!machine.ask("hci0"));
    fs::remove_dir_all(machine.at("sys/class/bluetooth/hci0")).unwrap();
    fs::remove_dir_all(machine.at("sys/devices/1-1:1.0")).unwrap();
    assert!(!machine.ask("hci0"));
    assert_eq!(machine.read("answers/result"), "hci0 is not there\n");
    assert!(!machine.at("answers/unbound").exists());
}

#[test]
fn six_times_an_hour_and_no_more() {
    let machine = Machine::new();
    for minute in 0..6 {
        machine.started_for(5_000 + 60 * minute);
        assert!(machine.ask("hci0"), "{minute}");
    }
    fs::write(machine.driver().join("unbind"), "").unwrap();
    machine.started_for(5_000 + 3_599);
    assert!(!machine.ask("hci0"));
    assert_eq!(machine.unbound(), "");
    assert!(!machine.at("request").exists(), "or the unit would be started without end");
    machine.started_for(5_000 + 3_600);
    assert!(machine.ask("hci0"));
}

#[test]
fn an_adapter_without_a_driver_is_left_alone() {
    for lacks in ["sys/devices/1-1:1.0/driver", "sys/class/bluetooth/hci0/device"] {
        let machine = Machine::new();
        fs::remove_file(machine.at(lacks)).unwrap();
        assert!(!machine.ask("hci0"), "{lacks}");
        let words = "hci0 has no driver that can be bound anew\n";
        assert_eq!(machine.read("answers/result"), words, "{lacks}");
        assert_eq!(machine.read("answers/times"), "", "it does not count");
    }
}

#[test]
fn nothing_but_an_adapters_name_is_taken() {
    let machine = Machine::new();
    for request in ["", "hci", "hci0/../hci1", "hci 0", "eth0", "../hci0", "hci1"] {
        assert!(!machine.ask(request), "{request}");
        assert!(!machine.at("request").exists(), "{request}");
    }
    fs::write(machine.at("elsewhere"), "hci0").unwrap();
    symlink(machine.at("elsewhere"), machine.at("request")).unwrap();
    assert!(!machine.run());
    assert_eq!(machine.read("elsewhere"), "hci0", "only the link is taken away");
    assert_eq!(machine.read("slept"), "");

    fs::create_dir(machine.at("request")).unwrap();
    assert!(!machine.run());
    assert_eq!(machine.read("slept"), "20\n", "what cannot be taken away is no storm");
    assert_eq!(machine.unbound(), "");
}
