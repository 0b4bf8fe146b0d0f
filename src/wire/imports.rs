//! The shapes of what an import did, would do, or takes columns for.
//!
//! Part of [`crate::wire`], and as much a contract; `assets/json.md` shows each of them.

use serde::Serialize;

use super::contact::Contact;
use crate::engine::answer;

/// The answer of `import`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Import<S, E> {
    /// The job; `null` where nothing was written (a dry run).
    pub job_id: Option<i64>,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Contacts added.
    pub added: u64,
    /// How many of those that a dry run would add are in the book already.
    pub already: u64,
    /// Contacts that were there and were updated.
    pub updated: u64,
    /// Records that had nothing new for the contact that was there.
    pub unchanged: u64,
    /// Records left out: their address is unsubscribed, or their contact is there.
    pub skipped: u64,
    /// Rows and cards that could not be read.
    pub failed: u64,
    /// The first of those left out, and why.
    pub skips: S,
    /// The first of those that match several contacts, and which was taken.
    pub ambiguous: Vec<RowError>,
    /// The first values that were read otherwise than they stand there, and what was not sure.
    pub notes: Vec<RowError>,
    /// What could not be read, and why.
    pub errors: E,
    /// The files that it was saved in.
    pub failed_files: Vec<String>,
    /// The files of which no column was recognised.
    pub unknown_files: Vec<String>,
}

/// A row or card that did not go in.
#[derive(Debug, Serialize)]
pub struct RowError {
    /// Its file and line.
    pub place: String,
    /// Why.
    pub reason: String,
}

/// What the beginning of a file would bring: `import --show-map`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportPreview {
    file: String,
    format: &'static str,
    encoding: &'static str,
    dialect: Option<&'static str>,
    delimiter: Option<char>,
    header_line: Option<u64>,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

/// A column and what it is taken for.
#[derive(Debug, Serialize)]
struct Column {
    number: usize,
    header: String,
    field: Option<String>,
    samples: Vec<String>,
}

/// One of the first records.
#[derive(Debug, Serialize)]
struct Row {
    line: u64,
    contact: Option<Contact>,
    reason: Option<String>,
}

impl ImportPreview {
    /// The shape of a preview.
    pub fn new(preview: &answer::ImportPreview) -> Self {
        let columns = preview.columns.as_ref();
        let column = |(at, column): (usize, &answer::PreviewColumn)| Column {
            number: at + 1,
            header: column.header.clone(),
            field: column.field.clone(),
            samples: column.samples.clone(),
        };
        let row = |row: &answer::PreviewRow| Row {
            line: row.line,
            contact: row.result.as_ref().ok().map(|contact| Contact::new(contact.as_ref().clone(), "")),
            reason: row.result.as_ref().err().cloned(),
        };
        let all = columns.map(|columns| columns.columns.iter().enumerate().map(column).collect());
        Self {
            file: preview.file.clone(),
            format: preview.format.word(),
            encoding: preview.encoding,
            dialect: columns.map(|columns| columns.dialect),
            delimiter: columns.map(|columns| columns.delimiter),
            header_line: columns.and_then(|columns| columns.header_line),
            columns: all.unwrap_or_default(),
            rows: preview.rows.iter().map(row).collect(),
        }
    }
}
