//! Which organ is unwell, and what is wrong with it.

/// An organ of the kiosk.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Organ {
    /// The logbook on disk.
    Store,
    /// The Bluetooth radio.
    Radio,
    /// Lamp, buzzer, gate and motion sensor.
    Pins,
    /// The clock on the wall.
    Clock,
}

impl Organ {
    /// Every organ, the one that matters most first.
    pub const ALL: [Self; 4] = [Self::Store, Self::Radio, Self::Pins, Self::Clock];
}

/// What is wrong with an organ. The words for people are the screen's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// It is being opened, or what a damaged one holds is being saved. It ends by itself.
    Opening,
    /// It did not answer, or went away.
    Gone,
    /// The disk has no room left.
    Full,
    /// The disk cannot be written to.
    ReadOnly,
    /// What it holds is damaged. It was set aside, not deleted.
    Damaged,
    /// It was written by a newer kiosk.
    Newer,
    /// Nobody vouches for it.
    Untrusted,
    /// It is not there: pulled out, or never put in.
    Unplugged,
    /// Somebody has switched it off.
    SwitchedOff,
    /// It hears nothing where something should be heard. Whoever pulls it out for a moment may mend
    /// that.
    Deaf,
    /// The same of one that cannot be pulled out, as it is part of the machine.
    DeafBuiltIn,
    /// It hears, but does not say how loud: so nobody can be told to be near.
    NoLevels,
}

/// An organ that is unwell.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize)]
pub struct Fault {
    /// Which organ.
    pub organ: Organ,
    /// What is wrong with it.
    pub trouble: Trouble,
}
