//! The trash: which contacts are deleted, and by which job.
//!
//! Called by the engine when it loads or reloads, and to find what is to be erased. A contact is deleted
//! exactly as long as it has a row here; `run` puts them in and takes them out.

use std::ops::RangeInclusive;

use super::error::BookError;
use super::transaction::Book;
use crate::domain::contact::{ContactId, JobId, Timestamp};

impl Book {
    /// Tells every contact in the trash, by number, with the job that deleted it.
    pub fn trash(&self, mut tell: impl FnMut(ContactId, JobId)) -> Result<(), BookError> {
        let mut statement = self.conn.prepare("SELECT contact, job FROM trash ORDER BY contact")?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            tell(ContactId(row.get(0)?), JobId(row.get(1)?));
        }
        Ok(())
    }

    /// The contacts in the trash of this range of numbers, rising.
    pub fn trashed_in(&self, range: RangeInclusive<ContactId>) -> Result<Vec<ContactId>, BookError> {
        let mut statement =
            self.conn.prepare("SELECT contact FROM trash WHERE contact BETWEEN ?1 AND ?2 ORDER BY contact")?;
        statement.all([range.start().0, range.end().0], |row| row.get(0).map(ContactId))
    }

    /// The job that deleted this contact; none where it is not in the trash.
    pub fn deleted_by(&self, id: ContactId) -> Result<Option<JobId>, BookError> {
        let mut statement = self.conn.prepare("SELECT job FROM trash WHERE contact = ?1")?;
        statement.optional([id.0], |row| row.get(0).map(JobId))
    }

    /// The jobs that have something in the trash and are over, with their ends.
    pub fn jobs_in_trash(&self) -> Result<Vec<(JobId, Timestamp)>, BookError> {
        let mut statement = self.conn.prepare(
            "SELECT id, finished FROM job WHERE finished IS NOT NULL
               AND (type = 'DELETE' AND succeeded > restored + erased
                 OR type IN ('EDIT', 'UNDO') AND id IN (SELECT job FROM trash))
             ORDER BY id",
        )?;
        statement.all((), |row| Ok((JobId(row.get(0)?), Timestamp(row.get(1)?))))
    }

    /// What these jobs have in the trash, by number.
    pub fn trashed_by(&self, jobs: &[JobId]) -> Result<Vec<ContactId>, BookError> {
        let mut ids = Vec::new();
        if !jobs.is_empty() {
            self.trash(|id, by| ids.extend(jobs.contains(&by).then_some(id)))?;
        }
        Ok(ids)
    }
}
