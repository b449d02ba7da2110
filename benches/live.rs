//! What the live way costs: 1,000 reports a second from a socket, in the monitor channel's form,
//! through the filter, the loop's waiting, the join and the decoders to presence, with a visitor
//! at the desk. It measures neither a controller nor bluetoothd.

#[path = "../tests/support/mod.rs"]
mod house;
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
use stream::{Payloads, Stream};
use tokio::time::interval;

const REPORTS_PER_SECOND: u64 = 1_000;
const SECONDS: u64 = 30;
/// Sent at once, as a controller's interrupts bring them.
const AT_ONCE: u64 = 5;

fn main() -> io::Result<()> {
    support::print_heading("The live way at 1,000 reports a second, a new id with each third");
    support::print_head(&["reports", "turns of the loop", "processor", "memory before", "after"]);
    let (far, near) = UnixDatagram::pair()?;
    let sender = std::thread::spawn(move || send(&far));
    let (reports, turns, busy, before) = listen(near)?;
    sender.join().map_err(|_| io::Error::other("the sender panicked"))??;
    let percent = busy.as_secs_f64() / f64::from(u32::try_from(SECONDS).unwrap_or(1)) * 100.0;
    support::print_row(&[
        &reports.to_string(),
        &turns.to_string(),
        &format!("{percent:.1} % of a core"),
        &before,
        &support::process_status("VmRSS"),
    ]);
    Ok(())
}

fn send(far: &UnixDatagram) -> io::Result<()> {
    let stream = Stream::new(Payloads::ChangingEachThird);
    let mut events = stream.events();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(async {
        let mut tick = interval(Duration::from_millis(1_000 * AT_ONCE / REPORTS_PER_SECOND));
        let mut packet = Vec::new();
        for _ in 0..SECONDS * REPORTS_PER_SECOND / AT_ONCE {
            tick.tick().await;
            for event in events.by_ref().take(usize::try_from(AT_ONCE).unwrap_or(1)) {
                packet.clear();
                packet.extend(EVENT.to_le_bytes());
                packet.extend(0_u16.to_le_bytes());
                packet.extend(u16::try_from(event.len()).unwrap_or_default().to_le_bytes());
                packet.extend(event);
                far.send(&packet)?;
            }
        }
        Ok(())
    })
}

/// Reports heard, turns of the loop, the time this thread ran, and memory once warm.
fn listen(near: UnixDatagram) -> io::Result<(u64, u64, Duration, String)> {
    let clock = Clock::real();
    let house = House::new();
    let (mut reception, begun) = (house.reception, house.now);
    let mut ears = Ears::on_air(Radio::over(near, 0, clock.now().mono)?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        ears.join_loop()?;
        let (mut reports, mut turns, mut before) = (0_u64, 0_u64, String::new());
        let ran = ran();
        let end = Mono::from_start(Duration::from_secs(SECONDS + 1));
        loop {
            let now = Now { mono: clock.now().mono, ..begun };
            if now.mono >= end {
                break;
            }
            turns += 1;
            ears.hear(now.mono, 128, |advert, _| {
                reports += 1;
                reception.handle_advertisement(advert, now);
            });
            while ears.turn(now.mono).is_some() {}
            while reception.poll_effect().is_some() {}
            if before.is_empty() && now.mono >= Mono::from_start(Duration::from_secs(5)) {
                before = support::process_status("VmRSS");
            }
            let due = ears.poll_timeout().map_or(end, |due| due.min(end));
            let wake = clock.instant(due).ok_or_else(|| io::Error::other("a real clock"))?;
            tokio::select! {
                () = ears.stirred() => {}
                () = tokio::time::sleep_until(wake.into()) => {}
            }
        }
        Ok((reports, turns, ran_since(ran), before))
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
