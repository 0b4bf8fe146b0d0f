//! The trash: which contacts are deleted, and by which job.
//!
//! Called by the engine when it loads or reloads. A contact is deleted exactly as long as it has a row
//! here; `run` puts them in and takes them out.

use rusqlite::OptionalExtension;

use super::book::Store;
use super::error::StoreError;
use crate::domain::contact::{ContactId, JobId};

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
}
