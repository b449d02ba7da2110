//! A walk through every screen with invented people: what `kiosk tour`, the picture tests and
//! the redraw benchmark show. Nothing here is drawn.

mod exposures;
mod radio;
mod sample;

use sample::{done, guard, guard_row, install, pin, typing, view, visit};

use crate::domain::fault::{Fault, Organ, Trouble};
use crate::domain::language::Language;
use crate::domain::presence::{Face, Sureness};
use crate::domain::site::SiteKind;
use crate::domain::visit::{Leaving, VisitId};
use crate::view::{
    Complaint, GuardQuestion, KeepDays, Layout, PinAsk, Scheme, Screen, TypedField, TypingView,
    View, VisitView,
};

/// One stop of the tour.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stop {
    /// A name for the picture, in letters and hyphens.
    pub name: &'static str,
    /// What stands on the screen.
    pub view: View,
}

/// Every screen and every face of the bar, in the order a visitor meets them.
#[must_use]
pub fn stops(language: Language) -> Vec<Stop> {
    let mut stops = Vec::new();
    for (name, view) in [
        entrance(language),
        typed(language),
        errand(language),
        ends(language),
        desk(language),
        radio::stops(language),
        exposures::stops(language),
    ]
    .into_iter()
    .flatten()
    {
        stops.push(Stop { name, view });
    }
    stops
}

type Named = Vec<(&'static str, View)>;

const KEEP: KeepDays = KeepDays { personal: 30, heard_ids: 21 };

fn with_bar(face: Face, view: View) -> View {
    View { bar: Some(face), ..view }
}

fn entrance(language: Language) -> Named {
    let welcome = view(language, Screen::Welcome { keep: KEEP });
    let notice = Screen::Notice { keep: KEEP, version: 2 };
    let identify = view(language, Screen::Identify);
    let unwell =
        |trouble| View { fault: Some(Fault { organ: Organ::Radio, trouble }), ..welcome.clone() };
    vec![
        ("welcome", welcome.clone()),
        ("welcome-hotel", View { site_kind: SiteKind::Hotel, ..welcome.clone() }),
        ("welcome-market", View { site_kind: SiteKind::Market, ..welcome.clone() }),
        ("welcome-radio-unwell", unwell(Trouble::Gone)),
        ("welcome-radio-unplugged", unwell(Trouble::Unplugged)),
        ("welcome-radio-switched-off", unwell(Trouble::SwitchedOff)),
        ("welcome-radio-deaf", unwell(Trouble::Deaf)),
        ("welcome-radio-deaf-built-in", unwell(Trouble::DeafBuiltIn)),
        ("welcome-radio-no-levels", unwell(Trouble::NoLevels)),
        ("welcome-large", View { large_text: true, ..welcome.clone() }),
        ("notice", view(language, notice)),
        ("identify", with_bar(Face::Looking, identify.clone())),
        ("identify-large", with_bar(Face::Looking, View { large_text: true, ..identify.clone() })),
        ("still-there", with_bar(Face::Looking, View { still_there: true, ..identify })),
    ]
}

fn typed(language: Language) -> Named {
    let running = Face::Running(Sureness::Confirmed);
    let home = match language {
        Language::Vietnamese => Layout::Vietnamese,
        Language::English => Layout::Latin,
        Language::Lao => Layout::Lao,
    };
    let name = TypingView { text: "Hồ Thị Thươ".into(), layout: home, ..typing() };
    let missing = TypingView {
        text: String::new(),
        shift: true,
        layout: home,
        complaint: Some(Complaint::NameMissing),
        ..typing()
    };
    let mut named = vec![
        ("name", with_bar(running, view(language, Screen::Typing(name.clone())))),
        ("name-missing", with_bar(Face::Looking, view(language, Screen::Typing(missing)))),
    ];
    let layouts = [
        ("keys-vietnamese", Layout::Vietnamese),
        ("keys-latin", Layout::Latin),
        ("keys-lao", Layout::Lao),
        ("keys-lao-more", Layout::LaoMore),
        ("keys-digits", Layout::Digits),
    ];
    for (title, layout) in layouts {
        let line = TypingView { layout, shift: true, ..name.clone() };
        named.push((title, with_bar(running, view(language, Screen::Typing(line)))));
    }
    let plate = TypingView {
        field: TypedField::Plate,
        text: String::new(),
        layout: Layout::Latin,
        optional: true,
        ..typing()
    };
    named.push(("plate", with_bar(Face::NotSeenYet, view(language, Screen::Typing(plate)))));
    named.extend(phone(language));
    named
}

fn phone(language: Language) -> Named {
    let phone = |digits: &str, recalled: Option<&str>, complaint| {
        let screen =
            Screen::Phone { digits: digits.into(), recalled: recalled.map(Into::into), complaint };
        with_bar(Face::Looking, view(language, screen))
    };
    vec![
        ("phone", phone("0905123", None, None)),
        ("phone-recalled", phone("0905123456", Some("H•• T•• Thương"), None)),
        ("phone-unknown", phone("0905123457", None, Some(Complaint::PhoneUnknown))),
        ("phone-wrong", phone("19051", None, Some(Complaint::PhoneWrong))),
    ]
}

fn errand(language: Language) -> Named {
    let correction = VisitView { can_rename: true, ..visit(language) };
    let errand = view(language, Screen::Visit(visit(language)));
    let mut hotel = visit(language);
    hotel.ask_unit = true;
    hotel.unit = "12 Lê Duẩn, Đông Hà".into();
    hotel.phone = "0905123456".into();
    let mut missing = visit(language);
    missing.complaint = Some(Complaint::HostMissing);
    for host in &mut missing.hosts {
        host.chosen = false;
    }
    let venue = |scheme| view(language, Screen::Install(install(Some(scheme))));
    let install = view(language, Screen::Install(install(None)));
    vec![
        ("visit", with_bar(Face::Running(Sureness::Confirmed), errand.clone())),
        ("visit-probable", with_bar(Face::Running(Sureness::Probable), errand.clone())),
        ("visit-tap", with_bar(Face::TapHere, errand.clone())),
        ("visit-not-seen", with_bar(Face::NotSeenYet, errand.clone())),
        ("visit-radio-unwell", with_bar(Face::RadioUnwell, errand.clone())),
        ("visit-large", with_bar(Face::Looking, View { large_text: true, ..errand })),
        ("visit-all-asked", with_bar(Face::Looking, view(language, Screen::Visit(hotel)))),
        ("visit-correction", view(language, Screen::Visit(correction))),
        ("visit-host-missing", with_bar(Face::Looking, view(language, Screen::Visit(missing)))),
        ("install", with_bar(Face::NotSeenYet, install.clone())),
        ("venue", with_bar(Face::NotSeenYet, venue(Scheme::CoronaWarnApp))),
        ("venue-crowd-notifier", with_bar(Face::Looking, venue(Scheme::CrowdNotifier))),
        ("install-running", with_bar(Face::Running(Sureness::Confirmed), install)),
    ]
}

fn ends(language: Language) -> Named {
    let done_view = view(language, Screen::Done(done(language)));
    let mut updated = done(language);
    updated.updated = true;
    let leave = |digits: &str, complaint| {
        view(language, Screen::Leave { digits: digits.into(), complaint })
    };
    let mut named = vec![
        ("writing", with_bar(Face::Looking, view(language, Screen::Writing))),
        ("done", with_bar(Face::Running(Sureness::Confirmed), done_view.clone())),
        ("done-not-seen", with_bar(Face::NotSeenYet, done_view)),
        ("done-updated", with_bar(Face::Looking, view(language, Screen::Done(updated)))),
        ("leave", leave("02", None)),
        ("leave-nobody", leave("912", Some(Complaint::NobodyInside))),
        ("left", view(language, Screen::Left)),
    ];
    for (name, trouble) in [
        ("fault", Trouble::Full),
        ("fault-read-only", Trouble::ReadOnly),
        ("fault-damaged", Trouble::Damaged),
        ("fault-newer", Trouble::Newer),
        ("fault-gone", Trouble::Gone),
        ("fault-opening", Trouble::Opening),
    ] {
        let fault = Fault { organ: Organ::Store, trouble };
        named.push((name, View { fault: Some(fault), ..view(language, Screen::Fault(fault)) }));
    }
    named
}

fn desk(language: Language) -> Named {
    let desk = |change: fn(&mut crate::view::GuardView)| {
        let mut desk = guard(language);
        change(&mut desk);
        view(language, Screen::Guard(desk))
    };
    let pins = |ask, digits, wait_seconds, complaint| {
        view(language, Screen::Pin(pin(ask, digits, wait_seconds, complaint)))
    };
    let radio_gone = Fault { organ: Organ::Radio, trouble: Trouble::Gone };
    vec![
        ("pin", pins(PinAsk::Unlock, 3, 0, None)),
        ("pin-wrong", pins(PinAsk::Unlock, 0, 0, Some(Complaint::PinWrong))),
        ("pin-wait", pins(PinAsk::Unlock, 0, 30, Some(Complaint::PinWrong))),
        ("pin-first-start", pins(PinAsk::ChooseAdministrator, 6, 0, None)),
        ("pin-guards", pins(PinAsk::RepeatGuard, 2, 0, None)),
        ("pin-lost", pins(PinAsk::Lost, 0, 0, None)),
        ("guard", desk(|_| {})),
        ("guard-radio-unwell", View { fault: Some(radio_gone), ..desk(|_| {}) }),
        (
            "guard-found",
            desk(|desk| {
                desk.query = "thuong".into();
                desk.pages = 3;
                desk.page = 1;
                desk.rows.pop();
                desk.rows.push(guard_row(19, "", None));
                for row in &mut desk.rows {
                    row.left = (row.visit.0 < 25).then_some(Leaving::Visitor);
                }
            }),
        ),
        ("guard-empty", desk(|desk| desk.rows.clear())),
        ("guard-erase", desk(|desk| desk.question = Some(GuardQuestion::Erase(VisitId(28))))),
        ("guard-sweep", desk(|desk| desk.question = Some(GuardQuestion::Sweep))),
    ]
}
