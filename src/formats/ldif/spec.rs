//! The row that LDIF fills in the table of formats.
//!
//! Owns how LDIF is recognised. Read by [`crate::formats::table`].

use crate::formats::format::{LayoutOf, ReadFrom, Reading, Spec, Writing};

use super::read::Entries;
use super::write;

/// Entries of persons.
pub(in crate::formats) static LDIF: Spec = Spec {
    word: "ldif",
    endings: &["ldif", "ldi"],
    sniff: is_ldif,
    read: Some(Reading {
        name: "LDIF",
        about: "what Thunderbird and directories export",
        has_columns: false,
        from: ReadFrom::Text(|source, decoder, options| {
            Ok(Box::new(Entries::open(source, decoder, options.source.clone())))
        }),
    }),
    write: Some(Writing {
        name: "LDIF",
        about: "for Thunderbird and directories; nothing is lost",
        layout_of: LayoutOf::Nothing,
        header: |_| "version: 1\n\n".to_owned(),
        record: |contact, _, out, _| write::entry(contact, out),
        between: "",
        behind: |_| String::new(),
        footer: "",
        lacks: &[],
    }),
};

/// Whether it begins as an entry does: with its name, behind comments and the version.
fn is_ldif(head: &[u8]) -> bool {
    let lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with(b"#"));
    let names = |line: &[u8]| line.starts_with(b"dn: ") || line.starts_with(b"dn:: ") || line.starts_with(b"dn:cn=");
    match lines.next() {
        Some(b"version: 1" | b"version:1") => lines.next().is_some_and(|line| line.starts_with(b"dn:")),
        first => first.is_some_and(names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_known_by_its_name() {
        assert!(is_ldif(b"dn: cn=Ann,o=x\ncn: Ann\n"));
        assert!(is_ldif(b"# all\nversion: 1\n\n# Ann\ndn:: Y249QW5u\ncn: Ann\n"));
        assert!(!is_ldif(b"dn,cn\ndn: 1,2\n"));
        assert!(!is_ldif(b"Name,Email\n"));
    }
}
