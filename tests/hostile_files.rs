//! Z1, Z2: files that are broken or made to break a reader. None may panic, hang or be swallowed in silence.

// A test may fail loudly.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{self, Read};

use cardfile::formats::{Format, ReadOptions, Record, open};
use proptest::prelude::*;

const FORMATS: [Format; 4] = [Format::VCARD, Format::CSV, Format::JSONL, Format::LDIF];

fn read(input: impl Read, format: Option<Format>) -> Vec<Record> {
    let options = ReadOptions { format, ..ReadOptions::default() };
    open(input, options).unwrap().map(Result::unwrap).collect()
}

fn good(records: &[Record]) -> usize {
    records.iter().filter(|record| record.result.is_ok()).count()
}

/// Gives its bytes a few at a time, as a pipe does.
struct Trickle<'a>(&'a [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.0.len().min(out.len()).min(7);
        out[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_in_every_format(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in FORMATS {
            let at_once = read(bytes.as_slice(), Some(format));
            prop_assert_eq!(read(Trickle(&bytes), Some(format)), at_once);
        }
    }

    #[test]
    fn any_pieces_of_files_are_read(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60)) {
        let bytes: Vec<u8> = pieces.concat();
        for format in FORMATS {
            let records = read(bytes.as_slice(), Some(format));
            let lines: Vec<u64> = records.iter().map(|record| record.line).collect();
            prop_assert!(lines.is_sorted(), "{:?}", lines);
            prop_assert_eq!(read(Trickle(&bytes), Some(format)), records);
        }
    }
}

const PIECES: [&[u8]; 34] = [
    b"BEGIN:VCARD\n",
    b"END:VCARD\r\n",
    b"VERSION:2.1\r",
    b"N:a;b;c\n",
    b"FN:x\n",
    b"item1.",
    b"EMAIL;TYPE=",
    b"TEL;PREF=1:",
    b"ENCODING=QUOTED-PRINTABLE:",
    b"ENCODING=b:",
    b";CHARSET=SHIFT_JIS",
    b"=\r\n",
    b"=C3",
    b"\\",
    b"\\n",
    b" ",
    b"\t",
    b"\"",
    b"\"\"",
    b",",
    b";",
    b":",
    b"\n",
    b"\r\n",
    b"\r",
    b"\xff\xfe",
    b"\xc3",
    b"\0",
    b"Email,Name\n",
    b"a@b.example",
    b"{\"a\":",
    b"[1,",
    b"}",
    b"'=",
];

#[test]
fn nothing_is_nothing() {
    for bytes in [&b""[..], b"\xEF\xBB\xBF", b"\xFF\xFE", b"\n\r\n\n"] {
        assert_eq!(read(bytes, None).len(), 0, "{bytes:?}");
    }
}

#[test]
fn fifty_megabytes_in_one_line_are_no_more_than_one_record() {
    for format in FORMATS {
        let records = read(io::repeat(b'x').take(50 << 20), Some(format));
        assert!(records.len() <= 1, "{format}");
    }
    let card = b"BEGIN:VCARD\nFN:Ann\nNOTE:"
        .chain(io::repeat(b'x').take(70 << 20))
        .chain(&b"\nEND:VCARD\nBEGIN:VCARD\nFN:Bob\nEND:VCARD\n"[..]);
    let records = read(card, None);
    assert_eq!(records.len(), 2);
    assert_eq!(records[1].result.as_ref().unwrap().name.full, "Bob");
}

#[test]
fn a_card_that_never_ends_is_told() {
    let endless = b"BEGIN:VCARD\nFN:Ann\n"
        .chain(io::Cursor::new(b"X-A:1234567890123456789012345678901234567890\n".repeat(2_000_000)));
    let records = read(endless, None);
    assert_eq!((records.len(), good(&records)), (1, 0));
}

#[test]
fn utf16_of_odd_length_is_read_to_its_last_whole_character() {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend("Name,Email\nAnn,a@b.example\n".encode_utf16().flat_map(u16::to_le_bytes));
    for cut in [0, 1] {
        let records = read(&bytes[..bytes.len() - cut], None);
        assert_eq!(records[0].result.as_ref().unwrap().name.full, "Ann");
    }
}

#[test]
fn a_quote_opened_on_every_line_is_told_line_by_line() {
    let text = format!("Email,Note\n{}", "a@b.example,\"x\n".repeat(20_001));
    let records = read(text.as_bytes(), None);
    assert_eq!((records.len(), good(&records)), (20_001, 0));
}
