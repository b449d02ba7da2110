//! A small server on this machine, and what a kiosk does with its answers.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use rustls::pki_types::PrivateKeyDer;

use super::*;
use crate::published::inbox::Inbox;

type Asked = Arc<Mutex<Vec<String>>>;

/// A server that answers each request with what `answer` makes of it; its address, and what it was
/// asked.
fn server(answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> (String, Asked) {
    let (port, asked) = listen(move |mut stream, noted| {
        if let Some(request) = request(&mut stream) {
            noted(&request);
            stream.write_all(&answer(&request)).ok();
        }
    });
    (format!("http://127.0.0.1:{port}/"), asked)
}

fn listen(serve: impl Fn(TcpStream, &dyn Fn(&str)) + Send + 'static) -> (u16, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let asked = Asked::default();
    let notes = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            serve(stream, &|request| notes.lock().expect("whole").push(request.to_owned()));
        }
    });
    (port, asked)
}

/// The head of a request.
fn request(stream: &mut impl Read) -> Option<String> {
    let mut head = vec![];
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let len = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {len}\r\nConnection: close\r\n");
    [format!("{head}{headers}\r\n").as_bytes(), body].concat()
}

fn source(url: &str) -> Source {
    Source {
        index_url: format!("{url}lists/index.txt"),
        base_url: format!("{url}data"),
        proxy: None,
        ca_file: None,
    }
}

fn fetcher(url: &str, spool: &std::path::Path) -> Fetcher {
    // Without a certificate of its own, the system's would have to be there.
    let ca_file = spool.join("ca.pem");
    let certificate = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]);
    fs::write(&ca_file, certificate.expect("it is made").cert.pem()).expect("written");
    let source = Source { ca_file: Some(ca_file), ..source(url) };
    Fetcher::new(&source, spool.join("spool")).expect("it is good")
}

fn target(request: &str) -> &str {
    request.split(' ').nth(1).expect("a target")
}

fn says(request: &str, header: &str) -> Option<String> {
    let line = request.lines().find(|line| {
        line.split(':').next().is_some_and(|name| name.eq_ignore_ascii_case(header))
    })?;
    Some(line.split_once(": ")?.1.to_owned())
}

#[test]
fn what_is_listed_is_fetched_once() {
    let (url, asked) = server(|request| match target(request) {
        "/lists/index.txt" if says(request, "If-None-Match").as_deref() == Some("\"one\"") => {
            b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_vec()
        }
        "/lists/index.txt" => answer("200 OK", "ETag: \"one\"\r\n", b"a/1.zip\na/2.zip\na/3.zip\n"),
        "/data/a/2.zip" => answer("404 Not Found", "", b""),
        path => answer("200 OK", "", path.as_bytes()),
    });
    let folder = tempfile::tempdir().expect("a directory");
    let mut fetcher = fetcher(&url, folder.path());
    let round = fetcher.round().expect("it answers");
    assert_eq!(round, Round { new: 2, left: 0, gone: 1 });
    let mut inbox = Inbox::new(fetcher.files());
    let at = |seconds: u64| crate::domain::moment::Mono::from_millis(seconds * 1_000);
    inbox.look(at(0), &|_| false).expect("it is there");
    let look = inbox.look(at(10), &|_| false).expect("it is there");
    let bodies: Vec<_> =
        look.ready.iter().map(|file| fs::read_to_string(&file.path).expect("it is text")).collect();
    assert_eq!(bodies, ["/data/a/1.zip", "/data/a/3.zip"]);
    // The first is done.
    fetcher.settler().settle(&look.ready[0].path).expect("it is there");
    let elsewhere = folder.path().join("ca.pem");
    fetcher.settler().settle(&elsewhere).expect("it is left alone");
    assert!(fs::metadata(&elsewhere).expect("it is there").len() > 0);
    let before = asked.lock().expect("whole").len();
    assert_eq!(fetcher.round().expect("it answers"), Round { new: 0, left: 0, gone: 1 });
    let asked = asked.lock().expect("whole").clone();
    let again: Vec<_> = asked[before..].iter().map(|request| target(request)).collect();
    assert_eq!(again, ["/lists/index.txt", "/data/a/2.zip"]);
    assert!(asked.iter().all(|request| says(request, "User-Agent").unwrap().starts_with("kiosk/")));
    assert_eq!(inbox.look(at(20), &|_| false).expect("it is there").ready.len(), 1);
}

/// A list whose first files are all gone, more of them than one round fetches.
#[test]
fn what_is_gone_takes_no_place_and_leaves_nothing_to_fetch_at_once() {
    let mut list: Vec<_> =
        (0..ROUND_FILES_MAX + 50).map(|number| format!("gone/{number}")).collect();
    list.push("here".to_owned());
    let list = list.join("\n");
    let (url, asked) = server(move |request| match target(request) {
        "/lists/index.txt" => answer("200 OK", "", list.as_bytes()),
        "/data/here" => answer("200 OK", "", b"whole"),
        "/data/gone/7" => answer("403 Forbidden", "", b""),
        "/data/gone/8" => answer("410 Gone", "", b""),
        _ => answer("404 Not Found", "", b""),
    });
    let folder = tempfile::tempdir().expect("a directory");
    let mut fetcher = fetcher(&url, folder.path());
    let mut round = || {
        let before = asked.lock().expect("whole").len();
        let round = fetcher.round().expect("it answers");
        let asked = asked.lock().expect("whole")[before + 1..].to_vec();
        (round, asked.iter().map(|request| target(request).to_owned()).collect::<Vec<_>>())
    };
    let (first, _) = round();
    assert_eq!(first, Round { new: 0, left: 51, gone: ROUND_FILES_MAX });
    let (second, asked) = round();
    assert_eq!(second, Round { new: 1, left: 0, gone: ROUND_FILES_MAX - 1 });
    assert_eq!((&*asked[0], &*asked[50]), ("/data/gone/200", "/data/here"));
    // In turn, so that each is asked for again some time.
    let (third, asked) = round();
    assert_eq!(third, Round { new: 0, left: 0, gone: ROUND_FILES_MAX });
    assert_eq!(asked[0], "/data/gone/149");
}

#[test]
fn room_is_left_for_the_logbook() {
    let (url, asked) = server(|request| match target(request) {
        "/lists/index.txt" => answer("200 OK", "", b"1.zip\n2.zip\n"),
        "/data/1.zip" => answer("200 OK", "", b"bytes"),
        // It does not say how long it is.
        _ => b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nsix by".to_vec(),
    });
    let folder = tempfile::tempdir().expect("a directory");
    let mut fetcher = fetcher(&url, folder.path());
    for (free, asks) in [(0, 1), (RESERVE_BYTES, 1), (RESERVE_BYTES + 4, 2), (RESERVE_BYTES + 5, 3)]
    {
        FREE.set(free);
        fetcher.free = |_| Ok(FREE.get());
        let before = asked.lock().expect("whole").len();
        let error = fetcher.round().expect_err("the disk is full");
        assert!(matches!(error, FetchError::NoRoom { .. }), "{error}");
        assert_eq!(asked.lock().expect("whole").len() - before, asks, "{free} bytes are free");
    }
    assert_eq!(fs::read_dir(fetcher.files()).expect("it is there").count(), 1);
    FREE.set(RESERVE_BYTES + 6);
    assert_eq!(fetcher.round().expect("there is room").new, 1);
    assert!(free(folder.path()).expect("it is there") > 0, "the system says so");
}

thread_local! {
    /// What is free, as far as a fetcher is told.
    static FREE: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

#[test]
fn a_file_that_broke_off_is_gone_on_with() {
    let whole: Vec<u8> = (0..200_000_u32).flat_map(u32::to_be_bytes).collect();
    let body = whole.clone();
    let (url, asked) = server(move |request| {
        if target(request) == "/lists/index.txt" {
            return answer("200 OK", "", b"1.zip\n");
        }
        let Some(range) = says(request, "Range") else {
            let mut cut = answer("200 OK", "ETag: \"v1\"\r\n", &body);
            cut.truncate(500_000);
            return cut;
        };
        assert_eq!(says(request, "If-Range").as_deref(), Some("\"v1\""));
        let from: usize =
            range.trim_matches(|c: char| !c.is_ascii_digit()).parse().expect("a number");
        let said = format!("Content-Range: bytes {from}-{}/{}\r\n", body.len() - 1, body.len());
        answer("206 Partial Content", &said, &body[from..])
    });
    let folder = tempfile::tempdir().expect("a directory");
    let mut fetcher = fetcher(&url, folder.path());
    let error = fetcher.round().expect_err("it breaks off");
    assert!(matches!(error, FetchError::Answer { .. }), "{error}");
    assert_eq!(fs::read_dir(fetcher.files()).expect("it is there").count(), 0);
    assert_eq!(fetcher.round().expect("it goes on"), Round { new: 1, left: 0, gone: 0 });
    let file = fs::read_dir(fetcher.files()).expect("it is there").next().expect("one");
    assert!(fs::read(file.expect("it is there").path()).expect("it is there") == whole);
    let ranges = asked.lock().expect("whole").iter().filter_map(|r| says(r, "Range")).count();
    assert_eq!(ranges, 1);
}

#[test]
fn another_version_or_another_part_is_not_put_together() {
    for (headers, status) in [
        // It has another version now, so all of it comes.
        ("ETag: \"v2\"\r\n", "200 OK"),
        // It sends what nobody asked for.
        ("Content-Range: bytes 0-3/4\r\n", "206 Partial Content"),
        ("", "416 Range Not Satisfiable"),
    ] {
        let (url, _) = server(move |request| {
            if target(request) == "/lists/index.txt" {
                return answer("200 OK", "", b"1.zip\n");
            }
            if says(request, "Range").is_some() {
                return answer(status, headers, b"half");
            }
            let mut cut = answer("200 OK", "ETag: \"v1\"\r\n", b"whole file");
            cut.truncate(cut.len() - 5);
            cut
        });
        let folder = tempfile::tempdir().expect("a directory");
        let mut fetcher = fetcher(&url, folder.path());
        fetcher.round().expect_err("it breaks off");
        let second = fetcher.round();
        let files = fs::read_dir(fetcher.files()).expect("it is there");
        let files: Vec<_> =
            files.map(|file| fs::read(file.expect("there").path()).expect("there")).collect();
        if status == "200 OK" {
            assert_eq!((second.expect("it is whole").new, files), (1, vec![b"half".to_vec()]));
        } else {
            assert!(matches!(second, Err(FetchError::Answer { .. })), "{status}");
            assert_eq!(files, Vec::<Vec<u8>>::new());
        }
    }
}

#[test]
fn a_server_that_wants_something_else_is_refused() {
    let refused = |reply: Vec<u8>| {
        let (url, asked) = server(move |_| reply.clone());
        let folder = tempfile::tempdir().expect("a directory");
        let error = fetcher(&url, folder.path()).round().expect_err("refused");
        assert_eq!(asked.lock().expect("whole").len(), 1, "it asked once: {error}");
        error
    };
    let elsewhere = "Location: http://127.0.0.1:9/other\r\n";
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect"] {
        let error = refused(answer(status, elsewhere, b""));
        assert!(matches!(error, FetchError::Elsewhere { .. }), "{status}: {error}");
    }
    let error = refused(answer("200 OK", "", b"../../etc/passwd\n"));
    assert!(matches!(error, FetchError::Index { .. }), "{error}");
    let error = refused(answer("200 OK", "", &vec![b'\n'; 600_000]));
    assert!(matches!(error, FetchError::Answer { .. }), "{error}");
    let error = refused(answer("503 Service Unavailable", "Retry-After: 120\r\n", b""));
    assert_eq!(error.wait(), Some(Duration::from_mins(2)), "{error}");
    // A list that has not changed, to somebody who has none.
    let error = refused(answer("304 Not Modified", "", b""));
    assert!(matches!(error, FetchError::Status { status: 304, .. }), "{error}");
}

#[test]
fn a_file_that_says_it_is_too_long_is_not_begun() {
    let (url, _) = server(|request| match target(request) {
        "/lists/index.txt" => answer("200 OK", "", b"1.zip\n"),
        _ => {
            b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\nConnection: close\r\n\r\n".to_vec()
        }
    });
    let folder = tempfile::tempdir().expect("a directory");
    let error = fetcher(&url, folder.path()).round().expect_err("too long");
    assert!(error.to_string().contains("too long"), "{error}");
}

#[test]
fn only_an_address_that_nobody_can_listen_in_to_is_taken() {
    let folder = tempfile::tempdir().expect("a directory");
    for url in ["http://keys.example/", "ftp://keys.example/", "keys.example", "file:///etc/", ""] {
        let error = Fetcher::new(&source(url), folder.path().join("spool"));
        assert!(matches!(error, Err(FetchError::Address { .. })), "{url}");
    }
    let ca_file = folder.path().join("ca.pem");
    fs::write(&ca_file, "no certificate").expect("written");
    let none = Source { ca_file: Some(ca_file), ..source("https://keys.example/") };
    let error = Fetcher::new(&none, folder.path().join("spool"));
    assert!(matches!(error, Err(FetchError::Certificates { .. })));
    let missing = Source { ca_file: Some(folder.path().join("x")), ..none };
    let error = Fetcher::new(&missing, folder.path().join("spool"));
    assert!(matches!(error, Err(FetchError::Certificates { .. })));
}

/// A server with a certificate that it has made itself.
#[test]
fn a_server_is_believed_by_its_certificate_alone() {
    let made =
        rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).expect("it is made");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("it is one");
    let crypto = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(crypto)
        .with_safe_default_protocol_versions()
        .and_then(|config| {
            config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key)
        });
    let config = Arc::new(config.expect("it is good"));
    let (port, _) = listen(move |mut stream, noted| {
        let connection = rustls::ServerConnection::new(Arc::clone(&config));
        let mut connection = connection.expect("it is good");
        let mut tls = rustls::Stream::new(&mut connection, &mut stream);
        if let Some(request) = request(&mut tls) {
            noted(&request);
            let body: &[u8] = if request.contains("index.txt") { b"1.zip\n" } else { b"bytes" };
            tls.write_all(&answer("200 OK", "", body)).ok();
            connection.send_close_notify();
            connection.complete_io(&mut stream).ok();
        }
    });
    let url = format!("https://127.0.0.1:{port}/");
    let folder = tempfile::tempdir().expect("a directory");
    let error = fetcher(&url, folder.path()).round().expect_err("another one's certificate");
    assert!(matches!(error, FetchError::Network { .. }), "{error}");
    let ca_file = folder.path().join("own.pem");
    fs::write(&ca_file, made.cert.pem()).expect("written");
    let source = Source { ca_file: Some(ca_file), ..source(&url) };
    let mut fetcher = Fetcher::new(&source, folder.path().join("spool")).expect("it is good");
    assert_eq!(fetcher.round().expect("it is believed").new, 1);
}

/// It is asked for a way to the server, and for nothing else.
#[test]
fn a_proxy_is_asked_when_one_is_set() {
    let (proxy, asked) = server(|_| answer("403 Forbidden", "", b""));
    let folder = tempfile::tempdir().expect("a directory");
    let certificate = rcgen::generate_simple_self_signed(vec!["keys.example".to_owned()]);
    let ca_file = folder.path().join("ca.pem");
    fs::write(&ca_file, certificate.expect("it is made").cert.pem()).expect("written");
    let source =
        Source { proxy: Some(proxy), ca_file: Some(ca_file), ..source("https://keys.example/") };
    let mut fetcher = Fetcher::new(&source, folder.path().join("spool")).expect("it is good");
    let error = fetcher.round().expect_err("the proxy refuses");
    assert!(matches!(error, FetchError::Network { .. }), "{error}");
    let asked = asked.lock().expect("whole");
    assert!(asked[0].starts_with("CONNECT keys.example:443 "), "{}", asked[0]);
    let source = Source { proxy: Some("::".to_owned()), ..source };
    let error = Fetcher::new(&source, folder.path().join("spool"));
    assert!(matches!(error, Err(FetchError::Proxy { .. })));
}
