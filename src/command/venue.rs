//! `kiosk venue`: the codes of this door that apps for venues read, as links or as a picture to be
//! printed.
//!
//! It only reads, beside a kiosk that may be running. What a code is made of does not leave the book.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jiff::civil::Date;

use crate::clock::Clock;
use crate::config::Config;
use crate::domain::moment::Wall;
use crate::domain::site::Site;
use crate::domain::venue::door::{Scheme, Venue};
use crate::store::Reader;
use crate::ui::qr;

/// Shows or draws the code of this door that apps for venues read
#[derive(Clone, PartialEq, Eq, Debug, clap::Args)]
pub struct VenueArgs {
    /// The configuration, as for `kiosk run`.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Read this book instead of the one in the configuration.
    #[arg(long, value_name = "FILE")]
    book: Option<PathBuf>,
    /// The code of this day instead of today's, where each day has its own.
    #[arg(long, value_name = "YYYY-MM-DD")]
    day: Option<Date>,
    /// The app the code is for, where the configuration has several.
    #[arg(long, value_name = "APP", value_parser = scheme)]
    app: Option<Scheme>,
    /// Draw the code into this file, as SVG, instead of printing what it holds.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Carries out `kiosk venue`.
///
/// # Errors
/// When no code is switched on, the book cannot be read or the picture not written.
pub fn run(args: &VenueArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let config = Config::load(args.config.as_deref())?;
    let now = Clock::real().now();
    tell(args, &config.book()?, &config.site(), now.wall, out)
}

fn tell(
    args: &VenueArgs,
    default_book: &Path,
    site: &Site,
    now: Wall,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let path = args.book.as_deref().unwrap_or(default_book);
    let secret = Reader::open(path).and_then(|book| book.venue_secret());
    let Some(secret) = secret.context("read the book")? else {
        bail!("find what codes are made of in the book: start this version of the kiosk once");
    };
    let venue = Venue { secret: Some(secret), ..site.venue.clone() };
    let day = args.day.unwrap_or_else(|| now.civil(site.zone).date());
    let mut codes = Vec::new();
    for scheme in venue.schemes().filter(|scheme| args.app.is_none_or(|app| app == *scheme)) {
        codes.extend(venue.link(scheme, day, site.zone).map(|link| (scheme, link)));
    }
    let until = if venue.rotates_daily { format!("on {day} only") } else { "every day".to_owned() };
    match (codes.as_slice(), &args.out) {
        ([], _) => bail!("find a code: name its app in codes under [venue] in the configuration"),
        (codes, None) => {
            for (scheme, link) in codes {
                writeln!(out, "{}, {until}: {link}", scheme.name())?;
            }
        }
        ([(scheme, link)], Some(file)) => {
            let picture = qr::svg(link, &venue.place.description)?;
            fs::write(file, picture).with_context(|| format!("write {}", file.display()))?;
            writeln!(out, "{}: {}, good {until}", file.display(), scheme.name())?;
        }
        (_, Some(_)) => bail!("draw several codes into one file: choose one with --app"),
    }
    Ok(())
}

fn scheme(name: &str) -> Result<Scheme, String> {
    let known = Scheme::ALL.into_iter().find(|scheme| scheme.name() == name);
    known.ok_or_else(|| format!("it must be {}", Scheme::ALL.map(Scheme::name).join(" or ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Book, Options};

    fn args(app: Option<&str>, out: Option<PathBuf>) -> VenueArgs {
        let app = app.map(|name| scheme(name).unwrap());
        VenueArgs { config: None, book: None, day: None, app, out }
    }

    fn site(text: &str) -> Site {
        Config::parse(text, Path::new("kiosk.toml")).unwrap().site()
    }

    #[test]
    fn a_code_is_printed_or_drawn() {
        let directory = tempfile::tempdir().unwrap();
        let book = directory.path().join("logbook.db");
        // 2021-06-02T08:42:00 in Viet Nam.
        let now = Wall(1_622_598_120);
        let run = |args: &VenueArgs, site: &Site| {
            let mut out = Vec::new();
            let done = tell(args, &book, site, now, &mut out);
            done.map(|()| String::from_utf8(out).unwrap()).map_err(|error| format!("{error:#}"))
        };
        let on = site("[venue]\ncodes = [\"corona-warn-app\"]\nnew_code_daily = true");
        assert!(run(&args(None, None), &on).unwrap_err().contains("does not exist yet"));
        let options = Options { today_from: now, wall: now, in_doubt: false };
        drop(Book::open(&book, options).unwrap());

        let printed = run(&args(None, None), &on).unwrap();
        let start = "corona-warn-app, on 2021-06-02 only: https://e.coronawarn.app?v=1#";
        assert!(printed.starts_with(start), "{printed}");
        assert_eq!(printed, run(&args(None, None), &on).unwrap(), "the secret is drawn once");
        let file = directory.path().join("code.svg");
        let drawn = run(&args(Some("corona-warn-app"), Some(file.clone())), &on).unwrap();
        assert!(drawn.contains("good on 2021-06-02 only"), "{drawn}");
        assert!(fs::read_to_string(&file).unwrap().starts_with("<svg "));
        let error = run(&args(Some("crowd-notifier"), None), &on).unwrap_err();
        assert!(error.contains("under [venue]"), "{error}");
        assert!(run(&args(None, None), &site("")).unwrap_err().contains("under [venue]"));
    }
}
