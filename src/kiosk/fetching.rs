//! Fetching what an authority publishes, round after round, on a thread of its own. Nothing is
//! fetched unless the settings name a server. What has come lies in a folder, which matching looks
//! into like any other.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};

use crate::published::fetch::{FetchError, Fetcher, Settler, Source};
use crate::published::schedule::{Outcome, Schedule};

/// A server that is asked now and then. Dropping it ends that after the round that is under way, for
/// which nobody waits: what has come in part is gone on with the next time, also where the power is
/// cut or the program ends meanwhile.
#[derive(Debug)]
pub struct Fetching {
    files: PathBuf,
    settler: Settler,
    /// The thread waits for its end between two rounds.
    _stop: Sender<()>,
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
            let (mut schedule, mut told) = (Schedule::default(), Told::default());
            loop {
                let round = fetcher.round();
                if let Some(trouble) = told.news(round.as_ref().err().map(ToString::to_string)) {
                    on_remark(format!("published keys were not fetched: {trouble}"));
                }
                let outcome = match round {
                    Ok(round) if round.left > 0 => Outcome::More,
                    Ok(_) => Outcome::Done,
                    Err(error) => Outcome::Failed(error.wait()),
                };
                let wait = schedule.wait(outcome, chance());
                if stopped.recv_timeout(wait) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        };
        std::thread::Builder::new()
            .name("fetching".into())
            .spawn(asks)
            .map_err(|source| FetchError::Disk { path: root, source })?;
        Ok(Self { files, settler, _stop: stop })
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

/// The trouble of the last round, so that one that lasts is told once.
#[derive(Default)]
struct Told(Option<String>);

impl Told {
    /// What of a round's trouble is news.
    fn news(&mut self, trouble: Option<String>) -> Option<String> {
        let before = std::mem::replace(&mut self.0, trouble);
        self.0.clone().filter(|_| before != self.0)
    }
}

/// Any number, each as likely as the others; the same where the system gives none, which only costs
/// that kiosks come back together.
fn chance() -> u32 {
    getrandom::u32().unwrap_or(u32::MAX / 2)
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::TcpListener;
    use std::time::Duration;

    use super::*;

    /// Long enough that only what waits for ever is taken to do so.
    const PATIENCE: Duration = Duration::from_secs(20);

    /// What it takes to fetch from this machine.
    fn source(port: u16, folder: &Path) -> Source {
        let ca_file = folder.join("ca.pem");
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        std::fs::write(&ca_file, made.cert.pem()).unwrap();
        Source {
            index_url: format!("http://127.0.0.1:{port}/index.txt"),
            base_url: format!("http://127.0.0.1:{port}/"),
            proxy: None,
            ca_file: Some(ca_file),
        }
    }

    #[test]
    fn a_trouble_that_lasts_is_told_once() {
        let mut told = Told::default();
        let rounds = ["full", "full", "away", "", "", "away"];
        let trouble = |words: &str| (!words.is_empty()).then(|| words.to_owned());
        let told: Vec<_> = rounds.iter().filter_map(|words| told.news(trouble(words))).collect();
        assert_eq!(told, ["full", "away", "away"]);
    }

    #[test]
    fn nobody_waits_for_a_server_that_does_not_answer() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let spool = folder.path().join("fetched");
        let fetching = Fetching::begin(&source(port, folder.path()), spool, |_| {}).unwrap();
        // It asks, and is left without an answer.
        let (mut asks, _) = listener.accept().unwrap();
        asks.read_exact(&mut [0]).unwrap();
        let (tell, told) = channel();
        std::thread::spawn(move || {
            drop(fetching);
            tell.send(()).unwrap();
        });
        told.recv_timeout(PATIENCE).expect("it is let go of at once");
    }
}
