//! The target `sanitise`: see `cardfile_fuzz::sanitise`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cardfile_fuzz::sanitise(data));
