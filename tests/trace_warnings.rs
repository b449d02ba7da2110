//! Warnings of whoever had scanned this door's code, from the published package to what the kiosk
//! tells: by hand and at night.
#![expect(clippy::unwrap_used, reason = "functions that tests share fail as tests do")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt, KeyIvInit};
use clap::{Args, Command};
use hmac::{Hmac, KeyInit, Mac};
use jiff::ToSpan;
use kiosk::clock::Clock;
use kiosk::command::exposure;
use kiosk::config::Config;
use kiosk::domain::exposure::matched::{Matched, Matching};
use kiosk::domain::exposure::trace::Trace;
use kiosk::domain::exposure::windows::ExposureNotice;
use kiosk::domain::moment::{Wall, Zone};
use kiosk::domain::request::{Reply, Request};
use kiosk::domain::venue::LocationId;
use kiosk::domain::venue::door::{Scheme, Venue, VenueSecret};
use kiosk::kiosk::matching::{self, Source, Task};
use kiosk::store::{Book, Options, Reader};
use prost::Message;
use sha2::{Digest, Sha256};

const ZONE: Zone = Zone::VIET_NAM;
const DAY: i64 = 86_400;

/// One hour's warnings, as they are published.
#[derive(Clone, PartialEq, Message)]
struct Package {
    #[prost(uint32, tag = "1")]
    hour: u32,
    #[prost(string, tag = "2")]
    region: String,
    #[prost(message, repeated, tag = "4")]
    sealed: Vec<Sealed>,
}

#[derive(Clone, PartialEq, Message)]
struct Sealed {
    #[prost(bytes = "vec", tag = "1")]
    location_hash: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    iv: Vec<u8>,
    #[prost(bytes = "vec", tag = "3")]
    record: Vec<u8>,
    #[prost(bytes = "vec", tag = "4")]
    mac: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct CheckIn {
    #[prost(uint32, tag = "1")]
    start_interval: u32,
    #[prost(uint32, tag = "2")]
    period: u32,
    #[prost(uint32, tag = "3")]
    transmission_risk: u32,
}

/// The warning of somebody who scanned the code behind `link` and stayed for so many minutes.
fn warning(link: &str, begin: Wall, minutes: u32) -> Sealed {
    let payload = URL_SAFE_NO_PAD.decode(link.split_once('#').unwrap().1).unwrap();
    let place = LocationId::of_payload(&payload);
    let key = |word: &[u8]| -> [u8; 32] { Sha256::digest([word, &place.0].concat()).into() };
    let start_interval = u32::try_from(begin.0 / 600).unwrap();
    let check_in = CheckIn { start_interval, period: minutes / 10, transmission_risk: 5 };
    let iv = [9; 16];
    let cipher = cbc::Encryptor::<aes::Aes256>::new(&key(b"CWA-ENCRYPTION-KEY").into(), &iv.into());
    let mut record = [0; 32];
    let plain = check_in.encode_to_vec();
    let record = cipher.encrypt_padded_b2b::<Pkcs7>(&plain, &mut record).unwrap().to_vec();
    let mac = Hmac::<Sha256>::new_from_slice(&key(b"CWA-MAC-KEY")).unwrap();
    let mac = mac.chain_update(iv).chain_update(&record).finalize().into_bytes().to_vec();
    Sealed { location_hash: place.published_hash().to_vec(), iv: iv.to_vec(), record, mac }
}

struct Place {
    folder: tempfile::TempDir,
    venue: Venue,
    /// The last half-hour that is past.
    now: Wall,
}

impl Place {
    /// A door whose code changes daily.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let text = "[venue]\ncodes = [\"corona-warn-app\"]\nnew_code_daily = true\n";
        let path = folder.path().join("kiosk.toml");
        fs::write(&path, text).unwrap();
        let now = Clock::real().now().wall;
        let now = Wall(now.0 - now.0.rem_euclid(1_800));
        let options = Options { today_from: now, wall: now, in_doubt: false };
        drop(Book::open(&folder.path().join("logbook.db"), options).unwrap());
        let secret = Reader::open(&folder.path().join("logbook.db")).unwrap().venue_secret();
        let site = Config::load(Some(&path)).unwrap().site();
        let venue = Venue { secret: secret.unwrap(), ..site.venue };
        Self { folder, venue, now }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The code of so many days ago.
    fn link(&self, venue: &Venue, days_ago: i64) -> String {
        let today = self.now.civil(ZONE).date();
        let day = today.checked_sub(days_ago.days()).unwrap();
        venue.link(Scheme::CoronaWarnApp, day, ZONE).unwrap()
    }

    fn publish(&self, name: &str, sealed: Vec<Sealed>) -> PathBuf {
        let hour = u32::try_from(self.now.0 / 3_600).unwrap();
        let package = Package { hour, region: "DE".into(), sealed };
        fs::write(self.path(name), package.encode_to_vec()).unwrap();
        self.path(name)
    }

    /// `kiosk exposure` with these words.
    fn exposure(&self, words: &[&str]) -> String {
        let (config, book) = (self.path("kiosk.toml"), self.path("logbook.db"));
        let mut all = words.to_vec();
        all.extend(["--config", config.to_str().unwrap(), "--book", book.to_str().unwrap()]);
        let command = exposure::ExposureArgs::augment_args(Command::new("kiosk"));
        let matches = command.no_binary_name(true).try_get_matches_from(all).unwrap();
        let mut out = vec![];
        let args = clap::FromArgMatches::from_arg_matches(&matches).unwrap();
        exposure::run(&args, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn import(&self, file: &Path) -> String {
        self.exposure(&["import", "--clock-is-right", file.to_str().unwrap()])
    }

    fn known(&self) -> Vec<ExposureNotice> {
        Reader::open(&self.path("logbook.db")).unwrap().exposures().unwrap()
    }

    /// The first seconds of the half-hours there are, before the last one that is past.
    fn windows(&self) -> Vec<i64> {
        let known = self.known();
        assert!(known.iter().all(|notice| notice.exposure.id.trace == Trace::VenueCode));
        let windows = known.iter().flat_map(|notice| &notice.exposure.windows);
        let mut begins: Vec<_> = windows.map(|window| self.now.0 - window.begin.0).collect();
        begins.sort_unstable();
        begins
    }

    /// What a night brings of these files.
    fn night(&self, paths: Vec<PathBuf>) -> Vec<Matched> {
        let source = Source::Files { paths, trust: Arc::default(), settler: None };
        let venue = Venue { secret: None, ..self.venue.clone() };
        let book = self.path("logbook.db");
        let (wall, night) = (self.now, None);
        let task = Task { book, zone: ZONE, cores: 2, wall, venue, source, night };
        let mut brought = Vec::new();
        matching::run(&task, &AtomicBool::new(false), &mut |news| match news {
            Matching::Matched(matched) => brought.push(*matched),
            Matching::Ended { refused, .. } => assert_eq!(refused, Vec::<String>::new()),
            Matching::Progress(_) => {}
        });
        brought
    }
}

#[test]
fn whoever_scanned_the_code_of_today_or_of_three_days_ago_is_found_by_hand() {
    let place = Place::new();
    let (today, then) = (place.link(&place.venue, 0), place.link(&place.venue, 3));
    assert_ne!(today, then);
    let hour_ago = Wall(place.now.0 - 3_600);
    let three_days_ago = Wall(place.now.0 - 3 * DAY);
    let sealed = vec![warning(&today, hour_ago, 20), warning(&then, three_days_ago, 40)];
    let file = place.publish("first", sealed.clone());
    assert!(place.import(&file).starts_with("2 warnings: 2 exposures\n"));
    let windows = [3_600, 3 * DAY - 1_800, 3 * DAY];
    assert_eq!(place.windows(), windows);
    for notice in place.known() {
        for window in notice.exposure.windows {
            assert_eq!((window.near_seconds, window.attenuation_db), (0, None));
        }
    }
    // The same file brings nothing more, and the same warning in another file is the same.
    assert_eq!(place.import(&file), "1 file passed over: the book has what came of it\n");
    let known = place.known().len();
    let more = place.publish("second", vec![sealed[0].clone(), sealed[0].clone()]);
    place.import(&more);
    assert_eq!((place.known().len(), &place.windows()[..]), (known, &windows[..]));

    let listed = place.exposure(&["list"]);
    assert!(listed.contains("scanned its code") && listed.contains("venue-code"), "{listed}");
    assert!(!listed.contains("near for"), "{listed}");
    let json = place.exposure(&["list", "--json"]);
    assert!(json.contains("\"near_seconds\": null"), "{json}");
    let out = place.path("out");
    place.exposure(&["export", "--out", out.to_str().unwrap(), "--reason", "letter 12"]);
    let table = fs::read_to_string(out.join("exposures.csv")).unwrap();
    assert!(table.contains(",venue-code,kind of report not said,,,"), "{table}");
}

#[test]
fn whoever_scanned_another_code_is_not() {
    let place = Place::new();
    let elsewhere = Venue { secret: Some(VenueSecret([1; 32])), ..place.venue.clone() };
    let stays = |venue, days| warning(&place.link(venue, days), Wall(place.now.0 - 3_600), 20);
    // Another door's; this door's, of a day for which no warning comes any more.
    let file = place.publish("first", vec![stays(&elsewhere, 0), stays(&place.venue, 17)]);
    assert!(place.import(&file).starts_with("0 keys: 0 exposures\n"));
    assert!(place.windows().is_empty());
}

#[test]
fn at_night_the_code_is_known_out_of_the_book() {
    let place = Place::new();
    let lasting = Venue { rotates_daily: false, ..place.venue.clone() };
    let stays = |venue| warning(&place.link(venue, 1), Wall(place.now.0 - DAY), 30);
    let file = place.publish("first", vec![stays(&place.venue), stays(&lasting)]);
    let brought = place.night(vec![file.clone()]);
    let told = brought.iter().flat_map(|matched| &matched.files);
    let told: Vec<_> = told.map(|file| (file.keys, file.matches)).collect();
    assert_eq!(told, [(2, 2)]);
    let options = Options { today_from: place.now, wall: place.now, in_doubt: false };
    let (mut book, _) = Book::open(&place.path("logbook.db"), options).unwrap();
    for matched in brought {
        let wall = place.now;
        let kept = book.answer(Request::KeepExposures { matched: Box::new(matched), wall });
        assert!(matches!(kept, Reply::Exposures(_)));
    }
    drop(book);
    assert_eq!(place.windows(), [DAY]);
    assert!(place.night(vec![file]).is_empty());
}
