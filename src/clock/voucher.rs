//! Who vouches for the time of day: network time, or a clock chip that kept it while the power was
//! off. It sets no clock.
//!
//! That there is a chip says nothing: a Raspberry Pi 5 always has one, and mostly no battery for it; in
//! a PC the cell may be flat. Such a chip begins at a date of its own when the power comes back, 1970
//! or 2000 or that of the firmware, while the system goes on from the last moment it has written
//! down, hours too early. So the chip itself is asked: it vouches if its date is possible and
//! the system's clock shows the same.
//!
//! The flag by which some chips tell that their voltage was low is not read: the kernel tells it by an
//! `ioctl` alone. Some drivers refuse to read such a chip, and that is seen.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::domain::moment::Wall;

/// Made by systemd-timesyncd when network time has been taken over; other time services make it
/// too (systemd-timesyncd.service(8)).
const SYNCHRONISED: &str = "/run/systemd/timesync/synchronized";

/// A directory for each clock chip, which shows its time in the file `since_epoch`, in seconds (the
/// kernel's `Documentation/ABI/testing/sysfs-class-rtc`).
const CHIPS: &str = "/sys/class/rtc";

/// 2026-01-01T00:00:00Z. A clock that shows an earlier moment was never set: this program did not
/// exist then.
const EARLIEST_POSSIBLE: Wall = Wall(1_767_225_600);

/// A chip and the system's clock that are no further apart show the same time. A kiosk without
/// network goes wrong by 20 parts in a million, which is 10 minutes in a year of running.
const AGREES_WITHIN: Duration = Duration::from_mins(10);

/// How often the chips are asked: most hang on a slow wire.
const ASK_EVERY: Duration = Duration::from_mins(1);

/// Those who may vouch for the time.
#[derive(Debug)]
pub struct Voucher {
    synchronised: PathBuf,
    chips: PathBuf,
    /// When, since the start, the chips were asked last, and what they said.
    asked: Cell<Option<(Duration, bool)>>,
}

impl Voucher {
    /// Those of this machine.
    pub(super) fn of_this_machine() -> Self {
        Self::at(SYNCHRONISED.into(), CHIPS.into())
    }

    const fn at(synchronised: PathBuf, chips: PathBuf) -> Self {
        Self { synchronised, chips, asked: Cell::new(None) }
    }

    /// Whether somebody vouches for `wall`, which the system's clock shows so long after the start.
    pub(super) fn vouches_for(&self, wall: Wall, since_start: Duration) -> bool {
        is_possible(wall) && (self.synchronised.exists() || self.chip_agrees(wall, since_start))
    }

    fn chip_agrees(&self, wall: Wall, since_start: Duration) -> bool {
        let recent = |(at, _): &(Duration, bool)| since_start.saturating_sub(*at) < ASK_EVERY;
        if let Some((_, agreed)) = self.asked.get().filter(recent) {
            return agreed;
        }
        let chips = fs::read_dir(&self.chips).into_iter().flatten().flatten();
        let mut times = chips.filter_map(|chip| time_of(&chip.path()));
        let agrees = times.any(|time| is_possible(time) && is_near(time, wall));
        self.asked.set(Some((since_start, agrees)));
        agrees
    }
}

/// What a chip shows; `None` if it cannot be read.
fn time_of(chip: &Path) -> Option<Wall> {
    let shown = fs::read_to_string(chip.join("since_epoch")).ok()?;
    shown.trim().parse().ok().map(Wall)
}

const fn is_possible(wall: Wall) -> bool {
    wall.0 >= EARLIEST_POSSIBLE.0
}

const fn is_near(one: Wall, other: Wall) -> bool {
    one.0.abs_diff(other.0) <= AGREES_WITHIN.as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-26T08:00:00Z, and the three hours without power before it.
    const NOW: Wall = Wall(1_795_680_000);
    const NIGHT: i64 = 3 * 60 * 60;

    /// A machine with chips that show these times.
    struct Machine(tempfile::TempDir);

    impl Machine {
        fn with(chips: &[&str]) -> Self {
            let machine = Self(tempfile::tempdir().unwrap());
            for (number, shown) in chips.iter().enumerate() {
                machine.show(number, shown);
            }
            machine
        }

        fn show(&self, number: usize, shown: &str) {
            let chip = self.0.path().join(format!("rtc/rtc{number}"));
            fs::create_dir_all(&chip).unwrap();
            fs::write(chip.join("since_epoch"), shown).unwrap();
        }

        fn voucher(&self) -> Voucher {
            Voucher::at(self.0.path().join("synchronized"), self.0.path().join("rtc"))
        }

        fn vouches_for(&self, wall: Wall) -> bool {
            self.voucher().vouches_for(wall, Duration::ZERO)
        }
    }

    #[test]
    fn network_time_vouches_whatever_a_chip_shows() {
        let machine = Machine::with(&["17\n"]);
        assert!(!machine.vouches_for(NOW));
        fs::write(machine.0.path().join("synchronized"), "").unwrap();
        assert!(machine.vouches_for(NOW));
        assert!(!machine.vouches_for(Wall(17)), "this program did not exist then");
    }

    #[test]
    fn a_chip_that_kept_the_time_vouches() {
        let shown = format!("{}\n", NOW.0 - 2);
        assert!(Machine::with(&[&shown]).vouches_for(NOW));
        assert!(Machine::with(&["17\n", &shown]).vouches_for(NOW), "one of two does");
    }

    #[test]
    fn a_chip_without_a_battery_does_not() {
        // The system went on from the last moment before the power went, a night too early.
        let system = Wall(NOW.0 - NIGHT);
        for shown in ["17\n", "946684817\n", "1735689617\n"] {
            assert!(!Machine::with(&[shown]).vouches_for(system), "{shown}");
        }
        // And where the system took the chip's time over, it is not a possible one.
        assert!(!Machine::with(&["1735689617\n"]).vouches_for(Wall(1_735_689_617)));
    }

    #[test]
    fn a_chip_that_shows_another_time_or_none_does_not() {
        let ahead = format!("{}\n", NOW.0 + NIGHT);
        for shown in [ahead.as_str(), "", "a quarter past eight\n", "-1\n"] {
            assert!(!Machine::with(&[shown]).vouches_for(NOW), "{shown}");
        }
        let machine = Machine::with(&[]);
        assert!(!machine.vouches_for(NOW), "there is no chip");
        fs::create_dir_all(machine.0.path().join("rtc/rtc0")).unwrap();
        assert!(!machine.vouches_for(NOW), "its driver refuses to read it");
    }

    #[test]
    fn the_chips_are_asked_once_a_minute() {
        let machine = Machine::with(&["17\n"]);
        let voucher = machine.voucher();
        let at = |seconds| voucher.vouches_for(NOW, Duration::from_secs(seconds));
        assert!(!at(0));
        machine.show(0, &NOW.0.to_string());
        assert!(!at(59));
        assert!(at(60));
    }
}
