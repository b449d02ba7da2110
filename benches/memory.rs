//! Resident memory of the kiosk during an hour of crowd in virtual time, with the real logbook on
//! a real disk and nothing on a screen. Visitors come and are written down all the time, so that
//! the book grows as it would.

mod support;

use std::time::Duration;

use kiosk::domain::moment::{Mono, Wall, Zone};
use kiosk::domain::network::Network;
use kiosk::domain::site::{Choice, InstallLinks, Site, SiteKind};
use kiosk::domain::touch::Touch;
use kiosk::domain::venue::door::Venue;
use kiosk::kiosk::rehearsal::Rehearsal;
use kiosk::radio::ears::Ears;
use kiosk::radio::sim::scene::Scene;

/// 2026-03-02T08:00:00 in Viet Nam, a Monday.
const MORNING: Wall = Wall(1_772_413_200);

/// A visitor signs in this often, as people come to the desk in the scene.
const VISITOR_EVERY: Duration = Duration::from_secs(90);

fn main() {
    let Ok(directory) = tempfile::tempdir() else { return };
    let ears = Ears::in_street(Scene::Crowd.street(2_020, MORNING));
    let book = directory.path().join("book.db");
    let mut rehearsal = Rehearsal::new(site(), book, MORNING, ears);
    let per_touch = Duration::from_secs(1);
    // Names hold no digits: each of the forty visitors is called by two syllables.
    let syllables = ["an", "bình", "chi", "dung", "giang", "hà", "khoa", "lan"];
    for turn in 0..40_u32 {
        let number = usize::try_from(turn).unwrap_or(0);
        let name = [number % 8, number / 8].map(|place| syllables.get(place).unwrap_or(&""));
        let name = format!("Khách {}", name.map(|syllable| *syllable).join(" "));
        let comes = Mono::from_millis(8_000) + VISITOR_EVERY * turn;
        let typed = rehearsal.plan_touches(comes, per_touch, &[Touch::Enter, Touch::ByName]);
        let typed = rehearsal.plan_typing(typed, per_touch, &name);
        let rest = [Touch::Next, Touch::Host(0), Touch::Next];
        rehearsal.plan_touches(typed, per_touch, &rest);
    }

    support::print_heading("Memory during an hour of crowd, without screens");
    support::print_head(&["after", "resident", "most so far", "adverts", "inside", "took"]);
    let mut took = Duration::ZERO;
    for minutes in [1, 10, 20, 30, 40, 50, 60] {
        let end = Mono::from_start(Duration::from_mins(minutes));
        took += support::time(|| rehearsal.run_until(end, &mut |_, _| {}));
        support::print_row(&[
            &format!("{minutes} min"),
            &support::process_status("VmRSS"),
            &support::process_status("VmHWM"),
            &rehearsal.adverts().to_string(),
            &rehearsal.kiosk().reception().roster().len().to_string(),
            &format!("{:.1} s", took.as_secs_f64()),
        ]);
    }
}

fn site() -> Site {
    let choice = |vi: &str| Choice { vi: vi.to_owned(), ..Choice::default() };
    Site {
        name: "Chợ Thử Nghiệm".to_owned(),
        door: "Cổng chính".to_owned(),
        door_letter: 'A',
        kind: SiteKind::Market,
        zone: Zone::VIET_NAM,
        hosts: vec![choice("Ban quản lý")],
        purposes: vec![choice("Mua bán")],
        networks: Network::ALL.to_vec(),
        beacon: kiosk::domain::beacon::Setup::default(),
        install: InstallLinks {
            any: "https://www.bluezone.gov.vn".to_owned(),
            ..InstallLinks::default()
        },
        card_reader: false,
        venue: Venue::default(),
        keep_personal_days: 30,
        keep_encounters_days: 21,
        match_minutes: (20 * 60, 6 * 60),
        notice_version: 1,
        closing_sweep_minute: None,
        ask_unit: false,
        ask_plate: false,
        motion_sensor: false,
    }
}
