//! The outermost layer of a protobuf, field by field from a stream, so that a list of any length
//! is read without being held. What lies in a field is `prost`'s to understand.
//!
//! Every length is checked against the limit of its field before a byte of it is read.

use std::io::{BufRead, ErrorKind};

use super::PublishedError;

/// One field: its number and what it holds. Bytes are still to be taken from the stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    /// A number of up to ten bytes.
    Varint(u64),
    /// Eight bytes.
    Fixed64(u64),
    /// Four bytes, which nobody here needs.
    Fixed32,
    /// So many bytes follow.
    Bytes(u64),
}

/// A protobuf that is being read.
pub(super) struct Wire<R> {
    input: R,
}

const MALFORMED: PublishedError = PublishedError::Malformed { what: "a field" };

impl<R: BufRead> Wire<R> {
    pub(super) const fn new(input: R) -> Self {
        Self { input }
    }

    /// The next field; `None` at the end. The bytes of a field of bytes must be taken, or skipped,
    /// before the next.
    pub(super) fn next(&mut self) -> Result<Option<(u32, Field)>, PublishedError> {
        if self.input.fill_buf()?.is_empty() {
            return Ok(None);
        }
        let key = self.varint()?;
        let number = u32::try_from(key >> 3).ok().filter(|n| (1..1 << 29).contains(n));
        let number = number.ok_or(MALFORMED)?;
        let field = match key & 7 {
            0 => Field::Varint(self.varint()?),
            1 => Field::Fixed64(u64::from_le_bytes(self.array()?)),
            2 => Field::Bytes(self.varint()?),
            5 => {
                self.array::<4>()?;
                Field::Fixed32
            }
            // Groups, which were given up before any of these formats was made.
            _ => return Err(MALFORMED),
        };
        Ok(Some((number, field)))
    }

    /// The `len` bytes of a field, `most` at most, into `bytes`.
    pub(super) fn take(
        &mut self,
        len: u64,
        most: u64,
        bytes: &mut Vec<u8>,
    ) -> Result<(), PublishedError> {
        if len > most {
            return Err(PublishedError::Malformed { what: "the length of a part" });
        }
        bytes.resize(usize::try_from(len).unwrap_or(usize::MAX), 0);
        self.input.read_exact(bytes).map_err(cut_short)
    }

    /// Passes over a field that nobody here needs.
    pub(super) fn skip(&mut self, field: Field) -> Result<(), PublishedError> {
        let Field::Bytes(mut left) = field else { return Ok(()) };
        while left > 0 {
            let there = self.input.fill_buf()?.len();
            if there == 0 {
                return Err(PublishedError::CutShort);
            }
            let step = usize::try_from(left).unwrap_or(usize::MAX).min(there);
            self.input.consume(step);
            left = left.saturating_sub(u64::try_from(step).unwrap_or(u64::MAX));
        }
        Ok(())
    }

    /// What is read from.
    pub(super) fn into_inner(self) -> R {
        self.input
    }

    fn varint(&mut self) -> Result<u64, PublishedError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let buffer = self.input.fill_buf()?;
            let byte = *buffer.first().ok_or(PublishedError::CutShort)?;
            self.input.consume(1);
            let bits = u64::from(byte & 0x7F);
            if shift == 63 && bits > 1 {
                return Err(MALFORMED);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(MALFORMED)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], PublishedError> {
        let mut bytes = [0; N];
        self.input.read_exact(&mut bytes).map_err(cut_short)?;
        Ok(bytes)
    }
}

fn cut_short(error: std::io::Error) -> PublishedError {
    if error.kind() == ErrorKind::UnexpectedEof { PublishedError::CutShort } else { error.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(bytes: &[u8]) -> Result<Vec<(u32, Field)>, PublishedError> {
        let mut wire = Wire::new(bytes);
        let mut fields = vec![];
        while let Some((number, field)) = wire.next()? {
            wire.skip(field)?;
            fields.push((number, field));
        }
        Ok(fields)
    }

    #[test]
    fn fields_of_every_kind() {
        let bytes = [
            &[0x08, 0xAC, 0x02][..],
            &[0x11, 1, 0, 0, 0, 0, 0, 0, 0],
            &[0x1A, 3, 7, 7, 7],
            &[0x25, 0, 0, 0, 0],
            &[0xF8, 0xFF, 0xFF, 0xFF, 0x0F, 0],
        ];
        let known = [
            (1, Field::Varint(300)),
            (2, Field::Fixed64(1)),
            (3, Field::Bytes(3)),
            (4, Field::Fixed32),
            ((1 << 29) - 1, Field::Varint(0)),
        ];
        assert_eq!(fields(&bytes.concat()).expect("it is whole"), known);
        assert_eq!(fields(&[]).expect("it is whole"), []);
    }

    #[test]
    fn what_breaks_off_is_cut_short() {
        for bytes in [&[0x08][..], &[0x08, 0x80], &[0x11, 0], &[0x1A, 3, 0], &[0x25], &[0x80]] {
            assert!(matches!(fields(bytes), Err(PublishedError::CutShort)), "{bytes:?}");
        }
    }

    #[test]
    fn what_is_no_field_is_malformed() {
        let long = [&[0x08][..], &[0xFF; 10]].concat();
        let over = [&[0x08][..], &[0xFF; 9], &[2]].concat();
        for bytes in [&[0x00, 0][..], &[0x0B], &[0x0C], &[0x0E], &[0x0F], &long, &over] {
            assert!(matches!(fields(bytes), Err(PublishedError::Malformed { .. })), "{bytes:?}");
        }
    }

    #[test]
    fn a_length_is_checked_before_it_is_believed() {
        let mut wire = Wire::new(&[0; 4][..]);
        let mut bytes = vec![];
        assert!(wire.take(u64::MAX, 256, &mut bytes).is_err());
        assert_eq!(bytes.capacity(), 0);
        wire.take(4, 4, &mut bytes).expect("they are there");
        assert!(matches!(wire.take(1, 4, &mut bytes), Err(PublishedError::CutShort)));
    }
}
