//! Exports that are as they must be, or signed by the wrong one.

use super::*;
use crate::domain::exposure::published::ReportKind;

#[test]
fn a_signed_export_hands_out_its_keys() {
    let (summary, keys) = taken(&signed(&export())).expect("it is good");
    assert_eq!((summary.format, summary.signed), (Format::GaenExport, true));
    assert_eq!((summary.region.as_str(), summary.batch), ("VN", Batch::WHOLE));
    assert_eq!(summary.span, (Wall(1_622_505_600), Wall(1_622_592_000)));
    assert_eq!(summary.counts, Counts { taken: 3, revised: 0, skipped: 0 });
    let PublishedKey::Gaen(first) = keys[0] else { panic!("another network's") };
    assert_eq!((first.key, first.rolling_period), ([1; 16], 144));
    assert_eq!((first.report, first.transmission_risk), (ReportKind::ConfirmedTest, 3));
    assert_eq!(first.onset_days, Some(-2));
    assert_eq!(i64::from(first.rolling_start), i64::from(TODAY) - 144);
}

#[test]
fn an_export_may_be_stored_as_it_is_and_hold_what_nobody_knows() {
    let export = Export { later: "unknown".to_owned(), ..export() };
    let bin = bin(&export);
    let sig = sig(vec![signature(&bin, &authority_key(), signer())]);
    let file = zip(&[("export.sig", &sig), ("export.bin", &bin)], CompressionMethod::Stored);
    assert_eq!(taken(&file).expect("it is good").0.counts.taken, 3);
}

#[test]
fn a_revoked_key_is_handed_out_as_one() {
    let export = Export { revised: vec![ExposureKey { report: 5, ..exposure_key(1) }], ..export() };
    let (summary, keys) = taken(&signed(&export)).expect("it is good");
    assert_eq!(summary.counts, Counts { taken: 4, revised: 1, skipped: 0 });
    let Some(PublishedKey::Gaen(last)) = keys.last() else { panic!("another network's") };
    assert_eq!((last.key, last.report), ([1; 16], ReportKind::Revoked));
}

#[test]
fn a_bad_key_is_passed_over_and_counted() {
    let mut export = export();
    export.keys[1].key.pop();
    export.keys.push(ExposureKey { rolling_start: TODAY + 288, ..exposure_key(4) });
    let (summary, keys) = taken(&signed(&export)).expect("the others are good");
    assert_eq!(summary.counts, Counts { taken: 2, revised: 0, skipped: 2 });
    assert_eq!(keys.len(), 2);
}

/// By a clock in the past its keys would be passed over, and the file be taken for done.
#[test]
fn an_export_of_days_to_come_is_refused() {
    let ends = |seconds: i64| {
        let end = u64::try_from(NOW.0 + seconds).expect("positive");
        signed(&Export { end, ..export() })
    };
    assert!(taken(&ends(86_400)).is_ok(), "it may be a day ahead");
    assert!(matches!(refused(&ends(86_401)), PublishedError::Ahead));
}

#[test]
fn many_keys_come_in_pieces() {
    let keys = (0..10_000).map(|number: u32| {
        let mut key = exposure_key(0);
        key.key[..4].copy_from_slice(&number.to_be_bytes());
        key
    });
    let file = signed(&Export { keys: keys.collect(), ..export() });
    let mut published = Published::over(Cursor::new(file), &trust(), NOW).expect("it is good");
    let mut pieces = vec![];
    let mut sink = |piece: &[PublishedKey]| {
        pieces.push(piece.len());
        Ok(())
    };
    assert_eq!(published.keys(&mut sink).expect("it is good").taken, 10_000);
    assert_eq!(pieces, [4_096, 4_096, 1_808]);
    let stopped = published.keys(&mut |_| Err(Stop));
    assert!(matches!(stopped, Err(PublishedError::Stopped)));
}

#[test]
fn a_part_of_a_batch_says_so() {
    let of = |batch_num, batch_size| signed(&Export { batch_num, batch_size, ..export() });
    assert_eq!(taken(&of(2, 3)).expect("it is good").0.batch, Batch { part: 2, parts: 3 });
    assert_eq!(taken(&of(0, 0)).expect("it is good").0.batch, Batch::WHOLE);
    for (part, parts) in [(0, 1), (3, 2), (1, 0), (-1, 1), (1, -1), (1, 1_001), (1, i32::MAX)] {
        let error = refused(&of(part, parts));
        assert!(matches!(error, PublishedError::Batch { .. }), "{part} of {parts}: {error}");
    }
}

#[test]
fn both_hashes_are_known() {
    let with_sha512 = Signer { algorithm: "1.2.840.10045.4.3.4".to_owned(), ..signer() };
    let export = Export { signers: vec![with_sha512.clone()], ..export() };
    let bin = bin(&export);
    let good = sig(vec![signature(&bin, &authority_key(), with_sha512.clone())]);
    let file = zip(&[("export.bin", &bin), ("export.sig", &good)], CompressionMethod::Deflated);
    assert_eq!(taken(&file).expect("it is good").0.counts.taken, 3);
    // The signature over the other hash.
    let mut wrong = signature(&bin, &authority_key(), signer());
    wrong.signer = Some(with_sha512);
    let file =
        zip(&[("export.bin", &bin), ("export.sig", &sig(vec![wrong]))], CompressionMethod::Stored);
    assert!(matches!(refused(&file), PublishedError::WrongSignature { .. }));
}

#[test]
fn who_signs_for_themselves_is_refused() {
    let stranger = SigningKey::from_slice(&[8; 32]).expect("a scalar of the curve");
    let bin = bin(&export());
    let with = |signatures| {
        zip(&[("export.bin", &bin), ("export.sig", &sig(signatures))], CompressionMethod::Deflated)
    };
    // In the authority's name.
    let error = refused(&with(vec![signature(&bin, &stranger, signer())]));
    assert!(matches!(error, PublishedError::WrongSignature { .. }), "{error}");
    assert!(error.to_string().contains("\"452\", version \"v1\", is wrong"), "{error}");
    // In their own, which may hold anything.
    let own = Signer { id: "999\u{1b}[2J".to_owned(), ..signer() };
    let error = refused(&with(vec![signature(&bin, &stranger, own)]));
    assert!(matches!(error, PublishedError::UnknownSigner { .. }), "{error}");
    assert!(error.to_string().contains("\"999?[2J\"") && error.to_string().contains("[exposure]"));
    // A version of the authority's key that is not known.
    let later = Signer { version: "v2".to_owned(), ..signer() };
    let error = refused(&with(vec![signature(&bin, &authority_key(), later)]));
    assert!(matches!(error, PublishedError::UnknownSigner { .. }), "{error}");
    // By nobody, though the export names a signer.
    let error = refused(&with(vec![]));
    assert!(matches!(error, PublishedError::SignatureCount { named: 1, found: 0 }), "{error}");
    let other = Signer { algorithm: "1.2.840.113549.1.1.11".to_owned(), ..signer() };
    let error = refused(&with(vec![signature(&bin, &authority_key(), other)]));
    assert!(matches!(error, PublishedError::Algorithm { .. }), "{error}");
    let mut of_another_batch = signature(&bin, &authority_key(), signer());
    of_another_batch.batch_num = Some(2);
    let error = refused(&with(vec![of_another_batch]));
    assert!(matches!(error, PublishedError::Malformed { .. }), "{error}");
}

#[test]
fn an_export_signed_by_two_is_good_if_whoever_is_known_signed_it() {
    let stranger = SigningKey::from_slice(&[8; 32]).expect("a scalar of the curve");
    let other = Signer { id: "999".to_owned(), ..signer() };
    let bin = bin(&Export { signers: vec![other.clone(), signer()], ..export() });
    let with = |second: &SigningKey| {
        let signatures =
            vec![signature(&bin, &stranger, other.clone()), signature(&bin, second, signer())];
        zip(&[("export.bin", &bin), ("export.sig", &sig(signatures))], CompressionMethod::Deflated)
    };
    assert!(taken(&with(&authority_key())).is_ok());
    assert!(matches!(refused(&with(&stranger)), PublishedError::WrongSignature { .. }));
}

#[test]
fn whoever_trusts_nobody_takes_nothing() {
    let error = Published::over(Cursor::new(signed(&export())), &Trust::default(), NOW);
    assert!(matches!(error, Err(PublishedError::UnknownSigner { .. })));
    let nothing = Authority { id: "1".to_owned(), version: String::new(), public_key: vec![0; 91] };
    let error = Trust::new(&[nothing]).expect_err("no point").to_string();
    assert!(error.contains("authority \"1\""), "{error}");
}
