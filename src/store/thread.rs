//! The thread that owns the book, and the handle to it.
//!
//! The queue between them is bounded and never blocks the sender: a loop that has to feed a
//! watchdog and a screen waits neither for a disk nor for a book that is being opened or saved.
//!
//! Whatever is asked is owed an answer and gets one: what is dropped unanswered, because the
//! thread panicked or has ended, answers itself.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::book::Book;
use super::check::Check;
use super::error::StoreError;
use super::{Answer, Options, Unwell};
use crate::domain::request::{Reply, Request};

/// Requests that may wait. The core has at most 64 under way; more means that somebody else
/// asks, and the disk has stopped.
const QUEUE: usize = 256;

/// Where the answers go. It is called on the store's threads: it should hand the answer on and
/// return. If it panics, it is taken not to have handed the answer on.
pub type OnAnswer = Arc<dyn Fn(Answer) + Send + Sync>;

/// The handle to the thread that owns the book. Dropping it lets the thread finish what it was
/// asked, waits for that, and closes the book.
pub struct Store {
    requests: Option<SyncSender<(Request, Owed)>>,
    thread: Option<JoinHandle<()>>,
    on_answer: OnAnswer,
}

impl Store {
    /// Starts the thread, which lets the `former` one end and then opens the book at `path` as
    /// [`Book::open`] does. Nobody waits for that: the first answer says how it went. Then each
    /// request has its answer, in their order.
    #[must_use]
    pub fn open(path: &Path, options: Options, former: Option<Self>, on_answer: OnAnswer) -> Self {
        let (requests, received) = sync_channel(QUEUE);
        let opening = Owed::new(Debt::Opening, &on_answer);
        let (path, answers) = (path.to_owned(), Arc::clone(&on_answer));
        // Without a thread the opening is dropped here, and so is every request: they answer
        // themselves.
        let thread = std::thread::Builder::new()
            .name("store".into())
            .spawn(move || {
                drop(former);
                serve(&path, options, opening, &received, &answers);
            })
            .ok();
        Self { requests: Some(requests), thread, on_answer }
    }

    /// Puts a request in the queue. Where there is no room, or the thread has ended, it is answered
    /// at once: [`Reply::Failed`].
    pub fn submit(&self, request: Request) {
        let owed = Owed::new(Debt::Reply, &self.on_answer);
        if let Some(requests) = &self.requests {
            drop(requests.try_send((request, owed)));
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        drop(self.requests.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so, and has rolled back what it was at.
            drop(thread.join());
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

/// What an answer is owed to.
#[derive(Clone, Copy)]
enum Debt {
    Opening,
    Reply,
}

/// An answer that is owed. Dropped unpaid, it says that the book is gone.
struct Owed {
    debt: Option<Debt>,
    on_answer: OnAnswer,
}

impl Owed {
    fn new(debt: Debt, on_answer: &OnAnswer) -> Self {
        Self { debt: Some(debt), on_answer: Arc::clone(on_answer) }
    }

    fn pay(mut self, answer: Answer) {
        (self.on_answer)(answer);
        self.debt = None;
    }
}

impl Drop for Owed {
    fn drop(&mut self) {
        let gone = StoreError::Gone;
        match self.debt {
            None => {}
            Some(Debt::Opening) => (self.on_answer)(Answer::NotOpened(gone.into())),
            Some(Debt::Reply) => (self.on_answer)(Answer::Reply(Reply::Failed(gone.fault()))),
        }
    }
}

fn serve(
    path: &Path,
    options: Options,
    opening: Owed,
    requests: &Receiver<(Request, Owed)>,
    on_answer: &OnAnswer,
) {
    match Book::open(path, options) {
        Ok((book, opened)) => {
            opening.pay(Answer::Opened(Box::new(opened)));
            keep(book, path, requests, on_answer);
        }
        Err(error) => {
            let fault = error.fault();
            opening.pay(Answer::NotOpened(Unwell::from(error)));
            for (_, owed) in requests {
                owed.pay(Answer::Reply(Reply::Failed(fault)));
            }
        }
    }
}

/// Answers requests. While nobody asks for anything, the name index is read, slice by slice; then
/// every page of the book is, beside this thread. When nobody has asked for a moment, the write-ahead
/// log is emptied, step by step.
fn keep(mut book: Book, path: &Path, requests: &Receiver<(Request, Owed)>, on_answer: &OnAnswer) {
    let mut behind = true;
    let mut check: Option<Check> = None;
    loop {
        let quiet = book.empties_log_after();
        let next = if behind { requests.try_recv() } else { wait(requests, quiet) };
        match next {
            Ok((request, owed)) => {
                // An erasure empties the write-ahead log, which a reader would hold.
                if erases(&request) {
                    check = check.filter(|check| !check.is_under_way());
                }
                owed.pay(Answer::Reply(book.answer(request)));
            }
            // What cannot be read now is tried again when somebody searches, and reported then.
            Err(TryRecvError::Empty) if behind => behind = book.read_on().unwrap_or(false),
            // What the disk has against it is met again by whoever writes next.
            Err(TryRecvError::Empty) => drop(book.empty_log()),
            Err(TryRecvError::Disconnected) => break,
        }
        if !behind && check.is_none() {
            let on_answer = Arc::clone(on_answer);
            let found = move |error: StoreError| on_answer(Answer::FoundDamaged(error.into()));
            check = Some(Check::begin(path, found));
        }
    }
    // The last connection to close empties the write-ahead log into the book.
    drop(check);
    drop(book);
}

const fn erases(request: &Request) -> bool {
    matches!(request, Request::Erase { .. } | Request::Expire { .. } | Request::Forget { .. })
}

/// The next request. It is waited for as long as it takes, or until it was quiet for so long.
fn wait(
    requests: &Receiver<(Request, Owed)>,
    quiet: Option<Duration>,
) -> Result<(Request, Owed), TryRecvError> {
    match quiet {
        None => requests.recv().map_err(|_| TryRecvError::Disconnected),
        Some(quiet) => requests.recv_timeout(quiet).map_err(|error| match error {
            RecvTimeoutError::Timeout => TryRecvError::Empty,
            RecvTimeoutError::Disconnected => TryRecvError::Disconnected,
        }),
    }
}
