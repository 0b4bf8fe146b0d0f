//! The table of formats: every format of contact files that is read or written.
//!
//! Owns the list and the ways to look something up in it: by a word, by a file's ending, by the first bytes.
//! Adding a format is its folder and a line here. Called by [`super::open`], the engine and the faces.

use std::path::Path;

use serde::{Deserialize, Deserializer, de};

use super::csv::spec as csv;
use super::format::Format;
use super::jsonl::spec as jsonl;
use super::ldif::spec as ldif;
use super::record::FormatError;
use super::vcard::spec as vcard;
use super::xlsx::spec as xlsx;

/// Every format, in the order in which they are offered and, where a text could be of several, tried.
pub const FORMATS: [Format; 10] = [
    Format::VCARD,
    Format::VCARD3,
    Format::CSV,
    Format::TSV,
    Format::GOOGLE_CSV,
    Format::OUTLOOK_CSV,
    Format::JSONL,
    Format::JSON,
    Format::LDIF,
    Format::XLSX,
];

impl Format {
    /// vCard: any version is read, 4.0 is written.
    pub const VCARD: Self = Self::of(&vcard::V4);
    /// vCard 3.0, for programs that know no newer one; only written.
    pub const VCARD3: Self = Self::of(&vcard::V3);
    /// CSV: any is read, our own full form is written.
    pub const CSV: Self = Self::of(&csv::OWN);
    /// Our own full form with tabs between the cells.
    pub const TSV: Self = Self::of(&csv::TABS);
    /// CSV as Google writes it; only written.
    pub const GOOGLE_CSV: Self = Self::of(&csv::GOOGLE);
    /// CSV as Outlook writes it; only written.
    pub const OUTLOOK_CSV: Self = Self::of(&csv::OUTLOOK);
    /// JSON Lines.
    pub const JSONL: Self = Self::of(&jsonl::LINES);
    /// One JSON array.
    pub const JSON: Self = Self::of(&jsonl::ARRAY);
    /// LDIF, of Thunderbird and directories.
    pub const LDIF: Self = Self::of(&ldif::LDIF);
    /// Excel workbooks; only read.
    pub const XLSX: Self = Self::of(&xlsx::XLSX);

    /// The formats that can be read.
    pub fn readable() -> impl Iterator<Item = Self> {
        FORMATS.into_iter().filter(|format| format.is_read())
    }

    /// The formats that can be written.
    pub fn writable() -> impl Iterator<Item = Self> {
        FORMATS.into_iter().filter(|format| format.is_written())
    }

    /// The format with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        FORMATS.into_iter().find(|format| format.word().eq_ignore_ascii_case(word))
    }

    /// The format that is read from files whose names end like this one; a `.gz` behind it is passed over.
    pub(super) fn read_by_ending(name: &str) -> Option<Self> {
        let ending = ending(unpacked(name).0)?;
        Self::readable().find(|format| format.spec().endings.contains(&ending.as_str()))
    }

    /// Whether a file of this name may hold contacts, packed or not: for lists of files to pick from.
    pub fn may_be_in(name: &str) -> bool {
        const OTHERS: [&str; 5] = ["txt", "contacts", "vcards", "gz", "zip"];
        let others = || ending(name).is_some_and(|ending| OTHERS.contains(&ending.as_str()));
        Self::read_by_ending(name).is_some() || others()
    }

    /// The format of a text that begins with these bytes, where they tell.
    pub(super) fn by_content(head: &[u8]) -> Option<Self> {
        Self::readable().find(|format| (format.spec().sniff)(head))
    }
}

impl Default for Format {
    fn default() -> Self {
        Self::VCARD
    }
}

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Self::from_word(&word).ok_or_else(|| de::Error::custom(format!("there is no format {word:?}")))
    }
}

/// What a file is written as: its format, and whether it is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct FileForm {
    /// The format.
    pub format: Format,
    /// Whether it is packed with gzip.
    pub is_gzip: bool,
}

impl From<Format> for FileForm {
    fn from(format: Format) -> Self {
        Self { format, is_gzip: false }
    }
}

impl FileForm {
    /// This format in a file of this name: packed where it ends in `.gz`.
    pub fn written_to(path: &Path, format: Format) -> Self {
        Self { format, is_gzip: unpacked(&name(path)).1 }
    }

    /// What a file of this name is written as: by its ending, or by `format` where that is given. An ending that
    /// no format is written by is refused, never guessed.
    pub fn of_path(path: &Path, format: Option<Format>) -> Result<Self, FormatError> {
        if let Some(format) = format {
            return Ok(Self::written_to(path, format));
        }
        let name = name(path);
        let (plain, is_gzip) = unpacked(&name);
        let ending = ending(plain).unwrap_or_default();
        let of = |format: &Format| format.spec().endings.contains(&ending.as_str());
        match Format::writable().find(of) {
            Some(format) => Ok(Self { format, is_gzip }),
            None => Err(FormatError::UnknownEnding {
                name,
                only_read: FORMATS.into_iter().find(of).map(Format::name),
                known: known_endings(),
            }),
        }
    }
}

/// The endings that a file can be written by.
fn known_endings() -> Vec<&'static str> {
    let mut known = Vec::new();
    for ending in Format::writable().map(Format::ending) {
        if !known.contains(&ending) {
            known.push(ending);
        }
    }
    known
}

/// The name of a file.
fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A name without the ending of gzip, and whether it had it.
fn unpacked(name: &str) -> (&str, bool) {
    let at = name.len().saturating_sub(3);
    match name.get(at..) {
        Some(ending) if ending.eq_ignore_ascii_case(".gz") => (&name[..at], true),
        _ => (name, false),
    }
}

/// The ending of a name, in lower case.
fn ending(name: &str) -> Option<String> {
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_to_its_row_and_every_row_is_read_or_written() {
        for (at, format) in FORMATS.into_iter().enumerate() {
            assert_eq!(Format::from_word(&format.word().to_uppercase()), Some(format));
            assert_eq!(FORMATS.iter().position(|other| *other == format), Some(at), "{format} is there twice");
            assert!(format.is_read() || format.is_written());
            let said = serde_json::to_string(&format).unwrap();
            assert_eq!(serde_json::from_str::<Format>(&said).unwrap(), format);
        }
    }

    #[test]
    fn an_ending_settles_what_is_written_or_is_refused() {
        let of = |name: &str| FileForm::of_path(Path::new(name), None);
        let is = |name: &str| of(name).map(|form| (form.format, form.is_gzip)).unwrap();
        assert_eq!(is("a/b.VCF"), (Format::VCARD, false));
        assert_eq!(is("b.csv"), (Format::CSV, false));
        assert_eq!(is("b.tsv"), (Format::TSV, false));
        assert_eq!(is("b.json"), (Format::JSON, false));
        assert_eq!(is("b.ndjson"), (Format::JSONL, false));
        assert_eq!(is("b.csv.gz"), (Format::CSV, true));
        for name in ["contacts", "contacts.pdf", "contacts.gz", ".", "contacts.vcf.zip"] {
            assert!(matches!(of(name), Err(FormatError::UnknownEnding { .. })), "{name}");
        }
        let asked = FileForm::of_path(Path::new("b.txt.gz"), Some(Format::GOOGLE_CSV)).unwrap();
        assert_eq!(asked, FileForm { format: Format::GOOGLE_CSV, is_gzip: true });
    }
}
