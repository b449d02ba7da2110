//! By what trace somebody infected was found to have been at this door.

use std::fmt;
use std::str::FromStr;

use crate::domain::network::{Network, UnknownNetwork};

/// What was left at this door.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "&'static str")]
pub enum Trace {
    /// A phone of this network was heard.
    Phone(Network),
    /// The code of this door was scanned, and whoever scanned it has had the others warned. How near
    /// they came and for how long is not known.
    VenueCode,
}

impl Trace {
    /// The name in the book, in commands and in what is exported: the network's, or `venue-code`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Phone(network) => network.name(),
            Self::VenueCode => "venue-code",
        }
    }
}

impl From<Network> for Trace {
    fn from(network: Network) -> Self {
        Self::Phone(network)
    }
}

impl From<Trace> for &'static str {
    fn from(trace: Trace) -> Self {
        trace.name()
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Trace {
    type Err = UnknownNetwork;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        if name == Self::VenueCode.name() {
            return Ok(Self::VenueCode);
        }
        name.parse().map(Self::Phone)
    }
}

impl TryFrom<String> for Trace {
    type Error = UnknownNetwork;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        name.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_trace_in_the_book_too() {
        let phones = Network::ALL.map(Trace::Phone);
        for trace in phones.into_iter().chain([Trace::VenueCode]) {
            assert_eq!(trace.name().parse(), Ok(trace));
            let written = serde_json::to_string(&trace).unwrap();
            assert_eq!(written, format!("\"{trace}\""));
            assert_eq!(serde_json::from_str::<Trace>(&written).unwrap(), trace);
        }
        for network in Network::ALL {
            let as_before = serde_json::to_string(&network).unwrap();
            assert_eq!(serde_json::to_string(&Trace::Phone(network)).unwrap(), as_before);
        }
        assert!("smoke".parse::<Trace>().is_err());
    }
}
