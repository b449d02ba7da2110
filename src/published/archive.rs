//! The archive in which signed files come: a zip of `export.bin` and `export.sig`. It is read from
//! its central directory, entry by entry, so that an archive of a million entries is refused
//! without being listed.

use std::io::{self, ErrorKind, Read, Seek};

use prost::Message;
use sha2::{Digest, Sha256, Sha512};
use zip::ZipReadOptions;
use zip::read::{ArchiveOffset, Config, OwnedZipFileEntry};
use zip::unstable::read::ZipIterable;

use super::PublishedError;
use super::limits::{FILE_BYTES_MAX, SIGNATURE_BYTES_MAX};
use super::message::Signatures;

/// Where the two parts lie.
pub(super) struct Archive {
    bin: OwnedZipFileEntry,
    sig: OwnedZipFileEntry,
}

impl Archive {
    /// Finds the two parts.
    pub(super) fn open(file: &mut (impl Read + Seek)) -> Result<Self, PublishedError> {
        let config = Config { archive_offset: ArchiveOffset::Known(0) };
        let mut entries = ZipIterable::try_new(file, config)?;
        if entries.len() != 2 {
            return Err(PublishedError::Entries);
        }
        let (mut bin, mut sig) = (None, None);
        for entry in entries.files()? {
            let entry = OwnedZipFileEntry::from(entry?);
            let place = match entry.name_raw() {
                b"export.bin" => &mut bin,
                b"export.sig" => &mut sig,
                _ => return Err(PublishedError::Entries),
            };
            *place = Some(entry);
        }
        // Of two entries that are both of one name, the other is missing.
        let (Some(bin), Some(sig)) = (bin, sig) else { return Err(PublishedError::Entries) };
        if bin.size() > FILE_BYTES_MAX || sig.size() > SIGNATURE_BYTES_MAX {
            return Err(PublishedError::Inflates);
        }
        Ok(Self { bin, sig })
    }

    /// `export.bin`, inflated.
    pub(super) fn bin<'a, F: Read + Seek>(
        &'a self,
        file: &'a mut F,
    ) -> Result<impl Read + 'a, PublishedError> {
        Ok(self.bin.as_ref().with_reader(file, ZipReadOptions::default())?)
    }

    /// What `export.sig` holds.
    pub(super) fn signatures<F: Read + Seek>(
        &self,
        file: &mut F,
    ) -> Result<Signatures, PublishedError> {
        let inflated = self.sig.as_ref().with_reader(file, ZipReadOptions::default())?;
        let mut bytes = vec![];
        Limited::new(inflated, SIGNATURE_BYTES_MAX).read_to_end(&mut bytes)?;
        Signatures::decode(&*bytes)
            .map_err(|_| PublishedError::Malformed { what: "the list of signatures" })
    }
}

/// An input of which no more than so many bytes are read.
struct Limited<R> {
    input: R,
    left: u64,
}

impl<R> Limited<R> {
    const fn new(input: R, most: u64) -> Self {
        Self { input, left: most }
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.input.read(buffer)?;
        let left = u64::try_from(got).ok().and_then(|got| self.left.checked_sub(got));
        self.left = left.ok_or(ErrorKind::FileTooLarge)?;
        Ok(got)
    }
}

/// The hashes of what was read.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Digests {
    pub sha256: [u8; 32],
    /// Where some signature is of this kind.
    pub sha512: Option<[u8; 64]>,
}

/// An input that is bounded and hashed while it is read.
pub(super) struct Hashed<R> {
    input: Limited<R>,
    sha256: Sha256,
    sha512: Option<Sha512>,
}

impl<R: Read> Hashed<R> {
    pub(super) fn new(input: R, most: u64, with_sha512: bool) -> Self {
        Self {
            input: Limited::new(input, most),
            sha256: Sha256::new(),
            sha512: with_sha512.then(Sha512::new),
        }
    }

    pub(super) fn digests(self) -> Digests {
        Digests {
            sha256: self.sha256.finalize().into(),
            sha512: self.sha512.map(|hash| hash.finalize().into()),
        }
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.input.read(buffer)?;
        let read = buffer.get(..got).unwrap_or_default();
        self.sha256.update(read);
        if let Some(hash) = &mut self.sha512 {
            hash.update(read);
        }
        Ok(got)
    }
}
