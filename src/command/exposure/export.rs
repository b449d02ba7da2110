//! `kiosk exposure export`: the exposures as a table and as JSON, with a page that says what is in
//! them, in a folder for a health officer. That it was done is written into the book before.

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Serialize;

use super::Desk;
use super::sheet::{Line, plain};
use crate::domain::exposure::reason::Reason;
use crate::domain::exposure::windows::ExposureNotice;
use crate::domain::logbook::{By, Event};
use crate::domain::moment::{Wall, Zone};
use crate::store::{self, Reader};

/// Writes the exposures into a folder for a health officer: a table, JSON, and a page that explains
/// them
///
/// No visitor is named in it. The book notes that it was done, when and why.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct ExportArgs {
    /// The folder, which must not exist yet
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Who asked for it and why, in a few words; this is noted in the book
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// What `exposures.json` holds.
#[derive(Serialize)]
struct Sheet<'a> {
    format: &'static str,
    place: &'a str,
    door: &'a str,
    exported: String,
    reason: &'a str,
    entry: u64,
    windows: &'a [Line],
}

/// The heads of `exposures.csv`, in the order of its columns.
const HEADS: [&str; 10] = [
    "place",
    "door",
    "day",
    "from",
    "to",
    "network",
    "report",
    "near_seconds",
    "attenuation_db",
    "learned",
];

pub(super) fn run(args: &ExportArgs, desk: &Desk, out: &mut dyn Write) -> anyhow::Result<()> {
    let reason = Reason::new(&args.reason)?;
    let book = Reader::open(&desk.book).context("open the book")?;
    let notices = book.exposures().context("read the book")?;
    if notices.is_empty() {
        bail!("export what there is not: nobody who was reported was heard at this door");
    }
    make_folder(&args.out)?;
    let exposures = u32::try_from(notices.len()).unwrap_or(u32::MAX);
    let event = Event::ExposuresExported { exposures, by: By::CommandLine };
    let entry = store::disclose(&desk.book, event, &reason, desk.now.wall, desk.now.wall_trusted)
        .context("note it in the book")?;
    let handout = Handout {
        place: &desk.place,
        door: &desk.door,
        zone: desk.zone,
        notices: &notices,
        reason: reason.as_str(),
        entry: entry.seq,
        exported: desk.now.wall,
    };
    write_out(&args.out, &handout)?;
    let shown = args.out.display();
    writeln!(out, "{exposures} exposures are in {shown}; entry {} of the book says so", entry.seq)?;
    Ok(())
}

/// What is handed to a health officer.
pub(super) struct Handout<'a> {
    pub(super) place: &'a str,
    pub(super) door: &'a str,
    pub(super) zone: Zone,
    pub(super) notices: &'a [ExposureNotice],
    pub(super) reason: &'a str,
    /// The entry of the book that says so.
    pub(super) entry: u64,
    pub(super) exported: Wall,
}

/// Writes its three files into an empty folder.
pub(super) fn write_out(folder: &Path, handout: &Handout<'_>) -> anyhow::Result<()> {
    let lines = Line::all(handout.notices, handout.zone);
    let table = table(&lines, handout)?;
    let sheet = Sheet {
        format: "kiosk-exposures-1",
        place: handout.place,
        door: handout.door,
        exported: handout.exported.civil(handout.zone).to_string(),
        reason: handout.reason,
        entry: handout.entry,
        windows: &lines,
    };
    write_file(folder, "exposures.csv", &table)?;
    write_file(folder, "exposures.json", &serde_json::to_vec_pretty(&sheet)?)?;
    write_file(folder, "README.txt", README.as_bytes())?;
    finish_folder(folder)
}

fn table(lines: &[Line], handout: &Handout<'_>) -> anyhow::Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(HEADS)?;
    for line in lines {
        let near = line.near_seconds.map(|seconds| seconds.to_string()).unwrap_or_default();
        let attenuation = line.attenuation_db.map(|db| db.to_string()).unwrap_or_default();
        table.write_record([
            plain(handout.place).as_ref(),
            plain(handout.door).as_ref(),
            &line.day,
            &line.from,
            &line.to,
            line.network,
            line.report,
            &near,
            &attenuation,
            &line.learned,
        ])?;
    }
    Ok(table.into_inner()?)
}

/// Makes a folder that nobody but its owner can look into.
pub(super) fn make_folder(path: &Path) -> anyhow::Result<()> {
    fs::DirBuilder::new().mode(0o700).create(path).with_context(|| {
        format!("make the folder {}: give one that is not there yet", path.display())
    })
}

/// Writes a file that nobody but its owner can read.
pub(super) fn write_file(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let path = folder.join(name);
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .with_context(|| format!("write {}", path.display()))
}

/// Has the folder itself on the medium, and that it is there: a stick is pulled out as soon as the
/// files are said to be written.
pub(super) fn finish_folder(folder: &Path) -> anyhow::Result<()> {
    let within = folder.parent().filter(|within| !within.as_os_str().is_empty());
    for directory in [folder, within.unwrap_or(Path::new("."))] {
        match fs::File::open(directory).and_then(|directory| directory.sync_all()) {
            // A medium on which a folder is always there at once.
            Err(error) if error.kind() == ErrorKind::InvalidInput => {}
            done => done.with_context(|| format!("write {} to the end", directory.display()))?,
        }
    }
    Ok(())
}

const README: &str = "\
Trong thư mục này có / In this folder:

  exposures.csv   bảng, mỗi dòng nửa giờ / a table, one line a half-hour (UTF-8, commas)
  exposures.json  như trên, cho máy / the same for programs

Mỗi dòng cho biết: trong nửa giờ đó, điện thoại của ít nhất một người mà sau này cơ quan y tế
thông báo là nhiễm bệnh đã được nghe thấy ở cửa này. Không có tên ai trong đây.
Each line says: in this half-hour the phone of at least one person, whom a health authority later
reported as infected, was heard at this door. Nobody is named here.
Với venue-code: người đó đã quét mã của cửa này; không biết ở gần hay xa.
With venue-code: that person had scanned this door's code; how near they came is not known.

  place, door     nơi và cửa / the place and the door
  day, from, to   ngày và giờ địa phương / day and local time of the half-hour
  network         mạng truy vết, hoặc venue-code / the contact-tracing network, or venue-code
  report          loại báo cáo / what is known of the illness
  near_seconds    số giây ở gần (khoảng 2 m trở lại), ước tính / seconds for which the phone was
                  near (some two metres), estimated from how loud it was heard; of several phones
                  the longest
  attenuation_db  độ suy giảm nhỏ nhất tính bằng dB, nếu biết / the least attenuation in dB, where it
                  is known: what the phone says it sends at, less the level at which it was heard
  learned         lúc máy biết tin / when the kiosk learned of it

Giờ chỉ chính xác đến một phần tư giờ. Tín hiệu xuyên qua tường; nghe thấy không có nghĩa là gặp mặt.
Times are no finer than a quarter of an hour. Radio goes through walls: heard does not mean met.
";
