//! Which format a file is in, by its content.
//!
//! Owns the guess from the first bytes; the name decides only where the content says nothing. Called by
//! [`super::open`].

use super::format::Format;
use super::record::FormatError;

/// The format of a file that begins with `head`.
pub(super) fn format(head: &[u8], name: &str) -> Result<Format, FormatError> {
    if let Some((_, what)) = SIGNATURES.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(FormatError::NotContacts { what });
    }
    if is_binary(head) {
        return Err(FormatError::NotContacts { what: "no text" });
    }
    let by_content = Format::by_content(head);
    Ok(by_content.or_else(|| Format::read_by_ending(name).filter(|format| !format.is_packed())).unwrap_or(Format::CSV))
}

/// Whether it is full of control characters, as no text is; a stray one is no sign.
fn is_binary(head: &[u8]) -> bool {
    let head = &head[..head.len().min(8192)];
    let is_control = |byte: &&u8| matches!(byte, 0..=8 | 14..=31 | 127);
    let controls = head.iter().filter(is_control).count();
    controls >= 16 && controls * 12 > head.len()
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
        assert_eq!(of(b"rubbish\r\nbegin:vcard\r\n", "x.csv"), Format::VCARD);
        assert_eq!(of(b" {\"name\": {}}\n", "x.csv"), Format::JSONL);
        assert_eq!(of(b"[\n  {\"name\": {}}]\n", "x.csv"), Format::JSON);
        assert_eq!(of(b"Name,Email\n", "x"), Format::CSV);
        assert_eq!(of(b"Name,Card\nAnn,\"x\nBEGIN:VCARD\n\"\n", "x"), Format::CSV);
        assert_eq!(of(b"", "x.vcf"), Format::VCARD);
        assert_eq!(of(b"VERSION:3.0\nEND:vCard\n", "x"), Format::VCARD);
    }

    #[test]
    fn what_is_no_contact_file_is_named() {
        let error = format(b"PK\x03\x04rest", "contacts.csv").unwrap_err();
        assert!(error.to_string().contains("zip"), "{error}");
        assert!(format(b"\x1f\x8b\x08", "a.gz").is_err());
        let said = |head: &[u8]| format(head, "contacts.csv").map_err(|error| error.to_string());
        assert_eq!(said(&[0; 100]), Err("not a text file: expected a vCard, CSV, JSON, LDIF or Excel file".to_owned()));
        assert_eq!(said(b"version: 1\n\ndn: cn=Ann,o=x\ncn: Ann\n"), Ok(Format::LDIF));
        assert_eq!(said(b"Name,Email\nA\0nn,\x1b[31m@b.example\n"), Ok(Format::CSV), "a stray one is no sign");
        assert_eq!(said(b"dn,cn\ndn: 1,2\n"), Ok(Format::CSV));
    }
}
