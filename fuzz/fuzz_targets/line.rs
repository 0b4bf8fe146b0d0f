//! The target `line`: see `cardfile_fuzz::line`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cardfile_fuzz::line(data));
