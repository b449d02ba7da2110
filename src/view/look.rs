//! Looks at the reception and writes down what is to be seen.

use super::{
    ChoiceView, DoneView, GuardRow, GuardView, InstallView, KeepDays, PinView, Screen, TypingView,
    View, VisitView, exposures, radio,
};
use crate::domain::desk::Errand;
use crate::domain::desk::form::{Form, Pick, TypedField};
use crate::domain::desk::step::{Recall, Step};
use crate::domain::fault::{Fault, Organ};
use crate::domain::guard::{GuardScreen, Pad};
use crate::domain::language::Language;
use crate::domain::moment::{Now, Wall};
use crate::domain::name;
use crate::domain::network::Network;
use crate::domain::policy;
use crate::domain::reception::Reception;
use crate::domain::request::Role;
use crate::domain::site::{Choice, Site};
use crate::domain::typing::Line;
use crate::domain::visit::{Leaving, Personal, VisitFacts};

impl View {
    /// What is to be seen at this moment.
    #[must_use]
    pub fn of(reception: &Reception, now: Now) -> Self {
        let site = reception.site();
        let desk = reception.desk();
        let screen = screen(reception, now);
        let bar = has_bar(&screen).then(|| reception.face(now));
        Self {
            language: desk.language(),
            large_text: desk.large_text(),
            site_name: site.name.clone(),
            door_name: site.door.clone(),
            site_kind: site.kind,
            clock: time_of_day(now.wall, site),
            clock_trusted: now.wall_trusted,
            people_inside: reception.roster().people_inside(),
            fault: reception.fault(),
            bar,
            other_app: reception.network_running(now).is_some_and(|app| app != Network::Bluezone),
            still_there: desk.still_there() && !reception.guard_in_front(),
            asleep: reception.is_asleep(now),
            card_reader: site.card_reader,
            screen,
        }
    }
}

fn screen(reception: &Reception, now: Now) -> Screen {
    if reception.guard_in_front() {
        return match reception.guard().screen() {
            GuardScreen::Pin(pad) => Screen::Pin(pin(reception, pad, now)),
            GuardScreen::Search(line) => {
                Screen::Typing(TypingView { optional: true, ..typing(line) })
            }
            GuardScreen::List => Screen::Guard(guard(reception, now)),
            GuardScreen::Radio => Screen::Radio(radio::radio(reception, now)),
            GuardScreen::Calibrating(calibrating) => {
                Screen::Held(radio::calibrating(reception, calibrating, now))
            }
            GuardScreen::Ignoring(ignoring) => {
                Screen::Held(radio::ignoring(reception, *ignoring, now))
            }
            GuardScreen::Checks => Screen::Checks(radio::checks(reception, now)),
            GuardScreen::Exposures(shown) => exposures::screen(reception, shown, now),
        };
    }
    if let Some(trouble) = reception.trouble(Organ::Store) {
        return Screen::Fault(Fault { organ: Organ::Store, trouble });
    }
    step(reception, reception.desk().step(), now)
}

fn step(reception: &Reception, step: &Step, now: Now) -> Screen {
    let (site, desk) = (reception.site(), reception.desk());
    match step {
        Step::Welcome => Screen::Welcome { keep: keep_days(site) },
        Step::Notice(_) => Screen::Notice { keep: keep_days(site), version: site.notice_version },
        Step::Identify => Screen::Identify,
        Step::Typing(line) => Screen::Typing(TypingView {
            optional: line.field() != TypedField::Name,
            complaint: desk.complaint(),
            ..typing(line)
        }),
        Step::Phone(phone) => Screen::Phone {
            digits: phone.digits.clone(),
            recalled: match &phone.recall {
                Recall::Known(personal) => Some(name::mask(&personal.name)),
                Recall::NotAsked | Recall::Asked | Recall::Unknown => None,
            },
            complaint: desk.complaint(),
        },
        Step::Visit => Screen::Visit(visit(reception)),
        Step::Install(_) => Screen::Install(install(reception, now)),
        Step::Writing | Step::WritingLeave => Screen::Writing,
        Step::Done { badge, entered, updated, .. } => {
            let form = desk.form();
            Screen::Done(DoneView {
                name: form.shown(TypedField::Name),
                host: form.host.on_screen(&site.hosts, desk.language()).to_owned(),
                time: time_of_day(*entered, site),
                badge: *badge,
                updated: *updated,
            })
        }
        Step::Leave { digits } => {
            Screen::Leave { digits: digits.0.clone(), complaint: desk.complaint() }
        }
        Step::Left { .. } => Screen::Left,
    }
}

/// The screens between the first touch and the last on which the bar follows the visitor.
const fn has_bar(screen: &Screen) -> bool {
    matches!(
        screen,
        Screen::Identify
            | Screen::Typing(TypingView {
                field: TypedField::Name
                    | TypedField::Unit
                    | TypedField::Host
                    | TypedField::Purpose
                    | TypedField::Plate,
                ..
            })
            | Screen::Phone { .. }
            | Screen::Visit(_)
            | Screen::Install(_)
            | Screen::Writing
            | Screen::Done(_)
    )
}

fn install(reception: &Reception, now: Now) -> InstallView {
    let (site, desk) = (reception.site(), reception.desk());
    let today = now.wall.civil(site.zone).date();
    let venue = desk.venue_code().and_then(|scheme| {
        let link = site.venue.link(scheme, today, site.zone)?;
        Some((scheme, link))
    });
    InstallView {
        shown: venue.as_ref().map(|(scheme, _)| *scheme),
        link: match venue {
            Some((_, link)) => link,
            None => site.install.link(desk.install_for()).to_owned(),
        },
        make: desk.install_for(),
        by_make: site.install.differ(),
        venues: site.venue.schemes().collect(),
        place: site.venue.place.description.clone(),
        daily: site.venue.rotates_daily,
    }
}

pub(super) fn typing(line: &Line) -> TypingView {
    TypingView {
        field: line.field(),
        text: line.text().to_owned(),
        shift: line.shift(),
        layout: line.layout(),
        telex: line.telex(),
        optional: false,
        complaint: None,
    }
}

const fn keep_days(site: &Site) -> KeepDays {
    KeepDays { personal: site.keep_personal_days, heard_ids: site.keep_encounters_days }
}

fn visit(reception: &Reception) -> VisitView {
    let (site, desk) = (reception.site(), reception.desk());
    let form: &Form = desk.form();
    VisitView {
        name: form.shown(TypedField::Name),
        can_rename: matches!(desk.errand(), Errand::Correction { .. }),
        hosts: choices(&site.hosts, &form.host, desk.language()),
        other_host: form.text(TypedField::Host).to_owned(),
        purposes: choices(&site.purposes, &form.purpose, desk.language()),
        other_purpose: form.text(TypedField::Purpose).to_owned(),
        companions: form.companions,
        plate: form.shown(TypedField::Plate),
        ask_plate: site.ask_plate,
        unit: form.shown(TypedField::Unit),
        ask_unit: site.ask_unit,
        phone: form.phone.clone(),
        complaint: desk.complaint(),
    }
}

fn choices(list: &[Choice], pick: &Pick, language: Language) -> Vec<ChoiceView> {
    list.iter()
        .enumerate()
        .map(|(place, choice)| ChoiceView {
            label: choice.in_language(language).to_owned(),
            chosen: *pick == Pick::Listed(place),
        })
        .collect()
}

fn pin(reception: &Reception, pad: &Pad, now: Now) -> PinView {
    let guard = reception.guard();
    let wait = guard.wait(now.mono);
    PinView {
        ask: pad.ask,
        digits: pad.digits_typed(),
        wait_seconds: u32::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX),
        complaint: guard.complaint(),
    }
}

fn guard(reception: &Reception, now: Now) -> GuardView {
    let (guard, roster) = (reception.guard(), reception.roster());
    let day = roster.day();
    let pages = reception.guard_pages();
    let page = guard.page().min(pages.saturating_sub(1));
    let first = page * policy::GUARD_ROWS_PER_PAGE;
    let row = |facts: &VisitFacts, personal: Option<&Personal>, entered, left| {
        row(reception.site(), now, facts, personal, entered, left)
    };
    let rows = match guard.found() {
        Some((_, found)) => found
            .iter()
            .skip(first)
            .take(policy::GUARD_ROWS_PER_PAGE)
            .map(|visit| {
                let left = visit.left.map(|(_, how)| how);
                row(&visit.facts, visit.personal.as_ref(), visit.entered, left)
            })
            .collect(),
        None => roster
            .latest_first()
            .skip(first)
            .take(policy::GUARD_ROWS_PER_PAGE)
            .map(|visit| row(&visit.facts, visit.personal.as_ref(), visit.entered, None))
            .collect(),
    };
    let short = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
    GuardView {
        administrator: guard.role() == Some(Role::Administrator),
        people_inside: roster.people_inside(),
        came_today: day.came,
        left_today: day.left,
        running_percent: (day.running * 100)
            .checked_div(day.came)
            .map(|percent| u8::try_from(percent).unwrap_or(100)),
        query: guard.found().map(|(query, _)| query.0.clone()).unwrap_or_default(),
        rows,
        page: short(page),
        pages: short(pages),
        question: guard.question(),
        health: exposures::health_notice(reception, now),
        health_waiting: u32::try_from(reception.open_exposures().count()).unwrap_or(u32::MAX),
    }
}

fn row(
    site: &Site,
    now: Now,
    facts: &VisitFacts,
    personal: Option<&Personal>,
    entered: Wall,
    left: Option<Leaving>,
) -> GuardRow {
    let day = entered.civil(site.zone).date();
    let today = now.wall.civil(site.zone).date();
    let time = time_of_day(entered, site);
    let text = |part: fn(&Personal) -> &String| personal.map(part).cloned().unwrap_or_default();
    GuardRow {
        visit: facts.visit,
        entered: if day == today { time } else { format!("{}/{} {time}", day.day(), day.month()) },
        name: text(|personal| &personal.name),
        companions: facts.companions,
        host: text(|personal| &personal.host),
        purpose: text(|personal| &personal.purpose),
        badge: facts.badge,
        phone: facts.phone_seen(),
        left,
    }
}

/// Such as 24/11; with the year where it is not the one on the wall.
pub(super) fn day_of(wall: Wall, now: Now, site: &Site) -> String {
    let (day, today) = (wall.civil(site.zone).date(), now.wall.civil(site.zone).date());
    let year = if day.year() == today.year() { String::new() } else { format!("/{}", day.year()) };
    format!("{}/{}{year}", day.day(), day.month())
}

/// Such as 08:42.
pub(super) fn time_of_day(wall: Wall, site: &Site) -> String {
    let time = wall.civil(site.zone).time();
    format!("{:02}:{:02}", time.hour(), time.minute())
}
