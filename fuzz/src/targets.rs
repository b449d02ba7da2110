//! One function for each thing that reads bytes of strangers: from the air, or from files. Each
//! takes any bytes and must come to an end without a panic. They are run with changing bytes by
//! `fuzz/run`, and with those of `fuzz/corpus/` by `tests/corpus.rs`.
#![allow(
    clippy::allow_attributes,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "what these functions find wrong is to be a panic"
)]

use std::io::{Cursor, Read, Write};

use kiosk::command::eval::scene;
use kiosk::domain::advert::{AdStructures, Address, AdvertData, Advertisement};
use kiosk::domain::exposure::authority::Authority;
use kiosk::domain::moment::{Mono, Wall};
use kiosk::domain::network::{Network, decode};
use kiosk::domain::venue::LocationId;
use kiosk::domain::venue::warning::Sealed;
use kiosk::published::{Published, Trust, index};
use kiosk::radio::btsnoop::Reader;
use kiosk::radio::gzip::MaybeGzip;
use kiosk::radio::hci;
use kiosk::radio::join::Joiner;
use kiosk::radio::scanning::{Packet, packet};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::EncodePublicKey;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A target: its name, and what it does.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// All of them.
pub(crate) const TARGETS: [Target; 15] = [
    ("advert", advert),
    ("networks", networks),
    ("readings", readings),
    ("hci", reports),
    ("monitor", monitor),
    ("btsnoop", btsnoop),
    ("gzip", gzip),
    ("scenes", scenes),
    ("archive", archive),
    ("export", export),
    ("exposed", exposed),
    ("warnings", warnings),
    ("sealed", sealed),
    ("json", json),
    ("index", index_of_a_server),
];

/// Later than any key.
const NOW: Wall = Wall(1_900_000_000);

/// No more is inflated, so that a try is short.
const INFLATED_BYTES: u64 = 1 << 20;

/// The structures of an advert.
fn advert(bytes: &[u8]) {
    let parts = AdStructures::new(bytes).flatten().map(|part| part.payload.len() + 2);
    assert!(parts.sum::<usize>() <= bytes.len(), "no byte is read twice");
    let advert = advertisement(bytes);
    assert!(advert.structures().count() <= bytes.len() + 1, "it comes to an end");
}

/// Every network's decoder.
fn networks(bytes: &[u8]) {
    let advert = advertisement(bytes);
    for network in Network::ALL {
        let found = network.decode(&advert).ok().flatten();
        assert!(found.is_none_or(|evidence| evidence.network() == network), "another's evidence");
    }
    let _found = decode(&advert, &Network::ALL);
}

/// What phones hand out when they are read.
fn readings(bytes: &[u8]) {
    for network in Network::ALL {
        if let Ok(id) = network.decode_read(bytes) {
            assert!(!network.reads().is_empty() && !id.as_bytes().is_empty(), "an id of nobody");
        }
    }
}

/// A controller's event, and one put together from several; and the same for a capture to give
/// away.
fn reports(bytes: &[u8]) {
    let mut joiner = Joiner::default();
    // Events of one stream, each behind its length.
    let mut rest = bytes;
    while let Some((len, more)) = rest.split_first() {
        let (event, more) = more.split_at(usize::from(*len).min(more.len()));
        rest = more;
        event_of(event, &mut joiner);
        let mut out = vec![];
        hci::rewrite(event, &mut out, |address| address, |_, data| data.fill(0));
        assert!(out.len() <= event.len(), "it has grown");
    }
}

fn event_of(event: &[u8], joiner: &mut Joiner) {
    for report in hci::reports(event).into_iter().flatten().flatten() {
        joiner.accept(report, Mono::from_millis(0));
    }
}

/// A packet of the kernel's monitor channel.
fn monitor(bytes: &[u8]) {
    if let Some(Packet::Event(event)) = packet(bytes) {
        event_of(event, &mut Joiner::default());
    }
}

/// A capture, zipped or not.
fn btsnoop(bytes: &[u8]) {
    let Ok(input) = MaybeGzip::new(bytes) else { return };
    let Ok(mut reader) = Reader::new(input.take(INFLATED_BYTES)) else { return };
    let mut joiner = Joiner::default();
    while let Ok(Some(record)) = reader.next_record() {
        if let Some(event) = record.event() {
            event_of(event, &mut joiner);
        }
    }
}

/// A file that is inflated.
fn gzip(bytes: &[u8]) {
    if let Ok(input) = MaybeGzip::new(bytes) {
        let mut inflated = vec![];
        let _whole = input.take(INFLATED_BYTES).read_to_end(&mut inflated);
    }
}

/// Recorded scenes.
fn scenes(bytes: &[u8]) {
    // What is zipped is the target before.
    if !bytes.starts_with(&[0x1F, 0x8B]) {
        let _scenes = scene::read(bytes);
    }
}

/// An archive of published keys: any zip.
fn archive(bytes: &[u8]) {
    read(bytes, &Trust::default());
}

/// What stands in an archive, signed whatever it is.
fn export(bytes: &[u8]) {
    let key = SigningKey::from_slice(&[7; 32]).expect("a scalar of the curve");
    let bin = [b"EK Export v1    ", bytes].concat();
    let signature: DerSignature = key.sign(&bin);
    let signature = signature.as_bytes();
    let signer = b"\x1A\x02v1\x22\x03452\x2A\x131.2.840.10045.4.3.2";
    let part = |tag: u8, bytes: &[u8]| {
        let len = u8::try_from(bytes.len()).expect("it is short");
        [&[tag, len][..], bytes].concat()
    };
    let sig = part(0x0A, &[part(0x0A, signer), part(0x22, signature)].concat());
    let mut zip = ZipWriter::new(Cursor::new(vec![]));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in [("export.bin", &bin), ("export.sig", &sig)] {
        zip.start_file(name, stored).expect("it is a name");
        zip.write_all(bytes).expect("there is room");
    }
    let zip = zip.finish().expect("it is whole").into_inner();
    let public_key = key.verifying_key().to_public_key_der().expect("it has a form");
    let authority = Authority {
        id: "452".to_owned(),
        version: "v1".to_owned(),
        public_key: public_key.as_bytes().to_vec(),
    };
    read(&zip, &Trust::new(&[authority]).expect("it is a key"));
}

/// A list of DP-3T: the time of its release stands in front.
fn exposed(bytes: &[u8]) {
    let released = [0x08, 0x80, 0x90, 0x99, 0xFC, 0x92, 0x2F];
    read(&[&released[..], bytes].concat(), &Trust::default());
}

/// A package of warnings: its hour stands in front.
fn warnings(bytes: &[u8]) {
    read(&[&[0x08, 0xA0, 0xC1, 0x1B][..], bytes].concat(), &Trust::default());
}

/// One warning, with the code of authentication that fits.
fn sealed(bytes: &[u8]) {
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::{Digest, Sha256};
    let place = LocationId([1; 32]);
    let key: [u8; 32] = Sha256::digest([&b"CWA-MAC-KEY"[..], &place.0].concat()).into();
    let mac = Hmac::<Sha256>::new_from_slice(&key).expect("any length");
    let (iv, record) = bytes.split_at(bytes.len().min(16));
    let mac: [u8; 32] = mac.chain_update(iv).chain_update(record).finalize().into_bytes().into();
    let location_hash = place.published_hash();
    let sealed = Sealed { location_hash: &location_hash, iv, record, mac: &mac };
    if let Ok(warning) = sealed.open(&place) {
        assert!(warning.begin < warning.end, "it ends before it begins");
    }
}

/// Published keys as text.
fn json(bytes: &[u8]) {
    read(&[&b"{"[..], bytes].concat(), &Trust::default());
}

/// The list of a server's files.
fn index_of_a_server(bytes: &[u8]) {
    for path in index::paths(bytes).unwrap_or_default() {
        assert!(path.split('/').all(|part| !part.is_empty() && part != ".."), "it leads up");
    }
}

/// Reads a file as the kiosk does, to its end.
fn read(bytes: &[u8], trust: &Trust) {
    let Ok(mut published) = Published::over(Cursor::new(bytes), trust, NOW) else { return };
    let mut taken = 0;
    let counts = published.keys(&mut |piece| {
        taken += piece.len();
        Ok(())
    });
    let counts = counts.expect("it was found to be good").taken;
    assert_eq!(usize::try_from(counts), Ok(taken), "each is handed out");
    let places = [LocationId([1; 32]), LocationId([2; 32])];
    published.warnings(&places, &mut |_| Ok(())).expect("it was found to be good");
}

fn advertisement(bytes: &[u8]) -> Advertisement {
    let address = Address { bytes: [0; 6], random: true };
    Advertisement { address, rssi: None, connectable: false, data: AdvertData::new(bytes) }
}
