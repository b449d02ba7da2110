//! Fetches what an authority publishes over HTTPS: a list, and the files it names that are not
//! here yet. Nothing is fetched unless addresses are set, and nothing from any other address: a
//! server that sends elsewhere is refused.
//!
//! One round is one call; when the next is due is [`super::schedule`]'s to say, and what the files
//! hold is [`super::read`]'s.

mod agent;
mod error;

pub use error::FetchError;

use std::collections::{BTreeSet, VecDeque};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ureq::http::header::{
    CONTENT_RANGE, ETAG, HeaderName, IF_NONE_MATCH, IF_RANGE, RANGE, RETRY_AFTER,
};
use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body};

use super::index::{INDEX_BYTES_MAX, paths};
use super::limits::FILE_BYTES_MAX;
use super::spool::Spool;
use agent::{agent, is_taken};

/// Files that one round fetches.
pub const ROUND_FILES_MAX: usize = 200;

/// Bytes that may lie in the spool.
pub const SPOOL_BYTES_MAX: u64 = 4 << 30;

/// Bytes that stay free on the disk. The logbook lies there as well, and a visitor is to be written
/// in on a card of which a server has filled the rest: a visit takes some kilobytes.
pub const RESERVE_BYTES: u64 = 512 << 20;

/// Where to fetch from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// The address of the list.
    pub index_url: String,
    /// The address that its paths continue.
    pub base_url: String,
    /// A proxy, such as `http://proxy.example:3128`. None is taken from the environment.
    pub proxy: Option<String>,
    /// The only certificates that are trusted; the system's where it is not set.
    pub ca_file: Option<PathBuf>,
}

/// What a round has done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Round {
    /// Files that have come.
    pub new: usize,
    /// Files that are listed, neither here nor gone, and may come with the next round.
    pub left: usize,
    /// Files that are listed, and that the server no longer has.
    pub gone: usize,
}

/// Takes back what was fetched, once it is done.
#[derive(Clone, Debug)]
pub struct Settler {
    spool: Spool,
    root: PathBuf,
}

impl Settler {
    /// Empties a file of [`Fetcher::files`] that is done: it takes no room, and is not fetched again
    /// as long as the server lists it. Any other file is left alone.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn settle(&self, file: &Path) -> Result<(), FetchError> {
        let failed = |source| FetchError::Disk { path: self.root.clone(), source };
        self.spool.settle(file).map_err(failed)
    }
}

/// Fetches from one server into one directory.
#[derive(Debug)]
pub struct Fetcher {
    agent: Agent,
    index_url: String,
    base_url: String,
    spool: Spool,
    root: PathBuf,
    /// Paths that are listed and that the server no longer had, the one asked for longest ago
    /// first; as many as a list has lines at most.
    gone: VecDeque<String>,
    /// Bytes that are free where a path lies.
    free: fn(&Path) -> io::Result<u64>,
}

impl Fetcher {
    /// Makes ready to fetch from `source` into the directory `spool`. Nothing is asked of the
    /// network yet.
    ///
    /// # Errors
    /// When something in `source` will not do, or the directory cannot be made.
    pub fn new(source: &Source, spool: PathBuf) -> Result<Self, FetchError> {
        let mut base_url = source.base_url.clone();
        if !base_url.ends_with('/') {
            base_url.push('/');
        }
        for url in [&source.index_url, &base_url] {
            if !is_taken(url) {
                return Err(FetchError::Address { url: url.clone() });
            }
        }
        let agent = agent(source)?;
        let root = spool.clone();
        let spool =
            Spool::open(spool).map_err(|source| FetchError::Disk { path: root.clone(), source })?;
        let (index_url, gone) = (source.index_url.clone(), VecDeque::new());
        Ok(Self { agent, index_url, base_url, spool, root, gone, free })
    }

    /// The folder in which whole files come to lie: an inbox like any other, but that a file which
    /// is done is to be given to [`Settler::settle`].
    #[must_use]
    pub fn files(&self) -> PathBuf {
        self.spool.files()
    }

    /// What files that are done are given to. It may be used while a round is under way.
    #[must_use]
    pub fn settler(&self) -> Settler {
        Settler { spool: self.spool.clone(), root: self.root.clone() }
    }

    /// Asks for the list, and fetches what is missing. What the server no longer had is asked for
    /// again after everything else, as far as there is room in the round.
    ///
    /// # Errors
    /// At the first thing that does not work. What had come by then stays, and the next round goes
    /// on from there.
    pub fn round(&mut self) -> Result<Round, FetchError> {
        let text = self.index()?;
        let index = |source| FetchError::Index { url: self.index_url.clone(), source };
        let listed = paths(&text).map_err(index)?;
        self.disk(self.spool.tidy(&listed))?;
        let mut missing: BTreeSet<_> =
            listed.iter().filter(|path| !self.spool.has(path)).cloned().collect();
        // What is no longer listed is forgotten; the rest comes last.
        self.gone.retain(|path| missing.remove(path));
        let first: Vec<_> = listed.into_iter().filter(|path| missing.contains(path)).collect();
        let (mut round, again) = (Round { left: first.len(), ..Round::default() }, self.gone.len());
        for path in first.into_iter().take(ROUND_FILES_MAX) {
            self.take_one(path, &mut round)?;
            round.left -= 1;
        }
        let room = ROUND_FILES_MAX.saturating_sub(round.new + round.gone);
        for _ in 0..room.min(again) {
            let Some(path) = self.gone.pop_front() else { break };
            self.take_one(path, &mut round)?;
        }
        Ok(round)
    }

    /// Fetches one file, if it may lie here; one that is gone is remembered.
    fn take_one(&mut self, path: String, round: &mut Round) -> Result<(), FetchError> {
        if self.disk(self.spool.bytes())? > SPOOL_BYTES_MAX {
            return Err(FetchError::Full);
        }
        self.room()?;
        if self.fetch(&path)? {
            round.new += 1;
        } else {
            round.gone += 1;
            self.gone.push_back(path);
        }
        Ok(())
    }

    /// The list, which is sent only if it has changed.
    fn index(&self) -> Result<Vec<u8>, FetchError> {
        let url = &self.index_url;
        let before = self.disk(self.spool.index())?;
        let mark = before.as_ref().map(|(_, etag)| (IF_NONE_MATCH, etag.clone()));
        let mut response = self.get(url, &Vec::from_iter(mark))?;
        match (response.status(), before) {
            (StatusCode::NOT_MODIFIED, Some((text, _))) => Ok(text),
            (StatusCode::OK, _) => {
                let etag = header(&response, &ETAG);
                let body = response.body_mut().with_config().limit(INDEX_BYTES_MAX);
                let text = body.read_to_vec().map_err(|error| answer(url, &error))?;
                // What makes no sense is not kept, so it is asked for anew.
                paths(&text).map_err(|source| FetchError::Index { url: url.clone(), source })?;
                self.disk(self.spool.keep_index(&text, etag.as_deref()))?;
                Ok(text)
            }
            (status, _) => Err(refusal(url, status, &response)),
        }
    }

    /// Fetches one file; `false` where the server no longer has it.
    fn fetch(&self, path: &str) -> Result<bool, FetchError> {
        let url = format!("{}{path}", self.base_url);
        let part = self.disk(self.spool.part(path))?;
        let mut asked = vec![];
        if let Some((bytes, etag)) = &part {
            asked.push((RANGE, format!("bytes={bytes}-")));
            asked.push((IF_RANGE, etag.clone()));
        }
        let response = self.get(&url, &asked)?;
        let have = part.map_or(0, |(bytes, _)| bytes);
        match response.status() {
            StatusCode::PARTIAL_CONTENT if have > 0 => {
                let range = header(&response, &CONTENT_RANGE).unwrap_or_default();
                if !range.starts_with(&format!("bytes {have}-")) {
                    self.disk(self.spool.forget_part(path))?;
                    return Err(FetchError::Answer { url, reason: "another part".to_owned() });
                }
                let file = self.disk(self.spool.go_on(path))?;
                self.take(path, &url, response, file, have)
            }
            StatusCode::OK => {
                // A weak mark does not say that every byte is the same.
                let etag = header(&response, &ETAG).filter(|etag| etag.starts_with('"'));
                let file = self.disk(self.spool.begin(path, etag.as_deref()))?;
                self.take(path, &url, response, file, 0)
            }
            // Storage that does not tell what it holds forbids what is not there.
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::FORBIDDEN => {
                self.disk(self.spool.forget_part(path)).map(|()| false)
            }
            StatusCode::RANGE_NOT_SATISFIABLE => {
                self.disk(self.spool.forget_part(path))?;
                Err(FetchError::Answer { url, reason: "it has less than it had".to_owned() })
            }
            status => Err(refusal(&url, status, &response)),
        }
    }

    /// Writes an answer to the disk. Where it breaks off, what has come stays for the next round.
    fn take(
        &self,
        path: &str,
        url: &str,
        response: Response<Body>,
        mut file: std::fs::File,
        have: u64,
    ) -> Result<bool, FetchError> {
        let most = FILE_BYTES_MAX.saturating_sub(have);
        let said = response.body().content_length();
        if said.is_some_and(|bytes| bytes > most) {
            self.disk(self.spool.forget_part(path))?;
            return Err(FetchError::Answer {
                url: url.to_owned(),
                reason: "it is too long".into(),
            });
        }
        let room = self.room()?;
        if said.is_some_and(|bytes| bytes > room) {
            return Err(FetchError::NoRoom { path: self.root.clone() });
        }
        let mut body = response.into_body().into_with_config().limit(most).reader();
        let mut buffer = vec![0; 64 << 10];
        let mut came = 0_u64;
        loop {
            let read = body.read(&mut buffer).map_err(|error| FetchError::Answer {
                url: url.to_owned(),
                reason: error.to_string(),
            })?;
            if read == 0 {
                break;
            }
            self.disk(file.write_all(buffer.get(..read).unwrap_or_default()))?;
            came = came.saturating_add(u64::try_from(read).unwrap_or(0));
            if came > room {
                return Err(FetchError::NoRoom { path: self.root.clone() });
            }
        }
        if said.is_some_and(|bytes| bytes != came) {
            return Err(FetchError::Answer { url: url.to_owned(), reason: "it breaks off".into() });
        }
        self.disk(self.spool.complete(path, &file)).map(|()| true)
    }

    /// Bytes that may come; never none.
    fn room(&self) -> Result<u64, FetchError> {
        let free = self.disk((self.free)(&self.root))?;
        let room = free.checked_sub(RESERVE_BYTES).filter(|room| *room > 0);
        room.ok_or_else(|| FetchError::NoRoom { path: self.root.clone() })
    }

    fn get(
        &self,
        url: &str,
        headers: &[(HeaderName, String)],
    ) -> Result<Response<Body>, FetchError> {
        let mut request = self.agent.get(url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let failed = |source| FetchError::Network { url: url.to_owned(), source: Box::new(source) };
        let response = request.call().map_err(failed)?;
        if response.status().is_redirection() && response.status() != StatusCode::NOT_MODIFIED {
            return Err(FetchError::Elsewhere { url: url.to_owned() });
        }
        Ok(response)
    }

    fn disk<T>(&self, done: io::Result<T>) -> Result<T, FetchError> {
        done.map_err(|source| FetchError::Disk { path: self.root.clone(), source })
    }
}

/// Bytes that are free to the kiosk's own account where a path lies.
fn free(path: &Path) -> io::Result<u64> {
    let found = rustix::fs::statvfs(path)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

fn header(response: &Response<Body>, name: &HeaderName) -> Option<String> {
    response.headers().get(name)?.to_str().ok().map(str::to_owned)
}

fn answer(url: &str, error: &ureq::Error) -> FetchError {
    FetchError::Answer { url: url.to_owned(), reason: error.to_string() }
}

fn refusal(url: &str, status: StatusCode, response: &Response<Body>) -> FetchError {
    let seconds = header(response, &RETRY_AFTER).and_then(|text| text.parse().ok());
    let wait = seconds.map(Duration::from_secs);
    FetchError::Status { url: url.to_owned(), status: status.as_u16(), wait }
}

#[cfg(test)]
mod tests;
