//! The target `jsonl`: see `cardfile_fuzz::jsonl`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cardfile_fuzz::jsonl(data));
