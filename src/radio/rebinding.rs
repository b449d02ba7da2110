//! Asks root's unit for the driver of the adapter to be bound anew, and reads what has come of it:
//! see `deploy/rebind`. It knows neither BlueZ nor when that is called for.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use tokio::time::{interval, timeout};

use super::patience::LOOK_EVERY;

/// Where the service asks: see `deploy/systemd/kiosk-rebind.path`.
const REQUEST: &str = "/run/kiosk/rebind";
/// Where root's unit answers: see `deploy/systemd/kiosk-rebind.service`.
const ANSWERS: &str = "/run/kiosk-rebind";
/// Root's unit tries for fifteen seconds.
const REBOUND_WITHIN: Duration = Duration::from_secs(20);

/// The way to root's unit and back.
pub(super) struct Rebinding {
    request: PathBuf,
    answers: PathBuf,
    look_every: Duration,
    within: Duration,
}

impl Rebinding {
    /// That of this machine.
    pub(super) fn of_this_machine() -> Self {
        Self {
            request: REQUEST.into(),
            answers: ANSWERS.into(),
            look_every: LOOK_EVERY,
            within: REBOUND_WITHIN,
        }
    }

    /// Asks for it, and waits. Whether it was done.
    pub(super) async fn ask(&self, adapter: &str) -> bool {
        if fs::write(&self.request, adapter).is_err() {
            return false;
        }
        let mut look = interval(self.look_every);
        let taken = timeout(self.within, async {
            while self.request.exists() {
                look.tick().await;
            }
        });
        if taken.await.is_err() {
            // Nobody came for it; a request must not wait for another day.
            drop(fs::remove_file(&self.request));
            return false;
        }
        // It was taken away whatever came of it.
        fs::read_to_string(self.answers.join("result")).is_ok_and(|result| result.trim() == "done")
    }

    /// Whether root's unit has taken the adapter from its driver and could not give it back. Then it
    /// is not there, but nobody has pulled it out.
    pub(super) fn has_kept(&self, adapter: &str) -> bool {
        let unbound = fs::read_to_string(self.answers.join("unbound"));
        unbound.is_ok_and(|unbound| unbound.lines().next() == Some(adapter))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn in_place(place: &Path, within: Duration) -> Rebinding {
        let look_every = Duration::from_millis(1);
        Rebinding { request: place.join("rebind"), answers: place.into(), look_every, within }
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
            .block_on(future)
    }

    /// Asks while somebody plays root's unit, who takes the request away and leaves this.
    fn asked(result: &str) -> bool {
        let place = tempfile::tempdir().unwrap();
        let rebinding = in_place(place.path(), Duration::from_mins(1));
        let root = async {
            while !rebinding.request.exists() {
                tokio::task::yield_now().await;
            }
            assert_eq!(fs::read_to_string(&rebinding.request).unwrap(), "hci0");
            fs::write(place.path().join("result"), result).unwrap();
            fs::remove_file(&rebinding.request).unwrap();
        };
        run(async { tokio::join!(rebinding.ask("hci0"), root) }).0
    }

    #[test]
    fn a_request_that_was_taken_away_is_not_yet_done() {
        assert!(asked("done\n"));
        assert!(!asked("the driver does not take hci0 back; the next request tries again\n"));
        assert!(!asked(""));
    }

    #[test]
    fn a_request_for_which_nobody_comes_is_withdrawn() {
        let place = tempfile::tempdir().unwrap();
        let rebinding = in_place(place.path(), Duration::from_millis(5));
        assert!(!run(rebinding.ask("hci0")));
        assert!(!rebinding.request.exists());
    }

    #[test]
    fn an_adapter_without_its_driver_was_not_pulled_out() {
        let place = tempfile::tempdir().unwrap();
        let rebinding = in_place(place.path(), Duration::ZERO);
        assert!(!rebinding.has_kept("hci0"));
        fs::write(place.path().join("unbound"), "hci0\n/sys/devices/1-1:1.0\n/sys/d\n").unwrap();
        assert!(rebinding.has_kept("hci0"));
        assert!(!rebinding.has_kept("hci1"));
    }
}
