//! To be written.
use super::desk::form::TypedField;
use super::language::Language;
use super::touch::{Key, Layout};
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    field: TypedField,
    text: String,
}
impl Line {
    pub fn new(field: TypedField, _l: Language) -> Self {
        Self { field, text: String::new() }
    }
    pub fn with_text(field: TypedField, _l: Language, text: &str) -> Self {
        Self { field, text: text.to_owned() }
    }
    pub fn field(&self) -> TypedField {
        self.field
    }
    pub fn text(&self) -> &str {
        &self.text
    }
    pub fn finished(&self) -> String {
        super::name::tidy(&self.text)
    }
    pub fn set_language(&mut self, _l: Language) {}
    pub fn handle_key(&mut self, key: Key) {
        if let Key::Char(c) = key {
            self.text.push(c)
        }
    }
    pub fn shift(&self) -> bool {
        false
    }
    pub fn telex(&self) -> bool {
        false
    }
    pub fn layout(&self) -> Layout {
        Layout::Latin
    }
}
