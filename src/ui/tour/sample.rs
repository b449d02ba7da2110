//! The invented place and people of the tour.

use jiff::civil::date;

use crate::domain::badge::Badge;
use crate::domain::language::Language;
use crate::domain::moment::Zone;
use crate::domain::site::SiteKind;
use crate::domain::venue::code::{CoronaWarn, PlaceKind};
use crate::domain::venue::crowd_notifier::{PUBLIC_KEY_BYTES, PublicKey};
use crate::domain::venue::door::{Place, Venue, VenueSecret};
use crate::domain::visit::VisitId;
use crate::view::{
    ChoiceView, Complaint, DoneView, GuardRow, GuardView, InstallView, PhoneSeen, PinAsk, PinView,
    Scheme, Screen, TypingView, View, VisitView,
};

/// A choice in the three languages, as a site's configuration would hold it.
type Words = (&'static str, &'static str, &'static str);

const HOSTS: [Words; 5] = [
    ("Bộ phận Một cửa", "One-stop desk", "ຫ້ອງບໍລິການປະຕູດຽວ"),
    ("Phòng Văn hóa – TT", "Culture office", "ຫ້ອງການວັດທະນະທຳ"),
    ("Phòng Giáo dục", "Education office", "ຫ້ອງການສຶກສາ"),
    ("Phòng Tư pháp", "Justice office", "ຫ້ອງການຍຸຕິທຳ"),
    ("Tiếp công dân", "Citizens' reception", "ຮັບພົນລະເມືອງ"),
];

const PURPOSES: [Words; 3] = [
    ("Nộp hồ sơ", "Hand in papers", "ຍື່ນເອກະສານ"),
    ("Họp", "Meeting", "ປະຊຸມ"),
    ("Giao nhận hàng", "Delivery", "ສົ່ງເຄື່ອງ"),
];

fn in_language(words: Words, language: Language) -> String {
    match language {
        Language::Vietnamese => words.0,
        Language::English => words.1,
        Language::Lao => words.2,
    }
    .to_owned()
}

/// A screen at an office's main gate on a quiet morning.
pub(super) fn view(language: Language, screen: Screen) -> View {
    View {
        language,
        large_text: false,
        site_name: "UBND huyện Hướng Hóa".into(),
        door_name: "Cổng chính".into(),
        site_kind: SiteKind::Office,
        clock: "08:42".into(),
        clock_trusted: true,
        people_inside: 27,
        fault: None,
        bar: None,
        other_app: false,
        still_there: false,
        asleep: false,
        card_reader: true,
        screen,
    }
}

/// A line with Telex on.
pub(super) fn typing() -> TypingView {
    TypingView { telex: true, ..TypingView::default() }
}

/// An errand half chosen.
pub(super) fn visit(language: Language) -> VisitView {
    let choices = |all: &[Words]| {
        all.iter()
            .enumerate()
            .map(|(place, words)| ChoiceView {
                label: in_language(*words, language),
                chosen: place == 0,
            })
            .collect()
    };
    VisitView {
        name: "Hồ Thị Thương".into(),
        can_rename: false,
        hosts: choices(&HOSTS),
        other_host: String::new(),
        purposes: choices(&PURPOSES),
        other_purpose: String::new(),
        companions: 1,
        plate: "74-H1 123.45".into(),
        ask_plate: true,
        unit: String::new(),
        ask_unit: false,
        phone: String::new(),
        complaint: None,
    }
}

/// The install code of a place without codes for venues, or one of those codes.
pub(super) fn install(shown: Option<Scheme>) -> InstallView {
    let place = Place {
        description: "UBND huyện Hướng Hóa".into(),
        address: "Cổng chính, 184 Lê Duẩn, Khe Sanh".into(),
    };
    let venue = Venue {
        corona_warn: Some(CoronaWarn { kind: PlaceKind::PublicBuilding, default_minutes: 60 }),
        crowd_notifier: Some(PublicKey([0xA5; PUBLIC_KEY_BYTES])),
        rotates_daily: true,
        secret: Some(VenueSecret([0x28; 32])),
        place,
    };
    let today = date(2021, 6, 2);
    let link = shown.and_then(|scheme| venue.link(scheme, today, Zone::VIET_NAM));
    InstallView {
        link: link.unwrap_or_else(|| "https://www.bluezone.gov.vn".into()),
        make: None,
        by_make: false,
        venues: if shown.is_some() { venue.schemes().collect() } else { Vec::new() },
        shown,
        place: venue.place.description,
        daily: venue.rotates_daily,
    }
}

/// A visit that has been written down.
pub(super) fn done(language: Language) -> DoneView {
    let [host, ..] = HOSTS;
    DoneView {
        name: "Hồ Thị Thương".into(),
        host: in_language(host, language),
        time: "08:42".into(),
        badge: Badge { door: 'A', number: 28 },
        updated: false,
    }
}

/// The PIN pad.
pub(super) fn pin(
    ask: PinAsk,
    digits: u8,
    wait_seconds: u32,
    complaint: Option<Complaint>,
) -> PinView {
    PinView { ask, digits, wait_seconds, complaint }
}

/// A line of the guard's list. The number of the badge stands for the visit.
pub(super) fn guard_row(number: u16, name: &str, words: Option<(Words, Words)>) -> GuardRow {
    let said = |words: Option<Words>| words.map_or_else(String::new, |words| words.0.to_owned());
    GuardRow {
        visit: VisitId(number.into()),
        entered: "07:45".into(),
        name: name.into(),
        companions: 0,
        host: said(words.map(|words| words.0)),
        purpose: said(words.map(|words| words.1)),
        badge: Badge { door: 'A', number },
        phone: PhoneSeen::Running,
        left: None,
    }
}

/// The guard's desk with five people on its first page.
pub(super) fn guard(_language: Language) -> GuardView {
    let [one_stop, _, education, justice, citizens] = HOSTS;
    let [papers, meeting, delivery] = PURPOSES;
    let row = |number, entered: &str, name, host, purpose, phone| GuardRow {
        entered: entered.into(),
        phone,
        ..guard_row(number, name, Some((host, purpose)))
    };
    let mut rows = vec![
        row(28, "08:42", "Hồ Thị Thương", one_stop, papers, PhoneSeen::Running),
        row(27, "08:37", "Nguyễn Văn An", justice, meeting, PhoneSeen::Probable),
        row(26, "08:31", "Bounmy Sisouk", citizens, papers, PhoneSeen::Guided),
        row(25, "08:20", "Trần Quốc Bảo", education, delivery, PhoneSeen::NoPhone),
        row(24, "08:05", "Lê Thị Hoa", one_stop, papers, PhoneSeen::NotSeen),
    ];
    for row in rows.iter_mut().filter(|row| row.badge.number == 27) {
        row.companions = 2;
    }
    GuardView {
        administrator: true,
        people_inside: 27,
        came_today: 61,
        left_today: 34,
        running_percent: Some(64),
        likely_percent: Some(8),
        query: String::new(),
        rows,
        page: 0,
        pages: 1,
        question: None,
        health: None,
        health_waiting: 0,
    }
}
