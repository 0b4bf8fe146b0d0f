//! The rows that vCard fills in the table of formats.
//!
//! Owns how a vCard is recognised. Read by [`crate::formats::table`].

use crate::formats::format::{LayoutOf, ReadFrom, Reading, Spec, Writing};

use super::cards::Cards;
use super::write::{Version, card};

/// Any version is read, 4.0 is written.
pub(in crate::formats) static V4: Spec = Spec {
    word: "vcard",
    endings: &["vcf", "vcard"],
    sniff: is_vcard,
    read: Some(Reading {
        name: "vCard",
        about: "2.1, 3.0 or 4.0",
        has_columns: false,
        from: ReadFrom::Text(|source, decoder, options| {
            Ok(Box::new(Cards::open(source, decoder, options.source.clone())))
        }),
    }),
    write: Some(Writing {
        name: "vCard 4.0",
        about: "nothing is lost; phones and mail programs read it",
        layout_of: LayoutOf::Nothing,
        header: |_| String::new(),
        record: |contact, _, out, _| card(contact, Version::V4, out),
        between: "",
        behind: |behind| behind.cards(Version::V4),
        footer: "",
        lacks: &[],
    }),
};

/// 3.0 is written for programs that know no newer one.
pub(in crate::formats) static V3: Spec = Spec {
    word: "vcard3",
    endings: &["vcf"],
    sniff: |_| false,
    read: None,
    write: Some(Writing {
        name: "vCard 3.0",
        about: "for programs that know no newer one",
        layout_of: LayoutOf::Nothing,
        header: |_| String::new(),
        record: |contact, _, out, _| card(contact, Version::V3, out),
        between: "",
        behind: |behind| behind.cards(Version::V3),
        footer: "",
        lacks: &[],
    }),
};

/// Whether a card begins or ends in it. Rubbish before the first card is known. A CSV file has such a line only
/// within quotes: behind an odd number of them.
fn is_vcard(head: &[u8]) -> bool {
    let mut quotes = 0;
    for line in head.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii) {
        // Nothing may stand behind it: in a CSV file there could be cells.
        let is_edge = line.eq_ignore_ascii_case(b"BEGIN:VCARD") || line.eq_ignore_ascii_case(b"END:VCARD");
        if is_edge && quotes % 2 == 0 {
            return true;
        }
        quotes += memchr::memchr_iter(b'"', line).count();
    }
    false
}
