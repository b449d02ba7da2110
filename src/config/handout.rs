//! The section `[exposure]`: where the files for the health officer go that an administrator has
//! written out at the screen.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::value;

/// What can be set about them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ExposureSection {
    #[serde(deserialize_with = "value::absolute_path")]
    handout_folder: Option<PathBuf>,
}

impl ExposureSection {
    /// The folder that is set, or `handouts` beside the book.
    pub(super) fn handouts(&self, book: &Path) -> PathBuf {
        self.handout_folder.clone().unwrap_or_else(|| book.with_file_name("handouts"))
    }
}
