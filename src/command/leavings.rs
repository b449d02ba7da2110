//! The directory in which a run without a display leaves its pictures, its logbook and a page of
//! text. The next run may throw away what an earlier one has left there, and nothing else: a
//! directory is known by the page, which no other program writes, and not by what files are called.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// The page of text. It is there from the beginning, so that a run that was cut short is known too.
const PAGE: &str = "summary.txt";

/// What the page begins with.
const FIRST_LINE: &str =
    "What kiosk run --headless has left in this directory; the next run throws it away.\n";

/// Makes the directory, or throws away what an earlier run has left in it.
///
/// # Errors
///
/// When it holds anything that no run has left there, and then nothing is touched; or when it cannot
/// be written.
pub fn begin(directory: &Path) -> anyhow::Result<()> {
    let shown = directory.display();
    fs::create_dir_all(directory).with_context(|| format!("make {shown}"))?;
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(directory).with_context(|| format!("look into {shown}"))? {
        found.push(entry?.path());
    }
    if let Some(path) = found.iter().find(|path| !may_be_ours(path)) {
        let name = path.file_name().unwrap_or_default().display();
        bail!("take {shown}: it holds {name}, which no run left there: choose another --out");
    }
    let page = directory.join(PAGE);
    let is_ours = fs::read(&page).is_ok_and(|page| page.starts_with(FIRST_LINE.as_bytes()));
    if !found.is_empty() && !is_ours {
        bail!(
            "take {shown}: it holds files, and no {PAGE} of an earlier run: choose another --out, or \
             empty it yourself if nobody needs them"
        );
    }
    // The page goes last, and comes first: what is cut short in between is still ours.
    for path in found.iter().filter(|path| **path != page) {
        fs::remove_file(path).with_context(|| format!("remove {}", path.display()))?;
    }
    end(directory, "")
}

/// Writes the page.
///
/// # Errors
///
/// When it cannot be written.
pub fn end(directory: &Path, page: &str) -> anyhow::Result<()> {
    fs::write(directory.join(PAGE), format!("{FIRST_LINE}\n{page}"))
        .with_context(|| format!("write {PAGE}"))
}

/// Whether a run leaves files with such a name.
fn may_be_ours(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_picture = path.extension().is_some_and(|extension| extension == "png");
    is_picture || name.starts_with("logbook.") || name == PAGE
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Place(tempfile::TempDir);

    impl Place {
        fn with(files: &[&str]) -> Self {
            let place = Self(tempfile::tempdir().unwrap());
            place.add(files);
            place
        }

        fn add(&self, files: &[&str]) {
            for file in files {
                fs::write(self.0.path().join(file), "of somebody").unwrap();
            }
        }

        fn names(&self) -> Vec<String> {
            let entries = fs::read_dir(self.0.path()).unwrap();
            let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            let mut names: Vec<String> = names.collect();
            names.sort();
            names
        }

        fn refused(&self) -> String {
            let before = self.names();
            let refused = begin(self.0.path()).unwrap_err().to_string();
            assert_eq!(self.names(), before, "nothing is touched");
            refused.replace(self.0.path().to_str().unwrap(), "…")
        }
    }

    #[test]
    fn what_an_earlier_run_left_is_thrown_away() {
        let place = Place::with(&[]);
        begin(place.0.path()).unwrap();
        place.add(&["01-welcome-vi.png", "logbook.db", "logbook.db-lock"]);
        end(place.0.path(), "one visit\n").unwrap();
        begin(place.0.path()).unwrap();
        assert_eq!(place.names(), ["summary.txt"]);
        // Cut short before its page was written.
        place.add(&["01-welcome-vi.png"]);
        begin(place.0.path()).unwrap();
        assert_eq!(place.names(), ["summary.txt"]);
    }

    #[test]
    fn a_real_logbook_and_anybodys_pictures_stay() {
        let words = "take …: it holds files, and no summary.txt of an earlier run: choose another --out, or \
                     empty it yourself if nobody needs them";
        for files in [
            &["logbook.db", "logbook.db-lock"][..],
            &["logbook.damaged-1772411400.db"],
            &["grandmother.png"],
            &["logbook.db", "summary.txt"],
        ] {
            assert_eq!(Place::with(files).refused(), words, "{files:?}");
        }
    }

    #[test]
    fn what_no_run_leaves_stays_also_among_what_one_left() {
        let place = Place::with(&[]);
        begin(place.0.path()).unwrap();
        place.add(&["letter.odt"]);
        let words = "take …: it holds letter.odt, which no run left there: choose another --out";
        assert_eq!(place.refused(), words);
    }
}
