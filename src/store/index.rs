//! The name index: which visits hold a word, a number plate, a phone number or a badge.
//!
//! It lives in memory alone and is read from the personal parts at start, so it costs no write
//! at a check-in, takes no room on the card, and forgets with the person. It keeps folded words
//! and numbers, never whole names, and knows nothing of `SQLite`. Why so, with the figures of
//! what else was tried: `docs/adr/0003-name-index.md`.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;

use roaring::RoaringBitmap;

use super::terms::{Term, signs, words};
use crate::domain::badge::Badge;
use crate::domain::visit::{Personal, VisitId};

/// Visits are kept in segments of 65,536, newest searched first: as many as one container of a
/// roaring bitmap holds, so that combining two words costs at most 8 KiB of memory a segment.
const SEGMENT_BITS: u32 = 16;

/// A phone number has at most 15 digits (ITU-T E.164), a plate fewer signs.
const NUMBER_BYTES: usize = 16;

/// The words and numbers of every visit whose personal part is kept. `Debug` shows only how many.
#[derive(Default)]
pub(super) struct Index {
    segments: BTreeMap<u32, Segment>,
}

impl Index {
    /// Takes in a visit as it stands now, in place of what was known of it.
    pub(super) fn insert(&mut self, visit: VisitId, badge: Badge, personal: &Personal) {
        let (key, offset) = place(visit);
        let segment = self.segments.entry(key).or_default();
        if !segment.visits.insert(offset) {
            segment.forget(offset);
            segment.visits.insert(offset);
        }
        for word in words(&personal.name) {
            segment.word(word).insert(offset);
        }
        segment.badges.entry(badge).or_default().insert(offset);
        segment.numbers.extend(Numbered::new(offset, Kind::Phone, &personal.phone));
        segment.numbers.extend(Numbered::new(offset, Kind::Plate, &personal.plate));
    }

    /// Forgets a visit.
    pub(super) fn forget(&mut self, visit: VisitId) {
        let (key, offset) = place(visit);
        if let Some(segment) = self.segments.get_mut(&key)
            && segment.visits.remove(offset)
        {
            segment.forget(offset);
            if segment.visits.is_empty() {
                self.segments.remove(&key);
            }
        }
    }

    /// Whether a visit is known.
    pub(super) fn knows(&self, visit: VisitId) -> bool {
        let (key, offset) = place(visit);
        self.segments.get(&key).is_some_and(|segment| segment.visits.contains(offset))
    }

    /// The visits that match every term, the latest first, at most `limit`.
    pub(super) fn find(&self, terms: &[Term], limit: usize) -> Vec<VisitId> {
        let mut found = Vec::new();
        for (key, segment) in self.segments.iter().rev() {
            let room = limit.saturating_sub(found.len());
            if room == 0 {
                break;
            }
            let matching = segment.matching(terms);
            let latest = matching.iter().rev().take(room);
            found.extend(latest.map(|offset| VisitId(key << SEGMENT_BITS | offset)));
        }
        found
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let visits: u64 = self.segments.values().map(|segment| segment.visits.len()).sum();
        write!(f, "Index({visits} visits)")
    }
}

const fn place(visit: VisitId) -> (u32, u32) {
    (visit.0 >> SEGMENT_BITS, visit.0 & ((1 << SEGMENT_BITS) - 1))
}

#[derive(Default)]
struct Segment {
    visits: RoaringBitmap,
    words: BTreeMap<Box<str>, RoaringBitmap>,
    badges: BTreeMap<Badge, RoaringBitmap>,
    numbers: Vec<Numbered>,
}

impl Segment {
    fn word(&mut self, word: String) -> &mut RoaringBitmap {
        self.words.entry(word.into_boxed_str()).or_default()
    }

    /// Looks at every word, because what the visit's words were may be erased by now. A segment
    /// has a few thousand.
    fn forget(&mut self, offset: u32) {
        self.visits.remove(offset);
        let forgets = |visits: &mut RoaringBitmap| {
            visits.remove(offset);
            !visits.is_empty()
        };
        self.words.retain(|_, visits| forgets(visits));
        self.badges.retain(|_, visits| forgets(visits));
        self.numbers.retain(|number| u32::from(number.offset) != offset);
    }

    fn matching(&self, terms: &[Term]) -> RoaringBitmap {
        let mut matching: Option<RoaringBitmap> = None;
        for term in terms {
            let visits = self.with(term);
            let both = match matching {
                Some(so_far) => so_far & visits,
                None => visits,
            };
            if both.is_empty() {
                return both;
            }
            matching = Some(both);
        }
        matching.unwrap_or_default()
    }

    fn with(&self, term: &Term) -> RoaringBitmap {
        match term {
            Term::Word(prefix) => self.beginning_with(prefix),
            Term::Phone(whole) => self.numbered(|number| {
                number.kind == Kind::Phone && number.signs() == whole.as_bytes()
            }),
            Term::Number { signs, .. } => {
                let mut visits = match signs {
                    Some(signs) => self.numbered(|number| number.answers(signs.as_bytes())),
                    None => RoaringBitmap::new(),
                };
                for (_, given) in self.badges.iter().filter(|(badge, _)| term.means(**badge)) {
                    visits |= given;
                }
                visits
            }
        }
    }

    fn beginning_with(&self, prefix: &str) -> RoaringBitmap {
        let mut visits = RoaringBitmap::new();
        let from = (Bound::Included(prefix), Bound::Unbounded);
        let words = self.words.range::<str, _>(from);
        for (_, holding) in words.take_while(|(word, _)| word.starts_with(prefix)) {
            visits |= holding;
        }
        visits
    }

    fn numbered(&self, fits: impl Fn(&Numbered) -> bool) -> RoaringBitmap {
        let fitting = self.numbers.iter().filter(|number| fits(number));
        fitting.map(|number| u32::from(number.offset)).collect()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Phone,
    Plate,
}

/// A phone number or plate of a visit, cut at [`NUMBER_BYTES`].
struct Numbered {
    offset: u16,
    kind: Kind,
    length: u8,
    bytes: [u8; NUMBER_BYTES],
}

impl Numbered {
    fn new(offset: u32, kind: Kind, text: &str) -> Option<Self> {
        let mut bytes = [0; NUMBER_BYTES];
        let mut length = 0;
        for (byte, sign) in bytes.iter_mut().zip(signs(text).bytes()) {
            *byte = sign;
            length += 1;
        }
        let offset = u16::try_from(offset).ok()?;
        (length > 0).then_some(Self { offset, kind, length, bytes })
    }

    fn signs(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }

    /// Whether it begins or ends with what was typed.
    fn answers(&self, typed: &[u8]) -> bool {
        self.signs().starts_with(typed) || self.signs().ends_with(typed)
    }
}
