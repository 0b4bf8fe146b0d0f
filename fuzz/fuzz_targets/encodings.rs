//! The target `encodings`: see `cardfile_fuzz::encodings`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cardfile_fuzz::encodings(data));
