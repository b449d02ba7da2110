//! The pins of a Raspberry Pi, through rppal. No timing and no decision: see `schedule`.

use std::time::Duration;

use rppal::gpio::{Gpio as Header, InputPin, OutputPin, Trigger};

use super::PinsError;
use super::schedule::Levels;
use crate::domain::signal::{Gpio, Lamp, Sensed, Wiring};

/// A button's contacts bounce for up to about 20 ms; a finger needs more than 50 ms to press it
/// twice.
const BUTTON_DEBOUNCE: Duration = Duration::from_millis(50);

/// The outputs, and the inputs.
#[derive(Debug)]
pub struct Outputs {
    green: Option<OutputPin>,
    amber: Option<OutputPin>,
    blue: Option<OutputPin>,
    buzzer: Option<OutputPin>,
    gate: Option<OutputPin>,
    /// Held, because a pin's thread ends when the pin is dropped.
    inputs: Vec<InputPin>,
}

impl Outputs {
    /// Takes the pins, outputs low before anything else, and listens to the inputs.
    ///
    /// # Errors
    /// [`PinsError::Rppal`] if this is no Raspberry Pi, a pin is taken, or access is denied.
    pub fn open(
        wiring: &Wiring,
        on_sensed: impl Fn(Sensed) + Clone + Send + 'static,
    ) -> Result<Self, PinsError> {
        let header = Header::new()?;
        let mut outputs = Self::low(&header, wiring)?;
        if let Some(Gpio(number)) = wiring.motion {
            let mut pin = header.get(number)?.into_input_pulldown();
            let say = on_sensed.clone();
            pin.set_async_interrupt(Trigger::RisingEdge, None, move |_| say(Sensed::Motion))?;
            outputs.inputs.push(pin);
        }
        if let Some(Gpio(number)) = wiring.guard_button {
            let mut pin = header.get(number)?.into_input_pullup();
            pin.set_async_interrupt(Trigger::FallingEdge, Some(BUTTON_DEBOUNCE), move |_| {
                on_sensed(Sensed::GuardButton);
            })?;
            outputs.inputs.push(pin);
        }
        Ok(outputs)
    }

    /// Takes the outputs alone, all low. The inputs, and how they are pulled, are left as they are.
    fn low(header: &Header, wiring: &Wiring) -> Result<Self, PinsError> {
        // The gate first: a kiosk that crashed may have left its relay held.
        let gate = output(header, wiring.gate)?;
        let green = output(header, wiring.lamp_green)?;
        let amber = output(header, wiring.lamp_amber)?;
        let blue = output(header, wiring.lamp_blue)?;
        let buzzer = output(header, wiring.buzzer)?;
        Ok(Self { green, amber, blue, buzzer, gate, inputs: Vec::new() })
    }

    /// Puts the levels on the pins.
    pub fn write(&mut self, levels: Levels) {
        set(&mut self.gate, levels.gate);
        set(&mut self.green, levels.lamp == Lamp::Green);
        set(&mut self.amber, levels.lamp == Lamp::Amber);
        set(&mut self.blue, levels.lamp == Lamp::Blue);
        set(&mut self.buzzer, levels.buzzer);
    }
}

impl Drop for Outputs {
    /// Outputs low; rppal then gives each pin back in the mode it was found in.
    fn drop(&mut self) {
        self.write(Levels::SAFE);
    }
}

/// Whether the pins can be reached, without setting one or asking for one: a kiosk that runs may
/// hold them, and what it has put on them stays.
///
/// # Errors
/// [`PinsError::Rppal`] if this is no Raspberry Pi, it has no such pin, or access is denied.
pub fn look(wiring: &Wiring) -> Result<(), PinsError> {
    let header = Header::new()?;
    for Gpio(number) in wiring.pins() {
        drop(header.get(number)?);
    }
    Ok(())
}

/// Sets the outputs low and lets go of them.
///
/// # Errors
/// As [`look`].
pub fn make_safe(wiring: &Wiring) -> Result<(), PinsError> {
    Outputs::low(&Header::new()?, wiring).map(drop)
}

fn output(header: &Header, pin: Option<Gpio>) -> Result<Option<OutputPin>, PinsError> {
    let Some(Gpio(number)) = pin else { return Ok(None) };
    Ok(Some(header.get(number)?.into_output_low()))
}

fn set(pin: &mut Option<OutputPin>, high: bool) {
    if let Some(pin) = pin {
        pin.write(high.into());
    }
}
