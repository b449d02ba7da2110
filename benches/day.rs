//! A whole day of 1,000 reports a second with 5,000 addresses an hour, from the bytes of the
//! controller's events to presence, as fast as it goes, on a clock of its own: what grows? A visitor
//! touches the screen every five minutes. The loop and the socket are `live`'s business.

#[path = "../tests/support/mod.rs"]
mod house;
#[path = "support/passing.rs"]
mod passing;
mod support;

use std::time::Duration;

use house::House;
use kiosk::domain::moment::{Mono, Wall};
use kiosk::domain::touch::Touch;
use kiosk::radio::hci;
use kiosk::radio::join::Joiner;
use passing::REPORTS_PER_SECOND;

const HOURS: u64 = 24;
const VISITOR_EVERY_SECONDS: u64 = 300;

fn main() {
    support::print_heading("A day of 1,000 reports a second, 5,000 addresses an hour");
    support::print_head(&["after", "reports", "adverts", "resident", "not of a file", "took"]);
    let House { mut reception, now: began, .. } = House::new();
    let (mut joiner, mut event, mut adverts) = (Joiner::default(), Vec::new(), 0_u64);
    let mut took = Duration::ZERO;
    for hour in 0..HOURS {
        took += support::time(|| {
            for second in hour * 3_600..(hour + 1) * 3_600 {
                let mut now = began;
                now.wall = Wall(began.wall.0 + i64::try_from(second).unwrap_or_default());
                if second % VISITOR_EVERY_SECONDS == 0 {
                    now.mono = Mono::from_start(Duration::from_secs(second));
                    reception.handle_touch(Touch::Enter, now);
                }
                for report in second * REPORTS_PER_SECOND..(second + 1) * REPORTS_PER_SECOND {
                    now.mono = Mono::from_millis(report * 1_000 / REPORTS_PER_SECOND);
                    passing::event(report, &mut event);
                    for report in hci::reports(&event).into_iter().flatten().flatten() {
                        if let Some(advert) = joiner.accept(report, now.mono) {
                            reception.handle_advertisement(advert, now);
                            adverts += 1;
                        }
                    }
                }
                while reception.poll_timeout(now).is_some_and(|(due, _)| due <= now.mono) {
                    reception.handle_timeout(now);
                }
                while reception.poll_effect().is_some() {}
            }
        });
        if hour % 4 == 3 || hour == 0 {
            support::print_row(&[
                &format!("{} h", hour + 1),
                &((hour + 1) * 3_600 * REPORTS_PER_SECOND).to_string(),
                &adverts.to_string(),
                &support::process_status("VmRSS"),
                &support::process_status("RssAnon"),
                &format!("{:.0} s", took.as_secs_f64()),
            ]);
        }
    }
}
