//! Keys that a health authority has published, held against the ids that were heard at this door.
//!
//! | file | what it says |
//! |---|---|
//! | [`published`] | what a published key is, whichever file it came in |
//! | [`heard`] | what was heard, as far as matching needs it |
//! | [`matcher`] | which of these a published key explains |
//!
//! Bytes of files are not read here: an edge turns them into [`published::PublishedKey`]s.

pub mod heard;
pub mod matcher;
pub mod published;
