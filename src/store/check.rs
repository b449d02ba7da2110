//! Reading every page of the book once, beside the thread that writes it.
//!
//! Opening reads only what is needed to begin; damage anywhere else is found here, or where it is
//! met. It has a connection of its own that only reads, so nobody waits for it. It mends nothing:
//! it says what it found, and whoever is told has the book opened anew.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use super::error::StoreError;
use super::log::Reader;

/// A check under way, or one that has ended. Dropping it stops it and waits for that.
#[derive(Debug)]
pub(super) struct Check {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Check {
    /// Begins to read the book at `path`. Damage goes to `on_damage`, on the thread that reads.
    /// Anything else that goes wrong is met by whoever writes as well, and said there.
    pub(super) fn begin(path: &Path, on_damage: impl FnOnce(StoreError) + Send + 'static) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (path, stops) = (path.to_owned(), Arc::clone(&stop));
        let read = move || {
            let stopped = move || stops.load(Ordering::Relaxed);
            let checked = Reader::open(&path).and_then(|mut book| book.check(stopped));
            if let Err(error @ StoreError::Damaged(_)) = checked {
                on_damage(error);
            }
        };
        // Without a thread the book stays unread, as it was.
        let thread = std::thread::Builder::new().name("store check".into()).spawn(read).ok();
        Self { stop, thread }
    }

    /// Whether it is still reading.
    pub(super) fn is_under_way(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }
}

impl Drop for Check {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so.
            drop(thread.join());
        }
    }
}
