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

    /// Begins to write; `tell` is called on the thread that does, also where it panics.
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
        let owed = Owed(Some(tell));
        thread.spawn(move || owed.pay(write(&asked, &notices, now))).map(drop)
    }
}

/// Somebody who waits to be told what has come of it. Dropped unpaid, because the thread panicked,
/// it says that nothing has.
struct Owed<F: FnOnce(Written)>(Option<F>);

impl<F: FnOnce(Written)> Owed<F> {
    fn pay(mut self, written: Written) {
        if let Some(tell) = self.0.take() {
            tell(written);
        }
    }
}

impl<F: FnOnce(Written)> Drop for Owed<F> {
    fn drop(&mut self) {
        if let Some(tell) = self.0.take() {
            tell(Err("write the exposures to their end: a fault of the program".to_owned()));
        }
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writer")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    #[test]
    fn whoever_waits_is_told_also_after_a_panic() {
        let asked = || ToExport { session: 1, reason: Reason::new("letter 12").unwrap(), entry: 7 };
        let told = |writer: Writer| {
            let (tell, told) = channel();
            let tell = move |written| tell.send(written).unwrap();
            writer.begin(asked(), vec![], Wall(0), tell).unwrap();
            told.recv_timeout(Duration::from_mins(1)).expect("it is told")
        };
        assert_eq!(told(Writer::new(|_, _, _| Ok("there".into()))), Ok("there".into()));
        let error = told(Writer::new(|_, _, _| panic!("on purpose"))).unwrap_err();
        assert!(error.contains("a fault of the program"), "{error}");
    }
}
