//! `kiosk derive`: the id that a published key gives at a moment.

use std::io::Write;

use serde::Serialize;

use super::{hex, table};
use crate::domain::moment::{Wall, Zone};
use crate::domain::network::Network;
use crate::domain::network::bluezone::SlotsPerDay;

/// Shows the id a phone broadcasts at a moment, from its key
///
/// Phones that run a contact-tracing app broadcast an id that changes every few minutes. Whoever
/// has the phone's key can tell which id it had when. Moments are seconds since 1970; on Linux,
/// "date +%s" shows the present one.
#[derive(clap::Args, Clone, Debug)]
#[command(
    after_help = "Example:\n  kiosk derive gaen --key 75c734c6dd1a782de7a965da5eb93125 --key-time 1585785600 --at 1585786200"
)]
pub struct DeriveArgs {
    /// The network: bluezone, gaen or herald
    pub network: Network,
    /// The key in hex digits: 64 for bluezone, 32 for gaen, 64 for herald (the matching key of a day)
    #[arg(long, value_name = "HEX")]
    pub key: String,
    /// When the key began to count, in seconds since 1970
    #[arg(long, value_name = "UNIX", allow_negative_numbers = true)]
    pub key_time: i64,
    /// The moment to show the id of, in seconds since 1970
    #[arg(long, value_name = "UNIX", allow_negative_numbers = true)]
    pub at: i64,
    /// How many ids a phone has in a day (bluezone only) [default: 96]
    #[arg(long, value_name = "NUMBER")]
    pub slots_per_day: Option<u16>,
    /// Answer in JSON, for programs
    #[arg(long)]
    pub json: bool,
}

/// Writes the id to `out`.
///
/// # Errors
///
/// When the key is none, gives no id at the moment, or `out` cannot be written to.
pub fn run(args: &DeriveArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let slots = match (args.network, args.slots_per_day) {
        (_, None) => SlotsPerDay::DEFAULT,
        (Network::Bluezone, Some(slots)) => SlotsPerDay::try_from(slots)?,
        (network, Some(_)) => anyhow::bail!(
            "use --slots-per-day: it differs only in bluezone; leave it out for {network}"
        ),
    };
    let key = hex::parse(&args.key, KEY_BYTES_MAX)?;
    let rolling = args.network.derive(&key, Wall(args.key_time), Wall(args.at), slots)?;
    let answer = Answer {
        network: args.network,
        id: hex::show(rolling.id.as_bytes()),
        begin: rolling.begin,
        end: rolling.end,
    };
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &answer)?;
        writeln!(out)?;
    } else {
        answer.write(out)?;
    }
    Ok(())
}

/// More than any key, so that the network can say what is wrong with one that is too long.
const KEY_BYTES_MAX: usize = 64;

#[derive(Serialize)]
struct Answer {
    network: Network,
    id: String,
    begin: Wall,
    end: Wall,
}

impl Answer {
    fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let rows = [
            (format!("{} id", self.network), self.id.clone()),
            ("from".to_owned(), utc(self.begin)),
            ("until".to_owned(), utc(self.end)),
        ];
        table::write(out, &rows, false)
    }
}

fn utc(moment: Wall) -> String {
    let shown = Zone::from_minutes(0).map(|zone| moment.civil(zone).strftime("%F %T UTC, "));
    let shown = shown.map(|shown| shown.to_string()).unwrap_or_default();
    format!("{shown}which is {}", moment.0)
}
