//! The exposures written out because an administrator asked for it at the screen: the same files as
//! those of `kiosk exposure export`, in a new folder each time.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::export::{Handout, make_folder, write_out};
use crate::domain::site::Site;
use crate::kiosk::handout::Writer;

/// Writes into folders in `folder`, which is made if only it is missing: where a stick is not
/// plugged in, nothing is.
pub(in crate::command) fn writer(site: &Site, folder: PathBuf) -> Writer {
    let (place, door, zone) = (site.name.clone(), site.door.clone(), site.zone);
    Writer::new(move |asked, notices, now| {
        let handout = |entry| Handout {
            place: &place,
            door: &door,
            zone,
            notices,
            reason: asked.reason.as_str(),
            entry,
            exported: now,
        };
        write(&folder, &handout(asked.entry)).map_err(|error| format!("{error:#}"))
    })
}

fn write(folder: &Path, handout: &Handout<'_>) -> anyhow::Result<PathBuf> {
    if !folder.is_dir() {
        fs::create_dir(folder).with_context(|| format!("make the folder {}", folder.display()))?;
    }
    // The number of its entry tells two of one second apart.
    let day = handout.exported.civil(handout.zone).date();
    let own = folder.join(format!("kiosk-exposures-{day}-{}", handout.entry));
    make_folder(&own)?;
    write_out(&own, handout)?;
    Ok(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::exposure::published::ReportKind;
    use crate::domain::exposure::reason::Reason;
    use crate::domain::exposure::windows::{Exposure, ExposureId, ExposureNotice, Window};
    use crate::domain::moment::{Wall, Zone};
    use crate::domain::network::Network;
    use crate::kiosk::handout::ToExport;

    #[test]
    fn files_lie_in_a_folder_of_their_own_and_nowhere_else() {
        let directory = tempfile::tempdir().unwrap();
        // 2021-06-02T08:42:00 in Viet Nam.
        let now = Wall(1_622_598_120);
        let id = ExposureId {
            trace: Network::Bluezone.into(),
            day: now.day_start(Zone::VIET_NAM),
            report: ReportKind::Unknown,
        };
        let windows = vec![Window { begin: now, near_seconds: 61, attenuation_db: None }];
        let notice = ExposureNotice { exposure: Exposure { id, windows }, learned: now };
        let reason = Reason::new("letter 12").unwrap();
        let asked = ToExport { session: 1, reason, entry: 7 };
        let site = crate::config::Config::default().site();
        let write = |folder: PathBuf| {
            let (tell, told) = std::sync::mpsc::channel();
            let writer = writer(&site, folder);
            let tell = move |written| tell.send(written).unwrap();
            writer.begin(asked.clone(), vec![notice.clone()], now, tell).unwrap();
            told.recv().unwrap()
        };
        let own = write(directory.path().join("out")).unwrap();
        assert!(own.ends_with("out/kiosk-exposures-2021-06-02-7"), "{}", own.display());
        let json = fs::read_to_string(own.join("exposures.json")).unwrap();
        assert!(json.contains("\"reason\": \"letter 12\"") && json.contains("\"entry\": 7"));
        for name in ["exposures.csv", "README.txt"] {
            assert!(own.join(name).is_file());
        }
        let error = write(directory.path().join("no/stick")).unwrap_err();
        assert!(error.starts_with("make the folder "), "{error}");
        assert!(write(directory.path().join("out")).is_err(), "nothing is written over");
    }
}
