//! What a visitor has told so far: the visit in the making.

use crate::domain::language::Language;
use crate::domain::name;
use crate::domain::policy;
use crate::domain::site::{Choice, Site};
use crate::domain::visit::Personal;

/// The lines that are typed with letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum TypedField {
    /// The visitor's name.
    #[default]
    Name,
    /// The visitor's unit or address.
    Unit,
    /// A host who is not on the list.
    Host,
    /// A purpose that is not on the list.
    Purpose,
    /// A number plate.
    Plate,
    /// What the guard looks for.
    Search,
    /// Why an administrator looks further.
    Reason,
}

/// One of the choices offered, or words of one's own.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum Pick {
    /// Nothing yet.
    #[default]
    None,
    /// This one of the list, from 0.
    Listed(usize),
    /// Typed.
    Typed(String),
}

impl std::fmt::Debug for Pick {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Listed(_) => "Listed",
            Self::Typed(_) => "Typed(…)",
        })
    }
}

impl Pick {
    /// The pick that reads like `words`: one of the list where it is, words of one's own else.
    #[must_use]
    pub fn from_words(words: &str, list: &[Choice]) -> Self {
        if words.is_empty() {
            return Self::None;
        }
        list.iter()
            .position(|choice| choice.vi == words)
            .map_or_else(|| Self::Typed(words.to_owned()), Self::Listed)
    }

    /// What the book holds for it: the Vietnamese words of the list, or the typed ones.
    #[must_use]
    pub fn for_book<'a>(&'a self, list: &'a [Choice]) -> &'a str {
        match self {
            Self::None => "",
            Self::Listed(place) => list.get(*place).map_or("", |choice| &choice.vi),
            Self::Typed(words) => words,
        }
    }

    /// How it reads on the screen.
    #[must_use]
    pub fn on_screen<'a>(&'a self, list: &'a [Choice], language: Language) -> &'a str {
        match self {
            Self::Listed(place) => {
                list.get(*place).map_or("", |choice| choice.in_language(language))
            }
            Self::None | Self::Typed(_) => self.for_book(list),
        }
    }
}

/// The visit in the making.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Form {
    /// Full name.
    pub name: String,
    /// Phone number, digits only, or empty.
    pub phone: String,
    /// Unit or address, or empty.
    pub unit: String,
    /// Whom to see.
    pub host: Pick,
    /// What for.
    pub purpose: Pick,
    /// People with the visitor.
    pub companions: u8,
    /// Number plate, or empty.
    pub plate: String,
    /// The visitor says to have no smartphone.
    pub no_phone: bool,
    /// The install screen was shown.
    pub install_shown: bool,
    /// Lines that come from the book and are shown masked until they are typed anew: whoever gave
    /// somebody else's phone number learns no more of them.
    hidden: Vec<TypedField>,
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Form(…)")
    }
}

impl Form {
    /// An empty form. Where there is only one host, that one is meant.
    #[must_use]
    pub fn new(site: &Site) -> Self {
        let host = if site.hosts.len() == 1 { Pick::Listed(0) } else { Pick::None };
        Self { host, ..Self::default() }
    }

    /// Takes over what the book says of a visitor who has been here before.
    pub fn recall(&mut self, personal: &Personal, site: &Site) {
        self.name.clone_from(&personal.name);
        self.phone.clone_from(&personal.phone);
        self.unit.clone_from(&personal.unit);
        self.plate.clone_from(&personal.plate);
        self.host = Pick::from_words(&personal.host, &site.hosts);
        self.purpose = Pick::from_words(&personal.purpose, &site.purposes);
    }

    /// What was recalled is not shown in full until it has been typed anew.
    pub fn hide_recalled(&mut self) {
        self.hidden = vec![TypedField::Name, TypedField::Unit, TypedField::Plate];
    }

    /// A typed line as it is shown beside others.
    #[must_use]
    pub fn shown(&self, field: TypedField) -> String {
        match field {
            _ if !self.hidden.contains(&field) => self.text(field).to_owned(),
            TypedField::Name => name::mask(&self.name),
            TypedField::Unit => name::mask_all(&self.unit),
            TypedField::Plate => name::mask_all(&self.plate),
            TypedField::Host | TypedField::Purpose | TypedField::Search | TypedField::Reason => {
                String::new()
            }
        }
    }

    /// The text of a line to be typed on.
    #[must_use]
    pub fn text(&self, field: TypedField) -> &str {
        match field {
            _ if self.hidden.contains(&field) => "",
            TypedField::Name => &self.name,
            TypedField::Unit => &self.unit,
            TypedField::Plate => &self.plate,
            TypedField::Host => typed(&self.host),
            TypedField::Purpose => typed(&self.purpose),
            TypedField::Search | TypedField::Reason => "",
        }
    }

    /// Keeps a typed line.
    pub fn keep(&mut self, field: TypedField, text: String) {
        self.hidden.retain(|&hidden| hidden != field);
        let pick = |text: String| if text.is_empty() { Pick::None } else { Pick::Typed(text) };
        match field {
            TypedField::Name => self.name = text,
            TypedField::Unit => self.unit = text,
            TypedField::Plate => self.plate = text,
            TypedField::Host => self.host = pick(text),
            TypedField::Purpose => self.purpose = pick(text),
            TypedField::Search | TypedField::Reason => {}
        }
    }

    /// One companion more or fewer, within bounds.
    pub const fn change_companions(&mut self, more: bool) {
        self.companions = if more {
            if self.companions < policy::COMPANIONS_MAX {
                self.companions + 1
            } else {
                self.companions
            }
        } else {
            self.companions.saturating_sub(1)
        };
    }

    /// The personal part of the visit as the book keeps it.
    #[must_use]
    pub fn personal(&self, site: &Site) -> Personal {
        Personal {
            name: self.name.clone(),
            phone: self.phone.clone(),
            unit: self.unit.clone(),
            host: self.host.for_book(&site.hosts).to_owned(),
            purpose: self.purpose.for_book(&site.purposes).to_owned(),
            plate: self.plate.clone(),
        }
    }
}

fn typed(pick: &Pick) -> &str {
    match pick {
        Pick::Typed(words) => words,
        Pick::None | Pick::Listed(_) => "",
    }
}
