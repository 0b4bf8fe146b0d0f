//! The target `vcard`: see `cardfile_fuzz::vcard`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cardfile_fuzz::vcard(data));
