//! What the lamp and the buzzer say.

/// The lamp beside the screen. It is never red.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Lamp {
    /// Dark: at rest, or the radio is unwell.
    #[default]
    Off,
    /// Looking for the phone.
    Blue,
    /// A tracing app runs.
    Green,
    /// None was seen yet.
    Amber,
}

/// What the buzzer sounds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Buzz {
    /// Written in, or signed out: one short tone.
    Welcome,
    /// It could not be done: two low tones.
    Sorry,
}
