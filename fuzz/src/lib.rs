//! The targets, for the programs beside this file.

mod targets;

/// Runs the target of that name; nothing where there is none.
pub fn run(name: &str, bytes: &[u8]) {
    if let Some((_, target)) = targets::TARGETS.iter().find(|(known, _)| *known == name) {
        target(bytes);
    }
}
