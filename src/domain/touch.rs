//! What a finger on the glass, or a key of a keyboard, asks for.

use super::exposure::windows::ExposureId;
use super::language::Language;
use super::site::PhoneMake;
use super::venue::door::Scheme;
use super::visit::VisitId;

/// One touch. Touches that make no sense on the screen they arrive at are ignored: a screen may
/// change under a finger.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Touch {
    /// Speak another language; keeps everything typed.
    Language(Language),
    /// Larger letters and stronger contrast, or back.
    LargeText,
    /// One step back.
    Back,
    /// "Are you still there?" – yes.
    StillHere,
    /// Welcome: I am coming in.
    Enter,
    /// Welcome: I am leaving.
    Leave,
    /// The notice in full.
    ShowNotice,
    /// How do I install the app?
    ShowInstall,
    /// The guard's screen.
    Guard,
    /// Identify: by phone number.
    ByPhone,
    /// Identify: by name.
    ByName,
    /// Phone: the masked name is mine.
    ItIsMe,
    /// Phone: it is not.
    ItIsNotMe,
    /// A key of either keyboard.
    Key(Key),
    /// The main action of the screen.
    Next,
    /// Visit: this host of the list, from 0.
    Host(u8),
    /// Visit: another host, typed.
    OtherHost,
    /// Visit: this purpose of the list, from 0.
    Purpose(u8),
    /// Visit: another purpose, typed.
    OtherPurpose,
    /// Visit: one companion more.
    MoreCompanions,
    /// Visit: one companion fewer.
    FewerCompanions,
    /// Visit: type the name again.
    EditName,
    /// Visit: type the plate.
    EditPlate,
    /// Visit: type the unit or address.
    EditUnit,
    /// Visit: type the phone number.
    EditPhone,
    /// Install: show the code for a phone of this make.
    InstallFor(PhoneMake),
    /// Install: show the code that this app for venues reads.
    VenueCode(Scheme),
    /// Install: I have no smartphone.
    NoPhone,
    /// Install: later, go on.
    Later,
    /// Guard: write a visitor down.
    GuardWrite,
    /// Guard: look for a visit.
    GuardSearch,
    /// Guard: list everybody inside again.
    GuardShowAll,
    /// Guard: this visitor leaves.
    GuardSendOut(VisitId),
    /// Guard: this visit was written down wrong.
    GuardCorrect(VisitId),
    /// Administrator: erase this person.
    GuardErase(VisitId),
    /// Guard: sign everybody out.
    GuardSweep,
    /// Guard: yes, do it.
    GuardYes,
    /// Guard: no, leave it.
    GuardNo,
    /// Guard: the next page of the list.
    GuardNextPage,
    /// Guard: the page before.
    GuardPreviousPage,
    /// Guard: open the gate.
    GuardOpenGate,
    /// Guard: look at what the radio hears.
    GuardRadio,
    /// Administrator: learn the levels of the site.
    GuardCalibrate,
    /// Guard: a phone belongs to the place.
    GuardIgnorePhone,
    /// Guard: how is each organ?
    GuardChecks,
    /// Guard: the days on which somebody infected was here.
    GuardExposures,
    /// Guard: the health notice over the list has been read.
    GuardNoticeRead,
    /// Administrator: who was inside around this exposure?
    GuardOverlap(ExposureId),
    /// Administrator: this exposure has been passed on to whoever looks after health.
    GuardPassOn(ExposureId),
    /// Administrator: match published keys now.
    GuardMatch,
    /// Administrator: write the exposures out for the health officer.
    GuardExport,
    /// Guard: lock the screen.
    GuardLock,
}

/// One key. `Debug` does not show what was typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A letter, a digit or a sign, as it stands on the key.
    Char(char),
    /// One of the five tones, laid on the word being typed.
    Tone(Tone),
    /// Takes back one letter.
    Backspace,
    /// The next letter is a capital, or not.
    Shift,
    /// Shows other keys.
    Layout(Layout),
    /// Telex composes, or not.
    Telex,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Char(_) => "Char(…)",
            Self::Tone(_) => "Tone(…)",
            Self::Backspace => "Backspace",
            Self::Shift => "Shift",
            Self::Layout(_) => "Layout(…)",
            Self::Telex => "Telex",
        })
    }
}

/// The five tone marks; the level tone has none.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Tone {
    /// á, sắc.
    Acute,
    /// à, huyền.
    Grave,
    /// ả, hỏi.
    HookAbove,
    /// ã, ngã.
    Tilde,
    /// ạ, nặng.
    DotBelow,
}

/// Which keys are shown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Layout {
    /// Latin letters under a row of Vietnamese vowels and tones.
    #[default]
    Vietnamese,
    /// Latin letters alone.
    Latin,
    /// Lao consonants, vowels and the two common tones.
    Lao,
    /// Lao's rarer signs, and Lao digits.
    LaoMore,
    /// Digits and signs.
    Digits,
}
