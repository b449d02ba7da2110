//! Reads a file that may be gzip'ed, as captures often are, whatever it is called.

use std::io::{self, Chain, Cursor, ErrorKind, Read};

use flate2::read::MultiGzDecoder;

/// The most bytes that are read after inflating: some fifteen million reports. A small file that
/// inflates to more is refused there; what came before has been handed out by then, and at no
/// time is more than a buffer of it held.
pub const INFLATED_BYTES_MAX: u64 = 1 << 30;

/// An input that is read as it is, or inflated.
pub struct MaybeGzip<R>(Form<R>);

enum Form<R> {
    Plain(Peeked<R>),
    Gzip { inflated: Box<MultiGzDecoder<Peeked<R>>>, left: u64 },
}

/// The first bytes, and what comes after them.
type Peeked<R> = Chain<Cursor<Vec<u8>>, R>;

/// How every gzip file begins (RFC 1952, 2.3.1).
const MAGIC: &[u8] = &[0x1F, 0x8B];

impl<R: Read> MaybeGzip<R> {
    /// Looks at the first two bytes of `input`. Give it an unbuffered or a buffered one; a plain
    /// file is passed on read by read.
    ///
    /// # Errors
    ///
    /// When the two bytes cannot be read.
    pub fn new(input: R) -> io::Result<Self> {
        Self::with_limit(input, INFLATED_BYTES_MAX)
    }

    fn with_limit(mut input: R, limit: u64) -> io::Result<Self> {
        let mut first = Vec::new();
        input.by_ref().take(2).read_to_end(&mut first)?;
        let zipped = first == MAGIC;
        let whole = Cursor::new(first).chain(input);
        Ok(Self(if zipped {
            Form::Gzip { inflated: Box::new(MultiGzDecoder::new(whole)), left: limit }
        } else {
            Form::Plain(whole)
        }))
    }
}

impl<R: Read> Read for MaybeGzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Form::Plain(input) => input.read(buffer),
            Form::Gzip { inflated, left } => {
                let got = inflated.read(buffer)?;
                *left = u64::try_from(got)
                    .ok()
                    .and_then(|got| left.checked_sub(got))
                    .ok_or_else(too_large)?;
                Ok(got)
            }
        }
    }
}

fn too_large() -> io::Error {
    io::Error::new(
        ErrorKind::FileTooLarge,
        "the file inflates to more than 1 GiB: split it, and try the parts",
    )
}

impl<R> std::fmt::Debug for MaybeGzip<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            Form::Plain(_) => "MaybeGzip(plain)",
            Form::Gzip { .. } => "MaybeGzip(gzip)",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn zipped(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn plain_and_zipped_read_the_same() {
        for bytes in [&b""[..], b"a", b"ab", b"abcdef"] {
            for input in [bytes.to_vec(), zipped(bytes)] {
                let mut read = Vec::new();
                MaybeGzip::new(&input[..]).unwrap().read_to_end(&mut read).unwrap();
                assert_eq!(read, bytes);
            }
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = zipped(&vec![0; 100_000]);
        let mut read = Vec::new();
        let error =
            MaybeGzip::with_limit(&bomb[..], 50_000).unwrap().read_to_end(&mut read).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
        assert!(read.len() <= 50_000);
        let mut whole = Vec::new();
        MaybeGzip::with_limit(&bomb[..], 100_000).unwrap().read_to_end(&mut whole).unwrap();
        assert_eq!(whole.len(), 100_000);
    }
}
