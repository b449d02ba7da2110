//! What the live way costs: 1,000 reports a second from a socket, in the monitor channel's form,
//! through the filter, the loop's waiting, the join and the decoders to presence, with a visitor
//! at the desk. It measures neither a controller nor bluetoothd.
//!
//! `cargo bench --bench live -- --minutes 25` lasts so long, with 5,000 addresses an hour, and says
//! each minute what memory there is.

#[path = "../tests/support/mod.rs"]
mod house;
#[path = "support/passing.rs"]
mod passing;
#[path = "../tests/support/stream.rs"]
mod stream;
mod support;

use std::fs;
use std::io;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use house::House;
use kiosk::clock::Clock;
use kiosk::domain::moment::{Mono, Now};
use kiosk::radio::ears::Ears;
use kiosk::radio::live::Radio;
use kiosk::radio::monitor::EVENT;
use passing::REPORTS_PER_SECOND;
use stream::{Payloads, Stream};
use tokio::time::interval;

/// How long it lasts when it is not said.
const SECONDS: u64 = 30;
/// Sent at once, as a controller's interrupts bring them.
const AT_ONCE: u64 = 5;

fn main() -> io::Result<()> {
    let minutes = std::env::args().skip_while(|word| word != "--minutes").nth(1);
    let minutes: Option<u64> = minutes.and_then(|minutes| minutes.parse().ok());
    let seconds = minutes.map_or(SECONDS, |minutes| minutes * 60);
    let whose =
        if minutes.is_some() { "5,000 addresses an hour" } else { "a new id with each third" };
    support::print_heading(&format!("The live way at 1,000 reports a second, {whose}"));
    support::print_head(&["after", "reports", "turns of the loop", "processor", "not of a file"]);
    let (far, near) = UnixDatagram::pair()?;
    let sender = std::thread::spawn(move || {
        if minutes.is_some() {
            let mut number = 0;
            return send(&far, seconds, |event| {
                passing::event(number, event);
                number += 1;
            });
        }
        let stream = Stream::new(Payloads::ChangingEachThird);
        let mut events = stream.events();
        send(&far, seconds, |event| {
            event.clear();
            event.extend_from_slice(events.next().unwrap_or_default());
        })
    });
    listen(near, seconds)?;
    sender.join().map_err(|_| io::Error::other("the sender panicked"))?
}

/// Sends what `event` puts into its buffer.
fn send(far: &UnixDatagram, seconds: u64, mut event: impl FnMut(&mut Vec<u8>)) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(async {
        let mut tick = interval(Duration::from_millis(1_000 * AT_ONCE / REPORTS_PER_SECOND));
        let (mut packet, mut bytes) = (Vec::new(), Vec::new());
        for _ in 0..seconds * REPORTS_PER_SECOND / AT_ONCE {
            tick.tick().await;
            for _ in 0..AT_ONCE {
                event(&mut bytes);
                packet.clear();
                packet.extend(EVENT.to_le_bytes());
                packet.extend(0_u16.to_le_bytes());
                packet.extend(u16::try_from(bytes.len()).unwrap_or_default().to_le_bytes());
                packet.extend(&bytes);
                far.send(&packet)?;
            }
        }
        Ok(())
    })
}

/// Prints what was heard, and at what cost, after five seconds, after each minute, and at the end.
fn listen(near: UnixDatagram, seconds: u64) -> io::Result<()> {
    let clock = Clock::real();
    let house = House::new();
    let (mut reception, begun) = (house.reception, house.now);
    let mut ears = Ears::on_air(Radio::over(near, 0, clock.now().mono)?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        ears.join_loop()?;
        let (mut reports, mut turns, mut ran_before) = (0_u64, 0_u64, ran());
        let end = Mono::from_start(Duration::from_secs(seconds + 1));
        let (mut last, mut next) = (Duration::ZERO, Duration::from_secs(5));
        loop {
            let now = Now { mono: clock.now().mono, ..begun };
            if now.mono >= end || now.mono.since_start() >= next {
                let busy = ran_since(ran_before).as_secs_f64();
                let percent =
                    busy / now.mono.since_start().saturating_sub(last).as_secs_f64() * 100.0;
                support::print_row(&[
                    &format!("{} s", now.mono.since_start().as_secs()),
                    &reports.to_string(),
                    &turns.to_string(),
                    &format!("{percent:.1} % of a core"),
                    &support::process_status("RssAnon"),
                ]);
                (last, ran_before) = (now.mono.since_start(), ran());
                next = Duration::from_mins(next.as_secs() / 60 + 1);
            }
            if now.mono >= end {
                return Ok(());
            }
            turns += 1;
            ears.hear(now.mono, 128, |advert, _| {
                reports += 1;
                reception.handle_advertisement(advert, now);
            });
            while ears.turn(now.mono).is_some() {}
            while reception.poll_effect().is_some() {}
            let due = ears.poll_timeout().map_or(end, |due| due.min(end));
            let wake = clock.instant(due).ok_or_else(|| io::Error::other("a real clock"))?;
            tokio::select! {
                () = ears.stirred() => {}
                () = tokio::time::sleep_until(wake.into()) => {}
            }
        }
    })
}

fn ran_since(earlier: Duration) -> Duration {
    ran().saturating_sub(earlier)
}

/// How long this thread has run (`Documentation/scheduler/sched-stats.rst`).
fn ran() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let ns = text.split(' ').next().and_then(|ns| ns.parse().ok());
    Duration::from_nanos(ns.unwrap_or_default())
}
