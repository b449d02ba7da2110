//! The append-only book: what an entry is, and the chain that shows nothing was taken out.
//!
//! An entry is a public part, and a commitment to a personal part that lives elsewhere and can
//! be erased:
//!
//! ```text
//! commitment = SHA-256(salt[32] ‖ canonical(personal))          all zeros when there is none
//! hash[n]    = SHA-256("kiosk-logbook-1\n" ‖ hash[n-1] ‖ commitment[n] ‖ canonical(public[n]))
//! hash[0]    = 32 zero bytes, before the first entry
//! ```
//!
//! `canonical` is RFC 8785 (JSON Canonicalization Scheme), so an inspector can check the chain
//! with a JSON tool and `sha256sum`. Erasing the personal part and its salt leaves a commitment
//! that nobody can open or guess from, and a chain that still verifies.

mod newer;

pub use newer::is_newer;

use sha2::{Digest, Sha256};

use super::exposure::published::ReportKind;
use super::exposure::trace::Trace;
use super::moment::Wall;
use super::network::Network;
use super::presence::Face;
use super::visit::{Leaving, Personal, VisitFacts, VisitId};

/// The version of the public part's layout. It stands in every entry, and is raised with whatever an
/// older kiosk could not read but a new kind of event: see [`is_newer`].
pub const ENTRY_VERSION: u16 = 1;

/// Marks what is hashed as ours, and which way it was put together.
const CHAIN_TAG: &[u8] = b"kiosk-logbook-1\n";

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// The hash before the first entry.
pub const GENESIS: Hash = [0; 32];

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// A visitor came in. Carries a personal part.
    CheckIn {
        /// The visit.
        facts: VisitFacts,
    },
    /// Somebody who is inside signed in again: companions, errand or phone were brought up to
    /// date. Carries a personal part, which takes the place of the former.
    Update {
        /// The visit as it stands now.
        facts: VisitFacts,
        /// The entry whose personal part this replaces.
        replaces_seq: u64,
    },
    /// The guard corrected what was written. Carries a personal part.
    Correction {
        /// The visit as it stands now.
        facts: VisitFacts,
        /// The entry whose personal part this replaces.
        replaces_seq: u64,
    },
    /// The phone was heard after the visit was written.
    Verdict {
        /// Whose phone.
        visit: VisitId,
        /// The face of the bar now.
        face: Face,
    },
    /// A visitor left.
    CheckOut {
        /// Who.
        visit: VisitId,
        /// How it came about.
        how: Leaving,
    },
    /// The guard opened the gate.
    GateOpened {
        /// How long before this entry the button was pressed, in seconds: more than 0 when the
        /// store was down at the time.
        seconds_ago: u32,
    },
    /// Personal parts reached the end of their keeping.
    Expired {
        /// How many were erased. With 0 the entry only marks the moment at which it was noticed that
        /// those before it are dated ahead of the clock: from then on they are kept as long as any.
        personal_parts: u32,
    },
    /// An administrator erased one person's part before its time.
    Erased {
        /// Of which visit.
        visit: VisitId,
    },
    /// What was heard of phones reached the end of its keeping.
    Forgotten {
        /// How many encounters were deleted.
        encounters: u32,
        /// How many exposures.
        exposures: u32,
    },
    /// Somebody looked up who was inside around an exposure. Why stands apart, and is erased with
    /// the persons.
    OverlapOpened {
        /// By what it was found.
        #[serde(rename = "network")]
        trace: Trace,
        /// The day of the exposure.
        day: Wall,
        /// What was known of the illness.
        report: ReportKind,
        /// How many visits were shown.
        visits: u32,
        /// Who it was.
        by: By,
    },
    /// The exposures were written into a file for the health authority. Why stands apart.
    ExposuresExported {
        /// How many.
        exposures: u32,
        /// Who it was.
        by: By,
    },
    /// The kiosk's own keys and what it heard were written into a file for the health authority.
    /// Why stands apart.
    HistoryPublished {
        /// The network.
        network: Network,
        /// The first of the days.
        from: Wall,
        /// The end of the last.
        to: Wall,
        /// How many encounters.
        encounters: u32,
        /// Who it was.
        by: By,
    },
    /// The PINs were chosen anew, because they were forgotten or lost.
    PinsChosen {
        /// Who it was.
        by: By,
    },
}

/// Who did something, or had something shown or written out that is otherwise shown to nobody.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The administrator, at the screen.
    Administrator,
    /// Whoever may read the book on the machine itself, with a command.
    CommandLine,
}

/// The public part of an entry: what the chain covers in the clear.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Public {
    /// [`ENTRY_VERSION`].
    pub v: u16,
    /// When it was written down.
    pub wall: Wall,
    /// Whether somebody vouched for `wall`.
    pub wall_trusted: bool,
    /// What happened.
    pub event: Event,
}

/// An entry that is about to be written. The store gives it its number, salt and hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// The public part.
    pub public: Public,
    /// The erasable part, for the events that have one.
    pub personal: Option<Personal>,
}

/// An entry that is in the book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its number, from 1 without gaps.
    pub seq: u64,
    /// The public part.
    pub public: Public,
    /// The personal part; `None` if it never had one or was erased.
    pub personal: Option<Personal>,
}

/// Why a part of an entry has no canonical form.
#[derive(Debug, thiserror::Error)]
#[error("put an entry into canonical form: {0}")]
pub struct CanonicalError(#[from] serde_json::Error);

/// The canonical bytes of a public or personal part (RFC 8785).
///
/// # Errors
/// [`CanonicalError`] if a value cannot be written as JSON; none of ours cannot.
pub fn canonical<T: serde::Serialize>(part: &T) -> Result<Vec<u8>, CanonicalError> {
    Ok(serde_json_canonicalizer::to_vec(part)?)
}

/// SHA-256 over the salt and the canonical bytes of the personal part.
#[must_use]
pub fn commitment(salt: &[u8; 32], personal: &[u8]) -> Hash {
    Sha256::new().chain_update(salt).chain_update(personal).finalize().into()
}

/// The hash of an entry, from the one before it.
#[must_use]
pub fn chain(previous: &Hash, commitment: &Hash, public: &[u8]) -> Hash {
    Sha256::new()
        .chain_update(CHAIN_TAG)
        .chain_update(previous)
        .chain_update(commitment)
        .chain_update(public)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_part_has_one_spelling() {
        let public = Public {
            v: ENTRY_VERSION,
            wall: Wall(1_622_598_120),
            wall_trusted: true,
            event: Event::CheckOut { visit: VisitId(28), how: Leaving::Guard },
        };
        let bytes = canonical(&public).unwrap();
        assert_eq!(
            String::from_utf8(bytes.clone()).unwrap(),
            r#"{"event":{"how":"guard","kind":"check_out","visit":28},"v":1,"wall":1622598120,"wall_trusted":true}"#
        );
        assert_eq!(serde_json::from_slice::<Public>(&bytes).unwrap(), public);
    }

    #[test]
    fn the_chain_covers_every_part() {
        let whole = chain(&GENESIS, &[1; 32], b"public");
        assert_ne!(whole, chain(&[9; 32], &[1; 32], b"public"));
        assert_ne!(whole, chain(&GENESIS, &[2; 32], b"public"));
        assert_ne!(whole, chain(&GENESIS, &[1; 32], b"publiC"));
    }

    #[test]
    fn the_commitment_needs_the_salt() {
        assert_ne!(commitment(&[0; 32], b"x"), commitment(&[1; 32], b"x"));
    }
}
