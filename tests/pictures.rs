//! What is really drawn, pixel by pixel, by the renderer that draws on the glass.
#![expect(clippy::unwrap_used, reason = "a test that draws nothing should fail")]

use kiosk::domain::language::Language;
use kiosk::ui::snapshot::{Picture, Size, Studio};
use kiosk::ui::tour::stops;
use kiosk::view::{InstallView, Screen, View};

const DESK: Size = Size { width: 1280, height: 800 };

fn stop(name: &str, language: Language) -> View {
    stops(language).into_iter().find(|stop| stop.name == name).unwrap().view
}

/// The errand's screen with a heading that greets `name`.
fn greeting(studio: &Studio, name: &str) -> Picture {
    let mut view = stop("visit", Language::English);
    if let Screen::Visit(visit) = &mut view.screen {
        name.clone_into(&mut visit.name);
    }
    studio.picture(&view, DESK)
}

/// Whether a pixel is darker than half, from 0 at the top left.
fn dark(picture: &Picture, x: usize, y: usize) -> bool {
    let width = usize::try_from(picture.size().width).unwrap();
    let pixel = picture.as_bytes().get(3 * (y * width + x)..).unwrap();
    pixel.iter().take(3).map(|part| u32::from(*part)).sum::<u32>() < 3 * 110
}

/// The rows of the heading of [`greeting`] that hold ink, below the three steps.
fn heading_rows(picture: &Picture) -> Vec<usize> {
    (119..192).filter(|y| (150..700).any(|x| dark(picture, x, *y))).collect()
}

#[test]
fn stacked_capital_marks_are_not_clipped() {
    let studio = Studio::open().unwrap();
    let top = |name: &str| *heading_rows(&greeting(&studio, name)).first().unwrap();
    let (plain, circumflex, stacked) = (top("NGUYEN"), top("NGUYÊN"), top("NGUYỄN THỊ ẨN ỘỖ"));
    // The heading's letters are 42 pixels high: a mark takes at least 4 of them.
    assert!(circumflex + 4 <= plain, "{circumflex} is not above {plain}");
    assert!(stacked + 4 <= circumflex, "the second mark is cut off: {stacked}, {circumflex}");
    let bottom = |name: &str| *heading_rows(&greeting(&studio, name)).last().unwrap();
    assert!(bottom("ỘẠỊ") >= bottom("OAI") + 4, "the dot below is cut off");
}

#[test]
fn lao_is_drawn_and_its_letters_differ() {
    let studio = Studio::open().unwrap();
    let rows = |name: &str| heading_rows(&greeting(&studio, name));
    let one = greeting(&studio, "ກກກ");
    let other = greeting(&studio, "ຂຂຂ");
    assert!(rows("ກກກ").len() > 15, "the Lao letters are blank");
    // A font without Lao draws the same box for each.
    assert!(one.as_bytes() != other.as_bytes());
    // Marks stack: a vowel, and a tone above the vowel.
    let top = |name: &str| *rows(name).first().unwrap();
    assert!(top("ກິ") < top("ກ"));
    assert!(top("ກິ້") < top("ກິ"));
}

#[test]
fn the_install_code_is_read_back_from_the_screen() {
    let studio = Studio::open().unwrap();
    for size in Size::ALL {
        let with_quiet_zone = read_back(&studio, "install", size);
        let shorter = usize::try_from(size.width.min(size.height)).unwrap();
        assert!(100 * with_quiet_zone >= 55 * shorter, "{size:?}: {with_quiet_zone} pixels");
    }
}

#[test]
fn the_codes_of_the_door_are_read_back_from_the_screen() {
    let studio = Studio::open().unwrap();
    for size in Size::ALL {
        for name in ["venue", "venue-crowd-notifier"] {
            let with_quiet_zone = read_back(&studio, name, size);
            let shorter = usize::try_from(size.width.min(size.height)).unwrap();
            assert!(
                100 * with_quiet_zone >= 45 * shorter,
                "{name} {size:?}: {with_quiet_zone} pixels"
            );
        }
    }
}

/// Draws a stop with a code, reads the code back, and looks at its modules, which are to be whole
/// pixels. Returns how wide it is, its quiet zone counted.
fn read_back(studio: &Studio, name: &str, size: Size) -> usize {
    let view = stop(name, Language::Vietnamese);
    let Screen::Install(InstallView { link, .. }) = &view.screen else {
        unreachable!("the stop shows a code")
    };
    let picture = studio.picture(&view, size);
    let (width, height) =
        (usize::try_from(size.width).unwrap(), usize::try_from(size.height).unwrap());
    let mut scan = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        *picture.as_bytes().get(3 * (y * width + x)).unwrap()
    });
    let grids = scan.detect_grids();
    assert_eq!(grids.len(), 1, "{size:?}");
    let grid = grids.first().unwrap();
    let (meta, content) = grid.decode().unwrap();
    assert_eq!(&content, link, "{size:?}");

    // Along the first line of the code: the upper edges of two finder patterns, each of
    // seven modules, with nothing but whole modules between them.
    let [from, to, ..] = grid.bounds;
    let at = |value: i32| usize::try_from(value).unwrap();
    let corner = at(from.x) + 1;
    let top = (at(from.y - 3)..at(from.y + 4)).find(|y| dark(&picture, corner, *y)).unwrap();
    let line: Vec<usize> =
        (at(from.x - 8)..at(to.x + 8)).filter(|x| dark(&picture, *x, top)).collect();
    let (first, last) = (*line.first().unwrap(), *line.last().unwrap());
    let finder = line.iter().zip(first..).take_while(|(x, wanted)| **x == *wanted).count();
    let modules = meta.version.to_size();
    let module = finder / 7;
    assert_eq!(finder, 7 * module, "{size:?}: a module is not whole pixels");
    assert_eq!(last + 1 - first, modules * module, "{size:?}: modules are uneven");
    // The quiet zone is white on both sides.
    for x in (first - 4 * module..first).chain(last + 1..=last + 4 * module) {
        assert!(!dark(&picture, x, top), "{size:?}: ink in the quiet zone");
    }
    module * (modules + 8)
}

/// The health notice over the guard's list, with these half-hours.
fn notice(studio: &Studio, language: Language, size: Size, times: &str) -> Picture {
    let mut view = stop("health-notice", language);
    if let Screen::Guard(guard) = &mut view.screen
        && let Some(notice) = &mut guard.health
    {
        times.clone_into(&mut notice.about.times);
    }
    studio.picture(&view, size)
}

#[test]
fn a_half_hour_is_not_broken_in_its_middle() {
    let studio = Studio::open().unwrap();
    for (language, size) in
        Language::ALL.into_iter().flat_map(|language| Size::ALL.map(|size| (language, size)))
    {
        let draw = |separators: [&str; 3]| {
            let [one, two, three] = separators;
            let times = format!("09:00–10:30,{one}14:00–14:30,{two}16:00–16:30,{three}18:00–18:30");
            notice(&studio, language, size, &times).as_bytes().to_vec()
        };
        // More than a line holds: so each line ends with one of them.
        let whole = draw([" "; 3]);
        let ends = (1..8).map(|lines: u8| {
            draw([1, 2, 4].map(|ends| if lines & ends == 0 { " " } else { "\n" }))
        });
        assert!(ends.into_iter().any(|ends| ends == whole), "{language:?}, {size:?}");
    }
}

/// Drawn once in full; the other languages and sizes are checked by their geometry.
#[test]
fn every_screen_is_drawn() {
    let studio = Studio::open().unwrap();
    let size = Size { width: 800, height: 480 };
    let mut before = Vec::new();
    for stop in stops(Language::Vietnamese) {
        let picture = studio.picture(&stop.view, size);
        let ink = picture
            .as_bytes()
            .chunks_exact(3)
            .filter(|pixel| pixel.iter().all(|part| *part < 110))
            .count();
        assert!(ink > 1_000, "{}: {ink} dark pixels", stop.name);
        assert!(picture.as_bytes() != before, "{} looks like the stop before it", stop.name);
        before = picture.as_bytes().to_vec();
    }
}
