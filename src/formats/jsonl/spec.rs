//! The rows that JSON fills in the table of formats.
//!
//! Owns how JSON is recognised. Read by [`crate::formats::table`].

use crate::formats::format::{LayoutOf, ReadFrom, Reading, Spec, Writing};

use super::frame::is_array;
use super::read::Objects;
use super::write::line;

/// One object a line.
pub(in crate::formats) static LINES: Spec = Spec {
    word: "jsonl",
    endings: &["jsonl", "ndjson"],
    sniff: |head| head.trim_ascii_start().first() == Some(&b'{'),
    read: Some(READING),
    write: Some(Writing {
        name: "JSON Lines",
        about: "one contact a line, for scripts; nothing is lost",
        layout_of: LayoutOf::Nothing,
        header: |_| String::new(),
        record: |contact, _, out, _| {
            out.push_str(&line(contact));
            out.push('\n');
        },
        between: "",
        behind: |_| String::new(),
        footer: "",
        lacks: &[],
    }),
};

/// The objects as the elements of one array.
pub(in crate::formats) static ARRAY: Spec = Spec {
    word: "json",
    endings: &["json"],
    sniff: is_array,
    read: Some(Reading { name: "JSON", about: "one array of objects", ..READING }),
    write: Some(Writing {
        name: "JSON",
        about: "the same as one array; nothing is lost",
        layout_of: LayoutOf::Nothing,
        header: |_| "[\n".to_owned(),
        record: |contact, _, out, _| out.push_str(&line(contact)),
        between: ",\n",
        behind: |_| String::new(),
        footer: "\n]\n",
        lacks: &[],
    }),
};

const READING: Reading = Reading {
    name: "JSON Lines",
    about: "one contact a line",
    has_columns: false,
    from: ReadFrom::Text(|source, decoder, options| {
        Ok(Box::new(Objects::open(source, decoder, options.source.clone(), options.dates)))
    }),
};
