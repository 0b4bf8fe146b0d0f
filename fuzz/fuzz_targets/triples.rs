//! The target `triples`: see `cardfile_fuzz::triples`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cardfile_fuzz::triples(data));
