//! How much of a file is taken. Each is far above what an authority publishes and low enough that a
//! hostile file costs minutes and no memory.

/// A file on disk, and what an archive inflates to: twice the largest export that has to be read.
pub(super) const FILE_BYTES_MAX: u64 = 1 << 30;

/// A list of DP-3T: its batches span two hours.
pub(super) const LIST_BYTES_MAX: u64 = 64 << 20;

/// Text in JSON, which is held in memory for the time it is read. A pushed message has 4 KiB.
pub(super) const JSON_BYTES_MAX: u64 = 4 << 20;

/// Keys, good or bad, in one file: what fills [`FILE_BYTES_MAX`] with a key's least sensible size.
pub(super) const KEYS_MAX: u64 = 50_000_000;

/// A key or a warning as a message: four times the longest that is known.
pub(super) const MESSAGE_BYTES_MAX: u64 = 256;

/// The signatures' file: some hundred bytes each.
pub(super) const SIGNATURE_BYTES_MAX: u64 = 16 << 10;

/// Signatures of one file. Google's own limit on signers is ten.
pub(super) const SIGNATURES_MAX: usize = 16;

/// A batch's parts. A server closes a part at some hundred thousand keys.
pub(super) const BATCH_PARTS_MAX: u32 = 1_000;

/// Letters of a region or of a key's name that are kept and shown.
pub(super) const NAME_LETTERS_MAX: usize = 40;

/// Keys that are handed out at once.
pub(super) const PIECE_KEYS: usize = 4_096;
