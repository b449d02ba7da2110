//! A process killed at random points loses nothing that it acknowledged.
//!
//! The child is this test binary, running [`check_in_until_killed`]. A kill spares what the kernel
//! holds; what a power cut spares is asked in `durability`.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use super::*;

/// Where the child finds its book.
const BOOK: &str = "KIOSK_KILL_BOOK";
/// How many check-ins there are in all; more for a longer trial.
const CHECK_INS: &str = "KIOSK_KILL_CHECK_INS";

#[expect(clippy::disallowed_methods, reason = "a test is told by its parent or by who runs it")]
pub(super) fn told(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}

/// Not a test of its own: what the child does.
#[test]
fn check_in_until_killed() {
    let Some(path) = told(BOOK) else { return };
    let (mut book, opened) = Book::open(Path::new(&path), OPTIONS).unwrap();
    let mut out = std::io::stdout();
    for visit in opened.next_visit.0.. {
        let entry = append(&mut book, check_in(visit, person(&format!("Khách {visit}"))));
        writeln!(out, "\nacknowledged {} {visit}", entry.seq).unwrap();
        out.flush().unwrap();
    }
}

/// Lets a child check visitors in, kills it after `count` acknowledgements were read, and gives
/// back all that it had acknowledged by then.
fn run_and_kill(place: &Place, count: usize) -> Vec<(u64, u32)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["kill::check_in_until_killed", "--exact", "--nocapture"])
        .env(BOOK, place.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    for line in lines {
        let Ok(line) = line else { break };
        let mut words = line.split(' ');
        if words.next() == Some("acknowledged") {
            let mut number = || words.next().unwrap();
            acknowledged.push((number().parse().unwrap(), number().parse().unwrap()));
        }
        // The lines the child wrote before the kill are still read.
        if acknowledged.len() == count {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    acknowledged
}

#[test]
fn every_acknowledged_visit_is_found_again() {
    let wanted = told(CHECK_INS).map_or(200, |count| count.parse().unwrap());
    let place = Place::new();
    let mut random = fastrand::Rng::with_seed(20_210_602);
    let mut acknowledged = Vec::new();
    let mut kills = 0;
    while acknowledged.len() < wanted {
        acknowledged.extend(run_and_kill(&place, random.usize(1..=25)));
        kills += 1;
        let (mut book, opened) = place.open();
        assert_eq!(opened.set_aside, None);
        let entries = book.entries().unwrap();
        for (seq, visit) in &acknowledged {
            let entry = &entries[usize::try_from(*seq).unwrap() - 1];
            assert_eq!(entry.personal.as_ref().unwrap().name, format!("Khách {visit}"));
        }
        let (_, last) = acknowledged.last().unwrap();
        assert!(find(&mut book, &format!("khach {}", facts(*last).badge)).contains(last));
        assert!(opened.next_visit.0 > *last);
        assert_eq!(book.verify().unwrap().broken, None);
    }
    println!("{} check-ins acknowledged, {kills} kills, none lost", acknowledged.len());
}
