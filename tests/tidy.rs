//! The shape of the code: which way imports point, how long files are, and that every file says
//! what it is for. It reads the sources as text and knows nothing of what they do.

use std::fs;
use std::path::{Path, PathBuf};

/// Files longer than their cap: the path, how long they may be, and the reason.
const LONG_FOR_A_REASON: [(&str, usize, &str); 0] = [];

/// The edges; none may name another. `kiosk` and `command` put them together.
const EDGES: [&str; 7] = ["gpio", "published", "radio", "store", "ui", "service", "config"];

/// Words that hide what a thing is.
const EMPTY_WORDS: [&str; 4] = ["manager", "helper", "util", "handler"];

fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(package().join(path)).unwrap_or_default()
}

/// Every file under a directory with this ending: its path from the package on, and its text.
fn files(directory: &str, ending: &str) -> Vec<(String, String)> {
    fn walk(directory: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, ending, found);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&package().join(directory), ending, &mut found);
    found.sort();
    let name = |path: &Path| {
        path.strip_prefix(package()).unwrap_or(path).to_string_lossy().replace('\\', "/")
    };
    found.iter().map(|path| (name(path), read(&name(path)))).collect()
}

/// The part of the code that is not a comment.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.split("//").next().unwrap_or(line))
}

fn names_module(text: &str, module: &str) -> bool {
    let (path, grouped) = (format!("crate::{module}"), format!("crate::{{{module}"));
    code(text).any(|line| line.contains(&path) || line.contains(&grouped))
}

#[test]
fn imports_point_one_way() {
    let above = ["kiosk", "command", "clock", "view"];
    for (file, text) in files("src/domain", "rs") {
        for module in EDGES.iter().chain(&above) {
            assert!(!names_module(&text, module), "{file}: the domain names {module}");
        }
        for time in ["std::time::Instant", "SystemTime", "Instant::now", "std::fs", "std::thread"] {
            assert!(!code(&text).any(|line| line.contains(time)), "{file} names {time}");
        }
    }
    for edge in EDGES {
        let mut own = files(&format!("src/{edge}"), "rs");
        own.push((format!("src/{edge}.rs"), read(&format!("src/{edge}.rs"))));
        assert!(own.iter().any(|(_, text)| !text.is_empty()), "there is no edge {edge}");
        for (file, text) in own {
            for other in EDGES.into_iter().filter(|other| *other != edge) {
                assert!(!names_module(&text, other), "{file}: an edge names {other}");
            }
            for over in ["kiosk", "command"] {
                assert!(!names_module(&text, over), "{file}: an edge names {over}");
            }
        }
    }
}

#[test]
fn every_file_says_what_it_is_for_and_is_short() {
    let mut sources = files("src", "rs");
    sources.extend(["tests", "benches"].into_iter().flat_map(|place| files(place, "rs")));
    assert!(sources.len() > 60, "it looked in the wrong place");
    for (file, text) in &sources {
        assert!(text.starts_with("//!"), "{file} does not begin with what it is for");
    }
    sources.extend(files("ui", "slint"));
    for (file, text) in sources {
        let usual = match file.split('/').collect::<Vec<_>>()[..] {
            ["src", "main.rs"] => 80,
            ["src", "domain", ..] => 300,
            ["ui", ..] => 200,
            _ => 400,
        };
        let cap = LONG_FOR_A_REASON.iter().find(|(long, ..)| *long == file);
        let cap = cap.map_or(usual, |(_, cap, _)| *cap);
        let lines = text.lines().count();
        assert!(lines <= cap, "{file} has {lines} lines, {cap} are the most");
    }
}

#[test]
fn every_dependency_has_its_row_and_every_decision_its_line() {
    let (manifest, table) = (read("Cargo.toml"), read("docs/dependencies.md"));
    let mut section = "";
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if section.ends_with("dependencies]")
            && let Some((name, _)) = line.split_once(" = ")
        {
            assert!(table.contains(&format!("`{name}`")), "docs/dependencies.md lacks {name}");
        }
    }
    let overview = read("docs/ARCHITECTURE.md");
    for (decision, _) in files("docs/adr", "md") {
        let link = decision.trim_start_matches("docs/");
        assert!(overview.contains(link), "docs/ARCHITECTURE.md does not list {decision}");
    }
}

/// Opening the pins drives the lamp, the buzzer and the gate low, and takes the button's pull away
/// when they are closed again: nobody may do that beside a kiosk that runs.
#[test]
fn only_the_loop_opens_the_pins() {
    let of = |call| {
        let sources = files("src", "rs").into_iter();
        let callers = sources.filter(|(_, text)| code(text).any(|line| line.contains(call)));
        callers.map(|(file, _)| file).collect::<Vec<_>>()
    };
    assert_eq!(of("Pins::open"), ["src/kiosk/live.rs"]);
    assert_eq!(of("Outputs::open"), ["src/gpio/mod.rs"]);
    assert_eq!(of("gpio::make_safe"), ["src/command/pins.rs"]);
}

/// The names that stand between `before` and the next sign that is no part of a name.
fn names_after<'t>(text: &'t str, before: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(before).skip(1).map(|rest| {
        let end = rest.find(|sign: char| !sign.is_alphanumeric() && sign != '-' && sign != '_');
        rest.split_at(end.unwrap_or(rest.len())).0
    })
}

#[test]
fn everything_that_can_be_touched_is_on_a_screen() {
    let together = |parts: Vec<(String, String)>| -> String {
        parts.iter().flat_map(|(_, text)| code(text)).collect::<Vec<_>>().join("\n")
    };
    let (bridge, screens) =
        (together(files("src/ui/bridge", "rs")), together(files("ui", "slint")));

    let touch = read("src/domain/touch.rs");
    let touches = touch.split("pub enum Touch {").nth(1).and_then(|rest| rest.split("\n}").next());
    let touches: Vec<&str> = code(touches.expect("there are touches"))
        .filter_map(|line| line.strip_prefix("    "))
        .filter_map(|line| line.split(['(', ',']).next().filter(|name| !name.is_empty()))
        .collect();
    assert!(touches.contains(&"EditName") && touches.contains(&"Host"), "{touches:?}");
    for name in touches {
        let sent = names_after(&bridge, "Touch::").any(|sent| sent == name);
        assert!(sent, "no screen sends Touch::{name}: connect a callback in src/ui/bridge");
    }

    let mut callbacks = 0;
    for adapter in screens.split("export global ").skip(1) {
        let (name, rest) = adapter.split_once(' ').expect("a global has a name and a body");
        let body = rest.split("\n}").next().unwrap_or(rest);
        for callback in names_after(body, "\n    callback ") {
            callbacks += 1;
            let connected = format!("on_{}(", callback.replace('-', "_"));
            assert!(bridge.contains(&connected), "{name}.{callback} is connected to nothing");
            let called = format!("{name}.{callback}(");
            assert!(screens.contains(&called), "nothing on a screen calls {called}…)");
        }
    }
    assert!(callbacks > 50, "{callbacks} callbacks were found");
}

#[test]
fn names_say_what_a_thing_is() {
    for (file, text) in files("src", "rs") {
        for line in code(&text) {
            let declared =
                ["fn ", "struct ", "enum ", "trait ", "mod ", "type ", "const "].iter().find_map(
                    |keyword| line.trim_start().trim_start_matches("pub ").strip_prefix(keyword),
                );
            let Some(declared) = declared else { continue };
            let name = declared.split(|c: char| !c.is_alphanumeric() && c != '_').next();
            let name = name.unwrap_or_default().to_lowercase();
            for word in EMPTY_WORDS {
                assert!(!name.contains(word), "{file}: {name} does not say what it is");
            }
        }
    }
}
