//! The section `[exposure]`: where files of published keys come from, whose are taken, how long
//! what was heard is kept, when it is held against them, and where an administrator's files for the
//! health officer go. Nothing is fetched unless an address is set here.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{self, Unexpected};
use serde::{Deserialize, Deserializer};

use super::value;
use crate::domain::exposure::authority::Authority;

/// An address is a line of a file, not of a code.
const LONGEST_URL_LETTERS: usize = 500;

/// Google's servers sign with ten at most.
const MOST_AUTHORITIES: usize = 16;

/// Letters of a key's id or version.
const LONGEST_ID_LETTERS: usize = 40;

/// Bytes of a public key of P-256 as X.509 has it (RFC 5480): 26 say which curve, the point follows
/// whole or, in 33, compressed.
const KEY_BYTES: [usize; 2] = [26 + 65, 26 + 33];

/// What the settings say about published keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exposure {
    /// A folder in which somebody puts files.
    pub folder: Option<PathBuf>,
    /// A server from which they are fetched.
    pub server: Option<Server>,
    /// Whose archives are taken.
    pub authorities: Vec<Authority>,
    /// For how many days an encounter is kept, 1 to 60.
    pub keep_days: u16,
    /// From which minute of the day, by the clock on the wall, until which files are matched. Where
    /// both are the same, at any time.
    pub match_minutes: (u16, u16),
}

/// A server that publishes keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Server {
    /// The address of its list.
    pub index_url: String,
    /// The address that the list's paths continue.
    pub base_url: String,
    /// A proxy on the way.
    pub proxy: Option<String>,
    /// The only certificates that are trusted; the system's where there is none.
    pub ca_file: Option<PathBuf>,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ExposureSection {
    #[serde(deserialize_with = "path")]
    folder: Option<PathBuf>,
    #[serde(deserialize_with = "url")]
    index_url: Option<toml::Spanned<String>>,
    #[serde(deserialize_with = "url")]
    base_url: Option<toml::Spanned<String>>,
    #[serde(deserialize_with = "proxy")]
    proxy: Option<String>,
    #[serde(deserialize_with = "path")]
    ca_file: Option<PathBuf>,
    #[serde(deserialize_with = "authorities")]
    authorities: Vec<Authority>,
    #[serde(deserialize_with = "value::within::<_, _, 1, 60>")]
    keep_days: u16,
    #[serde(deserialize_with = "value::clock")]
    match_from: u16,
    #[serde(deserialize_with = "value::clock")]
    match_until: u16,
    #[serde(deserialize_with = "value::absolute_path")]
    handout_folder: Option<PathBuf>,
}

impl Default for ExposureSection {
    /// 21 days: two weeks in which somebody may fall ill, and one until that is published. By
    /// night, when nobody waits at the desk for the processor.
    fn default() -> Self {
        Self {
            folder: None,
            index_url: None,
            base_url: None,
            proxy: None,
            ca_file: None,
            authorities: Vec::new(),
            keep_days: 21,
            match_from: 20 * 60,
            match_until: 6 * 60,
            handout_folder: None,
        }
    }
}

impl ExposureSection {
    pub(super) fn exposure(&self) -> Exposure {
        let server = self.index_url.as_ref().zip(self.base_url.as_ref());
        Exposure {
            folder: self.folder.clone(),
            server: server.map(|(index_url, base_url)| Server {
                index_url: index_url.get_ref().clone(),
                base_url: base_url.get_ref().clone(),
                proxy: self.proxy.clone(),
                ca_file: self.ca_file.clone(),
            }),
            authorities: self.authorities.clone(),
            keep_days: self.keep_days,
            match_minutes: (self.match_from, self.match_until),
        }
    }

    /// Where the files for the health officer go that an administrator has written out at the
    /// screen: the folder that is set, or `handouts` beside the book.
    pub(super) fn handouts(&self, book: &Path) -> PathBuf {
        self.handout_folder.clone().unwrap_or_else(|| book.with_file_name("handouts"))
    }

    /// The one address that is set without the other, and what is to be said about it.
    pub(super) fn lacking(&self) -> Option<(std::ops::Range<usize>, String)> {
        let (set, other) = match (&self.index_url, &self.base_url) {
            (Some(set), None) => (set, "base_url"),
            (None, Some(set)) => (set, "index_url"),
            (Some(_), Some(_)) | (None, None) => return None,
        };
        Some((
            set.span(),
            format!("it needs {other} as well: one address lists, one has the files"),
        ))
    }
}

/// An absolute path, or nothing.
fn path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let fits = text.starts_with('/') && !text.contains('\0');
    match text.as_str() {
        "" => Ok(None),
        _ if fits => Ok(Some(PathBuf::from(text))),
        _ => Err(de::Error::invalid_value(
            Unexpected::Str(&text),
            &"a path that begins with \"/\", or \"\" for none",
        )),
    }
}

/// An address, or nothing. Plain HTTP is for a server on the machine itself.
fn url<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<toml::Spanned<String>>, D::Error> {
    let written = toml::Spanned::<String>::deserialize(deserializer)?;
    let text = written.get_ref();
    let known = ["https://", "http://127.0.0.1:", "http://[::1]:"];
    let begins = known.iter().any(|begin| text.len() > begin.len() && text.starts_with(begin));
    let plain = |c: char| c.is_ascii_graphic() && !['?', '#', '@'].contains(&c);
    if text.is_empty() {
        Ok(None)
    } else if begins && text.len() <= LONGEST_URL_LETTERS && text.chars().all(plain) {
        Ok(Some(written))
    } else {
        let expected = "an address that begins with \"https://\", without spaces, \"?\", \"#\" and \"@\", \
                        or \"\" for none";
        Err(de::Error::invalid_value(Unexpected::Str(text), &expected))
    }
}

/// A proxy's address, or nothing. It may hold a name and a password, so it is not repeated.
fn proxy<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let begins = ["http://", "https://"].iter().any(|begin| text.starts_with(begin));
    let plain = text.len() <= LONGEST_URL_LETTERS && text.chars().all(|c| c.is_ascii_graphic());
    if text.is_empty() {
        Ok(None)
    } else if begins && plain {
        Ok(Some(text))
    } else {
        let expected = "\"http://host:port\", or \"\" for none";
        Err(de::Error::invalid_value(Unexpected::Other("a proxy"), &expected))
    }
}

/// An authority as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    #[serde(default)]
    version: String,
    key: String,
}

fn authorities<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Authority>, D::Error> {
    let written = Vec::<Written>::deserialize(deserializer)?;
    if written.len() > MOST_AUTHORITIES {
        return Err(de::Error::invalid_length(written.len(), &"at most 16 authorities"));
    }
    let expected = "{ id = \"…\", version = \"…\", key = \"…\" }, each id and version once and of at \
                    most 40 letters, the key the base64 of a P-256 public key as X.509 has it";
    let wrong = || de::Error::invalid_value(Unexpected::Other("an authority"), &expected);
    let authorities: Option<Vec<Authority>> = written.iter().map(Written::read).collect();
    let authorities = authorities.ok_or_else(wrong)?;
    let name = |authority: &Authority| (authority.id.clone(), authority.version.clone());
    let mut names: Vec<_> = authorities.iter().map(name).collect();
    names.sort();
    names.dedup();
    if names.len() == authorities.len() { Ok(authorities) } else { Err(wrong()) }
}

impl Written {
    fn read(&self) -> Option<Authority> {
        let short = |text: &str| {
            text.len() <= LONGEST_ID_LETTERS && text.chars().all(|c| c.is_ascii_graphic())
        };
        let public_key = STANDARD.decode(&self.key).ok()?;
        let fits = !self.id.is_empty() && short(&self.id) && short(&self.version);
        (fits && KEY_BYTES.contains(&public_key.len())).then(|| Authority {
            id: self.id.clone(),
            version: self.version.clone(),
            public_key,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn parse(text: &str) -> Result<Exposure, String> {
        let config = Config::parse(&format!("[exposure]\n{text}"), Path::new("kiosk.toml"));
        config.map(|config| config.exposure()).map_err(|error| error.to_string())
    }

    /// Long enough to be a key; whether it is one is not asked here.
    fn key() -> String {
        STANDARD.encode([5; 91])
    }

    #[test]
    fn nothing_is_fetched_and_nobody_trusted_unless_it_is_set() {
        let usual = Config::default().exposure();
        assert_eq!(usual, parse("").expect("it is empty"));
        assert_eq!((usual.folder, usual.server, usual.authorities), (None, None, vec![]));
        assert_eq!((usual.keep_days, usual.match_minutes), (21, (1_200, 360)));
    }

    #[test]
    fn what_is_set_is_read() {
        let text = format!(
            "folder = \"/media/keys\"\nindex_url = \"https://keys.example/a/index.txt\"
             base_url = \"https://files.example/\"\nproxy = \"http://proxy.example:3128\"
             ca_file = \"/etc/ssl/own.pem\"\nkeep_days = 60
             authorities = [{{ id = \"452\", version = \"v1\", key = \"{key}\" }}, {{ id = \"452\", key = \"{key}\" }}]
             match_from = \"00:00\"\nmatch_until = \"23:59\"",
            key = key()
        );
        let exposure = parse(&text).expect("it is good");
        let server = exposure.server.expect("it is set");
        assert_eq!(server.index_url, "https://keys.example/a/index.txt");
        assert_eq!(server.base_url, "https://files.example/");
        assert_eq!(server.proxy.as_deref(), Some("http://proxy.example:3128"));
        assert_eq!(server.ca_file.as_deref(), Some(Path::new("/etc/ssl/own.pem")));
        assert_eq!(exposure.folder.as_deref(), Some(Path::new("/media/keys")));
        let versions: Vec<_> = exposure.authorities.iter().map(|a| a.version.as_str()).collect();
        assert_eq!((versions, exposure.match_minutes), (vec!["v1", ""], (0, 1_439)));
    }

    #[test]
    fn what_will_not_do_is_refused() {
        let twice = format!("{{ id = \"1\", key = \"{}\" }}", key());
        for (text, remedy) in [
            ("folder = \"keys\"".to_owned(), "begins with \"/\""),
            (
                "index_url = \"http://keys.example/index.txt\"".to_owned(),
                "begins with \"https://\"",
            ),
            (
                "index_url = \"http://127.0.0.1.keys.example/\"".to_owned(),
                "begins with \"https://\"",
            ),
            ("base_url = \"https://\"".to_owned(), "begins with \"https://\""),
            ("base_url = \"https://me@keys.example/\"".to_owned(), "\"@\""),
            ("index_url = \"https://keys.example/i\"".to_owned(), "it needs base_url as well"),
            ("base_url = \"https://keys.example/\"".to_owned(), "it needs index_url as well"),
            ("proxy = \"proxy.example\"".to_owned(), "\"http://host:port\""),
            ("keep_days = 0".to_owned(), "a whole number from 1 to 60"),
            ("keep_days = 61".to_owned(), "a whole number from 1 to 60"),
            ("match_from = \"24:00\"".to_owned(), "from \"00:00\" to \"23:59\""),
            ("authorities = [{ id = \"1\", key = \"AAAA\" }]".to_owned(), "P-256"),
            (format!("authorities = [{{ id = \"\", key = \"{}\" }}]", key()), "P-256"),
            (format!("authorities = [{twice}, {twice}]"), "each id and version once"),
        ] {
            let error = parse(&text).expect_err(&text);
            assert!(error.contains(remedy) && error.contains("line 2"), "{text}: {error}");
        }
    }
}
