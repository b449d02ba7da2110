//! From a [`View`] to the screens. Slint drops a value equal to the one it has; lists, the code
//! and the language are compared here, so that only what changed is drawn again.

use slint::{ComponentHandle, Model, ModelRc, SharedString, VecModel};

use super::super::generated as glass;
use super::{exposures, install, radio};
use crate::domain::fault::{Organ, Trouble};
use crate::domain::language::Language;
use crate::domain::presence::{Face, Sureness};
use crate::domain::site::SiteKind;
use crate::view::{
    ChoiceView, Complaint, DoneView, GuardQuestion, GuardRow, GuardView, Layout, PhoneSeen, PinAsk,
    PinView, Screen, TypedField, TypingView, View, VisitView,
};

/// Shows `view` on the screens of `app`.
pub fn show(app: &glass::App, view: &View) {
    frame(app, view);
    // The screen is filled in before it is put up.
    let stage = screen(app, &view.screen);
    app.global::<glass::FrameAdapter<'_>>().set_stage(stage);
}

fn frame(app: &glass::App, view: &View) {
    let adapter = app.global::<glass::FrameAdapter<'_>>();
    let (tongue, translation) = match view.language {
        Language::Vietnamese => (glass::Tongue::Vi, "vi"),
        // The screens are written in English.
        Language::English => (glass::Tongue::En, ""),
        Language::Lao => (glass::Tongue::Lo, "lo"),
    };
    if adapter.get_tongue() != tongue {
        // Every language of the switch is bundled; one that were not would show in English.
        let _shown_in_english = slint::select_bundled_translation(translation).is_err();
        adapter.set_tongue(tongue);
    }
    let theme = app.global::<glass::Theme<'_>>();
    theme.set_strong(view.large_text);
    theme.set_lao(view.language == Language::Lao);
    adapter.set_large_text(view.large_text);
    adapter.set_site_name(view.site_name.as_str().into());
    adapter.set_door_name(view.door_name.as_str().into());
    adapter.set_place(match view.site_kind {
        SiteKind::Office => glass::Place::Office,
        SiteKind::Hotel => glass::Place::Hotel,
        SiteKind::Market => glass::Place::Market,
    });
    adapter.set_clock(view.clock.as_str().into());
    adapter.set_clock_trusted(view.clock_trusted);
    adapter.set_people_inside(int(view.people_inside));
    adapter.set_face(match view.bar {
        None => glass::Face::None,
        Some(Face::Looking) => glass::Face::Looking,
        Some(Face::Running(Sureness::Confirmed)) => glass::Face::Confirmed,
        Some(Face::Running(Sureness::Probable)) => glass::Face::Probable,
        Some(Face::TapHere) => glass::Face::Tap,
        Some(Face::NotSeenYet) => glass::Face::NotSeen,
        Some(Face::RadioUnwell) => glass::Face::Unwell,
    });
    adapter.set_other_app(view.other_app);
    adapter.set_still_there(view.still_there);
    adapter.set_asleep(view.asleep);
    adapter.set_card_reader(view.card_reader);
    let fault = if let Screen::Fault(fault) = view.screen { Some(fault) } else { view.fault };
    adapter.set_organ(fault.map_or(glass::Organ::None, |fault| organ(fault.organ)));
    adapter.set_trouble(fault.map_or(glass::Trouble::Gone, |fault| trouble(fault.trouble)));
}

fn screen(app: &glass::App, screen: &Screen) -> glass::Stage {
    match screen {
        Screen::Welcome { keep } => {
            let adapter = app.global::<glass::WelcomeAdapter<'_>>();
            adapter.set_keep_days(keep.personal.into());
            adapter.set_keep_heard_days(keep.heard_ids.into());
            glass::Stage::Welcome
        }
        Screen::Notice { keep, version } => {
            let adapter = app.global::<glass::NoticeAdapter<'_>>();
            adapter.set_keep_days(keep.personal.into());
            adapter.set_keep_heard_days(keep.heard_ids.into());
            adapter.set_version((*version).into());
            glass::Stage::Notice
        }
        Screen::Identify => glass::Stage::Identify,
        Screen::Typing(typing) => typing_screen(&app.global(), typing),
        Screen::Phone { digits, recalled, complaint } => {
            let adapter = app.global::<glass::PhoneAdapter<'_>>();
            adapter.set_digits(grouped(digits));
            adapter.set_recalled(recalled.as_deref().unwrap_or_default().into());
            adapter.set_complaint(complain(*complaint));
            glass::Stage::Phone
        }
        Screen::Visit(visit) => visit_screen(&app.global(), visit),
        Screen::Install(view) => install::install(&app.global(), view),
        Screen::Writing => glass::Stage::Writing,
        Screen::Done(done) => done_screen(&app.global(), done),
        Screen::Leave { digits, complaint } => {
            let adapter = app.global::<glass::LeaveAdapter<'_>>();
            adapter.set_digits(grouped(digits));
            adapter.set_complaint(complain(*complaint));
            glass::Stage::Leave
        }
        Screen::Left => glass::Stage::Left,
        Screen::Fault(_) => glass::Stage::Fault,
        Screen::Pin(pin) => pin_screen(&app.global(), pin),
        Screen::Guard(guard) => {
            exposures::notice(&app.global(), guard.health.as_ref(), guard.health_waiting);
            guard_screen(&app.global(), guard)
        }
        Screen::Radio(view) => radio::radio(app, view),
        Screen::Held(held) => radio::held(&app.global(), held),
        Screen::Checks(checks) => radio::checks(&app.global(), checks),
        Screen::Exposures(view) => exposures::exposures(&app.global(), view),
        Screen::Overlap(view) => exposures::overlap(&app.global(), view),
        Screen::Export(view) => exposures::export(&app.global(), view),
    }
}

fn typing_screen(adapter: &glass::TypingAdapter<'_>, typing: &TypingView) -> glass::Stage {
    adapter.set_typed_field(match typing.field {
        TypedField::Name => glass::TypedField::Name,
        TypedField::Unit => glass::TypedField::Unit,
        TypedField::Host => glass::TypedField::Host,
        TypedField::Purpose => glass::TypedField::Purpose,
        TypedField::Plate => glass::TypedField::Plate,
        TypedField::Search => glass::TypedField::Search,
        TypedField::Reason => glass::TypedField::Reason,
    });
    adapter.set_text(with_last_space(&typing.text));
    adapter.set_shift(typing.shift);
    adapter.set_layout(match typing.layout {
        Layout::Vietnamese => glass::Layout::Vietnamese,
        Layout::Latin => glass::Layout::Latin,
        Layout::Lao => glass::Layout::Lao,
        Layout::LaoMore => glass::Layout::LaoMore,
        Layout::Digits => glass::Layout::Digits,
    });
    adapter.set_telex(typing.telex);
    adapter.set_optional(typing.optional);
    adapter.set_complaint(complain(typing.complaint));
    glass::Stage::Typing
}

fn visit_screen(adapter: &glass::VisitAdapter<'_>, visit: &VisitView) -> glass::Stage {
    adapter.set_name(visit.name.as_str().into());
    adapter.set_can_rename(visit.can_rename);
    if let Some(hosts) = changed(&adapter.get_hosts(), &visit.hosts, choice) {
        adapter.set_hosts(hosts);
    }
    adapter.set_other_host(visit.other_host.as_str().into());
    if let Some(purposes) = changed(&adapter.get_purposes(), &visit.purposes, choice) {
        adapter.set_purposes(purposes);
    }
    adapter.set_other_purpose(visit.other_purpose.as_str().into());
    adapter.set_companions(visit.companions.into());
    adapter.set_plate(visit.plate.as_str().into());
    adapter.set_ask_plate(visit.ask_plate);
    adapter.set_unit(visit.unit.as_str().into());
    adapter.set_ask_unit(visit.ask_unit);
    adapter.set_phone(grouped(&visit.phone));
    adapter.set_complaint(complain(visit.complaint));
    glass::Stage::Visit
}

fn done_screen(adapter: &glass::DoneAdapter<'_>, done: &DoneView) -> glass::Stage {
    adapter.set_name(done.name.as_str().into());
    adapter.set_host(done.host.as_str().into());
    adapter.set_time(done.time.as_str().into());
    adapter.set_badge(done.badge.to_string().into());
    adapter.set_updated(done.updated);
    glass::Stage::Done
}

fn pin_screen(adapter: &glass::PinAdapter<'_>, pin: &PinView) -> glass::Stage {
    adapter.set_ask(match pin.ask {
        PinAsk::Unlock => glass::PinAsk::Unlock,
        PinAsk::ChooseAdministrator => glass::PinAsk::ChooseAdministrator,
        PinAsk::RepeatAdministrator => glass::PinAsk::RepeatAdministrator,
        PinAsk::ChooseGuard => glass::PinAsk::ChooseGuard,
        PinAsk::RepeatGuard => glass::PinAsk::RepeatGuard,
        PinAsk::Lost => glass::PinAsk::Lost,
    });
    adapter.set_typed("•".repeat(usize::from(pin.digits)).into());
    adapter.set_wait_seconds(int(pin.wait_seconds));
    adapter.set_complaint(complain(pin.complaint));
    glass::Stage::Pin
}

fn guard_screen(adapter: &glass::GuardAdapter<'_>, guard: &GuardView) -> glass::Stage {
    adapter.set_administrator(guard.administrator);
    adapter.set_people_inside(int(guard.people_inside));
    adapter.set_came_today(int(guard.came_today));
    adapter.set_left_today(int(guard.left_today));
    adapter.set_running_percent(guard.running_percent.map_or(-1, i32::from));
    adapter.set_likely_percent(guard.likely_percent.map_or(0, i32::from));
    adapter.set_query(guard.query.as_str().into());
    if let Some(rows) = changed(&adapter.get_rows(), &guard.rows, row) {
        adapter.set_rows(rows);
    }
    adapter.set_page(guard.page.into());
    adapter.set_pages(guard.pages.into());
    let (question, about) = match guard.question {
        None => (glass::GuardQuestion::None, None),
        Some(GuardQuestion::Erase(visit)) => (glass::GuardQuestion::Erase, Some(visit)),
        Some(GuardQuestion::Sweep) => (glass::GuardQuestion::Sweep, None),
    };
    let name = guard.rows.iter().find(|row| Some(row.visit) == about).map(|row| row.name.as_str());
    adapter.set_question(question);
    adapter.set_question_name(name.unwrap_or_default().into());
    glass::Stage::Guard
}

/// A new list for the screen, unless what it holds is the same.
pub(super) fn changed<T: Clone + PartialEq + 'static, U>(
    shown: &ModelRc<T>,
    wanted: &[U],
    convert: impl Fn(&U) -> T,
) -> Option<ModelRc<T>> {
    let wanted: Vec<T> = wanted.iter().map(convert).collect();
    let same = shown.row_count() == wanted.len() && shown.iter().eq(wanted.iter().cloned());
    (!same).then(|| ModelRc::new(VecModel::from(wanted)))
}

fn choice(choice: &ChoiceView) -> glass::ChoiceView {
    glass::ChoiceView { label: choice.label.as_str().into(), chosen: choice.chosen }
}

fn row(row: &GuardRow) -> glass::GuardRow {
    glass::GuardRow {
        visit: int(row.visit.0),
        entered: row.entered.as_str().into(),
        name: row.name.as_str().into(),
        companions: row.companions.into(),
        host: row.host.as_str().into(),
        purpose: row.purpose.as_str().into(),
        badge: row.badge.to_string().into(),
        phone: match row.phone {
            PhoneSeen::Running => glass::PhoneSeen::Running,
            PhoneSeen::Probable => glass::PhoneSeen::Probable,
            PhoneSeen::Guided => glass::PhoneSeen::Guided,
            PhoneSeen::NoPhone => glass::PhoneSeen::NoPhone,
            PhoneSeen::NotSeen => glass::PhoneSeen::NotSeen,
            PhoneSeen::RadioUnwell => glass::PhoneSeen::RadioUnwell,
        },
        has_left: row.left.is_some(),
    }
}

fn complain(complaint: Option<Complaint>) -> glass::Complaint {
    match complaint {
        None => glass::Complaint::None,
        Some(Complaint::NameMissing) => glass::Complaint::NameMissing,
        Some(Complaint::PhoneWrong) => glass::Complaint::PhoneWrong,
        Some(Complaint::PhoneUnknown) => glass::Complaint::PhoneUnknown,
        Some(Complaint::NobodyInside) => glass::Complaint::NobodyInside,
        Some(Complaint::HostMissing) => glass::Complaint::HostMissing,
        Some(Complaint::PinWrong) => glass::Complaint::PinWrong,
        Some(Complaint::PinShort) => glass::Complaint::PinShort,
        Some(Complaint::PinsDiffer) => glass::Complaint::PinsDiffer,
        Some(Complaint::PinTaken) => glass::Complaint::PinTaken,
        Some(Complaint::HouseFull) => glass::Complaint::HouseFull,
        Some(Complaint::ReasonMissing) => glass::Complaint::ReasonMissing,
    }
}

pub(super) const fn organ(organ: Organ) -> glass::Organ {
    match organ {
        Organ::Store => glass::Organ::Store,
        Organ::Radio => glass::Organ::Radio,
        Organ::Pins => glass::Organ::Pins,
        Organ::Clock => glass::Organ::Clock,
    }
}

pub(super) const fn trouble(trouble: Trouble) -> glass::Trouble {
    match trouble {
        Trouble::Opening => glass::Trouble::Opening,
        Trouble::Gone => glass::Trouble::Gone,
        Trouble::Full => glass::Trouble::Full,
        Trouble::ReadOnly => glass::Trouble::ReadOnly,
        Trouble::Damaged => glass::Trouble::Damaged,
        Trouble::Newer => glass::Trouble::Newer,
        Trouble::Untrusted => glass::Trouble::Untrusted,
        Trouble::Unplugged => glass::Trouble::Unplugged,
        Trouble::SwitchedOff => glass::Trouble::SwitchedOff,
        Trouble::Deaf => glass::Trouble::Deaf,
        Trouble::DeafBuiltIn => glass::Trouble::DeafBuiltIn,
        Trouble::NoLevels => glass::Trouble::NoLevels,
    }
}

/// The text with a space at its end made wide: a plain one there takes no room when it is drawn,
/// and the cursor would not move.
fn with_last_space(text: &str) -> SharedString {
    text.strip_suffix(' ').map_or_else(|| text.into(), |text| slint::format!("{text}\u{a0}"))
}

/// Digits as they are read out: four, then threes. A badge number stays as it is.
fn grouped(digits: &str) -> SharedString {
    let mut groups = String::with_capacity(digits.len() + 4);
    for (place, digit) in digits.chars().enumerate() {
        if place >= 4 && (place - 4).is_multiple_of(3) {
            groups.push(' ');
        }
        groups.push(digit);
    }
    groups.into()
}

/// A count for the screen, which has no larger numbers.
pub(super) fn int(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn digits_are_grouped_as_they_are_read_out() {
        assert_eq!(grouped("028"), "028");
        assert_eq!(grouped("0905123456"), "0905 123 456");
        assert_eq!(grouped("09051"), "0905 1");
    }
}
