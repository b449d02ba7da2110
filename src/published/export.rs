//! Exposure Notification's export: `TemporaryExposureKeyExport` of Google's `export.proto` behind a
//! header of 16 bytes. It is gone through twice: once to see that it is whole and what it says of
//! itself, once for its keys.
//!
//! A key from which no ids can follow is passed over and counted. What only describes the illness
//! is taken as not said where it makes no sense, since the ids are the same.

use std::io::BufRead;

use prost::Message;

use super::PublishedError;
use super::error::shown;
use super::limits::{KEYS_MAX, MESSAGE_BYTES_MAX, SIGNATURES_MAX};
use super::message::{ExposureKey, Signatures, Signer};
use super::pieces::{Pieces, is_past};
use super::summary::{Batch, Format, Summary};
use super::wire::{Field, Wire};
use crate::domain::exposure::published::{PublishedKey, ReportKind, TemporaryExposureKey};
use crate::domain::moment::Wall;
use crate::domain::network::gaen::{INTERVAL_SECONDS, ROLLING_PERIOD};

/// What an export begins with.
pub(super) const HEADER: &[u8; 16] = b"EK Export v1    ";

/// Days from the first symptoms that are told apart.
const ONSET_DAYS_MAX: u32 = 14;

/// Bytes of a signer's names; region and names are cut to what is shown.
const NAMES_BYTES_MAX: u64 = 1_024;

/// The fields of an export.
mod field {
    pub(super) const START: u32 = 1;
    pub(super) const END: u32 = 2;
    pub(super) const REGION: u32 = 3;
    pub(super) const BATCH_NUM: u32 = 4;
    pub(super) const BATCH_SIZE: u32 = 5;
    pub(super) const SIGNER: u32 = 6;
    pub(super) const KEYS: u32 = 7;
    pub(super) const REVISED_KEYS: u32 = 8;
}

/// What an export says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Heading {
    /// The span of time in which its keys came in, in seconds since 1970.
    pub span: (u64, u64),
    pub region: String,
    pub batch_num: u64,
    pub batch_size: u64,
    pub signers: Vec<Signer>,
    /// Keys, revised ones among them, good or bad.
    pub keys: u64,
}

impl Heading {
    /// Writes it into a file's summary, if the signatures say the same.
    pub(super) fn tell(
        self,
        summary: &mut Summary,
        signatures: &Signatures,
    ) -> Result<(), PublishedError> {
        let (named, found) = (self.signers.len(), signatures.signatures.len());
        if named != found {
            return Err(PublishedError::SignatureCount { named, found });
        }
        let (part, parts) = (self.batch_num.cast_signed(), self.batch_size.cast_signed());
        let agree = signatures.signatures.iter().all(|signature| {
            signature.batch_num.is_none_or(|said| i64::from(said) == part)
                && signature.batch_size.is_none_or(|said| i64::from(said) == parts)
        });
        if !agree {
            return Err(PublishedError::Malformed { what: "the batch of a signature" });
        }
        summary.format = Format::GaenExport;
        // Where nothing is said of a batch, it is one of its own.
        summary.batch =
            if (part, parts) == (0, 0) { Batch::WHOLE } else { Batch::new(part, parts)? };
        let moment = |seconds| Wall(i64::try_from(seconds).unwrap_or(i64::MAX));
        summary.span = (moment(self.span.0), moment(self.span.1));
        summary.region = self.region;
        Ok(())
    }
}

/// What comes after the header.
pub(super) fn behind_header<R: BufRead>(mut input: R) -> Result<R, PublishedError> {
    let mut header = [0; HEADER.len()];
    input.read_exact(&mut header)?;
    if &header == HEADER {
        Ok(input)
    } else {
        Err(PublishedError::Malformed { what: "the header" })
    }
}

/// Goes through an export behind its header, whose input it gives back at the end.
pub(super) fn survey<R: BufRead>(input: R) -> Result<(Heading, R), PublishedError> {
    let mut heading = Heading::default();
    let mut wire = Wire::new(input);
    let mut bytes = vec![];
    while let Some((number, field)) = wire.next()? {
        match (number, field) {
            (field::START, Field::Fixed64(seconds)) => heading.span.0 = seconds,
            (field::END, Field::Fixed64(seconds)) => heading.span.1 = seconds,
            (field::REGION, Field::Bytes(len)) => {
                wire.take(len, NAMES_BYTES_MAX, &mut bytes)?;
                heading.region = shown(&String::from_utf8_lossy(&bytes));
            }
            (field::BATCH_NUM, Field::Varint(number)) => heading.batch_num = number,
            (field::BATCH_SIZE, Field::Varint(number)) => heading.batch_size = number,
            (field::SIGNER, Field::Bytes(len)) => {
                wire.take(len, NAMES_BYTES_MAX, &mut bytes)?;
                let signer = Signer::decode(&*bytes)
                    .map_err(|_| PublishedError::Malformed { what: "a signer" })?;
                if heading.signers.len() == SIGNATURES_MAX {
                    return Err(PublishedError::Malformed { what: "the number of signers" });
                }
                heading.signers.push(signer);
            }
            (field::KEYS | field::REVISED_KEYS, Field::Bytes(len)) => {
                if len > MESSAGE_BYTES_MAX {
                    return Err(PublishedError::Malformed { what: "the length of a key" });
                }
                heading.keys = heading.keys.saturating_add(1);
                if heading.keys > KEYS_MAX {
                    return Err(PublishedError::TooMany);
                }
                wire.skip(field)?;
            }
            (field::START..=field::REVISED_KEYS, _) => {
                return Err(PublishedError::Malformed { what: "the kind of a field" });
            }
            _ => wire.skip(field)?,
        }
    }
    Ok((heading, wire.into_inner()))
}

/// Hands out the keys of an export behind its header, and gives its input back.
pub(super) fn keys<R: BufRead>(
    input: R,
    now: Wall,
    pieces: &mut Pieces<'_, PublishedKey>,
) -> Result<R, PublishedError> {
    let mut wire = Wire::new(input);
    let mut bytes = vec![];
    let mut message = ExposureKey::default();
    while let Some((number, field)) = wire.next()? {
        let (field::KEYS | field::REVISED_KEYS, Field::Bytes(len)) = (number, field) else {
            wire.skip(field)?;
            continue;
        };
        wire.take(len, MESSAGE_BYTES_MAX, &mut bytes)?;
        message.clear();
        // A signed file is read to its end: what cannot be understood is one key that is passed over.
        let understood = message.merge(&*bytes).ok().and_then(|()| understand(&message, now));
        let key = understood.map(PublishedKey::Gaen);
        if number == field::REVISED_KEYS && key.is_some() {
            pieces.counts.revised = pieces.counts.revised.saturating_add(1);
        }
        pieces.add(key)?;
    }
    Ok(wire.into_inner())
}

/// The key, if ids follow from it.
fn understand(message: &ExposureKey, now: Wall) -> Option<TemporaryExposureKey> {
    let key = message.key.as_slice().try_into().ok()?;
    let rolling_start = u32::try_from(message.rolling_start).ok()?;
    let begin = Wall(i64::from(rolling_start) * INTERVAL_SECONDS);
    let whole_day = i32::try_from(ROLLING_PERIOD).unwrap_or(i32::MAX);
    let period = message.rolling_period.unwrap_or(whole_day);
    if rolling_start == 0 || !is_past(begin, now) || !(1..=whole_day).contains(&period) {
        return None;
    }
    let onset_days = message.onset_days.filter(|days| days.unsigned_abs() <= ONSET_DAYS_MAX);
    Some(TemporaryExposureKey {
        key,
        rolling_start,
        rolling_period: u8::try_from(period).ok()?,
        report: report(message.report),
        transmission_risk: u8::try_from(message.transmission_risk)
            .ok()
            .filter(|risk| *risk <= 8)
            .unwrap_or(0),
        onset_days: onset_days.and_then(|days| i8::try_from(days).ok()),
    })
}

const fn report(number: i32) -> ReportKind {
    match number {
        1 => ReportKind::ConfirmedTest,
        2 => ReportKind::ClinicalDiagnosis,
        3 => ReportKind::SelfReport,
        4 => ReportKind::Recursive,
        5 => ReportKind::Revoked,
        _ => ReportKind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Wall = Wall(2_650_000 * INTERVAL_SECONDS);

    fn good() -> ExposureKey {
        ExposureKey { key: vec![7; 16], rolling_start: 2_649_888, ..ExposureKey::default() }
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let key = TemporaryExposureKey {
            key: [7; 16],
            rolling_start: 2_649_888,
            rolling_period: 144,
            report: ReportKind::Unknown,
            transmission_risk: 0,
            onset_days: None,
        };
        assert!(understand(&good(), NOW) == Some(key));
    }

    #[test]
    fn a_key_without_ids_is_passed_over() {
        for bad in [
            ExposureKey { key: vec![7; 15], ..good() },
            ExposureKey { key: vec![], ..good() },
            ExposureKey { rolling_start: -1, ..good() },
            ExposureKey { rolling_start: 0, ..good() },
            ExposureKey { rolling_start: 2_650_145, ..good() },
            ExposureKey { rolling_period: Some(0), ..good() },
            ExposureKey { rolling_period: Some(145), ..good() },
            ExposureKey { rolling_period: Some(-1), ..good() },
        ] {
            assert!(understand(&bad, NOW).is_none());
        }
        let one = ExposureKey { rolling_period: Some(1), ..good() };
        assert!(understand(&one, NOW).is_some_and(|key| key.rolling_period == 1));
    }

    #[test]
    fn what_describes_the_illness_may_make_no_sense() {
        for (risk, onset, report, known) in [
            (8, Some(-14), 5, (8, Some(-14), ReportKind::Revoked)),
            (9, Some(15), 6, (0, None, ReportKind::Unknown)),
            (-1, Some(i32::MIN), -1, (0, None, ReportKind::Unknown)),
            (1, Some(14), 1, (1, Some(14), ReportKind::ConfirmedTest)),
        ] {
            let message =
                ExposureKey { transmission_risk: risk, onset_days: onset, report, ..good() };
            let key = understand(&message, NOW).expect("its ids are known");
            assert_eq!((key.transmission_risk, key.onset_days, key.report), known);
        }
    }
}
