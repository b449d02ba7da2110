//! Fetching what an authority publishes, round after round, on a thread of its own. Nothing is
//! fetched unless the settings name a server. What has come lies in a folder, which matching looks
//! into like any other.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;

use crate::published::fetch::{FetchError, Fetcher, Settler, Source};
use crate::published::schedule::{Outcome, Schedule};

/// A server that is asked now and then. Dropping it ends that, after the round that is under way.
#[derive(Debug)]
pub struct Fetching {
    files: PathBuf,
    settler: Settler,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Fetching {
    /// Begins to ask. What is to be said for the journal goes to `on_remark`, on its thread.
    ///
    /// # Errors
    /// When something in the settings will not do, the folder cannot be made, or the system gives
    /// no thread.
    pub fn begin(
        source: &Source,
        spool: PathBuf,
        mut on_remark: impl FnMut(String) + Send + 'static,
    ) -> Result<Self, FetchError> {
        let root = spool.clone();
        let mut fetcher = Fetcher::new(source, spool)?;
        let (files, settler) = (fetcher.files(), fetcher.settler());
        let (stop, stopped) = channel::<()>();
        let asks = move || {
            let mut schedule = Schedule::default();
            loop {
                let outcome = match fetcher.round() {
                    Ok(round) if round.left > 0 => Outcome::More,
                    Ok(_) => Outcome::Done,
                    Err(error) => {
                        on_remark(format!("published keys were not fetched: {error}"));
                        Outcome::Failed(error.wait())
                    }
                };
                let wait = schedule.wait(outcome, chance());
                if stopped.recv_timeout(wait) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new()
            .name("fetching".into())
            .spawn(asks)
            .map_err(|source| FetchError::Disk { path: root, source })?;
        Ok(Self { files, settler, stop: Some(stop), thread: Some(thread) })
    }

    /// The folder in which whole files come to lie.
    #[must_use]
    pub fn files(&self) -> &Path {
        &self.files
    }

    /// What files in it are given to that are done.
    #[must_use]
    pub fn settler(&self) -> Settler {
        self.settler.clone()
    }
}

/// Any number, each as likely as the others; the same where the system gives none, which only costs
/// that kiosks come back together.
fn chance() -> u32 {
    getrandom::u32().unwrap_or(u32::MAX / 2)
}

impl Drop for Fetching {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so.
            drop(thread.join());
        }
    }
}
