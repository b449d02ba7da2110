//! `kiosk exposure publish`: what the kiosk itself sent and heard on some days, for a health officer
//! who asks, in the form in which the network's own app uploads it.
//!
//! It is the one way in which a key of the beacon leaves the kiosk. That it was done is written into
//! the book before.

use std::fmt::Write as _;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, bail};
use base64::prelude::{BASE64_STANDARD, Engine};
use jiff::ToSpan;
use jiff::civil::Date;

use super::super::hex;
use super::Desk;
use super::export::{finish_folder, make_folder, write_file};
use crate::domain::beacon::keys::{
    BaseKey, DAY_SECONDS, bluezone_day_key, export_signing_secret, gaen_day_key,
};
use crate::domain::exposure::heard::SLOT_SECONDS;
use crate::domain::exposure::published::{ReportKind, TemporaryExposureKey};
use crate::domain::exposure::reason::Reason;
use crate::domain::logbook::{By, Event};
use crate::domain::moment::{Wall, Zone};
use crate::domain::network::Network;
use crate::domain::network::bluezone::SlotsPerDay;
use crate::domain::network::gaen::INTERVAL_SECONDS;
use crate::domain::remembering::Remembered;
use crate::published::own;
use crate::store::{self, Reader};

/// Writes this kiosk's own keys and what it heard on some days into a folder, for a health officer
///
/// For when it was at this door that people were infected: with these files the network can find the
/// phones that were here. Give them to nobody but the authority. The book notes that it was done.
#[derive(clap::Args, Clone, Debug)]
#[command(
    after_help = "Example:\n  kiosk exposure publish --network bluezone --days 2026-03-02..2026-03-04 \\\n    --reason \"Letter 12 of the health department\" --out /media/usb/kiosk"
)]
pub(super) struct PublishArgs {
    /// The network: bluezone or gaen
    #[arg(long)]
    network: Network,
    /// A day, or the first and the last day
    #[arg(long, value_name = "YYYY-MM-DD[..YYYY-MM-DD]")]
    days: Days,
    /// Who asked for it and why, in a few words; this is noted in the book
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The folder, which must not exist yet
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// As many days as are kept at most.
const DAYS_MAX: i32 = 60;

/// Days by the clock on the wall.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Days {
    first: Date,
    last: Date,
}

impl FromStr for Days {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let date = |text: &str| {
            text.parse::<Date>().with_context(|| format!("read {text} as a day such as 2026-03-02"))
        };
        let days = Self { first: date(first)?, last: date(last)? };
        match (days.last - days.first).get_days() {
            0..DAYS_MAX => Ok(days),
            _ => bail!("take {text}: the last day comes after the first, {DAYS_MAX} days at most"),
        }
    }
}

impl Days {
    /// The first second, and the second after the last.
    fn span(self, zone: Zone) -> anyhow::Result<(Wall, Wall)> {
        let midnight = |date: Date| Wall::from_civil(date.at(0, 0, 0, 0), zone);
        Ok((midnight(self.first), midnight(self.last.checked_add(1.day())?)))
    }
}

pub(super) fn run(args: &PublishArgs, desk: &Desk, out: &mut dyn Write) -> anyhow::Result<()> {
    let network = args.network;
    let reason = Reason::new(&args.reason)?;
    let (from, to) = args.days.span(desk.zone)?;
    let book = Reader::open(&desk.book).context("open the book")?;
    let keys = book.beacon_keys().context("read the book")?;
    let Some(base) = keys.of(network) else {
        bail!("find this kiosk's keys of {network}: it was never started with a beacon");
    };
    let mut rows = Vec::new();
    let files = match network {
        Network::Bluezone => {
            let read = book.each_remembered(network, from, to, |row| rows.push(row));
            read.context("read the book")?;
            bluezone(base, &rows, from)?
        }
        Network::Gaen => gaen(base, from, to, desk.now.wall)?,
        Network::Dp3t
        | Network::Robert
        | Network::Token
        | Network::Sonar
        | Network::Herald
        | Network::BlueTrace => {
            bail!("write an upload of {network}: only those of bluezone and gaen are known")
        }
    };
    make_folder(&args.out)?;
    let encounters = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let event = Event::HistoryPublished { network, from, to, encounters, by: By::CommandLine };
    let entry = store::disclose(&desk.book, event, &reason, desk.now.wall, desk.now.wall_trusted)
        .context("note it in the book")?;
    for (name, bytes) in files {
        write_file(&args.out, name, &bytes)?;
    }
    finish_folder(&args.out)?;
    let shown = args.out.display();
    writeln!(out, "the files are in {shown}; entry {} of the book says so", entry.seq)?;
    Ok(())
}

type Files = Vec<(&'static str, Vec<u8>)>;

/// `data_trace.txt` as the Android app writes it, with a line for each quarter of an hour in which
/// an id was heard, and `InfoF` with the key of the first day.
fn bluezone(base: &BaseKey, rows: &[Remembered], from: Wall) -> anyhow::Result<Files> {
    let begin = from.max(base.begins());
    let Some(day_key) = bluezone_day_key(base, begin) else {
        bail!("find the key of that day: the clock is wrong, or the day is too far away");
    };
    let day = begin.0 - begin.0.rem_euclid(DAY_SECONDS);
    let info = serde_json::json!({ "daily_key": hex::show(&day_key), "time_start": day });
    let mut trace = String::new();
    for row in rows {
        let mut at = row.first;
        while at <= row.last {
            let own = bluezone_day_key(base, at)
                .and_then(|key| Network::Bluezone.derive(&key, at, at, SlotsPerDay::DEFAULT).ok());
            if let Some(own) = own {
                let (own, id) = (hex::show(own.id.as_bytes()), hex::show(row.id.as_bytes()));
                let (own, id) = (own.to_uppercase(), id.to_uppercase());
                writeln!(trace, "{own}\t{id}\t{}\t{}", row.median.0, at.0.saturating_mul(1_000))?;
            }
            at = Wall(at.0 + SLOT_SECONDS);
        }
    }
    let info = serde_json::to_vec(&info)?;
    let readme = BLUEZONE_README.as_bytes().to_vec();
    Ok(vec![("data_trace.txt", trace.into_bytes()), ("InfoF.json", info), ("README.txt", readme)])
}

/// An export of the days that have ended. Whoever had the key of a day that goes on could send the
/// ids that are still to come.
fn gaen(base: &BaseKey, from: Wall, to: Wall, now: Wall) -> anyhow::Result<Files> {
    let mut keys = Vec::new();
    let mut day = from.0 - from.0.rem_euclid(DAY_SECONDS);
    let first = day;
    while day < to.0 && day + DAY_SECONDS <= now.0 {
        if let Some(key) = gaen_day_key(base, Wall(day)) {
            keys.push(TemporaryExposureKey {
                key,
                rolling_start: u32::try_from(day / INTERVAL_SECONDS)?,
                rolling_period: 144,
                report: ReportKind::Unknown,
                transmission_risk: 0,
                onset_days: None,
            });
        }
        day += DAY_SECONDS;
    }
    if keys.is_empty() {
        bail!("find a key of these days: they have not ended by UTC, or there was no beacon yet");
    }
    let secret = export_signing_secret(base);
    let mut archive = Cursor::new(Vec::new());
    own::write_export(&mut archive, &keys, (Wall(first), Wall(day)), &secret)?;
    let readme = GAEN_README.as_bytes().to_vec();
    let pem = pem(&own::public_key_der(&secret)?)?.into_bytes();
    Ok(vec![("export.zip", archive.into_inner()), ("signing-key.pem", pem), ("README.txt", readme)])
}

/// A public key as OpenSSL reads it (RFC 7468).
fn pem(der: &[u8]) -> anyhow::Result<String> {
    const LINE_CHARS: usize = 64;
    let text = BASE64_STANDARD.encode(der);
    let mut pem = String::from("-----BEGIN PUBLIC KEY-----\n");
    for line in text.as_bytes().chunks(LINE_CHARS) {
        pem.push_str(std::str::from_utf8(line)?);
        pem.push('\n');
    }
    pem.push_str("-----END PUBLIC KEY-----\n");
    Ok(pem)
}

const BLUEZONE_README: &str = "\
What one kiosk sent and heard in Bluezone, in the form in which the app uploads it.

  data_trace.txt  one line for each id and quarter of an hour in which it was heard:
                  the kiosk's own id, TAB, the id that was heard, TAB, the median level in dBm, TAB,
                  the beginning of the quarter of an hour in milliseconds since 1970
  InfoF.json      the kiosk's key of the first day, and the midnight UTC with which that day begins

Bluezone's keys are a chain: whoever has this one can work out the kiosk's ids of all later days as
well, and none of earlier days. The kiosk is a thing at a door, not a person.
";

const GAEN_README: &str = "\
The keys of one kiosk in Exposure Notification, as an export.

  export.zip       export.bin and export.sig, as health authorities publish them
  signing-key.pem  the public key with which the signature is checked; signer \"kiosk\", version \"v1\"

The keys are those of whole days by UTC that have ended. Exposure Notification has no form in which
a phone hands over what it has heard, so that is not here.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_from_the_first_to_the_last() {
        let days: Days = "2026-03-02..2026-03-04".parse().unwrap();
        let (from, to) = days.span(Zone::VIET_NAM).unwrap();
        assert_eq!(from.civil(Zone::VIET_NAM).to_string(), "2026-03-02T00:00:00");
        assert_eq!(to.0 - from.0, 3 * DAY_SECONDS);
        let day: Days = "2026-03-02".parse().unwrap();
        assert_eq!(day.first, day.last);
        for wrong in ["2026-03-04..2026-03-02", "2026-01-01..2026-03-02", "tomorrow", ".."] {
            assert!(wrong.parse::<Days>().is_err(), "{wrong}");
        }
    }
}
