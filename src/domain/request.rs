//! What the core asks of the store, and what the store answers. Answers come in the order of the
//! requests.

use std::fmt;

use super::beacon::BeaconKeys;
use super::exposure::matched::Matched;
use super::exposure::reason::Reason;
use super::exposure::windows::{ExposureId, ExposureNotice};
use super::fault::Fault;
use super::logbook::{Draft, Entry, Event};
use super::moment::Wall;
use super::presence::SiteLevels;
use super::remembering::Batch;
use super::visit::{Leaving, Personal, VisitFacts, VisitId};

/// A question or an order to the store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Request {
    /// Write this entry, and answer only when it would survive a power cut.
    Append(Draft),
    /// Is the book well? Writes something that nobody reads, and answers [`Reply::Probed`].
    Probe,
    /// Who came last under this phone number?
    Recall {
        /// Digits only, all of them.
        phone: Digits,
    },
    /// Which visits match what the guard typed: words of a name in any order, with or without
    /// diacritics; or a badge number, a phone number, a plate?
    Search {
        /// As typed.
        query: SearchText,
        /// At most so many, the latest first.
        limit: u16,
    },
    /// Whose PIN is this?
    CheckPin(Digits),
    /// Keep these PINs in place of any former ones.
    SetPins {
        /// The administrator's.
        administrator: Digits,
        /// The guards'.
        guard: Digits,
    },
    /// Keep these levels of the site in force from now on. Former ones stay on record.
    KeepLevels {
        /// What was learned.
        levels: SiteLevels,
        /// By whom.
        role: Role,
        /// When.
        wall: Wall,
        /// Whether somebody vouches for `wall`.
        wall_trusted: bool,
    },
    /// Erase the personal parts of this visit, and write an [`super::logbook::Event::Erased`].
    Erase {
        /// Which visit.
        visit: VisitId,
        /// When.
        wall: Wall,
        /// Whether somebody vouches for `wall`.
        wall_trusted: bool,
    },
    /// Sign out whoever came before a moment and is still inside, [`Leaving::ClosingSweep`]; erase
    /// the personal parts of visits begun before it; and write an
    /// [`super::logbook::Event::Expired`] if there were any. Whatever stands in the book before an
    /// entry of that time counts as begun before it, whatever date it bears.
    Expire {
        /// Visits begun before this moment.
        before: Wall,
        /// So many are signed out at most.
        limit: u16,
        /// When.
        wall: Wall,
        /// Whether somebody vouches for `wall`.
        wall_trusted: bool,
    },
    /// Keep what was heard.
    Remember(Batch),
    /// Delete what was heard last before a moment, or ahead of the clock; so many rows at most;
    /// and exposures of days before it. Writes an [`super::logbook::Event::Forgotten`] if there was
    /// anything.
    Forget {
        /// What was heard before this moment.
        before: Wall,
        /// So many rows at most.
        limit: u32,
        /// When.
        wall: Wall,
        /// Whether somebody vouches for `wall`.
        wall_trusted: bool,
    },
    /// Keep what a file of published keys has brought, and that it was processed.
    KeepExposures {
        /// What it has brought.
        matched: Box<Matched>,
        /// When.
        wall: Wall,
    },
    /// Which exposures are there?
    Exposures,
    /// Who was inside around an exposure? Writes an
    /// [`super::logbook::Event::OverlapOpened`] before it answers.
    OpenOverlap {
        /// Which exposure.
        exposure: ExposureId,
        /// Why somebody wants to know.
        reason: Reason,
        /// When.
        wall: Wall,
        /// Whether somebody vouches for `wall`.
        wall_trusted: bool,
    },
    /// Keep that an exposure has been passed on to whoever looks after health.
    PassOn(PassedOn),
    /// Make new secrets of the beacon in place of those that begin ahead of the clock, which somebody
    /// vouches for.
    RenewBeaconKeys {
        /// When.
        wall: Wall,
    },
    /// Write down that something is handed out; who does waits for the answer.
    Disclose {
        /// What: one of the events that have a reason.
        event: Event,
        /// Why.
        reason: Reason,
        /// When.
        wall: Wall,
        /// Whether somebody vouches for `wall`.
        wall_trusted: bool,
    },
}

/// What the store answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reply {
    /// The entry is on disk.
    Appended {
        /// With the number it was given.
        entry: Entry,
    },
    /// The last visit under the number, if any.
    Recalled(Option<Returning>),
    /// The visits that match, the latest first.
    Found(Vec<FoundVisit>),
    /// Whose PIN it is; `None` when it is nobody's.
    PinChecked(Option<Role>),
    /// The PINs are kept.
    PinsSet,
    /// The levels are kept.
    LevelsKept,
    /// Personal parts were erased, and the entry that says so is on disk.
    Erased {
        /// The entry; `None` when there was nothing to erase.
        entry: Option<Entry>,
    },
    /// What was past its keeping is erased.
    Expired {
        /// The entries of those who were signed out, and the one that says what was erased, if there
        /// was anything.
        entries: Vec<Entry>,
        /// Whether the limit was reached, and there may be more.
        more: bool,
    },
    /// The book can be written to.
    Probed,
    /// What was heard is kept.
    Remembered,
    /// What was heard long ago is gone, and the entry that says so is on disk.
    Forgot {
        /// The entry; `None` when there was nothing to delete.
        entry: Option<Entry>,
        /// Whether the limit was reached, and there may be more.
        more: bool,
    },
    /// The exposures there are now, the latest day first.
    Exposures(Vec<ExposureNotice>),
    /// Who was inside around an exposure; that somebody looked is on disk.
    Overlap(Box<Overlap>),
    /// That it was passed on is kept.
    PassedOn,
    /// The secrets of the beacon as they are now.
    BeaconKeys(Box<BeaconKeys>),
    /// The request came to nothing. Nothing of it is on disk.
    Failed(Fault),
}

/// An exposure that an administrator has passed on to whoever looks after health.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PassedOn {
    /// Which one.
    pub exposure: ExposureId,
    /// When the kiosk had last learned of it then: what it learns later is news.
    pub learned: Wall,
    /// When it was passed on.
    pub wall: Wall,
}

/// The visits around an exposure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Overlap {
    /// The exposure, with its windows.
    pub notice: ExposureNotice,
    /// Who was inside in one of the windows, or at most
    /// [`OVERLAP_TOLERANCE_SECONDS`](super::policy::OVERLAP_TOLERANCE_SECONDS) before or after it;
    /// the earliest first, at most [`OVERLAP_LIMIT`](super::policy::OVERLAP_LIMIT).
    pub visits: Vec<FoundVisit>,
    /// Whether there were more.
    pub more: bool,
    /// The entry that says that somebody looked.
    pub entry: Entry,
}

/// A visitor the book knows by phone number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Returning {
    /// As written last time.
    pub personal: Personal,
}

/// A visit the guard looked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundVisit {
    /// What is kept.
    pub facts: VisitFacts,
    /// Who it is; `None` once erased.
    pub personal: Option<Personal>,
    /// When they came.
    pub entered: Wall,
    /// When and how they left; `None` while inside.
    pub left: Option<(Wall, Leaving)>,
    /// The entry that holds the personal part in force.
    pub seq: u64,
}

/// Who may do what behind the PIN.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// Sees who is inside, writes down, corrects, sends out.
    Guard,
    /// All that, and erases.
    Administrator,
}

/// The levels of a site, who learned them and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Calibrated {
    /// What was learned.
    pub levels: SiteLevels,
    /// By whom.
    pub role: Role,
    /// When.
    pub wall: Wall,
}

/// Digits nobody should see: a PIN or a phone number. `Debug` shows only how many.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Digits(pub String);

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digits({})", self.0.len())
    }
}

/// What a guard typed to find somebody: likely a name. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SearchText(pub String);

impl fmt::Debug for SearchText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SearchText(…)")
    }
}
