//! The trash: which contacts are deleted, and by which job.
//!
//! Called by the engine when it loads or reloads, and to erase. A contact is deleted exactly as long as
//! it has a row here; `run` puts them in and takes them out. Erasing is the one real deletion there is.

use std::collections::BTreeMap;

use rusqlite::OptionalExtension;

use super::book::{Store, Tx};
use super::change::Change;
use super::error::StoreError;
use crate::domain::contact::{ContactId, JobId, Moment};

impl Store {
    /// Tells every contact in the trash, by number, with the job that deleted it.
    pub fn trash(&self, mut tell: impl FnMut(ContactId, JobId)) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT contact, job FROM trash ORDER BY contact")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            tell(ContactId(row.get(0)?), JobId(row.get(1)?));
        }
        Ok(())
    }

    /// The job that deleted this contact; none where it is not in the trash.
    pub fn deleted_by(&self, id: ContactId) -> Result<Option<JobId>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT job FROM trash WHERE contact = ?1")?;
        Ok(statement.query_row([id.0], |row| row.get(0).map(JobId)).optional()?)
    }

    /// The contacts in the trash whose job ended before this moment, by number: at most `limit`.
    pub fn trashed_before(&self, moment: Moment, limit: usize) -> Result<Vec<ContactId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT contact FROM trash WHERE job IN (SELECT id FROM job WHERE coalesce(finished, heartbeat, started) < ?1)
             ORDER BY contact LIMIT ?2",
        )?;
        let ids = statement.query_map((moment.0, limit as i64), |row| Ok(ContactId(row.get(0)?)))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }
}

impl Tx<'_> {
    /// Removes these contacts for good and answers how many; those that are not in the trash stay.
    ///
    /// Freed places in the file are overwritten. What lies in the log is gone after
    /// [`Store::checkpoint`], which is to be called, until it succeeds, when all is erased. Take few at a
    /// time, and [`super::Durability::Power`].
    pub fn erase(&self, ids: impl IntoIterator<Item = ContactId>) -> Result<u64, StoreError> {
        let mut trash = self.conn.prepare_cached("DELETE FROM trash WHERE contact = ?1 RETURNING job")?;
        let mut contact = self.conn.prepare_cached("DELETE FROM contact WHERE id = ?1")?;
        let mut member = self.conn.prepare_cached("DELETE FROM member_gone WHERE contact = ?1")?;
        let mut jobs: BTreeMap<i64, i64> = BTreeMap::new();
        let mut range: Option<(ContactId, ContactId)> = None;
        for id in ids {
            let Some(job) = trash.query_row([id.0], |row| row.get(0)).optional()? else { continue };
            contact.execute([id.0])?;
            member.execute([id.0])?;
            *jobs.entry(job).or_default() += 1;
            range = Some(range.map_or((id, id), |(first, last)| (first.min(id), last.max(id))));
        }
        let mut count = self.conn.prepare_cached("UPDATE job SET erased = erased + ?2 WHERE id = ?1")?;
        for (job, erased) in &jobs {
            count.execute((job, erased))?;
        }
        if let Some((first, last)) = range {
            self.record(Change::Erased { first, last })?;
        }
        Ok(jobs.values().sum::<i64>().unsigned_abs())
    }
}
