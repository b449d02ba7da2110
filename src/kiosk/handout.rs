//! Writing the exposures out for the health officer when an administrator asks for it at the screen:
//! on a thread of its own, since a USB stick may take seconds.
//!
//! What is written, whoever puts the kiosk together says. That it is done, and why, is in the book
//! before.

use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::exposure::reason::Reason;
use crate::domain::exposure::windows::ExposureNotice;
use crate::domain::moment::Wall;

/// The exposures are to be written out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ToExport {
    /// Who asked for it, as far as the guard's screen knows.
    pub session: u32,
    /// Why.
    pub reason: Reason,
    /// The entry of the book that says so.
    pub entry: u64,
}

/// What has come of it: where the files lie, or why there are none, in words that fit after
/// "failed to".
pub type Written = Result<PathBuf, String>;

type Write = dyn Fn(&ToExport, &[ExposureNotice], Wall) -> Written + Send + Sync;

/// Writes exposures out.
#[derive(Clone)]
pub struct Writer(Arc<Write>);

impl Writer {
    /// One that writes with `write`.
    #[must_use]
    pub fn new(
        write: impl Fn(&ToExport, &[ExposureNotice], Wall) -> Written + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(write))
    }

    /// Begins to write; `tell` is called on the thread that does.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn begin(
        &self,
        asked: ToExport,
        notices: Vec<ExposureNotice>,
        now: Wall,
        tell: impl FnOnce(Written) + Send + 'static,
    ) -> std::io::Result<()> {
        let write = Arc::clone(&self.0);
        let thread = std::thread::Builder::new().name("handout".to_owned());
        thread.spawn(move || tell(write(&asked, &notices, now))).map(drop)
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writer")
    }
}
