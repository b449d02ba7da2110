//! Why no id comes of an advert, a reading or a key.

use super::Network;
use crate::domain::moment::Wall;

/// A name that is no network's.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("no network is called {text:?}; the networks are {}", Network::ALL.map(Network::name).join(", "))]
pub struct UnknownNetwork {
    /// The name.
    pub text: String,
}

/// Why no id can be read from what has the form of a network.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DecodeError {
    /// The bytes of the id are too few or too many.
    #[error("read the id: it has {got} bytes, and needs {}", span(*least, *most))]
    IdLength {
        /// The fewest that will do.
        least: usize,
        /// The most that will do.
        most: usize,
        /// What there is.
        got: usize,
    },
    /// The service is named, and no id goes with it.
    #[error("read the id: the service is there, but the bytes of the id are not")]
    IdMissing,
    /// An id is there, and the service it belongs to is not named.
    #[error("read the id: its bytes are there, but the service's UUID is not")]
    ServiceMissing,
    /// An id of letters and digits holds something else.
    #[error(
        "read the id: it is not spelt as the app spells it, in letters A to Z, a to z and digits"
    )]
    IdAlphabet,
    /// What was read is no message of the protocol.
    #[error("read the id: what the phone handed out is no BlueTrace message")]
    Message,
    /// What was read belongs to a place, not to a person.
    #[error("read the id: this is the beacon of a venue, which has none")]
    Venue,
    /// What was read is of a kind whose form is not known.
    #[error("read the id: payloads of kind {got:02X} are not known; 10 to 17 are")]
    PayloadKind {
        /// The kind.
        got: u8,
    },
    /// This network's phones say everything in the open.
    #[error("read the id: a phone of {network} has none to hand out, it broadcasts it")]
    NothingToRead {
        /// The network.
        network: Network,
    },
}

/// "12", or "16 to 24".
fn span(least: usize, most: usize) -> String {
    if least == most { least.to_string() } else { format!("{least} to {most}") }
}

/// The id of a fixed length.
pub(super) fn exactly<const N: usize>(bytes: &[u8]) -> Result<[u8; N], DecodeError> {
    let wrong = DecodeError::IdLength { least: N, most: N, got: bytes.len() };
    bytes.try_into().map_err(|_| wrong)
}

/// Why a key gives no id.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DeriveError {
    /// The key is too short or too long.
    #[error("use the key: {network} needs {need} bytes ({} hex digits), and it has {got}", need * 2)]
    KeyLength {
        /// Whose key it should be.
        network: Network,
        /// The bytes it should have.
        need: usize,
        /// The bytes it has.
        got: usize,
    },
    /// No key gives this network's id at a moment.
    #[error("derive an id of {network}: {why}; use bluezone, gaen or herald")]
    NotByMoment {
        /// The network.
        network: Network,
        /// Why not.
        why: &'static str,
    },
    /// A moment before 1970 or after the year 9999.
    #[error("use {} as seconds since 1970: it must be 0 to {MOMENT_MAX}", moment.0)]
    Moment {
        /// The moment.
        moment: Wall,
    },
    /// The key did not exist yet.
    #[error("derive an id for {}: the key gives ids from {} on", at.0, begin.0)]
    BeforeKey {
        /// The moment asked for.
        at: Wall,
        /// The first second with an id.
        begin: Wall,
    },
    /// The key had been replaced, or lies so far back that following it is refused.
    #[error("derive an id for {}: with this key only ids before {} are known", at.0, end.0)]
    AfterKey {
        /// The moment asked for.
        at: Wall,
        /// The first second without an id.
        end: Wall,
    },
}

/// The last second of the year 9999.
const MOMENT_MAX: i64 = 253_402_300_799;

/// Seconds since 1970, checked so that sums with them cannot overflow.
pub(super) fn seconds(moment: Wall) -> Result<i64, DeriveError> {
    if (0..=MOMENT_MAX).contains(&moment.0) {
        Ok(moment.0)
    } else {
        Err(DeriveError::Moment { moment })
    }
}
