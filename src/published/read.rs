//! Opens a file of published keys, checks it to its end, and hands out what it holds.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;

use super::archive::{Archive, Digests, Hashed};
use super::kind::{Kind, kind};
use super::limits::{FILE_BYTES_MAX, JSON_BYTES_MAX, LIST_BYTES_MAX};
use super::pieces::{Pieces, Sink, is_past};
use super::signature::{self, Trust};
use super::summary::{Counts, Format, Summary};
use super::{PublishedError, bluezone, dp3t, export, folder, herald, json, warnings};
use crate::domain::exposure::published::PublishedKey;
use crate::domain::moment::Wall;
use crate::domain::venue::LocationId;
use crate::domain::venue::warning::Warning;

/// Reads the file at `path`: hands its keys to `sink` in pieces, and says what it was. `now` is
/// the time, which somebody has to vouch for: a key from days to come is none.
///
/// # Errors
/// When the file is refused. What was handed out of it by then does not count.
pub fn read(
    path: &Path,
    trust: &Trust,
    now: Wall,
    sink: &mut Sink<'_, PublishedKey>,
) -> Result<Summary, PublishedError> {
    let mut published = Published::open(path, trust, now)?;
    let counts = published.keys(sink)?;
    Ok(Summary { counts, ..published.summary })
}

/// A file that was found to be whole and, where its form has signatures, signed by somebody who is
/// trusted.
///
/// It is read once more when it hands out what it holds, and may have been changed by then; so
/// nothing of it counts until [`Self::keys`] or [`Self::warnings`] has returned without an error.
pub struct Published<F = File> {
    file: F,
    now: Wall,
    form: Form,
    summary: Summary,
}

/// What has to be known to read it once more.
enum Form {
    Zip {
        archive: Box<Archive>,
        digests: Digests,
    },
    /// A protobuf by itself; when it was released.
    Bare {
        released: Wall,
    },
    Json,
}

impl Published<File> {
    /// Opens the file at `path` and reads it to its end. A link is not followed.
    ///
    /// # Errors
    /// When the file is refused.
    pub fn open(path: &Path, trust: &Trust, now: Wall) -> Result<Self, PublishedError> {
        Self::over(folder::open_file(path)?, trust, now)
    }
}

impl<F: Read + Seek> Published<F> {
    /// Reads what is already open, from its beginning.
    ///
    /// # Errors
    /// When it is refused.
    pub fn over(mut file: F, trust: &Trust, now: Wall) -> Result<Self, PublishedError> {
        let (sha256, first) = whole(&mut file)?;
        let mut summary = Summary::of(sha256, Format::GaenExport);
        let form = match kind(&first)? {
            Kind::Zip => survey_archive(&mut file, trust, &mut summary)?,
            Kind::Json => {
                let text = text(&mut file, &sha256)?;
                summary.format = json::format(&text)?;
                // Read to its end before the first key is handed out, as the others are. It does
                // not say of what time it is, but for its keys.
                let mut nobody = |_: &[PublishedKey]| Ok(());
                let mut pieces = Pieces::new(&mut nobody);
                keys_of_text(&text, summary.format, now, &mut pieces)?;
                if pieces.ahead {
                    return Err(PublishedError::Ahead);
                }
                Form::Json
            }
            Kind::List => {
                summary.format = Format::Dp3tList;
                let (released, input) = dp3t::survey(list(&mut file)?)?;
                unchanged(&input.into_inner().digests().sha256, &sha256)?;
                summary.span = (released, released);
                Form::Bare { released }
            }
            Kind::Warnings => {
                let (heading, input) = warnings::survey(list(&mut file)?)?;
                unchanged(&input.into_inner().digests().sha256, &sha256)?;
                heading.tell(&mut summary);
                Form::Bare { released: now }
            }
        };
        // Keys of days to come are passed over, and these would be for good.
        if !is_past(summary.span.1, now) {
            return Err(PublishedError::Ahead);
        }
        Ok(Self { file, now, form, summary })
    }

    /// What it is read from, to be spoilt.
    #[cfg(test)]
    pub(super) const fn file_mut(&mut self) -> &mut F {
        &mut self.file
    }

    /// What it says of itself.
    #[must_use]
    pub const fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Hands out its keys in pieces; a file of warnings has none.
    ///
    /// # Errors
    /// When it was changed meanwhile or cannot be read, or `sink` asks for an end.
    pub fn keys(&mut self, sink: &mut Sink<'_, PublishedKey>) -> Result<Counts, PublishedError> {
        let mut pieces = Pieces::new(sink);
        let (file, sha256, now) = (&mut self.file, &self.summary.sha256, self.now);
        match (&self.form, self.summary.format) {
            (Form::Zip { archive, digests }, Format::GaenExport) => {
                let mut input = inflated(archive, file, digests.sha512.is_some())?;
                input.read_exact(&mut [0; export::HEADER.len()])?;
                let input = export::keys(input, now, &mut pieces)?;
                unchanged(&input.into_inner().digests(), digests)?;
            }
            (Form::Bare { released }, Format::Dp3tList) => {
                let input = dp3t::keys(list(file)?, *released, now, &mut pieces)?;
                unchanged(&input.into_inner().digests().sha256, sha256)?;
            }
            (Form::Json, format) => {
                keys_of_text(&text(file, sha256)?, format, now, &mut pieces)?;
            }
            (Form::Zip { .. } | Form::Bare { .. }, _) => {}
        }
        pieces.finish()
    }

    /// Hands out the warnings of the places that are called `places`; a file of keys has none.
    ///
    /// # Errors
    /// When it was changed meanwhile or cannot be read, or `sink` asks for an end.
    pub fn warnings(
        &mut self,
        places: &[LocationId],
        sink: &mut Sink<'_, Warning>,
    ) -> Result<Counts, PublishedError> {
        let mut pieces = Pieces::new(sink);
        let (file, sha256, now) = (&mut self.file, &self.summary.sha256, self.now);
        match (&self.form, self.summary.format) {
            (Form::Zip { archive, digests }, Format::CwaWarnings) => {
                let input = inflated(archive, file, digests.sha512.is_some())?;
                let input = warnings::of_places(input, places, now, &mut pieces)?;
                unchanged(&input.into_inner().digests(), digests)?;
            }
            (Form::Bare { .. }, Format::CwaWarnings) => {
                let input = warnings::of_places(list(file)?, places, now, &mut pieces)?;
                unchanged(&input.into_inner().digests().sha256, sha256)?;
            }
            (Form::Zip { .. } | Form::Bare { .. } | Form::Json, _) => {}
        }
        pieces.finish()
    }
}

impl<F> std::fmt::Debug for Published<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Published({:?})", self.summary.format)
    }
}

/// Hands out the keys of a file that is a text.
fn keys_of_text(
    text: &[u8],
    format: Format,
    now: Wall,
    pieces: &mut Pieces<'_, PublishedKey>,
) -> Result<(), PublishedError> {
    match format {
        Format::Herald => herald::keys(text, now, pieces),
        Format::GaenExport | Format::Bluezone | Format::Dp3tList | Format::CwaWarnings => {
            bluezone::keys(text, now, pieces)
        }
    }
}

/// As much of a file's beginning as tells what it is.
const FIRST_BYTES: u64 = 64;

/// Read at once: large enough that a call of the system does not count.
const BUFFER_BYTES: usize = 64 << 10;

type Input<R> = BufReader<Hashed<R>>;

fn buffered<R: Read>(input: R, most: u64, with_sha512: bool) -> Input<R> {
    BufReader::with_capacity(BUFFER_BYTES, Hashed::new(input, most, with_sha512))
}

/// The hash of a whole file, and its first bytes.
fn whole(file: &mut (impl Read + Seek)) -> Result<([u8; 32], Vec<u8>), PublishedError> {
    file.rewind()?;
    let mut first = vec![];
    file.by_ref().take(FIRST_BYTES).read_to_end(&mut first)?;
    bounded(file, FILE_BYTES_MAX)?;
    let mut input = buffered(file, FILE_BYTES_MAX, false);
    loop {
        let there = input.fill_buf()?.len();
        if there == 0 {
            return Ok((input.into_inner().digests().sha256, first));
        }
        input.consume(there);
    }
}

/// A protobuf by itself.
fn list<F: Read + Seek>(file: &mut F) -> Result<Input<&mut F>, PublishedError> {
    bounded(file, LIST_BYTES_MAX)?;
    Ok(buffered(file, LIST_BYTES_MAX, false))
}

/// The text of a file, if it is still the same.
fn text(file: &mut (impl Read + Seek), sha256: &[u8; 32]) -> Result<Vec<u8>, PublishedError> {
    bounded(file, JSON_BYTES_MAX)?;
    let mut input = buffered(file, JSON_BYTES_MAX, false);
    let mut bytes = vec![];
    input.read_to_end(&mut bytes)?;
    unchanged(&input.into_inner().digests().sha256, sha256)?;
    Ok(bytes)
}

/// Goes to the beginning of a file that has no more than so many bytes.
fn bounded(file: &mut impl Seek, most: u64) -> Result<(), PublishedError> {
    if file.seek(std::io::SeekFrom::End(0))? > most {
        return Err(PublishedError::TooLarge { most });
    }
    Ok(file.rewind()?)
}

fn inflated<'a, F: Read + Seek>(
    archive: &'a Archive,
    file: &'a mut F,
    with_sha512: bool,
) -> Result<Input<impl Read + 'a>, PublishedError> {
    Ok(buffered(archive.bin(file)?, FILE_BYTES_MAX, with_sha512))
}

fn unchanged<T: PartialEq>(found: &T, before: &T) -> Result<(), PublishedError> {
    if found == before { Ok(()) } else { Err(PublishedError::Changed) }
}

/// Goes through an archive, and checks who signed it.
fn survey_archive<F: Read + Seek>(
    file: &mut F,
    trust: &Trust,
    summary: &mut Summary,
) -> Result<Form, PublishedError> {
    let archive = Archive::open(file)?;
    let signatures = archive.signatures(file)?;
    let mut input = inflated(&archive, file, signature::needs_sha512(&signatures))?;
    let digests = if input.fill_buf()?.starts_with(b"EK") {
        let (heading, input) = export::survey(export::behind_header(input)?)?;
        heading.tell(summary, &signatures)?;
        input.into_inner().digests()
    } else {
        let (heading, input) = warnings::survey(input)?;
        heading.tell(summary);
        input.into_inner().digests()
    };
    trust.check(&signatures, &digests)?;
    summary.signed = true;
    Ok(Form::Zip { archive: Box::new(archive), digests })
}
