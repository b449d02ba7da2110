//! What `kiosk check` says of how loud the adapter states phones to be: one that says of each report
//! that its level is not available, or 0, hears them and finds nobody at the desk.

use std::io::Write;
use std::time::Duration;

use super::Finding;
use crate::clock::Clock;
use crate::domain::levels;
use crate::radio::hci;
use crate::radio::join::Joiner;
use crate::radio::monitor::{Monitor, PACKET_BYTES_MAX};
use crate::radio::scanning::{Packet, packet};

/// A phone near the door sends as many reports as are needed within this time.
const LISTENED_FOR: Duration = Duration::from_secs(5);
/// From one look into the channel to the next.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Whether an adapter says how loud phones are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Levels {
    /// It does.
    Stated,
    /// It does not, or hardly ever.
    Lacking {
        /// Reports that came.
        reports: u32,
        /// Those of them without a level.
        without: u32,
    },
    /// Too few reports came to judge by.
    TooFew {
        /// Reports that came.
        reports: u32,
    },
    /// Nobody could listen: only the monitor channel shows it.
    Unheard,
}

impl Levels {
    /// Listens to what the adapter reports to whoever has it scan, until there is enough to judge by.
    pub(super) fn listen(monitor: &Monitor, adapter: &str, clock: &Clock) -> Self {
        // Nobody may be reading.
        drop(writeln!(std::io::stderr(), "listening to {adapter} for some seconds"));
        let mut joiner = Joiner::default();
        let mut counted = levels::Levels::default();
        let mut judged = false;
        let until = clock.now().mono + LISTENED_FOR;
        let mut buffer = [0; PACKET_BYTES_MAX];
        loop {
            let now = clock.now().mono;
            if now >= until || judged {
                return Self::of(&counted);
            }
            let Ok(bytes) = monitor.receive(&mut buffer) else {
                std::thread::park_timeout(LOOK_EVERY);
                continue;
            };
            let Some(Packet::Event(event)) = packet(bytes) else { continue };
            for report in hci::reports(event).into_iter().flatten().flatten() {
                if let Some(advert) = joiner.accept(report, now) {
                    counted.note(advert.rssi.is_some(), now);
                }
            }
            judged = counted.can_judge();
        }
    }

    fn of(counted: &levels::Levels) -> Self {
        let (reports, without) = counted.counts();
        if counted.lack() {
            Self::Lacking { reports, without }
        } else if counted.can_judge() {
            Self::Stated
        } else {
            Self::TooFew { reports }
        }
    }

    /// A line, unless nobody could listen.
    pub(super) fn finding(self, adapter: &str, others: &[String]) -> Option<Finding> {
        Some(match self {
            Self::Unheard => return None,
            Self::Stated => Finding::ok("levels", format!("{adapter} says how loud phones are")),
            Self::Lacking { reports, without } => {
                let remedy = if others.is_empty() {
                    "plug another one in, and name it: adapter = \"hci1\" under [radio]".to_owned()
                } else {
                    format!("use adapter = \"{}\" under [radio]", others.join("\" or \""))
                };
                let words = format!(
                    "{adapter} hears, but {without} of {reports} reports state no level, so nobody \
                     can be found at the desk: {remedy}"
                );
                Finding::fail("levels", words)
            }
            Self::TooFew { reports } => Finding::note(
                "levels",
                format!(
                    "{reports} reports came, too few to see whether {adapter} says how loud phones \
                     are: `kiosk check` once more while the kiosk runs and a phone is near"
                ),
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::moment::Mono;

    #[test]
    fn it_is_judged_as_the_kiosk_judges() {
        let of = |reports: u32, has_level: bool| {
            let mut counted = levels::Levels::default();
            for _ in 0..reports {
                counted.note(has_level, Mono::default());
            }
            Levels::of(&counted)
        };
        assert_eq!(of(0, true), Levels::TooFew { reports: 0 });
        assert_eq!(of(49, false), Levels::TooFew { reports: 49 });
        assert_eq!(of(50, false), Levels::Lacking { reports: 50, without: 50 });
        assert_eq!(of(50, true), Levels::Stated);
    }
}
