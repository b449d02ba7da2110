//! What is written each second: a table for people, or a line for programs. What is counted, the
//! tally knows.

use std::io::Write;
use std::time::Duration;

use serde::Serialize;

use super::tally::{Glance, Tally};
use super::{Form, SECOND};
use crate::command::listen::{self, Radio};
use crate::command::table;
use crate::domain::airwaves::Source;
use crate::domain::fault::Trouble;
use crate::domain::moment::Mono;
use crate::domain::network::Network;
use crate::radio::ears::Ears;

/// The table, and when it is written.
pub(super) struct Sheet {
    source: String,
    networks: Vec<Network>,
    form: Form,
    pub(super) tally: Tally,
    /// When it is written next.
    pub(super) due: Mono,
    pub(super) is_begun: bool,
    trouble: Option<Trouble>,
    /// What the radio said last.
    remark: Option<String>,
}

/// A line for programs.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    glance: &'a Glance,
    /// Where adverts come from.
    source: Source,
    /// What is wrong with the radio.
    trouble: Option<Trouble>,
}

impl Sheet {
    pub(super) fn new(source: String, networks: Vec<Network>, form: Form, began: Mono) -> Self {
        let tally = Tally::new(&networks, began);
        let due = began + SECOND;
        Self { source, networks, form, tally, due, is_begun: false, trouble: None, remark: None }
    }

    /// How the radio is. What is said beside a table that is drawn over would be gone in a second.
    pub(super) fn take_in(&mut self, radio: &mut Radio) {
        self.trouble = radio.trouble;
        if self.form == Form::Screen {
            self.remark = radio.remarks.drain(..).next_back().or(self.remark.take());
        } else {
            radio.speak();
        }
    }

    /// Passes over a silence.
    pub(super) fn skip(&mut self, by: Duration) {
        self.tally.skip(by);
        self.due = self.due + by;
    }

    /// Writes what was heard until `now`. The next is due whole seconds after this one was.
    pub(super) fn write(
        &mut self,
        ears: &Ears,
        now: Mono,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let glance = self.tally.close(ears.zero_levels(), now);
        let late = now.since(self.due).as_secs();
        self.due = self.due + SECOND + Duration::from_secs(late);
        self.is_begun = true;
        if self.form == Form::Lines {
            let line = Line { glance: &glance, source: ears.source(), trouble: self.trouble };
            writeln!(out, "{}", serde_json::to_string(&line)?)?;
        } else {
            self.draw(&glance, ears.source(), out)?;
        }
        Ok(out.flush()?)
    }

    fn draw(&self, glance: &Glance, source: Source, out: &mut dyn Write) -> anyhow::Result<()> {
        if self.form == Form::Screen {
            write!(out, "{CLEAR}")?;
        }
        let way = match source {
            Source::Monitor => ", over the kernel's monitor channel",
            Source::Bus => ", over D-Bus",
            Source::Nothing | Source::Simulated | Source::Capture => "",
        };
        writeln!(out, "{}{way}, after {} s", self.source, table::grouped(glance.seconds))?;
        if let Some(trouble) = self.trouble {
            writeln!(out, "{}", listen::unwell(trouble))?;
        }
        writeln!(out)?;
        rows(glance, out)?;
        writeln!(out, "\ndamaged so far: {}", glance.damaged)?;
        if glance.zero_levels > 0 {
            let adverts = glance.zero_levels;
            writeln!(
                out,
                "without a level so far: {adverts}; the adapter states 0 dBm, another may do better"
            )?;
        }
        if glance.skipped_seconds > 0 {
            let skipped = table::duration(glance.skipped_seconds);
            writeln!(out, "skipped so far: {skipped} in which the capture is silent")?;
        }
        let heard = |network: &&Network| glance.networks.contains_key(*network);
        let silent = self.networks.iter().filter(|network| !heard(network));
        let silent: Vec<_> = silent.map(|network| network.name()).collect();
        if !silent.is_empty() {
            writeln!(out, "nothing yet of {}", silent.join(", "))?;
        }
        if let Some(remark) = &self.remark {
            writeln!(out, "{remark}")?;
        }
        if self.form == Form::Pages {
            writeln!(out)?;
        }
        Ok(())
    }
}

/// To the first corner, and nothing below (ECMA-48, CUP and ED).
const CLEAR: &str = "\x1B[H\x1B[J";

fn rows(glance: &Glance, out: &mut dyn Write) -> std::io::Result<()> {
    row(out, ["", "phones", "adverts/s", "so far", "loudest", "last heard"])?;
    for (network, heard) in &glance.networks {
        row(
            out,
            [
                network.name(),
                &heard.phones.to_string(),
                &heard.adverts_per_second.to_string(),
                &table::grouped(heard.adverts),
                &heard.loudest_dbm.map_or_else(String::new, |level| format!("{} dBm", level.0)),
                &match heard.silent_seconds {
                    0 => "now".to_owned(),
                    seconds => format!("{seconds} s ago"),
                },
            ],
        )?;
    }
    let (per_second, so_far) =
        (glance.adverts_per_second.to_string(), table::grouped(glance.adverts));
    row(out, ["all adverts", "", &per_second, &so_far, "", ""])
}

fn row(out: &mut dyn Write, cells: [&str; 6]) -> std::io::Result<()> {
    let [name, phones, adverts, so_far, loudest, last] = cells;
    let line =
        format!("{name:<11}  {phones:>6}  {adverts:>9}  {so_far:>9}  {loudest:>8}  {last:>10}");
    writeln!(out, "{}", line.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(form: Form) -> Sheet {
        Sheet::new("hci0".to_owned(), Network::ALL.to_vec(), form, Mono::default())
    }

    fn written(sheet: &mut Sheet, at_ms: u64) -> String {
        let mut out = vec![];
        sheet.write(&Ears::deaf(), Mono::from_millis(at_ms), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_late_second_does_not_put_the_next_off() {
        let mut sheet = sheet(Form::Lines);
        for (late_ms, due_ms) in [(1_003, 2_000), (2_999, 3_000), (5_500, 6_000), (6_000, 7_000)] {
            written(&mut sheet, late_ms);
            assert_eq!(sheet.due, Mono::from_millis(due_ms));
        }
    }

    #[test]
    fn a_radio_that_is_unwell_says_so_in_the_table_until_it_is_well() {
        let mut sheet = sheet(Form::Screen);
        let mut radio = Radio::default();
        radio.trouble = Some(Trouble::Gone);
        radio.remarks.push("hci0 is listened to over D-Bus".to_owned());
        for at_ms in [1_000, 2_000] {
            sheet.take_in(&mut radio);
            let shown = written(&mut sheet, at_ms);
            let unwell =
                "the radio is unwell: Bluetooth is not answering; `kiosk check` says why\n";
            assert!(shown.contains(unwell), "{shown}");
            assert!(shown.contains("hci0 is listened to over D-Bus\n"), "{shown}");
            assert!(!shown.contains("Gone"), "{shown}");
        }
        radio.trouble = None;
        sheet.take_in(&mut radio);
        assert!(!written(&mut sheet, 3_000).contains("unwell"));
    }

    #[test]
    fn programs_are_told_the_source_and_what_is_wrong() {
        let mut sheet = sheet(Form::Lines);
        sheet.trouble = Some(Trouble::SwitchedOff);
        let line = written(&mut sheet, 1_000);
        assert!(line.contains(r#""source":"nothing","trouble":"switched_off"}"#), "{line}");
    }
}
