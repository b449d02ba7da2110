//! What is done beside the loop for days that may come: published keys are fetched, and matched
//! against what was heard; exposures are written out. Each on a thread of its own; the loop is told.

use std::path::PathBuf;

use tokio::sync::mpsc;

use super::fetching::Fetching;
use super::handout::{Writer, Written};
use super::matching::{Source, Task, Work};
use super::{Input, Kiosk};
use crate::domain::exposure::matched::{Matching, Progress};
use crate::domain::moment::Now;
use crate::published::fetch;

/// News that may wait. Who has more waits for room.
const NEWS: usize = 64;

/// Where published keys come from.
#[derive(Debug)]
pub struct Origin {
    /// Files in folders.
    pub source: Source,
    /// A server from which they are fetched, and the folder in which its files come to lie.
    pub server: Option<(fetch::Source, PathBuf)>,
}

/// What the threads have to say.
#[derive(Debug)]
pub(super) enum News {
    Matching(Matching),
    /// What has come of writing the exposures out, and for whom that was.
    Handed(u32, Written),
    /// For the journal.
    Remark(String),
}

/// The threads. When it is dropped, they are told to end and nobody waits for it: none of them
/// leaves anything behind that the next start does not go on with. `news` goes first, so that none
/// of them waits for somebody to listen.
#[derive(Debug)]
pub(super) struct Errands {
    news: mpsc::Receiver<News>,
    tell: mpsc::Sender<News>,
    source: Source,
    writer: Writer,
    work: Option<Work>,
    /// It asks on its own as long as it is there.
    _fetching: Option<Fetching>,
}

impl Errands {
    /// Begins to fetch where there is a server. Why it does not is for the journal.
    pub(super) fn begin(origin: Origin, writer: Writer) -> (Self, Option<String>) {
        let Origin { mut source, server } = origin;
        let (tell, news) = mpsc::channel(NEWS);
        let (mut fetching, mut remark) = (None, None);
        if let Some((server, spool)) = server {
            let tell = tell.clone();
            let on_remark = move |remark| drop(tell.blocking_send(News::Remark(remark)));
            match Fetching::begin(&server, spool, on_remark) {
                Ok(begun) => {
                    source.look_into(begun.files().to_owned(), begun.settler());
                    fetching = Some(begun);
                }
                Err(error) => remark = Some(format!("published keys are not fetched: {error}")),
            }
        }
        (Self { news, tell, source, writer, work: None, _fetching: fetching }, remark)
    }

    /// Begins what the kiosk wants done. Why it cannot is for the journal.
    pub(super) fn turn(&mut self, kiosk: &mut Kiosk, now: Now) -> Option<String> {
        self.write_out(kiosk, now).or_else(|| self.begin_matching(kiosk, now))
    }

    /// Has the exposures written out.
    fn write_out(&self, kiosk: &mut Kiosk, now: Now) -> Option<String> {
        let asked = kiosk.take_to_export()?;
        let (session, tell) = (asked.session, self.tell.clone());
        let notices = kiosk.reception().exposures().to_vec();
        let handed = move |written| drop(tell.blocking_send(News::Handed(session, written)));
        let error = self.writer.begin(asked, notices, now.wall, handed).err()?;
        kiosk.handle(Input::Exported { session, place: None }, now);
        Some(format!("failed to write the exposures out: {error}"))
    }

    /// Has published keys matched: by night on every core.
    fn begin_matching(&mut self, kiosk: &mut Kiosk, now: Now) -> Option<String> {
        let gently = kiosk.take_to_match()?;
        let all = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let task = Task {
            book: kiosk.book().to_owned(),
            zone: kiosk.reception().site().zone,
            cores: if gently { 1 } else { all },
            wall: now.wall,
            venue: kiosk.reception().site().venue.clone(),
            source: self.source.clone(),
            night: kiosk.reception().matched_night(),
        };
        let tell = self.tell.clone();
        match Work::begin(task, move |news| drop(tell.blocking_send(News::Matching(news)))) {
            Ok(work) => {
                self.work = Some(work);
                None
            }
            Err(error) => {
                let (progress, refused) = (Progress::default(), Vec::new());
                kiosk.handle(Input::Matching(Matching::Ended { progress, refused }), now);
                Some(format!("failed to begin matching: {error}"))
            }
        }
    }

    /// The next of the news.
    pub(super) async fn news(&mut self) -> News {
        match self.news.recv().await {
            Some(news) => news,
            // It holds an end of the channel itself, so there is always more to wait for.
            None => std::future::pending().await,
        }
    }
}
