//! The client: whom it trusts, how long it waits, and that it follows nobody elsewhere.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Proxy};

use super::{FetchError, Source};

/// For an answer to begin, and between two pieces of it.
const PATIENCE: Duration = Duration::from_mins(1);

/// For one file as a whole: [`FILE_BYTES_MAX`] at 300 KB a second.
const FILE_PATIENCE: Duration = Duration::from_hours(1);

/// Certificates of a file; the system's own list has some hundred and fifty.
const CA_BYTES_MAX: u64 = 1 << 20;

/// HTTPS; or HTTP on this machine itself, where nobody is in between.
pub(super) fn is_taken(url: &str) -> bool {
    let Ok(uri) = url.parse::<ureq::http::Uri>() else { return false };
    let here = matches!(uri.host(), Some("127.0.0.1" | "[::1]"));
    match uri.scheme_str() {
        Some("https") => uri.query().is_none(),
        Some("http") => here && uri.query().is_none(),
        _ => false,
    }
}

pub(super) fn agent(source: &Source) -> Result<Agent, FetchError> {
    let proxy = match &source.proxy {
        Some(proxy) => {
            Some(Proxy::new(proxy).map_err(|_| FetchError::Proxy { proxy: proxy.clone() })?)
        }
        None => None,
    };
    let crypto = Arc::new(rustls::crypto::ring::default_provider());
    let tls = TlsConfig::builder()
        .root_certs(roots(source.ca_file.as_deref())?)
        .unversioned_rustls_crypto_provider(crypto)
        .build();
    Ok(Agent::config_builder()
        .user_agent(concat!("kiosk/", env!("CARGO_PKG_VERSION")))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(proxy)
        .tls_config(tls)
        .timeout_connect(Some(PATIENCE))
        .timeout_recv_response(Some(PATIENCE))
        .timeout_per_read(Some(PATIENCE))
        .timeout_global(Some(FILE_PATIENCE))
        .build()
        .new_agent())
}

/// Who is trusted to say that a server is the one it says it is.
fn roots(ca_file: Option<&Path>) -> Result<RootCerts, FetchError> {
    let Some(path) = ca_file else {
        let system = rustls_native_certs::load_native_certs().certs;
        if system.is_empty() {
            return Err(FetchError::NoCertificates);
        }
        let own =
            |der: &rustls::pki_types::CertificateDer<'_>| Certificate::from_der(der).to_owned();
        return Ok(system.iter().map(own).collect::<Vec<_>>().into());
    };
    let wrong = |reason: String| FetchError::Certificates { path: path.to_owned(), reason };
    let mut text = vec![];
    let file = std::fs::File::open(path).map_err(|error| wrong(error.to_string()))?;
    file.take(CA_BYTES_MAX).read_to_end(&mut text).map_err(|error| wrong(error.to_string()))?;
    let mut certificates = vec![];
    for item in parse_pem(&text) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| wrong(error.to_string()))? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        return Err(wrong("it holds none".to_owned()));
    }
    Ok(certificates.into())
}
