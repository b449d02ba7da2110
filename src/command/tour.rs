//! `kiosk tour`: every screen in every language at every size, as pictures to be looked at.
//! It needs no display, no book and no radio.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::domain::language::Language;
use crate::ui::snapshot::{Size, Studio};
use crate::ui::tour::{Stop, stops};

/// Draws every screen in every language at three sizes, as pictures
#[derive(clap::Args, Debug)]
pub struct TourArgs {
    /// The folder the pictures go into. It is made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// Draws the tour and says where it lies.
///
/// # Errors
/// When the folder cannot be written to, or nothing can be drawn.
pub fn run(args: &TourArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let studio = Studio::open()?;
    let mut pictures = 0_usize;
    for size in Size::ALL {
        for language in Language::ALL {
            let folder = args.out.join(folder(size)).join(language.code());
            fs::create_dir_all(&folder)
                .with_context(|| format!("make the folder {}", folder.display()))?;
            for stop in stops(language) {
                let file = folder.join(stop.name).with_extension("png");
                let png = studio.picture(&stop.view, size).to_png()?;
                write_file(&file, &png)?;
                pictures += 1;
            }
        }
    }
    let index = args.out.join("index.html");
    write_file(&index, contact_sheet(&stops(Language::Vietnamese)).as_bytes())?;
    writeln!(out, "{pictures} pictures; open {}", index.display())?;
    Ok(())
}

fn folder(size: Size) -> String {
    format!("{}x{}", size.width, size.height)
}

fn write_file(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write(file, bytes).with_context(|| format!("write {}", file.display()))
}

/// One page with all pictures: a row a screen, a column a language, a part a size.
fn contact_sheet(stops: &[Stop]) -> String {
    let parts: String = Size::ALL.into_iter().map(|size| part(size, stops)).collect();
    format!("{HEAD}{parts}</html>\n")
}

const HEAD: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>kiosk tour</title>
<style>
body { font: 16px sans-serif; margin: 2em; background: #dde3ec }
figure { display: inline-block; margin: 0 1em 1em 0; vertical-align: top }
img { display: block; height: 300px; border: 1px solid #8896ab }
</style>
<h1>Every screen of the kiosk</h1>
";

fn part(size: Size, stops: &[Stop]) -> String {
    let rows: String = stops.iter().map(|stop| row(size, stop.name)).collect();
    format!("<h2>{}</h2>\n{rows}", folder(size))
}

fn row(size: Size, name: &str) -> String {
    let figure = |language: Language| {
        let (folder, code) = (folder(size), language.code());
        let source = format!("{folder}/{code}/{name}.png");
        format!(
            "<figure><a href=\"{source}\"><img src=\"{source}\" loading=\"lazy\" \
             alt=\"{name} {code}\"></a><figcaption>{code}</figcaption></figure>\n"
        )
    };
    let figures = Language::ALL.map(figure).concat();
    format!("<h3>{name}</h3>\n{figures}")
}
