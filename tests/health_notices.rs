//! Stories of the health notices: what a guard reads, what an administrator opens with a reason,
//! and what is forgotten again.

#![expect(clippy::panic, reason = "a test that finds another screen should fail")]

mod support;

use kiosk::domain::exposure::matched::{Matching, Progress};
use kiosk::domain::exposure::published::ReportKind;
use kiosk::domain::exposure::windows::{Exposure, ExposureId, ExposureNotice, Window};
use kiosk::domain::fault::Trouble;
use kiosk::domain::guard::PinState;
use kiosk::domain::language::Language;
use kiosk::domain::logbook::Event;
use kiosk::domain::moment::{Wall, Zone};
use kiosk::domain::network::Network;
use kiosk::domain::reception::Effect;
use kiosk::domain::touch::Touch;
use kiosk::view::{
    Asked, Closeness, Complaint, ExposuresView, GuardView, MatchingView, OverlapView, Screen,
    TypedField,
};
use support::{House, MORNING, seconds};

const GUARD: &str = "135790";
const ADMINISTRATOR: &str = "246801";

/// A day so many days before this one, on which a phone was near from half past seven to half
/// past eight.
fn notice(days_ago: i64) -> ExposureNotice {
    let day = Wall(MORNING.day_start(Zone::VIET_NAM).0 - days_ago * 86_400);
    let window = |half_hours: i64, near_seconds, attenuation_db| Window {
        begin: Wall(day.0 + half_hours * 1_800),
        near_seconds,
        attenuation_db,
    };
    let id = ExposureId { trace: Network::Gaen.into(), day, report: ReportKind::ConfirmedTest };
    let windows = vec![window(15, 90, None), window(16, 331, Some(58))];
    ExposureNotice { exposure: Exposure { id, windows }, learned: MORNING }
}

/// A house in which the matching of last night has brought these notices.
fn house(notices: &[ExposureNotice]) -> House {
    let mut house = House::new();
    house.exposures = notices.to_vec();
    house.reception.set_exposures(notices.to_vec());
    house
}

fn desk(house: &House) -> GuardView {
    let Screen::Guard(view) = house.view().screen else { panic!("{:?}", house.view()) };
    view
}

fn days(house: &House) -> ExposuresView {
    let Screen::Exposures(view) = house.view().screen else { panic!("{:?}", house.view()) };
    view
}

fn overlap(house: &House) -> OverlapView {
    let Screen::Overlap(view) = house.view().screen else { panic!("{:?}", house.view()) };
    view
}

/// An administrator has typed a reason to see who was inside around `notice`.
fn opened(house: &mut House, notice: &ExposureNotice) {
    house.unlock(ADMINISTRATOR);
    house.touches(&[Touch::GuardExposures, Touch::GuardOverlap(notice.exposure.id)]);
    house.type_text("Cong van 12");
    house.touch(Touch::Next);
}

#[test]
fn a_guard_reads_a_notice_and_it_stays_listed() {
    let mut house = house(&[notice(1), notice(5)]);
    house.unlock(GUARD);
    let shown = desk(&house).health.unwrap();
    assert_eq!((&*shown.about.day, &*shown.about.times), ("1/3", "07:30–08:30"));
    assert_eq!((shown.about.minutes_near, shown.about.closeness), (8, Closeness::Near));
    assert_eq!((shown.more, desk(&house).health_waiting), (1, 2));
    house.touch(Touch::GuardNoticeRead);
    assert_eq!((desk(&house).health, desk(&house).health_waiting), (None, 2));
    house.touch(Touch::GuardExposures);
    assert_eq!(days(&house).rows.len(), 2);
    house.touches(&[Touch::Back, Touch::GuardLock]);
    house.unlock(GUARD);
    assert!(desk(&house).health.is_some(), "the next session reads it again");
}

#[test]
fn a_guard_may_read_and_nothing_else() {
    let about = notice(1);
    let mut house = house(std::slice::from_ref(&about));
    house.unlock(GUARD);
    house.touch(Touch::GuardExposures);
    let before = house.entries.len();
    for touch in [
        Touch::GuardOverlap(about.exposure.id),
        Touch::GuardPassOn(about.exposure.id),
        Touch::GuardExport,
        Touch::GuardMatch,
    ] {
        house.touch(touch);
        assert!(!days(&house).administrator);
    }
    assert_eq!(house.entries.len(), before);
    assert!(!house.effects.iter().any(|effect| matches!(effect, Effect::Match { .. })));
}

#[test]
fn nobody_is_named_before_a_reason_is_in_the_book() {
    let about = notice(0);
    let mut house = house(std::slice::from_ref(&about));
    house.check_in("Hồ Thị Bưởi");
    house.touch(Touch::Next);
    house.unlock(ADMINISTRATOR);
    house.touches(&[Touch::GuardExposures, Touch::GuardOverlap(about.exposure.id)]);
    let typing = |house: &House| {
        let Screen::Typing(view) = house.view().screen else { panic!("{:?}", house.view()) };
        (view.field, view.complaint)
    };
    assert_eq!(typing(&house), (TypedField::Reason, None));
    house.type_text("  ");
    house.touches(&[Touch::Language(Language::English), Touch::Next]);
    assert_eq!(typing(&house), (TypedField::Reason, Some(Complaint::ReasonMissing)));
    assert!(!house.events().iter().any(|event| matches!(event, Event::OverlapOpened { .. })));

    house.book_is_slow = true;
    house.type_text("Letter 12 of the health centre");
    house.touch(Touch::Next);
    assert_eq!((overlap(&house).asked, overlap(&house).rows.len()), (Asked::Awaited, 0));
    house.catch_up();
    let shown = overlap(&house);
    assert_eq!((shown.asked, &*shown.about), (Asked::Answered, "2/3, 07:30–08:30"));
    assert_eq!((shown.rows.len(), &*shown.rows[0].name), (1, "Hồ Thị Bưởi"));
    assert!(matches!(house.events().last(), Some(Event::OverlapOpened { visits: 1, .. })));

    house.touch(Touch::Back);
    assert_eq!(days(&house).rows.len(), 1);
    assert!(house.reception.guard().overlap().is_none(), "they are forgotten");
}

#[test]
fn a_lock_forgets_who_was_shown() {
    let about = notice(0);
    let mut house = house(std::slice::from_ref(&about));
    house.check_in("Hồ Thị Bưởi");
    house.touch(Touch::Next);
    opened(&mut house, &about);
    assert_eq!(overlap(&house).rows.len(), 1);
    house.wait(seconds(61));
    assert!(matches!(house.view().screen, Screen::Welcome { .. }));
    assert!(house.reception.guard().overlap().is_none());
}

#[test]
fn an_answer_that_comes_too_late_shows_nobody() {
    for leave in [Touch::Back, Touch::GuardLock] {
        let about = notice(0);
        let mut house = house(std::slice::from_ref(&about));
        house.check_in("Hồ Thị Bưởi");
        house.touch(Touch::Next);
        house.unlock(ADMINISTRATOR);
        house.touches(&[Touch::GuardExposures, Touch::GuardOverlap(about.exposure.id)]);
        house.type_text("12");
        house.book_is_slow = true;
        house.touches(&[Touch::Next, leave]);
        house.catch_up();
        assert!(house.reception.guard().overlap().is_none());
        assert!(!matches!(house.view().screen, Screen::Overlap(_)));
        let asked = house.events().iter().any(|e| matches!(e, Event::OverlapOpened { .. }));
        assert!(asked, "that somebody asked stands in the book");
    }
}

#[test]
fn what_the_book_refuses_is_said() {
    let about = notice(0);
    let mut house = house(std::slice::from_ref(&about));
    house.unlock(ADMINISTRATOR);
    house.touches(&[Touch::GuardExposures, Touch::GuardOverlap(about.exposure.id)]);
    house.type_text("12");
    house.book_fault = Some(Trouble::Full);
    house.touch(Touch::Next);
    assert_eq!(overlap(&house).asked, Asked::Failed);
}

#[test]
fn whoever_is_erased_is_no_longer_shown() {
    let about = notice(0);
    let mut house = house(std::slice::from_ref(&about));
    house.check_in("Hồ Thị Bưởi");
    house.touch(Touch::Next);
    opened(&mut house, &about);
    house.reception.handle_book_opened(house.reception.roster().clone(), PinState::Set, house.now);
    assert!(house.reception.guard().overlap().is_none());
    assert!(matches!(house.view().screen, Screen::Exposures(_)));
}

#[test]
fn a_notice_that_was_passed_on_is_shown_no_more_until_there_is_news() {
    let (mut about, older) = (notice(1), notice(5));
    let mut house = house(&[about.clone(), older.clone()]);
    house.unlock(ADMINISTRATOR);
    house.touches(&[Touch::GuardExposures, Touch::GuardPassOn(about.exposure.id)]);
    let passed_on = |house: &House| -> Vec<bool> {
        days(house).rows.iter().map(|row| row.passed_on.is_some()).collect()
    };
    assert_eq!(passed_on(&house), [true, false]);
    let again = |house: &mut House| {
        house.touch(Touch::GuardLock);
        house.unlock(GUARD);
    };
    again(&mut house);
    let shown = desk(&house).health.unwrap();
    assert_eq!((shown.about.id, shown.more), (older.exposure.id, 0));
    // A later file tells of more of that day.
    house.now = house.now.after(seconds(3_600));
    about.learned = Wall(house.now.wall.0 + 1);
    house.reception.set_exposures(vec![about.clone(), older]);
    again(&mut house);
    assert_eq!(desk(&house).health.unwrap().about.id, about.exposure.id);
}

#[test]
fn the_comparison_says_how_far_it_is() {
    let mut house = house(&[]);
    house.unlock(ADMINISTRATOR);
    house.touch(Touch::GuardExposures);
    assert_eq!(days(&house).matching, MatchingView::Never);
    house.touch(Touch::GuardMatch);
    assert_eq!(house.effects.last(), Some(&Effect::Match { gently: true }));
    assert_eq!(days(&house).matching, MatchingView::UnderWay(None));
    let progress = Progress { files_done: 2, files: Some(5), keys_done: 9_000 };
    house.reception.handle_matching(Matching::Progress(progress), house.now);
    assert_eq!(days(&house).matching, MatchingView::UnderWay(Some(40)));
    let ended = Matching::Ended { progress, refused: vec!["a.zip: wrongly signed".to_owned()] };
    house.reception.handle_matching(ended, house.now);
    let why = "a.zip: wrongly signed".to_owned();
    let done = MatchingView::Done { at: "2/3 08:00".to_owned(), refused: 1, why };
    assert_eq!(days(&house).matching, done);
}

#[test]
fn nothing_is_compared_by_a_clock_that_nobody_vouches_for() {
    let mut house = house(&[]);
    house.unlock(ADMINISTRATOR);
    house.touch(Touch::GuardExposures);
    house.now.wall_trusted = false;
    house.touch(Touch::GuardMatch);
    assert!(!house.effects.iter().any(|effect| matches!(effect, Effect::Match { .. })));
    let MatchingView::Done { refused: 1, why, .. } = days(&house).matching else {
        panic!("{:?}", days(&house).matching)
    };
    assert!(why.starts_with("nobody vouches for the clock: "), "{why}");
    house.now.wall_trusted = true;
    house.touch(Touch::GuardMatch);
    assert_eq!(house.effects.last(), Some(&Effect::Match { gently: true }));
}

#[test]
fn many_days_have_pages() {
    let notices: Vec<_> = (1..=7).map(notice).collect();
    let mut house = house(&notices);
    house.unlock(GUARD);
    house.touch(Touch::GuardExposures);
    assert_eq!((days(&house).rows.len(), days(&house).pages), (3, 3));
    for _ in 0..5 {
        house.touch(Touch::GuardNextPage);
    }
    assert_eq!((days(&house).rows.len(), days(&house).page), (1, 2));
    house.touch(Touch::GuardPreviousPage);
    assert_eq!(days(&house).page, 1);
    house.touch(Touch::Back);
    assert_eq!(desk(&house).page, 0);
}

#[test]
fn a_visitor_sees_nothing_of_it() {
    let mut house = house(&[notice(0)]);
    for touch in [Touch::GuardExposures, Touch::GuardOverlap(notice(0).exposure.id)] {
        for step in [Touch::Enter, Touch::ByName] {
            house.touches(&[step, touch]);
            assert!(!matches!(
                house.view().screen,
                Screen::Exposures(_) | Screen::Overlap(_) | Screen::Guard(_)
            ));
        }
        house.touches(&[Touch::Back, Touch::Back]);
    }
}
