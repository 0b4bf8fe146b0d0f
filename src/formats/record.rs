//! What reading a file yields: records, bad records, errors.
//!
//! Owns the vocabulary of [`crate::formats`]; the readers of the single formats and the engine speak it.
//! It reads nothing itself.

use crate::domain::contact::Contact;

/// How much of a bad record's text is kept, in bytes.
pub const KEPT_TEXT: usize = 2048;

/// The longest bad record that is kept whole, in bytes.
pub(super) const KEPT_RAW: usize = 1 << 20;

/// One contact, or one place where none could be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its first line in the file, from 1.
    pub line: u64,
    /// The contact, without id, list and revision.
    pub result: Result<Contact, BadRecord>,
    /// What was read otherwise than it stands there, as sentences without their final dots.
    pub notes: Vec<String>,
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
        Self { line: bad.line, result: Err(bad), notes: Vec::new() }
    }
}

/// Why a file could not be read, or no further.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The input failed.
    #[error("reading failed: {0}")]
    Io(#[from] std::io::Error),
    /// It is no text.
    #[error("not a text file: expected a vCard, CSV, JSON, LDIF or Excel file")]
    NotText,
    /// It is none of the formats.
    #[error("not a contact file but {what}: expected vCard, CSV, JSON, LDIF or Excel")]
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
        format: &'static str,
    },
    /// A format that is only written was asked for.
    #[error("{format} is only written, not read")]
    OnlyWritten {
        /// The format.
        format: &'static str,
    },
    /// A workbook was asked for where there is none.
    #[error("this is no Excel workbook (.xlsx)")]
    NoWorkbook,
    /// A workbook has no sheet of this name.
    #[error("the workbook has no sheet {sheet:?}; it has: {}", .sheets.join(", "))]
    NoSheet {
        /// The name as given.
        sheet: String,
        /// The sheets that there are.
        sheets: Vec<String>,
    },
    /// It can't be read as what it is.
    #[error("this {what} can't be read: {why}")]
    Damaged {
        /// What it is.
        what: &'static str,
        /// Why it can't.
        why: String,
    },
    /// A file's name does not say what is to be written.
    #[error("{}", unknown_ending(name, *only_read, known))]
    UnknownEnding {
        /// The file's name.
        name: String,
        /// The format that has this ending and is only read.
        only_read: Option<&'static str>,
        /// The endings that say it.
        known: Vec<&'static str>,
    },
}

fn unknown_ending(name: &str, only_read: Option<&'static str>, known: &[&'static str]) -> String {
    let known = known.join(", .");
    match only_read {
        Some(format) => format!("{format} is only read, not written; end {name} in .{known}, or name a format"),
        None => format!("the ending of {name:?} names no format to write; end it in .{known}, or name a format"),
    }
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
