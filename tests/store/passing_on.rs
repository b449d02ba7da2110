//! What an administrator has passed on, and what the codes of the door are made of: both stay when
//! the kiosk is started again.

use super::*;
use kiosk::domain::exposure::published::ReportKind;
use kiosk::domain::exposure::windows::ExposureId;
use kiosk::domain::network::Network;
use kiosk::domain::request::PassedOn;
use kiosk::store::Reader;

fn passed_on(day: Wall, learned: i64, wall: i64) -> PassedOn {
    let report = ReportKind::SelfReport;
    let exposure = ExposureId { trace: Network::Bluezone.into(), day, report };
    PassedOn { exposure, learned: Wall(learned), wall: Wall(wall) }
}

#[test]
fn what_was_passed_on_is_kept_and_the_last_time_counts() {
    let place = Place::new();
    let mut book = place.book();
    let yesterday = Wall(MIDNIGHT.0 - 86_400);
    let kept = [passed_on(MIDNIGHT, 7, 9), passed_on(yesterday, 5, 6)];
    for passed in [passed_on(MIDNIGHT, 1, 2), kept[0], kept[1]] {
        assert_eq!(book.answer(Request::PassOn(passed)), Reply::PassedOn);
    }
    drop(book);
    let (mut book, mut opened) = place.open();
    opened.passed_on.sort_by_key(|passed| std::cmp::Reverse(passed.wall));
    assert_eq!(opened.passed_on, kept);
    let forget =
        Request::Forget { before: MIDNIGHT, limit: 100, wall: OPTIONS.wall, wall_trusted: true };
    assert!(matches!(book.answer(forget), Reply::Forgot { .. }));
    drop(book);
    assert_eq!(place.open().1.passed_on, [kept[0]], "it goes with its day");
}

#[test]
fn the_secret_of_the_doors_codes_is_drawn_once() {
    let (place, other) = (Place::new(), Place::new());
    let (book, opened) = place.open();
    drop(book);
    assert_eq!(place.open().1.venue_secret, opened.venue_secret);
    assert_ne!(other.open().1.venue_secret, opened.venue_secret);
    let reader = Reader::open(&place.path()).unwrap();
    assert_eq!(reader.venue_secret().unwrap(), Some(opened.venue_secret));
    assert_eq!(format!("{opened:?}").matches("VenueSecret(…)").count(), 1);
}
