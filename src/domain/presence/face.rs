//! What the bar says of the visitor's phone, and how sure it is.

/// The face of the bar: one value from the core to the screen and the book.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Face {
    /// Listening, nothing sure yet.
    Looking,
    /// A tracing app runs on the phone at the desk.
    Running(Sureness),
    /// Listening alone is not sure: hold the phone to the mark.
    TapHere,
    /// Nothing was heard that belongs to this visitor. Not "not installed".
    NotSeenYet,
    /// The radio does not hear; nobody is accused.
    RadioUnwell,
}

/// How sure "running" is.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Sureness {
    /// The form of the advert says so; the id itself was not read.
    Probable,
    /// The id itself was heard.
    Confirmed,
}
