//! What reading a file yields and how it is asked for: records, bad records, options, errors.
//!
//! Owns the vocabulary of [`crate::formats`]; the readers of the single formats and the engine speak it.
//! It reads nothing itself.

use std::fmt;

use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};

use crate::domain::contact::Contact;

/// How much of a bad record's text is kept, in bytes.
pub const KEPT_TEXT: usize = 2048;

/// The longest bad record that is kept whole, in bytes.
pub(super) const KEPT_RAW: usize = 1 << 20;

/// A format of contact files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// vCard 2.1, 3.0 or 4.0, one or many in a file.
    Vcard,
    /// Rows of cells with any delimiter.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

impl Format {
    /// The word for it on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Vcard => "vcard",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }

    /// The format with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Vcard, Self::Csv, Self::Jsonl].into_iter().find(|format| format.word().eq_ignore_ascii_case(word))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How a file is to be read; the default detects everything.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The format, where it is not to be detected.
    pub format: Option<Format>,
    /// The encoding, where it is not to be detected.
    pub encoding: Option<&'static Encoding>,
    /// `FIELD=COLUMN` pairs: the field's name and the column's header (or its number, from 1). They win
    /// over what the header row says. Only for CSV.
    pub map: Vec<(String, String)>,
    /// The file's name, for [`Contact::source`] and as a hint.
    pub source: String,
}

/// One contact, or one place where none could be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its first line in the file, from 1.
    pub line: u64,
    /// The contact, without id, list and revision.
    pub result: Result<Contact, BadRecord>,
}

/// A card or row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRecord {
    /// Its first line in the file, from 1.
    pub line: u64,
    /// What is wrong with it, as a sentence without its final dot.
    pub reason: String,
    /// Its text as it stands in the file, cut at [`KEPT_TEXT`] bytes and not sanitised.
    pub text: String,
    /// All of it, so that it can be mended and read again; empty where it is longer than 1 MiB or
    /// nothing that can be mended.
    pub raw: Box<[u8]>,
}

impl BadRecord {
    /// A bad record of these raw bytes.
    pub(super) fn new(line: u64, reason: impl Into<String>, raw: &[u8]) -> Self {
        let mut cut = raw.len().min(KEPT_TEXT);
        // Not within a UTF-8 sequence, so that the cut itself adds no replacement character.
        while cut > 0 && cut < raw.len() && raw[cut] & 0xC0 == 0x80 {
            cut -= 1;
        }
        let text = String::from_utf8_lossy(&raw[..cut]).into_owned();
        let raw = if raw.len() <= KEPT_RAW { raw.into() } else { Box::default() };
        Self { line, reason: reason.into(), text, raw }
    }
}

impl From<BadRecord> for Record {
    fn from(bad: BadRecord) -> Self {
        Self { line: bad.line, result: Err(bad) }
    }
}

/// Why a file could not be read, or no further.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The input failed.
    #[error("reading failed: {0}")]
    Io(#[from] std::io::Error),
    /// It is none of the formats.
    #[error("this is {what}, not a vCard, CSV or JSON Lines file")]
    NotContacts {
        /// What it seems to be.
        what: &'static str,
    },
    /// A `FIELD=COLUMN` names a field that there is not.
    #[error("there is no field {field:?} to map a column to{}", hint(.suggestion.as_deref()))]
    UnknownField {
        /// The field as given.
        field: String,
        /// The nearest known one.
        suggestion: Option<String>,
    },
    /// A `FIELD=COLUMN` names a column that the file does not have.
    #[error("the file has no column {column:?}; it has: {}", .columns.join(", "))]
    UnknownColumn {
        /// The column as given.
        column: String,
        /// The columns that there are.
        columns: Vec<String>,
    },
    /// A mapping was given for a file that has no columns.
    #[error("a {format} file has no columns to map")]
    NoColumns {
        /// Its format.
        format: Format,
    },
}

fn hint(suggestion: Option<&str>) -> String {
    suggestion.map(|word| format!("; did you mean {word:?}?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_bad_record_is_cut_between_characters() {
        let raw = "ä".repeat(KEPT_TEXT);
        let bad = BadRecord::new(7, "it is bad", raw.as_bytes());
        assert_eq!(bad.text.len(), KEPT_TEXT);
        assert!(!bad.text.contains('\u{fffd}'));
        let odd = format!("x{raw}");
        assert_eq!(BadRecord::new(7, "it is bad", odd.as_bytes()).text.len(), KEPT_TEXT - 1);
    }

    #[test]
    fn errors_say_what_to_do() {
        let error = FormatError::UnknownField { field: "mial".into(), suggestion: Some("email".into()) };
        assert_eq!(error.to_string(), "there is no field \"mial\" to map a column to; did you mean \"email\"?");
    }
}
