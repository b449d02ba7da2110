//! Whether the adapter takes a new address while it listens. What cannot be connected to has a new
//! one at each of its turns where a controller sends one thing at a time; refused, its turn passes in
//! silence (ADR 0016).

/// After a refusal it takes so many new addresses in a row until that is believed: one may have come
/// while the scan paused.
const TAKEN_IN_A_ROW: u8 = 2;

/// What the adapter has answered lately.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Refusal {
    /// Since the last refusal it has taken so many; `None` where there was none, or it is over.
    taken_since: Option<u8>,
}

impl Refusal {
    /// The adapter was told a new address, and has taken or refused it.
    pub(super) fn handle_answer(&mut self, taken: bool) {
        self.taken_since = match (self.taken_since, taken) {
            (_, false) => Some(0),
            (Some(before), true) if before + 1 < TAKEN_IN_A_ROW => Some(before + 1),
            (_, true) => None,
        };
    }

    /// Whether it refuses.
    pub(super) const fn stands(self) -> bool {
        self.taken_since.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_stands_until_two_in_a_row_were_taken() {
        let stands = |answers: &[bool]| {
            let mut refusal = Refusal::default();
            for &taken in answers {
                refusal.handle_answer(taken);
            }
            refusal.stands()
        };
        assert!(!stands(&[]));
        assert!(!stands(&[true, true, true]));
        assert!(stands(&[true, false]));
        assert!(stands(&[false, true]));
        assert!(stands(&[false, true, false, true]));
        assert!(!stands(&[false, true, true]));
        assert!(!stands(&[false, true, true, true]));
    }
}
