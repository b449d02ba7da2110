//! Archives that somebody made to do harm, or that broke on the way.

use super::*;

#[test]
fn every_changed_bit_of_an_export_is_noticed() {
    let good = bin(&export());
    let sig = sig(vec![signature(&good, &authority_key(), signer())]);
    for place in 0..good.len() {
        let mut bin = good.clone();
        bin[place] ^= 1;
        let file = zip(&[("export.bin", &bin), ("export.sig", &sig)], CompressionMethod::Stored);
        assert!(taken(&file).is_err(), "byte {place}");
    }
}

#[test]
fn a_file_that_breaks_off_is_refused_wherever_it_does() {
    let whole = signed(&export());
    for len in 0..whole.len() {
        assert!(taken(&whole[..len]).is_err(), "{len} of {} bytes", whole.len());
    }
    let bin = bin(&export());
    // Signed as it is, so only its own form tells.
    for len in (0..bin.len()).step_by(5) {
        let file = signed_bin(&bin[..len]);
        match taken(&file) {
            // Where a field ends, it is an export of fewer keys.
            Ok((summary, _)) => assert!(summary.counts.taken < 3),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

#[test]
fn an_archive_of_other_parts_is_refused() {
    let bin = bin(&export());
    let sig = sig(vec![signature(&bin, &authority_key(), signer())]);
    let (bin, sig) = (("export.bin", &bin[..]), ("export.sig", &sig[..]));
    for entries in [
        &[][..],
        &[bin],
        &[sig],
        &[bin, sig, ("readme", b"")],
        &[bin, ("../export.sig", sig.1)],
        &[("EXPORT.BIN", bin.1), sig],
    ] {
        let error = refused(&zip(entries, CompressionMethod::Deflated));
        assert!(matches!(error, PublishedError::Entries), "{} entries: {error}", entries.len());
    }
}

/// The archive's writer takes no name twice, so the names are changed afterwards.
#[test]
fn a_part_twice_is_refused() {
    let bin = bin(&export());
    let sig = sig(vec![signature(&bin, &authority_key(), signer())]);
    let renamed = |archive: Vec<u8>, from: &[u8], to: &[u8]| {
        let mut archive = archive;
        for place in 0..archive.len() - from.len() {
            if archive[place..].starts_with(from) {
                archive[place..place + from.len()].copy_from_slice(to);
            }
        }
        archive
    };
    let three: [(&str, &[u8]); 3] =
        [("export.bin", &bin), ("export.xxx", &bin), ("export.sig", &sig)];
    let file = renamed(zip(&three, CompressionMethod::Stored), b"export.xxx", b"export.bin");
    assert!(matches!(refused(&file), PublishedError::Entries));
    let two: [(&str, &[u8]); 2] = [("export.bin", &bin), ("export.xxx", &bin)];
    let file = renamed(zip(&two, CompressionMethod::Stored), b"export.xxx", b"export.bin");
    assert!(matches!(refused(&file), PublishedError::Entries));
}

#[test]
fn an_archive_that_lists_a_million_entries_is_refused_unread() {
    let mut file = signed(&export());
    let end = file.len() - 22;
    assert_eq!(file[end..end + 4], *b"PK\x05\x06");
    file[end + 8..end + 12].copy_from_slice(&[0xFE, 0xFF, 0xFE, 0xFF]);
    let error = refused(&file);
    assert!(matches!(error, PublishedError::Entries | PublishedError::Archive { .. }), "{error}");
}

/// Zeros are no fields, so the first of them ends it.
#[test]
fn a_bomb_of_zeros_is_refused_at_its_first_byte() {
    let bomb = [&b"EK Export v1    "[..], &vec![0; 32 << 20]].concat();
    let error = refused(&signed_bin(&bomb));
    assert!(matches!(error, PublishedError::Malformed { .. }), "{error}");
}

/// One field of bytes is as well formed as can be, however long.
#[test]
fn an_unknown_field_is_passed_over_up_to_the_limit_of_a_file() {
    let mut bin = bin(&export());
    // Field 100, and 1 MiB of it.
    bin.extend([0xA2, 0x06, 0x80, 0x80, 0x40]);
    bin.extend(vec![0; 1 << 20]);
    assert_eq!(taken(&signed_bin(&bin)).expect("it is good").0.counts.taken, 3);
    // The same, but it says that it goes on for 2^63 bytes.
    let mut bin = super::bin(&export());
    bin.extend([0xA2, 0x06, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]);
    assert!(matches!(refused(&signed_bin(&bin)), PublishedError::CutShort));
}

#[test]
fn a_key_that_says_it_is_long_is_refused_before_it_is_read() {
    for field in [0x3A, 0x42] {
        let mut bin = bin(&export());
        bin.extend([field, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
        assert!(matches!(refused(&signed_bin(&bin)), PublishedError::Malformed { .. }));
        let mut bin = super::bin(&export());
        bin.extend([field, 0x81, 0x02]);
        bin.extend([0; 257]);
        assert!(matches!(refused(&signed_bin(&bin)), PublishedError::Malformed { .. }));
    }
}

#[test]
fn an_export_of_another_version_or_without_an_archive_is_refused() {
    let mut other = bin(&export());
    other[11] = b'2';
    assert!(matches!(refused(&signed_bin(&other)), PublishedError::Malformed { .. }));
    let error = refused(&bin(&export()));
    assert!(matches!(error, PublishedError::Unsigned), "{error}");
    for nothing in [&b""[..], b"EK", b"\x00\x01", b"hello", b"\x1f\x8b\x08\x00", b"\x08\x00"] {
        let error = refused(nothing);
        assert!(matches!(error, PublishedError::UnknownFormat), "{nothing:?}: {error}");
    }
}

/// A share may give out one file at first and another one afterwards.
#[test]
fn a_file_that_is_changed_after_it_was_checked_does_not_count() {
    let bin = bin(&export());
    let sig = sig(vec![signature(&bin, &authority_key(), signer())]);
    let entries: [(&str, &[u8]); 2] = [("export.bin", &bin), ("export.sig", &sig)];
    let file = zip(&entries, CompressionMethod::Stored);
    let mut published = Published::over(Cursor::new(file), &trust(), NOW).expect("it is good");
    let bytes = published.file_mut().get_mut();
    // The first byte of the first key's 16, of which nothing else depends.
    let place = bytes.windows(16).position(|window| window == [1; 16]).expect("it is stored");
    bytes[place] = 0xEE;
    let error = published.keys(&mut |_| Ok(())).expect_err("it is another file");
    assert!(matches!(error, PublishedError::Changed | PublishedError::Archive { .. }), "{error}");
}
