//! The trash: which contacts are deleted, and by which job.
//!
//! Called by the engine when it loads or reloads, and to find what is to be erased. A contact is deleted
//! exactly as long as it has a row here; jobs put them in and take them out.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::change::Change;
use super::contacts::numbers;
use super::error::BookError;
use super::transaction::{Book, Tx};
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

    /// Which of these contacts are in the trash, and by which job.
    pub fn trashed(&self, contacts: &[ContactId]) -> Result<HashMap<ContactId, JobId>, BookError> {
        self.conn
            .prepare("SELECT contact, job FROM trash WHERE contact IN (SELECT value FROM each(?1))")?
            .all([numbers(contacts)], |row| Ok((ContactId(row.get(0)?), JobId(row.get(1)?))))
    }

    /// The jobs that have something in the trash and are over, with their ends.
    pub fn jobs_in_trash(&self) -> Result<Vec<(JobId, Timestamp)>, BookError> {
        let mut statement = self.conn.prepare(
            "SELECT id, finished FROM job WHERE finished IS NOT NULL
               AND (type = 'DELETE' AND succeeded > restored + erased
                 OR type IN ('EDIT', 'UNDO', 'PULL') AND id IN (SELECT job FROM trash))
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

impl Tx<'_> {
    /// Puts these contacts into the trash on behalf of a job, but for those that are there, and answers how many
    /// it put.
    pub fn put_in_trash(&self, contacts: &[ContactId], job: JobId) -> Result<u64, BookError> {
        self.conn.execute(
            "INSERT INTO trash (contact, job) SELECT value, ?2 FROM each(?1) WHERE true ON CONFLICT DO NOTHING",
            (numbers(contacts), job.0),
        )
    }

    /// The same, all or none: false where one of them is there already, and nothing was done.
    pub fn put_all_in_trash(&self, contacts: &[ContactId], job: JobId) -> Result<bool, BookError> {
        self.conn.execute("SAVEPOINT part", ())?;
        let all = self.put_in_trash(contacts, job)? == contacts.len() as u64;
        if !all {
            self.conn.execute("ROLLBACK TO part", ())?;
        }
        self.conn.execute("RELEASE part", ())?;
        Ok(all)
    }

    /// Takes those of these contacts out of the trash that this job had put there, and answers which.
    pub fn take_out_of_trash(&self, contacts: &[ContactId], job: JobId) -> Result<Vec<ContactId>, BookError> {
        self.conn
            .prepare("DELETE FROM trash WHERE job = ?2 AND contact IN (SELECT value FROM each(?1)) RETURNING contact")?
            .all((numbers(contacts), job.0), |row| row.get(0).map(ContactId))
    }

    /// Tells the feed that each of these went to the trash or came out of it.
    pub fn tell_trash<'c>(&self, contacts: impl IntoIterator<Item = &'c ContactId>) -> Result<(), BookError> {
        contacts.into_iter().try_for_each(|id| self.record(Change::Trash { first: *id, last: *id }))
    }
}
