//! The loop: waits for the next input by the machine's clock, hands it to the kiosk, shows what
//! has changed. One thread, one input at a time; everything slow is on another thread.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, oneshot};

use super::errands::{self, Errands, Origin};
use super::handout::{Writer, Written};
use super::{Input, Kiosk};
use crate::clock::Clock;
use crate::domain::fault::{Fault, Organ, Trouble};
use crate::domain::moment::{Mono, Now};
use crate::domain::signal::{Sensed, Wiring};
use crate::domain::site::Site;
use crate::domain::touch::Touch;
use crate::gpio::{Pins, PinsError};
use crate::radio::beacon::News;
use crate::radio::ears::Ears;
use crate::radio::live::Change;
use crate::radio::voice::Voice;
use crate::service::Service;
use crate::store::Answer;
use crate::view::View;

/// Touches that may wait. A finger makes ten a second; the loop answers in a millisecond.
const TOUCHES: usize = 256;

/// Signs of the sensor and the button that may wait.
const SENSED: usize = 64;

/// Adverts taken in between two looks at everything else.
const ADVERTS_AT_ONCE: u32 = 128;

/// What the loop is made of.
#[derive(Debug)]
pub struct Parts {
    /// The place.
    pub site: Site,
    /// The file of the logbook.
    pub book: PathBuf,
    /// The pins, if any are wired.
    pub wiring: Option<Wiring>,
    /// Where adverts come from.
    pub ears: Ears,
    /// Where published keys come from.
    pub published: Origin,
    /// What writes the exposures out for the health officer.
    pub writer: Writer,
    /// Where the kiosk's own adverts go.
    pub voice: Voice,
    /// The clock the ears were begun by.
    pub clock: Clock,
}

/// The running loop.
#[derive(Debug)]
pub struct Live {
    touches: mpsc::Sender<Touch>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Puts touches into the loop.
#[derive(Clone, Debug)]
pub struct Fingers(mpsc::Sender<Touch>);

impl Fingers {
    /// Hands a touch over. It waits for room rather than lose one; there is room unless the loop
    /// has ended, and then nobody is listening.
    pub fn touch(&self, touch: Touch) {
        self.0.blocking_send(touch).ok();
    }
}

/// What the loop has to say to whoever shows the screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Output {
    /// Show this.
    Show(Box<View>),
    /// Something for the journal; it names no person.
    Remark(String),
}

impl Live {
    /// Starts the loop on a thread of its own. `on_output` is called there.
    ///
    /// # Errors
    ///
    /// When the system gives no thread or no timer.
    pub fn start(
        parts: Parts,
        on_output: impl FnMut(Output) + Send + 'static,
    ) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (touches, incoming) = mpsc::channel(TOUCHES);
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("kiosk".to_owned())
            .spawn(move || runtime.block_on(run(parts, incoming, stopped, on_output)))?;
        Ok(Self { touches, stop: Some(stop), thread: Some(thread) })
    }

    /// Where touches go in.
    #[must_use]
    pub fn fingers(&self) -> Fingers {
        Fingers(self.touches.clone())
    }

    /// Calls `ended` when the system asks the program to end (SIGTERM, SIGINT), on a thread of its
    /// own that ends with the returned guard.
    ///
    /// # Errors
    ///
    /// When the system gives no thread, or refuses to tell.
    pub fn on_signal(&self, ended: impl FnOnce() + Send + 'static) -> std::io::Result<Signals> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let (forget, forgotten) = oneshot::channel();
        let guard = runtime.enter();
        let mut terminated = signal(SignalKind::terminate())?;
        let mut interrupted = signal(SignalKind::interrupt())?;
        drop(guard);
        let thread = std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            runtime.block_on(async move {
                tokio::select! {
                    _ = terminated.recv() => ended(),
                    _ = interrupted.recv() => ended(),
                    _ = forgotten => {}
                }
            });
        })?;
        Ok(Signals { forget: Some(forget), thread: Some(thread) })
    }

    /// Ends the loop and waits until the book is closed.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The loop may have ended by itself.
            stop.send(()).ok();
        }
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.end();
    }
}

/// Listens for the system's signals until it is dropped.
#[derive(Debug)]
pub struct Signals {
    forget: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Signals {
    fn drop(&mut self) {
        drop(self.forget.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

async fn run(
    parts: Parts,
    mut incoming: mpsc::Receiver<Touch>,
    mut stopped: oneshot::Receiver<()>,
    mut on_output: impl FnMut(Output),
) {
    // As many answers as there are requests, and those are bounded.
    let (answer, mut answers) = mpsc::unbounded_channel::<Answer>();
    let (sense, mut sensed) = mpsc::channel::<Sensed>(SENSED);
    let mut wheel = Wheel::put_together(parts, answer, sense, &mut on_output);
    loop {
        let wake = wheel.turn(&mut on_output);
        let Wheel { kiosk, ears, voice, errands, clock, .. } = &mut wheel;
        let input = tokio::select! {
            biased;
            _ = &mut stopped => break,
            Some(touch) = incoming.recv() => Input::Touch(touch),
            Some(said) = answers.recv() => Input::Answer(said),
            Some(sensed) = sensed.recv() => Input::Sensed(sensed),
            news = errands.news() => match news {
                errands::News::Matching(news) => Input::Matching(news),
                errands::News::Handed(session, written) => {
                    handed_out(session, written, &mut on_output)
                }
                errands::News::Remark(remark) => {
                    on_output(Output::Remark(remark));
                    continue;
                }
            },
            () = ears.stirred() => continue,
            () = voice.stirred() => continue,
            () = tokio::time::sleep_until(wake.into()) => Input::Timeout,
        };
        if matches!(input, Input::Touch(_)) {
            ears.handle_somebody(clock.now().mono);
        }
        kiosk.handle(input, clock.now());
    }
    let Wheel { kiosk, errands, service, .. } = wheel;
    service.stopping();
    // The book is closed at once, whatever is being fetched or matched.
    drop(errands);
    drop(kiosk);
}

/// The kiosk and the edges that are turned with it.
struct Wheel {
    kiosk: Kiosk,
    ears: Ears,
    voice: Voice,
    errands: Errands,
    service: Service,
    clock: Clock,
    shown: Option<View>,
    is_open: bool,
}

impl Wheel {
    fn put_together(
        parts: Parts,
        answer: mpsc::UnboundedSender<Answer>,
        sense: mpsc::Sender<Sensed>,
        mut on_output: impl FnMut(Output),
    ) -> Self {
        let Parts { site, book, wiring, mut ears, published, writer, voice, clock } = parts;
        let service = Service::new();
        let (errands, not_begun) = Errands::begin(published, writer);
        if let Some(remark) = not_begun {
            on_output(Output::Remark(remark));
        }
        let (pins, no_pins) = open_pins(wiring, sense);
        let on_answer = Arc::new(move |said| drop(answer.send(said)));
        let mut kiosk = Kiosk::new(site, book, pins, on_answer, clock.now());
        if let Some(error) = no_pins {
            on_output(Output::Remark(format!("failed to {error}")));
            let fault = Fault { organ: Organ::Pins, trouble: Trouble::Gone };
            kiosk.handle(Input::Fault(fault), clock.now());
        }
        kiosk.handle(Input::Source(ears.source()), clock.now());
        if !ears.can_hear() {
            let fault = Fault { organ: Organ::Radio, trouble: Trouble::Gone };
            kiosk.handle(Input::Fault(fault), clock.now());
        }
        if let Err(error) = ears.join_loop() {
            on_output(Output::Remark(format!("failed to wait for the radio: {error}")));
        }
        service.ready("the book is being opened");
        Self { kiosk, ears, voice, errands, service, clock, shown: None, is_open: false }
    }

    /// Takes in what the edges have to say, and hands them what is to be done. Returns when it
    /// wants to be turned again at the latest.
    fn turn(&mut self, mut on_output: impl FnMut(Output)) -> Instant {
        let Self { kiosk, ears, voice, errands, service, clock, .. } = self;
        let now = clock.now();
        service.turn(now.mono);
        ears.hear(now.mono, ADVERTS_AT_ONCE, |advert, _| kiosk.hear(advert, now));
        while let Some(change) = ears.turn(now.mono) {
            match change {
                Change::Health(health) => kiosk.handle(radio_health(health), now),
                Change::Address { taken } => {
                    if let Some(remark) = address_answered(kiosk, taken, now) {
                        on_output(Output::Remark(remark));
                    }
                }
                Change::Remark(remark) => on_output(Output::Remark(remark)),
            }
        }
        if let Some(error) = ears.take_failure() {
            on_output(Output::Remark(format!("failed to play the capture to its end: {error}")));
        }
        kiosk.attend(ears, now);
        if let Some(remark) = errands.turn(kiosk, now) {
            on_output(Output::Remark(remark));
        }
        while let Some(news) = voice.take_news() {
            match news {
                News::Sets(sets) => kiosk.handle(Input::BeaconSets(sets), now),
                News::Remark(remark) => on_output(Output::Remark(remark)),
            }
        }
        kiosk.announce(voice, now);
        let checks_in = kiosk.reception().trouble(Organ::Store).is_none();
        if std::mem::replace(&mut self.is_open, checks_in) != checks_in {
            service.status(if checks_in { "check-in is open" } else { "check-in has stopped" });
        }
        if let Some(remark) = kiosk.take_remark() {
            on_output(Output::Remark(remark));
        }
        if let Some(view) = kiosk.take_view(now).filter(|view| self.shown.as_ref() != Some(view)) {
            on_output(Output::Show(Box::new(view.clone())));
            self.shown = Some(view);
        }
        let due = [kiosk.poll_timeout(now), ears.poll_timeout(), service.poll_timeout()];
        wake_at(clock, due.into_iter().flatten().min())
    }
}

/// The controller was told a new address. What that changes for what is sent is for the journal.
fn address_answered(kiosk: &mut Kiosk, taken: bool, now: Now) -> Option<String> {
    let before = kiosk.reception().beacon().unsent();
    kiosk.handle(Input::BeaconAddress(taken), now);
    match (before, kiosk.reception().beacon().unsent()) {
        (None, Some(network)) => Some(format!(
            "{network} is not sent: the adapter refuses a new address while it listens; give it \
             an adapter of its own, `adapter` under [beacon] in kiosk.toml"
        )),
        (Some(network), None) => {
            Some(format!("{network} is sent: the adapter takes new addresses"))
        }
        _ => None,
    }
}

/// What has come of writing the exposures out.
fn handed_out(session: u32, written: Written, mut on_output: impl FnMut(Output)) -> Input {
    if let Err(error) = &written {
        on_output(Output::Remark(format!("failed to {error}")));
    }
    Input::Exported { session, place: written.ok().map(|place| place.display().to_string()) }
}

/// Pins where they are wired and can be reached; else pins that only write down.
fn open_pins(wiring: Option<Wiring>, sense: mpsc::Sender<Sensed>) -> (Pins, Option<PinsError>) {
    const NO_GATE_PULSE: std::time::Duration = std::time::Duration::from_secs(3);
    let Some(wiring) = wiring else { return (Pins::simulated(NO_GATE_PULSE), None) };
    // A sensor that says the same thing sixty-four times before anybody looks has said it.
    let on_sensed = move |sensed| _ = sense.try_send(sensed);
    match Pins::open(&wiring, on_sensed) {
        Ok(pins) => (pins, None),
        Err(error) => (Pins::simulated(wiring.gate_pulse), Some(error)),
    }
}

/// What the kiosk is told of the radio.
fn radio_health(trouble: Option<Trouble>) -> Input {
    match trouble {
        Some(trouble) => Input::Fault(Fault { organ: Organ::Radio, trouble }),
        None => Input::Mended(Organ::Radio),
    }
}

fn wake_at(clock: &Clock, due: Option<Mono>) -> Instant {
    // Without anything due, the next whole minute of the clock on the screen always is.
    let due = due.unwrap_or_default();
    clock.instant(due).unwrap_or_else(|| tokio::time::Instant::now().into_std())
}
