//! What a format of contact files is: the shape of its row in the table of formats.
//!
//! Owns the row and the handle by which the rest of the program names a format; [`super::table`] owns the list
//! of all rows, and each format's folder fills its own. Read by [`super::open`] and [`super::Writer`], and as
//! plain words by the faces. It reads and writes nothing itself.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::io::Read;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::domain::contact::Contact;

use super::charset::Charset;
use super::csv::mapping::Mapping;
use super::csv::write::Layout;
use super::dates::DateOrder;
use super::doubts::Doubt;
use super::encoding::Decoder;
use super::record::{FormatError, Record};
use super::source::Source;
use super::unsupported::{Loss, Losses};
use super::vcard::group_cards::Behind;

/// A format of contact files: one row of the table of formats.
#[derive(Clone, Copy)]
pub struct Format(&'static Spec);

/// All that is to be known of a format.
pub(super) struct Spec {
    /// The word for it on the command line and in the book.
    pub(super) word: &'static str,
    /// The endings of its files, in lower case, the usual one first.
    pub(super) endings: &'static [&'static str],
    /// Whether a text that begins with these bytes is of this format.
    pub(super) sniff: fn(&[u8]) -> bool,
    /// How it is read; none: it is only written.
    pub(super) read: Option<Reading>,
    /// How it is written; none: it is only read.
    pub(super) write: Option<Writing>,
}

/// How a format is read.
pub(super) struct Reading {
    /// How people call it.
    pub(super) name: &'static str,
    /// What is read, for a list of formats.
    pub(super) about: &'static str,
    /// Whether it has columns that can be mapped to fields.
    pub(super) has_columns: bool,
    /// What makes records of it.
    pub(super) from: ReadFrom,
}

/// What a reader is given.
pub(super) enum ReadFrom {
    /// A stream of text.
    Text(for<'a> fn(Source<Input<'a>>, Decoder, &ReadOptions) -> Opened<'a>),
    /// A whole workbook: the bytes of its zip file.
    Workbook(fn(Arc<[u8]>, &ReadOptions) -> Result<Workbook, FormatError>),
}

/// A stream of records that was opened, or why it could not be.
pub(super) type Opened<'a> = Result<Box<dyn Records + 'a>, FormatError>;

/// The sheet of a workbook that is read.
pub(super) struct Workbook {
    /// Its name.
    pub(super) sheet: String,
    /// Its rows.
    pub(super) records: Box<dyn Records>,
}

/// What the columns of a file depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayoutOf {
    /// On nothing: all files have the same.
    Nothing,
    /// On the emails, phones, addresses and custom fields of all contacts.
    Lists,
    /// On all that the contacts hold.
    Contacts,
}

/// How a format is written.
pub(super) struct Writing {
    /// How people call it.
    pub(super) name: &'static str,
    /// What it is for, for a list of formats.
    pub(super) about: &'static str,
    /// What its columns depend on.
    pub(super) layout_of: LayoutOf,
    /// What stands before the first contact.
    pub(super) header: fn(&Layout) -> String,
    /// Appends a contact, and notes what of it has no place.
    pub(super) record: fn(&Contact, &Layout, &mut String, &mut Losses),
    /// What stands between two contacts, beyond what each ends with.
    pub(super) between: &'static str,
    /// What the contacts that were written make together, behind the last of them.
    pub(super) behind: fn(&Behind) -> String,
    /// What stands at the end.
    pub(super) footer: &'static str,
    /// What it can't hold.
    pub(super) lacks: &'static [Loss],
}

/// The bytes of one file, unpacked.
pub(super) type Input<'a> = Box<dyn Read + 'a>;

/// A stream of records.
pub(super) trait Records {
    /// The next record; none at the end.
    fn next(&mut self) -> Option<Result<Record, FormatError>>;

    /// The encoding that is read, as far as it is known by now.
    fn encoding(&self) -> Charset;

    /// Whether the stream is converted as a whole.
    fn is_converted(&self) -> bool;

    /// What the columns are taken for; none where there are none.
    fn mapping(&self) -> Option<&Mapping> {
        None
    }

    /// What of it is assumed.
    fn doubts(&self) -> &[Doubt] {
        &[]
    }

    /// What must stand before a record so that it can be read again by itself.
    fn head(&self) -> &[u8] {
        &[]
    }
}

/// How a file is to be read; the default detects everything.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The format, where it is not to be detected.
    pub format: Option<Format>,
    /// The encoding, where it is not to be detected.
    pub encoding: Option<Charset>,
    /// `FIELD=COLUMN` pairs: the field's name and the column's header (or its number, from 1). They win
    /// over what the header row says. Only for formats with columns.
    pub map: Vec<(String, String)>,
    /// The sheet of a workbook by its name; none: the one with the most rows that look like contacts.
    pub sheet: Option<String>,
    /// Whether there is a header row, where that is not to be found out.
    pub header: Option<bool>,
    /// The order of day, month and year in dates, where that is not to be found out.
    pub dates: Option<DateOrder>,
    /// The file's name, for [`Contact::source`] and as a hint.
    pub source: String,
}

impl Format {
    /// The handle of a row.
    pub(super) const fn of(spec: &'static Spec) -> Self {
        Self(spec)
    }

    /// The row.
    pub(super) fn spec(self) -> &'static Spec {
        self.0
    }

    /// The word for it on the command line.
    pub fn word(self) -> &'static str {
        self.0.word
    }

    /// How people call it.
    pub fn name(self) -> &'static str {
        let read = || self.0.read.as_ref().map(|read| read.name);
        self.0.write.as_ref().map(|write| write.name).or_else(read).unwrap_or(self.0.word)
    }

    /// What reading it takes, for a list of formats to read; none where it is only written.
    pub fn read_as(self) -> Option<(&'static str, &'static str)> {
        self.0.read.as_ref().map(|read| (read.name, read.about))
    }

    /// What writing it is for; empty where it is only read.
    pub fn words(self) -> &'static str {
        self.0.write.as_ref().map_or("", |write| write.about)
    }

    /// The usual ending of its files.
    pub fn ending(self) -> &'static str {
        self.0.endings.first().copied().unwrap_or(self.0.word)
    }

    /// Whether it can be read.
    pub fn is_read(self) -> bool {
        self.0.read.is_some()
    }

    /// Whether it is read as a whole and packed, and so is never a stream of text.
    pub(super) fn is_packed(self) -> bool {
        self.0.read.as_ref().is_some_and(|read| matches!(read.from, ReadFrom::Workbook(_)))
    }

    /// Whether it can be written.
    pub fn is_written(self) -> bool {
        self.0.write.is_some()
    }

    /// What its columns depend on; all contacts must be seen for it, by [`Layout::include`], before the first is
    /// written.
    pub fn layout_of(self) -> LayoutOf {
        self.0.write.as_ref().map_or(LayoutOf::Nothing, |write| write.layout_of)
    }

    /// What it can't hold when it is written; empty where nothing is lost.
    pub fn lacks(self) -> &'static [Loss] {
        self.0.write.as_ref().map_or(&[], |write| write.lacks)
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.0.word == other.0.word
    }
}

impl Eq for Format {}

impl Hash for Format {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.word.hash(state);
    }
}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.word)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.word)
    }
}

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.word)
    }
}
