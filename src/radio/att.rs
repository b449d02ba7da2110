//! What is said to a phone to read one value from it, in the words of the attribute protocol
//! (Bluetooth Core 5.4, vol 3 part F): which service, which characteristic, its value. Pure: bytes
//! come in, bytes go out. It never asks for a safer connection, so nothing is ever paired.

use crate::domain::advert::uuid;
use crate::domain::asking::{Outcome, Value};
use crate::domain::network::gatt::{GattId, VALUE_BYTES_MAX};

/// The longest packet either side may send before the other has said how much it takes
/// (vol 3 part G, 5.2.1).
const LEAST_MTU: u16 = 23;
/// The longest that is taken here: a value of any length in one packet.
pub const MTU: u16 = 517;
/// The same, as room for a packet.
pub const PACKET_BYTES_MAX: usize = 517;

const ERROR: u8 = 0x01;
const MTU_REQUEST: u8 = 0x02;
const MTU_RESPONSE: u8 = 0x03;
const FIND_BY_TYPE_VALUE: u8 = 0x06;
const READ_BY_TYPE: u8 = 0x08;
const READ: u8 = 0x0A;
const READ_BLOB: u8 = 0x0C;
const LAST_REQUEST: u8 = 0x20;
const INDICATION: u8 = 0x1D;
const CONFIRMATION: u8 = 0x1E;

/// An answer has the number of its request, and this bit.
const IS_ANSWER: u8 = 1;

const INVALID_OFFSET: u8 = 0x07;
const ATTRIBUTE_NOT_FOUND: u8 = 0x0A;
const NOT_LONG: u8 = 0x0B;
const UNLIKELY: u8 = 0x0E;
const INSUFFICIENT_RESOURCES: u8 = 0x11;

const PRIMARY_SERVICE: u16 = 0x2800;
const CHARACTERISTIC: u16 = 0x2803;

/// What is to be done next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Next {
    /// To send this; the phone then has something to say.
    Send(Vec<u8>),
    /// Nothing: what came was no answer.
    Wait,
    /// It has come to an end.
    Ended(Outcome),
}

/// One reading of the first of some values that a phone has.
#[derive(Debug)]
pub struct Enquiry {
    /// Those not found to be missing yet; the first is asked for.
    wanted: &'static [GattId],
    asked: Asked,
    mtu: u16,
    value: Vec<u8>,
}

/// What the phone has been asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Asked {
    Mtu,
    Service,
    /// Characteristics from the first handle to the last.
    Characteristics {
        from: u16,
        to: u16,
    },
    /// The value behind the handle, or the rest of it.
    Value(u16),
    Rest(u16),
}

impl Enquiry {
    /// An enquiry, and what is to be sent first.
    #[must_use]
    pub fn begin(wanted: &'static [GattId]) -> (Self, Vec<u8>) {
        let enquiry = Self { wanted, asked: Asked::Mtu, mtu: LEAST_MTU, value: Vec::new() };
        (enquiry, with_two(MTU_REQUEST, &[MTU]))
    }

    /// Takes in what the phone has sent.
    pub fn handle(&mut self, packet: &[u8]) -> Next {
        let Some((&code, rest)) = packet.split_first() else { return Next::Wait };
        match (code, rest) {
            (ERROR, &[request, _, _, reason, ..]) if request == self.request() => {
                self.refused(reason)
            }
            (INDICATION, _) => Next::Send(vec![CONFIRMATION]),
            _ if code == self.request() | IS_ANSWER => self.answered(rest),
            (MTU_REQUEST, _) => Next::Send(with_two(MTU_RESPONSE, &[MTU])),
            (request, _) if request <= LAST_REQUEST && request & IS_ANSWER == 0 => {
                Next::Send(nothing_here(request, rest))
            }
            _ => Next::Wait,
        }
    }

    const fn request(&self) -> u8 {
        match self.asked {
            Asked::Mtu => MTU_REQUEST,
            Asked::Service => FIND_BY_TYPE_VALUE,
            Asked::Characteristics { .. } => READ_BY_TYPE,
            Asked::Value(_) => READ,
            Asked::Rest(_) => READ_BLOB,
        }
    }

    fn answered(&mut self, answer: &[u8]) -> Next {
        match (self.asked, answer) {
            (Asked::Mtu, &[low, high, ..]) => {
                self.mtu = u16::from_le_bytes([low, high]).clamp(LEAST_MTU, MTU);
                self.ask_for_service()
            }
            (Asked::Service, &[from_low, from_high, to_low, to_high, ..]) => self.ask_from(
                u16::from_le_bytes([from_low, from_high]),
                u16::from_le_bytes([to_low, to_high]),
            ),
            (Asked::Characteristics { from, to }, &[len, ref entries @ ..]) => {
                self.characteristics(entries.chunks_exact(usize::from(len.max(1))), from, to)
            }
            (Asked::Value(handle) | Asked::Rest(handle), part) => self.value(handle, part),
            // An answer that is cut short is none.
            (Asked::Mtu | Asked::Service | Asked::Characteristics { .. }, _) => {
                Next::Ended(Outcome::Refused)
            }
        }
    }

    fn refused(&mut self, reason: u8) -> Next {
        match (self.asked, reason) {
            // It takes no more than the least.
            (Asked::Mtu, _) => self.ask_for_service(),
            (Asked::Service | Asked::Characteristics { .. }, ATTRIBUTE_NOT_FOUND) => {
                self.wanted = self.wanted.get(1..).unwrap_or_default();
                self.ask_for_service()
            }
            // What has come is all of it.
            (Asked::Rest(_), INVALID_OFFSET | NOT_LONG) => self.end_value(),
            // It cannot just now, as an app whose keys are locked with the screen.
            (_, UNLIKELY | INSUFFICIENT_RESOURCES) => Next::Ended(Outcome::TimedOut),
            (
                Asked::Service | Asked::Characteristics { .. } | Asked::Value(_) | Asked::Rest(_),
                _,
            ) => Next::Ended(Outcome::Refused),
        }
    }

    fn ask_for_service(&mut self) -> Next {
        let Some(wanted) = self.wanted.first() else { return Next::Ended(Outcome::NoService) };
        self.asked = Asked::Service;
        let mut request = with_two(FIND_BY_TYPE_VALUE, &[1, u16::MAX, PRIMARY_SERVICE]);
        request.extend(on_air(wanted.service));
        Next::Send(request)
    }

    fn ask_from(&mut self, from: u16, to: u16) -> Next {
        self.asked = Asked::Characteristics { from, to };
        Next::Send(with_two(READ_BY_TYPE, &[from, to, CHARACTERISTIC]))
    }

    /// Looks for the one that is wanted, else asks for those that come after these.
    fn characteristics<'a>(
        &mut self,
        entries: impl Iterator<Item = &'a [u8]>,
        from: u16,
        to: u16,
    ) -> Next {
        let wanted = self.wanted.first().map(|wanted| on_air(wanted.characteristic));
        let mut last = None;
        for entry in entries {
            // Its own handle, what may be done with it, the handle of its value, its UUID.
            let &[own_low, own_high, _, low, high, ref uuid @ ..] = entry else { break };
            if wanted.as_deref() == Some(uuid) {
                let handle = u16::from_le_bytes([low, high]);
                self.asked = Asked::Value(handle);
                return Next::Send(with_two(READ, &[handle]));
            }
            last = Some(u16::from_le_bytes([own_low, own_high]));
        }
        // Handles rise, so this comes to an end whatever the phone says.
        match last {
            Some(last) if last >= from && last < to => self.ask_from(last + 1, to),
            _ => self.refused(ATTRIBUTE_NOT_FOUND),
        }
    }

    fn value(&mut self, handle: u16, part: &[u8]) -> Next {
        self.value.extend_from_slice(part);
        let is_all = part.len() + 1 < usize::from(self.mtu);
        match u16::try_from(self.value.len()) {
            Ok(so_far) if !is_all && self.value.len() < VALUE_BYTES_MAX => {
                self.asked = Asked::Rest(handle);
                Next::Send(with_two(READ_BLOB, &[handle, so_far]))
            }
            _ => self.end_value(),
        }
    }

    fn end_value(&mut self) -> Next {
        let value = std::mem::take(&mut self.value);
        Next::Ended(if value.len() <= VALUE_BYTES_MAX {
            Outcome::Value(Value(value))
        } else {
            Outcome::Refused
        })
    }
}

/// A code, and numbers of two bytes each.
fn with_two(code: u8, numbers: &[u16]) -> Vec<u8> {
    std::iter::once(code).chain(numbers.iter().flat_map(|number| number.to_le_bytes())).collect()
}

/// The phone may ask as well; over this connection there is nothing to be had.
fn nothing_here(request: u8, rest: &[u8]) -> Vec<u8> {
    let handle = rest.first_chunk().copied().map_or(0, u16::from_le_bytes);
    let mut answer = vec![ERROR, request];
    answer.extend(handle.to_le_bytes());
    answer.push(ATTRIBUTE_NOT_FOUND);
    answer
}

/// A UUID as it is on the air: as short as it can be, the least significant byte first.
fn on_air(uuid: u128) -> Vec<u8> {
    uuid::short(uuid)
        .map_or_else(|| uuid.to_le_bytes().to_vec(), |short| short.to_le_bytes().to_vec())
}

#[cfg(test)]
mod tests;
