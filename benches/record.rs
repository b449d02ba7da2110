//! How likely a visit is in the record of the visitor's phone: simulated, since no air can be made
//! to repeat itself. It is the source of a table in `docs/performance.md`.
//!
//! A phone with Bluezone listens 40 s in each 5 minutes (`AppConstants` since 3.0); one with
//! Exposure Notification 4 s, then 206 to 296 s not (`BleScannerImpl` of Google's app). The kiosk
//! sends as `domain/beacon` plans it for a controller that sends one thing at a time, every 100 to
//! 160 ms, and each advert is lost at random.
#![expect(clippy::print_stdout, reason = "a table is what this is for")]

use fastrand::Rng;
use kiosk::domain::beacon::keys::{BaseKey, BeaconKeys, JOINABLE};
use kiosk::domain::beacon::{Beacon, Part, Setup};
use kiosk::domain::moment::{Mono, Now, Wall};
use kiosk::domain::network::Network;

const VISITS: u32 = 20_000;

fn main() {
    println!("visits of which the phone has a record, of 100");
    println!("| phone | the kiosk sends | adverts received | 2 min | 5 min | 30 min |");
    println!("|---|---|--:|--:|--:|--:|");
    let all = JOINABLE;
    for (network, networks, words) in [
        (Network::Bluezone, &[Network::Bluezone][..], "Bluezone and the wake beacon"),
        (Network::Bluezone, &all[..], "every network, Bluezone first"),
        (Network::Gaen, &[Network::Gaen][..], "Exposure Notification alone"),
        (Network::Gaen, &all[..], "every network, Bluezone first"),
    ] {
        for reception in [0.9, 0.5, 0.1] {
            let air = OnAir::of(network, networks);
            let cells = [120.0, 300.0, 1_800.0].map(|stay| {
                let mut rng = Rng::with_seed(16);
                let recorded =
                    (0..VISITS).filter(|_| is_recorded(&mut rng, network, &air, stay, reception));
                let percent = f64::from(u32::try_from(recorded.count()).unwrap_or(0)) * 100.0;
                format!("{:.0}", percent / f64::from(VISITS))
            });
            println!("| {network} | {words} | {reception} | {} |", cells.join(" | "));
        }
    }
}

/// When a part has its turn.
struct OnAir {
    begin: f64,
    lasts: f64,
    cycle: f64,
}

impl OnAir {
    fn of(network: Network, networks: &[Network]) -> Self {
        let setup = Setup { networks: networks.to_vec(), ..Setup::default() };
        let mut beacon = Beacon::new(setup);
        let mut keys = BeaconKeys::default();
        for network in JOINABLE {
            keys.insert(network, BaseKey::new([1; 32], Wall(0)));
        }
        let now = Now { mono: Mono::default(), wall: Wall(86_400), wall_trusted: true };
        beacon.set_keys(keys, now);
        let mut air = Self { begin: 0.0, lasts: 0.0, cycle: 0.0 };
        for airing in &beacon.plan().airings {
            let turn = f64::from(airing.turn_seconds);
            if airing.part == Part::Member(network) {
                (air.begin, air.lasts) = (air.cycle, turn);
            }
            air.cycle += turn;
        }
        air
    }

    fn has_turn(&self, at: f64) -> bool {
        (self.begin..self.begin + self.lasts).contains(&(at % self.cycle))
    }
}

/// One visit at a random moment of both cycles.
fn is_recorded(rng: &mut Rng, network: Network, air: &OnAir, stay: f64, reception: f64) -> bool {
    let phase = rng.f64() * air.cycle;
    let is_gaen = network == Network::Gaen;
    let (listens, rests) = if is_gaen { (4.0, (206.0, 296.0)) } else { (40.0, (260.0, 260.0)) };
    let (shortest, longest) = rests;
    let rest = |rng: &mut Rng| shortest + rng.f64() * (longest - shortest);
    // The visit begins somewhere in a round.
    let round = listens + rest(rng);
    let mut window = -rng.f64() * round;
    let mut next = window + round;
    while window < stay {
        let mut at = window.max(0.0) + rng.f64() * 0.13;
        while at < (window + listens).min(stay) {
            if air.has_turn(at + phase) && rng.f64() < reception {
                return true;
            }
            at += 0.1 + rng.f64() * 0.06;
        }
        window = next;
        next += listens + rest(rng);
    }
    false
}
