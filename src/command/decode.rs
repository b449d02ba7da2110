//! `kiosk decode`: explains one advertisement, and what each network makes of it.

use std::io::Write;

use serde::Serialize;

use super::{explain, hex, table};
use crate::domain::advert::{ADVERT_DATA_BYTES_MAX, AdError, Address, AdvertData, Advertisement};
use crate::domain::network::Network;
use crate::domain::sighting::Evidence;

/// Explains one Bluetooth advertisement
///
/// Paste what a Bluetooth scanner shows as "raw data". Each line of the answer is one piece of
/// the advertisement; below stands what each contact-tracing network makes of the whole.
#[derive(clap::Args, Clone, Debug)]
#[command(
    after_help = "Example:\n  kiosk decode 02011A 03036FFD 17166FFD8BE6CD371C5C891604BFBE49DF84509672033874"
)]
pub struct DecodeArgs {
    /// The advertisement in hex digits; spaces, colons and 0x are fine
    #[arg(value_name = "HEX", required = true, num_args = 1..)]
    pub hex: Vec<String>,
    /// Answer in JSON, for programs
    #[arg(long)]
    pub json: bool,
}

/// Writes the explanation to `out`.
///
/// # Errors
///
/// When the digits do not spell an advertisement, or `out` cannot be written to.
pub fn run(args: &DecodeArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let bytes = hex::parse(&args.hex.join(" "), ADVERT_DATA_BYTES_MAX)?;
    let explanation = Explanation::new(&bytes);
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &explanation)?;
        writeln!(out)?;
    } else {
        explanation.write(out)?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Explanation {
    bytes: usize,
    structures: Vec<Structure>,
    /// Why reading stopped before the end.
    error: Option<String>,
    networks: Vec<Finding>,
}

#[derive(Serialize)]
struct Structure {
    ad_type: u8,
    name: &'static str,
    payload: String,
    meaning: String,
}

#[derive(Serialize)]
struct Finding {
    network: Network,
    form: Option<explain::Form>,
    id: Option<String>,
    tx_power_dbm: Option<i8>,
    error: Option<String>,
}

impl Explanation {
    fn new(bytes: &[u8]) -> Self {
        // Neither address nor loudness is in the digits, and no network looks at them.
        let address = Address { bytes: [0; 6], random: true };
        let data = AdvertData::new(bytes);
        let advert = Advertisement { address, rssi: None, connectable: false, data };
        let structures = advert.structures().map_while(Result::ok).map(|structure| Structure {
            ad_type: structure.ad_type,
            name: explain::name(structure.ad_type),
            payload: hex::show(structure.payload),
            meaning: explain::meaning(&structure),
        });
        let broken = advert.structures().find_map(Result::err);
        Self {
            bytes: bytes.len(),
            structures: structures.collect(),
            error: broken.map(|AdError::Truncated { need, got }| {
                format!("the last structure promises {need} bytes, and {got} are left")
            }),
            networks: Network::ALL.map(|network| Finding::new(network, &advert)).into(),
        }
    }

    fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let counted =
            |number, thing| table::counted(u64::try_from(number).unwrap_or(u64::MAX), thing);
        let (bytes, structures) = (self.bytes, self.structures.len());
        writeln!(out, "{}, {}\n", counted(bytes, "byte"), counted(structures, "AD structure"))?;
        let rows: Vec<_> = self
            .structures
            .iter()
            .map(|structure| {
                let left = format!("  {:02X}  {}", structure.ad_type, structure.name);
                (left, structure.meaning.clone())
            })
            .collect();
        table::write(out, &rows, false)?;
        if let Some(error) = &self.error {
            writeln!(out, "  !   {error}")?;
        }
        writeln!(out)?;
        let (some, none): (Vec<_>, Vec<_>) =
            self.networks.iter().partition(|found| found.form.is_some() || found.error.is_some());
        let rows = some.iter().map(|found| (found.network.to_string(), found.words()));
        table::write(out, &rows.collect::<Vec<_>>(), false)?;
        let none: Vec<_> = none.iter().map(|found| found.network.name()).collect();
        if none.is_empty() { Ok(()) } else { writeln!(out, "nothing to {}", none.join(", ")) }
    }
}

impl Finding {
    fn new(network: Network, advert: &Advertisement) -> Self {
        let found = network.decode(advert);
        let evidence = found.as_ref().ok().and_then(Option::as_ref);
        let (id, tx_power) = match evidence {
            Some(Evidence::Id { id, tx_power, .. }) => {
                (Some(hex::show(id.as_bytes())), tx_power.stated())
            }
            Some(Evidence::Candidate { .. } | Evidence::WakeBeacon { .. }) | None => (None, None),
        };
        Self {
            network,
            form: evidence.map(explain::form),
            id,
            tx_power_dbm: tx_power.map(|level| level.0),
            error: found.err().map(|error| error.to_string()),
        }
    }

    fn words(&self) -> String {
        match (&self.form, &self.id, &self.error) {
            (Some(form), Some(id), _) => format!("{} {id}", form.words()),
            (Some(form), None, _) => form.words().to_owned(),
            (None, _, Some(error)) => format!("failed to {error}"),
            (None, _, None) => String::new(),
        }
    }
}
