//! Writes an event anew with other addresses and other data of the same length, and leaves
//! everything else in it as it was: type, power, level, number of reports, damage. What the new
//! ones are is the caller's business.

use super::{
    ADDRESS_ANONYMOUS, EXTENDED_HEADER_BYTES, EXTENDED_REPORT, Form, LE_META, LEGACY_HEADER_BYTES,
    LEGACY_REPORT, Report, address, reports,
};
use crate::domain::advert::Address;

/// Replaces what `out` holds by `event` with each address put through `new_address`, and each
/// report's data through `new_data`, which is also shown the report as it was. Says whether the
/// event carries advertising reports; one that does not leaves `out` empty.
///
/// What cannot be read is zeroed, but for the few bytes that say how it is damaged. What lies
/// behind the reports is zeroed, and what lies behind the event is left out.
pub fn rewrite(
    event: &[u8],
    out: &mut Vec<u8>,
    mut new_address: impl FnMut(Address) -> Address,
    mut new_data: impl FnMut(&Report<'_>, &mut [u8]),
) -> bool {
    out.clear();
    let [LE_META, len, LEGACY_REPORT | EXTENDED_REPORT, ..] = *event else { return false };
    let whole = event.get(..2 + usize::from(len)).unwrap_or(event);
    let Ok(mut read) = reports(event) else {
        keep(out, whole, 3..);
        return true;
    };
    keep(out, whole.get(..4).unwrap_or(whole), 4..);
    loop {
        let before = read.rest;
        let report = match read.next() {
            None => {
                keep(out, before, 0..);
                return true;
            }
            Some(Err(_)) => {
                keep_damage(out, before, read.form);
                return true;
            }
            Some(Ok(report)) => report,
        };
        let raw = before.get(..before.len() - read.rest.len()).unwrap_or(before);
        let begin = out.len();
        out.extend(raw);
        let Some(written) = out.get_mut(begin..) else { return true };
        match report.form {
            Form::Legacy => {
                put_address(written, 1, &mut new_address);
                put_data(written, LEGACY_HEADER_BYTES, &report, &mut new_data);
            }
            Form::Extended => {
                put_address(written, 2, &mut new_address);
                // Whom a directed advert is for.
                put_address(written, 16, &mut new_address);
                put_data(written, EXTENDED_HEADER_BYTES, &report, &mut new_data);
            }
        }
    }
}

/// The address whose type stands at this place of a report.
fn put_address(report: &mut [u8], place: usize, new: &mut impl FnMut(Address) -> Address) {
    let Some(&mut [kind, ref mut wire @ ..]) =
        report.get_mut(place..).and_then(|rest| rest.first_chunk_mut::<7>())
    else {
        return;
    };
    if kind == ADDRESS_ANONYMOUS {
        wire.fill(0);
    } else if *wire != [0; 6] {
        *wire = new(address(kind, *wire)).bytes;
        wire.reverse();
    }
}

fn put_data(
    written: &mut [u8],
    begin: usize,
    report: &Report<'_>,
    new: &mut impl FnMut(&Report<'_>, &mut [u8]),
) {
    let end = begin + report.data.len();
    if let Some(data) = written.get_mut(begin..end) {
        new(report, data);
    }
}

/// Of a report that breaks off, its type, the type of its address and the length of its data.
fn keep_damage(out: &mut Vec<u8>, report: &[u8], form: Form) {
    let (types, len_at) = match form {
        Form::Legacy => (2, LEGACY_HEADER_BYTES - 1),
        Form::Extended => (3, EXTENDED_HEADER_BYTES - 1),
    };
    let kept = report.iter().enumerate();
    out.extend(kept.map(|(place, &byte)| if place < types || place == len_at { byte } else { 0 }));
}

/// `bytes` with zeroes in a range of them.
fn keep(out: &mut Vec<u8>, bytes: &[u8], zeroed: std::ops::RangeFrom<usize>) {
    let kept = bytes.iter().enumerate();
    out.extend(kept.map(|(place, &byte)| if zeroed.contains(&place) { 0 } else { byte }));
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENDER: [u8; 6] = [0x46, 2, 3, 4, 5, 6];

    fn rewritten(event: &[u8]) -> Option<Vec<u8>> {
        let mut out = vec![9];
        let other = |_| Address { bytes: [0x77; 6], random: true };
        rewrite(event, &mut out, other, |_, data| data.fill(0x88)).then_some(out)
    }

    fn legacy(kind: u8, data: &[u8]) -> Vec<u8> {
        let len = u8::try_from(data.len()).unwrap();
        [&[kind, 1][..], &SENDER, &[len], data, &[0xC4]].concat()
    }

    #[test]
    fn only_address_and_data_change() {
        let reports = [legacy(0, &[1, 2, 3]), legacy(4, &[])].concat();
        let mut event = vec![0x3E, u8::try_from(reports.len() + 2).unwrap(), 0x02, 2];
        event.extend(&reports);
        let expected = {
            let mut event = event.clone();
            event[6..12].fill(0x77);
            event[13..16].fill(0x88);
            event[19..25].fill(0x77);
            event
        };
        event.extend(b"behind the event");
        assert_eq!(rewritten(&event), Some(expected));
    }

    #[test]
    fn whom_a_directed_advert_is_for_is_somebody_too() {
        let mut report = vec![0; EXTENDED_HEADER_BYTES];
        report[3..9].copy_from_slice(&SENDER);
        report[17..23].copy_from_slice(&SENDER);
        let event = [&[0x3E, 26, 0x0D, 1][..], &report].concat();
        let out = rewritten(&event).unwrap();
        assert!(!out.windows(6).any(|six| six == SENDER));
        report[17..23].fill(0);
        let event = [&[0x3E, 26, 0x0D, 1][..], &report].concat();
        assert_eq!(rewritten(&event).unwrap()[21..27], [0; 6], "nobody stays nobody");
    }

    #[test]
    fn damage_stays_as_it_is_and_holds_nothing() {
        let report = legacy(0, &[0x46; 20]);
        let whole = [&[0x3E, 32, 0x02, 1][..], &report].concat();
        let mut cut_within = whole[..24].to_vec();
        cut_within[1] = 22;
        let mut wrong_type = whole.clone();
        wrong_type[4] = 5;
        for damaged in [&whole[..30], &whole[..3], &cut_within, &wrong_type] {
            let out = rewritten(damaged).unwrap();
            let problem = |event| match reports(event) {
                Ok(mut reports) => reports.find_map(Result::err),
                Err(error) => Some(error),
            };
            assert!(problem(damaged).is_some());
            assert_eq!((problem(&out), out.len()), (problem(damaged), damaged.len()));
            assert!(!out.contains(&0x46));
        }
    }

    #[test]
    fn other_events_are_no_business_of_this() {
        assert_eq!(rewritten(&[0x0E, 4, 1, 3, 0x0C, 0]), None);
        assert_eq!(rewritten(&[0x3E, 2, 0x01, 0]), None);
        assert_eq!(rewritten(&[]), None);
    }
}
