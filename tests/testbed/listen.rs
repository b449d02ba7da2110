//! The kiosk's ears alone, without book and screen, as the testbed's guest runs them: prints one
//! JSON object a second about what has been heard since the start and how the radio is. No address
//! and no id is printed.
//!
//! `kiosk-ears ADAPTER [somebody] [reads=ADAPTER]`: with `somebody` it is as if a visitor touched the
//! screen each second; so phones that keep their id are asked for it, with the second adapter where one
//! is named. What makes it send as well: `beacon.rs`.

mod beacon;

use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::time::Duration;

use kiosk::clock::Clock;
use kiosk::domain::advert::Advertisement;
use kiosk::domain::asking::{Asking, Finding, Outcome};
use kiosk::domain::moment::{Mono, Now};
use kiosk::domain::network::{self, Network};
use kiosk::domain::policy;
use kiosk::domain::presence::low_power_dbm;
use kiosk::domain::sighting::{Evidence, ProximityId, Sighting, Subject};
use kiosk::radio::ears::Ears;
use kiosk::radio::live::{Change, Radio};
use serde::Serialize;

use beacon::Door;
use serde_json::json;

/// Ids that are remembered of one network, so that the listener itself does not grow.
const IDS_MAX: usize = 1_024;

/// What has been heard of one network.
#[derive(Default, Serialize)]
struct Heard {
    reports: u64,
    /// [`IDS_MAX`] where there were more.
    ids: usize,
    /// Reports by their level in dBm; those without one are left out.
    levels: BTreeMap<i8, u64>,
    #[serde(skip)]
    seen: HashSet<ProximityId>,
}

/// What has been heard at all.
#[derive(Default)]
struct Count {
    reports: u64,
    networks: BTreeMap<Network, Heard>,
    /// What came of each reading, and for how many milliseconds it kept the scan off.
    readings: Vec<(&'static str, u128)>,
}

impl Count {
    /// Returns what was heard, if it was somebody.
    fn advert(&mut self, advert: &Advertisement, door: Option<&mut Door>) -> Option<Sighting> {
        self.reports += 1;
        let evidence = network::decode(advert, &Network::ALL)?;
        if door.is_some_and(|door| door.is_own(&evidence, advert)) {
            return None;
        }
        let heard = self.networks.entry(evidence.network()).or_default();
        heard.reports += 1;
        if let Some(level) = advert.rssi {
            *heard.levels.entry(level.0).or_default() += 1;
        }
        if let Evidence::Id { network, id, .. } = evidence {
            self.id(network, id);
        }
        Sighting::new(evidence, advert.address, advert.rssi?)
    }

    fn id(&mut self, network: Network, id: ProximityId) {
        let heard = self.networks.entry(network).or_default();
        if heard.seen.len() < IDS_MAX {
            heard.seen.insert(id);
        }
        heard.ids = heard.seen.len();
    }
}

/// Asks the nearest phone that keeps its id, and takes in what it has told.
fn ask(asking: &mut Asking, ears: &mut Ears, count: &mut Count, now: Now) {
    while let Some(reading) = ears.take_reading(now.mono) {
        count.readings.push((word(&reading.outcome), reading.scan_off.as_millis()));
        if let Some(Finding::Id(subject, id)) = asking.handle_reading(&reading, now) {
            count.id(subject.network(), id);
        }
    }
    if let Some(ask) = asking.poll(Some(policy::READ_WITHIN), FROM_DBM, now.mono) {
        ears.ask(ask, now.mono);
    }
}

const fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Value(_) => "value",
        Outcome::Refused => "refused",
        Outcome::NoService => "no service",
        Outcome::TimedOut => "timed out",
        Outcome::Busy => "busy",
        Outcome::Stopped => "stopped",
    }
}

/// Everybody in the guest is near enough.
const FROM_DBM: i16 = -127;

fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let adapter = words.first().map_or("hci0", String::as_str);
    let somebody = words.iter().any(|word| word == "somebody");
    let clock = Clock::real();
    let reads = words.iter().find_map(|word| word.strip_prefix("reads="));
    let ears = Ears::on_air(Radio::open(adapter, reads, clock.now().mono)?);
    let door = Door::asked_for(&words, clock.now())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(listen(ears, door, &clock, somebody))
}

async fn listen(
    mut ears: Ears,
    mut door: Option<Door>,
    clock: &Clock,
    somebody: bool,
) -> std::io::Result<()> {
    ears.join_loop()?;
    let mut out = std::io::stdout().lock();
    let (mut count, mut trouble, mut second) = (Count::default(), None, 0);
    let mut asking = Asking::default();
    loop {
        let moment = clock.now();
        let now = moment.mono;
        ears.hear(now, 128, |advert, at| {
            let Some(sighting) = count.advert(advert, door.as_mut()).filter(|_| advert.connectable)
            else {
                return;
            };
            if let Subject::Candidate(network, address) = sighting.subject {
                let dbm = low_power_dbm(sighting.rssi, sighting.tx_class);
                asking.handle_candidate(address, network, dbm, at);
            }
        });
        if somebody {
            ask(&mut asking, &mut ears, &mut count, moment);
        }
        if let Some(door) = &mut door {
            door.turn(moment);
        }
        while let Some(change) = ears.turn(now) {
            match change {
                Change::Health(health) => trouble = health,
                Change::Address { taken } => {
                    writeln!(out, "{}", json!({ "address_taken": taken }))?;
                }
                Change::Remark(remark) => writeln!(out, "{}", json!({ "remark": remark }))?,
            }
        }
        if now.since_start().as_secs() > second {
            second = now.since_start().as_secs();
            let condition = ears.radio().map(|radio| radio.condition(now));
            let line = json!({
                "second": second,
                "reports": count.reports,
                "networks": count.networks,
                "readings": count.readings,
                "trouble": trouble,
                "beacon": door.as_ref().map(Door::says),
                "way": condition.map(|c| format!("{:?}", c.way)),
                "dropped": condition.and_then(|c| c.dropped),
                "missed": condition.and_then(|c| c.missed),
                "without_repeats": condition.and_then(|c| c.scan).map(|(_, without)| without),
            });
            writeln!(out, "{line}")?;
            if somebody {
                ears.handle_somebody(now);
            }
        }
        let next = Mono::from_start(Duration::from_secs(second + 1));
        let turns = door.as_ref().and_then(Door::poll_timeout);
        let due = [ears.poll_timeout(), turns].into_iter().flatten().fold(next, Mono::min);
        let wake = clock.instant(due).unwrap_or_else(|| tokio::time::Instant::now().into_std());
        tokio::select! {
            () = ears.stirred() => {}
            () = stirred(&mut door) => {}
            () = tokio::time::sleep_until(wake.into()) => {}
        }
    }
}

/// Waits until the door has news; for ever where there is none.
async fn stirred(door: &mut Option<Door>) {
    match door {
        Some(door) => door.stirred().await,
        None => std::future::pending().await,
    }
}
