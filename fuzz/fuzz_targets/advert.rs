//! The target "advert" of `src/targets.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kiosk_fuzz::run("advert", bytes));
