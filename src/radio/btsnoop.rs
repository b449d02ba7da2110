//! Capture files as Android and `btmon` write them: reads them, and writes the HCI events of
//! another source. Works record by record, so a file's size does not matter.
//!
//! What lies in a record is [`super::hci`]'s business; whether the file is zipped, that of
//! [`super::gzip`].

use std::io::{self, ErrorKind, Read, Write};

/// What a file's records hold.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Datalink {
    /// HCI packets without a type byte; the flags tell them apart (1001).
    H1,
    /// HCI packets with the type byte of the serial transport in front, as Android has them
    /// (1002).
    H4,
    /// What Linux's monitor sees, as `btmon` has it (2001).
    Monitor,
}

/// How every file begins.
const MAGIC: [u8; 8] = *b"btsnoop\0";
/// The only version there has been.
const VERSION: u32 = 1;
const FILE_HEADER_BYTES: usize = 16;
const RECORD_HEADER_BYTES: usize = 24;

/// The longest record that is read: a type byte and the longest ACL packet, whose header is 4
/// bytes and whose length 16 bits (Bluetooth Core 5.4, vol 4 part E, 5.4.2).
pub const RECORD_BYTES_MAX: usize = 1 + 4 + 65_535;

/// Microseconds from midnight, 1 January of the year 0, from which records count, to 1970
/// (`src/shared/btsnoop.c` of `BlueZ`).
const YEAR_0_TO_1970_US: i64 = 0x00DC_DDB3_0F2F_8000;

/// The flags of an event that was received.
const FLAGS_RECEIVED_EVENT: u32 = 0b11;
/// The type byte of an event (Bluetooth Core 5.4, vol 4 part A, 2).
const H4_EVENT: u8 = 0x04;
/// The monitor's number for an event; the flags' upper half is the controller's index.
const MONITOR_EVENT: u32 = 3;

/// Why a capture cannot be read or written on.
#[derive(Debug, thiserror::Error)]
pub enum BtsnoopError {
    /// The file is of another kind.
    #[error(
        "read a btsnoop file: it begins with other bytes; bring one as `btmon -w`, Android's \
         \"HCI snoop log\" or `kiosk record` writes it (pcap is another kind)"
    )]
    Magic,
    /// The file ends within its header.
    #[error("read a btsnoop file: it ends after {got} of the header's {need} bytes")]
    HeaderCutShort {
        /// Bytes of the header.
        need: usize,
        /// Bytes that are there.
        got: usize,
    },
    /// The file is of a later version.
    #[error("read a btsnoop file of version {got}: only version 1 is known")]
    Version {
        /// The version.
        got: u32,
    },
    /// The file holds packets of another transport.
    #[error("read btsnoop records of type {got}: 1001 (H1), 1002 (H4) and 2001 (btmon) are known")]
    Datalink {
        /// The type.
        got: u32,
    },
    /// The file ends within a record, as when a phone's battery dies. What came before is good.
    #[error("read record {record}: the file ends after {got} of its {need} bytes")]
    RecordCutShort {
        /// Which one, from 1.
        record: u64,
        /// Bytes of the record, as far as is known.
        need: usize,
        /// Bytes that are there.
        got: usize,
    },
    /// A record says it is longer than any packet; what comes after cannot be found.
    #[error("use record {record}: it has {got} bytes, and a packet has at most {RECORD_BYTES_MAX}")]
    RecordTooLong {
        /// Which one, from 1.
        record: u64,
        /// The length.
        got: usize,
    },
    /// The file is whole, and its records cannot be read as what its header says they are.
    #[error(
        "find HCI events in it: its {records} records are not of type {got}, as its header says \
         (1001 is H1, 1002 H4, 2001 btmon's); take the capture anew"
    )]
    NoEvents {
        /// The records.
        records: u64,
        /// The type.
        got: u32,
    },
    /// The file is whole, and nothing in it can be heard.
    #[error(
        "find an advert in it: it has {events} HCI events of other kinds, so nothing scanned \
         while it was taken; take it while `kiosk run` or `bluetoothctl scan on` scans"
    )]
    NoReports {
        /// The events.
        events: u64,
    },
    /// The operating system could not.
    #[error("use the capture: {0}")]
    Io(#[from] io::Error),
}

/// One packet. `Debug` shows nothing of its bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// What the file's records hold.
    pub datalink: Datalink,
    /// The direction and kind, or the monitor's index and kind.
    pub flags: u32,
    /// Microseconds since 1970.
    pub at_us: i64,
    /// Bytes the packet had before it was recorded; more than are here when it was cut.
    pub original_len: u32,
    /// The bytes.
    pub packet: &'a [u8],
}

impl<'a> Record<'a> {
    /// The HCI event in this record, event code first; `None` when it is another packet.
    #[must_use]
    pub fn event(&self) -> Option<&'a [u8]> {
        match self.datalink {
            Datalink::H1 => {
                let kind = self.flags & FLAGS_RECEIVED_EVENT;
                (kind == FLAGS_RECEIVED_EVENT).then_some(self.packet)
            }
            Datalink::H4 => match self.packet {
                [H4_EVENT, event @ ..] => Some(event),
                _ => None,
            },
            Datalink::Monitor => (self.flags & 0xFFFF == MONITOR_EVENT).then_some(self.packet),
        }
    }
}

/// Reads a capture record by record.
pub struct Reader<R> {
    input: R,
    datalink: Datalink,
    /// Where the last record is lent from.
    packet: Vec<u8>,
    records: u64,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Reads the file's header. The input should be buffered.
    ///
    /// # Errors
    ///
    /// When it is not a btsnoop file, or of a version or type that is not known.
    pub fn new(mut input: R) -> Result<Self, BtsnoopError> {
        let mut header = [[0; 4]; FILE_HEADER_BYTES / 4];
        let (got, _) = fill(&mut input, header.as_flattened_mut())?;
        let begins = header.as_flattened().get(..got.min(MAGIC.len())).unwrap_or_default();
        if !MAGIC.starts_with(begins) {
            return Err(BtsnoopError::Magic);
        }
        if got < FILE_HEADER_BYTES {
            return Err(BtsnoopError::HeaderCutShort { need: FILE_HEADER_BYTES, got });
        }
        let [_, _, version, datalink] = header.map(u32::from_be_bytes);
        if version != VERSION {
            return Err(BtsnoopError::Version { got: version });
        }
        let datalink = Datalink::from_number(datalink)?;
        Ok(Self { input, datalink, packet: Vec::new(), records: 0, ended: false })
    }

    /// What the file's records hold.
    #[must_use]
    pub const fn datalink(&self) -> Datalink {
        self.datalink
    }

    /// Records read so far.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// The next record; `None` at the end.
    ///
    /// # Errors
    ///
    /// When the file breaks off or cannot be read on. After an error comes the end.
    pub fn next_record(&mut self) -> Result<Option<Record<'_>>, BtsnoopError> {
        if self.ended {
            return Ok(None);
        }
        // Until this record is whole.
        self.ended = true;
        let record = self.records.saturating_add(1);
        let mut header = [[0; 4]; RECORD_HEADER_BYTES / 4];
        let (got, broke_off) = fill(&mut self.input, header.as_flattened_mut())?;
        if got == 0 && !broke_off {
            return Ok(None);
        }
        if got < RECORD_HEADER_BYTES {
            let need = RECORD_HEADER_BYTES;
            return Err(BtsnoopError::RecordCutShort { record, need, got });
        }
        let [original_len, len, flags, _, time_high, time_low] = header.map(u32::from_be_bytes);
        let at = (u64::from(time_high) << 32 | u64::from(time_low)).cast_signed();
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        if len > RECORD_BYTES_MAX {
            return Err(BtsnoopError::RecordTooLong { record, got: len });
        }
        self.packet.resize(len, 0);
        let (got, _) = fill(&mut self.input, &mut self.packet)?;
        if got < len {
            return Err(BtsnoopError::RecordCutShort {
                record,
                need: RECORD_HEADER_BYTES + len,
                got: RECORD_HEADER_BYTES + got,
            });
        }
        self.records = record;
        self.ended = false;
        Ok(Some(Record {
            datalink: self.datalink,
            flags,
            at_us: at.saturating_sub(YEAR_0_TO_1970_US),
            original_len,
            packet: &self.packet,
        }))
    }
}

/// Writes HCI events as a capture.
#[derive(Debug)]
pub struct Writer<W> {
    output: W,
    datalink: Datalink,
    records: u64,
}

impl std::fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Record({:?}, {} bytes)", self.datalink, self.packet.len())
    }
}

impl<R> std::fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reader({:?}, {} records read)", self.datalink, self.records)
    }
}

impl<W: Write> Writer<W> {
    /// Writes the file's header. The output should be buffered.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn new(mut output: W, datalink: Datalink) -> Result<Self, BtsnoopError> {
        output.write_all(&MAGIC)?;
        output.write_all(&VERSION.to_be_bytes())?;
        output.write_all(&datalink.number().to_be_bytes())?;
        Ok(Self { output, datalink, records: 0 })
    }

    /// Writes an HCI event (event code first) that was received `at_us` microseconds after the
    /// beginning of 1970.
    ///
    /// # Errors
    ///
    /// When it cannot be written, or is longer than any packet.
    pub fn write_event(&mut self, at_us: i64, event: &[u8]) -> Result<(), BtsnoopError> {
        let (type_byte, flags): (&[u8], u32) = match self.datalink {
            Datalink::H1 => (&[], FLAGS_RECEIVED_EVENT),
            Datalink::H4 => (&[H4_EVENT], FLAGS_RECEIVED_EVENT),
            Datalink::Monitor => (&[], MONITOR_EVENT),
        };
        let record = self.records.saturating_add(1);
        let got = type_byte.len().saturating_add(event.len());
        let too_long = || BtsnoopError::RecordTooLong { record, got };
        let len = u32::try_from(got).map_err(|_| too_long())?;
        if got > RECORD_BYTES_MAX {
            return Err(too_long());
        }
        let at = at_us.saturating_add(YEAR_0_TO_1970_US);
        for word in [len, len, flags, 0] {
            self.output.write_all(&word.to_be_bytes())?;
        }
        self.output.write_all(&at.to_be_bytes())?;
        self.output.write_all(type_byte)?;
        self.output.write_all(event)?;
        self.records = record;
        Ok(())
    }

    /// Writes everything through to the output, and lends it.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn flush(&mut self) -> Result<&mut W, BtsnoopError> {
        self.output.flush()?;
        Ok(&mut self.output)
    }

    /// Hands the output back, with everything written through.
    ///
    /// # Errors
    ///
    /// When the rest cannot be written.
    pub fn finish(mut self) -> Result<W, BtsnoopError> {
        self.output.flush()?;
        Ok(self.output)
    }
}

impl Datalink {
    const ALL: [Self; 3] = [Self::H1, Self::H4, Self::Monitor];

    /// The number in the file's header.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::H1 => 1001,
            Self::H4 => 1002,
            Self::Monitor => 2001,
        }
    }

    fn from_number(got: u32) -> Result<Self, BtsnoopError> {
        let known = Self::ALL.into_iter().find(|datalink| datalink.number() == got);
        known.ok_or(BtsnoopError::Datalink { got })
    }
}

/// Reads until `buffer` is full or the input ends; says how many bytes came, and whether a zipped
/// input broke off.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<(usize, bool)> {
    let mut filled = 0;
    while let Some(room) = buffer.get_mut(filled..).filter(|room| !room.is_empty()) {
        match input.read(room) {
            Ok(0) => break,
            Ok(got) => filled = filled.saturating_add(got),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok((filled, true)),
            Err(error) => return Err(error),
        }
    }
    Ok((filled, false))
}

#[cfg(test)]
mod tests;
