//! Why nothing was fetched, in words that name the address and the remedy.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::{RESERVE_BYTES, SPOOL_BYTES_MAX};
use crate::published::index::IndexError;

/// Why a round did not come to its end. What had come by then stays.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// An address that is not taken.
    #[error("{url} is no address that begins with \"https://\": mend it under [exposure]")]
    Address {
        /// The address.
        url: String,
    },
    /// The proxy's address makes no sense.
    #[error("{proxy} is no proxy: write it as \"http://host:port\" under [exposure]")]
    Proxy {
        /// The address.
        proxy: String,
    },
    /// The certificates cannot be read.
    #[error("the certificates in {} cannot be read ({reason}): mend ca_file under [exposure]", path.display())]
    Certificates {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The system trusts nobody.
    #[error(
        "the system has no certificates: install ca-certificates, or set ca_file under [exposure]"
    )]
    NoCertificates,
    /// The server does not answer, or not as it should.
    #[error(
        "{url} does not answer ({source}): look at the network, the address and the certificates"
    )]
    Network {
        /// The address.
        url: String,
        /// What went wrong.
        source: Box<ureq::Error>,
    },
    /// The server answers with another address.
    #[error("{url} sends elsewhere, which is not followed: set the new address under [exposure]")]
    Elsewhere {
        /// The address.
        url: String,
    },
    /// The server refuses.
    #[error("{url} answers with status {status}")]
    Status {
        /// The address.
        url: String,
        /// The number.
        status: u16,
        /// For how long it wants to be left alone, where it says.
        wait: Option<Duration>,
    },
    /// The list makes no sense.
    #[error("{url}: {source}: ask the authority")]
    Index {
        /// The address.
        url: String,
        /// What is wrong.
        source: IndexError,
    },
    /// The answer breaks off, is too long, or not the part that was asked for.
    #[error("{url} gives another answer than it says ({reason}): it is asked again")]
    Answer {
        /// The address.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// Too much lies here.
    #[error("more than {} MiB of fetched files lie here: match them first", SPOOL_BYTES_MAX / (1 << 20))]
    Full,
    /// Too little is free.
    #[error(
        "less than {} MiB would stay free in {}, which are left to the logbook: make room there, or \
         take a larger card",
        RESERVE_BYTES / (1 << 20),
        path.display()
    )]
    NoRoom {
        /// The spool.
        path: PathBuf,
    },
    /// The disk.
    #[error("{} cannot be written: {source}", path.display())]
    Disk {
        /// The spool.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl FetchError {
    /// For how long the server wants to be left alone, where it says.
    #[must_use]
    pub const fn wait(&self) -> Option<Duration> {
        match self {
            Self::Status { wait, .. } => *wait,
            Self::Address { .. }
            | Self::Proxy { .. }
            | Self::Certificates { .. }
            | Self::NoCertificates
            | Self::Network { .. }
            | Self::Elsewhere { .. }
            | Self::Index { .. }
            | Self::Answer { .. }
            | Self::Full
            | Self::NoRoom { .. }
            | Self::Disk { .. } => None,
        }
    }
}
