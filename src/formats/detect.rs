//! Which format a file is in, by its content.
//!
//! Owns the guess from the first bytes; the name decides only where the content says nothing. Called by
//! [`super::open`].

use super::jsonl::frame::is_array;
use super::record::{Format, FormatError};

/// The format of a file that begins with `head`.
pub(super) fn format(head: &[u8], name: &str) -> Result<Format, FormatError> {
    if let Some((_, what)) = SIGNATURES.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(FormatError::NotContacts { what });
    }
    if is_binary(head) {
        return Err(FormatError::NotContacts { what: "no text" });
    }
    if is_ldif(head) {
        return Err(FormatError::NotContacts { what: "an LDIF file (export it as vCard or CSV)" });
    }
    let text = head.trim_ascii_start();
    if text.first() == Some(&b'{') || is_array(text) {
        return Ok(Format::Jsonl);
    }
    // Rubbish before the first card is known. A CSV file has such a line only within quotes: behind an odd
    // number of them.
    let mut quotes = 0;
    for line in head.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii) {
        let is_edge = line.eq_ignore_ascii_case(b"BEGIN:VCARD") || line.eq_ignore_ascii_case(b"END:VCARD");
        if is_edge && quotes % 2 == 0 {
            return Ok(Format::Vcard);
        }
        quotes += memchr::memchr_iter(b'"', line).count();
    }
    let name = name.strip_suffix(".gz").unwrap_or(name);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    Ok(match extension.as_str() {
        "vcf" | "vcard" => Format::Vcard,
        "jsonl" | "ndjson" => Format::Jsonl,
        _ => Format::Csv,
    })
}

/// Whether it is full of control characters, as no text is; a stray one is no sign.
fn is_binary(head: &[u8]) -> bool {
    let head = &head[..head.len().min(8192)];
    let is_control = |byte: &&u8| matches!(byte, 0..=8 | 14..=31 | 127);
    let controls = head.iter().filter(is_control).count();
    controls >= 16 && controls * 12 > head.len()
}

/// Whether it is what directories and Thunderbird export: entries that begin with their names.
fn is_ldif(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut lines = lines.by_ref().filter(|line| !line.is_empty() && !line.starts_with(b"#"));
    let names = |line: &[u8]| line.starts_with(b"dn: ") || line.starts_with(b"dn:: ");
    match lines.next() {
        Some(b"version: 1" | b"version:1") => lines.next().is_some_and(names),
        first => first.is_some_and(names),
    }
}

/// First bytes of files that people take for contacts.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"\x1f\x8b", "a gzip file in a packed file"),
    (b"PK\x03\x04", "a zip file in a zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (save it as CSV)"),
    (b"%PDF-", "a PDF file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML file"),
    (b"{\\rtf", "a document (save it as CSV)"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_tells_the_format_and_the_name_only_helps() {
        let of = |head: &[u8], name: &str| format(head, name).unwrap();
        assert_eq!(of(b"rubbish\r\nbegin:vcard\r\n", "x.csv"), Format::Vcard);
        assert_eq!(of(b" {\"name\": {}}\n", "x.csv"), Format::Jsonl);
        assert_eq!(of(b"[\n  {\"name\": {}}]\n", "x.csv"), Format::Jsonl);
        assert_eq!(of(b"Name,Email\n", "x"), Format::Csv);
        assert_eq!(of(b"Name,Card\nAnn,\"x\nBEGIN:VCARD\n\"\n", "x"), Format::Csv);
        assert_eq!(of(b"", "x.vcf"), Format::Vcard);
        assert_eq!(of(b"VERSION:3.0\nEND:vCard\n", "x"), Format::Vcard);
    }

    #[test]
    fn what_is_no_contact_file_is_named() {
        let error = format(b"PK\x03\x04rest", "contacts.csv").unwrap_err();
        assert!(error.to_string().contains("zip"), "{error}");
        assert!(format(b"\x1f\x8b\x08", "a.gz").is_err());
        let said = |head: &[u8]| format(head, "contacts.csv").map_err(|error| error.to_string());
        assert_eq!(said(&[0; 100]), Err("this is no text, not a vCard, CSV or JSON Lines file".to_owned()));
        assert!(said(b"version: 1\n\ndn: cn=Ann,o=x\ncn: Ann\n").unwrap_err().contains("LDIF"));
        assert_eq!(said(b"Name,Email\nA\0nn,\x1b[31m@b.example\n"), Ok(Format::Csv), "a stray one is no sign");
        assert_eq!(said(b"dn,cn\ndn: 1,2\n"), Ok(Format::Csv));
    }
}
