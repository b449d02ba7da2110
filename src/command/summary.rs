//! One page of text about a scene that was played: what was heard, who came, what the book says.

use std::fmt::Write;
use std::path::Path;

use super::playing::{Heard, Played};
use super::table;

use crate::domain::logbook::{Entry, Event};
use crate::domain::moment::Zone;
use crate::domain::policy::TRACKED_MAX;
use crate::domain::presence::{Face, Sureness};
use crate::gpio::sim::Record;
use crate::store::Reader;

/// The page. `pictures` names those that were taken.
///
/// # Errors
///
/// When the book cannot be read again.
pub fn of(played: &Played, book: &Path, pictures: &[String]) -> anyhow::Result<String> {
    let reader = Reader::open(book)?;
    let entries = reader.entries()?;
    let rehearsal = &played.rehearsal;
    let reception = rehearsal.kiosk().reception();
    let zone = reception.site().zone;
    let (in_memory, crowded_out) = reception.radio_load();
    let day = reception.roster().day();
    let mut page = String::new();
    writeln!(page, "{} – {}", reception.site().name, reception.site().door)?;
    writeln!(page)?;
    if let Some(heard) = &played.capture {
        writeln!(page, "{}", end(heard))?;
    }
    let adverts = table::grouped(rehearsal.adverts());
    writeln!(page, "{adverts} adverts heard, answers to the scan among them")?;
    writeln!(
        page,
        "ids in memory at the end: {in_memory} of {TRACKED_MAX} at most; pushed out while they were \
         around: {crowded_out}"
    )?;
    writeln!(
        page,
        "{} visits, {} with an app seen running, {} ended, {} people inside",
        day.came,
        day.running,
        day.left,
        reception.roster().people_inside()
    )?;
    let opened = rehearsal.kiosk().pins().record().map_or(0, Record::gate_openings);
    writeln!(page, "the gate opened {opened} times")?;
    writeln!(page, "the book: {} entries; {}", entries.len(), reader.verify()?)?;
    if let Some(heard) = &played.capture {
        let mut counts = vec![];
        heard.survey.write_counts(&mut counts)?;
        writeln!(page, "\n{}", String::from_utf8_lossy(&counts).trim_end())?;
    }
    writeln!(page)?;
    for entry in &entries {
        writeln!(page, "{}", line(entry, zone))?;
    }
    writeln!(page)?;
    writeln!(page, "min:sec  picture")?;
    for picture in pictures {
        writeln!(page, "{picture}")?;
    }
    Ok(page)
}

/// How far a capture was played.
fn end(heard: &Heard) -> String {
    let lasted = table::duration(heard.survey.seconds);
    match &heard.failure {
        None => format!("the capture was played to its end: {lasted}"),
        Some(failure) => {
            format!(
                "the capture was NOT played to its end, only {lasted} of it: failed to {failure}"
            )
        }
    }
}

/// One entry on a line. The people of a scene are invented, so their names may be shown.
fn line(entry: &Entry, zone: Zone) -> String {
    let time = entry.public.wall.civil(zone).time();
    let name = entry.personal.as_ref().map_or("", |personal| &personal.name);
    let what = match entry.public.event {
        Event::CheckIn { facts } => {
            format!("in       {}  {name}, {}", facts.badge, face(facts.face))
        }
        Event::Update { facts, .. } => format!("update   {}  {name}", facts.badge),
        Event::Correction { facts, .. } => format!("correct  {}  {name}", facts.badge),
        Event::Verdict { visit, face: heard } => {
            format!("heard    visit {}, {}", visit.0, face(heard))
        }
        Event::CheckOut { visit, how } => format!("out      visit {}, {how:?}", visit.0),
        Event::GateOpened { .. } => "gate     opened by the guard".to_owned(),
        Event::Expired { personal_parts } => format!("expired  {personal_parts} personal parts"),
        Event::Erased { visit } => format!("erased   visit {}", visit.0),
        Event::Forgotten { encounters, exposures } => {
            format!("forgot   {encounters} encounters, {exposures} exposures")
        }
        Event::OverlapOpened { trace, visits, .. } => {
            format!("looked   {visits} visits around an exposure, {trace}")
        }
        Event::ExposuresExported { exposures, .. } => format!("export   {exposures} exposures"),
        Event::HistoryPublished { network, encounters, .. } => {
            format!("publish  {encounters} encounters, {network}")
        }
        Event::PinsChosen { .. } => "pins     chosen anew".to_owned(),
    };
    format!("{:02}:{:02}  #{:<3} {what}", time.hour(), time.minute(), entry.seq)
}

const fn face(face: Face) -> &'static str {
    match face {
        Face::Looking => "still looking",
        Face::Running(Sureness::Confirmed) => "running",
        Face::Running(Sureness::Probable) => "probably running",
        Face::TapHere => "asked for a tap",
        Face::NotSeenYet => "not seen yet",
        Face::RadioUnwell => "radio unwell",
    }
}
