//! Why a command failed, in one line for whoever typed it.

/// The words of an error and of what lies behind it, each once: what the system has answered is
/// often part of the words already.
#[must_use]
pub fn in_words(error: &anyhow::Error) -> String {
    let mut words = String::new();
    for cause in error.chain() {
        let said = cause.to_string();
        if words.ends_with(&said) {
            continue;
        }
        if !words.is_empty() {
            words.push_str(": ");
        }
        words.push_str(&said);
    }
    words
}

#[cfg(test)]
mod tests {
    use std::io;

    use anyhow::Context;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("use the capture: {0}")]
    struct Capture(#[source] io::Error);

    #[test]
    fn each_cause_is_said_once() {
        let lower = || io::Error::other("no such file");
        let error = Err::<(), _>(Capture(lower())).context("replay it").unwrap_err();
        assert_eq!(in_words(&error), "replay it: use the capture: no such file");
        let error = Err::<(), _>(lower()).context("open it").unwrap_err();
        assert_eq!(in_words(&error), "open it: no such file");
    }
}
