//! What is to be seen: the state of the reception as plain values, with nothing decided and
//! nothing drawn. The words are chosen by the screens, through translations.
//!
//! A visitor's screen never holds anything about another visitor, and `Debug` shows nothing that
//! was typed or recalled.

mod exposures;
mod hidden;
mod look;
mod radio;

pub use self::exposures::{
    Asked, Closeness, ExportView, ExposureRow, ExposuresView, HealthNotice, MatchingView,
    OverlapRow, OverlapView,
};
pub use self::radio::{
    CalibratedView, ChecksView, HeldFor, HeldStage, HeldView, NotLearned, RadioView,
};
pub use crate::domain::airwaves::Source;
use crate::domain::badge::Badge;
pub use crate::domain::complaint::Complaint;
pub use crate::domain::desk::form::TypedField;
use crate::domain::fault::Fault;
pub use crate::domain::guard::{GuardQuestion, PinAsk};
use crate::domain::language::Language;
use crate::domain::presence::Face;
use crate::domain::site::{PhoneMake, SiteKind};
pub use crate::domain::touch::Layout;
pub use crate::domain::venue::door::Scheme;
pub use crate::domain::visit::PhoneSeen;
use crate::domain::visit::{Leaving, VisitId};

/// Everything that stands on the screen.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own on the screen")]
pub struct View {
    /// The language of the words.
    pub language: Language,
    /// Larger letters, stronger contrast.
    pub large_text: bool,
    /// What the place is called.
    pub site_name: String,
    /// What the door is called.
    pub door_name: String,
    /// The kind of site, which sets some words.
    pub site_kind: SiteKind,
    /// The time on the wall, such as 08:42.
    pub clock: String,
    /// Whether somebody vouches for the clock.
    pub clock_trusted: bool,
    /// People inside, companions counted.
    pub people_inside: u32,
    /// The organ that is unwell, the gravest first; `None` when all is well.
    pub fault: Option<Fault>,
    /// The bar, on the screens that have it.
    pub bar: Option<Face>,
    /// Whether what the bar says is running is another app than Bluezone.
    pub other_app: bool,
    /// Whether "are you still there?" lies over the screen.
    pub still_there: bool,
    /// Whether the screen is dark until somebody passes the motion sensor or touches it.
    pub asleep: bool,
    /// Whether a card can be scanned here at all.
    pub card_reader: bool,
    /// The screen itself.
    pub screen: Screen,
}

/// After how many days something is erased, as the notices say it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeepDays {
    /// What tells who came.
    pub personal: u16,
    /// The ids of phones that were heard.
    pub heard_ids: u16,
}

/// One screen and what stands on it.
#[derive(Clone, PartialEq, Eq)]
pub enum Screen {
    /// The rest state.
    Welcome {
        /// How long what is kept.
        keep: KeepDays,
    },
    /// The notice in full.
    Notice {
        /// How long what is kept.
        keep: KeepDays,
        /// The version shown.
        version: u16,
    },
    /// Who are you: by card, by phone number, by name.
    Identify,
    /// Typing a name, or another line of text.
    Typing(TypingView),
    /// Typing a phone number to be recalled by, or to be reached at.
    Phone {
        /// The digits so far.
        digits: String,
        /// The name the book knows under the whole number, masked: `H•• T•• Thương`.
        recalled: Option<String>,
        /// What is wrong with it.
        complaint: Option<Complaint>,
    },
    /// Whom to see, what for, companions, plate.
    Visit(VisitView),
    /// The install code, or the code of this door that an app for venues reads.
    Install(InstallView),
    /// The entry is being written.
    Writing,
    /// Welcome in.
    Done(DoneView),
    /// Leaving, by badge number or phone number.
    Leave {
        /// The digits so far.
        digits: String,
        /// What is wrong with them.
        complaint: Option<Complaint>,
    },
    /// Good-bye.
    Left,
    /// Check-in has stopped; use the paper book. Or it has not begun yet: the book is being opened.
    Fault(Fault),
    /// The PIN that opens the guard's screen.
    Pin(PinView),
    /// The guard's screen.
    Guard(GuardView),
    /// What the radio hears.
    Radio(RadioView),
    /// A phone is held to the mark, to calibrate or to be ignored.
    Held(HeldView),
    /// How each organ is.
    Checks(ChecksView),
    /// The days on which somebody infected was here.
    Exposures(ExposuresView),
    /// Who was inside around one of them.
    Overlap(OverlapView),
    /// What became of writing them out.
    Export(ExportView),
}

/// A line of text being typed, and the keyboard under it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct TypingView {
    /// Which line.
    pub field: TypedField,
    /// The text so far; the cursor is at its end.
    pub text: String,
    /// Whether the next letter is a capital.
    pub shift: bool,
    /// Which keys are shown.
    pub layout: Layout,
    /// Whether Telex composes.
    pub telex: bool,
    /// Whether this line may stay empty.
    pub optional: bool,
    /// What is wrong with it.
    pub complaint: Option<Complaint>,
}

/// A code to be scanned.
#[derive(Clone, PartialEq, Eq)]
pub struct InstallView {
    /// What the code holds.
    pub link: String,
    /// The make of phone the install code is for, where somebody said.
    pub make: Option<PhoneMake>,
    /// Whether there are codes of their own for the makes.
    pub by_make: bool,
    /// The apps for venues that have a code here.
    pub venues: Vec<Scheme>,
    /// Whose code is shown; `None` while it is the install code.
    pub shown: Option<Scheme>,
    /// What such an app calls this place.
    pub place: String,
    /// Whether such a code is another one tomorrow.
    pub daily: bool,
}

/// A choice among several.
#[derive(Clone, PartialEq, Eq)]
pub struct ChoiceView {
    /// The words on it.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// The errand.
#[derive(Clone, PartialEq, Eq)]
pub struct VisitView {
    /// The visitor's own name.
    pub name: String,
    /// Whether the name can be touched to write it anew: a correction does not come from the name.
    pub can_rename: bool,
    /// Whom to see, from the list.
    pub hosts: Vec<ChoiceView>,
    /// A host typed by hand, empty when none.
    pub other_host: String,
    /// What for, from the list.
    pub purposes: Vec<ChoiceView>,
    /// A purpose typed by hand, empty when none.
    pub other_purpose: String,
    /// People with the visitor.
    pub companions: u8,
    /// The plate, empty when none.
    pub plate: String,
    /// Whether a plate is asked for.
    pub ask_plate: bool,
    /// The visitor's unit or address, empty when none.
    pub unit: String,
    /// Whether unit or address is asked for.
    pub ask_unit: bool,
    /// The phone number, empty when none.
    pub phone: String,
    /// What is wrong.
    pub complaint: Option<Complaint>,
}

/// What a visitor sees when the entry is on disk.
#[derive(Clone, PartialEq, Eq)]
pub struct DoneView {
    /// The visitor's own name.
    pub name: String,
    /// Whom they see.
    pub host: String,
    /// When they came, such as 08:42.
    pub time: String,
    /// Their number.
    pub badge: Badge,
    /// Whether an open visit was brought up to date.
    pub updated: bool,
}

/// The PIN pad.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PinView {
    /// What the PIN is for.
    pub ask: PinAsk,
    /// How many digits have been typed. The digits themselves are not shown.
    pub digits: u8,
    /// Seconds until the next try is taken; 0 when one may be made now.
    pub wait_seconds: u32,
    /// What is wrong.
    pub complaint: Option<Complaint>,
}

/// The guard's screen.
#[derive(Clone, PartialEq, Eq)]
pub struct GuardView {
    /// Whether it was opened with the administrator's PIN.
    pub administrator: bool,
    /// People inside, companions counted.
    pub people_inside: u32,
    /// Visits begun today.
    pub came_today: u32,
    /// Visits of today that have ended.
    pub left_today: u32,
    /// Of today's visits, in how many of a hundred the id of an app was heard; `None` without visits.
    pub running_percent: Option<u8>,
    /// And in how many of a hundred an app was likely running, and no more is known.
    pub likely_percent: Option<u8>,
    /// What was looked for; empty when everybody inside is listed.
    pub query: String,
    /// The visits listed, the latest first.
    pub rows: Vec<GuardRow>,
    /// The page shown, from 0.
    pub page: u16,
    /// The number of pages, at least 1.
    pub pages: u16,
    /// The visit whose buttons are open, with the question whether to send out or erase.
    pub question: Option<GuardQuestion>,
    /// The health notice that lies over the list until it is read.
    pub health: Option<HealthNotice>,
    /// Days of which nobody has told whoever looks after health.
    pub health_waiting: u32,
}

/// One visit on the guard's screen.
#[derive(Clone, PartialEq, Eq)]
pub struct GuardRow {
    /// Which visit.
    pub visit: VisitId,
    /// When they came, such as 08:42, with the day before it when it was not today.
    pub entered: String,
    /// The name; empty once erased.
    pub name: String,
    /// People with them.
    pub companions: u8,
    /// Whom they see.
    pub host: String,
    /// What for.
    pub purpose: String,
    /// Their number.
    pub badge: Badge,
    /// What was seen of the phone.
    pub phone: PhoneSeen,
    /// How it ended; `None` for somebody inside.
    pub left: Option<Leaving>,
}
