//! The configuration: one commented TOML file, `deploy/kiosk.toml`, with defaults for everything.
//!
//! The only reader of files and of the environment apart from the store and the captures. An
//! unknown key or an impossible value is refused with its line and the values that would do;
//! nothing is corrected in silence. What the values mean to the core is [`Config::site`] and
//! [`Config::wiring`]; no other edge is named here.

mod beacon;
mod error;
mod exposure;
mod place;
mod value;
mod venue;
mod words;

pub use error::ConfigError;
pub use exposure::{Exposure, Server};
pub use place::{default_file, has_window_system};

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use crate::domain::moment::Zone;
use crate::domain::network::Network;
use crate::domain::signal::{Gpio, Wiring};
use crate::domain::site::{Choice, InstallLinks, Site, SiteKind};
use beacon::BeaconSection;
use exposure::ExposureSection;
use value::{Pin, Sweep};
use venue::VenueSection;

/// Everything that can be set.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    site: SiteSection,
    notice: NoticeSection,
    networks: NetworksSection,
    beacon: BeaconSection,
    install: InstallSection,
    venue: VenueSection,
    exposure: ExposureSection,
    radio: RadioSection,
    pins: PinsSection,
    book: BookSection,
}

impl Config {
    /// Reads `named`, or the file at [`default_file`]; where that one does not exist, everything
    /// keeps its default.
    ///
    /// # Errors
    /// [`ConfigError`] if a file cannot be read, or something in it will not do; a file that was
    /// named has to exist.
    pub fn load(named: Option<&Path>) -> Result<Self, ConfigError> {
        let (path, must_exist) = match named {
            Some(path) => (path.to_owned(), true),
            None => (default_file()?, false),
        };
        match place::read(&path)? {
            Some(text) => Self::parse(&text, &path),
            None if must_exist => Err(ConfigError::Missing { path }),
            None => Ok(Self::default()),
        }
    }

    /// Understands the text of a configuration file; `path` is only what errors call it.
    ///
    /// # Errors
    /// [`ConfigError::Wrong`] for the first thing in it that will not do.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let config: Self =
            toml::from_str(text).map_err(|error| ConfigError::from_toml(&error, text, path))?;
        let doubled = config.pins.doubled().map(|(pin, message)| (pin.span(), message));
        let lacking = || config.venue.lacking().or_else(|| config.exposure.lacking());
        match doubled.or_else(lacking) {
            Some((span, message)) => Err(ConfigError::at(span, message, text, path)),
            None => Ok(config),
        }
    }

    /// What the core needs to know about the place.
    #[must_use]
    pub fn site(&self) -> Site {
        let kind = self.site.kind;
        let sweep = self.site.closing_sweep.unwrap_or(words::closing_sweep(kind));
        Site {
            name: self.site.name.clone(),
            door: self.site.door.clone(),
            door_letter: self.site.door_letter,
            kind,
            zone: self.site.utc_offset,
            hosts: self.site.hosts.clone().unwrap_or_else(|| words::hosts(kind)),
            purposes: self.site.purposes.clone().unwrap_or_else(|| words::purposes(kind)),
            networks: self.networks.enabled.clone(),
            beacon: self.beacon.setup(&self.site.name, &self.site.door, &self.radio.adapter),
            install: InstallLinks {
                any: self.install.link.clone(),
                android: self.install.android.clone(),
                iphone: self.install.iphone.clone(),
            },
            venue: self.venue.venue(kind, &self.site.name, &self.site.door),
            keep_personal_days: self.notice.keep_personal_days,
            keep_encounters_days: self.exposure().keep_days,
            match_minutes: self.exposure().match_minutes,
            notice_version: self.notice.version,
            closing_sweep_minute: sweep.minute(),
            ask_unit: self.site.ask_unit.unwrap_or(kind == SiteKind::Hotel),
            ask_plate: self.site.ask_plate.unwrap_or(kind != SiteKind::Market),
            // No reader can be connected to this version, so none is offered to visitors.
            card_reader: false,
            motion_sensor: self.wiring().is_some_and(|wiring| wiring.motion.is_some()),
        }
    }

    /// The pins in use; `None` where nothing is wired.
    #[must_use]
    pub fn wiring(&self) -> Option<Wiring> {
        let pins = &self.pins;
        pins.wired.then(|| Wiring {
            lamp_green: pins.lamp_green.get_ref().0,
            lamp_amber: pins.lamp_amber.get_ref().0,
            lamp_blue: pins.lamp_blue.get_ref().0,
            buzzer: pins.buzzer.get_ref().0,
            gate: pins.gate.get_ref().0,
            motion: pins.motion.get_ref().0,
            guard_button: pins.guard_button.get_ref().0,
            gate_pulse: Duration::from_millis(pins.gate_pulse_ms.into()),
        })
    }

    /// The Bluetooth adapter that listens, such as `hci0`.
    #[must_use]
    pub fn adapter(&self) -> &str {
        &self.radio.adapter
    }

    /// The Bluetooth adapter that phones are read with, where it is not the one that listens.
    #[must_use]
    pub fn reading_adapter(&self) -> Option<&str> {
        self.radio.reading_adapter.as_deref().filter(|reads| *reads != self.radio.adapter)
    }

    /// The Bluetooth adapter that sends: the one that listens, unless another is named.
    #[must_use]
    pub fn beacon_adapter(&self) -> &str {
        self.beacon.adapter.as_deref().unwrap_or(&self.radio.adapter)
    }

    /// Where published keys come from, and when they are matched.
    #[must_use]
    pub fn exposure(&self) -> Exposure {
        self.exposure.exposure()
    }

    /// The file that holds the logbook: the one that is set, or `/var/lib/kiosk/logbook.db` on the
    /// appliance, or `kiosk/logbook.db` in the data directory of whoever runs it.
    ///
    /// # Errors
    /// [`ConfigError::NoHome`] if it is not set and there is no home directory.
    pub fn book(&self) -> Result<PathBuf, ConfigError> {
        self.book.path.clone().map_or_else(place::default_book, Ok)
    }

    /// The folder into which the exposures are written out for the health officer.
    #[must_use]
    pub fn handouts(&self, book: &Path) -> PathBuf {
        self.exposure.handouts(book)
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SiteSection {
    #[serde(deserialize_with = "value::name")]
    name: String,
    #[serde(deserialize_with = "value::name")]
    door: String,
    #[serde(deserialize_with = "value::door_letter")]
    door_letter: char,
    kind: SiteKind,
    #[serde(deserialize_with = "value::utc_offset")]
    utc_offset: Zone,
    #[serde(deserialize_with = "value::choices")]
    hosts: Option<Vec<Choice>>,
    #[serde(deserialize_with = "value::choices")]
    purposes: Option<Vec<Choice>>,
    ask_unit: Option<bool>,
    ask_plate: Option<bool>,
    closing_sweep: Option<Sweep>,
}

impl Default for SiteSection {
    fn default() -> Self {
        Self {
            name: "Cơ quan".to_owned(),
            door: "Cổng chính".to_owned(),
            door_letter: 'A',
            kind: SiteKind::Office,
            utc_offset: Zone::VIET_NAM,
            hosts: None,
            purposes: None,
            ask_unit: None,
            ask_plate: None,
            closing_sweep: None,
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct NoticeSection {
    #[serde(deserialize_with = "value::within::<_, _, 1, 3650>")]
    keep_personal_days: u16,
    #[serde(deserialize_with = "value::within::<_, _, 1, 9999>")]
    version: u16,
}

impl Default for NoticeSection {
    fn default() -> Self {
        Self { keep_personal_days: 30, version: 2 }
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct NetworksSection {
    #[serde(deserialize_with = "value::networks")]
    enabled: Vec<Network>,
}

impl Default for NetworksSection {
    fn default() -> Self {
        Self { enabled: Network::ALL.to_vec() }
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct InstallSection {
    #[serde(deserialize_with = "value::link")]
    link: String,
    #[serde(deserialize_with = "value::optional_link")]
    android: Option<String>,
    #[serde(deserialize_with = "value::optional_link")]
    iphone: Option<String>,
}

impl Default for InstallSection {
    fn default() -> Self {
        // The address that the directive prints for the public.
        Self { link: "https://www.bluezone.gov.vn".to_owned(), android: None, iphone: None }
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RadioSection {
    #[serde(deserialize_with = "value::adapter")]
    adapter: String,
    #[serde(deserialize_with = "value::optional_adapter")]
    reading_adapter: Option<String>,
}

impl Default for RadioSection {
    fn default() -> Self {
        Self { adapter: "hci0".to_owned(), reading_adapter: None }
    }
}

/// The pins keep their places in the file, so that two parts on one pin can be shown.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PinsSection {
    wired: bool,
    lamp_green: Spanned<Pin>,
    lamp_amber: Spanned<Pin>,
    lamp_blue: Spanned<Pin>,
    buzzer: Spanned<Pin>,
    gate: Spanned<Pin>,
    motion: Spanned<Pin>,
    guard_button: Spanned<Pin>,
    #[serde(deserialize_with = "value::within::<_, _, 200, 10000>")]
    gate_pulse_ms: u16,
}

impl Default for PinsSection {
    /// Lines 9 to 27 rest low until a program takes them, so nothing lights, sounds or opens
    /// while the machine starts; 0 to 8 rest high, as the button's should. None of them is
    /// needed by a clock chip (2, 3), a serial line (14, 15) or the identification of a board
    /// (0, 1).
    fn default() -> Self {
        let pin = |number| Spanned::new(0..0, Pin(Some(Gpio(number))));
        Self {
            wired: false,
            lamp_green: pin(17),
            lamp_amber: pin(27),
            lamp_blue: pin(22),
            buzzer: pin(23),
            gate: pin(24),
            motion: pin(25),
            guard_button: pin(5),
            gate_pulse_ms: 3_000,
        }
    }
}

impl PinsSection {
    /// A pin that two parts hang on, and what is to be said about it. Of the two, the one that
    /// stands later in the file.
    fn doubled(&self) -> Option<(&Spanned<Pin>, String)> {
        let mut parts = [
            ("lamp_green", &self.lamp_green),
            ("lamp_amber", &self.lamp_amber),
            ("lamp_blue", &self.lamp_blue),
            ("buzzer", &self.buzzer),
            ("gate", &self.gate),
            ("motion", &self.motion),
            ("guard_button", &self.guard_button),
        ];
        parts.sort_by_key(|(_, pin)| pin.span().start);
        parts.iter().enumerate().find_map(|(index, (_, pin))| {
            let Gpio(number) = pin.get_ref().0?;
            let (other, _) =
                parts.iter().take(index).find(|(_, earlier)| earlier.get_ref() == pin.get_ref())?;
            Some((
                *pin,
                format!("{number} is the pin of {other}; it must be a free one, or \"none\""),
            ))
        })
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct BookSection {
    #[serde(deserialize_with = "value::absolute_path")]
    path: Option<PathBuf>,
}

#[cfg(test)]
mod tests;
