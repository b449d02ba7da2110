//! The languages a visitor can choose.

/// A language of the screens.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, Debug, Default, serde::Serialize, serde::Deserialize,
)]
pub enum Language {
    /// Vietnamese, in which the kiosk rests.
    #[default]
    #[serde(rename = "vi")]
    Vietnamese,
    /// English.
    #[serde(rename = "en")]
    English,
    /// Lao.
    #[serde(rename = "lo")]
    Lao,
}

impl Language {
    /// Every language, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Vietnamese, Self::English, Self::Lao];

    /// The ISO 639-1 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
            Self::Lao => "lo",
        }
    }
}
