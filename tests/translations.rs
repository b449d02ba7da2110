//! Every word on the screens has a Vietnamese and a Lao translation, and no translation is left
//! over. Whether a translation is good is for people to judge.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test that cannot read its files should fail"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn ui() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("ui")
}

fn slint_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            slint_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "slint") {
            found.push(path);
        }
    }
}

/// The string literal at the start of `source`, as written, without its quotes.
fn literal(source: &str) -> Option<&str> {
    let inner = source.strip_prefix('"')?;
    let mut escaped = false;
    for (place, letter) in inner.char_indices() {
        match letter {
            '"' if !escaped => return Some(&inner[..place]),
            _ => escaped = letter == '\\' && !escaped,
        }
    }
    None
}

/// What stands in `@tr("…")` in any screen.
fn said() -> BTreeSet<String> {
    let mut files = Vec::new();
    slint_files(&ui(), &mut files);
    let mut said = BTreeSet::new();
    for file in files {
        let source = fs::read_to_string(&file).unwrap();
        for (place, call) in source.match_indices("@tr(") {
            let rest = &source[place + call.len()..];
            let words = literal(rest)
                .unwrap_or_else(|| panic!("{}: @tr without a literal", file.display()));
            said.insert(words.to_owned());
        }
    }
    said
}

/// Source and translation of each entry of a `.po` file.
fn translations(language: &str) -> BTreeMap<String, String> {
    let file = ui().join("lang").join(language).join("LC_MESSAGES/kiosk.po");
    let mut translations = BTreeMap::new();
    let mut source = String::new();
    for line in fs::read_to_string(file).unwrap().lines() {
        if let Some(words) = line.strip_prefix("msgid ") {
            literal(words).unwrap().clone_into(&mut source);
        } else if let Some(words) =
            line.strip_prefix("msgstr ").or_else(|| line.strip_prefix("msgstr[0] "))
        {
            let twice = translations.insert(source.clone(), literal(words).unwrap().to_owned());
            assert_eq!(twice, None, "{language}: {source:?} stands twice");
        }
    }
    translations.remove("");
    translations
}

#[test]
fn every_word_is_translated_and_none_is_left_over() {
    let said = said();
    assert!(said.len() > 100, "only {} words were found on the screens", said.len());
    for language in ["vi", "lo"] {
        let translations = translations(language);
        let known: BTreeSet<String> = translations.keys().cloned().collect();
        assert_eq!(
            said.difference(&known).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "{language}: not translated"
        );
        assert_eq!(
            known.difference(&said).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "{language}: on no screen"
        );
        for (source, words) in &translations {
            assert!(!words.is_empty(), "{language}: {source:?} is empty");
            assert_eq!(
                source.matches("{}").count(),
                words.matches("{}").count(),
                "{language}: {source:?} loses a value"
            );
        }
    }
}

#[test]
fn the_bar_never_says_not_installed() {
    let bar = fs::read_to_string(ui().join("widgets/bar.slint")).unwrap();
    assert!(bar.contains("not seen yet"));
    for (place, call) in bar.match_indices("@tr(") {
        let words = literal(&bar[place + call.len()..]).unwrap().to_lowercase();
        assert!(!words.contains("not installed") && !words.contains("missing"), "{words}");
    }
}

/// The words of a property, or of a function, in `words.slint`, under the conditions they stand for.
fn words_of(named: &str) -> Vec<(String, String)> {
    let source = fs::read_to_string(ui().join("widgets/words.slint")).unwrap();
    let property = source.find(&format!("<string> {named}:"));
    let start = property.or_else(|| source.find(&format!("function {named}("))).unwrap();
    let end = source[start..].find(";\n").unwrap();
    let block = &source[start..start + end];
    let mut words = Vec::new();
    for line in block.lines() {
        let Some((condition, call)) = line.split_once("@tr(") else { continue };
        let condition: Vec<&str> = condition
            .split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-'))
            .filter_map(|word| word.strip_prefix("Organ.").or(word.strip_prefix("Trouble.")))
            .collect();
        let condition =
            if condition.is_empty() { "otherwise".to_owned() } else { condition.join(" ") };
        words.push((condition, literal(call).unwrap().to_owned()));
    }
    words
}

/// For people to read over whenever a word of them changes.
#[test]
fn what_is_said_of_each_fault() {
    let (vi, lo) = (translations("vi"), translations("lo"));
    let mut said = String::new();
    for named in ["unwell", "radio", "remedy"] {
        for (condition, words) in words_of(named) {
            let (vi, lo) = (&vi[&words], &lo[&words]);
            writeln!(said, "{named}, {condition}\n  {words}\n  {vi}\n  {lo}").unwrap();
        }
    }
    insta::assert_snapshot!(said);
}
