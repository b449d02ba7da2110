//! A line of text being typed, on the glass or on a keyboard: what each key does to it, and what
//! the keyboard under it shows.
//!
//! Composes Vietnamese (Telex, and the row of vowels and tones), starts names with capitals, and
//! holds nothing but text that can be kept: NFC, bounded, single spaces, no control characters.
//! Deliberately no cursor: it stands at the end, and a mistake further back is mended by
//! Backspace. Lines of digits (phone numbers, badges, PINs) are not typed here.

mod accepted;
mod composer;
mod line;

pub use line::{Line, Typed};
