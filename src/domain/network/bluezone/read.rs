//! What an iPhone with Bluezone hands out to whoever connects: the rolling id as it is, or, in the
//! first generation, a name made from the id.

use super::{ID_BYTES, ID_V1_BYTES, IPHONE_SERVICE, IPHONE_SERVICE_V1};
use crate::domain::network::gatt::GattId;
use crate::domain::network::{DecodeError, exactly};
use crate::domain::sighting::ProximityId;

/// Two digits and an id in which two letters stand twice.
const NAME_V1_BYTES: usize = 10;

/// What to read, the newer generation first.
pub const READS: [GattId; 2] = [
    GattId::of(IPHONE_SERVICE, 0x0000_4E56_73F5_4BC4_A12F_17D1_AD07_A689, ID_BYTES),
    GattId::of(IPHONE_SERVICE_V1, 0x0859_0F7E_DB05_467E_8757_72F6_FAEB_13D4, NAME_V1_BYTES),
];

/// The id an iPhone hands out.
///
/// # Errors
///
/// When it is neither generation's.
pub fn decode_read(bytes: &[u8]) -> Result<ProximityId, DecodeError> {
    if bytes.len() == NAME_V1_BYTES {
        return id_in_name(bytes).map(ProximityId::BluezoneV1).ok_or(DecodeError::IdAlphabet);
    }
    exactly(bytes).map(ProximityId::Bluezone)
}

/// The id of the first generation in the name made from it (`AppUtils.convertUserId`): a digit, the
/// id with two of its letters put in once more, a digit. The digits, 1 to 5 and different, say
/// which letters they are and where the other's copy stands.
fn id_in_name(name: &[u8]) -> Option<[u8; ID_V1_BYTES]> {
    let (&[first, ref longer @ .., last], []) = name.split_first_chunk::<NAME_V1_BYTES>()? else {
        return None;
    };
    let place = |digit: u8| (b'1'..=b'5').contains(&digit).then(|| usize::from(digit - b'0'));
    let (first, last) = (place(first)?, place(last)?);
    if first == last {
        return None;
    }
    let mut letters = longer.to_vec();
    // What was put in last is taken out first.
    let (of_first, of_last) = if first > last {
        let of_first = letters.remove(last);
        (of_first, letters.remove(first))
    } else {
        let of_last = letters.remove(first);
        (letters.remove(last), of_last)
    };
    let copied =
        letters.get(first - 1) == Some(&of_first) && letters.get(last - 1) == Some(&of_last);
    let id: [u8; ID_V1_BYTES] = letters.try_into().ok()?;
    (copied && id.iter().all(u8::is_ascii_alphanumeric)).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rolling_id_as_it_is() {
        assert_eq!(decode_read(&[7; 12]), Ok(ProximityId::Bluezone([7; 12])));
        let wrong = DecodeError::IdLength { least: 12, most: 12, got: 11 };
        assert_eq!(decode_read(&[7; 11]), Err(wrong));
    }

    #[test]
    fn names_of_the_first_generation() {
        for name in ["13II3h7QP2", "23IQh7QIP5", "437Ih73QP1", "53IhQ7QhP3"] {
            let id = ProximityId::BluezoneV1(*b"3Ih7QP");
            assert_eq!(decode_read(name.as_bytes()), Ok(id), "{name}");
        }
        for name in ["13II3h7QP1", "03II3h7QP2", "13IJ3h7QP2", "63IhQ7QhP3", "13II3h7Q-2"] {
            assert_eq!(decode_read(name.as_bytes()), Err(DecodeError::IdAlphabet), "{name}");
        }
    }
}
