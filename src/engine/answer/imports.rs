//! What an import is asked, and what it answers, as plain values. Nothing here does anything.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::domain::contact::{Contact, JobId};
use crate::domain::identity::{MatchBy, Merge};
use crate::formats::{DateOrder, Doubt, Format};

/// What happens to addresses that asked not to be contacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unsubscribed {
    /// All are added; whoever is unsubscribed stays so.
    #[default]
    Add,
    /// Those that are unsubscribed in the list that is imported into are skipped.
    SkipList,
    /// Those on the Unsubscribers are skipped.
    SkipAny,
}

/// What happens to a record whose contact is in the book already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnMatch {
    /// It is added as one more contact; nothing is looked up.
    #[default]
    Add,
    /// The contact is updated.
    Update,
    /// The record is skipped.
    Skip,
}

/// Files to read into the book.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportRequest {
    /// The files, in this order.
    #[serde(skip)]
    pub files: Vec<PathBuf>,
    /// The list they go into, made where there is none of this name; none: `Contacts`.
    pub list: Option<String>,
    /// The format; none: detected.
    pub format: Option<Format>,
    /// The encoding by its name (`windows-1252`, `shift_jis`); none: detected.
    pub encoding: Option<String>,
    /// `FIELD=COLUMN` pairs for files with columns: a column by its header or its number, from 1. The field `ignore` leaves
    /// a column out, `x.NAME` makes it a custom field; of two pairs for one column the later counts.
    pub map: Vec<(String, String)>,
    /// The sheet of a workbook by its name; none: the one with the most rows that look like contacts.
    #[serde(default)]
    pub sheet: Option<String>,
    /// Whether there is a header row; none: it is found out.
    #[serde(default)]
    pub header: Option<bool>,
    /// The order of day, month and year in dates that don't say it; none: it is found out.
    #[serde(default)]
    pub dates: Option<DateOrder>,
    /// What happens to addresses that asked not to be contacted.
    pub unsubscribed: Unsubscribed,
    /// What happens to a record whose contact is there already: in the list where one is named, else
    /// anywhere in the book but in account lists.
    pub on_match: OnMatch,
    /// By what it is known.
    pub match_by: MatchBy,
    /// What becomes of its fields.
    pub merge: Merge,
    /// Where the records that could not be read are saved, as they stand in their files; none: nowhere.
    pub failed: Option<PathBuf>,
    /// What a dry run of it was answered from: the import then starts only while that is as it was.
    #[serde(default)]
    pub tried: Option<Tried>,
}

/// What a dry run was answered from. An import that carries it is refused once any of it has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// A hash of the files' paths, sizes, times of change and beginnings.
    pub files: String,
    /// The number of the book's last change.
    pub change: i64,
}

/// A record that did not go in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// File and line.
    pub place: String,
    /// Why.
    pub reason: String,
    /// The record's text, cut, not sanitised; empty where it was skipped.
    pub text: String,
}

/// A file of records that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its encoding, by its usual name: that of the file they come from, or UTF-8 with its mark.
    pub encoding: &'static str,
}

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportAnswer {
    /// The job; none for a dry run.
    pub job: Option<JobId>,
    /// Records read.
    pub read: u64,
    /// Contacts added.
    pub added: u64,
    /// How many of those that a dry run would add are in the book already, by an email, a phone or a UID.
    pub already: u64,
    /// Records that updated a contact which was there, or came with an earlier record.
    pub updated: u64,
    /// Records that had nothing new for the contact that was there.
    pub unchanged: u64,
    /// Records skipped: their address asked not to be contacted, or their contact is there already.
    pub skipped: u64,
    /// Records that could not be read.
    pub failed: u64,
    /// The first of those that were skipped.
    pub skips: Vec<LeftOut>,
    /// The first of those that failed.
    pub failures: Vec<LeftOut>,
    /// The first of those that match several contacts, and which of them was taken.
    pub ambiguous: Vec<LeftOut>,
    /// The first values that were read otherwise than they stand there, and what was not sure.
    pub notes: Vec<LeftOut>,
    /// The files that the failed records were saved in.
    pub failed_files: Vec<FailedFile>,
    /// How many failed records are in none of them, being too long or no text of a file.
    pub not_saved: u64,
    /// The files of which no column was recognised, so that all they hold went into custom fields.
    pub unknown: Vec<String>,
    /// What a dry run was answered from; none for an import.
    pub tried: Option<Tried>,
}

/// What the beginning of a file would bring.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ImportPreview {
    /// The file, or the file within a zip file.
    pub file: String,
    /// Its format.
    pub format: Format,
    /// Its encoding, by its usual name.
    pub encoding: &'static str,
    /// What its columns are taken for; none where there are no columns.
    pub columns: Option<PreviewColumns>,
    /// The first contacts as they would come in.
    pub rows: Vec<PreviewRow>,
    /// What the file doesn't tell by itself, and is assumed.
    pub doubts: Vec<Doubt>,
}

/// What the columns of a file are taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewColumns {
    /// The export that the headers look like: `Google`, `Outlook`, ..., else `CSV`.
    pub dialect: &'static str,
    /// What stands between the cells.
    pub delimiter: char,
    /// The line of the header row, behind what stands before it; none where there is none.
    pub header_line: Option<u64>,
    /// The columns in their order; the number of the first is 1.
    pub columns: Vec<PreviewColumn>,
}

/// A column and what it is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewColumn {
    /// Its header, or `Column N` where there is none.
    pub header: String,
    /// The field that it goes to, as [`ImportRequest::map`] says it; none where it is left out.
    pub field: Option<String>,
    /// Its first values that are not blank.
    pub samples: Vec<String>,
}

/// One of the first records of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviewRow {
    /// Its first line in the file, from 1.
    pub line: u64,
    /// The contact as it would come in, or why it can't.
    pub result: Result<Box<Contact>, String>,
}
