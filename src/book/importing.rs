//! Imports as the book keeps them: what was asked, the place that was reached, what came of each row.
//!
//! Called by the engine, which reads the files. What a batch of records did, and the place behind it, are
//! written in one transaction: whatever kills the process, the import goes on behind its last batch and
//! takes no record twice.

use std::borrow::Cow;

use super::codec;
use super::error::BookError;
use super::statement::Row;
use super::transaction::{Book, Tx};
use crate::domain::contact::{ContactId, JobId, ListId};
use crate::domain::job::Report;

/// How far an import is: what it has done of its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct ImportCursor {
    /// Files that are done.
    pub file: u64,
    /// Records of the next one that are done.
    pub records: u64,
}

impl Book {
    /// What an import was asked, as it was kept, and the place that it reached; none where the job is none,
    /// or is one of an older version, which kept nothing.
    pub fn import_request(&self, job: JobId) -> Result<Option<(String, ImportCursor)>, BookError> {
        let mut statement = self.conn.prepare("SELECT request, file, records FROM import WHERE job = ?1")?;
        let count = |row: Row<'_>, at: usize| row.get::<i64>(at).map(i64::unsigned_abs);
        statement
            .optional([job.0], |row| Ok((row.get(0)?, ImportCursor { file: count(row, 1)?, records: count(row, 2)? })))
    }

    /// Whether an import updates contacts, so that its undo gives them back as they were.
    pub(super) fn import_edits(&self, job: JobId) -> Result<bool, BookError> {
        let mut statement = self.conn.prepare("SELECT 1 FROM import WHERE job = ?1 AND edits <> 0")?;
        statement.exists([job.0])
    }

    /// Lends the email addresses of every contact that has one, those in the trash among them.
    pub fn scan_emails(&self, see: impl FnMut(ContactId, ListId, &[Cow<'_, str>])) -> Result<(), BookError> {
        self.scan_values("SELECT id, list, emails FROM contact WHERE emails IS NOT NULL ORDER BY id", see)
    }

    /// Lends the phone numbers of every contact that has one, those in the trash among them.
    pub fn scan_phones(&self, see: impl FnMut(ContactId, ListId, &[Cow<'_, str>])) -> Result<(), BookError> {
        self.scan_values("SELECT id, list, phones FROM contact WHERE phones IS NOT NULL ORDER BY id", see)
    }

    /// Lends the kept vCard lines of every contact that has one which may be a `UID`, those in the trash
    /// among them.
    pub fn scan_uids(&self, mut see: impl FnMut(ContactId, ListId, &[String])) -> Result<(), BookError> {
        let select = "SELECT id, list, extra FROM contact WHERE lower(extra) LIKE '%uid%' ORDER BY id";
        self.scan_column(select, |id, list, text| {
            codec::lines(text)
                .map(|lines| see(id, list, &lines))
                .ok_or_else(|| BookError::Damaged(format!("the kept lines of contact {id} can't be read")))
        })
    }

    fn scan_values(
        &self,
        select: &str,
        mut see: impl FnMut(ContactId, ListId, &[Cow<'_, str>]),
    ) -> Result<(), BookError> {
        self.scan_column(select, |id, list, text| {
            codec::values(text)
                .map(|values| see(id, list, &values))
                .ok_or_else(|| BookError::Damaged(format!("emails or phones of contact {id} can't be read")))
        })
    }

    /// Lends the third column of every row, a text, with the contact and its list.
    fn scan_column(
        &self,
        select: &str,
        mut see: impl FnMut(ContactId, ListId, &str) -> Result<(), BookError>,
    ) -> Result<(), BookError> {
        let mut statement = self.conn.prepare(select)?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            let text = row.text(2)?;
            see(ContactId(row.get(0)?), ListId(row.get(1)?), text)?;
        }
        Ok(())
    }
}

impl Tx<'_> {
    /// Keeps what an import was asked, so that it can go on after a pause or a crash; `edits` says that it
    /// updates contacts.
    pub fn keep_import(&self, job: JobId, request: &str, edits: bool, of_bytes: u64) -> Result<(), BookError> {
        self.conn
            .prepare("INSERT INTO import (job, request, edits) VALUES (?1, ?2, ?3)")?
            .execute((job.0, request, edits))?;
        self.conn.prepare("UPDATE job SET of_bytes = ?2 WHERE id = ?1")?.execute((job.0, of_bytes as i64))?;
        Ok(())
    }

    /// Notes the place that an import reached, and how many bytes it has read.
    pub fn import_reached(&self, job: JobId, place: ImportCursor, bytes: u64) -> Result<(), BookError> {
        self.conn.prepare("UPDATE import SET file = ?2, records = ?3 WHERE job = ?1")?.execute((
            job.0,
            place.file as i64,
            place.records as i64,
        ))?;
        self.conn
            .prepare("UPDATE job SET bytes = CASE WHEN ?2 < of_bytes THEN ?2 ELSE of_bytes END WHERE id = ?1")?
            .execute((job.0, bytes as i64))?;
        Ok(())
    }

    /// Adds what an import did to its counts, with the place and the reason of each row that failed.
    pub fn report_import(&self, id: JobId, report: &Report, failed: &[(String, String)]) -> Result<(), BookError> {
        let mut update = self.conn.prepare(
            "UPDATE job SET total = CASE WHEN ?2 > total THEN ?2 ELSE total END, succeeded = succeeded + ?3, failed_rows = failed_rows + ?4,
                 skipped = skipped + ?5, updated = updated + ?6, unchanged = unchanged + ?7
             WHERE id = ?1 RETURNING failed_rows",
        )?;
        let counts =
            [report.total, report.succeeded, report.failed_rows, report.skipped, report.updated, report.unchanged]
                .map(|n| n as i64);
        let [total, succeeded, failed_rows, skipped, updated, unchanged] = counts;
        let counts = (id.0, total, succeeded, failed_rows, skipped, updated, unchanged);
        let rows: i64 = update.optional(counts, |row| row.get(0))?.ok_or(BookError::NoJob(id))?;
        let first = rows - failed_rows;
        let mut insert =
            self.conn.prepare("INSERT INTO failure (job, position, place, detail) VALUES (?1, ?2, ?3, ?4)")?;
        for (position, (place, reason)) in (first..).zip(failed) {
            insert.queue((id.0, position, place, reason))?;
        }
        Ok(())
    }
}
