//! Keys that a health authority has published, held against the ids that were heard at this door.
//!
//! | file | what it says |
//! |---|---|
//! | [`authority`] | who may publish keys |
//! | [`published`] | what a published key is, whichever file it came in |
//! | [`key`] | what is left of a published key once its rows are found |
//! | [`heard`] | what was heard, as far as matching needs it |
//! | [`windows`] | from the rows that matched to days and half-hours |
//! | [`trace`] | by what somebody was found to have been here |
//! | [`warned`] | from warnings of this door's own code to days and half-hours |
//! | [`matched`] | how far matching is, and what each file has brought |
//! | [`reason`] | why somebody looks further |
//! | [`matcher`] | which of these a published key explains |
//!
//! Bytes of files are not read here: an edge turns them into [`published::PublishedKey`]s.

pub mod authority;
pub mod heard;
pub mod key;
pub mod matched;
pub mod matcher;
pub mod published;
pub mod reason;
pub mod trace;
pub mod warned;
pub mod windows;
