//! Listens with the real radio, without book or screen, and prints one JSON object a second: what
//! was heard, how the radio is, and which way it is heard. For the testbed, where there is no
//! display: `listen hci0 SECONDS [somebody]`. With `somebody` it is as if a visitor touched the
//! screen each second. It prints no address and no id.

use std::io::Write;
use std::time::Duration;

use kiosk::clock::Clock;
use kiosk::domain::moment::Mono;
use kiosk::domain::network::{self, Network};
use kiosk::radio::ears::Ears;
use kiosk::radio::live::{Change, Radio};
use serde_json::json;

fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let adapter = words.first().map_or("hci0", String::as_str).to_owned();
    let seconds = words.get(1).and_then(|word| word.parse().ok()).unwrap_or(10);
    let somebody = words.iter().any(|word| word == "somebody");
    let clock = Clock::real();
    let ears = Ears::on_air(Radio::open(&adapter, clock.now().mono)?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(listen(ears, &clock, seconds, somebody))
}

async fn listen(
    mut ears: Ears,
    clock: &Clock,
    seconds: u64,
    somebody: bool,
) -> std::io::Result<()> {
    ears.join_loop()?;
    let mut out = std::io::stdout().lock();
    let (mut reports, mut ids, mut candidates, mut turns) = (0_u64, 0_u64, 0_u64, 0_u64);
    let (mut trouble, mut second) = (None, 0);
    while second < seconds {
        let now = clock.now().mono;
        turns += 1;
        ears.hear(now, 128, |advert, _| {
            reports += 1;
            match network::decode(advert, &[Network::Bluezone, Network::Gaen]) {
                Some(kiosk::domain::sighting::Evidence::Id { .. }) => ids += 1,
                Some(_) => candidates += 1,
                None => {}
            }
        });
        while let Some(change) = ears.turn(now) {
            match change {
                Change::Health(health) => trouble = health,
                Change::Remark(remark) => writeln!(out, "{}", json!({ "remark": remark }))?,
            }
        }
        if now.since_start().as_secs() > second {
            second = now.since_start().as_secs();
            let condition = ears.radio().map(|radio| radio.condition(now));
            let line = json!({
                "second": second, "reports": reports, "ids": ids, "candidates": candidates,
                "turns": turns, "trouble": trouble,
                "way": condition.map(|c| format!("{:?}", c.way)),
                "dropped": condition.and_then(|c| c.dropped),
                "scan_off_ms": condition.and_then(|c| c.scan).map(|(off, _)| off.as_millis()),
                "without_repeats": condition.and_then(|c| c.scan).map(|(_, without)| without),
            });
            writeln!(out, "{line}")?;
            if somebody {
                ears.handle_somebody(now);
            }
        }
        let next = Mono::from_start(Duration::from_secs(second + 1));
        let due = ears.poll_timeout().map_or(next, |due| due.min(next));
        let wake = clock.instant(due).unwrap_or_else(|| tokio::time::Instant::now().into_std());
        tokio::select! {
            () = ears.stirred() => {}
            () = tokio::time::sleep_until(wake.into()) => {}
        }
    }
    Ok(())
}
