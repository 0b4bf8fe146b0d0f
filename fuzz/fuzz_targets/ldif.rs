//! The target `ldif`: see `cardfile_fuzz::ldif`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cardfile_fuzz::ldif(data));
