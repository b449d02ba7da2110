//! The thread that owns the book, and the handle to it.
//!
//! The queue between them is bounded and never blocks the sender: a loop that has to feed a
//! watchdog and a screen does not wait for a disk.

use std::fmt;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::JoinHandle;

use super::book::Book;
use super::error::StoreError;
use super::{Opened, Options};
use crate::domain::fault::Fault;
use crate::domain::request::{Reply, Request};

/// Requests that may wait. One visitor makes a handful, the closing sweep of a full house about
/// a hundred; more means that the disk has stopped.
const QUEUE: usize = 256;

/// The handle to the thread that owns the book. Dropping it lets the thread finish what it was
/// asked, waits for that, and closes the book.
pub struct Store {
    requests: Option<SyncSender<Request>>,
    thread: Option<JoinHandle<()>>,
}

impl Store {
    /// Opens the book at `path` as [`Book::open`] does and starts the thread. Every request gets
    /// one reply, in the order of the requests, through `reply`, which is called on that thread:
    /// it should hand the reply on and return.
    ///
    /// # Errors
    /// Every [`StoreError`]; nothing is lost by any of them.
    pub fn open(
        path: &Path,
        options: Options,
        reply: impl FnMut(Reply) + Send + 'static,
    ) -> Result<(Self, Opened), StoreError> {
        let (book, opened) = Book::open(path, options)?;
        let (requests, received) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("store".into())
            .spawn(move || serve(book, &received, reply))
            .map_err(|error| StoreError::disk("start the thread of", path, error))?;
        Ok((Self { requests: Some(requests), thread: Some(thread) }, opened))
    }

    /// Puts a request in the queue.
    ///
    /// # Errors
    /// A [`Fault`] when the queue is full or the thread is gone; then there will be no reply.
    pub fn submit(&self, request: Request) -> Result<(), Fault> {
        let gone = StoreError::Gone.fault();
        let requests = self.requests.as_ref().ok_or(gone)?;
        requests.try_send(request).map_err(|_| gone)
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

fn serve(mut book: Book, requests: &Receiver<Request>, mut reply: impl FnMut(Reply)) {
    // While nobody asks for anything, the name index is read, slice by slice.
    let mut behind = true;
    loop {
        let next = if behind { requests.try_recv() } else { wait(requests) };
        match next {
            Ok(request) => reply(book.answer(request)),
            // What cannot be read now is tried again when somebody searches, and reported then.
            Err(TryRecvError::Empty) => behind = book.read_on().unwrap_or(false),
            Err(TryRecvError::Disconnected) => break,
        }
    }
    // The last connection to close empties the write-ahead log into the book.
    drop(book);
}

fn wait(requests: &Receiver<Request>) -> Result<Request, TryRecvError> {
    requests.recv().map_err(|_| TryRecvError::Disconnected)
}
