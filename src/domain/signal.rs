//! What the kiosk says and hears without its screen: lamp, buzzer, gate, motion sensor, the
//! guard's button, and which pin each of them hangs on.
//!
//! Nothing here touches a pin: see `gpio/`.

use std::time::Duration;

/// The colour of the lamp over the desk.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Lamp {
    /// Dark: nobody is at the desk, or the kiosk is not running.
    #[default]
    Off,
    /// The phone was heard running an app, or the visitor is welcome.
    Green,
    /// Not seen yet. Never red: nobody is accused.
    Amber,
    /// Looking, or asking for a tap.
    Blue,
}

/// What the buzzer says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Buzz {
    /// The visit is in the book; one short sound.
    Welcome,
    /// The leaving is in the book; two short sounds.
    Farewell,
    /// It could not be written; one long sound.
    Sorry,
}

impl Buzz {
    /// How long the sound is on, off, on, and so on; it ends with an on. A short sound is a
    /// tenth of a second, the shortest that carries across a counter; a long one is six of them.
    #[must_use]
    pub const fn rhythm(self) -> &'static [Duration] {
        const SHORT: Duration = Duration::from_millis(100);
        const LONG: Duration = Duration::from_millis(600);
        match self {
            Self::Welcome => &[SHORT],
            Self::Farewell => &[SHORT, SHORT, SHORT],
            Self::Sorry => &[LONG],
        }
    }
}

/// What comes in over the pins.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Sensed {
    /// Somebody moved before the kiosk.
    Motion,
    /// The guard's button was pressed. It has opened the gate by itself already.
    GuardButton,
}

/// A pin by the number of its GPIO line as the Broadcom chip counts them, 0 to 27 on the header.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Gpio(pub u8);

/// Which pin each part hangs on; `None` for a part that is not there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wiring {
    /// The green lamp, lit by a high level.
    pub lamp_green: Option<Gpio>,
    /// The amber lamp, lit by a high level.
    pub lamp_amber: Option<Gpio>,
    /// The blue lamp, lit by a high level.
    pub lamp_blue: Option<Gpio>,
    /// An active buzzer, sounding at a high level.
    pub buzzer: Option<Gpio>,
    /// The relay whose normally closed contact feeds the gate's lock: high opens the gate.
    pub gate: Option<Gpio>,
    /// A motion sensor, high while somebody moves.
    pub motion: Option<Gpio>,
    /// The guard's button, to ground when pressed.
    pub guard_button: Option<Gpio>,
    /// How long the relay is held, so long the gate can be pushed open.
    pub gate_pulse: Duration,
}

impl Wiring {
    /// The pins in use, outputs first.
    pub fn pins(&self) -> impl Iterator<Item = Gpio> {
        let Self { lamp_green, lamp_amber, lamp_blue, buzzer, gate, motion, guard_button, .. } =
            *self;
        let pins = [gate, lamp_green, lamp_amber, lamp_blue, buzzer, motion, guard_button];
        pins.into_iter().flatten()
    }
}
