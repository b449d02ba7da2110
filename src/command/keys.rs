//! Where files of published keys come from, and whose are taken, as the configuration says: for all
//! commands that need it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;

use crate::config::Config;
#[cfg(feature = "app")]
use crate::config::Server;
#[cfg(feature = "app")]
use crate::kiosk::errands::Origin;
#[cfg(feature = "app")]
use crate::kiosk::matching::Source;
use crate::published::Trust;
#[cfg(feature = "app")]
use crate::published::fetch;

/// Where files are laid for a kiosk that runs: beside its book.
pub(super) fn inbox(book: &Path) -> PathBuf {
    book.with_file_name("inbox")
}

/// The authorities of the configuration.
pub(super) fn trust(config: &Config) -> anyhow::Result<Arc<Trust>> {
    let trust = Trust::new(&config.exposure().authorities);
    Ok(Arc::new(trust.context("take the authorities in the configuration")?))
}

/// Where published keys come from, for a kiosk that runs.
#[cfg(feature = "app")]
pub(super) fn origin(config: &Config, book: &Path) -> anyhow::Result<Origin> {
    let mut paths = vec![inbox(book)];
    paths.extend(config.exposure().folder);
    let source = Source::Files { paths, trust: trust(config)?, settler: None };
    let server = config.exposure().server.map(|server| {
        let Server { index_url, base_url, proxy, ca_file } = server;
        let server = fetch::Source { index_url, base_url, proxy, ca_file };
        (server, book.with_file_name("fetched"))
    });
    Ok(Origin { source, server })
}
