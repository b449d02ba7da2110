//! How fast files of published keys are read, and in how much memory, up to an export of 500 MB.
//! Each is read by a process of its own, so that the most it held is that of reading. Nothing is
//! matched here.
#![expect(
    clippy::print_stderr,
    reason = "the process that reads tells the one that prints the table"
)]

mod support;

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use kiosk::domain::exposure::authority::Authority;
use kiosk::domain::moment::Wall;
use kiosk::published::{Trust, read};
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::EncodePublicKey;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;

type Fault = Box<dyn std::error::Error>;

/// Bytes of a key as a server writes it that leaves out whole days and unknown risks: 18 for the
/// key, 5 for its beginning, 2 for the kind of report, and 2 around it.
const KEY_BYTES: u64 = 27;

/// Later than any of the keys.
const NOW: Wall = Wall(1_700_000_000);

fn main() -> Result<(), Fault> {
    let mut arguments = std::env::args_os().skip_while(|argument| argument != "--read").skip(1);
    if let Some(path) = arguments.next() {
        return read_and_tell(&PathBuf::from(path));
    }
    let directory = tempfile::tempdir()?;
    support::print_heading("Reading signed exports");
    support::print_head(&["export.bin", "archive", "keys", "took", "keys a second", "most held"]);
    for megabytes in [1, 50, 500] {
        let path = directory.path().join("export.zip");
        let keys = megabytes * 1_000_000 / KEY_BYTES;
        write_export(&path, keys)?;
        let told = Command::new(std::env::current_exe()?).arg("--read").arg(&path).output()?;
        let told = String::from_utf8(told.stderr)?;
        let [read, seconds, most] = told.trim().split(';').collect::<Vec<_>>()[..] else {
            return Err(format!("it says: {told}").into());
        };
        if read != keys.to_string() {
            return Err(format!("{read} of {keys} keys were read").into());
        }
        let seconds: f64 = seconds.parse()?;
        let per_second = f64::from(u32::try_from(keys)?) / seconds / 1e6;
        support::print_row(&[
            &format!("{megabytes} MB"),
            &format!("{} MB", std::fs::metadata(&path)?.len() / 1_000_000),
            read,
            &format!("{seconds:.2} s"),
            &format!("{per_second:.1} million"),
            most,
        ]);
    }
    Ok(())
}

/// Both passes over a file, as the kiosk does them.
fn read_and_tell(path: &Path) -> Result<(), Fault> {
    let public_key = signing_key()?.verifying_key().to_public_key_der()?.as_bytes().to_vec();
    let authority = Authority { id: "452".to_owned(), version: "v1".to_owned(), public_key };
    let trust = Trust::new(&[authority])?;
    let mut outcome = None;
    let took = support::time(|| outcome = Some(read(path, &trust, NOW, &mut |_| Ok(()))));
    let summary = outcome.ok_or("it was not read")??;
    let most = support::process_status("VmHWM");
    eprintln!("{};{};{most}", summary.counts.taken, took.as_secs_f64());
    Ok(())
}

fn signing_key() -> Result<SigningKey, Fault> {
    Ok(SigningKey::from_slice(&[7; 32])?)
}

/// Writes an archive of so many random keys, without holding them.
fn write_export(path: &Path, keys: u64) -> Result<(), Fault> {
    let mut bin = tempfile::tempfile()?;
    let mut out = BufWriter::new(&mut bin);
    let mut hash = Sha256::new();
    let mut write = |bytes: &[u8]| {
        hash.update(bytes);
        out.write_all(bytes)
    };
    let signer: &[u8] = b"\x1A\x02v1\x22\x03452\x2A\x131.2.840.10045.4.3.2";
    let signer_len = u8::try_from(signer.len())?;
    write(b"EK Export v1    ")?;
    write(&[0x32, signer_len])?;
    write(signer)?;
    let random = &mut fastrand::Rng::with_seed(keys);
    // From interval 2,649,888 on; confirmed by a test.
    let mut key = *b"\x3A\x19\x0A\x10................\x18\xA0\xDE\xA1\x01\x28\x01";
    for _ in 0..keys {
        if let Some(bytes) = key.get_mut(4..20) {
            random.fill(bytes);
        }
        write(&key)?;
    }
    out.flush()?;
    drop(out);
    let signature: DerSignature = signing_key()?.sign_prehash(&hash.finalize())?;
    let signature = signature.as_bytes();
    let mut sig = vec![0x0A, signer_len];
    sig.extend_from_slice(signer);
    sig.extend([0x22, u8::try_from(signature.len())?]);
    sig.extend_from_slice(signature);
    let sig = [&[0x0A, u8::try_from(sig.len())?][..], &sig].concat();
    let mut archive = zip::ZipWriter::new(File::create(path)?);
    archive.start_file("export.bin", SimpleFileOptions::default().large_file(true))?;
    bin.seek(SeekFrom::Start(0))?;
    std::io::copy(&mut bin, &mut archive)?;
    archive.start_file("export.sig", SimpleFileOptions::default())?;
    archive.write_all(&sig)?;
    archive.finish()?;
    Ok(())
}
