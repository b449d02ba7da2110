//! HCI events as bytes ↔ advertising reports (Bluetooth Core 5.4, vol 4 part E, 7.7.65.2 and
//! 7.7.65.13). Pure: no socket, no time. Other events are passed over, not read.

mod rewrite;

pub use rewrite::rewrite;

use crate::domain::advert::{Address, Dbm};

/// The event that carries everything of Bluetooth LE.
pub const LE_META: u8 = 0x3E;
/// LE Advertising Report.
pub const LEGACY_REPORT: u8 = 0x02;
/// LE Extended Advertising Report.
pub const EXTENDED_REPORT: u8 = 0x0D;

/// One report as the controller gave it: an advert, a scan response, or a fragment of a long one.
/// The data stays where the event's bytes are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Report<'a> {
    /// The event it came in.
    pub form: Form,
    /// Whether the phone spoke by itself or answered the scan.
    pub kind: Kind,
    /// Who sent it. All zero, random, when an extended advert is anonymous.
    pub address: Address,
    /// How loud; `None` when the controller does not say (127).
    pub rssi: Option<Dbm>,
    /// Whether the sender accepts a connection.
    pub connectable: bool,
    /// Whether the sender answers a scan.
    pub scannable: bool,
    /// Whether it went over the air as in Bluetooth 4: at most 31 bytes.
    pub legacy: bool,
    /// Which of a sender's advertising sets; [`NO_SET`] when there are none.
    pub set: u8,
    /// Whether the data is whole.
    pub status: DataStatus,
    /// AD structures.
    pub data: &'a [u8],
}

/// The advertising set of an advert that belongs to none.
pub const NO_SET: u8 = 0xFF;

/// The two events that carry reports.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Form {
    /// [`LEGACY_REPORT`].
    Legacy,
    /// [`EXTENDED_REPORT`], which carries adverts of Bluetooth 4 as well.
    Extended,
}

/// Why a report was sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// By itself.
    Advert,
    /// In answer to a scan.
    ScanResponse,
}

/// How much of an advert's data the sender's reports have brought.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DataStatus {
    /// All, with this report.
    Complete,
    /// Another report goes on.
    More,
    /// The rest was lost; no other report goes on.
    Truncated,
}

/// Why bytes are not an event with reports.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HciError {
    /// The event is shorter than its header says.
    #[error("read an HCI event of {need} bytes: only {got} are there")]
    EventCutShort {
        /// Bytes of the whole event.
        need: usize,
        /// Bytes that are there.
        got: usize,
    },
    /// A report is longer than what is left of the event.
    #[error("read an advertising report of {need} bytes: only {got} are left in the event")]
    ReportCutShort {
        /// Bytes of the whole report, as far as is known.
        need: usize,
        /// Bytes that are left.
        got: usize,
    },
    /// A legacy report of a type that does not exist.
    #[error("read an advertising report of type {got}: there are 0 to 4")]
    ReportType {
        /// The type.
        got: u8,
    },
}

/// The advertising reports in an HCI event, which begins with the event code (no H4 byte in
/// front). An event of another kind has none. Bytes beyond the event's own length are not read.
///
/// # Errors
///
/// When the event is shorter than it says. A report that breaks off is the iterator's last item.
pub fn reports(event: &[u8]) -> Result<Reports<'_>, HciError> {
    let [code, len, parameters @ ..] = event else {
        return Err(HciError::EventCutShort { need: 2, got: event.len() });
    };
    let need = usize::from(*len);
    let Some(parameters) = parameters.get(..need) else {
        return Err(HciError::EventCutShort { need: need + 2, got: event.len() });
    };
    match (*code, parameters) {
        (LE_META, [LEGACY_REPORT, left, rest @ ..]) => {
            Ok(Reports { form: Form::Legacy, left: *left, rest })
        }
        (LE_META, [EXTENDED_REPORT, left, rest @ ..]) => {
            Ok(Reports { form: Form::Extended, left: *left, rest })
        }
        (LE_META, [LEGACY_REPORT | EXTENDED_REPORT]) => {
            Err(HciError::EventCutShort { need: 4, got: 3 })
        }
        _ => Ok(Reports { form: Form::Legacy, left: 0, rest: &[] }),
    }
}

/// Reads reports one after the other, as controllers send them and Linux reads them. After an
/// error it yields nothing more.
#[derive(Clone)]
pub struct Reports<'a> {
    form: Form,
    left: u8,
    rest: &'a [u8],
}

impl std::fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Report({:?}, {:?}, {} bytes)", self.kind, self.rssi, self.data.len())
    }
}

impl std::fmt::Debug for Reports<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reports({} left)", self.left)
    }
}

impl<'a> Iterator for Reports<'a> {
    type Item = Result<Report<'a>, HciError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let read = match self.form {
            Form::Legacy => read_legacy(self.rest),
            Form::Extended => read_extended(self.rest),
        };
        Some(match read {
            Ok((report, rest)) => {
                self.rest = rest;
                Ok(report)
            }
            Err(error) => {
                self.left = 0;
                Err(error)
            }
        })
    }
}

/// Type, address type, address and data length.
const LEGACY_HEADER_BYTES: usize = 9;
/// All that stands before the data of an extended report.
const EXTENDED_HEADER_BYTES: usize = 24;

/// Bits of an extended report's event type.
mod bit {
    pub(super) const CONNECTABLE: u16 = 1;
    pub(super) const SCANNABLE: u16 = 1 << 1;
    pub(super) const SCAN_RESPONSE: u16 = 1 << 3;
    pub(super) const LEGACY: u16 = 1 << 4;
    pub(super) const STATUS: u16 = 0b11 << 5;
    pub(super) const STATUS_MORE: u16 = 0b01 << 5;
}

fn read_legacy(bytes: &[u8]) -> Result<(Report<'_>, &[u8]), HciError> {
    let got = bytes.len();
    let cut_short = |need| HciError::ReportCutShort { need, got };
    let (&[kind, address_type, ref wire @ .., len], rest) = bytes
        .split_first_chunk::<LEGACY_HEADER_BYTES>()
        .ok_or(cut_short(LEGACY_HEADER_BYTES + 1))?;
    let len = usize::from(len);
    let whole = cut_short(LEGACY_HEADER_BYTES + len + 1);
    let (data, rest) = rest.split_at_checked(len).ok_or(whole)?;
    let (&rssi, rest) = rest.split_first().ok_or(whole)?;
    let (connectable, scannable) = match kind {
        0 => (true, true),
        1 => (true, false),
        2 => (false, true),
        3 | 4 => (false, false),
        got => return Err(HciError::ReportType { got }),
    };
    let report = Report {
        form: Form::Legacy,
        kind: if kind == 4 { Kind::ScanResponse } else { Kind::Advert },
        address: address(address_type, *wire),
        rssi: power(rssi),
        connectable,
        scannable,
        legacy: true,
        set: NO_SET,
        status: DataStatus::Complete,
        data,
    };
    Ok((report, rest))
}

fn read_extended(bytes: &[u8]) -> Result<(Report<'_>, &[u8]), HciError> {
    let got = bytes.len();
    let cut_short = |need| HciError::ReportCutShort { need, got };
    let missing = cut_short(EXTENDED_HEADER_BYTES);
    let (&[low, high, address_type, ref wire @ ..], rest) =
        bytes.split_first_chunk::<9>().ok_or(missing)?;
    // Two PHYs, the set, the sender's power, RSSI, the interval of periodic adverts, and whom a
    // directed advert is for.
    let (&[_, _, set, _, rssi, .., len], rest) = rest.split_first_chunk::<15>().ok_or(missing)?;
    let len = usize::from(len);
    let whole = cut_short(EXTENDED_HEADER_BYTES + len);
    let (data, rest) = rest.split_at_checked(len).ok_or(whole)?;
    let event_type = u16::from_le_bytes([low, high]);
    let has = |bit: u16| event_type & bit != 0;
    let report = Report {
        form: Form::Extended,
        kind: if has(bit::SCAN_RESPONSE) { Kind::ScanResponse } else { Kind::Advert },
        address: address(address_type, *wire),
        rssi: power(rssi),
        connectable: has(bit::CONNECTABLE),
        scannable: has(bit::SCANNABLE),
        legacy: has(bit::LEGACY),
        set,
        status: match event_type & bit::STATUS {
            0 => DataStatus::Complete,
            bit::STATUS_MORE => DataStatus::More,
            _ => DataStatus::Truncated,
        },
        data,
    };
    Ok((report, rest))
}

const ADDRESS_PUBLIC: u8 = 0;
const ADDRESS_RANDOM: u8 = 1;
const ADDRESS_PUBLIC_IDENTITY: u8 = 2;
const ADDRESS_ANONYMOUS: u8 = 0xFF;

/// The wire has the least significant byte first.
fn address(kind: u8, mut bytes: [u8; 6]) -> Address {
    bytes.reverse();
    match kind {
        ADDRESS_PUBLIC | ADDRESS_PUBLIC_IDENTITY => Address { bytes, random: false },
        ADDRESS_ANONYMOUS => Address { bytes: [0; 6], random: true },
        _ => Address { bytes, random: true },
    }
}

/// "Not available" on the wire.
const POWER_UNKNOWN: i8 = 127;

fn power(byte: u8) -> Option<Dbm> {
    let level = byte.cast_signed();
    (level != POWER_UNKNOWN).then_some(Dbm(level))
}

/// The most data one extended report carries.
pub const EXTENDED_DATA_BYTES_MAX: usize = 229;

/// Replaces what `event` holds by an extended event with `report` in it, whatever form the report
/// came in: for captures of what a simulated radio hears. Data beyond
/// [`EXTENDED_DATA_BYTES_MAX`] is cut, and the report then says so.
pub fn encode(report: &Report<'_>, event: &mut Vec<u8>) {
    let fits = report.data.len().min(EXTENDED_DATA_BYTES_MAX);
    let data = report.data.get(..fits).unwrap_or_default();
    let status = match report.status {
        DataStatus::Complete if data.len() == report.data.len() => 0,
        DataStatus::More => bit::STATUS_MORE,
        DataStatus::Complete | DataStatus::Truncated => bit::STATUS ^ bit::STATUS_MORE,
    };
    let flag = |on: bool, bit: u16| if on { bit } else { 0 };
    let event_type = status
        | flag(report.connectable, bit::CONNECTABLE)
        | flag(report.scannable, bit::SCANNABLE)
        | flag(report.kind == Kind::ScanResponse, bit::SCAN_RESPONSE)
        | flag(report.legacy, bit::LEGACY);
    let address_type = if report.address.random { ADDRESS_RANDOM } else { ADDRESS_PUBLIC };
    let unknown = POWER_UNKNOWN.cast_unsigned();
    let rssi = report.rssi.map_or(unknown, |level| level.0.cast_unsigned());
    let byte = |len: usize| u8::try_from(len).unwrap_or(u8::MAX);

    event.clear();
    event.extend([LE_META, byte(2 + EXTENDED_HEADER_BYTES + data.len()), EXTENDED_REPORT, 1]);
    event.extend(event_type.to_le_bytes());
    event.push(address_type);
    event.extend(report.address.bytes.iter().rev());
    // One megabit a second on the primary channel and nothing on a secondary one.
    event.extend([1, 0, report.set, unknown, rssi]);
    // No periodic adverts, directed at nobody.
    event.extend([0; 9]);
    event.push(byte(data.len()));
    event.extend(data);
}

#[cfg(test)]
mod tests;
